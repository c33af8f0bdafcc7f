"""Buyers tell one thing in many words, and shoppers ask for it in others."""

from __future__ import annotations

import pytest

from retrieval.aspects import stem
from retrieval.reviews.said_alike import alike, plainly


@pytest.mark.parametrize(
    ("asked", "told"), [("shrink", "shrunk"), ("zip", "zipper"), ("rip", "torn"), ("smell", "stinks")]
)
def test_other_words_tell_the_same(asked: str, told: str) -> None:
    assert stem(told) in alike(stem(asked))


def test_a_word_of_no_family_tells_only_itself() -> None:
    assert alike("hinge") == {"hinge"}


def test_a_phrase_is_read_as_its_word() -> None:
    assert "shrink" in plainly("it went two sizes smaller in the wash")
    assert plainly("is it warm") == "is it warm"
