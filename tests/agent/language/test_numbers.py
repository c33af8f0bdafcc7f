"""Number words to digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.numbers import digits
from benchmarks.simulation.phrasing import in_words


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("a hundred and twenty bucks", "120 bucks"),
        ("between twenty and thirty euros", "between 20 and 30 euros"),
        ("around eighty", "around 80"),
        ("fiftyish", "around 50"),
        ("one fifty", "150"),
        ("under one twenty-five", "under 125"),
        ("nineteen ninety nine", "19.99"),
        ("a couple hundred dollars", "200 dollars"),
        ("three point five stars", "3.5 stars"),
        ("fifteen hundred", "1500"),
        ("two dollars", "2 dollars"),
    ],
)
def test_reads_amounts_as_they_are_said(said: str, read: str) -> None:
    assert digits(said) == read


def test_one_fifty_is_cents_where_things_cost_little() -> None:
    assert digits("one fifty", lambda value: value < 10) == "1.50"


@pytest.mark.parametrize("said", ["the second one", "one of those", "no one likes it", "the first two"])
def test_leaves_words_that_count_nothing(said: str) -> None:
    assert digits(said) == said


@given(st.integers(min_value=4, max_value=99_999))
def test_reads_every_whole_number_in_words(number: int) -> None:
    assert digits(f"under {in_words(number)} dollars") == f"under {number} dollars"


@given(st.integers(min_value=4, max_value=900), st.integers(min_value=1, max_value=900))
def test_reads_every_range_in_words(low: int, more: int) -> None:
    said = f"between {in_words(low)} and {in_words(low + more)} dollars"
    assert digits(said, lambda value: value >= 4) == f"between {low} and {low + more} dollars"
