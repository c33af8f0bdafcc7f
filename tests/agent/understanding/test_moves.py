"""Which moves an utterance makes, beside what the reader saw."""

from __future__ import annotations

import pytest

from agent.understanding.moves import moves_with_cart


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("could your men carry it upstairs and what does that cost", "ask_shop"),
        ("do you gift wrap it, how much is it", "ask_shop"),
        ("do you have it in blue and what does that cost", "ask_product"),
    ],
)
def test_what_a_service_costs_is_no_products_price(said: str, move: str) -> None:
    assert moves_with_cart(("ask_shop",), said) == (move,)
