"""Asking to be without something: what is free of it first, then what may be, said to be unknown; nothing that has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.conditions import Sort, Where
from agent.operations import commands
from agent.tools.context import ToolContext
from agent.tools.find import find
from agent.tools.product import product
from tests.agent.tools.finding import ids

FOODS = (
    ("free", "Nut-Free Oat Bar", "Bars", 9.0, "Sweet and soft.", {}),
    ("listed", "Date Bar", "Bars", 4.0, "A bar of dates.", {"ingredients": "dates, oats, sea salt"}),
    ("silent", "Berry Bar", "Bars", 2.0, "A bar of berries.", {}),
    ("traces", "Rice Bar", "Bars", 1.0, "May contain traces of nuts.", {}),
    ("walnut", "Honey Bar", "Bars", 3.0, "A bar.", {"ingredients": "oats, honey, walnuts"}),
    ("cake", "Carrot Cake", "Cakes", 20.0, "A cake with walnuts.", {}),
    ("tart", "Lemon Tart", "Cakes", 18.0, "It may contain nuts.", {}),
    ("boot", "Vegan Trail Boot", "Boots", 90.0, "A boot.", {"material": "microfibre"}),
    ("hide", "Town Boot", "Boots", 120.0, "A boot of soft leather.", {"material": "leather"}),
    ("plain", "Rain Boot", "Boots", 40.0, "A boot for rain.", {}),
)  # fmt: skip
BARS, CAKES, BOOTS = (Where(field="category", value=kind) for kind in ("Bars", "Cakes", "Boots"))
NO_NUTS = Where(field="text", value="nuts")


@pytest.fixture(scope="session")
def food_shop(tmp_path_factory: pytest.TempPathFactory) -> ShoppingAssistant:
    folder = tmp_path_factory.mktemp("foods")
    rows = [
        {"item_id": item, "title": title, "category": [kind], "price": price, "currency": "USD", "stock": 5,
         "description": text, "attributes": attributes}
        for item, title, kind, price, text, attributes in FOODS
    ]  # fmt: skip
    (folder / "products.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    shop: Path = folder / "shop"
    commands.import_files(shop, products=folder / "products.jsonl")
    commands.build(shop)
    return ShoppingAssistant.open(shop)


@pytest.fixture
def here(food_shop: ShoppingAssistant, request: pytest.FixtureRequest) -> ToolContext:
    return ToolContext(desk=food_shop.desk, session_id=request.node.name, turn_id="t1")


def said(assistant: ShoppingAssistant, text: str, session: str) -> str:
    return assistant.reply(text, session_id=session).text


def test_what_fits_comes_first_and_what_contains_it_never(here: ToolContext) -> None:
    found = find(here, "bar", [BARS], avoid=[NO_NUTS], limit=10)
    assert set(ids(found)[:2]) == {"free", "listed"}
    assert ids(found)[2:] == ["silent"]


def test_an_order_holds_within_what_fits(here: ToolContext) -> None:
    found = find(here, where=[BARS], avoid=[NO_NUTS], sort=Sort(field="price"), limit=10)
    assert ids(found) == ["listed", "free", "silent"]
    assert found.total == 2


def test_what_is_unknown_is_marked_so_on_row_and_card(here: ToolContext) -> None:
    found = find(here, "bar", [BARS], avoid=[NO_NUTS], limit=10)
    unknown = [row.item_id for row in found.rows if row.unknown]
    assert unknown == ["silent"]
    (row,) = [row for row in found.rows if row.unknown]
    assert row.card.drawback is not None
    assert "ask" in row.card.drawback.text


def test_a_reason_for_an_absence_quotes_what_shows_it(here: ToolContext) -> None:
    found = find(here, "bar", [BARS], avoid=[NO_NUTS], limit=10)
    reasons = {row.item_id: [reason.text for reason in row.card.reasons] for row in found.rows}
    assert "It is sold as “Nut-Free Oat Bar”" in reasons["free"]
    assert "Its ingredients name no nuts: “ingredients: dates, oats, sea salt”" in reasons["listed"] or (
        "Its ingredients name no nuts: “dates, oats, sea salt”" in reasons["listed"]
    )
    assert not any("nut" in text for text in reasons["silent"])


def test_where_everything_has_it_nothing_is_offered_instead(here: ToolContext) -> None:
    found = find(here, "cake", [CAKES], avoid=[NO_NUTS])
    assert not found.rows
    assert found.kept_out == ("without nuts",)


def test_another_condition_gives_way_before_the_absence_does(here: ToolContext) -> None:
    found = find(here, "bar", [BARS, Where(field="price", op="<=", value=1)], avoid=[NO_NUTS])
    assert found.loosened
    assert not {"walnut", "traces", "cake", "tart"} & set(ids(found))


def test_a_material_is_ruled_out_by_its_field_or_by_the_listing(here: ToolContext) -> None:
    found = find(here, "boot", [BOOTS, Where(field="material", op="!=", value="leather")], limit=10)
    assert ids(found) == ["boot", "plain"]


@pytest.mark.parametrize(
    "request_text",
    [
        "something nut-free", "a bar without nuts", "I'm allergic to nuts, show me a bar", "bars, no nuts please",
        "I have a nut allergy. Any bars?", "a nut free bar", "bars free from nuts", "a bar that doesn't contain nuts",
        "my son can't have nuts, I need a bar", "nothing with nuts, a bar",
    ],
)  # fmt: skip
def test_however_a_shopper_says_it_no_nuts_are_shown(food_shop: ShoppingAssistant, request_text: str) -> None:
    reply = food_shop.reply(request_text, session_id=f"s-{request_text}")
    shown = {card.item_id for card in reply.cards}
    assert not {"walnut", "traces", "cake", "tart"} & shown
    assert shown & {"free", "listed"}
    for card in reply.cards:
        if card.item_id not in ("free", "listed", "boot", "hide", "plain"):
            assert "ask" in reply.text


def test_what_is_known_to_have_it_is_not_shown_but_said(food_shop: ShoppingAssistant) -> None:
    reply = food_shop.reply("a cake without nuts", session_id="cakes")
    assert not {"cake", "tart"} & {card.item_id for card in reply.cards}


@pytest.mark.parametrize(
    ("item", "question", "known", "words"),
    [
        ("walnut", "does it contain nuts?", True, "[P1] contains nuts: the shop writes"),
        ("listed", "is it nut free?", True, "[P1] is without nuts: its ingredients name no nuts"),
        ("free", "are there nuts in it?", True, "[P1] is without nuts: it is sold as"),
        ("traces", "any nuts in this?", True, "[P1] may contain traces of nuts"),
        ("silent", "does it have nuts in it?", False, ""),
        ("walnut", "is it safe for coeliacs?", True, "[P1] contains gluten"),
    ],
)
def test_a_question_on_a_substance_is_answered_by_what_shows_it(
    here: ToolContext, item: str, question: str, known: bool, words: str
) -> None:
    answer = product(here, here.shelf.handle(item), question)
    assert answer.known == known
    assert answer.lead.startswith(words)
    assert answer.sensitive
