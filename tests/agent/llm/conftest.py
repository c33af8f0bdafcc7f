"""A scripted model in the place of a language model, on the demo shop: no test needs a network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from agent.assistant import ShoppingAssistant
from agent.llm.answer import Answer
from agent.records import Reply, ReplyDelta
from agent.settings import Settings
from agent.understanding.labels import Move, SpanLabel
from agent.understanding.reader import Read, ScoredMove, Span
from tests.conftest import copy_shop

Said = AIMessage | Exception | float
"""A message, an error, or seconds of silence before an empty message."""


def calls(*made: tuple[str, dict[str, Any]]) -> AIMessage:
    """Tool calls of one message."""
    listed = [{"name": name, "args": args, "id": f"call {n} {name}"} for n, (name, args) in enumerate(made)]
    return AIMessage(content="", tool_calls=listed)


def find(query: str = "headlamp", **arguments: Any) -> AIMessage:
    return calls(("find", {"query": query, **arguments}))


def answer(words: str, *show: str, **more: Any) -> AIMessage:
    """The structured answer of a turn."""
    picks = [{"handle": handle} for handle in show]
    message = calls((Answer.__name__, {"show": picks, "words": words, **more}))
    message.usage_metadata = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    return message


class Scripted(BaseChatModel):
    """Says what its script says, in order, and remembers what it was given; the last stands for all that
    follow.
    """

    script: list[Any]
    streams: bool = False
    _seen: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _offered: list[list[str]] = PrivateAttr(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def seen(self) -> str:
        """All that it was given, as one text."""
        return "\n".join(str(message.content) for messages in self._seen for message in messages)

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Scripted:  # type: ignore[override]
        self._offered.append([tool.name for tool in tools])
        return self

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self._seen.append(messages)
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(said, Exception):
            raise said
        if isinstance(said, float):
            time.sleep(said)
            return AIMessage("")
        copy: AIMessage = said.model_copy(update={"id": f"message {len(self._seen)}"})
        return copy

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        import json

        message = self._next(messages)
        width = 7 if self.streams else 100_000
        for at, call in enumerate(message.tool_calls):
            args_ = json.dumps(call["args"])
            for start in range(0, len(args_), width):
                head = {"name": call["name"], "id": call["id"]} if not start else {"name": None, "id": None}
                piece = {**head, "args": args_[start : start + width], "index": at}
                chunk = AIMessageChunk("", id=message.id, tool_call_chunks=[piece])  # type: ignore[list-item]
                yield ChatGenerationChunk(message=chunk)
        if message.content or not message.tool_calls:
            yield ChatGenerationChunk(message=AIMessageChunk(message.content, id=message.id))
        usage = AIMessageChunk("", id=message.id, usage_metadata=message.usage_metadata)
        yield ChatGenerationChunk(message=usage)


class FixedReader:
    """Reads every utterance as a search, with the spans that a test names."""

    def __init__(self, move: Move, spans: dict[str, SpanLabel]) -> None:
        self._move, self._spans = move, spans

    def read(self, text: str, context: Sequence[str] = ()) -> Read:
        found = [(text.find(said), said, label) for said, label in self._spans.items() if said in text]
        spans = tuple(Span(label, at, at + len(said), said, 1.0) for at, said, label in sorted(found))
        return Read(moves=(ScoredMove(self._move, 1.0),), spans=spans)


@pytest.fixture(scope="session")
def folder(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_shop(demo_shop, tmp_path_factory.mktemp("llm") / "shop")


Talk = Callable[..., tuple[Reply, Scripted]]
SPANS = {"under $60": SpanLabel.CONDITION, "headlamp": SpanLabel.THING}


@pytest.fixture(scope="session")
def opened(folder: Path) -> Callable[..., ShoppingAssistant]:
    def open_with(
        model: BaseChatModel,
        *,
        move: Move = Move.SEEK,
        spans: dict[str, SpanLabel] | None = None,
        **settings: Any,
    ) -> ShoppingAssistant:
        assistant = ShoppingAssistant.open(folder, settings=Settings(**settings), model=model)
        assistant.reader = FixedReader(move, SPANS if spans is None else spans)
        return assistant

    return open_with


@pytest.fixture
def talk(opened: Callable[..., ShoppingAssistant]) -> Talk:
    def one_turn(*script: Said, text: str = "a headlamp under $60", **options: Any) -> tuple[Reply, Scripted]:
        model = Scripted(script=list(script))
        return opened(model, **options).reply(text), model

    return one_turn


def pieces(assistant: ShoppingAssistant, text: str = "a headlamp under $60") -> list[ReplyDelta]:
    return list(assistant.stream(text))
