"""What stands only in titles: a model said in part, a measure to order by, the thing that a thing is for."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.tools.title_measures import measure_in_titles, measure_of
from retrieval.filters import And, Attribute
from tests.agent.talks import talk


def test_a_model_said_in_part_is_shown_whatever_was_talked_of(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(
        assistant, "electric kettle under 40", "nah mate. lemme see the actual kopperlane tarn"
    )
    assert replied.cards
    assert all("Kopperlane Tarn" in card.title for card in replied.cards)


def test_a_measure_that_too_few_titles_write_orders_nothing(assistant: ShoppingAssistant) -> None:
    desk = assistant.desk
    assert measure_in_titles(desk, And(), "longest warranty", "length") == ""
    assert measure_in_titles(desk, And(), "most storage", "size") == ""


def test_a_title_tells_its_greatest_amount_of_a_measure(assistant: ShoppingAssistant) -> None:
    items = {card.item_id: card for card in talk(assistant, "a glass electric kettle of one litre")[0].cards}
    told = {item: measure_of(assistant.desk, item, "volume") for item in items}
    assert any(told.values())
    assert all(f"{volume:g} L" in items[item].title for item, volume in told.items() if volume)


@pytest.mark.parametrize(
    ("said", "field", "least"),
    [("a tent for two under $300", "persons", 2.0), ("tent for 4, not too heavy", "persons", 4.0)],
)
def test_for_so_many_is_what_a_thing_must_hold(
    assistant: ShoppingAssistant, said: str, field: str, least: float
) -> None:
    reply = assistant.session(None).reply(said)
    held = assistant.shop.search.matching(Attribute(field, min=least))
    assert reply.cards
    assert {card.item_id for card in reply.cards} <= set(held)


def test_for_so_many_days_is_no_number_of_people(assistant: ShoppingAssistant) -> None:
    reply = assistant.session(None).reply("a tent for three days")
    assert all(where["field"] != "persons" for where in reply.record.understanding.get("where", []))
