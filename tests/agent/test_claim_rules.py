"""The audit finds false claims: each kind is put into a true reply, and told."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.records import Reason, Reply
from benchmarks.claim_rules import ClaimRules


@pytest.fixture(scope="module")
def rules(assistant: ShoppingAssistant) -> ClaimRules:
    return ClaimRules(assistant.shop)


@pytest.fixture(scope="module")
def reply(assistant: ShoppingAssistant) -> Reply:
    return assistant.reply("the cheapest electric kettle")


def kinds(rules: ClaimRules, reply: Reply) -> set[str]:
    return {kind for kind, _ in rules.wrong(reply)}


def with_reason(reply: Reply, *texts: str) -> Reply:
    reasons = tuple(Reason(text=text, kind="match", evidence_ids=()) for text in texts)
    first = reply.cards[0].model_copy(update={"reasons": reasons, "drawback": None})
    return reply.model_copy(update={"cards": (first, *reply.cards[1:])})


def test_what_the_planner_says_is_true(rules: ClaimRules, reply: Reply) -> None:
    assert list(rules.wrong(reply)) == []


def test_a_superlative_holds_over_all_that_fits(rules: ClaimRules, reply: Reply) -> None:
    assert "superlatives" in kinds(rules, reply.model_copy(update={"cards": reply.cards[-1:]}))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cheaper than 2 of the other 3 in Electric kettle", "counts"),
        ("4.9 stars from 7,000 reviews", "counts"),
        ("A buyer says “nobody ever wrote this”", "quotes"),
        ("Its listing does not mention kettle", "absences"),
    ],
)
def test_false_reasons_are_found(rules: ClaimRules, reply: Reply, text: str, kind: str) -> None:
    assert kind in kinds(rules, with_reason(reply, text))


def test_a_repetition_beside_a_better_reason_is_found(rules: ClaimRules, reply: Reply) -> None:
    told = with_reason(reply, "$26.50 is within your $40", "Keeps water hot for hours")
    assert "tautologies" in kinds(rules, told)
    assert "tautologies" not in kinds(rules, with_reason(reply, "$26.50 is within your $40"))


def test_a_wrong_name_is_found(rules: ClaimRules, reply: Reply) -> None:
    first = reply.cards[0].model_copy(update={"title": "Another kettle"})
    assert "names" in kinds(rules, reply.model_copy(update={"cards": (first,)}))
