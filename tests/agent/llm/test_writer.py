"""A small model as a writer: the planner chooses and shows, the model only words the reply from facts."""

from __future__ import annotations

from langchain_core.messages import AIMessage

from agent.understanding.labels import Move
from tests.agent.llm.conftest import Talk

WRITER = {"llm_role": "writer"}


def test_the_planner_chooses_and_the_model_words_it(talk: Talk) -> None:
    reply, model = talk(AIMessage("I would take [P1]."), **WRITER)
    assert reply.text == f"I would take {reply.cards[0].title}."
    assert [call.name for call in reply.record.tool_calls][-1] == "show"
    assert len(model._seen) == 1
    assert model._offered == []


def test_it_sees_the_facts_and_the_fenced_words(talk: Talk) -> None:
    reply, model = talk(AIMessage("I would take [P1]."), **WRITER)
    assert "<shopper>a headlamp under $60</shopper>" in model.seen
    assert reply.cards[-1].title[:20] in model.seen


def test_a_word_that_no_fact_has_falls_with_its_sentence(talk: Talk) -> None:
    reply, _ = talk(AIMessage("I would take [P1]. It is sublime and handcrafted."), **WRITER)
    assert reply.text == f"I would take {reply.cards[0].title}."


def test_a_model_that_fails_leaves_the_planners_words(talk: Talk) -> None:
    reply, _ = talk(ConnectionError("refused"), llm_timeout=0.1, **WRITER)
    assert reply.cards
    assert reply.text.strip()
    assert "model: the model failed (ConnectionError)" in reply.record.guard_actions


def test_what_shows_no_product_costs_no_call(talk: Talk) -> None:
    reply, model = talk(AIMessage("Hi."), text="hello", move=Move.SOCIAL, spans={}, **WRITER)
    assert model._seen == []
    assert reply.text.strip()
