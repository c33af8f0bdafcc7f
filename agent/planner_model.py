"""The offline chat model: deterministic, without a key or a download.

It is an ordinary LangChain chat model. What to do it reads from the plan that the rules made of the utterance
(``additional_kwargs["plan"]`` of the shopper's message), what to say from the tools' own wording (the
``artifact`` of their messages). So it can also take over a turn that another model began and could not
finish.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolCall,
    ToolMessage,
)
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from agent.plan import SORRY, Step, canned

PIECE_WORDS = 4
PLANNER_ID = "planner-"


class Planner(BaseChatModel):
    """Follows the plan step by step, adds the step that a tool's result calls for, then says what the tools
    said.
    """

    @property
    def _llm_type(self) -> str:
        return "aisle-planner"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": "planner"}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The plan names the tools, so there is nothing to bind."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=answer(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = answer(messages)
        if message.tool_calls:
            chunk = AIMessageChunk(content="", tool_calls=message.tool_calls, id=message.id)
            yield ChatGenerationChunk(message=chunk)
            return
        for piece in pieces(message.text):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece, id=message.id))


def answer(messages: Sequence[BaseMessage]) -> AIMessage:
    """The next message: a tool call while the plan has steps left, else the reply."""
    asked = next(
        (at for at in range(len(messages) - 1, -1, -1) if isinstance(messages[at], HumanMessage)), None
    )
    if asked is None:
        return AIMessage(content="", id=_message_id())
    done = [message for message in messages[asked + 1 :] if isinstance(message, ToolMessage)]
    context = messages[asked].additional_kwargs
    step = _next_step([Step.model_validate(step) for step in context.get("plan", ())], done)
    if step is not None:
        call = ToolCall(name=step.tool, args=step.arguments, id=f"call_{uuid.uuid4().hex[:12]}")
        return AIMessage(content="", tool_calls=[call], id=_message_id())
    said = [text for message in done for text in _artifact(message).get("said", ())]
    failed = any(message.status == "error" for message in done)
    text = " ".join(dict.fromkeys(said)) or (
        SORRY if failed else canned(str(context.get("act", "")), str(context.get("said", "")))
    )
    return AIMessage(content=text, id=_message_id())


def pieces(text: str) -> Iterator[str]:
    """A text as it is streamed, a few words at a time; joined they are the text."""
    words = text.split(" ")
    for start in range(0, len(words), PIECE_WORDS):
        end = start + PIECE_WORDS
        yield " ".join(words[start:end]) + (" " if end < len(words) else "")


def _next_step(plan: Sequence[Step], done: Sequence[ToolMessage]) -> Step | None:
    called = [message.name for message in done]
    follow = _artifact(done[-1]).get("follow") if done else ""
    if follow and follow not in called:
        return Step(tool=follow)
    if follow:
        return None
    for step in plan:
        if called.count(step.tool) < sum(s.tool == step.tool for s in plan[: plan.index(step) + 1]):
            return step
    return None


def _artifact(message: ToolMessage) -> dict[str, Any]:
    return message.artifact if isinstance(message.artifact, dict) else {}


def _message_id() -> str:
    """Marked, so that a streamed piece shows who speaks."""
    return f"{PLANNER_ID}{uuid.uuid4().hex}"
