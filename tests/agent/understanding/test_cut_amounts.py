"""An amount that the reader cut in two, and one that is taken back, still bind as one; a code is no number."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from tests.agent.understanding.conftest import marked


def asked(interpreter: Interpreter, text: str) -> list[str]:
    plain, read = marked(text)
    found = interpreter.interpret(plain, read, DialogueState(session_id="s"))
    return [f"{w.field} {w.op} {w.value:g}" for w in found.where if isinstance(w.value, float)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [thing: kettle], a [condition: litre or] [condition: under]", "capacity_l <= 1"),
        ("a [thing: kettle], [condition: at most] [condition: 1.5 litres]", "capacity_l <= 1.5"),
        ("a [thing: kettle] with [condition: 2 litres] [condition: or more]", "capacity_l >= 2"),
    ],
)
def test_two_spans_of_one_amount_are_read_together(
    text: str, expected: str, interpreter: Interpreter
) -> None:
    assert expected in asked(interpreter, text)


def test_a_measure_of_another_thing_is_no_condition_on_what_is_sought(interpreter: Interpreter) -> None:
    assert not asked(interpreter, "[thing: shoes] that go with my [condition: 1.5 litre] kettle")


@pytest.mark.parametrize(
    "text", ["[thing: shoes] [condition: 42k]", "[thing: shoes], the [condition: 42x one]"]
)
def test_a_number_that_is_part_of_a_code_is_no_value(text: str, interpreter: Interpreter) -> None:
    plain, read = marked(text)
    found = interpreter.interpret(plain, read, DialogueState(session_id="s"))
    assert not any(w.field == "Size" for w in found.where)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[thing: shoes], [condition: nothing heavier] then [condition: 300 g]", "weight_g <= 300"),
        ("[thing: shoes], [condition: lighter] than [condition: 250 g]", "weight_g < 250"),
    ],
)
def test_a_comparison_and_its_number_are_one_amount(
    text: str, expected: str, interpreter: Interpreter
) -> None:
    assert expected in asked(interpreter, text)
