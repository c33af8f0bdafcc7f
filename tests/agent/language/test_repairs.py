"""What a speaker takes back at once is not read; everything else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.repairs import CUE, corrected, repaired


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("shorts with a four inch no wait sorry a two inch inseam", "shorts with a two inch inseam"),
        ("a spindle of twenty five no make that fifty", "a spindle of fifty"),
        ("$80, I mean $90", "$90"),
        ("size 8, no, 9", "size 9"),
        ("a 12 string guitar, no wait, a six string one", "a string guitar a six string one"),
        ("wait no my teacher says it has to draw graphs", "my teacher says it has to draw graphs"),
    ],
)
def test_a_number_or_a_no_that_is_taken_back_is_blank(text: str, left: str) -> None:
    assert " ".join(repaired(text).split()) == left


@pytest.mark.parametrize(
    "text",
    ["no more than 30", "from 20 to 30", "black, no leather", "is there no 5 in stock", "no nuts please"],
)
def test_a_bound_or_a_refusal_is_no_repair(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(("text", "cue"), [("black, I mean navy", True), ("cotton, no polyester", False)])
def test_only_a_word_of_correction_stands_between_what_changes_places(text: str, cue: bool) -> None:
    assert (CUE.search(text) is not None) == cue


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("sorry, I mean 35", "35"),
        ("no wait, make that $60", "$60"),
        ("actually, make it 200 dollars", "200 dollars"),
        ("no nuts please", ""),
        ("35 I think", ""),
    ],
)
def test_what_opens_by_putting_right_says_something_instead(text: str, instead: str) -> None:
    assert corrected(text) == instead


@given(st.text(max_size=200))
def test_the_places_of_words_never_move(text: str) -> None:
    assert len(repaired(text)) == len(text)
