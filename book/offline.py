"""Check a built site: nothing from another host, no dead link, no picture without words."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

LOADS = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
}
_IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")


def problems(site: Path, trees: Mapping[Path, BeautifulSoup]) -> Iterator[str]:
    """Yield a sentence for everything that is wrong on these pages of the site."""
    ids = {path: {str(tag["id"]) for tag in tree.find_all(id=True)} for path, tree in trees.items()}
    for path, tree in trees.items():
        page = path.relative_to(site)
        yield from (f"{page}: loads {url} from elsewhere." for url in _foreign(tree))
        yield from (f"{page}: {problem}" for problem in _dead(path, tree, ids))
        for image in tree.find_all("img"):
            if not str(image.get("alt", "")).strip():
                yield f"{page}: the picture {str(image.get('src'))[:60]} has no alt text."
    for path in sorted(site.rglob("*.css")):
        for url in _IN_STYLES.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site)}: loads {url} from elsewhere."


def _foreign(tree: BeautifulSoup) -> Iterator[str]:
    """Yield the addresses on other hosts that a browser would fetch to show the page."""
    for tag, attribute in LOADS.items():
        for found in tree.find_all(tag):
            url = str(found.get(attribute, ""))
            if urlsplit(url).netloc and "canonical" not in str(found.get("rel")):
                yield url
    for styles in tree.find_all("style"):
        yield from _IN_STYLES.findall(styles.get_text())


def _dead(path: Path, tree: BeautifulSoup, ids: dict[Path, set[str]]) -> Iterator[str]:
    """Yield the links that lead to no file of the site, or to no place in it."""
    for link in tree.find_all("a", href=True):
        url = urlsplit(str(link["href"]))
        if url.scheme or url.netloc:
            continue
        target = (path.parent / unquote(url.path)).resolve() if url.path else path
        place = unquote(url.fragment)
        if not target.exists():
            yield f"the link {link['href']} leads to no file."
        elif place and target in ids and place not in ids[target]:
            yield f"the link {link['href']} leads to no place on that page."
