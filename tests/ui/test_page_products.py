"""Products on the page: their sheet, options, the cart, comparing, saving and what is not wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import copy_shop
from tests.ui.conftest import choose, prices, say, served, titles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_product_sheet_tells_everything(page: Any) -> None:
    say(page, "a tent under $300")
    page.locator("#goods .open").first.click()
    page.wait_for_selector(".sheet-panel .all-facts")
    assert page.locator(".sheet-panel .all-facts dl > div").count() >= 3
    assert page.locator(".sheet-panel .aspect").count() >= 1
    assert page.locator(".sheet-panel .tile").count() >= 2
    reason = page.locator(".sheet-panel .reasons details").first
    reason.locator("summary").click()
    assert reason.locator("dd").first.is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector(".sheet-panel", state="detached")
    assert page.evaluate("document.activeElement.className") == "open"


def test_options_have_to_be_chosen_and_are_kept_in_the_cart(page: Any) -> None:
    say(page, "a rain jacket")
    with_options = page.locator("#goods .card", has_text="Choose options").first
    with_options.locator(".add").click()
    page.wait_for_selector(".sheet-panel .options")
    page.click(".sheet-panel .take .primary")
    assert "Please choose" in page.locator(".sheet-panel .need").inner_text()
    for group in page.locator(".sheet-panel fieldset").all():
        group.locator(".option").last.click()
    page.click(".sheet-panel .stepper .icon-button:last-child")
    page.click(".sheet-panel .take .primary")
    page.click(".toast button")
    page.wait_for_selector(".cart-panel .line-text")
    assert page.locator(".cart-panel .stepper output").inner_text() == "2"
    assert ":" in page.locator(".cart-panel .line .aside").inner_text()


def test_the_cart_is_the_same_in_two_tabs_and_after_a_reload(page: Any, visitor: Any, address: str) -> None:
    say(page, "a headlamp")
    other = visitor(address, context=page.context)
    page.locator("#goods .add").first.click()
    other.wait_for_selector("#tools .cart .badge")
    other.click("#tools .cart")
    other.click(".cart-panel .stepper .icon-button:last-child")
    other.wait_for_selector("#tools .cart .badge:text-is('2')")
    page.reload()
    page.wait_for_selector("#tools .cart .badge:text-is('2')")
    page.click("#tools .cart")
    price = prices(page)[0]
    assert f"{2 * price:,.2f}" in page.locator(".cart-panel .sum").inner_text()
    page.locator(".cart-panel .line-foot > .icon-button").click()
    page.wait_for_selector(".cart-panel .nothing")


def test_words_and_buttons_fill_one_cart(page: Any) -> None:
    say(page, "a headlamp")
    say(page, "add the first one to my cart")
    page.wait_for_selector("#tools .cart .badge")


def test_check_out_hands_over_to_the_shop(demo_shop: Path, tmp_path: Path, visitor: Any) -> None:
    folder = copy_shop(demo_shop, tmp_path / "shop")
    (folder / "shop.toml").write_text('[checkout]\nurl = "https://shop.example/cart/{items}"\n')
    with served(folder) as address:
        page = visitor(address)
        say(page, "a headlamp")
        item = page.locator("#goods .card").first.get_attribute("data-id")
        page.locator("#goods .add").first.click()
        page.wait_for_selector("#tools .cart .badge")
        page.click("#tools .cart")
        link = page.wait_for_selector(".cart-panel a.primary")
        assert link.get_attribute("href") == f"https://shop.example/cart/{item}:1"


def test_products_are_compared(page: Any) -> None:
    say(page, "a tent")
    names = titles(page)
    for card in (0, 1):
        choose(page, card, "Compare")
        page.wait_for_selector(f"#tools .scales .badge:text-is('{card + 1}')")
    page.reload()
    page.wait_for_selector("#tools .scales .badge:text-is('2')")
    page.click("#tools .scales")
    page.wait_for_selector(".compare-panel tbody tr.differs")
    assert page.locator(".compare-panel thead .link-title").all_inner_texts() == names[:2]


def test_a_saved_product_changes_the_next_answer(page: Any) -> None:
    say(page, "a tent")
    saved = titles(page)[0]
    page.locator("#goods .save").first.click()
    page.wait_for_selector("#goods .save[aria-pressed=true]")
    say(page, "recommend me something")
    reasons = page.locator("#goods .card .why").all_inner_texts()
    assert any("liked" in reason for reason in reasons)
    page.click("#tools .heart")
    page.wait_for_selector(".saved-panel .line-text")
    assert saved in page.locator(".saved-panel").inner_text()


def test_what_is_not_wanted_goes_and_can_come_back(page: Any) -> None:
    say(page, "a tent")
    first = titles(page)[0]
    choose(page, 0, "Not for me")
    page.wait_for_selector(".toast.on")
    assert first not in titles(page)
    page.click(".toast button")
    page.wait_for_selector(f"#goods .card .open:text-is({first!r})")


def test_more_like_this_answers_with_products(page: Any) -> None:
    say(page, "headphones")
    before = titles(page)
    choose(page, 1, "More like this")
    page.wait_for_selector(".turn.done:nth-child(2)")
    assert titles(page)
    assert titles(page) != before
