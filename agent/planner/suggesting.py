"""Suggestions: for this shopper, and what goes with a product."""

from __future__ import annotations

import re

from agent.planner.finding import given_way, nothing_words, telling, unknown_words
from agent.planner.turn import Planned, conditions, meant_products
from agent.tools.goes_with import Companions
from agent.tools.recommend import Recommended
from agent.wording import lowered, say

_QUOTE = re.compile(": [“„]")


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
    said = turn.say("suggest.first", basis=turn.say(f"suggest.{found.basis}"), handle=first.handle)
    if why:
        said = f"{said}: {lowered(_QUOTE.split(why.text)[0].rstrip('.'))}"
    said += "."
    if found.loosened:
        said = f"{given_way(found, turn.meant.thing)} {said}"
    if unknown := unknown_words(found):
        return f"{said} {unknown}"
    return f"{said} {say('suggest.near')}"


def goes_with(turn: Planned) -> str:
    """What goes with the product that is talked about."""
    handles = (
        meant_products(turn) if not turn.meant.pointed.item_ids else turn.handles(turn.meant.pointed.item_ids)
    )
    if not handles:
        return say("suggest.to_what")
    found: Companions = turn.call("goes_with", handle=handles[0])
    if not found.rows:
        turn.call("show", handles=handles[:1], aside=True)
        return say("suggest.no_record", handle=handles[0])
    turn.call("show", handles=[row.card.handle for row in found.rows])
    first = found.rows[0].card
    if found.together:
        reason = first.reasons[0].text if first.reasons else ""
        return say("suggest.goes", handle=first.handle, reason=lowered(reason))
    return say("suggest.made_for", handle=first.handle)
