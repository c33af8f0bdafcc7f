"""Suggestions: for this shopper, and what goes with a product."""

from __future__ import annotations

from agent.planner.finding import given_way, nothing_words, telling, unknown_words
from agent.planner.turn import Planned, conditions, meant_products
from agent.tools.goes_with import Companions
from agent.tools.recommend import Recommended

_BASIS = {
    "history": ("Going by what you liked here before,", "From what you have taken here so far,"),
    "gift": ("As it is a gift, I go by what others like:",),
    "refused": ("As you asked, I leave your history aside; popular here:",),
    "popular": ("I don't know your taste yet, so I start with what others like:",),
}


def recommend(turn: Planned) -> str:
    """Products for this shopper, a varied list."""
    where, avoid = conditions(turn)
    query = " ".join(
        word for word in (turn.meant.thing, *(turn.meant.words.split() if turn.meant.kinds else ())) if word
    )
    found: Recommended = turn.call(
        "recommend", query=query, where=where, avoid=avoid, limit=turn.meant.count or 5
    )
    if not found.rows:
        return nothing_words(found, turn.meant.thing)
    turn.call("show", handles=[row.card.handle for row in found.rows])
    first = found.rows[0].card
    why = telling(first)
    said = f"{turn.vary(*_BASIS[found.basis])} I'd look at [{first.handle}] first"
    if why:
        reason = why.text.split(": “")[0].rstrip(".")
        said = f"{said}: {reason[:1].lower()}{reason[1:]}"
    said += "."
    if found.loosened:
        said = f"{given_way(found, turn.meant.thing)} {said}"
    if unknown := unknown_words(found):
        return f"{said} {unknown}"
    return f"{said} Is one of these near it, or shall I go another way?"


def goes_with(turn: Planned) -> str:
    """What goes with the product that is talked about."""
    handles = (
        meant_products(turn) if not turn.meant.pointed.item_ids else turn.handles(turn.meant.pointed.item_ids)
    )
    if not handles:
        return "To what shall it go? Name the product, and I'll see what others take with it."
    found: Companions = turn.call("goes_with", handle=handles[0], query=turn.meant.thing)
    if not found.rows:
        turn.call("show", handles=handles[:1], aside=True)
        return f"I have no record of what goes with [{handles[0]}]: too few shoppers took anything with it."
    turn.call("show", handles=[row.card.handle for row in found.rows])
    first = found.rows[0].card
    if found.together:
        reason = first.reasons[0].text if first.reasons else ""
        return f"[{first.handle}] goes with it: {reason[:1].lower()}{reason[1:]}."
    return f"Too few shoppers took anything together with it, so by what it is made for: [{first.handle}]."
