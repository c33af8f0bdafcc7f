"""Slips of what shoppers type."""

from __future__ import annotations

import pytest

from retrieval.text.typing import Typing

SHOP = {"lantern": 4, "lanterns": 3, "headtorch": 2, "drawer": 5, "lock": 2, "wardrobe": 1, "tent": 6}
TYPING = Typing(SHOP, names=("cajon", "lb", "wardrob"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chepest lantren u hav", "cheapest lantern u hav"),
        ("teh jakcet for my borther", "the jacket for my brother"),
        ("sometihng with a drawr", "something with a drawer"),
        ("Lokcs pls", "Locks pls"),
        ("whats the diffrence betwen them", "whats the difference between them"),
        ("im lookin for a wardrob", "im looking for a wardrobe"),
    ],
)
def test_a_slip_is_the_word_that_is_meant(typed: str, meant: str) -> None:
    assert TYPING.mended(typed) == meant


@pytest.mark.parametrize(
    "said",
    [
        "do you have miele, bosch or realme",
        "smth for my bf pls, ppl say its gud",
        "i dont like mdf, got a cpu?",
        "a cajon of 5 lbs",
        "Is Lontern a brand?",
        "see lantren.example or model lantren-5",
        "Ich suche eine Laterne für den Gartn",
    ],
)
def test_what_may_be_right_stays(said: str) -> None:
    assert TYPING.mended(said) == said


def test_what_is_mended_is_not_mended_again() -> None:
    once = TYPING.mended("chepest lantren with a drawr for teh gardn")
    assert TYPING.mended(once) == once
