"""What stands only in titles: a model said in part, a measure to order by, the thing that a thing is for."""

from __future__ import annotations

from agent.assistant import ShoppingAssistant
from agent.records import Reply
from agent.tools.title_measures import measure_in_titles, measure_of
from retrieval.filters import And


def _talk(assistant: ShoppingAssistant, *said: str) -> list[Reply]:
    session = assistant.session(None)
    return [session.reply(text) for text in said]


def test_a_model_said_in_part_is_shown_whatever_was_talked_of(assistant: ShoppingAssistant) -> None:
    *_, replied = _talk(
        assistant, "electric kettle under 40", "nah mate. lemme see the actual kopperlane tarn"
    )
    assert replied.cards
    assert all("Kopperlane Tarn" in card.title for card in replied.cards)


def test_a_measure_that_titles_write_orders_a_kind(assistant: ShoppingAssistant) -> None:
    desk = assistant.desk
    assert measure_in_titles(desk, And(), "longest warranty", "length") == ""
    assert measure_in_titles(desk, And(), "most storage", "size") == ""


def test_a_title_tells_its_greatest_amount_of_a_measure(assistant: ShoppingAssistant) -> None:
    items = {card.item_id: card for card in _talk(assistant, "a glass electric kettle of one litre")[0].cards}
    told = {item: measure_of(assistant.desk, item, "volume") for item in items}
    assert any(told.values())
    assert all(f"{volume:g} L" in items[item].title for item, volume in told.items() if volume)
