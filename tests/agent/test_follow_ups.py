"""What a later turn says of what came before: its varieties, parts and numbers, the other end of it, less of it, and what
becomes of the cart.
"""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.conditions import Sort, Where
from agent.dialogue import Topic
from agent.storage.carts import cart_owner
from agent.understanding.follow_ups import mentioned_of, remodelled, renumbered, turned_round
from agent.understanding.language.follow_up_cues import (
    FOR_LESS,
    FRAGMENT,
    INSTEAD,
    NEEDED,
    OF_USE,
    TOO_DEAR,
    VARIETY,
)
from agent.understanding.language.request_cues import IN_SUM, OF_ONE
from agent.understanding.utterance import Utterance, quantity
from tests.agent.talks import prices, talk


def _in_cart(assistant: ShoppingAssistant, *said: str) -> list[tuple[str, dict[str, str], int]]:
    """Title, choice and number of each line, after the talk."""
    session = assistant.session(None)
    for text in said:
        session.reply(text)
    lines = assistant.desk.carts.lines(cart_owner(None, session.session_id))
    titles = {p.item_id: p.title for p in assistant.desk.products([line.item_id for line in lines])}
    return [(titles[line.item_id], line.options, line.quantity) for line in lines]


def test_a_variety_is_looked_for_though_nothing_shown_is_one(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(
        assistant, "show me electric kettles", "one of those plastic ones, sixty at the very most"
    )
    assert replied.cards
    assert all("Plastic" in card.title for card in replied.cards)
    assert max(prices(replied)) <= 60


@pytest.mark.parametrize(
    ("said", "what"),
    [("one of those pod ones", "pod"), ("the brown ones", "brown"), ("those fold up types", "fold up")],
)
def test_a_variety_is_named_by_what_it_is_like(said: str, what: str) -> None:
    match = VARIETY.match(said)
    assert match is not None
    assert match["what"] == what


@pytest.mark.parametrize("said", ["the second one", "those", "the salty one"])
def test_one_of_those_shown_is_no_variety(said: str) -> None:
    assert VARIETY.match(said) is None


def test_the_other_end_turns_the_order_round(assistant: ShoppingAssistant) -> None:
    dearest, cheapest = talk(
        assistant, "the most expensive electric kettle", "ouch. and at the other end of the scale?"
    )
    assert dearest.cards[0].category == cheapest.cards[0].category
    assert prices(cheapest)[0] < prices(dearest)[0]
    assert prices(cheapest) == sorted(prices(cheapest))


def test_there_is_no_other_end_without_an_order() -> None:
    assert turned_round("and at the other end of the scale?", Topic()) is None
    turned = turned_round("the other way round please", Topic(sort=Sort(field="weight", order="asc")))
    assert turned is not None
    assert turned.direction == 1


def test_too_dear_asks_for_less_than_what_is_shown(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(
        assistant, "the most expensive electric kettle", "too steep for me. Something similar?"
    )
    assert replied.cards
    assert max(prices(replied)) < min(prices(shown))


@pytest.mark.parametrize(
    "said", ["something like it for less?", "the same for a bit less money", "easier on my wallet"]
)
def test_less_is_said_in_many_ways(said: str) -> None:
    assert FOR_LESS.search(said)


@pytest.mark.parametrize("said", ["a bit pricey", "I can't afford that", "costs an arm and a leg"])
def test_too_dear_is_said_in_many_ways(said: str) -> None:
    assert TOO_DEAR.search(said)


def test_a_part_that_it_needs_is_no_other_thing(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "coffee grinders", "and it needs some kind of hopper")
    assert {card.category for card in replied.cards} == {card.category for card in shown.cards}


@pytest.mark.parametrize("said", ["and it needs some kind of ", "they must have ", "it has to have a "])
def test_a_part_follows_what_needs_it(said: str) -> None:
    assert NEEDED.search(said)


def test_a_number_is_put_right(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "insulated bottle 500 ml", "silly me, I measured it again: 350 ml, not 500")
    assert replied.cards
    assert all("350 ml" in card.title for card in replied.cards)


@pytest.mark.parametrize(
    ("said", "value"),
    [("it's 12.5 inches, not 14", 12.5), ("not 14 but 12.5", 12.5), ("13 instead of 14", 13.0)],
)
def test_a_number_takes_the_place_of_the_one_in_force(said: str, value: float) -> None:
    in_force = (Where(field="price", op="<=", value=300.0), Where(field="diagonal", value=14.0))
    _, put_right = renumbered(Utterance(said, ()), in_force)
    assert put_right == (Where(field="diagonal", value=value),)


def test_a_number_keeps_the_unit_of_the_one_in_force() -> None:
    _, put_right = renumbered(Utterance("0.35, not 0.5", ()), (Where(field="capacity_ml", value=500.0),))
    assert put_right == (Where(field="capacity_ml", value=350.0),)


def test_a_number_that_is_taken_up_is_the_one_that_moves() -> None:
    price, size = Where(field="price", op="<=", value=2300.0), Where(field="diagonal", value=17.0)
    assert mentioned_of((size, price), "no, 17 won't fit my bag, 15.6 then") == (size,)
    assert mentioned_of((size, price), "15 then") == (size, price)


def test_the_price_of_one_product_is_not_the_cart(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "show me electric kettles", "lovely, how much is the second one")
    assert f"${prices(shown)[1]:.2f}" in replied.text
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


@pytest.mark.parametrize("said", ["what do the emma ones cost again", "how much is the first one"])
def test_a_price_is_asked_of_one(said: str) -> None:
    assert OF_ONE.search(said)
    assert not IN_SUM.search(said)


@pytest.mark.parametrize("said", ["how much is it altogether", "what will sending it back cost me"])
def test_a_sum_is_asked_of_no_product(said: str) -> None:
    assert IN_SUM.search(said) or not OF_ONE.search(said)


def test_another_size_changes_the_line(assistant: ShoppingAssistant) -> None:
    ((_, choice, count),) = _in_cart(
        assistant,
        "men's running shoes please",
        "add the first one in size 42 to my cart",
        "no hang on, make that a 43",
    )
    assert (choice["Size"], count) == ("43", 1)


def test_what_is_left_open_can_be_chosen_afterwards(assistant: ShoppingAssistant) -> None:
    ((_, choice, count),) = _in_cart(
        assistant, "men's running shoes please", "add the first one to my cart", "size 43 please"
    )
    assert (choice["Size"], count) == ("43", 1)


def test_one_thing_is_swapped_for_another(assistant: ShoppingAssistant) -> None:
    (shown,) = talk(assistant, "show me electric kettles")
    ((title, _, count),) = _in_cart(
        assistant, "show me electric kettles", "add the first to my cart", "swap it for the second one"
    )
    assert (title, count) == (shown.cards[1].title, 1)


def test_a_kind_that_is_not_shown_is_looked_for_before_it_is_put_in(assistant: ShoppingAssistant) -> None:
    ((title, _, _),) = _in_cart(assistant, "show me electric kettles", "add the sleeping bag to my cart")
    assert "Sleeping Bag" in title


def test_a_basket_is_named_before_the_sentence_ends(assistant: ShoppingAssistant) -> None:
    (title, *_) = _in_cart(assistant, "an electric kettle, straight in the basket, it's for the office")
    assert "Kettle" in title[0]


def test_an_empty_cart_offers_what_is_shown(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "show me electric kettles", "what's in my cart?")
    assert "empty" in replied.text
    assert shown.cards[0].title in replied.text


@pytest.mark.parametrize(
    ("said", "count"),
    [("then I take some, but less than 50", None), ("I'll have 6 packs", 6), ("two of those", 2)],
)
def test_a_price_is_no_number_of_pieces(said: str, count: int | None) -> None:
    assert quantity(said, []) == count


def test_tell_me_more_is_of_the_product_pointed_at(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "show me electric kettles", "the second one, can you tell me more")
    assert [card.item_id for card in replied.cards] == [shown.cards[1].item_id]


@pytest.mark.parametrize(
    ("said", "alone"), [("USB-C plug?", True), ("black?", True), ("is it black?", False)]
)
def test_a_value_with_a_question_mark_is_a_fragment(said: str, alone: bool) -> None:
    assert (FRAGMENT.fullmatch(said) is not None) == alone


@pytest.mark.parametrize("said", ["either", "I don't mind", "up to you"])
def test_who_leaves_a_choice_open_buys_nothing(assistant: ShoppingAssistant, said: str) -> None:
    assert not _in_cart(assistant, "show me electric kettles", said)


def test_another_kind_named_alone_is_looked_for_and_a_part_is_not(assistant: ShoppingAssistant) -> None:
    shown, part, other = talk(assistant, "show me electric kettles", "keep warm?", "tents?")
    assert {card.category for card in part.cards} == {card.category for card in shown.cards}
    assert {card.category[-1] for card in other.cards} == {"Tent"}


def test_what_is_only_told_is_of_what_is_looked_for(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(
        assistant, "show me coffee grinders", "we have a baby who wakes at nothing, so it must be quiet"
    )
    assert {card.category for card in replied.cards} == {card.category for card in shown.cards}


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("sorry, I meant the 7", "iphone 7"),
        ("no sorry my mistake I meant the 7, the plus one", "iphone 7 plus"),
        ("I mean the 7, the golden one", "iphone 7"),
        ("show me the 7", None),
    ],
)
def test_another_model_was_meant(said: str, model: str | None) -> None:
    titles = ("iphone 7", "iphone 7 plus", "iphone 8")
    in_force = (Where(field="title", op="has", value="iphone 8"),)
    right = remodelled(said, in_force, lambda name: [title for title in titles if title == name])
    assert [where.value for where in right] == ([model] if model else [])


@pytest.mark.parametrize(
    "said", ["and if I took black instead?", "what if it was the blue one", "if we went for steel instead"]
)
def test_the_same_in_another_way_is_asked(said: str) -> None:
    assert INSTEAD.search(said)


def test_a_large_number_alone_is_no_number_of_pieces() -> None:
    assert quantity("fine. 64. price, and basket it", []) is None
    assert quantity("50 of those please", []) == 50
    assert quantity("I'd spend three hundred", []) is None


def test_showing_puts_nothing_into_the_cart(assistant: ShoppingAssistant) -> None:
    assert not _in_cart(
        assistant, "show me electric kettles", "fair enough. show me the kettles themselves then"
    )


def test_a_fresh_start_may_ask_in_one_breath(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "electric kettle under 40", "scrap all that. I can go up to 100")
    assert replied.cards
    assert max(prices(replied)) > 40


def test_a_price_is_asked_in_many_ways() -> None:
    for said in (
        "what are you asking for it",
        "what's it going for",
        "what do you want for that",
        "what does the first one go for",
    ):
        assert OF_ONE.search(said)


@pytest.mark.parametrize(
    "said",
    ["I'm on AT&T, any use to me that?", "would it work with my old charger?", "is that any good for her?"],
)
def test_whether_it_serves_is_asked_of_what_is_shown(said: str) -> None:
    assert OF_USE.search(said)


def test_what_is_removed_without_being_in_the_cart_is_refused(assistant: ShoppingAssistant) -> None:
    shown, replied, later = talk(assistant, "sleeping bag", "remove the second one", "anything under 900")
    gone = shown.cards[1].item_id
    assert replied.cards
    assert gone not in {card.item_id for card in (*replied.cards, *later.cards)}


def test_what_is_in_the_cart_is_taken_out_of_it(assistant: ShoppingAssistant) -> None:
    said = ("sleeping bag", "add the second one", "sleeping bag", "remove the second one")
    shown, *_ = talk(assistant, said[0])
    replied = talk(assistant, *said)[-1]
    assert shown.cards[1].title in replied.text
    assert not _in_cart(assistant, *said)


@pytest.mark.parametrize(
    "said", [("vacuum cleaner", "from Little Harbor"), ("vacuum cleaner from Little Harbor",)]
)
def test_a_brand_that_makes_none_of_the_kind_is_told(
    assistant: ShoppingAssistant, said: tuple[str, ...]
) -> None:
    *_, replied = talk(assistant, *said)
    assert "no vacuum cleaner from Little Harbor" in replied.text


def test_what_is_not_sold_is_told_once(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "do you sell leotards")
    assert replied.text.lower().count("leotards") == 1


def test_what_nothing_meets_stays_on_record_until_it_is_taken_back(assistant: ShoppingAssistant) -> None:
    told = talk(assistant, "coffee grinder", "make it four-season", "any brand but Freshwick")
    assert "four-season" in told[1].text
    assert all(any("season" in one for one in reply.record.loosened) for reply in told[1:])
    *_, replied = talk(assistant, "coffee grinder", "make it four-season", "forget the four-season")
    assert not any("season" in one for one in replied.record.loosened)
