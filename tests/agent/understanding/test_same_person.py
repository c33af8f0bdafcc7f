"""Whom the talk is for stays the same when another thing is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.conditions import Where
from agent.dialogue import Topic
from agent.tools.schema import Field
from agent.understanding.language.request_cues import NO_KIND
from agent.understanding.stated import same_person

GENDER, COLOR = Field("gender", "text", {"women": 5, "men": 5}), Field("color", "text", {"red": 3})
FOR_HER = Topic(
    thing="jacket",
    where=(
        Where(field="gender", op="in", value=("women",)),
        Where(field="color", value="red"),
        Where(field="price", op="<=", value=50.0),
    ),
)


def resolver(*, marked: bool) -> Any:
    schema = SimpleNamespace(field={"gender": GENDER, "color": COLOR, "price": "price"}.get)
    return SimpleNamespace(fields=SimpleNamespace(schema=schema, states=lambda field, share: marked))


def test_the_person_is_kept_and_what_was_asked_of_the_other_thing_is_not() -> None:
    assert [w.field for w in same_person(FOR_HER, resolver(marked=True))] == ["gender"]


def test_nobody_is_kept_where_things_are_not_marked_for_anybody() -> None:
    assert same_person(FOR_HER, resolver(marked=False)) == ()


@pytest.mark.parametrize("text", ["something over the top of it", "a top quality one", "what goes on top"])
def test_an_idiom_names_no_kind(text: str) -> None:
    assert NO_KIND.search(text)


@pytest.mark.parametrize("text", ["a top and shorts", "tops for running"])
def test_a_thing_of_the_same_word_is_one(text: str) -> None:
    assert not NO_KIND.search(text)
