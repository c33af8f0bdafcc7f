"""What somebody must do without binds, though the reader took it for what is sought, and holds for what comes next."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.tools.labels import label
from agent.understanding.changes import changed
from agent.understanding.interpret import Interpreter
from agent.understanding.references import References
from tests.agent.understanding.conftest import marked


@pytest.mark.parametrize(
    "text",
    [
        "I had to give up [thing: leather], it brings me out in hives. What is there to run in?",
        "the nurse made me throw out my [thing: leather] things. What is there to run in?",
        "I always wore leather, now the doctor forbids it. [thing: shoes]?",
    ],
)
def test_it_is_refused_and_never_what_is_sought(text: str, interpreter: Interpreter) -> None:
    plain, read = marked(text)
    found = interpreter.interpret(plain, read, DialogueState(session_id="s"))
    assert "leather" not in found.thing
    assert [w.is_negative for w in found.where if "leather" in str(w.value)] == [True]


def test_it_holds_for_another_errand(interpreter: Interpreter) -> None:
    desk, state = interpreter.desk, DialogueState(session_id="s")
    for text in ("my skin doctor took me off leather. [thing: shoes]?", "and a [thing: ring]"):
        plain, read = marked(text)
        meant = interpreter.interpret(plain, read, state)
        state = changed(state, meant, References(desk, state), lambda where: label(where, desk.schema))
    assert "ring" in state.topic.thing
    assert any(w.op == "lacks" and w.value == "leather" for w in state.topic.where)
