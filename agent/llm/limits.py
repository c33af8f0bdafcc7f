"""What a turn of a model may take: calls, tokens, tool calls and time; and an iterator that ends in time."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from agent.checks.claims import Backing
from agent.checks.output_guard import SentenceGate
from agent.conditions import Where
from agent.llm.answer import Answer, handles_of
from agent.llm.models import model_name, with_retries
from agent.llm.usage import Meter
from agent.settings import Settings
from agent.tools.context import ToolContext

T = TypeVar("T")
ENOUGH = "No more calls in this turn: answer now with what is known."
UNSAID = (
    "These sentences won't be said, as no result backs the words named: {}. Call Answer again with all of the "
    "answer: copy what the results say, or leave it out."
)


class StoppedError(RuntimeError):
    """The turn went on without the model: its late calls have no effect."""


class LimitReachedError(RuntimeError):
    """A turn has taken what it may; the message says of what."""


@dataclass
class Progress:
    """How far a turn of a model has come. ``lock``: tools run one at a time, and none once it is stopped."""

    evidence: Callable[[], Backing] | None = None
    """What the words of the answer may rest on; asked for when they are written."""
    corrected: bool = False
    """Whether the model was told once which of its sentences nothing backs."""
    spoken: bool = False
    """Whether an answer has begun to be written: a call that fails then is not made again."""
    tools_called: int = 0
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class AgentRun(ToolContext):
    """One turn as the agent's tools and middleware see it."""

    settings: Settings = field(default_factory=Settings)
    meter: Meter = field(default_factory=Meter)
    progress: Progress = field(default_factory=Progress)

    @classmethod
    def of(cls, context: ToolContext, said: tuple[Where, ...], settings: Settings, meter: Meter) -> AgentRun:
        """The turn of ``context``, with the conditions that hold whatever the model asks for."""
        return cls(**{**vars(context), "said": said}, settings=settings, meter=meter)

    def stop(self) -> None:
        """Let a tool that runs come to its end, and no other begin."""
        with self.progress.lock:
            self.progress.stopped = True


class Writing(BaseCallbackHandler):
    """Notes in the model's own thread that the words of an answer have begun, before anybody can read
    them.
    """

    def __init__(self, run: AgentRun) -> None:
        self._run, self._written = run, ""

    def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
        self._written = ""

    def on_llm_new_token(self, token: Any, *, chunk: Any = None, **kwargs: Any) -> None:
        calls = getattr(getattr(chunk, "message", None), "tool_call_chunks", ())
        self._written += "".join((str(token), *(call.get("args") or "" for call in calls)))
        progress = self._run.progress
        progress.spoken = progress.spoken or '"words"' in self._written


class Limits(AgentMiddleware[Any, Any]):
    """Around every call of the model: its limits, retries, and the account of what it took."""

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        run: AgentRun = request.runtime.context
        settings, meter = run.settings, run.meter
        if meter.calls >= settings.llm_max_calls:
            raise LimitReachedError("the model reached its limit of calls")
        if meter.tokens >= settings.llm_turn_tokens:
            raise LimitReachedError("the model reached its limit of tokens")
        last = (
            meter.calls == settings.llm_max_calls - 1
            or run.progress.tools_called >= settings.llm_max_tool_calls
        )
        if last and meter.calls:  # nothing is left but to answer
            request = request.override(tools=[])
        response, message = _called(request, handler, run)
        if message is not None and meter.calls < settings.llm_max_calls and (told := unbacked(message, run)):
            again = request.override(messages=[*request.messages, message, told])
            try:
                response, _ = _called(again, handler, run)
            except Exception as error:  # noqa: BLE001 - what is backed of the first answer stands
                meter.note(f"the model mended nothing ({type(error).__name__})")
        return response

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        run = cast(AgentRun, request.runtime.context)
        with run.progress.lock:
            if run.progress.stopped:
                raise StoppedError
            run.progress.tools_called += 1
            if run.progress.tools_called > run.settings.llm_max_tool_calls:
                run.meter.note("the model reached its limit of tool calls")
                return ToolMessage(ENOUGH, tool_call_id=request.tool_call["id"], status="error")
            return handler(request)


def _called(
    request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]], run: AgentRun
) -> tuple[ModelResponse[Any], AIMessage | None]:
    """One counted call, made again on what may pass until its answer has begun."""
    run.progress.spoken = False
    response = with_retries(
        lambda: handler(request), within=run.settings.llm_timeout, unless=lambda: run.progress.spoken
    )
    message = next((m for m in response.result if isinstance(m, AIMessage)), None)
    run.meter.add(message.usage_metadata if message else None, model_name(request.model))
    return response, message


def unbacked(message: AIMessage, run: AgentRun) -> ToolMessage | None:
    """Once a turn: which sentences of an answer won't be said, and why, so that the model can mend them."""
    answer = [call for call in message.tool_calls if call["name"] == Answer.__name__]
    if run.progress.corrected or run.progress.evidence is None or len(answer) != 1:
        return None
    evidence = run.progress.evidence()
    if shown := handles_of(answer[0]["args"].get("show")):
        evidence = replace(evidence, shown=tuple(shown))
    gate = SentenceGate(evidence)
    list(gate.feed(f"{answer[0]['args'].get('words', '')}\n"))
    list(gate.finish())
    if not gate.dropped:
        return None
    run.progress.corrected = True
    return ToolMessage(UNSAID.format("; ".join(gate.dropped)), tool_call_id=answer[0]["id"], status="error")


def in_time(work: Callable[[], Iterator[T]], seconds: float) -> Iterator[T]:
    """The items of ``work()``, made in a thread of their own, for at most ``seconds``. A model that hangs
    can't be stopped; it is left behind.

    Raises:
        TimeoutError: the time is over; what was made so far has been yielded.
    """
    items: queue.Queue[tuple[str, Any]] = queue.Queue()
    left = threading.Event()

    def make() -> None:
        try:
            for item in work():
                if left.is_set():
                    return
                items.put(("item", item))
            items.put(("end", None))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            items.put(("error", error))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(make,), daemon=True, name="aisle-model").start()
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                kind, value = items.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no answer within {seconds:g} seconds") from None
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        left.set()
