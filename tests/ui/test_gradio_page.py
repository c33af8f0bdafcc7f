"""The plain Gradio page in a headless browser: type a question, get cards, press like, ask for cheaper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.conftest import ask

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def page(browser: playwright.Browser, address: str) -> Iterator[playwright.Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(f"{address}/gradio/")
    page.wait_for_selector("#message textarea", timeout=60_000)
    yield page
    page.close()


def prices(page: playwright.Page) -> list[float]:
    texts = page.locator(".card .price").all_inner_texts()
    return [float(text.split(" to ")[0].strip("$").replace(",", "")) for text in texts]


def test_a_question_gets_cards_with_reasons(page: playwright.Page) -> None:
    ask(page, "a tent under $300")
    assert page.locator(".card").count() >= 1
    assert all(price <= 300 for price in prices(page))
    assert page.locator(".card .reasons li").count() >= page.locator(".card").count()
    assert any("$300" in chip for chip in page.locator("#chips .chip.constraint").all_inner_texts())


def test_cheaper_shows_cheaper_products(page: playwright.Page) -> None:
    ask(page, "a tent")
    before = prices(page)
    ask(page, "cheaper")
    assert prices(page)
    assert min(prices(page)) <= min(before)
    assert max(prices(page)) < max(before)


def test_what_is_said_while_an_answer_is_on_its_way_is_answered_next(page: playwright.Page) -> None:
    page.fill("#message textarea", "a backpack")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#message textarea').value === ''")
    page.fill("#message textarea", "under $60")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chips .chip.constraint:has-text('$60')")
    assert all(price <= 60 for price in prices(page))
    assert "a backpack" in page.locator("#chat").inner_text()


def test_like_stays_pressed(page: playwright.Page) -> None:
    ask(page, "a backpack")
    page.locator(".card").first.locator("[data-action=like]").click()
    page.wait_for_selector(".card:first-child [data-action=like][aria-pressed=true]", timeout=15_000)


def test_pressing_a_constraint_away_drops_it(page: playwright.Page) -> None:
    ask(page, "a backpack under $60")
    page.locator("#chips .chip.constraint", has_text="$60").click()
    page.wait_for_function(
        "() => ![...document.querySelectorAll('#chips .chip')].some(chip => chip.innerText.includes('$60'))",
    )
    assert page.locator("#chips .chip.constraint").count() >= 1


def test_like_pressed_again_is_taken_back(page: playwright.Page) -> None:
    ask(page, "a headlamp under $60")
    page.locator(".card").first.locator("[data-action=like]").click()
    page.wait_for_selector(".card:first-child [data-action=like][aria-pressed=true]", timeout=15_000)
    page.locator(".card").first.locator("[data-action=like]").click()
    page.wait_for_selector(".card:first-child [data-action=like]:not([aria-pressed])", timeout=15_000)


def test_a_tap_on_a_reason_opens_its_evidence(page: playwright.Page) -> None:
    ask(page, "a headlamp under $60")
    proof = page.locator(".card .proof").first
    assert not proof.locator("dl").is_visible()
    proof.locator("summary").click()
    assert proof.locator("dd").first.inner_text()


def test_more_like_this_answers_with_products(page: playwright.Page) -> None:
    ask(page, "headphones")
    first = page.locator(".cards").get_attribute("data-turn")
    page.locator(".card").nth(1).locator("[data-action=more]").click()
    page.wait_for_function("turn => document.querySelector('.cards')?.dataset.turn !== turn", arg=first)
    assert page.locator(".card").count() >= 1


def test_a_reload_shows_the_conversation_again(page: playwright.Page) -> None:
    ask(page, "a headlamp under $60")
    page.reload()
    page.wait_for_selector(".card")
    assert "a headlamp under $60" in page.locator("#chat").inner_text()


def test_start_over_begins_a_new_conversation(page: playwright.Page) -> None:
    ask(page, "a headlamp under $60")
    page.click("#again")
    page.wait_for_selector("#chat .start", timeout=15_000)
    assert page.locator(".card").count() == 0
    assert page.locator("#chips .chip").count() == 0


def test_an_opener_is_said_with_a_press(page: playwright.Page) -> None:
    page.locator("#chat [data-say='A gift under $30']").click()
    page.wait_for_selector(".card")
    assert max(prices(page)) <= 30


def test_the_page_asks_no_other_host_for_anything(page: playwright.Page, address: str) -> None:
    ask(page, "a gift for my sister")
    assert [url for url in page.requested if not url.startswith((address, "data:", "blob:"))] == []


def test_pictures_of_the_shop_load(page: playwright.Page) -> None:
    ask(page, "a lamp")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.card img')].some(i => i.complete && i.naturalWidth)"
    )


def test_the_page_says_that_the_demo_shop_is_generated(page: playwright.Page) -> None:
    assert "generated" in page.locator("#head").inner_text()


def test_two_shoppers_at_once_both_get_their_answers(browser: playwright.Browser, address: str) -> None:
    pages = [browser.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{address}/gradio/")
        page.wait_for_selector("#message textarea", timeout=60_000)
    for text in ("a tent", "cheaper", "headphones", "a backpack under $60"):
        before = [page.locator(".cards").get_attribute("data-turn") for page in pages]
        for page in pages:
            page.fill("#message textarea", text)
            page.keyboard.press("Enter")
        for page, turn in zip(pages, before, strict=True):
            page.wait_for_function(
                "turn => document.querySelector('.cards')?.dataset.turn !== turn", arg=turn, timeout=60_000
            )
    for page in pages:
        page.close()


def test_a_phone_shows_the_page_without_sideways_scrolling(browser: playwright.Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/gradio/")
    page.wait_for_selector("#message textarea", timeout=60_000)
    ask(page, "a tent under $300")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
