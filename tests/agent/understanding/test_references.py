"""Which products a shopper points at: by place, by pronoun, by description, by name."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.shop_context import ShopContext
from agent.understanding.cart_lines import lines_in
from agent.understanding.named_products import NamedProducts, is_titled
from agent.understanding.references import References
from retrieval.records import Product

LISTED = ("S0", "S5", "S2", "S3")
"""Nike black, Veltra white, Veltra red, Nike blue: 40.50, 65.50, 50.50, 55.50."""


def pointed(shop_context: ShopContext, phrase: str, *, focus: str | None = None) -> tuple[str, ...]:
    state = DialogueState().show(LISTED, listed=True).model_copy(update={"focus": focus})
    return References(shop_context, state).resolve(phrase).item_ids


@pytest.mark.parametrize(
    ("phrase", "items"),
    [
        ("the second one", ("S5",)),
        ("number three", ("S2",)),
        ("the last", ("S3",)),
        ("the first two", ("S0", "S5")),
        ("the last two", ("S2", "S3")),
        ("the first and the third", ("S0", "S2")),
        ("the blue one", ("S3",)),
        ("the Veltra ones", ("S5", "S2")),
        ("the cheapest one", ("S0",)),
        ("the most expensive of these", ("S5",)),
        ("those", LISTED),
        ("both", ("S0", "S5")),
    ],
)
def test_words_point_into_the_list_on_the_screen(
    phrase: str, items: tuple[str, ...], shop_context: ShopContext
) -> None:
    assert pointed(shop_context, phrase) == items


def test_a_pronoun_is_what_is_talked_about(shop_context: ShopContext) -> None:
    assert pointed(shop_context, "it", focus="S2") == ("S2",)
    assert pointed(shop_context, "that one", focus="S2") == ("S2",)


def test_a_name_points_at_a_product_that_was_not_shown(shop_context: ShopContext) -> None:
    state = DialogueState().show(LISTED, listed=True)
    found = References(shop_context, state).resolve("the Sony Kettle 8")
    assert found.by_name
    assert found.item_ids == ("K8",)


@pytest.mark.parametrize("phrase", ["the ninth", "the second one", "it", ""])
def test_nothing_shown_is_nothing_to_point_at(phrase: str, shop_context: ShopContext) -> None:
    assert References(shop_context, DialogueState()).resolve(phrase).item_ids == ()


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("The Sony Kettle 8 or the Home Kettle 4?", ("K8", "K4")),
        ("Sony Kettle 8 vs Home Kettle 4", ("K8", "K4")),
        ("a red or a blue one", ()),
        ("running shoes or a kettle", ()),
    ],
)
def test_alternatives_by_name_are_two_products(
    text: str, items: tuple[str, ...], shop_context: ShopContext
) -> None:
    assert NamedProducts(shop_context, DialogueState()).either(text) == items


def test_products_are_counted_one_by_one(shop_context: ShopContext) -> None:
    references = References(shop_context, DialogueState())
    text = "three Sony Kettle 8 and one Home Kettle 4, please"
    assert lines_in(text, (), references) == (("K8", 3), ("K4", 1))
    assert lines_in("two of the Sony Kettle 8", (), references) == ()


def _pointing(shop_context: ShopContext, *lists: tuple[str, ...]) -> References:
    state = DialogueState()
    for shown in lists:
        state = state.show(shown, listed=True)
    return References(shop_context, state)


def test_a_place_on_an_earlier_list_is_none_on_the_screen(shop_context: ShopContext) -> None:
    references = _pointing(shop_context, LISTED, ("K8", "K4"))
    assert references.of_earlier("the third one from the first list") == ("S2",)
    assert references.of_earlier("the cheapest of the previous lot") == ("S0",)
    assert references.of_earlier("the cheapest of those") == ()


def test_what_a_product_is_told_by_points_at_it_shown_or_not(shop_context: ShopContext) -> None:
    references = _pointing(shop_context, LISTED)
    assert references.told_of("the Veltra one in red") == "S2"
    assert references.told_of("the Sony Kettle thing") in set(shop_context.shop.search.titled("Sony"))
    assert references.told_of("the nice big one") is None


@pytest.mark.parametrize(("title", "whole"), [("Ardea", True), ("The Ardea", True), ("Micro Ardea", False)])
def test_what_is_called_by_its_whole_title_is_no_other(title: str, whole: bool) -> None:
    assert is_titled(Product(item_id="A", title=title, currency="USD"), "the ardea") == whole


def test_what_nothing_shown_is_like_is_told_by_a_word_of_its_title(shop_context: ShopContext) -> None:
    references = References(shop_context, DialogueState().show(LISTED, listed=True))
    assert references.resolve("those silver sparkly things").item_ids == ("J1",)
    assert references.resolve("those blue things").item_ids == ("S3",)
