"""A bare number is money where the words beside it say so; about a number, what is nearest comes first."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from agent.understanding.interpretation import Interpretation
from tests.agent.understanding.conftest import marked


def read(interpreter: Interpreter, text: str) -> Interpretation:
    plain, spans = marked(text)
    return interpreter.interpret(plain, spans, DialogueState(session_id="s"))


@pytest.mark.parametrize(
    "text",
    [
        "a [thing: kettle], [condition: 40] is my limit",
        "a [thing: kettle], [condition: 40], that's all I've got",
        "a [thing: kettle], I've got [condition: 40] to spend",
        "a [thing: kettle] and I can stretch to [condition: 40]",
        "a [thing: kettle], [condition: absolute max is] [condition: 40]",
        "a [thing: kettle], 40 is the most we'd pay",
        "a [thing: kettle], there's [condition: 40] in my purse",
        "a [thing: kettle], [condition: 40 at the very most]",
        "a [thing: kettle], 40 at the outside",
    ],
)
def test_words_of_a_limit_make_a_bare_number_the_price(text: str, interpreter: Interpreter) -> None:
    found = read(interpreter, text)
    assert [(w.field, w.op, w.value) for w in found.where] == [("price", "<=", 40)]


def test_an_age_before_a_budget_is_no_money(interpreter: Interpreter) -> None:
    found = read(interpreter, "[thing: shoes] for [recipient: a kid of 8], budget is [condition: 60]")
    assert [w.value for w in found.where if w.field == "price"] == [60]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [thing: kettle], [condition: 2 litres at the very most]", "capacity_l <= 2"),
        ("a [thing: kettle] that holds [condition: 1 litre at the very least]", "capacity_l >= 1"),
        ("[thing: shoes], [condition: no] [condition: heavier than 300 g]", "weight_g <= 300"),
    ],
)
def test_the_words_of_a_bound_belong_to_its_number(
    text: str, expected: str, interpreter: Interpreter
) -> None:
    assert [f"{w.field} {w.op} {w.value:g}" for w in read(interpreter, text).where] == [expected]


def test_of_what_is_about_a_size_the_nearest_comes_first(interpreter: Interpreter) -> None:
    found = read(interpreter, "a [thing: kettle], [condition: 1.5 litres or thereabouts]")
    assert [(p.field, p.aim, p.value) for p in found.prefer] == [("capacity_l", "near", 1.5)]
