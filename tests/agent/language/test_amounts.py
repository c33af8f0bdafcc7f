"""Bounded numbers in an utterance."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("under $50", None, 50),
        ("no more than 50 dollars", None, 50),
        ("nothing over 100", None, 100),
        ("i don't want to spend more than 60", None, 60),
        ("30 tops", None, 30),
        ("my budget is 120", None, 120),
        ("1.5k at most", None, 1500),
        ("at least 20", 20, None),
        ("nothing under 20", 20, None),
        ("$50+", 50, None),
        ("$20-30", 20, 30),
        ("between 20 and 30 euros", 20, 30),
        ("from 30 to 20", 20, 30),
        ("around 80", 64, 96),
        ("80 or so", 64, 96),
        ("1,200 euros or less", None, 1200),
        ("not more than, oh, 90", None, 90),
        ("up to say 45", None, 45),
        ("not wider than 90", None, 90),
        ("cap this at 70", None, 70),
        ("keep the price to 70", None, 70),
        ("maximal 45", None, 45),
        ("nothing narrower than 60", 60, None),
        ("deeper than 30", 30, None),
    ],
)
def test_reads_bounds(text: str, low: float | None, high: float | None) -> None:
    (amount,) = find_amounts(text)
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("a 2 litre kettle", "l"), ("15-inch laptop", "in"), ("for 4 people", "person"), ("under 3 kg", "kg"),
     ("over 20 hours", "h"), ("28 cm", "cm"), ("500g", "g")],
)  # fmt: skip
def test_tells_measures_from_money(text: str, unit: str) -> None:
    (amount,) = find_amounts(text)
    assert amount.unit == unit
    assert not amount.is_money


@pytest.mark.parametrize("text", ["at least 4 stars", "4+ stars", "rated 4 or higher", "4.5 stars and up"])
def test_tells_stars(text: str) -> None:
    (amount,) = find_amounts(text)
    assert amount.stars


@pytest.mark.parametrize("text", ["sm58", "usb-c", "the 2nd one", "mp3"])
def test_names_are_no_amounts(text: str) -> None:
    assert find_amounts(text) == ()


def test_in_after_a_number_is_a_word_not_inches() -> None:
    (amount,) = find_amounts("the size 10 in black")
    assert amount.unit is None


@given(st.text(max_size=80))
def test_never_fails_and_never_overlaps(text: str) -> None:
    amounts = find_amounts(text)
    assert all(a.end <= b.start for a, b in pairwise(amounts))


@pytest.mark.parametrize("text", ["we have 25 years of marriage", "we lived there 3 years ago"])
def test_time_gone_by_is_no_age(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    "said",
    [
        "it's freezing till about 10 and then hot",
        "from 8 till 5",
        "half past 6",
        "at 3 in the morning",
        "by 9 tonight",
    ],
)
def test_a_time_of_the_day_is_no_amount(said: str) -> None:
    assert find_amounts(said) == ()


@pytest.mark.parametrize(("said", "value"), [("until 50 dollar", 50.0), ("a table for 4 tomorrow", 4.0)])
def test_what_only_stands_beside_a_time_is_one(said: str, value: float) -> None:
    assert [amount.value for amount in find_amounts(said)] == [value]
