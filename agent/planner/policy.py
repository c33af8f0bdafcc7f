"""What the offline planner does for each move: one table, each entry a few tool calls and the words for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.conditions import KIND, Prefer
from agent.dialogue import DialogueState
from agent.planner.finding import found_words
from agent.tools.context import ToolContext
from agent.tools.results import Found
from agent.understanding.interpret import Interpretation

Call = Callable[..., Any]


@dataclass(frozen=True)
class Planned:
    """One turn as a move sees it. ``call`` runs a tool by name and keeps the account of it."""

    meant: Interpretation
    state: DialogueState
    context: ToolContext
    call: Call

    def handles(self, item_ids: tuple[str, ...]) -> list[str]:
        return [self.context.shelf.handle(item_id) for item_id in item_ids]


def seek(turn: Planned) -> str:
    """Find for the topic in force, and show what was found."""
    topic, meant = turn.state.topic, turn.meant
    if topic.personal and not (topic.kinds or topic.thing):
        return recommend(turn)
    guess = [] if topic.sure else [Prefer(field=KIND, value=w.value) for w in topic.kind_guess()]
    among = _among(turn)
    found: Found = turn.call(
        "find",
        query=topic.query,
        where=[w for w in topic.conditions() if not w.is_negative],
        avoid=[w for w in topic.conditions() if w.is_negative],
        prefer=[*guess, *topic.prefer],
        like=turn.context.shelf.handle(topic.like) if topic.like else None,
        sort=topic.sort,
        limit=meant.count or 5,
        others=bool({"more", "reject"} & set(meant.moves)),
        among=among,
    )
    if found.rows:
        turn.call("show", handles=[row.card.handle for row in found.rows])
    label = meant.scale.word if meant.scale and meant.scale.superlative else ""
    return found_words(found, topic.thing, topic.sort, label, turn=turn.state.turn, gift=topic.gift)


def _among(turn: Planned) -> list[str]:
    """The products on the screen, where the order is asked among them."""
    if not turn.meant.among:
        return []
    pointed = turn.meant.pointed.item_ids
    return turn.handles(pointed if len(pointed) > 1 else turn.state.listed)


def recommend(turn: Planned) -> str:
    topic = turn.state.topic
    where = [w for w in topic.conditions() if not w.is_negative]
    avoid = [w for w in topic.conditions() if w.is_negative]
    found: Found = turn.call("recommend", query=turn.meant.words, where=where, avoid=avoid)
    if found.rows:
        turn.call("show", handles=[row.card.handle for row in found.rows])
    return found_words(found, topic.thing, None, "", turn=turn.state.turn, gift=topic.gift)


MOVES: dict[str, Callable[[Planned], str]] = {
    "seek": seek,
    "refine": seek,
    "more": seek,
    "reject": seek,
    "undo": seek,
    "recommend": recommend,
}
"""Which move does what; moves of one turn are made in the order said."""

