"""Hostile catalogues and utterances in a browser: shown as text, never run, never loaded."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_aisle
from tests.ui.conftest import ask, say, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EVIL = "http://evil.example"
HOSTILE = (
    f"<script src={EVIL}/a.js></script>",
    "<script>window.ran=1</script>",
    f"<img src={EVIL}/a.png onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    f"<iframe src={EVIL}></iframe>",
    f"<link rel=stylesheet href={EVIL}/a.css>",
    f"<style>@import '{EVIL}/a.css';</style>",
    f"<video src={EVIL}/a.mp4 autoplay>",
    f"![picture]({EVIL}/a.png)",
    f"[link](javascript:window.ran=1) {EVIL}",
    "${window.ran=1}",
    "{{constructor.constructor('window.ran=1')()}}",
    "`;window.ran=1;//",
    "</p></div><button data-action=say data-say=x autofocus onfocus=window.ran=1>",
    '" onmouseover="window.ran=1" style="background:url(http://evil.example/a.png)',
    f"<base href={EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    "<details open ontoggle=window.ran=1>",
    "&lt;img src=x onerror=window.ran=1&gt;",
    f"<math><mtext><table><mglyph><style><img src={EVIL}/a.png></style>",
)
KINDS = (
    "Lamp", "Tent", "Kettle", "Backpack", "Headphones", "Mug", "Blanket", "Bicycle", "Camera", "Guitar",
    "Jacket", "Puzzle", "Notebook", "Umbrella", "Scarf", "Drill", "Toaster", "Pillow", "Watch", "Helmet",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a shop whose every text is hostile, one kind of text a product."""
    folder = tmp_path_factory.mktemp("hostile")
    shop, products, reviews = folder / "shop", folder / "products.csv", folder / "reviews.csv"
    with products.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "title", "brand", "category", "price", "description", "image", "url"))
        for n, kind in enumerate(KINDS):
            told = f"A {kind} for everybody, MARK{n}"
            image, url = f"{EVIL}/{n}.png", f"{EVIL}/{n}"
            rows.writerow((f"p{n}", f"{kind} MARK{n}", f"MARK{n}", kind, 10 + n, told, image, url))
    with reviews.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("review_id", "product_id", "user_id", "rating", "text", "date"))
        for n in range(len(KINDS)):
            rows.writerow((f"r{n}", f"p{n}", f"u{n}", 5, f"The quality is great, MARK{n}.", "2026-01-01"))
    assert run_aisle("import", shop, "--products", products, "--reviews", reviews).returncode == 0
    _plant(shop)
    built = run_aisle("build", shop)
    assert built.returncode == 0, built.stderr
    with served(shop) as address:
        yield address


def _plant(shop: Path) -> None:
    """Put the hostile texts past the import, which would have cleaned them: the page must not rely on it."""
    with closing(sqlite3.connect(shop / "shop.db")) as database, database:
        for n, text in reversed(list(enumerate(HOSTILE))):
            written = (f"MARK{n}", json.dumps(text)[1:-1])
            database.execute("UPDATE products SET data = replace(data, ?, ?)", written)
            database.execute("UPDATE reviews SET data = replace(data, ?, ?)", written)
        if n := database.execute("SELECT count(*) FROM products WHERE data LIKE '%MARK%'").fetchone()[0]:
            raise AssertionError(f"{n} products kept their mark")


@pytest.fixture(scope="module")
def visitors(browser: Any) -> Iterator[Any]:
    """One profile for all visitors, so that the page's own files are loaded once."""
    context = browser.new_context(viewport={"width": 1280, "height": 850})
    yield context
    context.close()


def watched_page(visitors: Any) -> Any:
    """A page of a new visitor that keeps what it asked for and what tried to run."""
    visitors.clear_cookies()
    page = visitors.new_page()
    page.asked, page.warned = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.warned.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: page.warned.append(message.text) if message.type == "error" else None)
    return page


