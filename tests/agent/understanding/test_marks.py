"""What is reduced or new is asked for in any words, and met by the shop's own marks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.tools.schema import Field
from agent.understanding.marks import asks_reduced, marks, only_marks


def schema(*fields: Field) -> Any:
    named = {field.name: field for field in fields}
    return SimpleNamespace(fields=named, field=named.get)


FLAGS = schema(Field("sale", "flag", {"yes": 3}), Field("new", "flag", {"yes": 2}))
PRICES = schema(Field("regular_price", "number", {"20": 1}))


@pytest.mark.parametrize(
    "text",
    [
        "what's on sale for men",
        "any deals on boots?",
        "are your lamps marked down",
        "reduced make-up",
        "special offers",
    ],
)
def test_what_is_reduced_is_asked_for_in_many_words(text: str) -> None:
    assert asks_reduced(text)


@pytest.mark.parametrize(
    "text",
    [
        "do you have a student discount?",
        "when is the next sale",
        "any voucher codes on offer?",
        "is it for sale",
        "not on sale",
    ],
)
def test_the_shops_reductions_in_general_are_no_products(text: str) -> None:
    assert not asks_reduced(text)


def test_a_flag_of_the_shop_is_its_mark() -> None:
    assert [(w.field, w.value) for w in marks("what's on sale", FLAGS)] == [("sale", True)]
    assert [(w.field, w.value) for w in marks("anything new in tees?", FLAGS)] == [("new", True)]


def test_without_a_flag_a_former_price_is() -> None:
    assert [w.field for w in marks("any deals on lamps", PRICES)] == ["regular_price"]


def test_a_shop_that_marks_nothing_is_asked_for_nothing() -> None:
    assert marks("any deals on lamps", schema()) == ()
    assert marks("anything new?", PRICES) == ()


def test_a_phrase_that_says_more_is_read_on() -> None:
    assert only_marks("on sale right now")
    assert not only_marks("red and on sale")


NAMED = schema(Field("erin_recommends", "flag", {"yes": 3}), Field("memory_backup", "flag", {"yes": 2}))


@pytest.mark.parametrize(
    "text", ["which jackets are recommended by Erin?", "what's Erin's pick", "does Erin like any of these"]
)
def test_a_flag_is_asked_for_by_its_rare_word_whatever_the_verb(text: str) -> None:
    assert [(w.field, w.value) for w in marks(text, NAMED)] == [("erin_recommends", True)]


def test_an_everyday_word_of_a_flag_marks_nothing() -> None:
    assert marks("I like a memory card", NAMED) == ()
    assert marks("not what Erin likes", NAMED) == ()
