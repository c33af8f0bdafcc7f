"""Several things looked for at once: each is found for itself, under the conditions of all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from agent.conditions import PRICE, Prefer, Sort, Where
from agent.dialogue import Part, Topic
from agent.planner.finding import found_words
from agent.planner.turn import Planned
from agent.tools.results import Found
from agent.wording import say

LEAST_SHOWN, SHOWN = 2, 5
"""Products shown of each thing at least, and of all of them where they are few."""


def asked(
    turn: Planned, topic: Topic, stands_in: Sequence[Where] = (), guess: Sequence[Prefer] = ()
) -> dict[str, Any]:
    """The arguments of a search for a topic; ``stands_in``, ``guess``: kinds that bind, and that only weigh,
    beside its own.
    """
    return {
        "query": topic.wish,
        "where": [*stands_in, *(w for w in topic.conditions() if not w.is_negative)],
        "avoid": [w for w in topic.conditions() if w.is_negative],
        "prefer": [*guess, *topic.prefer],
        "like": turn.context.shelf.handle(topic.like) if topic.like else None,
        "sort": topic.sort,
    }


def seek_each(turn: Planned) -> str:
    """Find each of the things, and show some of each; a budget is for all of them together where it is shared."""
    topic = turn.state.topic
    others = bool({"more", "reject"} & set(turn.meant.moves))
    sold = [part for part in topic.parts if part.kinds]
    unsold = [part.thing for part in topic.parts if not part.kinds]
    least = _least(turn, sold) if topic.shared and _budget(topic) is not None else {}
    told: list[str] = []
    found: list[Found] = []
    for part in sold:
        own = _of_part(topic, part, _left(topic, part, least))
        result: Found = turn.call(
            "find", **asked(turn, own), limit=max(LEAST_SHOWN, SHOWN // len(sold)), others=others
        )
        words = found_words(result, own, "", turn=turn.state.turn)
        told.append(say("find.part", thing=f"{part.thing[:1].upper()}{part.thing[1:]}", words=words))
        found.append(result)
    rows = [row for same in zip_longest(*(f.rows for f in found)) for row in same if row is not None]
    if rows:
        turn.call("show", handles=list(dict.fromkeys(row.card.handle for row in rows)))
    return " ".join([*told, *(say("find.no_part", what=thing) for thing in unsold)])


def _of_part(topic: Topic, part: Part, most: float | None = None) -> Topic:
    """The topic of one of its things; ``most``: what that may cost, where the rest of a budget is for others."""
    own = topic.model_copy(update={"thing": part.thing, "kinds": part.kinds, "sure": True, "parts": ()})
    return own if most is None else own.with_where((Where(field=PRICE, op="<=", value=most),))


def _least(turn: Planned, parts: Sequence[Part]) -> dict[str, float]:
    """What the cheapest of each thing costs, by the thing's name."""
    found: dict[str, float] = {}
    for part in parts:
        own = _of_part(turn.state.topic, part).model_copy(update={"sort": Sort(field=PRICE)})
        cheapest: Found = turn.call("find", **asked(turn, own), limit=1)
        if cheapest.rows and not cheapest.loosened and cheapest.rows[0].card.price is not None:
            found[part.thing] = cheapest.rows[0].card.price
    return found


def _budget(topic: Topic) -> float | None:
    """The most that may be spent."""
    bounds = (w.value for w in topic.where if w.field == PRICE and w.op in ("<", "<="))
    return next((value for value in bounds if isinstance(value, float)), None)


def _left(topic: Topic, part: Part, least: dict[str, float]) -> float | None:
    """What the cheapest of the other things leaves of a shared budget; None without one, or where it is not
    enough for all.
    """
    budget = _budget(topic)
    if budget is None or part.thing not in least or sum(least.values()) > budget:
        return None
    return round(budget - sum(price for thing, price in least.items() if thing != part.thing), 2)
