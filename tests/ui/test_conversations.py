"""Conversations on the server: what is kept, in which order turns go, and who has to wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from agent.errors import AisleError
from agent.records import Card, Reply, ReplyDelta, TurnRecord
from agent.storage.lists import ShopperLists
from ui.conversations import BUSY, FAILED, KEPT_CONVERSATIONS, NOT_YET, STOPPED, Conversations
from ui.door import Visitor
from ui.requests import Press
from ui.turn_gate import TurnGate
from ui.web.shoppers import Shoppers

VISITOR = Visitor("secret", "10.1.1.1")


class Assistant:
    """Answers with what it heard; ``hold`` keeps answers back until it is set."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.fed_back: list[tuple[str, str, bool]] = []
        self.hold: asyncio.Event | None = None
        self.running = self.most_running = 0

    async def astream(self, text: str, *, user_id: str, session_id: str) -> AsyncIterator[ReplyDelta]:
        self.heard.append((user_id, text))
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            yield ReplyDelta(text="You said ")
            if self.hold:
                await self.hold.wait()
            if text == "break":
                raise AisleError("/etc/secret is missing")
            yield ReplyDelta(reply=reply(f"You said {text}"))
        finally:
            self.running -= 1

    def feedback(self, item: str, action: str, *, user_id: str, session_id: str, take_back: bool) -> None:
        self.fed_back.append((item, action, take_back))


def reply(text: str) -> Reply:
    cards = (Card(handle="P1", item_id="a", title="A"), Card(handle="P2", item_id="b", title="B"))
    record = TurnRecord(turn_id="t", session_id="s", user_id=None, time=datetime.now(UTC), utterance="")
    return Reply(text=text, cards=cards, chips=(), table=None, record=record)


@pytest.fixture
def assistant() -> Assistant:
    return Assistant()


@pytest.fixture
def conversations(assistant: Assistant) -> Conversations:
    lists = ShopperLists(sa.create_engine("sqlite://", poolclass=sa.StaticPool))
    return Conversations(assistant, Shoppers(lists, ("anna",)), TurnGate(4))  # type: ignore[arg-type]


async def say(conversations: Conversations, text: str, visitor: Visitor = VISITOR) -> list[str]:
    return [change async for change in conversations.say(visitor, text)]


async def press(conversations: Conversations, visitor: Visitor = VISITOR, **pressed: str) -> list[str]:
    return [change async for change in conversations.press(visitor, Press.model_validate(pressed))]


def lines(conversations: Conversations, visitor: Visitor = VISITOR) -> list[str]:
    return [line.text for line in conversations.of(visitor).lines]


def test_a_conversation_holds_what_was_said_by_both(conversations: Conversations) -> None:
    assert asyncio.run(say(conversations, " hello ")) == ["words", "words", "all"]
    assert lines(conversations) == ["hello", "You said hello"]


def test_visitors_see_their_own_conversation_only(conversations: Conversations) -> None:
    asyncio.run(say(conversations, "hello"))
    assert lines(conversations, Visitor("other", "10.1.1.1")) == []


def test_a_failure_tells_nothing_of_the_server(conversations: Conversations) -> None:
    asyncio.run(say(conversations, "break"))
    assert lines(conversations) == ["break", FAILED]


def test_only_a_shopper_of_the_demo_can_be_posed_as(
    conversations: Conversations, assistant: Assistant
) -> None:
    for shopper in ("anna", "someone else"):
        conversations.pose(VISITOR, shopper)
        asyncio.run(say(conversations, "hello"))
    assert assistant.heard[0][0] == "anna"
    assert assistant.heard[1][0].startswith("guest-")


def test_the_session_of_a_cookie_is_told_to_nobody(
    conversations: Conversations, assistant: Assistant
) -> None:
    asyncio.run(say(conversations, "hello"))
    assert VISITOR.session not in assistant.heard[0][0]
    assert VISITOR.session not in conversations.of(VISITOR).session_id


