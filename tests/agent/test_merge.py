"""A model's reading joined with the rules'."""

from __future__ import annotations

import pytest

from agent.meaning import Act, Understanding
from agent.reading.merge import LLMUnderstanding, merge
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from tests.agent.conftest import Say


@pytest.fixture
def rules() -> Understanding:
    return Understanding(
        act=Act.ASK, text="shoes by nike that cost fifty dollars, leather bad", query="shoes"
    )


def joined(rules: Understanding, vocabulary: Vocabulary, **model: object) -> Understanding:
    return merge(rules, LLMUnderstanding.model_validate(model), DialogueState(), vocabulary)


def labels(meant: Understanding) -> list[str]:
    return [constraint.label for constraint in meant.constraints]


def test_a_model_adds_what_the_utterance_bears_out(rules: Understanding, vocabulary: Vocabulary) -> None:
    meant = joined(rules, vocabulary, max_price=50, brands=["Nike"], without=["leather"])
    assert labels(meant) == ["at most $50", "Nike", "not leather"]
    assert all(c.source == "model" and c.constraint_id for c in meant.constraints)


def test_what_a_model_invents_counts_for_nothing(rules: Understanding, vocabulary: Vocabulary) -> None:
    assert (
        labels(joined(rules, vocabulary, max_price=30, brands=["Adidas"], without=["wool"], features=["red"]))
        == []
    )


def test_a_model_takes_nothing_away(say: Say, vocabulary: Vocabulary) -> None:
    meant, _ = say("red shoes under 80, not Nike")
    assert labels(merge(meant, LLMUnderstanding(), DialogueState(), vocabulary)) == labels(meant)


def test_the_stricter_price_holds_and_the_conflict_is_told(say: Say, vocabulary: Vocabulary) -> None:
    meant, _ = say("shoes under 80")
    meant = meant.model_copy(update={"text": "shoes under 80, and 60 would be my limit"})
    both = merge(meant, LLMUnderstanding(max_price=60), DialogueState(), vocabulary)
    assert "at most $60" in labels(both)
    assert both.ambiguous


def test_wanted_by_one_and_refused_by_the_other_is_asked_about(say: Say, vocabulary: Vocabulary) -> None:
    meant, _ = say("shoes, not Nike")
    both = merge(meant, LLMUnderstanding(brands=["Nike"]), DialogueState(), vocabulary)
    assert labels(both) == labels(meant)
    assert both.ambiguous == ("Nike, or not Nike",)


@pytest.mark.parametrize("act", [Act.START_OVER, Act.ACCEPT, Act.FORGET, Act.REJECT, Act.UNDO])
def test_a_model_can_not_start_over_buy_or_forget(
    act: Act, rules: Understanding, vocabulary: Vocabulary
) -> None:
    assert joined(rules, vocabulary, act=act).act is Act.ASK
