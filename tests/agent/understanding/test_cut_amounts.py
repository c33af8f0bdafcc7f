"""An amount that the reader cut in two, and one that is taken back, still bind as one; a code is no number."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.tools.labels import label
from agent.understanding.changes import changed
from agent.understanding.interpret import Interpreter
from agent.understanding.references import References
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


def test_the_words_that_bound_a_number_are_read_with_it(interpreter: Interpreter) -> None:
    assert "price <= 60" in asked(interpreter, "[thing: shoes], and cap it at [condition: 60]")


@pytest.mark.parametrize(
    ("bound", "expected"), [("1.5 tops", "capacity_l <= 1.5"), ("40 tops", "price <= 40")]
)
def test_a_bare_bound_is_of_what_was_bounded_where_money_would_part_nothing(
    bound: str, expected: str, interpreter: Interpreter
) -> None:
    desk, state = interpreter.desk, DialogueState(session_id="s")
    for text, move in (
        ("a [thing: kettle] of [condition: 2 litres]", "seek"),
        (f"[condition: {bound}]", "refine"),
    ):
        plain, read = marked(text, move)
        meant = interpreter.interpret(plain, read, state)
        state = changed(state, meant, References(desk, state), lambda where: label(where, desk.schema))
    assert expected in [
        f"{w.field} {w.op} {w.value:g}" for w in state.topic.where if isinstance(w.value, float)
    ]


@pytest.mark.parametrize("said", ["not more 60", "no more as 60", "nothing dearer like 60"])
def test_a_bound_said_without_than_is_one(said: str, interpreter: Interpreter) -> None:
    assert "price <= 60" in asked(interpreter, f"[thing: shoes], [condition: {said}]")


@pytest.mark.parametrize(
    "text", ["I'm [condition: 90 kg], [thing: shoes]", "my dog weighs [condition: 3 kg]. [thing: shoes]"]
)
def test_what_a_body_measures_is_no_measure_of_the_product(text: str, interpreter: Interpreter) -> None:
    assert not asked(interpreter, text)


def test_what_is_to_fit_a_place_measures_at_most_as_much(interpreter: Interpreter) -> None:
    found = asked(interpreter, "[thing: kettle] for a space of [condition: 1.5 litres] across")
    assert found == ["capacity_l <= 1.5"]
