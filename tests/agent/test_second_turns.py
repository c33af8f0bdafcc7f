"""What is said of what is shown: choosing among it, several things at once, counts, sums and second thoughts."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.planner.policy import FAR_BEHIND
from agent.storage.carts import cart_owner
from tests.agent.talks import kinds, talk


def test_two_things_in_one_request_are_both_shown(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "a tent and a sleeping bag, please")
    assert kinds(replied) == {"Tent", "Sleeping bag"}


def test_a_thing_that_is_not_sold_is_told_beside_the_one_that_is(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "I want a kettle and a toaster")
    assert kinds(replied) == {"Electric kettle"}
    assert "no toaster" in replied.text


def test_a_budget_for_two_things_pays_for_both(assistant: ShoppingAssistant) -> None:
    cheapest = {
        kind: min(c.price for c in talk(assistant, f"the cheapest {kind}")[0].cards if c.price)
        for kind in ("electric kettle", "coffee grinder")
    }
    (replied,) = talk(assistant, "an electric kettle and a coffee grinder, 120 dollars for both together")
    for card in replied.cards:
        other = cheapest["coffee grinder" if "Kettle" in card.title else "electric kettle"]
        assert card.price is not None
        assert card.price + other <= 120


def test_nothing_under_a_price_is_at_least_it(assistant: ShoppingAssistant) -> None:
    _, refined = talk(assistant, "do you have a bike helmet", "so, nothing under eighty-five dollars please")
    assert refined.cards
    assert all(card.price is not None and card.price >= 85 for card in refined.cards)


def test_a_bare_bound_is_of_the_price_though_the_name_of_the_thing_names_a_field(
    assistant: ShoppingAssistant,
) -> None:
    (replied,) = talk(assistant, "can you find me a merino sweater under 85")
    assert replied.cards
    assert all(card.price is not None and card.price < 85 for card in replied.cards)


@pytest.mark.parametrize(
    "need", ["my tea is cold before the train pulls in", "somewhere dry to sleep on a rainy weekend hike"]
)
def test_a_need_is_met_without_what_comes_far_behind_the_first(
    assistant: ShoppingAssistant, need: str
) -> None:
    (replied,) = talk(assistant, need)
    scores = {one.item_id: one.total for one in replied.record.considered}
    first, *others = replied.cards
    assert all(scores[card.item_id] >= scores[first.item_id] - FAR_BEHIND for card in others)


def test_which_of_them_has_something_shows_those_of_them_that_have_it(assistant: ShoppingAssistant) -> None:
    shown, chosen = talk(assistant, "show me electric kettles", "which of them are under 50?")
    assert chosen.cards
    assert {c.item_id for c in chosen.cards} <= {c.item_id for c in shown.cards}
    assert all(card.price is not None and card.price < 50 for card in chosen.cards)


def test_where_none_of_them_has_it_all_of_the_kind_are_asked(assistant: ShoppingAssistant) -> None:
    shown, chosen = talk(assistant, "the most expensive electric kettle", "are any of those under 35?")
    assert chosen.cards
    assert not {c.item_id for c in chosen.cards} & {c.item_id for c in shown.cards}
    assert all(card.price is not None and card.price < 35 for card in chosen.cards)


def test_the_cheaper_of_two_is_the_cheapest_of_them(assistant: ShoppingAssistant) -> None:
    shown, chosen = talk(assistant, "show me electric kettles", "the cheaper of the first two?")
    prices = [card.price for card in shown.cards[:2] if card.price is not None]
    assert chosen.cards[0].price == min(prices)


def test_a_place_on_the_list_shows_that_product_again(assistant: ShoppingAssistant) -> None:
    shown, again = talk(assistant, "show me electric kettles", "just the second one again please")
    assert [card.item_id for card in again.cards] == [shown.cards[1].item_id]


def _in_cart(assistant: ShoppingAssistant, *said: str) -> dict[str, int]:
    """Item id to quantity, after the talk."""
    session = assistant.session(None)
    for text in said:
        session.reply(text)
    return assistant.desk.carts.items(cart_owner(None, session.session_id))


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (("two of them then",), 2),
        (("make it three",), 3),
        (("three of those", "no sorry, I've only space for one, make it one"), 1),
        (("add two more of them",), 3),
    ],
)
def test_a_count_of_what_is_in_the_cart_is_how_many_there_shall_be(
    assistant: ShoppingAssistant, said: tuple[str, ...], count: int
) -> None:
    kept = _in_cart(assistant, "show me electric kettles", "add the first one to my cart", *said)
    assert list(kept.values()) == [count]


def test_products_are_counted_each(assistant: ShoppingAssistant) -> None:
    kept = _in_cart(
        assistant, "show me electric kettles", "put 2 of the first and one of the third in my cart"
    )
    assert sorted(kept.values()) == [1, 2]


def test_two_of_those_are_taken_and_summed(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "the cheapest electric kettle", "two of those then. what's the damage?")
    assert "2 ×" in replied.text


def test_thanks_buy_nothing(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "show me electric kettles", "sweet, thx, that's me sorted!")
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


def test_a_comparison_of_prices_tells_the_difference(assistant: ShoppingAssistant) -> None:
    shown, compared = talk(
        assistant, "show me electric kettles", "how much dearer is the first than the second?"
    )
    first, second = shown.cards[0].price, shown.cards[1].price
    assert first is not None
    assert second is not None
    assert f"${abs(first - second):.2f}" in compared.text


def test_what_would_be_left_is_told_before_anything_is_bought(assistant: ShoppingAssistant) -> None:
    shown, told = talk(
        assistant, "show me electric kettles", "what's left of my 500 if I take the first and the second?"
    )
    prices = [card.price for card in shown.cards[:2] if card.price is not None]
    assert f"${500 - sum(prices):.2f}" in told.text


def test_two_named_at_once_are_compared(assistant: ShoppingAssistant) -> None:
    (shown,) = talk(assistant, "show me electric kettles")
    one, other = shown.cards[0], shown.cards[3]
    (compared,) = talk(assistant, f"The {one.title} or the {other.title}?")
    assert {card.item_id for card in compared.cards} == {one.item_id, other.item_id}


def test_a_condition_is_forgotten_and_the_talk_is_not(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "electric kettle under 40", "forget the price")
    assert kinds(replied) == {"Electric kettle"}
    assert not any(call.name == "remember" for call in replied.record.tool_calls)
    assert any(card.price is not None and card.price > 40 for card in replied.cards)


def test_a_doubt_whether_there_is_any_asks_for_it(assistant: ShoppingAssistant) -> None:
    *_, unsold, sold = talk(assistant, "a tent", "no toasters either I suppose?", "no kettles then?")
    assert "no toasters" in unsold.text
    assert kinds(sold) == {"Electric kettle"}


def test_what_is_not_sold_is_told_with_what_comes_nearest(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "I'm after a cardigan")
    assert replied.text.startswith("Sorry, I have no cardigan here. The nearest I have is")
    assert [chip.label for chip in replied.chips if chip.kind == "answer"]


def test_where_nothing_is_near_nothing_is_offered(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "do you have a laptop?")
    assert "The nearest" not in replied.text


def test_a_yes_takes_what_was_offered(assistant: ShoppingAssistant) -> None:
    offered, taken = talk(assistant, "I'm after a cardigan", "yes please")
    labels = {chip.label for chip in offered.chips if chip.kind == "answer"}
    assert kinds(taken)
    assert kinds(taken) <= labels


def test_a_comparison_says_of_what_it_speaks(assistant: ShoppingAssistant) -> None:
    shown, compared = talk(assistant, "tents", "what sets the first two apart?")
    first = shown.cards[0].title.split()[0]
    assert first in compared.text.split("differ")[0]


def test_what_one_can_get_for_an_amount_costs_no_more(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "the biggest tent I can get for three hundred")
    assert replied.cards
    assert all(card.price is not None and card.price <= 300 for card in replied.cards)


def test_the_same_list_again_is_told_to_fit_what_was_added(assistant: ShoppingAssistant) -> None:
    first, again = talk(assistant, "a tent for 4 people under 900", "it must be under 890 dollars")
    same = [c.item_id for c in first.cards] == [c.item_id for c in again.cards]
    assert ("fit that, too" in again.text or "fits that, too" in again.text) == same


def test_a_product_taken_and_another_thing_asked_for_are_both_done(assistant: ShoppingAssistant) -> None:
    tents, both = talk(
        assistant, "show me a tent", "put the first one in my cart, and what's your cheapest sleeping bag?"
    )
    assert tents.cards[0].title in both.text
    assert "in your cart" in both.text or "to your cart" in both.text
    assert "Sleeping bag" in kinds(both)


def test_a_product_of_an_earlier_list_is_shown_again(assistant: ShoppingAssistant) -> None:
    first, *_, again = talk(
        assistant, "show me tents", "now headlamps", "the second one from the first list, show me that again"
    )
    assert [card.item_id for card in again.cards] == [first.cards[1].item_id]


def test_what_is_similar_is_like_the_product_talked_about(assistant: ShoppingAssistant) -> None:
    first, _, similar = talk(
        assistant, "show me tents", "is the first one waterproof?", "hm, anything similar?"
    )
    assert similar.cards
    assert first.cards[0].item_id not in {card.item_id for card in similar.cards}


def test_all_of_the_shop_are_ordered_whatever_was_asked_before(assistant: ShoppingAssistant) -> None:
    _, ordered = talk(
        assistant, "a tent under 150 dollars", "and which is the most expensive of all your tents?"
    )
    assert ordered.cards[0].price is not None
    assert ordered.cards[0].price > 150


def test_raising_what_may_be_spent_asks_for_products(assistant: ShoppingAssistant) -> None:
    _, raised = talk(assistant, "a tent under 150 dollars", "and what if I stretch to 400")
    assert raised.cards
    assert {"Tent"} == kinds(raised)
    assert all(card.price is not None and card.price <= 400 for card in raised.cards)


@pytest.mark.parametrize(
    ("sought", "bound", "attribute"),
    [
        ("tents", "lighter than the second, please", "weight_kg"),
        ("wireless headphones", "something cheaper than the second one", "price"),
    ],
)
def test_less_than_one_of_those_shown_is_looked_for_and_not_compared(
    sought: str, bound: str, attribute: str, assistant: ShoppingAssistant
) -> None:
    shown, replied = talk(assistant, sought, bound)
    edge = shown.cards[0 if "first" in bound else 1].item_id

    def value(item_id: str) -> float:
        product = assistant.shop.product(item_id)
        assert product is not None
        amount = product.price if attribute == "price" else product.attributes[attribute]
        assert isinstance(amount, float)
        return amount

    assert replied.cards
    assert all(value(card.item_id) < value(edge) for card in replied.cards)


@pytest.mark.parametrize("said", ["I want cedar please", "it should be mint", "no, make that 150 dollars"])
def test_how_things_should_be_changes_no_cart(said: str, assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "do you have merino sweaters", "remove the fourth one", said)
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


def test_what_is_only_named_is_shown_before_it_is_bought(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "so, tents", "whale ones")
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


@pytest.mark.parametrize("denied", ["well, nothing in pink, please", "hm, not relaxed please"])
def test_what_only_denies_stays_with_what_is_looked_for(denied: str, assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "show me linen shirts", denied)
    assert kinds(replied) == kinds(shown)


def test_what_changed_nothing_is_what_is_undone(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "earbuds", "within $100", "not castle if you can", "undo that")
    assert all(card.price is not None and card.price <= 100 for card in replied.cards)


def test_a_cart_that_was_just_emptied_is_offered_nothing(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(
        assistant, "tents", "add the first one", "take it out of my cart", "what's in my basket?"
    )
    assert "Shall I" not in replied.text


@pytest.mark.parametrize(
    ("said", "field", "aim"),
    [
        ("a quiet vacuum cleaner", "noise_db", "low"),
        ("cheap kettle", "price", "low"),
        ("lightweight tent for three", "weight_kg", "low"),
    ],
)
def test_a_word_that_only_grades_a_thing_is_a_wish(
    said: str, field: str, aim: str, assistant: ShoppingAssistant
) -> None:
    (replied,) = talk(assistant, said)
    wished = replied.record.understanding["prefer"]
    assert any(one["field"] == field and one["aim"] == aim for one in wished)


@pytest.mark.parametrize("said", ["running shoes for men", "women's rain jacket", "electric kettle"])
def test_of_a_thing_by_its_name_several_are_shown(said: str, assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, said)
    assert len(replied.cards) > 2


def test_what_is_just_named_of_what_was_put_in_adds_no_second_one(assistant: ShoppingAssistant) -> None:
    kept = _in_cart(assistant, "board games", "add the first one to my cart", "blue one")
    assert list(kept.values()) == [1]


@pytest.mark.parametrize("refused", ["not that brand", "anything but that make, please", "a different brand"])
def test_a_maker_is_refused_without_its_name(refused: str, assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "bike locks", refused)
    first = assistant.shop.product(shown.cards[0].item_id)
    assert first is not None
    others = [assistant.shop.product(card.item_id) for card in replied.cards]
    assert others
    assert all(product is not None and product.brand != first.brand for product in others)


def test_how_one_pays_is_asked_of_the_shop(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "how do I pay?")
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


def test_for_how_many_a_tent_is_must_not_be_said_in_its_words(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "lightweight tent for two under $200")
    assert {where["field"] for where in replied.record.understanding["where"]} == {"persons", "price"}


def test_how_many_there_are_is_told(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "how many tents under $200?")
    cheap = [
        p for p in assistant.shop.catalog.products() if p.category[-1] == "Tent" and (p.price or 0) < 200
    ]
    assert f"There are {len(cheap)} that fit" in replied.text
    assert len(replied.cards) == min(5, len(cheap))


def test_a_value_before_a_thing_binds_and_is_no_name(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "black headphones under $300")
    understood = replied.record.understanding
    assert any(where["value"] == "black" for where in understood["where"])
    assert not understood.get("prefer")


@pytest.mark.parametrize(
    "said", ["add the third one", "something like the second one", "compare the first two"]
)
def test_a_place_that_nothing_is_at_is_told(said: str, assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "a head torch with at least 850 lumens under 40", said)
    assert len(shown.cards) == 1
    assert "only one" in replied.text
    assert [card.item_id for card in replied.cards] == [card.item_id for card in shown.cards]
    assert not any(call.name == "cart" for call in replied.record.tool_calls)
