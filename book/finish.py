"""What the theme leaves out for people who use a keyboard or a screen reader."""

from bs4 import BeautifulSoup

NAMES = {"sidebar-drawer": "Contents of the site", "toc-drawer": "Contents of this page"}


def finished(html: str) -> str:
    """Return a built page on which all that scrolls can be reached, and all regions have names.

    >>> finished('<pre>wide</pre><p role="heading">Part</p>')
    '<pre tabindex="0">wide</pre><p aria-level="2" role="heading">Part</p>'
    """
    tree = BeautifulSoup(html, "html.parser")
    for scrolling in tree.select("pre, .table-wrapper"):
        scrolling["tabindex"] = "0"
    for heading in tree.select('[role="heading"]'):
        heading["aria-level"] = "2"
    for name, label in NAMES.items():
        for region in tree.select(f"aside.{name}"):
            region["aria-label"] = label
    for head in tree.find_all("th"):
        if not head.get_text(strip=True):
            head.name = "td"
    _give_a_title(tree)
    return str(tree)


def _give_a_title(tree: BeautifulSoup) -> None:
    """The search page has no heading until something is searched."""
    article = tree.select_one("#furo-main-content")
    if article and not [h for h in tree("h1") if not h.find_parent("noscript")]:
        title = tree.new_tag("h1")
        title.string = "Search"
        article.insert(0, title)
