"""The agent's tools: typed doors to the desk. A model gives handles and words; constraints come from the turn
alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from langchain.agents import AgentState
from langchain.tools import BaseTool, ToolRuntime, tool
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from agent.meter import Meter
from agent.records import ToolCall
from agent.toolbox import actions, by_buyers, documents, find, tell
from agent.toolbox.desk import Desk
from agent.toolbox.quantities import meant_of_shown
from agent.toolbox.tool_functions import shop_functions
from agent.toolbox.turn import Outcome, Shelf, Turn, both

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

TOLD_LIMIT = 2_500
"""Characters of a tool's result that a model reads."""
NO_PRODUCT = "There is no product with that handle on the screen. Use one of: {handles}."


@dataclass(frozen=True)
class TurnContext:
    """What every tool and middleware of one turn can read."""

    desk: Desk
    turn: Turn
    meter: Meter = field(default_factory=Meter)


class ShopState(AgentState[Any]):
    """The graph's state: the messages, and the one shelf."""

    shelf: NotRequired[Annotated[Shelf, both]]


Runtime = ToolRuntime[Any, Any]
"""Its context is a `TurnContext`, its state a `ShopState`; spelt out, both would end up in the tools'
schemas.
"""


@tool
def search(
    query: str, runtime: Runtime, max_price: float | None = None, min_price: float | None = None
) -> Command[Any]:
    """Find products by words. Give the kind of product and its features as `query`, without prices."""
    arguments = {"query": query, "max_price": max_price, "min_price": min_price}
    return _run(
        runtime,
        "search",
        arguments,
        lambda desk, turn, shelf: (
            tell.buyers_of_named(desk, turn, shelf)
            or by_buyers.best_of_kind(desk, turn, shelf)
            or find.search(desk, turn, shelf, query, max_price=max_price, min_price=min_price)
        ),
        f"Searching {runtime.context.desk.size:,} products…",
    )


@tool
def refine(runtime: Runtime, max_price: float | None = None, min_price: float | None = None) -> Command[Any]:
    """Search again after the shopper changed a condition: cheaper, another colour, not that brand, other
    ones.
    """
    return _run(
        runtime,
        "refine",
        {"max_price": max_price, "min_price": min_price},
        lambda desk, turn, shelf: find.search(desk, turn, shelf, max_price=max_price, min_price=min_price),
        "Looking again…",
    )


@tool
def recommend_for_me(runtime: Runtime) -> Command[Any]:
    """Recommend products by the shopper's own taste, when they ask for ideas and name no kind of product."""
    return _run(runtime, "recommend_for_me", {}, find.recommend_for_me, "Looking at what you like…")


@tool
def similar(handle: str, runtime: Runtime) -> Command[Any]:
    """Find products like one on the screen, e.g. handle "P2"."""
    return _on_item(
        runtime, "similar", {"handle": handle}, handle, find.similar, "Looking for similar products…"
    )


