"""What is typed and what is heard of the same wish are read in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from agent.understanding.language.written import as_typed


@pytest.mark.parametrize(
    ("heard", "typed"),
    [
        ("a two-person tent under two hundred dollars.", "a 2-person tent under 200 dollars"),
        ("A kettle of one point five litres", "A kettle of 1.5 litres"),
        ("twenty to thirty dollars", "20 to 30 dollars"),
        ("fifteen hundred dollars", "1500 dollars"),
        ("a hundred and twenty watts", "120 watts"),
        ("a five-hundred-piece puzzle", "a 500-piece puzzle"),
    ],
)
def test_number_words_are_figures_where_they_count_something(heard: str, typed: str) -> None:
    assert as_typed(heard) == as_typed(typed)


@pytest.mark.parametrize(
    "text",
    ["the other two", "two of them", "under one fifty dollars", "nineteen ninety nine", "a 2-in-1", "hm..."],
)
def test_what_may_be_no_count_stays(text: str) -> None:
    assert as_typed(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a telly, nothing dear – 600 tops", "a telly, nothing dear, 600 tops"),
        ("how much r these", "how much are these"),
        ("an r type drill", "an r type drill"),
        ("55 inch - 600 tops", "55 inch, 600 tops"),
        ("10 - 20 dollars", "10 - 20 dollars"),
        ("10 inch - 12 inch", "10 inch - 12 inch"),
        ("$50 - $80", "$50 - $80"),
    ],
)
def test_a_dash_parts_clauses_but_for_a_range(written: str, read: str) -> None:
    assert as_typed(written) == read


def test_what_the_shop_writes_as_one_word_is_one() -> None:
    assert as_typed("a pre-amp with wi-fi", {"preamp"}) == "a preamp with wi-fi"


@given(st.integers(2, 9_999))
def test_a_number_of_pieces_is_the_same_in_words_and_in_figures(count: int) -> None:
    words = num2words(count).replace(",", "")
    assert as_typed(f"{words} pieces") == f"{count} pieces"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("between forty and one hundred and six dollars", "between 40 and 106 dollars"),
        ("thirty and one hundred and two pieces", "30 and 102 pieces"),
        ("at most two thousand and ten pieces", "at most 2010 pieces"),
    ],
)
def test_and_parts_two_numbers_unless_it_follows_hundreds(said: str, read: str) -> None:
    assert as_typed(said) == read


def test_numbers_joined_by_and_stay_words_where_either_and_may_part_them() -> None:
    said = "between two hundred and three hundred and fifty dollars"
    assert as_typed(said) == said


@given(st.text(max_size=200))
def test_what_is_written_so_stays_so(text: str) -> None:
    once = as_typed(text)
    assert as_typed(once) == once or once.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a lamp n a rug", "a lamp and a rug"),
        ("a charger 4 it", "a charger for it"),
        ("socks 4 my nan", "socks for my nan"),
        ("boots, sub 90", "boots, under 90"),
        ("a sub-$300 desk", "a under $300 desk"),
    ],
)
def test_small_words_that_are_typed_short_are_written_out(typed: str, read: str) -> None:
    assert as_typed(typed) == read


@pytest.mark.parametrize(
    "text", ["the letter n please", "a necklace with an n on it", "only 4 of them", "size 4 the red one"]
)
def test_a_letter_or_a_count_stays(text: str) -> None:
    assert as_typed(text) == text
