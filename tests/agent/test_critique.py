"""Critiques relative to what is shown."""

from __future__ import annotations

import pytest

from agent.language.comparatives import find_critiques
from agent.reading.facts import Facts
from retrieval.catalog import Product
from tests.agent.conftest import Say


def shown(state, facts: Facts) -> list[Product]:  # type: ignore[no-untyped-def]
    return [product for item in state.last_shown() if (product := facts.product(item))]


def fitting(state, products: tuple[Product, ...]) -> list[Product]:  # type: ignore[no-untyped-def]
    return [product for product in products if state.filter().matches(product, (4.0, 9))]


def test_cheaper_than_the_third_is_cheaper(say: Say, facts: Facts, products: tuple[Product, ...]) -> None:
    _, state = say("running shoes")
    price = shown(state, facts)[2].price
    _, state = say("cheaper than the third one", state=state)
    assert price is not None
    assert all(p.price is not None and p.price < price for p in fitting(state, products))
    assert fitting(state, products)


def test_cheaper_alone_is_below_all_shown_where_the_shop_has_such(
    say: Say, facts: Facts, products: tuple[Product, ...]
) -> None:
    _, state = say("running shoes")
    dear = [p.item_id for p in fitting(state, products)][-4:]
    least = min(product.price or 0.0 for item in dear if (product := facts.product(item)))
    _, state = say("cheaper", state=state.show(dear))
    assert fitting(state, products)
    assert all((p.price or 0.0) < least for p in fitting(state, products))


@pytest.mark.parametrize("wish", ["running shoes", "running shoes under 60"])
def test_what_nothing_undercuts_is_told_and_what_was_in_force_stays(
    wish: str, say: Say, facts: Facts, products: tuple[Product, ...]
) -> None:
    _, before = say(wish)
    cheapest = min(fitting(before, products), key=lambda p: p.price or 0.0)
    meant, state = say("cheaper", "cheaper", state=before.show([cheapest.item_id]))
    assert any(notice.startswith("Nothing that fits is cheaper than") for notice in meant.notices)
    assert state.filter() == before.filter()
    assert fitting(state, products)


@pytest.mark.parametrize(
    ("text", "attribute", "more"),
    [("quieter than the first", "noise_db", False), ("a bit bigger than the first", "capacity_l", True)],
)
def test_measures_move_past_the_reference(
    text: str, attribute: str, more: bool, say: Say, facts: Facts, products: tuple[Product, ...]
) -> None:
    _, state = say("kettles")
    old = shown(state, facts)[0].attributes[attribute]
    _, state = say(text, state=state)
    new = [p.attributes[attribute] for p in fitting(state, products)]
    assert new
    assert all((value > old) == more and value != old for value in new)  # type: ignore[operator]


def test_what_only_buyers_judge_is_a_preference(say: Say) -> None:
    meant, _ = say("running shoes", "better comfort")
    assert [(p.kind, p.key) for p in meant.preferences] == [("aspect", "comfort")]


def test_like_the_second_but_in_red(say: Say, facts: Facts) -> None:
    _, state = say("running shoes")
    second = state.last_shown()[1]
    meant, state = say("like the second but in red", state=state)
    assert meant.similar_to == second
    assert [c.label for c in state.constraints][-1] == "red"
    assert "Shoes" in [c.label for c in state.constraints]


def test_more_like_this_less_like_that(say: Say) -> None:
    _, state = say("running shoes")
    first, third = state.last_shown()[0], state.last_shown()[2]
    meant, _ = say("more like the first, less like the third", state=state)
    assert {(p.item_id, p.direction) for p in meant.preferences} == {(first, 1.0), (third, -1.0)}


@pytest.mark.parametrize(
    "text", ["not too expensive", "cheaper than 50", "show me more", "more like this", "more info"]
)
def test_what_is_no_critique(text: str) -> None:
    assert find_critiques(text) == ()


@pytest.mark.parametrize(
    ("text", "direction", "topic"),
    [
        ("cheaper", -1, "price"),
        ("too expensive", -1, "price"),
        ("not as heavy", -1, "weight"),
        ("less noise", -1, "noise"),
        ("longer battery life", 1, "battery"),
        ("it's too loud", -1, "noise"),
        ("more comfortable", 1, "comfort"),
        ("less expensive", -1, "price"),
    ],
)
def test_reads_comparatives(text: str, direction: int, topic: str) -> None:
    (critique,) = find_critiques(text)
    assert critique.direction == direction
    assert topic in critique.topics


