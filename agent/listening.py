"""Listening to the agent while it works: what it found, and which of its words may be passed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agent.guards.backing import backing, written_out
from agent.guards.output_guard import GuardedReply, SentenceGate, guard_reply
from agent.plan import SORRY, canned
from agent.records import ReplyDelta
from agent.toolbox.turn import Shelf, Turn
from agent.toolbox.wording import also_shown, names

if TYPE_CHECKING:
    from agent.toolbox.desk import Desk


class Listener:
    """Listens to the graph: keeps the newest shelf, lets through sentences that pass the guard."""

    def __init__(self, desk: Desk, turn: Turn, shelf: Shelf) -> None:
        self._desk, self._turn = desk, turn
        self.shelf, self._start = shelf, shelf
        self._gate: SentenceGate | None = None
        self._passed: list[str] = []
        self._final, self._by_planner = "", True

    @property
    def streamed(self) -> bool:
        return bool(self._passed)

    def take(self, mode: str, data: Any) -> Iterator[ReplyDelta]:
        from agent.planner_model import PLANNER_ID

        if mode == "custom":
            yield ReplyDelta(status=str(data.get("status", "")))
        elif mode == "values":
            self.shelf = data.get("shelf", self.shelf)
            last = data["messages"][-1]
            if last.type == "ai" and not last.tool_calls:
                self._final, self._by_planner = last.text, str(last.id).startswith(PLANNER_ID)
        elif mode == "messages":
            chunk = data[0]
            looked = len(self.shelf.calls) > len(self._start.calls)
            if chunk.type in ("ai", "AIMessageChunk") and looked and not str(chunk.id).startswith(PLANNER_ID):
                yield from self._let_through(chunk.text)

    def _let_through(self, piece: str) -> Iterator[ReplyDelta]:
        if not piece:
            return
        if self._gate is None:
            self._gate = SentenceGate(backing(self._desk, self._turn, self.shelf, strict=True))
        yield from self._emit(self._gate.feed(piece))

    def rest(self) -> Iterator[ReplyDelta]:
        if self._gate is not None and not self._by_planner:
            yield from self._emit(self._gate.finish())
        missing = self._missing()
        if self._passed and missing:
            self._passed.append(missing)
            yield from in_pieces(written_out(missing, self.shelf.cards))

    def guarded(self) -> GuardedReply:
        """The whole text as it stands after the guard."""
        template = self._template()
        if self._by_planner and not self.shelf.said:
            return GuardedReply(template)  # a fixed sentence about no product
        if not self._passed:
            text = self._final if self._by_planner else template
            strictly = backing(self._desk, self._turn, self.shelf, strict=False)
            checked = guard_reply(text or template, strictly, template)
            found = self._gate.violations if self._gate else ()
            action = ("output: template",) if found or not self._by_planner else ()
            return GuardedReply(checked.text, (*action, *checked.actions), checked.violations)
        dropped = self._gate.violations if self._gate else []
        kinds = ", ".join(sorted({violation.kind for violation in dropped}))
        actions = (f"output: sentence dropped ({kinds})",) if dropped else ()
        return GuardedReply("".join(self._passed).strip(), actions, tuple(dropped))

    def _emit(self, sentences: Iterator[str]) -> Iterator[ReplyDelta]:
        for sentence in sentences:
            self._passed.append(sentence)
            yield ReplyDelta(text=written_out(sentence, self.shelf.cards))

    def _missing(self) -> str:
        """What must still be said after a model's sentences: the template, if they name no product."""
        said = "".join(self._passed)
        if self._by_planner:
            return self._final
        unnamed = [card for card in self.shelf.cards if not names(said, card)]
        if unnamed and len(unnamed) == len(self.shelf.cards):
            return self._template()
        return also_shown(unnamed)

    def _template(self) -> str:
        said = " ".join(dict.fromkeys(self.shelf.said))
        if not said and any(call.error for call in self.shelf.calls):
            return SORRY
        return said or canned(str(self._turn.understanding.act), self._turn.text)


def in_pieces(text: str) -> Iterator[ReplyDelta]:
    from agent.planner_model import pieces

    for piece in pieces(text):
        yield ReplyDelta(text=piece)
