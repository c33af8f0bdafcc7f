"""Pictures of the page in thirteen states, for the documentation: `python -m benchmarks.page_pictures [SHOP]`.

Each state twice, as on a desk (1280 px) and on a phone (390 px), in `docs/page/`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.demo import ROOT, demo_shop
from benchmarks.page import CHROMIUM, QUIET, free_port, running

FOLDER = ROOT / "docs" / "page"
SIZES: dict[str, Any] = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
PATIENCE = 120_000  # milliseconds; the pictures may be taken on a busy machine
ASKED = "a tent under $300"
HEARD = {
    "recording": "0" * 32,
    "text": "I'm after a tent for two that",
    "speaking": True,
    "ended": False,
    "full": False,
}
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
Draw = Callable[[Any], None]


def say(page: Any, text: str) -> None:
    turns = page.locator(".turn").count()
    page.fill("#say", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".turn.done:nth-child({turns + 1})")


def start(page: Any) -> None:
    page.wait_for_selector(".kind")


def answer(page: Any) -> None:
    say(page, ASKED)


def waiting(page: Any) -> None:
    page.route("**/api/say", lambda route: None)
    page.fill("#say", ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.waiting")


def sheet(page: Any) -> None:
    say(page, ASKED)
    page.locator("#goods .open").nth(1).click()
    page.wait_for_selector(".sheet-panel .all-facts")


def opinions(page: Any) -> None:
    sheet(page)
    page.locator(".sheet-panel .opinions").scroll_into_view_if_needed()
    page.locator(".sheet-panel .aspect summary").first.click()


def cart(page: Any) -> None:
    say(page, ASKED)
    for card in (0, 1):
        page.locator("#goods .add").nth(card).click()
        page.wait_for_selector(f"#tools .cart .badge:text-is('{card + 1}')")
    page.click("#tools .cart")
    page.wait_for_selector(".cart-panel .line-text")


def comparison(page: Any) -> None:
    say(page, ASKED)
    for card in (0, 1, 2):
        page.locator("#goods .card .dots").nth(card).click()
        page.locator(".menu button").first.click()
        page.wait_for_selector(f"#tools .scales .badge:text-is('{card + 1}')")
    page.click("#tools .scales")
    page.wait_for_selector(".compare-panel tbody")


def nothing(page: Any) -> None:
    say(page, "a waterproof tent under $3")


def listening(page: Any) -> None:
    """Somebody speaks into Chromium's microphone, which beeps; the words are not the server's."""
    page.route("**/api/hear", lambda route: route.fulfill(json=HEARD))
    page.click("#mic")
    page.wait_for_selector("#say:not(:placeholder-shown)")


def why(page: Any) -> None:
    say(page, ASKED)
    page.click(".judge .link")


def offline(page: Any) -> None:
    say(page, ASKED)
    page.context.set_offline(True)
    page.fill("#say", "cheaper")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.failed")


STATES: dict[str, tuple[Draw, dict[str, Any]]] = {
    "start": (start, {}),
    "answer": (answer, {}),
    "answer-dark-german": (answer, {"color_scheme": "dark", "locale": "de-DE"}),
    "waiting": (waiting, {}),
    "product": (sheet, {}),
    "buyers": (opinions, {}),
    "cart": (cart, {}),
    "comparison": (comparison, {}),
    "nothing-fits": (nothing, {}),
    "why": (why, {}),
    "offline": (offline, {}),
    "listening": (listening, {}),
    "listening-dark-german": (listening, {"color_scheme": "dark", "locale": "de-DE"}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shop", nargs="?", type=Path)
    parser.add_argument("--only", default="", help="states whose name begins so")
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        shop, port = Path(folder) / "shop", free_port()
        shutil.copytree(chosen.shop or demo_shop(), shop)
        shutil.copy(ROOT / "examples" / "demo_shop" / "shop.toml", shop)
        browser = driver.chromium.launch(executable_path=chromium, args=[*QUIET, *MICROPHONE])
        command = [sys.executable, "-m", "ui.cli", "serve", str(shop), "--port", str(port), "--demo"]
        with running(command, port) as address:
            for size, viewport in SIZES.items():
                for state, (draw, options) in STATES.items():
                    if not state.startswith(chosen.only):
                        continue
                    page = browser.new_context(viewport=viewport, **options).new_page()
                    page.set_default_timeout(PATIENCE)
                    page.goto(address)
                    page.wait_for_selector("html[data-ready]")
                    draw(page)
                    page.wait_for_timeout(600)  # pictures and movements
                    page.screenshot(path=FOLDER / f"{state}-{size}.jpg", type="jpeg", quality=78)
                    page.unroute_all(behavior="ignoreErrors")
                    page.context.close()


if __name__ == "__main__":
    main()
