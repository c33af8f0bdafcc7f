"""What tests of the page share: the demo shop's page, served by the command line, and a browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT, copy_shop

PATIENCE = 90_000
"""Milliseconds."""
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def served(shop: Path, *, port: int = 0, **settings: str) -> Iterator[str]:
    """The address of a shop's page, served as `aisle serve` does; by default on a free port."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", str(shop), "--port", str(port), "--demo"],
        cwd=ROOT,
        env={**os.environ, "AISLE_REQUESTS_PER_MINUTE": "100000", **settings},  # all tests are one address
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise AssertionError(f"{address} did not answer within {seconds} s")


@pytest.fixture(scope="session")
def address(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of the demo shop, one for each worker: visitors have sessions of their own."""
    folder = copy_shop(demo_shop, tmp_path_factory.mktemp("page") / "shop")
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine: install chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield _Patient(chromium)
        chromium.close()


class _Patient:
    """A browser whose pages wait as long as a busy machine may need."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser

    def new_page(self, **options: Any) -> Any:
        page = self._browser.new_page(**options)
        page.set_default_timeout(PATIENCE)
        return page

    def new_context(self, **options: Any) -> Any:
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context


@pytest.fixture
def visitor(browser: Any) -> Iterator[Any]:
    """Opens pages of one visitor; asserts at the end that none asked another host for anything."""
    contexts: list[Any] = []
    asked: list[str] = []
    addresses: list[str] = []

    def open_page(address: str, *, context: Any = None, **options: Any) -> Any:
        if context is None:
            context = browser.new_context(viewport=WIDE, **options)
            context.on("request", lambda request: asked.append(request.url))
            contexts.append(context)
        addresses.append(address)
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((*addresses, "data:", "blob:"))] == []


@pytest.fixture
def page(visitor: Any, address: str) -> Any:
    """The page as a new visitor opens it."""
    return visitor(address)


def say(page: Any, text: str) -> None:
    """Say ``text`` on the page and wait until it is answered."""
    turns = page.locator(".turn").count()
    page.fill("#say", text)
    page.locator("#say").press("Enter")  # whatever a closing panel does with the focus
    page.wait_for_selector(f".turn.done:nth-child({turns + 1})", timeout=PATIENCE)


def titles(page: Any) -> list[str]:
    """Of the products on the page, in order."""
    return page.locator("#goods .card h3").all_inner_texts()


def prices(page: Any) -> list[float]:
    """The same of their prices; of a range the lower."""
    texts = page.locator("#goods .card .price").all_inner_texts()
    return [float(re.sub(r"[^\d.]", "", text.split(" to ")[0])) for text in texts]


def choose(page: Any, card: int, item: str) -> None:
    """Press an entry of a card's menu."""
    page.locator("#goods .card .dots").nth(card).click()
    page.locator(".menu button", has_text=item).click()


def ask(page: Any, text: str) -> None:
    """Say ``text`` on the Gradio page and wait until the cards of its turn are there."""
    before = page.locator(".cards").get_attribute("data-turn")
    page.fill("#message textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "turn => document.querySelector('.cards')?.dataset.turn !== turn", arg=before, timeout=PATIENCE
    )
