"""A thing is told to be unsold only where words name one."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.understanding.interpret import Interpreter
from agent.understanding.unsold import is_unsold


@pytest.mark.parametrize("thing", ["snowboard", "surfboards"])
def test_a_name_of_what_the_shop_has_nowhere_is_unsold(thing: str, interpreter: Interpreter) -> None:
    assert is_unsold(interpreter.desk, thing)


@pytest.mark.parametrize(
    "thing", ["something for surfing", "what goes under the snowboard", "a thing to wax that snowboard"]
)
def test_a_description_is_no_name(thing: str, interpreter: Interpreter) -> None:
    assert not is_unsold(interpreter.desk, thing)


def test_a_thing_that_is_told_to_be_as_asked_is_sold_under_its_last_word(
    assistant: ShoppingAssistant,
) -> None:
    assert not is_unsold(assistant.desk, "family tent")
    assert is_unsold(assistant.desk, "dog bed")
