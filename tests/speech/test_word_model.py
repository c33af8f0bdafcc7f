"""Which words usually follow each other, and where words are cut."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.word_model import WordModel

SHOP = WordModel(
    ["a soundbar for a small room", "this soundbar", "the desk lamp", "a desk lamp", "a man and a tent", "one man", "tents",
     "two tents", "a hair dryer"]
)  # fmt: skip


def test_words_that_follow_each_other_here_are_likelier() -> None:
    assert SHOP.mean_log_probability("desk lamp") > SHOP.mean_log_probability("desk clamp")
    assert SHOP.mean_log_probability("desk lamp") > SHOP.mean_log_probability("lamp desk")


def test_capitals_and_marks_make_no_difference() -> None:
    assert SHOP.mean_log_probability("Desk lamp!") == SHOP.mean_log_probability("desk, lamp")


def test_one_number_is_as_likely_as_another() -> None:
    shop = WordModel(["under 50 dollars"])
    assert shop.mean_log_probability("under 50") == shop.mean_log_probability("under 70")


def test_what_was_not_said_has_no_probability_to_speak_of() -> None:
    assert SHOP.mean_log_probability("") == SHOP.mean_log_probability("?!") == 0


@given(st.text(max_size=60))
def test_every_text_has_a_finite_probability(text: str) -> None:
    found = SHOP.mean_log_probability(text)
    assert math.isfinite(found)
    assert found <= 0


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("A sound bar, please", "A soundbar, please"),
        ("a sound-bar", "a soundbar"),
        ("a hair dryer", "a hair dryer"),  # known as two words
        ("a sound box", "a sound box"),
        ("sound. Bar", "sound. Bar"),
    ],
)
def test_two_words_are_one_where_only_that_is_known(heard: str, written: str) -> None:
    assert SHOP.joined(heard) == written
