"""What a speaker spells letter by letter is one code; words and sizes of one letter stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.language.spelled import spelled


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("it says M F C dash two five zero C on it", "it says MFC-250C on it"),
        ("a u s b c cable", "a usbc cable"),
        ("an H D M I lead", "an HDMI lead"),
        ("W H 1 0 0 0 X M 4", "WH1000XM4"),
        ("eight oh two one one", "80211"),
        ("the dash R kind", "the -R kind"),
    ],
)
def test_letters_and_digits_said_one_by_one_are_joined(said: str, expected: str) -> None:
    assert spelled(said) == expected


@pytest.mark.parametrize(
    "said", ["I a m late", "size S M or L", "one two or three", "A four paper", "do u n me"]
)
def test_words_of_one_letter_sizes_and_counting_stay_as_they_are(said: str) -> None:
    assert spelled(said) == said


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Zs"]), max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    kept = [c for c in spelled(text).lower() if c.isalpha()]
    dashes = any(
        word in text.lower() for word in ("dash", "hyphen", "slash", "dot", "oh", "zero", "one", "two")
    )
    assert dashes or kept == [c for c in text.lower() if c.isalpha()]
