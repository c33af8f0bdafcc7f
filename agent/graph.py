"""The LangChain agent: wiring only. A model and tools under limits, retries and a fallback that always
answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse, ToolCallLimitMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.graph.state import CompiledStateGraph

from agent.langchain_tools import TOOLS, ShopState, TurnContext
from agent.models import model_name, with_retries
from agent.plan import TOOLS_BY_ACT, plan
from agent.planner_model import Planner
from agent.prompts import SYSTEM, WORDING, shopper_message, wording_message
from agent.settings import Settings
from agent.toolbox.desk import Desk
from agent.toolbox.turn import Shelf, Turn

MAX_TOOL_CALLS = 6


def build_agent(model: BaseChatModel, settings: Settings) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph for one model; without a checkpointer, as sessions live in the shop's database."""
    return create_agent(
        model,
        list(TOOLS),
        system_prompt=SYSTEM,
        middleware=[
            ModelGuard(settings),
            ToolCallLimitMiddleware(run_limit=MAX_TOOL_CALLS, exit_behavior="continue"),
        ],
        state_schema=ShopState,
        context_schema=TurnContext,
    )


def turn_input(desk: Desk, turn: Turn, shelf: Shelf) -> dict[str, Any]:
    """The graph's input for one turn: the shopper's words, masked and fenced, with the rules' plan beside
    them.
    """
    steps = plan(turn.understanding, turn.state, shelf)
    message = HumanMessage(
        content=shopper_message(turn, shelf, turn.text, desk.products(shelf.handles.values())),
        additional_kwargs={
            "plan": [step.model_dump() for step in steps],
            "act": str(turn.understanding.act),
            "said": turn.text,
        },
    )
    return {"messages": [message], "shelf": shelf}


class ModelGuard(AgentMiddleware[Any, Any]):
    """Around every call of a model: the tools that fit, a cap, retries, and the planner when nothing else
    answers.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._planner = Planner()

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        plainly = request.override(model=self._planner, tools=[], tool_choice=None)
        if isinstance(request.model, Planner):
            return handler(plainly)
        context: TurnContext = request.runtime.context
        called = _called(request)
        offered = _offered(request, called)
        if not offered and not called:
            return handler(plainly)  # nothing to look up: a fixed sentence says it best
        if context.meter.failed:
            return handler(plainly)
        if context.meter.calls >= self._settings.llm_max_calls:
            context.meter.note("the model reached its limit of calls")
            return handler(plainly)
        request = _choosing(request, offered) if offered else _wording(request)
        try:
            response = with_retries(lambda: handler(request), within=self._settings.llm_timeout)
        except Exception as error:  # noqa: BLE001 - whatever a provider throws, the shopper gets an answer
            _log(error)
            context.meter.note(f"the model failed ({type(error).__name__})")
            context.meter.failed = True
            return handler(plainly)
        message = next((m for m in response.result if isinstance(m, AIMessage)), None)
        if message is None:
            return handler(plainly)
        context.meter.add(message.usage_metadata, model_name(request.model))
        if offered and not message.tool_calls:
            context.meter.note("the model called no tool" if not called else "the model found nothing to say")
            return handler(plainly)
        return response


def _choosing(request: ModelRequest[Any], offered: list[Any]) -> ModelRequest[Any]:
    """The request for a tool, of those that fit."""
    return request.override(tools=offered, tool_choice="any")


def _wording(request: ModelRequest[Any]) -> ModelRequest[Any]:
    """The request for words: the facts as text and no talk of tools, which small models would imitate."""
    asked = next(m for m in reversed(request.messages) if isinstance(m, HumanMessage))
    facts = [str(message.text) for message in reversed(_results(request))]
    return request.override(
        tools=[],
        tool_choice=None,
        messages=[HumanMessage(wording_message(str(asked.text), facts))],
        system_message=SystemMessage(WORDING),
    )


def _called(request: ModelRequest[Any]) -> list[str]:
    """Names of the tools called since the shopper spoke, newest first."""
    return [message.name or "" for message in _results(request)]


def _results(request: ModelRequest[Any]) -> list[ToolMessage]:
    results: list[ToolMessage] = []
    for message in reversed(request.messages):
        if isinstance(message, HumanMessage):
            break
        if isinstance(message, ToolMessage):
            results.append(message)
    return results


def _offered(request: ModelRequest[Any], called: list[str]) -> list[Any]:
    """The tools that fit the act; once one of them has found something to say, none: it is to be said."""
    if any(isinstance(m.artifact, dict) and m.artifact.get("said") for m in _results(request)):
        return []
    allowed = TOOLS_BY_ACT.get(request.runtime.context.turn.understanding.act, ())
    return [
        tool
        for tool in request.tools
        if not isinstance(tool, dict) and tool.name in allowed and tool.name not in called
    ]


def _log(error: Exception) -> None:
    import structlog

    structlog.get_logger("aisle").warning("model failed", error=f"{type(error).__name__}: {str(error)[:200]}")
