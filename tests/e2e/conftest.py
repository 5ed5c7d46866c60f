"""A student's JupyterLab, started by `coursekit start`, and a browser to sit before it.

The server listens on 127.0.0.1 only and is ended by its process id. Its token lies in a file of
the test's and is never printed; the browser gets nothing from anywhere else.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from book import chromium

PATIENCE = 60  # seconds for a server to start or to stop, or for a page to do one thing


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, its token, and the folder with the chapters."""

    address: str
    work: Path
    token: str = field(repr=False)  # pytest shows what a test was given when it fails


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Run `coursekit start work` with a Jupyter configuration of the test's own."""
    home, token = tmp_path_factory.mktemp("student"), secrets.token_hex(16)
    (home / "jupyter_server_config.json").write_text(json.dumps(configuration(token)), "utf-8")
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    command = [sys.executable, "-m", "coursekit.cli", "start", "work"]
    with (home / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=home,
            env=os.environ | dict.fromkeys(own, str(home)),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(address_of(process, home, token), home / "work", token)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert token not in (home / "log").read_text("utf-8")


def configuration(token):
    """Return settings that a test needs and a student does not; port 0 means any free one."""
    return {
        "ServerApp": {"ip": "127.0.0.1", "port": 0, "open_browser": False},
        "IdentityProvider": {"token": token},
        "LabApp": {
            "expose_app_in_browser": True,
            "news_url": None,
            "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        },
    }


def address_of(process, home, token):
    """Wait for the file in which Jupyter says where it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        for path in home.glob(f"jpserver-{process.pid}.json"):
            told = path.read_text("utf-8")
            if told.endswith("}"):
                return f"http://127.0.0.1:{json.loads(told)['port']}"
        time.sleep(0.2)
    log = (home / "log").read_text("utf-8").replace(token, "…")
    pytest.fail(f"`coursekit start` did not start JupyterLab:\n{log}", pytrace=False)


@pytest.fixture(scope="session")
def browser():
    """Run Chromium: the machine's, or the one that Playwright fetched."""
    path = chromium.path() or pytest.fail(chromium.MISSING, pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS])
        yield running
        running.close()


@pytest.fixture
def page(browser, server):
    """Open a window that is logged in; whatever it asks of another machine fails the test."""
    elsewhere = []

    def guard(route):
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        context.set_default_timeout(PATIENCE * 1000)
        context.route("**/*", guard)
        login = context.request.get(
            f"{server.address}/api/status", headers={"Authorization": f"token {server.token}"}
        )
        assert login.ok
        yield context.new_page()
    assert not elsewhere
