"""LangChain tools over the shop functions: one helper wraps them all, with the same names and arguments."""

from __future__ import annotations

import inspect
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from langchain.tools import ToolRuntime
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.tools.base import InjectedToolArg
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema, create_model
from pydantic.fields import FieldInfo

from agent.records import ToolCall
from agent.tools import TOOLS
from agent.tools.context import ToolContext

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

LONGEST = 6_000
"""Characters of a result that a model reads, about 1,500 tokens."""
FAILED = "That did not work. Try other arguments, or answer with what is known."
STATUS = {
    "find": "Searching {size:,} products…",
    "recommend": "Looking at what you like…",
    "product": "Reading the description…",
    "buyers": "Reading reviews…",
    "compare": "Comparing…",
    "pages": "Reading the shop's pages…",
    "advice": "Reading up on it…",
    "goes_with": "Looking what goes with it…",
    "cart": "Looking at your cart…",
}


class StoppedError(RuntimeError):
    """The turn went on without the model: its late calls have no effect."""


@dataclass
class ToolRun:
    """The turn as LangChain tools see it. Tools run one at a time, and none after `stop`."""

    context: ToolContext
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def stop(self) -> None:
        """Let a tool that runs come to its end, and no other begin."""
        with self._lock:
            self._stopped = True

    def call(self, name: str, arguments: Mapping[str, Any]) -> tuple[str, Any]:
        """The result of one tool as text and as it is; what breaks is told, kept in the account, and ends nothing.

        Raises:
            StoppedError: the turn is over.
        """
        with self._lock:
            if self._stopped:
                raise StoppedError(name)
            return _called(self.context, name, arguments)


def langchain_tools(names: Sequence[str] = tuple(TOOLS)) -> list[BaseTool]:
    """The tools for an agent whose context is a `ToolRun`."""
    return [_wrapped(name, TOOLS[name]) for name in names]


def as_tools(assistant: ShoppingAssistant, user_id: str | None, session_id: str) -> list[BaseTool]:
    """The same tools for somebody else's agent, on one shelf of their own: handles hold for all of them."""
    shopper = assistant.desk.profiles.load(user_id)
    run = ToolRun(ToolContext(desk=assistant.desk, session_id=session_id, user_id=user_id, shopper=shopper))

    def bound(name: str) -> BaseTool:
        def call(**arguments: Any) -> str:
            return run.call(name, arguments)[0]

        arguments = _arguments(name, TOOLS[name], injected=False)
        return StructuredTool.from_function(
            call, name=name, description=_told(TOOLS[name]), args_schema=arguments
        )

    return [bound(name) for name in TOOLS]


def _wrapped(name: str, function: Callable[..., Any]) -> BaseTool:
    def call(runtime: ToolRuntime[Any, Any], **arguments: Any) -> ToolMessage:
        run: ToolRun = runtime.context
        if name in STATUS:
            runtime.stream_writer({"status": STATUS[name].format(size=run.context.desk.size)})
        text, result = run.call(name, arguments)
        failed = "success" if result is not None else "error"
        return ToolMessage(
            text, name=name, tool_call_id=runtime.tool_call_id or "", artifact=result, status=failed
        )

    arguments = _arguments(name, function, injected=True)
    return StructuredTool.from_function(call, name=name, description=_told(function), args_schema=arguments)


def _called(context: ToolContext, name: str, arguments: Mapping[str, Any]) -> tuple[str, Any]:
    given = {key: value for key, value in arguments.items() if value not in (None, "", (), [])}
    begun, result, error = time.perf_counter(), None, None
    try:
        result = TOOLS[name](context, **given)
        text = str(result.text())[:LONGEST]
    except Exception as failure:  # noqa: BLE001 - a broken tool must not end the conversation
        error, text = f"{type(failure).__name__}: {failure}", FAILED
        _log(name, error)
    ms = round((time.perf_counter() - begun) * 1000, 2)
    told = {key: _plain(value) for key, value in given.items()}
    context.shelf.calls.append(ToolCall(name=name, arguments=told, result=text, ms=ms, error=error))
    if result is not None:
        context.shelf.results.append((name, given, result))
    return text, result


def _told(function: Callable[..., Any]) -> str:
    """The docstring as a model reads it."""
    return inspect.cleandoc(function.__doc__ or "")


def _arguments(name: str, function: Callable[..., Any], *, injected: bool) -> type[BaseModel]:
    """The arguments of a function but its context, validated leniently where a model writes them in another way."""
    hints = get_type_hints(function)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        wanted = hints[parameter.name]
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        if str(wanted).startswith("collections.abc.Sequence"):
            wanted = Annotated[list[wanted.__args__[0]], BeforeValidator(_as_list)]  # type: ignore[name-defined]
            default = default if default is ... else FieldInfo(default_factory=list)
        if default is None:  # absent rather than null in the schema
            wanted = Annotated[wanted, BeforeValidator(_as_absent), WithJsonSchema(_plain_schema(wanted))]
        fields[parameter.name] = (wanted, default)
    if injected:
        fields["runtime"] = (Annotated[ToolRuntime[Any, Any], InjectedToolArg], Field(default=None))
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(arbitrary_types_allowed=True), **fields)
    return model


def _plain_schema(wanted: Any) -> dict[str, Any]:
    """Of an optional type the schema of what it is when given."""
    (given,) = (one for one in wanted.__args__ if one is not type(None))
    return TypeAdapter(given).json_schema()


def _as_absent(value: Any) -> Any:
    return None if value == "" or value == {} else value


def _as_list(value: Any) -> Any:
    """One thing or JSON text where a list is due, as small models write it."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if value in (None, ""):
        return []
    return value if isinstance(value, list | tuple) else [value]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value


def _log(name: str, error: str) -> None:
    import structlog

    structlog.get_logger("aisle").warning("tool failed", tool=name, error=error)
