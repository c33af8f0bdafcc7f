"""Conversations of the page: whose they are, in which order turns go, how they stop, and what is restored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent import shelf_views
from agent.errors import AisleError
from agent.records import Reply, ReplyDelta, TurnRecord
from agent.storage.lists import ShopperLists
from agent.storage.turns import TurnStore
from ui.turn_gate import TurnGate
from ui.web.talks import Talks


class Assistant:
    """Answers with what it heard, and keeps the turn; ``hold`` keeps answers back until it is set."""

    def __init__(self, database: Path) -> None:
        engine = sa.create_engine(f"sqlite:///{database}")  # a connection a thread, as in a shop
        self.lists, self.turns = ShopperLists(engine), TurnStore(engine)
        self.engine = engine
        self.heard: list[str] = []
        self.hold: asyncio.Event | None = None
        self.running = self.most_running = 0

    async def astream(
        self, text: str, *, user_id: str, session_id: str, language: str | None = None
    ) -> AsyncIterator[ReplyDelta]:
        self.heard.append(text)
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            yield ReplyDelta(status="Looking")
            yield ReplyDelta(text="You said ")
            if self.hold:
                await self.hold.wait()
            if text == "break":
                raise AisleError("/etc/secret is missing")
            yield ReplyDelta(text=text)
            record = TurnRecord(
                turn_id=f"{len(self.heard):032x}", session_id=session_id, user_id=user_id,
                time=datetime.now(UTC), utterance=text, reply=f"You said {text}",
            )  # fmt: skip
            self.turns.save(record, exposure=False)
            yield ReplyDelta(reply=Reply(text=record.reply, cards=(), chips=(), table=None, record=record))
        finally:
            self.running -= 1

    def forget_session(self, session_id: str) -> int:
        with self.engine.begin() as connection:
            return self.turns.forget_session(session_id, connection)


class Views:
    def turn(self, record: TurnRecord, *, excluded: Any = None, rating: str = "") -> dict[str, Any]:
        return {
            "turn": record.turn_id, "said": record.utterance, "text": record.reply, "rating": rating,
            "time": record.time.isoformat(), "cards": [],
        }  # fmt: skip


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return Assistant(tmp_path / "talks.db")


@pytest.fixture
def talks(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Talks:
    monkeypatch.setattr(shelf_views, "excluded", lambda *_: {})
    return Talks(assistant, Views(), TurnGate(4))  # type: ignore[arg-type]


async def said(
    talks: Talks, text: str, shopper: str = "anna", conversation: str | None = None
) -> list[dict[str, Any]]:
    return [event async for event in talks.say(shopper, conversation, text, "10.1.1.1")]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def test_an_answer_comes_in_pieces_and_then_whole(talks: Talks) -> None:
    events = asyncio.run(said(talks, " hello "))
    assert kinds(events) == ["begun", "status", "text", "text", "reply"]
    assert events[-1]["text"] == "You said hello"


def test_a_conversation_goes_on_under_its_name(talks: Talks) -> None:
    async def two() -> tuple[str, str]:
        first = (await said(talks, "hello"))[0]["conversation"]
        return first, (await said(talks, "again", conversation=first))[0]["conversation"]

    first, second = asyncio.run(two())
    assert first == second
    assert [turn["said"] for turn in talks.restored("anna", first)["turns"]] == ["hello", "again"]  # type: ignore[index]


def test_another_shoppers_conversation_is_neither_read_nor_continued(talks: Talks) -> None:
    async def both() -> tuple[str, str]:
        annas = (await said(talks, "my secret"))[0]["conversation"]
        return annas, (await said(talks, "hello", "ben", annas))[0]["conversation"]

    annas, bens = asyncio.run(both())
    assert annas != bens
    assert talks.restored("ben", annas) is None
    assert talks.exported("ben", annas) is None
    assert not talks.delete("ben", annas)
    assert asyncio.run(talks.drop("ben", annas, "c", "10.1.1.1")) is None
    assert talks.restored("anna", annas) is not None


def test_a_failure_tells_nothing_of_the_server(talks: Talks) -> None:
    events = asyncio.run(said(talks, "break"))
    assert events[-1] == {"type": "failed", "reason": "error"}
    assert "secret" not in str(events)


def test_a_stopped_answer_ends_at_once_and_is_not_kept(talks: Talks, assistant: Assistant) -> None:
    async def stop() -> list[dict[str, Any]]:
        assistant.hold = asyncio.Event()
        events = []
        async for event in talks.say("anna", None, "hello", "10.1.1.1"):
            events.append(event)
            if event["type"] == "begun":
                conversation = event["conversation"]
            if event["type"] == "text" and not assistant.hold.is_set():
                talks.stop("ben", conversation)  # a stranger stops nothing
                assert not talks._of(conversation).stopped.is_set()
                talks.stop("anna", conversation)
                assistant.hold.set()
        return events

    events = asyncio.run(stop())
    assert kinds(events)[-1] == "stopped"
    assert assistant.running == 0
    assert talks.restored("anna", events[0]["conversation"])["turns"] == []  # type: ignore[index]


def test_turns_of_a_conversation_go_one_after_another_and_few_wait(
    talks: Talks, assistant: Assistant
) -> None:
    async def many() -> list[list[dict[str, Any]]]:
        conversation = (await said(talks, "first"))[0]["conversation"]
        assistant.hold = asyncio.Event()
        turns = [asyncio.create_task(said(talks, f"m{n}", conversation=conversation)) for n in range(6)]
        await asyncio.sleep(0.3)
        assistant.hold.set()
        return await asyncio.gather(*turns)

    answers = asyncio.run(many())
    assert assistant.most_running == 1
    assert [events[-1] for events in answers].count({"type": "failed", "reason": "busy"}) == 2


def test_one_who_leaves_gives_up_the_place(talks: Talks, assistant: Assistant) -> None:
    async def leave() -> list[dict[str, Any]]:
        assistant.hold = asyncio.Event()
        for _ in range(10):
            turn = asyncio.create_task(said(talks, "hello"))
            await asyncio.sleep(0.05)
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
        assistant.hold.set()
        return await said(talks, "here again")

    assert asyncio.run(leave())[-1]["text"] == "You said here again"
    assert assistant.running == 0


def test_a_conversation_is_listed_by_what_was_said_first_without_personal_data(talks: Talks) -> None:
    asyncio.run(said(talks, "write to anna@example.com about tents"))
    title = talks.listed("anna")[0]["title"]
    assert "tents" in title
    assert "anna@example.com" not in title


def test_a_deleted_conversation_is_gone_with_its_turns(talks: Talks, assistant: Assistant) -> None:
    conversation = asyncio.run(said(talks, "hello"))[0]["conversation"]
    assert talks.delete("anna", conversation)
    assert talks.listed("anna") == []
    assert list(assistant.turns.turns(conversation)) == []


def test_an_export_holds_what_both_said(talks: Talks) -> None:
    conversation = asyncio.run(said(talks, "hello"))[0]["conversation"]
    (turn,) = talks.exported("anna", conversation)["turns"]  # type: ignore[index]
    assert (turn["shopper"], turn["assistant"]) == ("hello", "You said hello")
