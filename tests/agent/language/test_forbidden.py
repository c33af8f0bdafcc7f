"""What somebody is told to do without or gave up is ruled out, however that is told; a question rules out nothing."""

from __future__ import annotations

import pytest

from agent.understanding.language.absence import ruled_out


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("My GP says I have to stay away from alcohol. What can I drink at a party?", "alcohol"),
        ("I had to give up dairy last year, any puddings?", "dairy"),
        ("they took me off fragrance after the rash", "fragrance"),
        ("the vet told me to keep clear of garlic... and to stop using parabens", "parabens"),
        ("I loved my retinol cream but the dermatologist forbids it. What else is there?", "retinol"),
        ("before i put silicone in my hair, now hairdresser say no", "silicones"),
        ("gluten was my breakfast and then I had to stop", "gluten"),
        ("wool is a no-go for him", "wool"),
        ("leather doesn't agree with me", "leather"),
        ("im alergic to eggs", "eggs"),
    ],
)
def test_what_has_to_be_done_without_is_ruled_out(said: str, thing: str) -> None:
    assert ruled_out(said) == (thing,)


@pytest.mark.parametrize(
    "said",
    [
        "is retinol forbidden while nursing?",
        "should I stay away from parabens?",
        "the leather is out of stock",
        "I gave up running, have you anything in wool?",
    ],
)
def test_what_is_asked_or_said_of_something_else_is_not(said: str) -> None:
    assert ruled_out(said) == ()


@pytest.mark.parametrize(
    "said",
    [
        "soap with nothing in it that comes from animals",
        "I don't use anything made of animals",
        "he eats no meat, no milk, nothing from an animal",
        "no animal derivatives please",
        "we're plant-based at home",
    ],
)
def test_nothing_from_animals_is_without_animal_products(said: str) -> None:
    assert ruled_out(said) == ("animal products",)


def test_an_allergy_holds_beside_it() -> None:
    assert ruled_out("allergic to milk, and nothing from animals") == ("dairy", "animal products")


def test_animals_on_it_are_another_matter() -> None:
    assert ruled_out("pyjamas, nothing with animals on") == ()
