"""People's shopping conversations (PSCon): our acts and clarify-or-recommend decisions against theirs.

Their user turns carry an intent (Reveal, Interpret, Revise, Inquire, Chitchat) and keywords, their shop turns
an action (Clarify, Recommend). There is no catalogue to search, so candidates are taken as many.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.language.text import stems
from agent.meaning import Act, Understanding
from agent.reading.vocabulary import Vocabulary
from agent.rules_understanding import understand
from agent.state import DialogueState, PendingQuestion
from agent.toolbox.clarify import pays_to_ask
from retrieval.catalog import Product

_MANY = 1000
_INQUIRES = frozenset((Act.ASK_PRODUCT, Act.ASK_BUYERS, Act.ASK_SHOP, Act.COMPARE))
_CHATS = frozenset((Act.SMALL_TALK, Act.HELP, Act.OUT_OF_SCOPE))
_REVISES = frozenset((Act.CRITIQUE, Act.REJECT, Act.UNDO, Act.START_OVER))


@dataclass(frozen=True)
class PSConResult:
    """Shares of agreement with people; ``majority_*`` always gives the most frequent label."""

    acts: int
    act_accuracy: float
    majority_act: float
    act_recall: dict[str, float]
    decisions: int
    decision_accuracy: float
    majority_decision: float
    keyword_precision: float
    keyword_recall: float
    keyword_f1: float


def evaluate_pscon(path: Path) -> PSConResult:
    """Read ``conversations.json`` and compare every turn; `FileNotFoundError` where there is none."""
    conversations = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = Vocabulary.of(_products(conversations))
    acts: list[tuple[str, str]] = []
    decisions: list[tuple[str, str]] = []
    overlap = Counter[str]()
    for conversation in conversations:
        state = DialogueState(session_id=str(conversation["conv_id"]))
        pending_decision: str | None = None
        for message in conversation["conversation"]:
            if message["role"] == "user":
                meant = understand(message["content"] or "", state, vocabulary)
                if message.get("intent"):
                    acts.append((message["intent"], intent_of(meant, state)))
                state = state.apply(meant)
                _count_overlap(overlap, message.get("keywords") or [], state)
                pending_decision = "Clarify" if pays_to_ask(state, meant.act, _MANY) else "Recommend"
            elif message.get("action") in ("Clarify", "Recommend"):
                if pending_decision is not None:
                    decisions.append((message["action"], pending_decision))
                    pending_decision = None
                state = _after(state, message)
    return _result(acts, decisions, overlap)


def intent_of(meant: Understanding, state: DialogueState) -> str:
    """Our act in their terms: a first or new request reveals, answers and additions interpret."""
    if meant.act in _CHATS:
        return "Chitchat"
    if meant.act in _INQUIRES:
        return "Inquire"
    if meant.act in _REVISES or meant.replace:
        return "Revise"
    first = not state.query and not state.constraints
    return "Reveal" if meant.act in (Act.ASK, Act.RECOMMEND) and (first or meant.new_topic) else "Interpret"


def _products(conversations: list[dict[str, Any]]) -> Iterator[Product]:
    """The products people recommended: the only catalogue there is."""
    seen: set[str] = set()
    for conversation in conversations:
        for message in conversation["conversation"]:
            for product in message.get("recommended_products") or ():
                if product["product_id"] not in seen and product.get("product_title"):
                    seen.add(product["product_id"])
                    yield Product(item_id=product["product_id"], title=product["product_title"][:1000])


def _after(state: DialogueState, message: dict[str, Any]) -> DialogueState:
    if message["action"] == "Clarify":
        name = str((message.get("clarifying_attribute") or ["?"])[0]).split(":")[0].lower()
        slot = "price" if "price" in name or "budget" in name else f"attribute:{name}"
        return state.ask(PendingQuestion(slot=slot, text=message["content"] or "", options=()))
    items = [p["product_id"] for p in message.get("recommended_products") or ()]
    return state.model_copy(update={"asked_in_row": 0}).show(items)


def _count_overlap(overlap: Counter[str], keywords: list[str], state: DialogueState) -> None:
    theirs = {stem for keyword in keywords for stem in stems(keyword)}
    ours = {stem for text in (state.query, *(c.label for c in state.constraints)) for stem in stems(text)}
    if theirs:
        overlap.update(shared=len(theirs & ours), theirs=len(theirs), ours=len(ours))


def _result(
    acts: list[tuple[str, str]], decisions: list[tuple[str, str]], overlap: Counter[str]
) -> PSConResult:
    precision = overlap["shared"] / max(1, overlap["ours"])
    recall = overlap["shared"] / max(1, overlap["theirs"])
    return PSConResult(
        acts=len(acts),
        act_accuracy=_accuracy(acts),
        majority_act=_majority(acts),
        act_recall={
            label: sum(theirs == ours for theirs, ours in acts if theirs == label) / count
            for label, count in Counter(theirs for theirs, _ in acts).items()
        },
        decisions=len(decisions),
        decision_accuracy=_accuracy(decisions),
        majority_decision=_majority(decisions),
        keyword_precision=precision,
        keyword_recall=recall,
        keyword_f1=2 * precision * recall / max(1e-9, precision + recall),
    )


def _accuracy(pairs: list[tuple[str, str]]) -> float:
    return sum(theirs == ours for theirs, ours in pairs) / max(1, len(pairs))


def _majority(pairs: list[tuple[str, str]]) -> float:
    counts = Counter(theirs for theirs, _ in pairs)
    return counts.most_common(1)[0][1] / max(1, len(pairs)) if counts else 0.0
