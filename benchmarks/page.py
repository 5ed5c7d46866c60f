"""The one page of benchmarks: each program writes its own part and leaves the other's."""

from pathlib import Path

PAGE = Path("docs/benchmarks.md")


def write_part(part: str, text: str) -> None:
    """Put `text` between the two marks of a part of the page."""
    page = PAGE.read_text("utf-8")
    first, last = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    before, found, rest = page.partition(first)
    _, ended, after = rest.partition(last)
    if not (found and ended):
        raise SystemExit(f"{PAGE} lacks the marks of its part {part}; restore them from git.")
    PAGE.write_text(f"{before}{first}\n{text}\n{last}{after}", "utf-8")
