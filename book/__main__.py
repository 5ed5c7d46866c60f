"""Build the website: write its sources to build/site/source, run Sphinx, check what came out."""

import shutil
import sys
from importlib.metadata import files
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from book import browser, chapters, pages
from book.finish import finish
from book.offline import problems
from coursekit import exercises
from coursekit.notebooks import dumps

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "site"


def assemble(root: Path, source: Path) -> None:
    """Write the sources of the book, made from the course in `root`."""
    slugs = sorted(path.stem for path in (root / "solutions").glob("*.ipynb"))
    course = exercises.every()
    for slug in slugs:
        solved = nbformat.read(root / "solutions" / f"{slug}.ipynb", as_version=4)
        _write(source / "chapters" / f"{slug}.ipynb", dumps(chapters.in_book(solved, course)))
    shutil.copytree(root / "chapters", source / "downloads")
    shutil.copytree(root / "docs" / "images", source / "docs" / "images")
    decided = sorted((root / "docs" / "adr").glob("*.md"))
    for path in [*(root / "docs").glob("*.md"), *decided]:
        _write(source / path.relative_to(root), pages.in_docs(path.read_text("utf-8")))
    _write(source / "docs/adr/index.md", pages.decisions([path.stem for path in decided]))
    for name, text in pages.reference().items():
        _write(source / "api" / name, text)
    for name in ("CONTRIBUTING.md", "LICENSE"):
        shutil.copy(root / name, source)
    _write(source / "index.md", pages.front((root / "README.md").read_text("utf-8"), slugs))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def fetch_mathjax(static: Path) -> None:
    """Copy what MathJax needs, with its accessibility menu in English, from its package."""
    wanted = ("/tex-svg.js", "/a11y/", "/sre/mathmaps/base.json", "/sre/mathmaps/en.json")
    for file in files("sphinx-mathjax-offline") or []:
        _, found, rest = file.as_posix().partition("/static/mathjax/")
        if found and f"/{rest}".startswith(wanted):
            (static / "mathjax" / rest).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), static / "mathjax" / rest)


def main() -> int:
    """Build the site; the exit code is 1 when Sphinx warns or a page asks for the network.

    Only the browser version may ask for it: its pages are JupyterLite's.
    """
    from sphinx.cmd.build import build_main

    shutil.rmtree(BUILD, ignore_errors=True)
    assemble(ROOT, BUILD / "source")
    fetch_mathjax(BUILD / "static")
    options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(ROOT / "book")]
    failed: int = build_main([*options, str(BUILD / "source"), str(BUILD / "html")])
    if failed:
        return failed
    made = {path: _parsed(path) for path in sorted((BUILD / "html").rglob("*.html"))}
    for path, page in made.items():
        finish(page)
        _write(path, str(page))
    browser.build(BUILD / "lite", BUILD / "html" / "lite")
    found = list(problems(BUILD / "html", made))
    print(*found, f"{BUILD / 'html' / 'index.html'}: {len(made)} pages", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
