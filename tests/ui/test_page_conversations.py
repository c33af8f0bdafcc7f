"""Conversations on the page: kept, listed, ended, of one shopper and of two."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.ui.conftest import prices, say, served, titles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_reload_brings_the_conversation_back(page: Any) -> None:
    say(page, "a tent under $300")
    before, words = titles(page), page.locator("#log").inner_text()
    page.reload()
    page.wait_for_selector("#goods .card .why")
    assert titles(page) == before
    assert page.locator("#log").inner_text() == words
    say(page, "cheaper")
    assert max(prices(page)) < 300


def test_a_restart_of_the_server_in_mid_chat_goes_unnoticed(copied_shop: Path, visitor: Any) -> None:
    with served(copied_shop) as address:
        page = visitor(address)
        say(page, "a tent under $300")
        most = max(prices(page))
    page.fill("#say", "cheaper")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.failed")
    with served(copied_shop, port=urlsplit(address).port or 0):
        page.locator(".turn.failed .secondary").click()
        page.wait_for_selector(".turn.done:nth-child(2)", timeout=60_000)
        assert max(prices(page)) < most
        assert "tent" in page.locator("#in-force").inner_text().lower()


def test_past_conversations_are_listed_opened_exported_and_deleted(page: Any) -> None:
    say(page, "a tent")
    tents = titles(page)
    page.click("#tools .history")
    page.click(".history-panel .primary")
    page.wait_for_selector(".hello")
    say(page, "a headlamp")
    page.click("#tools .history")
    page.wait_for_selector(".history-panel .past li:nth-child(2)")
    with page.expect_download() as download:
        page.locator(".past li", has_text="a tent").locator("a").click()
    assert tents[0] in Path(download.value.path()).read_text(encoding="utf-8")
    page.locator(".past-open", has_text="a tent").click()
    page.wait_for_selector(".turn .mine:has-text('a tent')")
    assert titles(page) == tents
    page.click("#tools .history")
    page.locator(".past li", has_text="a tent").locator(".icon-button").last.click()
    page.wait_for_selector(".past li:only-child")
    assert "a tent" not in page.locator(".past").inner_text()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator(".turn .mine", has_text="a tent").count() == 0


def test_two_shoppers_are_not_mixed(visitor: Any, address: str) -> None:
    one, other = visitor(address), visitor(address)
    say(one, "a headlamp for secretville")
    one.locator("#goods .add").first.click()
    one.wait_for_selector("#tools .cart .badge")
    say(other, "a tent")
    assert all("tent" in title.lower() for title in titles(other))
    other.reload()
    other.wait_for_selector(".turn.done")
    assert "secretville" not in other.content()
    assert other.locator("#tools .cart .badge").count() == 0
    assert all("headlamp" in title.lower() for title in titles(one))


def test_one_shopper_has_one_cart_on_two_devices(visitor: Any, address: str) -> None:
    devices = [visitor(address), visitor(address)]
    for device in devices:
        device.click("#tools .settings")
        with device.expect_navigation():
            device.locator(".setting select").last.select_option(index=1)
        device.wait_for_selector("html[data-ready]")
    say(devices[0], "a headlamp")
    devices[0].locator("#goods .add").first.click()
    devices[0].wait_for_selector("#tools .cart .badge")
    devices[1].reload()
    devices[1].wait_for_selector("#tools .cart .badge")


def test_an_ended_session_says_so(page: Any) -> None:
    page.context.clear_cookies()
    page.fill("#say", "a tent")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ended")
    with page.expect_navigation():
        page.click("#ended button")
    page.wait_for_selector("html[data-ready]")
    say(page, "a tent")


def test_offline_is_said_and_nothing_typed_is_lost(page: Any) -> None:
    page.context.set_offline(True)
    page.fill("#say", "a tent")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.failed")
    assert page.locator("#banner").is_visible()
    page.context.set_offline(False)
    page.locator(".turn.failed .secondary").click()
    page.wait_for_selector(".turn.done")
    assert not page.locator("#banner").is_visible()
