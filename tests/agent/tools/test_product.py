"""Questions on one product: what is stated, what buyers say, what is unknown, what must not be judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.tools.asked import unnamed
from agent.tools.context import ToolContext
from agent.tools.pages import pages
from agent.tools.product import product

Handle = Callable[[str], str]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("how loud is it", "noise_db"),
        ("what is it made of, which material", "material"),
        ("how much is it", "price"),
        ("who makes it", "brand"),
        ("what's it called and how much", "title"),
    ],
)
def test_a_question_is_answered_by_the_field_that_it_is_about(
    context: ToolContext, handle: Handle, question: str, field: str
) -> None:
    answer = product(context, handle("K2"), question)
    assert answer.known
    assert answer.sure
    assert field in [fact.name for fact in answer.facts]


@pytest.mark.parametrize(
    ("item", "question", "other"),
    [
        ("K3", "what is it made for, gas or induction", "category"),
        ("C1", "is it about space, planets or stars", "stars"),
        ("S1", "how much weight does it hold", "weight_g"),
        ("S1", "how much does it carry", "price"),
        ("C1", "what is it made of", "category"),
        ("K1", "is it dual SIM", "noise_db"),
        ("K4", "what keeps the handle from getting hot", "keeps_warm"),
    ],
)
def test_a_field_that_shares_a_word_with_the_question_answers_no_other(
    context: ToolContext, handle: Handle, item: str, question: str, other: str
) -> None:
    assert other not in [fact.name for fact in product(context, handle(item), question).facts]


def test_of_what_it_is_made_the_field_tells(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("K4"), "what is it made of?")
    assert [fact.name for fact in answer.facts] == ["material"]


def test_of_what_it_is_made_a_sentence_tells_where_no_field_does(
    context: ToolContext, handle: Handle
) -> None:
    answer = product(context, handle("S2"), "what is the second one made of?")
    assert [passage.text for passage in answer.passages] == ["100% raffia."]
    assert not answer.facts


def test_what_is_not_stated_is_told_with_what_comes_nearest(context: ToolContext, handle: Handle) -> None:
    told = product(context, handle("K2"), "does the wall keep it quiet at night").brief()
    assert told.startswith("not stated; nearest: ") or "quiet" in told


@pytest.mark.parametrize("question", ["is it for the track or for the trail", "is it light or heavy"])
def test_of_two_that_are_offered_one_is_enough(context: ToolContext, handle: Handle, question: str) -> None:
    answer = product(context, handle("S2"), question)
    assert "Light shoes for the track." in [passage.text for passage in answer.passages]


def test_a_unit_that_is_asked_for_is_found_without_a_verb(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("C2"), "what refresh rate does it have")
    assert [passage.text for passage in answer.passages] == ['6.4" panel, 90Hz.']


def test_the_verdict_of_buyers_answers_no_question_on_what_it_is(
    context: ToolContext, handle: Handle
) -> None:
    assert product(context, handle("K2"), "who is it for").buyers is None
    assert product(context, handle("K2"), "is it any good").buyers is not None


def test_a_value_that_a_product_does_not_come_in_is_told_as_such(
    context: ToolContext, handle: Handle
) -> None:
    (fact,) = product(context, handle("S1"), "does it come in blue").facts
    assert (fact.name, fact.wanted, fact.holds) == ("Color", "Blue", False)


def test_a_value_that_a_product_comes_in_holds(context: ToolContext, handle: Handle) -> None:
    (fact,) = product(context, handle("S1"), "is that available in a size 43").facts
    assert (fact.name, fact.wanted, fact.holds) == ("Size", "43", True)


def test_a_question_that_asks_for_more_than_a_field_is_not_surely_answered_by_it(
    context: ToolContext, handle: Handle
) -> None:
    answer = product(context, handle("K2"), "would the noise wake a baby sleeping behind thin plaster walls")
    assert not answer.sure


def test_what_no_field_states_is_answered_by_the_description(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("K2"), "does the outside get hot, or stay cool")
    assert answer.passages[0].text == "A double wall keeps the outside cool."


def test_what_the_shop_does_not_say_is_answered_by_buyers(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("K2"), "is the handle solid")
    assert answer.known
    assert answer.buyers is not None
    assert answer.buyers.mentioned


def test_what_nobody_says_is_unknown(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("C1"), "does it play the radio")
    assert not answer.known
    assert "say that it is not stated" in answer.text()


def test_what_may_hurt_is_answered_by_what_is_stated_alone(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("K2"), "is the handle safe for a toddler")
    assert answer.sensitive
    assert answer.buyers is None


def test_without_a_question_all_that_is_known_is_told(context: ToolContext, handle: Handle) -> None:
    answer = product(context, handle("K1"))
    assert {"capacity_l", "material", "price", "stars"} <= {fact.name for fact in answer.facts}


def test_a_description_that_instructs_is_not_passed_on(context: ToolContext, handle: Handle) -> None:
    told = product(context, handle("K3")).text()
    assert "Painted by hand in Porto." in told
    assert "previous instructions" not in told


def test_an_unknown_handle_is_answered_with_those_that_exist(context: ToolContext, handle: Handle) -> None:
    handle("K1")
    answer = product(context, "P9", "how loud is it")
    assert not answer.known
    assert "P1" in answer.problem


def test_the_evidence_of_an_answer_is_kept(context: ToolContext, handle: Handle) -> None:
    product(context, handle("K1"), "how loud is it")
    assert "field:K1:noise_db" in context.shelf.evidence


def test_a_word_of_the_name_that_is_asked_for_stays_in_the_question(context: ToolContext) -> None:
    shoes = context.desk.shop.catalog.product("S1")
    assert shoes is not None
    high = shoes.model_copy(update={"title": "Nordhall High Kestrel Running Shoes"})
    assert unnamed(context.desk, high, "how high is the kestrel heel") == "how high is the heel"


def test_what_the_pages_leave_open_is_called_by_its_name(context: ToolContext) -> None:
    assert pages(context, "can i pay with paypal").about == "payment"
    assert not pages(context, "what does shipping cost").about
    assert not pages(context, "does the second one whistle").about
