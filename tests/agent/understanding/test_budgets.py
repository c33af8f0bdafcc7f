"""A bare number is money where the words beside it say so; about a number, what is nearest comes first."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from agent.understanding.interpretation import Interpretation
from agent.understanding.language.budgets import is_raised
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


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("a [thing: kettle], [condition: 40 for the lot]", 40),
        ("a [thing: kettle], [condition: 45 altogether]", 45),
        ("a [thing: kettle], [condition: 30 quid perhaps 35]", 35),
        ("a [thing: kettle], [condition: 40 dollars mabye 50 tops]", 50),
    ],
)
def test_the_most_that_is_said_is_the_budget(text: str, most: float, interpreter: Interpreter) -> None:
    assert [(w.field, w.op, w.value) for w in read(interpreter, text).where] == [("price", "<=", most)]


@pytest.mark.parametrize(
    "text", ["[thing: shoes] for [condition: 6] months", "[thing: shoes], we ride [condition: 40] miles"]
)
def test_a_number_cut_from_what_it_counts_is_no_price(text: str, interpreter: Interpreter) -> None:
    assert not read(interpreter, text).where


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("and if we went up to 90?", True),
        ("hm, what if I stretch to 300", True),
        ("if I go over 50 is delivery free", False),
        ("what if I pay 40 now and the rest later", False),
    ],
)
def test_more_money_asks_for_what_there_is_for_it(text: str, raised: bool) -> None:
    assert is_raised(text) is raised


def test_who_would_spend_more_is_shown_what_there_is(interpreter: Interpreter) -> None:
    plain, spans = marked("what if I stretch to [asked: 60]", "ask_shop")
    assert interpreter.interpret(plain, spans, DialogueState(session_id="s")).moves == ("refine",)
