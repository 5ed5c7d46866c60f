"""The course as a website: `python -m book` turns the solved notebooks into pages."""
