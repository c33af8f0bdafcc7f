"""Another need is another errand, though it names no thing; more said of the one before is not."""

from __future__ import annotations

import pytest

from agent.conditions import Where
from agent.dialogue import DialogueState, Exchange
from agent.planner.unchanged import is_told_in_vain
from agent.tools.labels import label
from agent.understanding.changes import changed
from agent.understanding.interpret import Interpreter
from agent.understanding.interpretation import Interpretation
from agent.understanding.language.errand_cues import BESIDES
from agent.understanding.references import References
from tests.agent.understanding.conftest import marked

RUNNING = "[thing: running shoes] [condition: under 80]"
TEA = "I never get [wish: water boiled for a cup of tea]"


def say(
    interpreter: Interpreter, state: DialogueState, text: str, *moves: str, shown: tuple[str, ...]
) -> DialogueState:
    plain, read = marked(text, *moves)
    meant = interpreter.interpret(plain, read, state)
    desk = interpreter.desk
    state = changed(state, meant, References(desk, state), lambda where: label(where, desk.schema))
    return state.show(shown, listed=True) if shown else state


@pytest.fixture
def shod(interpreter: Interpreter) -> DialogueState:
    """Shoes are talked about, and three are shown."""
    return say(interpreter, DialogueState(), RUNNING, "seek", shown=("S0", "S1", "S2"))


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        (f"right, and then the other thing is {TEA}", ("refine",)),
        ("also something [wish: to make tea with]", ("refine", "seek")),
        (TEA, ("seek",)),
        (f"no, scrap that, she has plenty. Something for this instead: {TEA}", ("reject", "refine")),
        (f"one more thing, my kitchen is cold and it hurts: {TEA}", ("refine",)),
    ],
)
def test_another_need_leaves_what_was_looked_for(
    text: str, moves: tuple[str, ...], interpreter: Interpreter, shod: DialogueState
) -> None:
    state = say(interpreter, shod, text, *moves, shown=())
    assert len(state.topics) == 2
    assert not state.topic.where
    assert "shoes" not in f"{state.topic.thing} {state.topic.query}"


@pytest.mark.parametrize(
    "text",
    [
        "they have to be [wish: light enough for a marathon]",
        "and [wish: soft on my knees when I jog]",
        "[condition: black] too",
        "I forgot to say, [wish: for mornings with a cup of tea]",
        "nah no [excluded: kettles] or [excluded: pots of tea], he hates them",
    ],
)
def test_more_said_of_it_stays_with_it(text: str, interpreter: Interpreter, shod: DialogueState) -> None:
    state = say(interpreter, shod, text, "refine", shown=())
    assert len(state.topics) == 1
    assert state.topic.thing == "running shoes"


def test_what_only_refuses_is_said_of_what_is_looked_for(
    interpreter: Interpreter, shod: DialogueState
) -> None:
    state = say(interpreter, shod, "nah, no [excluded: leather], her skin flares up", "seek", shown=())
    assert len(state.topics) == 1
    assert any(where.field == "price" for where in state.topic.where)


def test_what_follows_a_thing_that_is_not_sold_is_asked_anew(interpreter: Interpreter) -> None:
    state = say(interpreter, DialogueState(), "do you sell [thing: gazebos]", "seek", shown=())
    state = say(
        interpreter, state, "then at least [wish: something that keeps my feet dry]", "refine", shown=()
    )
    assert "gazebo" not in f"{state.topic.thing} {state.topic.query}"


@pytest.mark.parametrize(
    "text", ["and a jug", "oh, also my ears hurt", "two more of them? one more thing: tea"]
)
def test_words_that_something_comes_on_top(text: str) -> None:
    assert BESIDES.search(text)


@pytest.mark.parametrize("text", ["another two, please", "the handle and the lid", "is it too heavy for her"])
def test_words_that_say_nothing_of_the_sort(text: str) -> None:
    assert not BESIDES.search(text)


def test_the_question_before_has_no_part_in_another_errand(
    interpreter: Interpreter, shod: DialogueState
) -> None:
    asked = shod.model_copy(
        update={"subject": "shoes", "exchanges": (Exchange(said="which shoes are warm"),)}
    )
    state = say(interpreter, asked, f"right, and then the other thing is {TEA}", "refine", shown=())
    assert "Shoes" not in " ".join(state.topic.kinds)


def test_what_is_read_afresh_leaves_what_was_looked_for(
    interpreter: Interpreter, shod: DialogueState
) -> None:
    plain, read = marked("and [wish: soft on my knees when I jog]", "refine")
    desk = interpreter.desk
    for afresh, topics in ((False, 1), (True, 2)):
        meant = interpreter.interpret(plain, read, shod, afresh=afresh)
        state = changed(shod, meant, References(desk, shod), lambda where: label(where, desk.schema))
        assert len(state.topics) == topics


SHOWN = ("S0", "S1", "S2")
MORE = {"text": "soft on my knees", "moves": ("refine",), "words": "soft on my knees"}


@pytest.mark.parametrize(
    ("told", "shown", "in_vain"),
    [
        ({}, SHOWN, True),
        ({}, ("S0", "S3"), False),  # something else came of it
        ({"words": ""}, SHOWN, False),
        ({"moves": ("refine", "add_to_cart")}, SHOWN, False),
        ({"where": (Where(field="color", value="black"),)}, SHOWN, False),  # which they may well meet
        ({"among": True}, SHOWN, False),
    ],
)
def test_more_is_told_in_vain_where_it_binds_nothing_and_shows_the_same(
    told: dict[str, object], shown: tuple[str, ...], in_vain: bool, shod: DialogueState
) -> None:
    meant = Interpretation.model_validate(MORE | told)
    assert is_told_in_vain(meant, shod, shown) == in_vain
