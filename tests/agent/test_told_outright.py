"""What is said outright in a later turn holds: a value told alone, a bound put right, what no longer matters, an undo."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.understanding.utterance import only_bounds
from tests.agent.talks import kinds, prices, talk


@pytest.mark.parametrize("said", ["rabbit ones please", "make it bootcut, thanks", "hm, I want cooperative"])
def test_a_value_that_the_kind_has_not_is_kept_and_told(assistant: ShoppingAssistant, said: str) -> None:
    _, replied = talk(assistant, "an electric kettle", said)
    assert kinds(replied) == {"Electric kettle"}
    assert len(replied.record.loosened) == 1


def test_a_value_told_alone_holds_and_buys_nothing(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "plush animals", "fox ones please")
    assert replied.cards
    assert all("Fox" in card.title for card in replied.cards)
    assert not any(call.name == "cart" for call in replied.record.tool_calls)


def test_a_value_that_nothing_has_is_off_once_it_is_refused(assistant: ShoppingAssistant) -> None:
    *_, told, replied = talk(assistant, "an electric kettle", "rabbit ones", "I don't want rabbit, thanks")
    assert told.record.loosened
    assert not replied.record.loosened


@pytest.mark.parametrize(
    "said",
    ["any price is fine", "money is no object", "the price really doesn't matter", "forget the budget"],
)
def test_a_price_that_no_longer_matters_shows_what_it_kept_away(
    assistant: ShoppingAssistant, said: str
) -> None:
    near, replied = talk(assistant, "a city bike under 20 dollars", said)
    assert near.record.loosened
    assert replied.cards
    assert not replied.record.loosened


@pytest.mark.parametrize(
    "said", ["sorry, I mean 200", "no wait, make that $200", "actually, make it 200 dollars"]
)
def test_one_amount_in_place_of_a_range_is_the_most_to_be_spent(
    assistant: ShoppingAssistant, said: str
) -> None:
    *_, replied = talk(assistant, "show me tents", "between $150 and $300", said)
    wanted = [(w["field"], w["op"], w["value"]) for w in replied.record.understanding["where"]]
    assert wanted == [("price", "<=", 200.0)]
    assert not [chip for chip in replied.chips if "at least" in chip.label]


def test_a_bound_that_is_put_right_keeps_its_side(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "tents over $300", "no wait, make that 200")
    assert min(prices(replied)) > 200


def test_a_bare_bound_is_money_where_what_is_measured_has_a_unit(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "shampoo", "max 50")
    assert [chip.label for chip in replied.chips if "50" in chip.label] == ["at most $50"]


def test_a_bare_bound_after_a_price_is_one(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "jigsaw puzzles", "between $110 and $118", "at most 85")
    assert not replied.record.loosened
    assert [chip.label for chip in replied.chips if "85" in chip.label] == ["at most $85"]


def test_an_undo_brings_back_what_a_fresh_start_left(assistant: ShoppingAssistant) -> None:
    first, _, replied = talk(assistant, "tents under $200", "start over, show me kettles", "undo that")
    assert [card.item_id for card in replied.cards] == [card.item_id for card in first.cards]


def test_what_is_said_after_an_undo_is_no_undo(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "show me tents", "under $250", "undo", "nothing over $200 then, thanks")
    assert max(prices(replied)) <= 200


def test_the_shops_own_name_of_a_kind_is_a_request(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "so, could you find me soap bar if you can")
    assert kinds(replied) == {"Soap bar"}


def test_a_refusal_takes_nothing_out_of_an_empty_cart(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "freewheels or city bikes", "I don't want Torqwell")
    assert replied.cards
    assert all(card.brand != "Torqwell" for card in replied.cards)


def test_two_undos_are_two_steps_back(assistant: ShoppingAssistant) -> None:
    first, *_, replied = talk(assistant, "show me tents", "under $300", "four-season", "undo", "undo that")
    assert [card.item_id for card in replied.cards] == [card.item_id for card in first.cards]


def test_who_says_what_not_to_show_is_shown_the_rest(assistant: ShoppingAssistant) -> None:
    shown, replied = talk(assistant, "do you have duvets", "don't show me Larkhome, thanks")
    assert kinds(replied) == kinds(shown) == {"Duvet"}
    assert all(card.brand != "Larkhome" for card in replied.cards)


def test_a_fresh_start_is_for_nobody_in_particular(assistant: ShoppingAssistant) -> None:
    told, replied = talk(assistant, "women's merino sweaters", "start over, show me jeans")
    assert any("women" in chip.label.lower() for chip in told.chips)
    assert not any("women" in chip.label.lower() for chip in replied.chips)


def test_a_share_is_no_more_than_all(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "merino sweater under 125")
    assert max(prices(replied)) < 125


@pytest.mark.parametrize(
    ("said", "alone"), [("hm, max 385", True), ("$40 tops please", True), ("is delivery under $5", False)]
)
def test_a_bound_said_alone_is_known(said: str, alone: bool) -> None:
    assert only_bounds(said) is alone


def test_a_value_that_opens_with_a_denial_is_asked_for(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "show me pannier bags", "non-stick")
    assert replied.record.loosened == ("non-stick",)


def test_a_kind_by_its_own_name_may_have_a_limit(assistant: ShoppingAssistant) -> None:
    (replied,) = talk(assistant, "ok, can you find me soap bar under $9")
    assert kinds(replied) == {"Soap bar"}
    assert max(prices(replied)) < 9


def test_a_place_on_the_screen_is_no_quality(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "show me tents", "I don't like the first one")
    assert replied.cards
    assert not replied.record.loosened
    assert "first" not in " ".join(chip.label for chip in replied.chips)


@pytest.mark.parametrize("said", ["I want mustard if you can", "make it teal please"])
def test_a_color_that_only_descriptions_name_is_told(assistant: ShoppingAssistant, said: str) -> None:
    _, replied = talk(assistant, "an electric kettle", said)
    assert kinds(replied) == {"Electric kettle"}
    assert replied.record.loosened


@pytest.mark.parametrize("said", ["show me the ones from Pedalnord please", "only those by Pedalnord"])
def test_the_ones_of_a_maker_are_those_it_makes(assistant: ShoppingAssistant, said: str) -> None:
    _, replied = talk(assistant, "an electric kettle", said)
    assert kinds(replied) == {"Electric kettle"}
    assert replied.record.loosened == ("Pedalnord",)


@pytest.mark.parametrize("said", ["um, I want on-ear", "I want robot please"])
def test_a_word_that_only_describes_is_no_other_thing(assistant: ShoppingAssistant, said: str) -> None:
    _, replied = talk(assistant, "tents", said)
    assert kinds(replied) == {"Tent"}
    assert len(replied.record.loosened) == 1


def test_a_thing_with_an_article_is_another_one(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "tents", "I want a robot vacuum")
    assert kinds(replied) == {"Vacuum cleaner"}


def test_a_degree_that_nothing_of_the_kind_tells_is_told(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "jigsaw puzzles", "it should be slim")
    assert replied.record.loosened == ("slim",)


@pytest.mark.parametrize("refused", ["nothing in rabbit, thanks", "no rabbit please"])
def test_a_value_that_nothing_has_is_off_however_it_is_refused(
    assistant: ShoppingAssistant, refused: str
) -> None:
    *_, told, replied = talk(assistant, "an electric kettle", "rabbit ones", refused)
    assert told.record.loosened
    assert not replied.record.loosened


def test_a_refused_brand_of_everyday_words_leaves_what_is_looked_for(assistant: ShoppingAssistant) -> None:
    _, replied = talk(assistant, "tents under $300", "uh, any brand but Little Harbor, thanks")
    assert kinds(replied) == {"Tent"}
    assert max(prices(replied)) < 300


@pytest.mark.parametrize("refused", ["no mint, thanks", "not forest green"])
def test_a_refused_value_of_other_kinds_rules_out_no_near_one(
    assistant: ShoppingAssistant, refused: str
) -> None:
    _, replied = talk(assistant, "city bikes", refused)
    assert not replied.record.understanding.get("where")


def test_an_amount_put_right_puts_nothing_into_the_cart(assistant: ShoppingAssistant) -> None:
    *_, replied = talk(assistant, "jeans", "at most 145 dollars", "no wait, make that 85 dollars")
    assert not any(call.name == "cart" for call in replied.record.tool_calls)
    assert max(prices(replied)) <= 85
