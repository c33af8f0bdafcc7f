"""The tools as LangChain takes them: schemas from signatures and docstrings, text for the model, results as
artifacts.
"""

from __future__ import annotations

import inspect
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)

from agent.records import ToolCall
from agent.tools import TOOLS
from agent.tools.context import ToolContext
from agent.tools.results import limited

KEPT = 2_500
"""Characters of a result that the record of the turn keeps."""
AS_TOLD = ("as in find.", "as in where.")
_OBJECTS = {"type": "array", "items": {"type": "object"}}
"""Conditions, where it was said before what they look like: schemas stand in every call of a model."""
FAILED = "That tool failed; answer with what you have, or try another."
Tool = Callable[..., Any]


def langchain_tools(functions: Iterable[Tool] = tuple(TOOLS.values())) -> list[StructuredTool]:
    """A tool for each function. The graph's runtime context is the `ToolContext`; calls may run in
    parallel.
    """
    return [_tool(function, None) for function in functions]


def as_tools(context: ToolContext, functions: Iterable[Tool] = tuple(TOOLS.values())) -> list[StructuredTool]:
    """The same tools bound to one context, for an agent that is not ours."""
    return [_tool(function, context) for function in functions]


def call_tool(context: ToolContext, name: str, arguments: dict[str, Any]) -> tuple[str, Any]:
    """Run a tool by name, and keep the account of it; the text for a model, and the typed result.

    A tool that fails is told to the model and stands in the record; the turn goes on.
    """
    started = time.perf_counter()
    told, result, error = FAILED, None, None
    try:
        result = TOOLS[name](context, **arguments)
        told = limited(result.text())
        context.shelf.results.append((name, arguments, result))
    except Exception as failure:  # noqa: BLE001 - one broken tool must not end the conversation
        error = f"{type(failure).__name__}: {failure}"
        _log(name, error)
    given = {key: _plain(value) for key, value in arguments.items() if value not in (None, "", (), [], False)}
    ms = round((time.perf_counter() - started) * 1000, 2)
    context.shelf.calls.append(ToolCall(name=name, arguments=given, result=told[:KEPT], ms=ms, error=error))
    return told, result


class ShopTool(StructuredTool):
    """A tool whose schema is as short as can be: it stands in every call of a model."""

    @property
    def tool_call_schema(self) -> dict[str, Any]:  # type: ignore[override]
        schema = self.args_schema.model_json_schema()  # type: ignore[union-attr]
        return {
            "title": self.name,
            "description": self.description,
            **_short(schema, schema.get("$defs", {})),
        }


def _short(schema: Any, definitions: dict[str, Any]) -> Any:
    """Without defaults, as a model leaves out what it does not mean; each definition in its place, undescribed."""
    if isinstance(schema, list):
        return [_short(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        schema = {**named, "description": "", **schema}
    dropped = {"$ref", "$defs", "default", "title", "runtime"}
    return {
        key: {name: _short(one, definitions) for name, one in value.items() if name != "runtime"}
        if key == "properties"
        else _short(value, definitions)
        for key, value in schema.items()
        if key not in dropped and value != ""
    }


class _Arguments(BaseModel):
    """Arguments of a tool: one that it does not have is an error, not left out in silence."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        extra = set(given) - set(cls.model_fields) - {"runtime"} if isinstance(given, dict) else set()
        if extra:
            raise ValueError(
                f"no argument {', '.join(sorted(extra))}; there are {', '.join(cls.model_fields)}"
            )
        return given


def _tool(function: Tool, context: ToolContext | None) -> StructuredTool:
    name, about = function.__name__, inspect.getdoc(function) or ""
    summary, told = _described(about, _parameters(function))

    if context is None:

        def run(runtime: ToolRuntime[Any, Any], **arguments: Any) -> tuple[str, Any]:
            if runtime.stream_writer is not None:
                runtime.stream_writer({"status": name})
            return call_tool(runtime.context, name, arguments)

        run.__annotations__["runtime"] = ToolRuntime
    else:
        bound = context

        def run(**arguments: Any) -> tuple[str, Any]:  # type: ignore[misc]
            return call_tool(bound, name, arguments)

    return ShopTool.from_function(
        func=run,
        name=name,
        description=summary,
        args_schema=_schema(function, told),
        response_format="content_and_artifact",
        handle_validation_error=_invalid,
    )


def _parameters(function: Tool) -> list[inspect.Parameter]:
    return [p for p in inspect.signature(function).parameters.values() if p.name != "context"]


def _schema(function: Tool, told: dict[str, str]) -> type[BaseModel]:
    """The arguments as a model of pydantic, each with what the docstring says of it."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in _parameters(function):
        given = ... if parameter.default is inspect.Parameter.empty else parameter.default
        wanted = hints[parameter.name]
        about = told.get(parameter.name, "")
        if get_origin(wanted) is Sequence:
            wanted = Annotated[wanted, BeforeValidator(_as_list)]
            if about.endswith(AS_TOLD):
                wanted = Annotated[wanted, WithJsonSchema(_OBJECTS)]
        elif given is None:
            wanted = Annotated[wanted, WithJsonSchema(_when_given(wanted))]
        fields[parameter.name] = (wanted, Field(given, description=about))
    return create_model(f"{function.__name__}_arguments", __base__=_Arguments, **fields)


def _when_given(wanted: Any) -> dict[str, Any]:
    """The schema of an optional argument without its null: schemas stand in every call of a model."""
    (kind,) = (one for one in get_args(wanted) if one is not type(None))
    return TypeAdapter(kind).json_schema()


def _as_list(value: Any) -> Any:
    """One thing, or JSON text, where a list is due, as small models write it."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if value in (None, ""):
        return []
    return value if isinstance(value, list | tuple) else [value]


def _described(about: str, parameters: Iterable[inspect.Parameter]) -> tuple[str, dict[str, str]]:
    """What a docstring says of the tool, and of each argument ("limit: how many …"): each stands once."""
    names = "|".join(re.escape(p.name) for p in parameters)
    if not names:
        return about, {}
    pieces = re.split(rf"(?:(?<=\n)|(?<=\. )|(?<=, ))({names})(?=(?:, \w+)?: )", about)
    told = {
        name: " ".join(text.split()).lstrip(": ").strip()
        for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    return pieces[0].strip(), told


def _invalid(error: ValidationError | Any) -> str:
    """What is wrong with arguments, as a model can mend it."""
    if not isinstance(error, ValidationError):
        return f"wrong arguments: {error}"
    wrong = [
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}, got {str(e['input'])[:60]!r}"
        if e["loc"]
        else e["msg"].removeprefix("Value error, ")
        for e in error.errors()[:4]
    ]
    return f"wrong arguments: {'; '.join(wrong)}"


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _log(name: str, error: str) -> None:
    import structlog

    structlog.get_logger("aisle").warning("tool failed", tool=name, error=error)
