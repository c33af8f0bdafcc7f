"""The planner makes a turn: the moves that were read, each by a few tool calls, and the words for them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from agent.dialogue import DialogueState
from agent.knowledge.glossary import glossary
from agent.planner.absent import no_children_among, plainly_absent
from agent.planner.advantages import advantages
from agent.planner.asking import asked_beside, said_side_by_side
from agent.planner.carts import line_changed, swapped
from agent.planner.explaining import WHY, explained_pick
from agent.planner.places import beyond_shown
from agent.planner.policy import MOVES
from agent.planner.service import served
from agent.planner.shop_questions import in_general, sold_here
from agent.planner.size_ends import end_of_sizes, sizes_told
from agent.planner.sums import summed
from agent.planner.talking import is_asked_to_remember, remember
from agent.planner.turn import Planned
from agent.records import ToolCall, Usage
from agent.tools import TOOLS
from agent.tools.context import ToolContext
from agent.understanding.interpretation import Interpretation
from agent.understanding.language.request_cues import NO, YES
from agent.understanding.references import ORDINAL
from agent.wording import one_stop

_ONE = re.compile(r"\b(?:it|its|that|this)\b", re.I)
"""Words for one product, of which something is asked beside what is sought."""
_OR = re.compile(r"\bor\b", re.I)
_WEIGHING = re.compile(
    r"\b(?:differen\w+|compared? (?:to|with)|vs\.?|versus|which (?:one|of|is|figure|number|do|should)|what'?s better)\b"
    r"|\bor\b.*\?",
    re.I,
)
"""Asks which of two sorts is the right one."""
_QUANTITY = re.compile(
    r"\W*(?:(?:and|so|ok)\W+)?how (?:many|much|long|wide|high|tall|deep|heavy|big)\b", re.I
)
CHANGING = ("cart", "remember")
"""Tools that change something."""


@dataclass(frozen=True)
class Spoken:
    """What a turn came to: the words, the state they leave, and the account of a model where one spoke."""

    words: str
    state: DialogueState
    actions: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    streamed: bool = False
    """Whether the words have been passed on."""


def act(meant: Interpretation, state: DialogueState, context: ToolContext) -> str:
    """Let the planner make the moves that it knows, in the order said."""

    def call(name: str, **arguments: Any) -> Any:
        if (done := _done(context, name, arguments)) is not None:
            return done
        begun, failed = time.perf_counter(), None
        try:
            return TOOLS[name](context, **arguments)
        except Exception as error:
            failed = f"{type(error).__name__}: {error}"
            raise
        finally:
            told = {k: v for k, v in arguments.items() if v not in (None, [], (), "", False)}
            ms = round((time.perf_counter() - begun) * 1000, 2)
            context.shelf.calls.append(ToolCall(name=name, arguments=_plain(told), ms=ms, error=failed))

    turn = Planned(meant, state, context, call)
    if (YES.fullmatch(meant.text) or NO.fullmatch(meant.text)) and is_asked_to_remember(turn):
        return remember(turn)
    if WHY.search(meant.text) and (picked := explained_pick(turn)):
        return picked
    if (
        told := beyond_shown(turn)
        or swapped(turn)
        or line_changed(turn)
        or sold_here(turn)
        or served(turn)
        or summed(turn)
        or end_of_sizes(turn)
        or advantages(turn)
        or said_side_by_side(turn)
    ):
        return one_stop(told)
    if told := sizes_told(turn, MOVES["seek"]) or plainly_absent(turn, MOVES["seek"]):
        return one_stop(told)
    if _weighs_kinds(turn):
        context.shelf.unmeant.update(meant.where)  # what is weighed is no condition
        return one_stop(in_general(turn) or MOVES["seek"](turn))
    named = meant.thing and len(turn.context.desk.shop.search.titled(meant.thing)) == 1
    made = [
        m for m in _made(meant) if not (named and m == "seek" and meant.main in ("ask_buyers", "ask_product"))
    ]
    handlers = dict.fromkeys(MOVES[move] for move in made if move in MOVES)
    said = " ".join(dict.fromkeys(handler(turn) for handler in handlers)) or MOVES["seek"](turn)
    return one_stop(f"{no_children_among(turn)} {said} {asked_beside(turn)}".strip())


def without_misread(state: DialogueState, context: ToolContext) -> DialogueState:
    """The state without the conditions that turned out to be misread."""
    kept = tuple(one for one in state.topic.where if one not in context.shelf.unmeant)
    topic = state.topic.model_copy(update={"where": kept})
    return state.model_copy(update={"topics": (*state.topics[:-1], topic)})


def _made(meant: Interpretation) -> tuple[str, ...]:
    """The moves to make: an order found among products is their comparison ("which has the longest battery")."""
    # A superlative orders, and "cheaper than the first" bounds: neither weighs two of those shown.
    graded = meant.scale is not None and (meant.scale.superlative or meant.scale.comparative)
    ordered = graded and meant.main in ("seek", "refine")
    found = (
        meant.main in ("seek", "refine") and bool(meant.where or meant.thing) and not _ONE.search(meant.text)
    )
    dropped = {"compare"} if ordered else set()
    if meant.main == "refine" and "ask_product" in meant.moves and _asks_of_one(meant):
        dropped = {"refine"}  # "that set sounds lovely, what is inside?"
    if meant.main == "ask_product" and _QUANTITY.match(meant.text):
        dropped.add("ask_buyers")  # "how many people does it fit"
    if meant.main == "compare":
        dropped = {"ask_product"}  # the comparison tells it
        if not (meant.where or meant.thing or meant.prefer):
            dropped |= {"refine", "seek", "ask_buyers"}
    if meant.main == "add_to_cart" and not (meant.where or meant.thing):
        dropped = {"refine", "compare"}  # "the cheaper of the two": what is taken, nothing to be shown
    return tuple(m for m in meant.moves if m not in (dropped | {"ask_product"} if found else dropped))


def _asks_of_one(meant: Interpretation) -> bool:
    """Whether something is asked of one product, and nothing further of what is sought."""
    sought = meant.where or meant.prefer or meant.thing or meant.scale or meant.taken_back or meant.like
    return bool(meant.asked) and len(meant.pointed.item_ids) == 1 and not sought


def _weighs_kinds(turn: Planned) -> bool:
    """Whether sorts of things are set against each other ("a two or a three person tent?"), and no products."""
    meant, listed = turn.meant, turn.state.listed
    if meant.main == "compare" and not (meant.pointed.item_ids or listed) and _OR.search(turn.question):
        return True
    if meant.pointed.by_name and len(meant.pointed.item_ids) > 1:
        return False  # products, whatever they are made of
    if (
        meant.main not in ("compare", "ask_product", "refine", "seek")
        or meant.thing
        or ORDINAL.search(turn.question)
    ):
        return False
    return _WEIGHING.search(turn.question) is not None and glossary().compared(turn.question)


def _done(context: ToolContext, name: str, arguments: dict[str, Any]) -> Any:
    """The result of a change that a model has made already this turn: nothing is put into a cart twice."""
    if name not in CHANGING:
        return None
    made = (
        r
        for n, given, r in context.shelf.results
        if n == name and given.get("action") == arguments.get("action")
    )
    return next(made, None)


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [plain(v) for v in value]
        return value.model_dump(mode="json") if hasattr(value, "model_dump") else value

    return {name: plain(value) for name, value in arguments.items()}
