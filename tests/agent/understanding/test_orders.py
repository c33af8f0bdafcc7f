"""One end of an order is found whatever the reader made of its words, and only of what the thing really is."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from agent.understanding.interpretation import Interpretation
from tests.agent.understanding.conftest import marked


def read(interpreter: Interpreter, text: str, *moves: str) -> Interpretation:
    plain, spans = marked(text, *moves)
    return interpreter.interpret(plain, spans, DialogueState(session_id="s"))


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("what's the [thing: dearest] [thing: kettle] in the whole place", 1),
        ("the dearest [thing: kettle] you have", 1),
        ("your most exclusive [thing: kettle]", 1),
        ("the poshest [thing: kettle] please", 1),
        ("[order: cheapest kettle] going", -1),
        ("which kettle costs the least", -1),
        ("what kettle is the dearest?", 1),
    ],
)
def test_an_end_of_the_prices_is_found_whoever_marked_it(
    text: str, direction: int, interpreter: Interpreter
) -> None:
    found = read(interpreter, text)
    assert found.scale is not None
    assert found.scale.superlative
    assert (found.scale.field, found.scale.direction) == ("price", direction)
    assert found.kinds
    assert found.main == "seek"


def test_any_order_is_of_the_kind_behind_it_while_nothing_is_shown(interpreter: Interpreter) -> None:
    found = read(interpreter, "[order: biggest kettle] you've got")
    assert found.scale is not None
    assert found.scale.field == "capacity_l"


@pytest.mark.parametrize(
    "text", ["a [thing: chest of drawers] for the forest cabin", "[thing: shoes], the most I can spend is 60"]
)
def test_words_that_only_look_like_an_end_order_nothing(text: str, interpreter: Interpreter) -> None:
    assert read(interpreter, text).scale is None


def test_what_sells_best_is_no_matter_of_stars(interpreter: Interpreter) -> None:
    found = read(interpreter, "the [order: best selling] [thing: kettle]")
    assert found.scale is not None
    assert found.scale.field == "popularity"