@tool
def compare(handles: list[str], runtime: Runtime) -> Command[Any]:
    """Compare two or more products on the screen, e.g. handles ["P1", "P2"]."""

    def call(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
        named = [referent.item_id for referent in turn.understanding.referents if referent.item_id]
        items = named if len(named) >= 2 else [item for handle in handles[:4] if (item := shelf.item(handle))]
        return tell.compare(desk, turn, shelf, items)

    return _run(runtime, "compare", {"handles": handles}, call, "Comparing…")


@tool
def details(handle: str, runtime: Runtime, question: str = "") -> Command[Any]:
    """Answer a question about one product from the shop's own description: material, size, ingredients,
    stock.
    """
    return _on_item(
        runtime,
        "details",
        {"handle": handle, "question": question},
        handle,
        lambda desk, turn, shelf, item: tell.details(
            desk, turn, shelf, item, question or turn.understanding.question
        ),
        "Reading the description…",
    )


@tool
def what_buyers_say(handle: str, runtime: Runtime, question: str = "") -> Command[Any]:
    """Tell what buyers wrote about a product, or about one thing of it. Handle "all": which of those shown is
    best.
    """
    arguments = {"handle": handle, "question": question}

    def on_all(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
        asked = question or turn.understanding.question or turn.text
        meant = meant_of_shown(turn, list(shelf.handles.values()))
        return by_buyers.best_by_buyers(desk, turn, shelf, meant, asked)

    def on_one(desk: Desk, turn: Turn, shelf: Shelf, item: str) -> Outcome:
        return tell.what_buyers_say(desk, turn, shelf, item, question or turn.understanding.question)

    if handle.strip().lower() == "all":
        return _run(runtime, "what_buyers_say", arguments, on_all, "Reading reviews…")
    return _on_item(runtime, "what_buyers_say", arguments, handle, on_one, "Reading reviews…")


@tool
def goes_well_with(handle: str, runtime: Runtime) -> Command[Any]:
    """Find what goes well with a product on the screen: what shoppers took together with it."""
    return _on_item(
        runtime,
        "goes_well_with",
        {"handle": handle},
        handle,
        find.goes_well_with,
        "Looking what goes with it…",
    )


@tool
def ask_back(runtime: Runtime) -> Command[Any]:
    """Ask the shopper one question that narrows the choice best, or offer a way out when nothing fits."""
    return _run(runtime, "ask_back", {}, actions.ask_back, "Thinking what to ask…")


@tool
def remember(runtime: Runtime) -> Command[Any]:
    """Keep, list or forget a lasting preference of the shopper, e.g. "I'm vegan", "shoe size 44"."""
    return _run(runtime, "remember", {}, actions.remember, "Noting that…")


@tool
def cart(action: Literal["add", "remove", "show"], runtime: Runtime, handle: str = "") -> Command[Any]:
    """Put a product into the cart, take it out, or show the cart."""

    def call(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
        return actions.cart(desk, turn, shelf, action, _pointed(turn) or shelf.item(handle))

    return _run(runtime, "cart", {"action": action, "handle": handle}, call, "Looking at your cart…")


@tool
def shop_documents(question: str, runtime: Runtime) -> Command[Any]:
    """Answer a question about the shop itself, or what it grants for a product: shipping, returns,
    warranty, sizes, care.
    """
    return _run(
        runtime,
        "shop_documents",
        {"question": question},
        lambda desk, turn, shelf: documents.shop_documents(desk, turn, shelf, question or turn.text),
        "Reading the shop's pages…",
    )


TOOLS: tuple[BaseTool, ...] = (
    search,
    refine,
    recommend_for_me,
    similar,
    compare,
    details,
    what_buyers_say,
    goes_well_with,
    ask_back,
    remember,
    cart,
    shop_documents,
)


def tool_set(assistant: ShoppingAssistant, user_id: str | None, session_id: str) -> list[BaseTool]:
    """The shop as LangChain tools for another agent."""
    return [tool(function) for function in shop_functions(assistant, user_id, session_id)]


def _pointed(turn: Turn) -> str | None:
    """The one product that the shopper's words point at."""
    named = {referent.item_id for referent in turn.understanding.referents if referent.item_id}
    return named.pop() if len(named) == 1 else None


def _on_item(
    runtime: Runtime,
    name: str,
    arguments: dict[str, Any],
    handle: str,
    call: Callable[[Desk, Turn, Shelf, str], Outcome],
    status: str,
) -> Command[Any]:
    def on_shelf(desk: Desk, turn: Turn, shelf: Shelf) -> Outcome:
        # Whom the shopper's words point at the rules know; a model's handle counts where they do not.
        item_id = _pointed(turn) or shelf.item(handle)
        if item_id is None:
            return Outcome(shelf, NO_PRODUCT.format(handles=", ".join(shelf.handles) or "none, search first"))
        return call(desk, turn, shelf, item_id)

    return _run(runtime, name, arguments, on_shelf, status)


def _run(
    runtime: Runtime,
    name: str,
    arguments: dict[str, Any],
    call: Callable[[Desk, Turn, Shelf], Outcome],
    status: str,
) -> Command[Any]:
    """Call the desk, keep what was called and how long it took, and turn the outcome into a state update.

    A tool that fails says so to the model and in the turn record; the turn goes on.
    """
    context: TurnContext = runtime.context
    before: Shelf = runtime.state.get("shelf") or Shelf()
    runtime.stream_writer({"status": status})
    started, error = time.perf_counter(), None
    try:
        outcome = call(context.desk, context.turn, before)
    except Exception as failure:  # noqa: BLE001 - a broken room must not end the conversation
        error = f"{type(failure).__name__}: {failure}"
        _log(name, error)
        outcome = Outcome(before, "That did not work.")
    ms = round((time.perf_counter() - started) * 1000, 2)
    made = ToolCall(
        name=name,
        arguments={key: value for key, value in arguments.items() if value not in (None, "")},
        result=outcome.told[:TOLD_LIMIT],
        ms=ms,
        error=error,
    )
    shelf = replace(outcome.shelf, calls=(*before.calls, made))
    message = ToolMessage(
        content=outcome.told[:TOLD_LIMIT],
        name=name,
        tool_call_id=runtime.tool_call_id or "",
        status="error" if error else "success",
        artifact={"said": shelf.said[len(before.said) :], "follow": shelf.follow},
    )
    return Command(update={"shelf": shelf, "messages": [message]})


def _log(name: str, error: str) -> None:
    import structlog

    structlog.get_logger("aisle").warning("tool failed", tool=name, error=error)
