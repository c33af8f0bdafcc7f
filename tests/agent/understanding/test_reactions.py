"""What somebody cannot bear is told by what it does to them, and then must not be in what is offered."""

from __future__ import annotations

import pytest

from agent.understanding.language.absence import ruled_out


@pytest.mark.parametrize(
    ("said", "substance"),
    [
        ("walnuts = straight to casualty for my dad", "walnuts"),
        ("My little one comes out in hives from sesame.", "sesame"),
        ("one bite of peanut and I'm in A&E", "peanuts"),
        ("whenever there's soy in something my tongue swells", "soy"),
        ("gluten makes her ill", "gluten"),
        ("his face puffs up if he so much as touches latex", "latex"),
        ("I wore wool once, I came out in a rash", "wool"),
    ],
)
def test_what_does_harm_is_ruled_out(said: str, substance: str) -> None:
    assert ruled_out(said) == (substance,)


@pytest.mark.parametrize(
    "said",
    [
        "an oat cream for hives",
        "something with coconut to soothe a rash",
        "a balm with almond oil that doesn't make me break out",
        "this milk frother is killing my back. A lighter one?",
        "does it come with milk",
        "my mum is in hospital, a gift box with nuts for her",
        "she's in hospital and would love something with almonds",
    ],
)
def test_what_helps_or_does_no_harm_is_not_ruled_out(said: str) -> None:
    assert ruled_out(said) == ()
