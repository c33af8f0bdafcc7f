"""What the page shows of a turn: every fact from the record, and nothing that a shop's text could run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from agent.money import price, price_range
from agent.records import Card, Chip, Evidence, Reason, Reply, Table, TurnRecord
from retrieval.reviews.signals import ProductSignals
from ui.conversations import Line
from ui.pictures import image_source
from ui.rendering import cards_html, chat_html, chips_html

FIELD = Evidence(evidence_id="e1", kind="field", item_id="a", source="price", text="24.99")


def reply(*cards: Card) -> Reply:
    record = TurnRecord(
        turn_id="t", session_id="s", user_id=None, time=datetime.now(UTC), utterance="", evidence=(FIELD,)
    )
    return Reply(text="", cards=cards, chips=(), table=None, record=record)


def card(**facts: object) -> Card:
    return Card.model_validate({"handle": "P1", "item_id": "a", "title": "Grinder", **facts})


def test_a_card_shows_title_price_and_reasons_with_their_evidence() -> None:
    reason = Reason(text="Within your $80", kind="constraint", evidence_ids=("e1",))
    page = cards_html(reply(card(price=24.99, reasons=(reason,))))
    root = html.fromstring(page)
    assert root.xpath("string(//h3)") == "Grinder"
    assert root.xpath("string(//*[@class='price'])") == "$24.99"
    assert root.xpath("string(//li[@class='constraint']//summary)") == "Within your $80"
    assert root.xpath("//li[@class='constraint']//dt/text()") == ["price"]
    assert root.xpath("//li[@class='constraint']//dd/text()") == ["24.99"]


def test_a_reason_whose_evidence_is_not_there_opens_nothing() -> None:
    reason = Reason(text="In stock", kind="constraint", evidence_ids=("gone",))
    root = html.fromstring(cards_html(reply(card(reasons=(reason,)))))
    assert not root.xpath("//li//details")
    assert "In stock" in root.xpath("string(//li[@class='constraint'])")


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_no_text_of_a_shop_becomes_an_element(text: str) -> None:
    harmless = html.fromstring(cards_html(reply(card(title="x", brand="x"))))
    page = html.fromstring(cards_html(reply(card(title=f"<script>{text}</script><img src=x>", brand=text))))
    assert [e.tag for e in page.iter()] == [e.tag for e in harmless.iter()]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere/x", "file:///etc/passwd"]
)
def test_a_link_that_is_no_web_address_is_not_a_link(url: str) -> None:
    assert "href" not in cards_html(reply(card(url=url)))
    assert image_source(url) is None
    assert image_source(url, ("https://elsewhere", "file://", "data:")) is None


def test_a_picture_of_the_shop_comes_from_the_page_s_own_host() -> None:
    assert image_source("images/a 1.svg") == "/shop/images/a%201.svg"
    assert image_source("images/../shop.db") is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://cdn.example/a.png", True),
        ("https://CDN.example:443/a.png", True),
        ("http://cdn.example/a.png", False),
        ("https://cdn.example:8443/a.png", False),
        ("https://cdn.example.evil/a.png", False),
        ("https://evil/cdn.example/a.png", False),
        ("https://cdn.example@evil/a.png", False),
        ("https://evil@cdn.example/a.png", False),
        ("https://cdn.example:x/a.png", False),
        ("https://[cdn.example/a.png", False),
        ("//cdn.example/a.png", False),
        ("https://", False),
    ],
)
def test_a_picture_from_elsewhere_is_shown_where_the_shop_names_its_origin(url: str, shown: bool) -> None:
    assert image_source(url) is None
    assert (image_source(url, ("https://cdn.example",)) == url) is shown
    assert ("<img" in cards_html(reply(card(image_url=url)), image_origins=("https://cdn.example",))) is shown


@given(st.text(max_size=200))
def test_nothing_that_is_said_becomes_an_element(text: str) -> None:
    harmless = html.fromstring(chat_html([Line("shopper", "x"), Line("assistant", "x")]))
    said = [Line("shopper", text), Line("assistant", f"<img src=//evil/x onerror=run()>{text}</p><script>")]
    page = html.fromstring(chat_html(said))
    assert [e.tag for e in page.iter()] == [e.tag for e in harmless.iter()]


def test_what_is_said_is_shown_as_it_is() -> None:
    page = html.fromstring(chat_html([Line("shopper", "<b>5 < 6 & 7</b>")]))
    assert page.xpath("string(//p)") == "<b>5 < 6 & 7</b>"


def test_each_value_of_a_comparison_stands_under_its_product() -> None:
    table = Table(columns=("Grinder", "Mill"), rows=(("Price", "$24.99", "$30.00"),))
    root = html.fromstring(cards_html(reply(card()).model_copy(update={"table": table})))
    head = [cell.text or "" for cell in root.xpath("//thead/tr/*")]
    cells = [cell.text for cell in root.xpath("//tbody/tr/*")]
    assert dict(zip(head, cells, strict=True)) == {"": "Price", "Grinder": "$24.99", "Mill": "$30.00"}


def test_pressed_buttons_stay_pressed() -> None:
    page = html.fromstring(cards_html(reply(card()), liked={"a": "like"}))
    assert page.xpath("//button[@aria-pressed='true']/@data-action") == ["like"]


def test_no_products_invite_to_ask() -> None:
    assert "Ask for something" in cards_html(None)


def test_chips_of_a_kind_become_buttons() -> None:
    chips = (
        Chip(label="under $80", kind="constraint", constraint_id="c1"),
        Chip(label="electric", kind="answer", utterance="electric", count=12),
    )
    assert html.fromstring(chips_html(chips, ("constraint",))).xpath("//button/@data-id") == ["c1"]
    assert html.fromstring(chips_html(chips, ("answer",))).xpath("//button/@data-say") == ["electric"]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(12.5, "USD", "$12.50"), (1234, "EUR", "€1,234.00"), (900, "JPY", "¥900"), (3, "CHF", "3.00 CHF")],
)
def test_a_price_is_written_in_its_currency(amount: float, currency: str, text: str) -> None:
    assert price(amount, currency) == text


def test_a_range_is_written_only_where_variants_differ() -> None:
    assert price_range(5, 5, "USD") == "$5.00"
    assert price_range(5, 7, "USD") == "$5.00 to $7.00"
    assert price_range(None, None) == "Price not given"


@pytest.mark.parametrize(
    ("suspicious", "languages", "note"),
    [
        (0, {}, ""),
        (1, {}, "1 looks suspicious and weighs less."),
        (2, {"de": 2, "fr": 1}, "3 in other languages not counted. 2 look suspicious and weigh less."),
    ],
)
def test_what_does_not_count_fully_is_said_beside_what_buyers_say(
    suspicious: int, languages: dict[str, int], note: str
) -> None:
    signals = ProductSignals(item_id="a", review_count=9, suspicious=suspicious, other_languages=languages)
    section = {"signals": signals, "aspects": [{"name": "sound", "positive": 4, "negative": 1, "quotes": []}]}
    root = html.fromstring(cards_html(reply(card()), buyers={"a": section}))
    assert root.xpath("normalize-space(//details[@class='buyers']/p)") == note
    assert root.xpath("string(//details[@class='buyers']/summary/span)") == "9 reviews"
