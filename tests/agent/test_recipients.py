"""Whom it is for, by kinship: binds where the kind of product is made for men, women or kids."""

from __future__ import annotations

import pytest

from agent.reading.facts import Facts
from agent.reading.recipients import for_recipient
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product
from retrieval.filters import Filter


def jacket(people: str) -> Product:
    return Product(
        item_id=people,
        title=f"{people} Rain Jacket",
        category=("Jackets",),
        price=50.0,
        attributes={"made_for": people},
    )


LAMP = Product(item_id="lamp", title="Desk Lamp", category=("Lamps",), price=30.0)
PRODUCTS = (jacket("women's"), jacket("men's"), jacket("kids'"), LAMP)
VOCABULARY = Vocabulary.of(PRODUCTS)


def count(condition: Filter) -> int:
    return sum(condition.matches(product, None) for product in PRODUCTS)


def fitting(text: str) -> set[str]:
    facts = Facts(count=count)
    meant = understand(text, DialogueState(), VOCABULARY, facts)
    meant = for_recipient(meant, DialogueState(), VOCABULARY, facts)
    condition = DialogueState().apply(meant).filter()
    return {product.item_id for product in PRODUCTS if condition.matches(product, None)}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a jacket for my wife", {"women's"}),
        ("a warm jacket for my dear old dad", {"men's"}),
        ("a jacket for my daughter", {"women's", "kids'"}),
        ("a jacket for my nephew", {"kids'"}),
        ("a jacket for my neighbour", {"women's", "men's", "kids'"}),
    ],
)
def test_kin_say_for_whom_a_thing_is_made(text: str, fits: set[str]) -> None:
    assert fitting(text) == fits


def test_what_is_made_for_anybody_is_not_narrowed() -> None:
    assert fitting("a lamp for my wife") == {"lamp"}


def test_what_is_said_outright_counts_more() -> None:
    assert fitting("a men's jacket for my wife") == {"men's"}
