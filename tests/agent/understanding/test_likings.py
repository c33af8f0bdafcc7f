"""What somebody likes weighs, and what they have plenty of is out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.understanding.conditions import Resolver
from agent.understanding.labels import SpanLabel
from agent.understanding.likings import liked, with_tastes
from agent.understanding.utterance import Utterance
from tests.agent.understanding.conftest import marked


def unwanted(text: str) -> list[str]:
    said = with_tastes(Utterance.of(*marked(text)))
    return [span.text for span in said.marked(SpanLabel.EXCLUDED)]


@pytest.mark.parametrize(
    ("text", "plenty"),
    [
        ("a present for dad, he has a whole wardrobe of [thing: ties] already", "ties"),
        ("[thing: Scarves] she has enough, something else for her birthday", "Scarves"),
        ("something for the kitchen and please not another [thing: blender]", "blender"),
        ("she owns every [thing: cookbook] under the sun", "cookbook"),
    ],
)
def test_what_somebody_has_plenty_of_is_not_looked_for(text: str, plenty: str) -> None:
    assert unwanted(text) == [plenty]


@pytest.mark.parametrize(
    "text", ["he has no garden", "she has a cat", "I have got to get a tie", "one for every day"]
)
def test_what_somebody_only_has_is_not_refused(text: str) -> None:
    assert unwanted(text) == []


def test_what_is_liked_is_never_refused() -> None:
    assert unwanted("she loves anything with [excluded: maps] but no kiddie stuff") == []


@pytest.mark.parametrize(
    "text",
    [
        "my brother is mad about tea",
        "she lives for her tea",
        "he really enjoys tea",
        "he collects tea",
    ],
)
def test_what_somebody_likes_weighs(text: str, resolver: Callable[[str], Resolver]) -> None:
    (wish,) = liked(text, resolver("").fields).prefer
    assert wish.value == "tea"


@pytest.mark.parametrize(
    "text",
    [
        "he isn't a big fan of tea",
        "she likes it quiet",
        "she is mad about unheardofs",
        "a grinder please",
    ],
)
def test_nothing_weighs_that_is_denied_or_that_nothing_speaks_of(
    text: str, resolver: Callable[[str], Resolver]
) -> None:
    assert liked(text, resolver("").fields).prefer == ()