@pytest.mark.parametrize(
    "question",
    [
        "which is cheaper, the first or the second?",
        "which is heaviest?",
        "which one is the lightest",
        "which of these is the biggest?",
        "which of them is smallest",
        "which one would be fastest",
        "which is the heavier, the first or the second?",
        "which shoe is the heaviest?",
        "what is the longest of them",
        "which lasts longest?",
        "is the first or the second heavier?",
        "how much heavier is the second than the first?",
        "is the second one lighter than the first?",
        "whats the longest lasting one?",
        "does the first have more cushioning than the second?",
        "wich one is the lightest",
    ],
)
def test_which_is_more_of_something_is_a_question_and_no_wish(question: str, say: Say) -> None:
    _, before = say("running shoes")  # the cheapest come first: nothing is cheaper
    meant, after = say(question, state=before)
    assert meant.act == "compare"
    assert meant.notices == ()
    assert (after.filter(), after.preferences) == (before.filter(), before.preferences)


@pytest.mark.parametrize(
    "wish",
    [
        "what about a lighter one",
        "which is the cheapest kettle",
        "which kettle is the quietest?",
        "lighter",
        "is there anything lighter?",
    ],
)
def test_what_is_wished_for_is_no_comparison(wish: str, say: Say) -> None:
    meant, _ = say("running shoes", wish)
    assert meant.act != "compare"


def test_two_products_named_are_the_two_compared(say: Say) -> None:
    _, before = say("running shoes")
    meant, _ = say("which is heavier, the Nike Runner 0 or the Adidas Runner 1?", state=before)
    assert [referent.item_id for referent in meant.referents] == ["S0", "S1"]


@pytest.mark.parametrize(
    "question",
    [
        "can i send it back if i dont like it?",
        "does it come with a longer guarantee?",
        "can I return the first one?",
    ],
)
def test_a_question_to_the_shop_neither_rejects_nor_criticises(question: str, say: Say) -> None:
    _, before = say("running shoes")
    meant, after = say(question, state=before)
    assert meant.act == "ask_shop"
    assert (after.rejected, after.filter()) == (before.rejected, before.filter())


@pytest.mark.parametrize(
    "question", ["how long does the first take to boil", "what's the noise of the first"]
)
def test_a_question_on_a_product_is_none_to_the_shop(question: str, say: Say) -> None:
    meant, _ = say("kettles", question)
    assert meant.act == "ask_product"


def test_between_two_sizes_is_no_price(say: Say) -> None:
    meant, after = say("running shoes", "what size should I take if I am between 42 and 43?")
    assert meant.act == "ask_shop"
    assert all(constraint.kind != "price" for constraint in after.constraints)


def test_a_price_after_a_size_is_a_price(say: Say) -> None:
    meant, _ = say("running shoes in size 43 between 40 and 60")
    assert any(constraint.kind == "price" for constraint in meant.constraints)


@pytest.mark.parametrize(
    "question",
    [
        "do buyers freeze in it?",
        "what's wrong with the first one",
        "whats wrong with the first one",
        "did people like it",
    ],
)
def test_what_buyers_do_is_asked_of_buyers(question: str, say: Say) -> None:
    meant, _ = say("running shoes", question)
    assert meant.act == "ask_buyers"


def test_a_size_that_nothing_has_is_told_where_another_is_in_force(say: Say) -> None:
    meant, _ = say("running shoes in size 43", "do you have them in 46?")
    assert any("size 46" in notice for notice in meant.notices)
    meant, _ = say("running shoes in size 43", "do you have them in 44?")
    assert not any("size" in notice for notice in meant.notices)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("ok ill take it", "accept"),
        ("can i wash it", "ask_shop"),
        ("why", "ask_product"),
        ("what did other people buy", "bundle"),
        ("how many stars does the first one have", "ask_product"),
    ],
)
def test_short_words_about_what_is_shown(text: str, act: str, say: Say) -> None:
    meant, _ = say("running shoes", text)
    assert meant.act == act


def test_how_long_one_lasts_points_at_that_one_alone(say: Say) -> None:
    _, before = say("running shoes")
    meant, _ = say("how long does the first one last", state=before)
    assert [referent.item_id for referent in meant.referents] == [before.last_shown()[0]]
