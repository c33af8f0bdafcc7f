"""A kind that a sentence names is what is sought only where search finds such products first for all of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.assistant import ShoppingAssistant
from agent.dialogue import Topic
from agent.planner.likely_kind import with_trusted_kind

EARS = "I want to hear nothing of the street while I work, so something to put over my ears with music"


def trusted(assistant: ShoppingAssistant, topic: Topic) -> Topic:
    turn: Any = SimpleNamespace(
        context=SimpleNamespace(desk=assistant.desk), meant=SimpleNamespace(among=False)
    )
    return with_trusted_kind(turn, topic)


def test_a_kind_of_which_nothing_is_near_what_is_told_is_left(assistant: ShoppingAssistant) -> None:
    found = trusted(assistant, Topic(query=EARS, kinds=("electric kettle",), sure=True))
    assert not found.kinds
    assert not found.sure


@pytest.mark.parametrize(
    "topic",
    [
        Topic(query=EARS, kinds=("wireless headphones",), sure=True),
        Topic(query="kettle", kinds=("tent",), sure=True),
        Topic(query=EARS, kinds=("electric kettle",), sure=True, lists=(("KIT-1",),)),
    ],
    ids=["search agrees", "keywords", "shown before"],
)
def test_else_it_holds(assistant: ShoppingAssistant, topic: Topic) -> None:
    assert trusted(assistant, topic) == topic
