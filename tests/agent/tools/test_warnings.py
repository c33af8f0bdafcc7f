"""What a product's own text warns of is nothing for who tells just that."""

from __future__ import annotations

import pytest

from agent.tools.warnings import warned_of
from retrieval.records import Product


def of(text: str) -> Product:
    return Product(item_id="1", title="Night serum", description=text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Firms overnight. Not suitable during pregnancy.", "I'm pregnant, what helps against wrinkles"),
        ("Hand-thrown bowl, isn't meant for the dishwasher.", "a bowl that goes in the dishwasher"),
        ("Strong. Avoid if asthmatic.", "my son is asthmatic and the bathroom smells"),
    ],
)
def test_a_warning_of_what_is_told_counts(text: str, told: str) -> None:
    assert warned_of(told)(of(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Suitable during pregnancy.", "I'm pregnant, what helps against wrinkles"),
        ("Not suitable during pregnancy.", "what helps against wrinkles"),
        ("Not suitable for children under 3 years.", "a gift for the children next door"),
    ],
)
def test_anything_else_does_not(text: str, told: str) -> None:
    assert not warned_of(told)(of(text))
