"""The conversations of a page, on the server: what was said and shown, by the visitor's secret session.

A page sends what its visitor says and presses, and shows what stands here; it never sends a conversation.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from agent.buyers_view import aspects_told
from agent.errors import AisleError
from agent.records import Reply
from ui.door import Visitor
from ui.faults import log_error
from ui.requests import Press
from ui.turn_gate import BusyError, TurnGate
from ui.web.shoppers import Shoppers

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

KEPT_CONVERSATIONS = 5000
KEPT_LINES = 200
WAITING_MESSAGES = 3
"""Messages of one conversation that may wait for their answers."""

FAILED = "Sorry, that did not work. Please try again."
STOPPED = "(stopped)"
BUSY = "Many shoppers are asking right now. Please try again in a moment."
NOT_YET = "One moment, please: I am still answering what you said before."
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

Change = Literal["words", "all"]
"""What of a conversation has changed: only its words, or what is shown beside them as well."""


@dataclass
class Line:
    """One thing said; an answer changes while it is written."""

    speaker: Literal["shopper", "assistant"]
    text: str


@dataclass
class Conversation:
    """One conversation of the shopper ``user_id``."""

    user_id: str
    session_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    lines: list[Line] = field(default_factory=list)
    reply: Reply | None = None
    liked: dict[str, str] = field(default_factory=dict)
    waiting: int = 0
    order: asyncio.Lock = field(default_factory=asyncio.Lock)

    def add(self, speaker: Literal["shopper", "assistant"], text: str) -> Line:
        line = Line(speaker, text)
        self.lines = [*self.lines[1 - KEPT_LINES :], line]
        return line

    def show(self, reply: Reply) -> None:
        """Keep what the page needs of a reply: without the candidates, which are most of it."""
        record = reply.record.model_copy(update={"considered": (), "tool_calls": ()})
        self.reply = reply.model_copy(update={"record": record})


class Conversations:
    """What visitors say and press, carried out one after another in each conversation."""

    def __init__(self, assistant: ShoppingAssistant, shoppers: Shoppers, gate: TurnGate) -> None:
        self.assistant = assistant
        self.shoppers = shoppers
        self._gate = gate
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def of(self, visitor: Visitor) -> Conversation:
        """The visitor's conversation, begun where there is none; the longest unused ones are let go."""
        conversation = self._kept.get(visitor.session)
        if conversation is None or conversation.user_id != self.shoppers.of(visitor):
            conversation = self._kept[visitor.session] = Conversation(self.shoppers.of(visitor))
        self._kept.move_to_end(visitor.session)
        if len(self._kept) > KEPT_CONVERSATIONS:
            self._kept.popitem(last=False)
        return conversation

    def start_over(self, visitor: Visitor) -> Conversation:
        """A new conversation of the same shopper."""
        self._kept.pop(visitor.session, None)
        return self.of(visitor)

    def pose(self, visitor: Visitor, shopper: str) -> Conversation:
        """A new conversation as one of the shoppers that visitors may pose as; as a guest for another."""
        self.shoppers.pose(visitor, shopper)
        return self.start_over(visitor)

    async def say(self, visitor: Visitor, text: str) -> AsyncGenerator[Change]:
        """Answer ``text``; yields whenever the conversation has changed."""
        conversation, text = self.of(visitor), text.strip()
        if not text:
            return
        conversation.add("shopper", text)
        answer = conversation.add("assistant", "…")
        yield "words"
        try:
            with self._waiting(conversation):
                async with (
                    conversation.order,
                    self._gate.turn(visitor.address),
                    aclosing(self._answer(conversation, text, answer)) as changes,
                ):
                    async for change in changes:
                        yield change
        except BusyError as busy:
            answer.text = str(busy) or BUSY
            yield "words"

    async def _answer(self, conversation: Conversation, text: str, answer: Line) -> AsyncGenerator[Change]:
        said, answer.text = "", "…"
        try:
            async for delta in self.assistant.astream(
                text, user_id=conversation.user_id, session_id=conversation.session_id
            ):
                said += delta.text
                answer.text = said or delta.status or "…"
                if delta.reply is not None:
                    answer.text = delta.reply.text
                    conversation.show(delta.reply)
                yield "words" if delta.reply is None else "all"
        except AisleError as error:
            log_error(error)
            answer.text = FAILED
            yield "words"
        except (GeneratorExit, asyncio.CancelledError):
            answer.text = said or STOPPED
            raise

    async def press(self, visitor: Visitor, press: Press) -> AsyncGenerator[Change]:
        """Carry out a button. One whose product or condition is not shown any more does nothing."""
        conversation = self.of(visitor)
        shown = [card.item_id for card in conversation.reply.cards] if conversation.reply else []
        if press.action == "more" and press.item in shown[: len(_ORDINALS)]:
            carried_out = self.say(visitor, f"More like the {_ORDINALS[shown.index(press.item)]} one")
        elif press.action == "say" or (press.action == "drop" and not press.id):
            carried_out = self.say(visitor, press.say)
        else:
            carried_out = self._quietly(visitor, conversation, press)
        async with aclosing(carried_out) as changes:
            async for change in changes:
                yield change

    async def _quietly(
        self, visitor: Visitor, conversation: Conversation, press: Press
    ) -> AsyncGenerator[Change]:
        """What a button does without anything being said."""
        try:
            with self._waiting(conversation):
                async with conversation.order, self._gate.turn(visitor.address):
                    if press.action == "drop":
                        await self._drop(conversation, press.id)
                    elif press.action in ("like", "dislike"):
                        await asyncio.to_thread(self._feedback, conversation, press)
                    yield "all"
        except BusyError as busy:
            conversation.add("assistant", str(busy) or BUSY)
            yield "words"
        except AisleError as error:
            log_error(error)
            conversation.add("assistant", FAILED)
            yield "words"

    async def _drop(self, conversation: Conversation, constraint_id: str) -> None:
        reply = await asyncio.to_thread(
            self.assistant.drop_constraint,
            constraint_id,
            user_id=conversation.user_id,
            session_id=conversation.session_id,
        )
        conversation.show(reply)
        conversation.add("assistant", reply.text)

    def _feedback(self, conversation: Conversation, press: Press) -> None:
        if conversation.reply is None or press.item not in {c.item_id for c in conversation.reply.cards}:
            return
        again = conversation.liked.get(press.item) == press.action
        self.assistant.feedback(
            press.item,
            press.action,
            user_id=conversation.user_id,
            session_id=conversation.session_id,
            take_back=again,
        )
        if again:
            del conversation.liked[press.item]
        else:
            conversation.liked[press.item] = press.action

    @contextmanager
    def _waiting(self, conversation: Conversation) -> Iterator[None]:
        if conversation.waiting > WAITING_MESSAGES:
            raise BusyError(NOT_YET)
        conversation.waiting += 1
        try:
            yield
        finally:
            conversation.waiting -= 1

    def buyers(self, conversation: Conversation, *, aspects: int) -> dict[str, Any]:
        """What buyers say of the products shown, by item id."""
        cards = conversation.reply.cards if conversation.reply else ()
        return {
            card.item_id: aspects_told(self.assistant.shop, card.item_id, aspects=aspects) for card in cards
        }