@pytest.fixture
def watched(visitors: Any, hostile_address: str) -> Iterator[Any]:
    """The plain Gradio page, watched."""
    page = watched_page(visitors)
    page.goto(f"{hostile_address}/gradio/")
    page.wait_for_selector("#message textarea", timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def shop_page(visitors: Any, hostile_address: str) -> Iterator[Any]:
    """The shop's page, watched."""
    page = watched_page(visitors)
    page.goto(hostile_address)
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    yield page
    page.close()


def harmless(page: Any, address: str) -> None:
    """Nothing ran, nothing was loaded from elsewhere, and no element but ours is in the texts."""
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert page.warned == []
    nothing_planted(page)


def nothing_planted(page: Any) -> None:
    """No element but the Gradio page's own is in its texts."""
    strange = (
        "script, iframe, link, style, video, svg, base, meta, math, object, embed, form, a[href^=javascript]"
    )
    inside = [
        f":is(.chat, .cards, .chips) :is({strange})",
        ".chat img",
        ".chat a",
        "[onfocus], [onmouseover]",
    ]
    assert page.locator(", ".join(inside)).count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_utterance_is_words(watched: Any, hostile_address: str, text: str) -> None:
    watched.fill("#message textarea", text)
    watched.keyboard.press("Enter")
    watched.wait_for_function("() => (document.querySelector('.line.assistant')?.innerText ?? '…') !== '…'")
    assert watched.locator(".line.shopper").inner_text() == text.strip()
    harmless(watched, hostile_address)


@pytest.mark.parametrize(("kind", "text"), list(zip(KINDS, HOSTILE, strict=True)), ids=KINDS)
def test_a_hostile_catalogue_is_words(watched: Any, hostile_address: str, kind: str, text: str) -> None:
    ask(watched, f"a {kind.lower()}")
    assert f"{kind} {text}" in watched.locator(".card h3").all_inner_texts()
    for summary in watched.locator(".card summary:visible").all():
        summary.click()
    harmless(watched, hostile_address)


STRANGE = "script:not([src]):not([type]), iframe, style, video, base, meta[http-equiv], math, object, embed"


def harmless_on_the_page(page: Any, address: str) -> None:
    """Nothing ran, nothing was loaded from elsewhere, and no element stands where only text may."""
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert page.warned == []
    links = "a[href^=javascript], [onfocus], [onmouseover], [onload], [onerror], [ontoggle]"
    assert page.locator(f"{STRANGE}, {links}").count() == 0
    assert page.locator(".mine *:not(p, span.hidden)").count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_utterance_is_words_on_the_page(shop_page: Any, hostile_address: str, text: str) -> None:
    say(shop_page, text)
    assert shop_page.locator(".mine p").inner_text() == text.strip()
    shop_page.reload()
    shop_page.wait_for_selector(".turn.done")
    harmless_on_the_page(shop_page, hostile_address)


@pytest.mark.parametrize(("kind", "text"), list(zip(KINDS, HOSTILE, strict=True)), ids=KINDS)
def test_a_hostile_catalogue_is_words_on_the_page(
    shop_page: Any, hostile_address: str, kind: str, text: str
) -> None:
    say(shop_page, f"a {kind.lower()}")
    card = shop_page.locator("#goods .card", has_text=f"{kind} {text}").first
    assert card.locator("h3").inner_text() == f"{kind} {text}"
    card.locator(".open").click()
    shop_page.wait_for_selector(".sheet-panel .about")
    for summary in shop_page.locator(".sheet-panel summary:visible").all():
        summary.click()
    shop_page.keyboard.press("Escape")
    card.locator(".add").click()
    shop_page.wait_for_selector("#tools .cart .badge")
    shop_page.click("#tools .cart")
    shop_page.wait_for_selector(".cart-panel .line-text")
    harmless_on_the_page(shop_page, hostile_address)
