"""The kind that a need points at: by the products found for it, or by how clearly its words tell it."""

from __future__ import annotations

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from agent.understanding.unnamed_kinds import UnnamedKinds
from retrieval.filters import And
from retrieval.naming.needs import Served
from tests.agent.understanding.conftest import marked

RUNNING = "running shoes for sport"


def serve(interpreter: Interpreter, patch: pytest.MonkeyPatch, kettles: float, shoes: float) -> None:
    served = [Served(("Kettles",), kettles), Served(("Shoes",), shoes)]
    patch.setattr(type(interpreter.desk.shop.search), "serving", lambda _self, _need: served)


def test_a_need_far_more_clearly_told_than_any_other_needs_no_products_of_its_words(
    interpreter: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(interpreter, monkeypatch, 1.2, 0.6)
    assert UnnamedKinds(interpreter.desk).implied(RUNNING, (), And()) == ("Kettles",)


@pytest.mark.parametrize(("kettles", "shoes"), [(1.2, 1.1), (0.8, 0.3)])
def test_a_need_told_no_more_clearly_is_what_the_products_are(
    kettles: float, shoes: float, interpreter: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(interpreter, monkeypatch, kettles, shoes)
    assert UnnamedKinds(interpreter.desk).implied(RUNNING, (), And()) != ("Kettles",)


def test_a_thing_that_is_nothing_here_leaves_the_need_to_tell_the_kind(
    interpreter: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(interpreter, monkeypatch, 1.2, 0.6)
    monkeypatch.setattr("agent.understanding.things.is_unsold", lambda *_: False)
    plain, spans = marked("my [thing: fingertips] get cold at my desk")
    found = interpreter.interpret(plain, spans, DialogueState(session_id="s"))
    assert found.kinds == ("Kettles",)


def test_a_thing_that_is_not_sold_is_no_need(
    interpreter: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(interpreter, monkeypatch, 1.2, 0.6)
    monkeypatch.setattr("agent.understanding.things.is_unsold", lambda *_: True)
    plain, spans = marked("have you any [thing: gazebos] for my garden")
    assert not interpreter.interpret(plain, spans, DialogueState(session_id="s")).kinds
