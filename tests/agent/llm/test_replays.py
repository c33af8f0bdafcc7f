"""Turns of a strong model, replayed on the demo shop: the products shown, the conditions in force, the checks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from pydantic import Field

from agent.assistant import ShoppingAssistant
from agent.records import Reply
from agent.understanding.labels import Move, SpanLabel
from retrieval.records import Product
from tests.agent.llm.conftest import FixedReader, Scripted, answer, calls

Open = Callable[..., ShoppingAssistant]
Turn = dict[str, Any]
CONVERSATIONS = tomllib.loads(Path(__file__).with_name("replays.toml").read_text(encoding="utf-8"))[
    "conversation"
]


class Replayed(Scripted):
    """Makes the calls of one turn, a round at a time, then answers in the words of what they gave."""

    turn: Turn = Field(default_factory=dict)

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        since = max(at for at, message in enumerate(messages) if message.type == "human")
        results = [str(m.content) for m in messages[since:] if m.type == "tool"]
        made = sum(message.type == "ai" for message in messages[since:])
        rounds = self.turn.get("calls", [])
        self._seen.append(messages)
        if made < len(rounds):
            said = calls(
                *((call["name"], {k: v for k, v in call.items() if k != "name"}) for call in rounds[made])
            )
        else:
            words = self.turn["words"] if made == len(rounds) else self.turn.get("mended", self.turn["words"])
            rows = [line for text in results for line in text.splitlines() if re.match(r"\[P\d+\] ", line)]
            show = [_handle(rows[place - 1]) for place in self.turn.get("show", ())]
            more = {key: self.turn[key] for key in ("question", "options") if key in self.turn}
            said = answer(_filled(words, rows, results), *show, **more)
        copy: AIMessage = said.model_copy(update={"id": f"message {len(self._seen)}"})
        return copy


def _handle(row: str) -> str:
    return row[1 : row.index("]")]


def _filled(words: str, rows: list[str], results: list[str]) -> str:
    """The words with the handles and values of this run's results in their places."""
    quote = next((found[1] for text in results if (found := re.search("“([^”]+)”", text))), "")
    words = re.sub(r"\[(\d)\]", lambda m: f"[{_handle(rows[int(m[1]) - 1])}]", words).replace(
        "{quote}", quote
    )
    return re.sub(r"\{(\d) ([\w ]+)\}", lambda m: _said(rows[int(m[1]) - 1], m[2]), words)


def _said(row: str, field: str) -> str:
    parts = row.split(" | ")
    if field == "price":
        return next(part for part in parts if part.startswith("$"))
    if field == "stars":
        return next(part for part in parts if " stars of " in part).replace(" of ", " from ")
    return next(part for part in parts if part.startswith(f"{field}: ")).split(": ", 1)[1]


def _replay(opened: Open, conversation: dict[str, Any]) -> tuple[ShoppingAssistant, list[tuple[Turn, Reply]]]:
    model = Replayed(script=[])
    assistant = opened(model, spans={})
    held = []
    for turn in conversation["turn"]:
        model.turn = turn
        spans = {text: SpanLabel(label) for text, label in turn.get("spans", {}).items()}
        assistant.reader = FixedReader(Move(turn.get("move", "seek")), spans)
        held.append((turn, assistant.reply(turn["say"], session_id=conversation["name"])))
    return assistant, held


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one["name"])
def test_a_recorded_conversation_comes_out_as_it_did(opened: Open, conversation: dict[str, Any]) -> None:
    assistant, held = _replay(opened, conversation)
    shown: list[Product] = []
    for turn, reply in held:
        before, shown = shown, assistant.desk.products([card.item_id for card in reply.cards])
        assert len(shown) == len(turn.get("show", ())) or "cart" in turn
        _products_are_right(turn, shown, before)
        labels = [chip.label for chip in reply.chips if chip.kind == "constraint"]
        assert set(turn.get("in_force", ())) <= set(labels), labels
        assert set(turn.get("chips", ())) <= {chip.label for chip in reply.chips}
        assert all(text in reply.text for text in turn.get("says", ())), reply.text
        assert not any(text in reply.text for text in turn.get("unsaid", ())), reply.text
        assert not [note for note in reply.record.guard_actions if note.startswith(("output", "model"))]
        assert bool(reply.record.loosened) == turn.get("loosened", False)
        assert [call.name for call in reply.record.tool_calls] == [
            call["name"] for made in turn.get("calls", ()) for call in made
        ]
        for handle, quantity in turn.get("cart", {}).items():
            item = assistant.state(conversation["name"], None).handles[int(handle[1:]) - 1]
            assert assistant.desk.carts.items(f"session:{conversation['name']}")[item] == quantity


def _products_are_right(turn: Turn, shown: list[Product], before: list[Product]) -> None:
    for product in shown:
        known = {"category": product.category[-1], "price": product.price, **product.attributes}
        assert {name: known.get(name) for name in turn.get("all", ())} == turn.get("all", {})
        assert all(known[name] <= most for name, most in turn.get("most", {}).items())
    if "least" in turn:
        field = turn["least"]
        assert shown[0].attributes[field] == min(product.attributes[field] for product in before)
    if "kinds" in turn:
        assert [product.category[-1] for product in shown] == turn["kinds"]
