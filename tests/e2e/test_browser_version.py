"""The browser version: its chapters open, a kernel starts, and coursekit comes with the page.

Pyodide's server is answered for with what `pyodide.py` fetched. NumPy is on that server only, so
here it can be asked for but not had: a check in the browser needs the network, and is not tested.
"""

import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from book import browser as browser_version
from coursekit import exercises

ROOT = Path(__file__).parents[2]
FETCHED = ROOT / ".pyodide"
FIRST, *_, LAST = exercises.chapters()
PATIENCE = 240_000  # milliseconds: Python is compiled in the browser before it starts
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}

READY = """() => window.jupyterapp?.shell?.currentWidget
    ?.sessionContext?.session?.kernel?.status === 'idle'"""
RUN = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const said = [];
    const future = kernel.requestExecute({code});
    future.onIOPub = ({header, content}) => {
        if (header.msg_type === 'stream') said.push(content.text);
        if (header.msg_type === 'error') said.push(content.evalue);
    };
    await future.done;
    return said.join('').trim();
}"""


class Quiet(SimpleHTTPRequestHandler):
    """Serve the site's files, and keep no log."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the browser version, and serve it."""
    folder = tmp_path_factory.mktemp("browser")
    browser_version.build(folder / "work", folder / "lite")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder / "lite")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def window(browser):
    """Open a window for which we answer as Pyodide's server; it keeps what was asked elsewhere."""
    asked = []

    def answer(route):
        url = urlsplit(route.request.url)
        if url.hostname == "127.0.0.1":
            return route.continue_()
        asked.append(f"{url.hostname}{url.path}")
        file = FETCHED / Path(url.path).name
        if not file.exists():
            return route.abort()
        kind = TYPES.get(file.suffix, "application/octet-stream")
        headers = {"access-control-allow-origin": "*", "content-type": kind}
        return route.fulfill(path=file, headers=headers)

    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        context.set_default_timeout(PATIENCE)
        context.route("**/*", answer)
        yield context.new_page(), asked


def opened(window, site, app="notebooks", slug=FIRST):
    page, _ = window
    page.goto(f"{site}/{app}/index.html?path={slug}.ipynb")
    expect(page.locator("h1").filter(has_text=title(slug))).to_be_visible(timeout=PATIENCE)
    return page


def title(slug):
    """Return a chapter's title as its page shows it."""
    written = json.loads((ROOT / "chapters" / f"{slug}.ipynb").read_text("utf-8"))
    [heading] = re.findall("^# (.*)", "".join(written["cells"][0]["source"]), re.M)
    return heading.replace("$", "").replace("\\sigma", "σ")


def test_coursekit_comes_with_the_page_and_the_rest_from_one_server(window, site):
    page, asked = opened(window, site), window[1]
    page.wait_for_function(READY)
    assert page.evaluate(RUN, "import sys; print(sys.platform)") == "emscripten"
    assert page.evaluate(RUN, "%pip install -q coursekit") == ""
    assert page.evaluate(RUN, "import coursekit; print(*dir(coursekit))").startswith("activations")
    code = "from coursekit.stub import stub; print(stub('def f(x):\\n    return 2 * x'))"
    assert page.evaluate(RUN, code) == "def f(x):\n    return ...  # your code"
    assert page.evaluate(RUN, "from coursekit import check") == "No module named 'numpy'"

    assert {address.partition("/")[0] for address in asked} == {"cdn.jsdelivr.net"}
    files = {Path(address).name for address in asked}
    tried = re.findall(r"'(\w+)==([\d.]+)'", (ROOT / "Makefile").read_text("utf-8"))
    assert {name for name, _ in tried} == {"numpy", "matplotlib"}
    for name, version in tried:  # what `make pyodide` runs the tests with
        assert [file for file in files if file.startswith(f"{name}-{version}-")]


@pytest.mark.parametrize("slug", exercises.chapters())
def test_every_chapter_is_there(site, slug):
    with urlopen(f"{site}/files/{slug}.ipynb") as answer:
        assert answer.read() == (ROOT / "chapters" / f"{slug}.ipynb").read_bytes()


@pytest.mark.parametrize(("app", "slug"), [("notebooks", LAST), ("lab", FIRST)])
def test_a_chapter_opens(window, site, app, slug):
    opened(window, site, app, slug)