def test_what_is_said_meanwhile_is_answered_next(conversations: Conversations, assistant: Assistant) -> None:
    async def three() -> None:
        assistant.hold = asyncio.Event()
        turns = [asyncio.create_task(say(conversations, text)) for text in ("one", "two", "three")]
        await asyncio.sleep(0.01)
        assistant.hold.set()
        await asyncio.gather(*turns)

    asyncio.run(three())
    assert [text for _, text in assistant.heard] == ["one", "two", "three"]
    assert assistant.most_running == 1


def test_so_many_messages_of_a_conversation_wait(conversations: Conversations, assistant: Assistant) -> None:
    async def many() -> None:
        assistant.hold = asyncio.Event()
        turns = [asyncio.create_task(say(conversations, f"message {n}")) for n in range(6)]
        await asyncio.sleep(0.01)
        assistant.hold.set()
        await asyncio.gather(*turns)

    asyncio.run(many())
    assert len(assistant.heard) == 4
    assert lines(conversations).count(NOT_YET) == 2


def test_one_address_leaves_room_for_the_others(conversations: Conversations, assistant: Assistant) -> None:
    async def flood() -> list[str]:
        assistant.hold = asyncio.Event()
        greedy = [Visitor(f"g{n}", "6.6.6.6") for n in range(40)]
        turns = [asyncio.create_task(say(conversations, "more", visitor)) for visitor in greedy]
        await asyncio.sleep(0.01)
        assert assistant.running == 2
        turns.append(asyncio.create_task(say(conversations, "hello")))
        await asyncio.sleep(0.01)
        assert assistant.running == 3
        assistant.hold.set()
        await asyncio.gather(*turns)
        return [lines(conversations, visitor)[-1] for visitor in greedy]

    answers = asyncio.run(flood())
    assert answers.count(BUSY) == 40 - 18
    assert lines(conversations)[-1] == "You said hello"


def test_a_visitor_who_leaves_gives_up_the_place(conversations: Conversations, assistant: Assistant) -> None:
    async def leave_and_come_back() -> None:
        assistant.hold = asyncio.Event()
        for _ in range(10):
            turn = asyncio.create_task(say(conversations, "hello"))
            await asyncio.sleep(0.01)
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
        assistant.hold.set()
        await say(conversations, "here again")

    asyncio.run(leave_and_come_back())
    assert lines(conversations)[-1] == "You said here again"
    assert lines(conversations)[1] in ("You said ", STOPPED)


def test_a_like_is_passed_on_and_taken_back(conversations: Conversations, assistant: Assistant) -> None:
    async def like_twice() -> None:
        await say(conversations, "hello")
        await press(conversations, action="like", item="a")
        await press(conversations, action="like", item="a")

    asyncio.run(like_twice())
    assert assistant.fed_back == [("a", "like", False), ("a", "like", True)]


def test_a_product_that_is_not_shown_cannot_be_liked(
    conversations: Conversations, assistant: Assistant
) -> None:
    async def like() -> None:
        await say(conversations, "hello")
        await press(conversations, action="like", item="elsewhere")

    asyncio.run(like())
    assert assistant.fed_back == []


def test_more_like_this_says_which(conversations: Conversations, assistant: Assistant) -> None:
    async def more() -> None:
        await say(conversations, "hello")
        await press(conversations, action="more", item="b")

    asyncio.run(more())
    assert assistant.heard[-1][1] == "More like the second one"


def test_the_longest_unused_conversation_is_let_go(conversations: Conversations) -> None:
    asyncio.run(say(conversations, "hello"))
    for n in range(KEPT_CONVERSATIONS):
        conversations.of(Visitor(f"v{n}", "10.1.1.1"))
    assert lines(conversations) == []


@pytest.mark.parametrize(
    "pressed",
    [
        {"action": "erase"},
        {"action": "like", "item": {"path": "/etc/passwd"}},
        {"action": "say", "say": "x" * 2001},
        {"action": "say", "say": "x", "file": "/etc/passwd"},
        {"action": "say", "say": None},
        {},
    ],
)
def test_a_press_is_bounded_strings_and_nothing_else(pressed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Press.model_validate(pressed)
