"""A later turn that asks for others, for what else is needed, or for some of those shown; and for somebody else."""

from __future__ import annotations

import pytest

from agent.conditions import TITLE, Prefer, Where
from agent.dialogue import DialogueState, Exchange, Topic
from agent.understanding.interpret import Interpreter
from agent.understanding.language.follow_up_cues import FOR_MYSELF, NEEDED_WITH, OTHER_ONES, WHAT_ELSE
from agent.understanding.moves import moves_read
from agent.understanding.people import Person
from agent.understanding.person_conditions import told_of_another
from tests.agent.understanding.conftest import marked
from tests.agent.understanding.test_errands import say

SHOES = "[thing: running shoes] [condition: under 80]"


@pytest.fixture
def shod(interpreter: Interpreter) -> DialogueState:
    """Shoes are talked about, and three are shown."""
    state = say(interpreter, DialogueState(), SHOES, "seek", shown=("S0", "S1", "S2"))
    return state.keep(Exchange(said="running shoes under 80"), ())


@pytest.mark.parametrize(
    ("text", "move"),
    [("what else have you got, same budget", "more"), ("what else will I need?", "goes_with")],
)
def test_what_else_there_is_and_what_else_is_needed(
    text: str, move: str, interpreter: Interpreter, shod: DialogueState
) -> None:
    plain, read = marked(text, "refine")
    assert interpreter.interpret(plain, read, shod).main == move


def test_others_are_of_the_kind_that_is_spoken_of(interpreter: Interpreter) -> None:
    asked = DialogueState(focus="S0", exchanges=(Exchange(said="is the first waterproof", shown=("S0",)),))
    plain, read = marked("any other ones then, not [excluded: leather]", "refine")
    meant = interpreter.interpret(plain, read, asked)
    assert "Shoes" in " ".join(meant.kinds)


def test_a_need_that_is_told_is_looked_for_and_no_taste() -> None:
    plain, read = marked("leave the hall, [wish: the windows drip every morning]", "recommend", "seek")
    assert moves_read(read, plain) == ("seek",)
    plain, read = marked("what would you pick for me, [wish: something cosy]", "recommend", "seek")
    assert moves_read(read, plain)[0] == "recommend"


FOR_HER = Topic(
    thing="jacket",
    recipient="my wife",
    where=(Where(field="gender", op="in", value=("women",)), Where(field="color", value="red")),
    prefer=(Prefer(field=TITLE, value="women"),),
)


def test_what_was_said_of_another_person_is_taken_back() -> None:
    assert told_of_another(Person(is_self=True), FOR_HER) == ("women", "my wife")
    assert told_of_another(Person("man"), FOR_HER) == ("women", "my wife")


def test_what_was_said_of_the_same_person_stays() -> None:
    assert told_of_another(None, FOR_HER) == ()
    assert told_of_another(Person("woman"), FOR_HER) == ()


@pytest.mark.parametrize("text", ["not for him, for myself!", "and one for me", "for me too please"])
def test_words_that_it_is_for_the_shopper(text: str) -> None:
    assert FOR_MYSELF.search(text)


@pytest.mark.parametrize(
    "text", ["is it good for me to sit on", "one for my brother", "too dear for me to buy"]
)
def test_words_that_it_is_for_nobody_new(text: str) -> None:
    assert not FOR_MYSELF.search(text)


def test_words_that_ask_for_others() -> None:
    assert all(map(WHAT_ELSE.search, ("what else you got", "anything else then?", "what else is there")))
    assert all(
        map(
            NEEDED_WITH.search,
            ("what else do I need", "anything else we should get", "what else would he need"),
        )
    )
    assert all(map(OTHER_ONES.search, ("any other ones in navy", "show me some others")))
    assert not WHAT_ELSE.search("what else do people say about it")
    assert not NEEDED_WITH.search("what else do you need to know")
