"""What is shown where a need tells more than a name: unnamed kinds, what is not sold, gifts, things given up."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from tests.agent.talks import kinds, talk


def test_what_the_whole_need_finds_decides_the_kind_where_none_is_named(assistant: ShoppingAssistant) -> None:
    said = "my flat is above a bar and I lie awake till three, I just want the noise gone while I read"
    (replied,) = talk(assistant, said)
    first = assistant.shop.search.search(said, None, 1).hits[0].item_id
    assert replied.cards
    assert {card.category for card in replied.cards} == {assistant.shop.product(first).category}  # type: ignore[union-attr]


def test_where_a_thing_is_not_sold_the_nearest_to_the_need_is_shown(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "got any snowboards? I'm out in wind and pouring rain all weekend")
    assert "no snowboards" in replied.text
    assert replied.cards


def test_a_thing_that_is_not_sold_and_no_need_shows_nothing(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "do you sell bread?")
    assert not replied.cards


@pytest.mark.parametrize(
    "said",
    ["gift for a 7 year old who loves space", "gift under $30 for a kid", "something for my niece, she's 4"],
)
def test_a_child_is_given_what_is_made_for_children(said: str, assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, said)
    made = [assistant.shop.product(card.item_id) for card in replied.cards]
    assert made
    assert all(p is not None and ("Toys" in p.category or "Kids" in p.title) for p in made)


def test_a_thing_for_somebody_is_shown_as_fully_as_the_thing(assistant: ShoppingAssistant) -> None:
    (alone,) = talk(assistant, "headlamp")
    (given,) = talk(assistant, "headlamp for my dad")
    assert len(given.cards) == len(alone.cards)


def test_one_of_several_is_taken_out_of_the_cart(assistant: ShoppingAssistant) -> None:
    *_, taken, again = talk(assistant, "bike lock", "add two of the first", "remove one", "take one out")
    assert "Left in it" in taken.text
    assert "empty" in again.text


def test_who_gives_up_a_thing_and_wants_a_present_is_shown_others(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(
        assistant, "electric kettle", "scrap that, a birthday present for my brother who loves camping"
    )
    assert replied.cards
    assert "Electric kettle" not in kinds(replied)
