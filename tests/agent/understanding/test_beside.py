"""Another thing for the one talked about is looked for, by its name or by what it does."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.beside import with_name
from agent.understanding.interpret import Interpreter
from agent.understanding.language.errand_cues import FOR_IT, agent_nouns
from tests.agent.understanding.conftest import marked
from tests.agent.understanding.test_errands import say

SHOES = "[thing: running shoes] [condition: under 80]"


@pytest.fixture
def shod(interpreter: Interpreter) -> DialogueState:
    """Shoes are talked about, and three are shown."""
    return say(interpreter, DialogueState(), SHOES, "seek", shown=("S0", "S1", "S2"))


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("and a [thing: kettle] to go with [reference: them]", ("goes_with",)),
        ("a [thing: kettle] for [reference: it]", ("refine",)),
        ("lovely, and a [thing: kettle] to go with [reference: it]", ("add_to_cart",)),
        ("is there [thing: something to boil water in]", ("goes_with", "ask_product")),
    ],
)
def test_a_thing_that_is_named_or_told_by_its_use_is_looked_for(
    text: str, moves: tuple[str, ...], interpreter: Interpreter, shod: DialogueState
) -> None:
    plain, read = marked(text, *moves)
    meant = interpreter.interpret(plain, read, shod)
    assert meant.moves == ("seek",)
    assert meant.afresh


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("what goes with [reference: it]?", ("goes_with",)),
        ("[thing: anything] to go with [reference: the first one]?", ("goes_with",)),
    ],
)
def test_who_names_nothing_asks_what_shoppers_took_with_it(
    text: str, moves: tuple[str, ...], interpreter: Interpreter, shod: DialogueState
) -> None:
    plain, read = marked(text, *moves)
    assert interpreter.interpret(plain, read, shod).moves == ("goes_with",)


def test_a_question_whether_it_serves_is_asked_of_it(interpreter: Interpreter, shod: DialogueState) -> None:
    plain, read = marked("would [reference: that] do [asked: my old socks] too?", "goes_with", "ask_product")
    assert interpreter.interpret(plain, read, shod).moves == ("ask_product",)


def test_what_was_said_of_the_one_shown_does_not_bind_the_next(
    interpreter: Interpreter, shod: DialogueState
) -> None:
    state = say(
        interpreter, shod, "and a [thing: kettle] to go with [reference: them]", "goes_with", shown=()
    )
    assert state.topic.thing == "kettle"
    assert not state.topic.where


def test_a_need_is_told_with_the_name_of_what_is_talked_about() -> None:
    assert with_name("something to hold it up", "mirror") == "something to hold mirror up"
    assert with_name("something to hang up", "mirror") == "something to hang up mirror"


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("something to hold phone", ("holder", "phone")),
        ("a gadget that sharpens knives", ("sharpener", "knives")),
        ("something to slice bread", ("slicer", "bread")),
        ("what can clip nails", ("clipper", "nails")),
    ],
)
def test_what_does_something_is_called_by_it(text: str, noun: tuple[str, str]) -> None:
    assert noun in set(agent_nouns(text))


@pytest.mark.parametrize(
    "text", ["a lid for it", "batteries that fit those", "a belt to go with it", "a hat to match"]
)
def test_words_that_tie_a_thing_to_the_one_shown(text: str) -> None:
    assert FOR_IT.search(text)


@pytest.mark.parametrize("text", ["a lid for my pan", "for those mornings", "in it for the money"])
def test_words_that_tie_it_to_nothing_shown(text: str) -> None:
    assert not FOR_IT.search(text)
