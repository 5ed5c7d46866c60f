"""What the theme leaves out for people who use a keyboard or a screen reader."""

from bs4 import BeautifulSoup

NAMES = {"sidebar-drawer": "Contents of the site", "toc-drawer": "Contents of this page"}


def finish(tree: BeautifulSoup) -> None:
    """Let all that scrolls on a built page be reached by keyboard, and name its regions.

    >>> page = BeautifulSoup('<pre>wide</pre><p role="heading">Part</p>', "html.parser")
    >>> finish(page)
    >>> print(page)
    <pre tabindex="0">wide</pre><p aria-level="2" role="heading">Part</p>
    """
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


def _give_a_title(tree: BeautifulSoup) -> None:
    """The search page has no heading until something is searched."""
    article = tree.select_one("#furo-main-content")
    if article and not [h for h in tree("h1") if not h.find_parent("noscript")]:
        title = tree.new_tag("h1")
        title.string = "Search"
        article.insert(0, title)
