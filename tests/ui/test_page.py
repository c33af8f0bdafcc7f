"""Asking on the page, in a headless browser, as a shopper does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ui.conftest import prices, say, titles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_question_gets_words_and_cards_with_reasons(page: Any) -> None:
    say(page, "a tent under $300")
    assert titles(page)
    assert max(prices(page)) <= 300
    assert page.locator("#goods .card .why").count() == len(titles(page))
    assert page.locator(".turn .theirs .mention").first.inner_text() in titles(page)


def test_an_answer_is_streamed_and_then_whole(page: Any) -> None:
    told = page.evaluate(
        """async () => (await fetch("/api/say", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ text: "a tent under $300" }),
        })).text()"""
    )
    kinds = re.findall(r'"type": "(\w+)"', told)
    assert kinds[0] == "begun"
    assert kinds.count("text") > 3
    assert kinds[-1] == "reply"


def test_an_answer_can_be_stopped_and_asked_again(page: Any) -> None:
    page.route("**/api/say", lambda route: None)  # an answer that never comes
    page.fill("#say", "a tent")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.waiting")
    page.click("#send.stopping")
    page.wait_for_selector(".turn.stopped")
    page.unroute("**/api/say")
    page.locator(".turn.stopped .link").click()
    page.wait_for_selector(".turn.done")
    assert titles(page)


def test_chips_say_what_they_keep_out_and_are_taken_back(page: Any) -> None:
    say(page, "a backpack under $60")
    chip = page.locator("#in-force .chip", has_text="$60")
    assert re.search(r"−\d+", chip.inner_text())
    chip.click()
    page.wait_for_selector(".turn.done:nth-child(2)")
    assert "$60" not in page.locator("#in-force").inner_text()
    assert max(prices(page)) > 60


def test_an_opener_is_of_this_shop_and_is_said_with_a_press(page: Any) -> None:
    opener = page.locator("#offers .chip").first
    assert opener.inner_text()
    opener.click()
    page.wait_for_selector(".turn.done")
    assert titles(page)


def test_a_department_shows_its_products(page: Any) -> None:
    page.locator(".kind", has_text="Kitchen").click()
    page.wait_for_selector(".turn.done")
    assert titles(page)


def test_products_are_sorted_without_asking_again(page: Any) -> None:
    say(page, "a tent")
    page.select_option(".sort select", "cheap")
    assert prices(page) == sorted(prices(page))


def test_show_more_shows_others(page: Any) -> None:
    say(page, "a tent")
    before = titles(page)
    page.click(".show-more")
    page.wait_for_selector(".turn.done:nth-child(2)")
    assert set(titles(page)).isdisjoint(before)


def test_products_of_an_earlier_turn_are_reached_by_its_message(page: Any) -> None:
    say(page, "a tent")
    tents = titles(page)
    say(page, "a headlamp")
    assert titles(page) != tents
    page.locator(".turn").first.locator(".goods-of").click()
    assert titles(page) == tents


def test_nothing_found_says_what_comes_nearest(page: Any) -> None:
    say(page, "a tent under $3")
    if titles(page):  # the nearest are shown at once: then the words say what was dropped
        assert "$3" in page.locator(".turn .theirs").inner_text()
        return
    page.locator("#goods .chip.relaxation").first.click()
    page.wait_for_selector(".turn.done:nth-child(2)")
    assert titles(page)


def test_why_these_opens_the_turn_in_words(page: Any) -> None:
    say(page, "a tent under $300")
    page.click(".judge .link")
    told = page.locator(".why-panel").inner_text()
    assert "under $300" in told
    assert titles(page)[0] in told


def test_a_thumb_on_an_answer_is_kept(page: Any) -> None:
    say(page, "a tent")
    page.locator(".judge .icon-button").first.click()
    page.wait_for_selector(".judge [aria-pressed=true]")
    page.reload()
    page.wait_for_selector(".judge .icon-button:first-child[aria-pressed=true]")
