"""Look at every page of the built site in Chromium, light and dark, with axe-core's rules."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, sync_playwright

from book import chromium

HTML = Path(__file__).parents[1] / "build" / "site" / "html"
READY = "() => !window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)"
OPEN = "for (const folded of document.querySelectorAll('details')) folded.open = true"


def violations(page: Page, path: Path) -> Iterator[str]:
    """Yield what axe-core finds on a page with everything unfolded."""
    page.goto(path.as_uri())
    page.wait_for_function(READY)
    page.evaluate(OPEN)
    for found in Axe().run(page).response["violations"]:
        places = [node["target"][0] for node in found["nodes"]]
        where = f"{places[0]}, {len(places)} places" if len(places) > 1 else places[0]
        yield f"{path.relative_to(HTML)}: {found['id']}: {found['help']} ({where})"


def main() -> int:
    """Print every violation; the exit code is 1 when there is one."""
    pages = [path for path in sorted(HTML.rglob("*.html")) if HTML / "lite" not in path.parents]
    if not pages:
        sys.exit(f"There is no site in {HTML}; run `make site`.")
    executable = chromium.path() or sys.exit(chromium.MISSING)
    found: Counter[str] = Counter()
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*chromium.FLAGS])
        for scheme, width in [("light", 1280), ("dark", 390)]:
            window: Any = {
                "color_scheme": scheme,
                "reduced_motion": "reduce",
                "viewport": {"width": width, "height": 844},
            }
            page = browser.new_page(**window)
            page.route("http*://**", lambda route: _refuse(route, asked))
            for path in pages:
                found.update(f"{scheme}: {violation}" for violation in violations(page, path))
        browser.close()
    print(
        *found, *(f"asks for {url}" for url in asked), sep="\n", end="\n" if found or asked else ""
    )
    print(f"{len(pages)} pages, light and dark: {len(found)} violations, {len(asked)} requests.")
    return 1 if found or asked else 0


def _refuse(route: Route, asked: list[str]) -> None:
    asked.append(route.request.url)
    route.abort()


if __name__ == "__main__":
    sys.exit(main())
