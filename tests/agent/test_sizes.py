"""Clothing sizes: S is Small and M is Medium, however a product's options write them."""

from __future__ import annotations

import pytest

from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product


def shirt(item_id: str, *sizes: str) -> Product:
    return Product(item_id=item_id, title="Tee", category=("T-shirts",), price=20.0, options={"Size": sizes})


SHIRTS = (shirt("letters", "S", "M"), shirt("words", "Small", "Medium"), shirt("large", "X-Large"))


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("a t-shirt, size M", {"letters", "words"}),
        ("a t-shirt in medium", {"letters", "words"}),
        ("a t-shirt in size XL", {"large"}),
        ("a t-shirt in extra large", {"large"}),
    ],
)
def test_a_size_is_the_same_in_letters_and_in_words(text: str, fitting: set[str]) -> None:
    meant = understand(text, DialogueState(), Vocabulary.of(SHIRTS))
    condition = DialogueState().apply(meant).filter()
    assert {product.item_id for product in SHIRTS if condition.matches(product, None)} == fitting
    assert meant.memory == ()
