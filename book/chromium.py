"""Chromium, for the tests that need a browser: the machine's own, or one that is fetched.

``python -m book.chromium`` installs it where there is none.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
MISSING = (
    "No Chromium is here. Install it (`apt-get install chromium`), let Playwright fetch its own "
    "(`.venv/bin/playwright install --with-deps chromium`), or name yours: CHROMIUM=/path/to/it."
)


def path() -> str | None:
    """Return the path of a Chromium, or None when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Find or install Chromium; the exit code is 1 when neither is possible."""
    ways = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.insert(0, ["apt-get", "install", "--yes", "--quiet", "chromium"])
    for way in ways:
        if path() is None:
            subprocess.run(way, check=False)
    print(path() or MISSING)
    return 0 if path() else 1


if __name__ == "__main__":
    sys.exit(main())
