"""What is owned is what a thing must fit; its code holds exactly or is told as not found."""

from __future__ import annotations

import pytest

from agent.understanding.hosts import host_in
from agent.understanding.interpret import Interpreter
from agent.understanding.utterance import Utterance
from tests.agent.understanding.conftest import marked


def host(interpreter: Interpreter, text: str) -> str | None:
    plain, read = marked(text)
    found = host_in(Utterance.of(plain, read), interpreter.desk.shop.search.kinds)
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a [thing: kettle] for my [condition: Brewmax B200]", "Brewmax B200"),
        ("[thing: shoes] that fit a pedalix sx100 please", "pedalix sx100"),
        (
            "My [thing: Pedalix] [condition: 2700] is worn out. Which [asked: shoes] does it take?",
            "Pedalix 2700",
        ),
        ("I have a Pedalix 9, got [thing: shoes] for it?", "Pedalix 9"),
    ],
)
def test_a_model_that_is_owned_is_what_the_thing_must_fit(
    text: str, name: str, interpreter: Interpreter
) -> None:
    assert host(interpreter, text) == name


@pytest.mark.parametrize(
    "text",
    [
        "[thing: shoes] for my daughter, she is 17",
        "[thing: shoes] for a 6 year old",
        "a [thing: kettle] for 2 litres",
        "does the Brewmax B200 make good [asked: tea]",
    ],
)
def test_neither_an_age_nor_a_measure_nor_a_question_names_one(text: str, interpreter: Interpreter) -> None:
    assert host(interpreter, text) is None


def test_a_code_that_nothing_has_is_told_and_never_another(interpreter: Interpreter) -> None:
    from agent.dialogue import DialogueState

    plain, read = marked("[thing: shoes] for a pedalix [condition: p1102]")
    found = interpreter.interpret(plain, read, DialogueState(session_id="s"))
    assert found.unmet == ("pedalix p1102",)
    assert not found.where
