"""One turn as the planner's moves see it, and what several of them share: which products are meant, which
words fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.conditions import KIND, Prefer, Sort, Where
from agent.dialogue import DialogueState, Topic
from agent.tools.compile import Compiler
from agent.tools.context import ToolContext
from agent.tools.results import Found
from agent.understanding import unsold
from agent.understanding.interpretation import LIKELY, SURE, Interpretation
from agent.wording import say

Call = Callable[..., Any]


@dataclass(frozen=True)
class Planned:
    """One turn as a move sees it. ``call`` runs a tool by name and keeps the account of it."""

    meant: Interpretation
    state: DialogueState
    context: ToolContext
    call: Call

    def handles(self, item_ids: Sequence[str]) -> list[str]:
        return [self.context.shelf.handle(item_id) for item_id in item_ids]

    @property
    def question(self) -> str:
        """What is asked, as said."""
        return self.meant.text

    def say(self, key: str, /, **values: Any) -> str:
        """A text of the catalogue; of several wordings, another each turn."""
        return say(key, turn=self.state.turn, **values)


def meant_products(turn: Planned, *, several: bool = False) -> list[str]:
    """Handles of the products that an utterance is about: those pointed at, else those shown of the kind it
    names, else what is talked about, else (``several``: all of) the list on the screen. None of these:
    found by its words.
    """
    meant, state = turn.meant, turn.state
    if meant.pointed.item_ids:
        return turn.handles(meant.pointed.item_ids)
    shown = tuple(dict.fromkeys((*((state.focus,) if state.focus else ()), *state.listed)))
    if meant.kinds and meant.kind_confidence >= LIKELY:
        shown = tuple(i for i in shown if _is_of(turn, i, meant.kinds))
    if shown and not several:
        return turn.handles(shown[:1])
    if shown:
        listed = tuple(i for i in state.listed if i in shown)
        return turn.handles(listed or shown)
    found = look_up(turn, 5 if several else 1)
    if not found.rows and not state.listed:  # named in words that the shop's titles do not have together
        found = turn.call("find", query=meant.text, limit=1)
    return [row.card.handle for row in found.rows]


def look_up(turn: Planned, limit: int) -> Found:
    """What the utterance itself names, under what it says; nothing where it names nothing to look for."""
    meant = turn.meant
    if not (meant.thing or meant.kinds or meant.where or meant.words):
        return Found()
    where, prefer = list(meant.where), list(meant.prefer)
    if meant.kinds and meant.kind_confidence >= SURE:
        where = [*Topic(kinds=meant.kinds).kind_guess(), *(w for w in where if w.field != KIND)]
    elif meant.kinds and meant.kind_confidence >= LIKELY:
        prefer.append(Prefer(field=KIND, value=meant.kinds))
    sort = None
    if meant.scale is not None and meant.scale.superlative:
        sort = Sort(field=meant.scale.field, order="desc" if meant.scale.direction > 0 else "asc")
    found: Found = turn.call(
        "find",
        query=" ".join(dict.fromkeys(f"{meant.words or meant.thing or meant.text}".split())),
        where=[w for w in where if not w.is_negative],
        avoid=[w for w in where if w.is_negative],
        prefer=prefer,
        sort=sort,
        limit=limit,
    )
    return found


def is_unsold(turn: Planned, thing: str) -> bool:
    """Whether a thing is a product's name of whose kind this shop surely has nothing."""
    return unsold.is_unsold(turn.context.desk, thing)


def conditions(turn: Planned) -> tuple[list[Where], list[Where]]:
    """What must hold for the topic in force, and what must not be."""
    said = turn.state.topic.conditions()
    return [w for w in said if not w.is_negative], [w for w in said if w.is_negative]


def _is_of(turn: Planned, item_id: str, kinds: tuple[str, ...]) -> bool:
    desk = turn.context.desk
    (compiled,) = Compiler(desk.shop.search, desk.schema).compile(Topic(kinds=kinds).kind_guess())
    product = desk.shop.catalog.product(item_id)
    return product is not None and compiled.filter is not None and desk.fits(compiled.filter, product)
