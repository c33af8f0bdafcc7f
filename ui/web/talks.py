"""Conversations of the page: said, stopped, restored, listed, deleted; each belongs to one shopper.

What was said stands in the shop's turn records, so a conversation is there again after a restart.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent import shelf_views
from agent.errors import AisleError
from agent.explanations.evidence import shorten
from agent.records import Reply
from agent.storage.consents import masked
from ui.faults import log_error
from ui.turn_gate import BusyError, TurnGate
from ui.web.views import Json, Views

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

KEPT_RUNNING = 5000
WAITING_MESSAGES = 3
"""Messages of one conversation that may wait for their answers."""
RESTORED_TURNS = 60
TITLE = 70


@dataclass
class _Running:
    """The turns of one conversation that run or wait."""

    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


class Talks:
    """What shoppers say, answered one after another in each conversation."""

    def __init__(self, assistant: ShoppingAssistant, views: Views, gate: TurnGate) -> None:
        self.assistant = assistant
        self.views = views
        self._gate = gate
        self._running: OrderedDict[str, _Running] = OrderedDict()

    # --- talking ------------------------------------------------------------------------------------------

    async def say(
        self, shopper: str, conversation: str | None, text: str, address: str, language: str | None = None
    ) -> AsyncGenerator[Json]:
        """Answer ``text``: events of the types begun, status, text, and at last reply, stopped or failed."""
        text = text.strip()
        if not text:
            return
        session = await asyncio.to_thread(self._conversation, shopper, conversation, text)
        yield {"type": "begun", "conversation": session}
        running = self._of(session)
        try:
            with self._waiting(running):
                async with (
                    running.order,
                    self._gate.turn(address),
                    aclosing(self._answer(shopper, session, text, running, language)) as events,
                ):
                    async for event in events:
                        yield event
        except BusyError:
            yield {"type": "failed", "reason": "busy"}

    async def _answer(
        self, shopper: str, session: str, text: str, running: _Running, language: str | None
    ) -> AsyncGenerator[Json]:
        running.stopped.clear()
        pieces = self.assistant.astream(text, user_id=shopper, session_id=session, language=language)
        try:
            async with aclosing(pieces) as deltas:  # type: ignore[type-var]
                async for delta in deltas:
                    if running.stopped.is_set() and delta.reply is None:
                        yield {"type": "stopped"}
                        return
                    if delta.status:
                        yield {"type": "status", "text": delta.status}
                    if delta.text:
                        yield {"type": "text", "text": delta.text}
                    if delta.reply is not None:
                        view = await asyncio.to_thread(self._shown, shopper, session, delta.reply)
                        yield {"type": "reply", **view}
        except AisleError as error:
            log_error(error)
            yield {"type": "failed", "reason": "error"}

    def stop(self, shopper: str, conversation: str) -> None:
        """End the answer under way; what was said of it stays unsaid to the assistant."""
        if self.assistant.lists.owns(shopper, conversation):
            self._of(conversation).stopped.set()

    async def drop(
        self, shopper: str, conversation: str, condition: str, address: str, language: str | None = None
    ) -> Json | None:
        """Take a condition back and look again; None where the conversation is not this shopper's.

        Raises:
            BusyError: too many turns are waiting.
        """
        if not await asyncio.to_thread(self.assistant.lists.owns, shopper, conversation):
            return None
        running = self._of(conversation)
        with self._waiting(running):
            async with running.order, self._gate.turn(address):
                reply = await asyncio.to_thread(
                    self.assistant.drop_constraint,
                    condition,
                    user_id=shopper,
                    session_id=conversation,
                    language=language,
                )
                return await asyncio.to_thread(self._shown, shopper, conversation, reply)

    # --- past conversations -------------------------------------------------------------------------------

    def listed(self, shopper: str) -> list[Json]:
        return [
            {"id": c.session_id, "title": c.title, "used": c.used.isoformat()}
            for c in self.assistant.lists.conversations(shopper)
        ]

    def restored(self, shopper: str, conversation: str) -> Json | None:
        """What was said and shown; None where there is no such conversation of this shopper."""
        if not self.assistant.lists.owns(shopper, conversation):
            return None
        records = [record for record in self.assistant.turns.turns(conversation) if record.user_id == shopper]
        ratings = self.assistant.lists.ratings(shopper)
        kept = records[-RESTORED_TURNS:]
        turns = [self.views.turn(record, rating=ratings.get(record.turn_id, "")) for record in kept]
        if kept:
            turns[-1] = self._counted(shopper, conversation, kept[-1], ratings.get(kept[-1].turn_id, ""))
        return {"conversation": conversation, "turns": turns, "earlier": len(records) - len(kept)}

    def exported(self, shopper: str, conversation: str) -> Json | None:
        """A conversation to keep: what was said, and which products were shown."""
        restored = self.restored(shopper, conversation)
        if restored is None:
            return None
        turns = [
            {
                "time": turn["time"],
                "shopper": turn["said"],
                "assistant": turn["text"],
                "products": [{"id": card["id"], "title": card["title"]} for card in turn["cards"]],
            }
            for turn in restored["turns"]
        ]
        return {"conversation": conversation, "turns": turns}

    def delete(self, shopper: str, conversation: str) -> bool:
        """Delete a conversation with all that was said in it; False where it is not this shopper's."""
        if not self.assistant.lists.end(shopper, conversation):
            return False
        self.assistant.forget_session(conversation)
        self._running.pop(conversation, None)
        return True

    # --- inside -------------------------------------------------------------------------------------------

    def _conversation(self, shopper: str, conversation: str | None, text: str) -> str:
        """The shopper's own conversation of this id, else a new one."""
        lists = self.assistant.lists
        if conversation is not None and lists.owns(shopper, conversation):
            lists.use(conversation)
            return conversation
        begun = uuid.uuid4().hex
        lists.begin(shopper, begun, shorten(masked(text), TITLE))
        return begun

    def _shown(self, shopper: str, session: str, reply: Reply) -> Json:
        return self._counted(shopper, session, reply.record, "")

    def _counted(self, shopper: str, session: str, record: Any, rating: str) -> Json:
        excluded = shelf_views.excluded(self.assistant, record.chips, session, shopper)
        return self.views.turn(record, excluded=excluded, rating=rating)

    def _of(self, session: str) -> _Running:
        running = self._running.setdefault(session, _Running())
        self._running.move_to_end(session)
        if len(self._running) > KEPT_RUNNING:
            idle = next((name for name, one in self._running.items() if not one.waiting), None)
            if idle is not None:
                del self._running[idle]
        return running

    @contextmanager
    def _waiting(self, running: _Running) -> Iterator[None]:
        if running.waiting > WAITING_MESSAGES:
            raise BusyError
        running.waiting += 1
        try:
            yield
        finally:
            running.waiting -= 1
