"""What a sentence seems to name or to require holds only where what search finds first for all of it speaks of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.assistant import ShoppingAssistant
from agent.conditions import Where
from agent.dialogue import Topic
from agent.planner.likely_kind import with_trusted_kind
from agent.planner.misread import with_trusted_conditions
from agent.tools.context import Shelf

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


def without_misread(assistant: ShoppingAssistant, topic: Topic) -> tuple[Topic, set[Where]]:
    shelf = Shelf()
    turn: Any = SimpleNamespace(
        context=SimpleNamespace(desk=assistant.desk, shelf=shelf), meant=SimpleNamespace(among=False)
    )
    return with_trusted_conditions(turn, topic), shelf.unmeant


@pytest.mark.parametrize(
    ("topic", "where"),
    [
        (Topic(query=EARS), Where(field="capacity_l", op="=", value=1.7)),
        (Topic(query=EARS), Where(field="text", op="has", value="sleeping bag")),
    ],
    ids=["met by none", "in no text"],
)
def test_what_nothing_near_speaks_of_was_misread(
    assistant: ShoppingAssistant, topic: Topic, where: Where
) -> None:
    found, gone = without_misread(assistant, topic.model_copy(update={"where": (where,)}))
    assert found.where == ()
    assert gone == {where}


@pytest.mark.parametrize(
    ("topic", "where"),
    [
        (Topic(query=EARS), Where(field="price", op="<=", value=1.0)),
        (
            Topic(query="a kettle", kinds=("electric kettle",), sure=True),
            Where(field="capacity_l", op=">=", value=9.0),
        ),
        (Topic(query="a kettle"), Where(field="text", op="lacks", value="plastic")),
    ],
    ids=["a price", "a field of the kind", "an absence"],
)
def test_what_is_said_outright_holds(assistant: ShoppingAssistant, topic: Topic, where: Where) -> None:
    asked = topic.model_copy(update={"where": (where,)})
    assert without_misread(assistant, asked) == (asked, set())
