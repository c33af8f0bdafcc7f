"""Sizes are an order, whatever they are written as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.sizes import LETTERS, extreme, magnitude


@pytest.mark.parametrize(
    ("sizes", "smallest", "largest"),
    [
        (("M", "XS", "XL", "S"), "XS", "XL"),
        (("Large", "Small", "Medium"), "Small", "Large"),
        (("160 x 230", "80 x 150", "120 x 170"), "80 x 150", "160 x 230"),
        (("1 l", "400 ml", "50 ml"), "50 ml", "1 l"),
        (("EU 42", "EU 38"), "EU 38", "EU 42"),
        (("43", "42", "44"), "42", "44"),
    ],
)
def test_the_smallest_and_the_largest_of_some_sizes(
    sizes: tuple[str, ...], smallest: str, largest: str
) -> None:
    assert extreme(sizes, largest=False) == smallest
    assert extreme(sizes, largest=True) == largest


@pytest.mark.parametrize("value", ["black", "", "one size fits most"])
def test_other_values_are_no_sizes(value: str) -> None:
    assert magnitude(value) is None
    assert extreme((value,), largest=True) is None


@given(st.permutations([names[0] for names in LETTERS]))
def test_letters_keep_their_order_however_they_are_listed(sizes: list[str]) -> None:
    assert sorted(sizes, key=lambda size: magnitude(size) or 0.0) == [names[0] for names in LETTERS]
