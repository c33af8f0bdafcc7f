"""How the page looks and is reached: languages, themes, phones, keys, and for who cannot see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import PHONE, WIDE, choose, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_german_is_spoken_where_the_browser_asks_for_it(visitor: Any, address: str) -> None:
    page = visitor(address, locale="de-DE")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("#say").get_attribute("placeholder") == "Was suchen Sie?"
    assert re.search(r"\d,\d\d\s\$", page.locator(".card .price").first.inner_text())


def test_the_language_can_be_chosen_and_stays(page: Any) -> None:
    page.click("#tools .settings")
    page.locator(".setting select").first.select_option("de")
    page.wait_for_selector("html[lang=de]")
    page.reload()
    page.wait_for_selector("html[lang=de][data-ready]")


def test_dark_follows_the_system_and_the_switch(visitor: Any, address: str) -> None:
    def ground(page: Any) -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = visitor(address), visitor(address, color_scheme="dark")
    assert ground(light) != ground(dark)
    light.click("#tools .settings")
    light.locator(".setting select").nth(1).select_option("dark")
    assert ground(light) == ground(dark)
    light.reload()
    light.wait_for_selector("html[data-ready]")
    assert ground(light) == ground(dark)


def test_on_a_phone_a_long_name_is_cut_and_the_mark_keeps_its_shape(visitor: Any, address: str) -> None:
    page = visitor(address, has_touch=True)
    page.set_viewport_size(PHONE)
    page.evaluate(
        "document.querySelector('#brand > span:last-child').textContent = 'A Very Long Name of a Shop'"
    )
    mark = page.locator("#brand .mark").bounding_box()
    name = page.locator("#brand > span").last
    assert mark["width"] == mark["height"]
    assert (
        name.evaluate("e => e.scrollWidth > e.clientWidth && getComputedStyle(e).textOverflow") == "ellipsis"
    )


def test_a_shop_without_openers_offers_its_departments(visitor: Any, address: str, browser: Any) -> None:
    def without_openers(route: Any) -> None:
        html = re.sub(r'"openers": ?\[[^\]]*\]', '"openers":[]', route.fetch().text())
        route.fulfill(body=html, content_type="text/html")

    context = browser.new_context(viewport=PHONE)
    context.route(address, without_openers)
    page = visitor(address, context=context)
    offers = page.locator("#offers .offer > span:first-child").all_inner_texts()
    assert offers
    assert set(offers) <= set(page.locator(".kind-name").all_inner_texts())
    context.close()


def test_a_phone_has_the_first_card_in_view_and_nothing_sideways(visitor: Any, address: str) -> None:
    page = visitor(address, has_touch=True)
    page.set_viewport_size(PHONE)
    for turn in (None, "a tent under $300"):
        if turn:
            say(page, turn)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        card = page.locator("#goods .card").first.bounding_box()
        composer = page.locator("#composer").bounding_box()
        assert card["y"] + card["height"] < composer["y"]
        assert composer["y"] + composer["height"] <= PHONE["height"]


SMALL = """() => [...document.querySelectorAll('button, a[href], select, summary, input:not([type=radio])')]
  .filter(e => e.checkVisibility() && !e.closest('.skip, .hidden') && !e.matches('.mention'))
  .map(e => [e, (e.matches('.open') ? e.closest('.card') : e).getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.width < 43.99 || box.height < 43.99))
  .map(([e, box]) => `${e.className} ${e.textContent} ${box.width} x ${box.height}`)"""


def test_everything_to_touch_is_large_enough(visitor: Any, address: str) -> None:
    page = visitor(address, has_touch=True)
    page.set_viewport_size(PHONE)
    assert page.evaluate(SMALL) == []
    say(page, "a tent under $300")
    assert page.evaluate(SMALL) == []
    page.locator("#goods .open").first.click()
    page.wait_for_selector(".sheet-panel .all-facts")
    assert page.evaluate(SMALL) == []


def test_the_whole_way_goes_by_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "say"
    page.keyboard.type("a tent under $300")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.done")
    _tab_to(page, ".card .open", backwards=True)
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet-panel .all-facts")
    _tab_to(page, ".take .primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#tools .cart .badge")
    page.keyboard.press("Escape")
    page.wait_for_selector(
        ".card .open:focus", state="attached"
    )  # the page's policy forbids `wait_for_function`
    page.wait_for_selector(".sheet-panel", state="hidden")
    page.keyboard.press("/")
    _until(page, "document.activeElement.id === 'say'")


def _until(page: Any, told: str) -> None:
    """The page's policy forbids `wait_for_function`, which evaluates a text in the page."""
    for _ in range(100):
        if page.evaluate(told):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {told}")


def _tab_to(page: Any, selector: str, *, backwards: bool = False) -> None:
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"no way by keyboard to {selector}")


def test_the_answer_is_announced(page: Any) -> None:
    say(page, "a tent under $300")
    assert (
        page.locator("#announce").inner_text().startswith(page.locator(".theirs p").first.inner_text()[:20])
    )


def test_the_page_says_that_the_demo_shop_is_generated(page: Any) -> None:
    assert "generated" in page.locator(".hello").inner_text()


def test_pictures_of_the_shop_load(page: Any) -> None:
    say(page, "a lamp")
    page.wait_for_timeout(300)
    assert page.evaluate(
        "[...document.querySelectorAll('#goods .card img')].some(i => i.complete && i.naturalWidth)"
    )


AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """async () => (await axe.run()).violations
  .filter(v => v.impact !== 'minor')
  .map(v => `${v.id}: ${v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')}`)"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(visitor: Any, address: str, size: dict[str, int], scheme: str) -> None:
    page = visitor(address, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.add_script_tag(path=AXE)

    def clean() -> None:
        page.wait_for_timeout(250)
        assert page.evaluate(VIOLATIONS) == []

    clean()
    say(page, "a tent under $300")
    clean()
    page.locator("#goods .open").first.click()
    page.wait_for_selector(".sheet-panel .all-facts")
    clean()
    page.keyboard.press("Escape")
    page.locator("#goods .add").first.click()
    page.wait_for_selector("#tools .cart .badge")
    for card in (0, 1):
        choose(page, card, "Compare")
        page.wait_for_selector(f"#tools .scales .badge:text-is('{card + 1}')")
    for tool in ("cart", "scales", "history", "settings"):
        page.click(f"#tools .{tool}")
        page.wait_for_timeout(400)
        clean()
        page.keyboard.press("Escape")
    say(page, "a tent under $3")
    clean()
