"""The page in a headless browser, as a shopper uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import copy_shop
from tests.ui.conftest import say, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


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
    return visitor(address)


def titles(page: Any) -> list[str]:
    return page.locator("#goods .card h3").all_inner_texts()


def prices(page: Any) -> list[float]:
    texts = page.locator("#goods .card .price").all_inner_texts()
    return [float(re.sub(r"[^\d.]", "", text.split(" to ")[0])) for text in texts]


def choose(page: Any, card: int, item: str) -> None:
    """Press an entry of a card's menu."""
    page.locator("#goods .card .dots").nth(card).click()
    page.locator(".menu button", has_text=item).click()


# --- asking -------------------------------------------------------------------------------------------------


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


# --- products -----------------------------------------------------------------------------------------------


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


# --- conversations ------------------------------------------------------------------------------------------


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


# --- languages, themes, sizes, keys -------------------------------------------------------------------------


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


# --- accessibility ------------------------------------------------------------------------------------------

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
