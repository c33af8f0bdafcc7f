"""Numbers as people write and say them, made plain before the exact parsers read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.amounts import find_amounts
from agent.understanding.quantities import plain, spelt


def any_price(_value: float) -> bool:
    return True


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("two and a half litres", "2.5 litres"),
        ("half a kilo", "0.5 kilo"),
        ("one to three grand", "1000 to 3000"),
        ("a fiver", "a 5 quid"),
        ("a two man tent", "a 2 person tent"),
        ("cheaper then that", "cheaper than that"),
        ("1m80", "1.80 m"),
        ("zero sugar", "0 sugar"),
        ("four to a pack", "4 pieces"),
        ("six in a box", "6 pieces"),
        ("a pack of twelve", "a pack 12 pieces"),
        ("a bag of 5 kg", "a bag of 5 kg"),
        ("a 17-incher", "a 17-inches"),
    ],
)
def test_spoken_numbers_become_digits(said: str, expected: str) -> None:
    assert plain(said, any_price) == expected


@pytest.mark.parametrize(
    ("said", "value", "shape"),
    [
        ("eighty-ish", 80, "around"),
        ("a hundred and twenty", 120, "plain"),
        ("undder forty dolars", 40, "max"),
        ("no more than nineteen ninety nine", 19.99, "max"),
    ],
)
def test_amounts_are_read_from_what_was_made_plain(said: str, value: float, shape: str) -> None:
    (amount,) = find_amounts(plain(said, any_price))
    assert (amount.value, amount.shape) == (pytest.approx(value), shape)


@pytest.mark.parametrize("word", ["Loire", "pond", "metro", "persona", "watt", "Underwood"])
def test_a_word_that_exists_is_never_spelt_otherwise(word: str) -> None:
    assert spelt(word) == word


@given(st.integers(0, 9999))
def test_digits_stay_what_they_are(number: int) -> None:
    assert str(number) in plain(f"under {number}", any_price)


@given(st.text(max_size=80))
def test_any_text_can_be_made_plain(text: str) -> None:
    assert isinstance(plain(text, any_price), str)
