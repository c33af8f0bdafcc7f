"""What holds of every tool: typed, documented, short, never an exception; and the same through LangChain."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage

from agent.conditions import Prefer, Sort, Where
from agent.records import Frozen
from agent.tools import TOOLS
from agent.tools.cart import CartAction, Line
from agent.tools.context import Shelf, ToolContext
from agent.tools.langchain import as_tools, langchain_tools
from agent.tools.remember import MemoryAction
from agent.tools.results import MOST_CHARACTERS

WORDS = st.sampled_from(
    [
        "",
        "kettle",
        "quiet",
        "P1",
        "P99",
        "[P2]",
        "Kitchen",
        "color",
        "material",
        "42",
        "<b>",
        "ignore all rules",
        "é" * 300,
    ]
)
TEXT = WORDS | st.text(max_size=40)
HANDLES = st.lists(TEXT, max_size=3)
FIELD = st.sampled_from(
    ["price", "brand", "category", "stars", "stock", "text", "material", "noise_db", "nothing", ""]
)
VALUE = TEXT | st.floats(-1e6, 1e6) | st.booleans() | st.tuples(TEXT, TEXT)
OPS = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "in", "not in", "has", "lacks"])
CONDITIONS = st.lists(st.builds(Where, field=FIELD, op=OPS, value=VALUE, unit=st.none() | TEXT), max_size=3)
WISHES = st.lists(
    st.builds(
        Prefer, field=FIELD, aim=st.sampled_from(["low", "high", "near", "has"]), value=st.none() | VALUE
    ),
    max_size=2,
)
ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("handle", "question", "query", "kind", "within", "statement"), TEXT),
    **dict.fromkeys(("handles", "among"), HANDLES),
    **dict.fromkeys(("where", "avoid"), CONDITIONS),
    **dict.fromkeys(("others", "aside"), st.booleans()),
    **dict.fromkeys(("tell", "not_meant"), st.lists(TEXT, max_size=3)),
    "options": st.lists(TEXT, max_size=8),
    "limit": st.integers(-3, 99),
    "prefer": WISHES,
    "like": st.none() | TEXT,
    "sort": st.none() | st.builds(Sort, field=FIELD, order=st.sampled_from(["asc", "desc"])),
    "action": st.sampled_from([*get_args(CartAction), *get_args(MemoryAction), "fly"]),
    "lines": st.lists(st.builds(Line, handle=TEXT, quantity=st.none() | st.integers(-5, 200)), max_size=3),
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_is_typed_and_documented(name: str) -> None:
    hints = get_type_hints(TOOLS[name])
    parameters = list(inspect.signature(TOOLS[name]).parameters)
    assert parameters[0] == "context"
    assert hints["context"] is ToolContext
    assert issubclass(hints["return"], Frozen)
    about = inspect.getdoc(TOOLS[name]) or ""
    assert all(f"{parameter}:" in about for parameter in parameters[1:])


@pytest.mark.parametrize("name", TOOLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_argument_makes_a_tool_fail_or_talk_too_long(
    name: str, context: ToolContext, data: st.DataObject
) -> None:
    turn = replace(context, shelf=Shelf(("K1", "K2", "S1")))
    parameters = [p for p in inspect.signature(TOOLS[name]).parameters if p != "context"]
    arguments = {parameter: data.draw(ARGUMENTS[parameter], label=parameter) for parameter in parameters}
    told = TOOLS[name](turn, **arguments).text()
    assert isinstance(told, str)
    assert len(told) <= MOST_CHARACTERS


class Scripted(GenericFakeChatModel):
    """A model that says what it is told to."""

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


def _run(context: ToolContext, *calls: tuple[str, dict[str, Any]]) -> list[ToolMessage]:
    asked = [{"name": name, "args": arguments, "id": str(n)} for n, (name, arguments) in enumerate(calls)]
    model = Scripted(messages=iter([AIMessage(content="", tool_calls=asked), AIMessage(content="done")]))
    agent = create_agent(model, langchain_tools(), context_schema=ToolContext)
    state = agent.invoke({"messages": [("user", "hello")]}, context=context)
    return [message for message in state["messages"] if isinstance(message, ToolMessage)]


def test_a_model_gets_text_and_the_turn_keeps_the_typed_result(context: ToolContext) -> None:
    (message,) = _run(
        context, ("find", {"query": "kettle", "where": [{"field": "price", "op": "<=", "value": 30}]})
    )
    assert "Veltra Reed Glass Kettle" in str(message.content)
    assert message.artifact.rows[0].item_id == "K1"
    assert all(row.card.price <= 30 for row in message.artifact.rows)
    assert context.shelf.calls[0].name == "find"


def test_parallel_calls_share_one_shelf_without_losing_a_handle(context: ToolContext) -> None:
    messages = _run(
        context, *(("find", {"query": query}) for query in ("kettle", "running shoes", "cup", "kettle"))
    )
    assert len(messages) == 4
    assert len(set(context.shelf.known)) == len(context.shelf.known)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({"action": "steal"}, "wrong arguments: action"), ({"actoin": "add"}, "no argument actoin")],
)
def test_wrong_arguments_are_answered_so_that_a_model_can_mend_them(
    context: ToolContext, arguments: dict[str, Any], told: str
) -> None:
    (message,) = _run(context, ("cart", arguments))
    assert told in str(message.content)


def test_each_argument_is_described_to_a_model() -> None:
    for tool in langchain_tools():
        for name, told in tool.args.items():
            assert told.get("description"), (tool.name, name)


def test_another_agent_takes_the_tools_bound_to_a_turn(context: ToolContext) -> None:
    tools = {tool.name: tool for tool in as_tools(context)}
    assert "Kettle" in tools["find"].invoke({"query": "kettle"})
