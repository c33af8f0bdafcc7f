"""What is uttered and means nothing asks for nothing."""

from __future__ import annotations

import pytest

from agent.understanding.language.exclamations import without_exclamations


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("blimey, uh, a red lamp", "a red lamp"),
        ("nah man, weak sauce. Show me another", "nah Show me another"),
        ("a kettle, erm, under 40", "a kettle, under 40"),
        ("how much?! just the cheapest one", "just the cheapest one"),
        ("something warm, love, for the garden", "something warm, for the garden"),
    ],
)
def test_exclamations_are_no_part_of_what_is_asked(said: str, meant: str) -> None:
    assert without_exclamations(said) == meant


@pytest.mark.parametrize(
    "said", ["wow", "blimey", "um", "my mate needs a tent", "an umbrella", "how much is it?"]
)
def test_what_means_something_or_stands_alone_stays(said: str) -> None:
    assert without_exclamations(said) == said
