"""Slips of the pen in questions to the pages."""

from __future__ import annotations

import pytest

from retrieval.text.slips import Slips

SLIPS = Slips(["back", "assemble", "parcel", "klarna", "what", "give"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("waht if i giv it bak", "what if i give it back"),
        ("do you asemble it", "do you assemble it"),
        ("i dont have the pacrel", "i don't have the parcel"),
        ("is it delviered by truck", "is it delivered by truck"),
    ],
)
def test_a_slip_is_the_nearest_word(typed: str, meant: str) -> None:
    assert SLIPS.mended(typed) == meant


@pytest.mark.parametrize(
    "said", ["can i pay with klarna", "I live in Xanten", "model k55x", "ask bob@shop.example"]
)
def test_names_and_known_words_stay(said: str) -> None:
    assert SLIPS.mended(said) == said
