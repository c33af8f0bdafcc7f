"""The one question that the planner puts: what is sought, where only a need was told or nothing of it is sold."""

from __future__ import annotations

from agent.conditions import PRICE
from agent.planner.turn import Planned
from agent.tools.ask import Asked
from agent.tools.results import Found
from agent.wording import listed, named, say

MOST_KINDS = 3


def asked_back(turn: Planned, found: Found) -> str:
    """A question with its answers as buttons; empty where the answer would change nothing, or one was asked
    just before.
    """
    topic, state = turn.state.topic, turn.state
    is_thing = bool(topic.thing) and turn.context.desk.shop.search.kinds.is_thing(topic.thing)
    if turn.meant.main != "seek" or is_thing or topic.sure or topic.sort or state.asked_in_row:
        return ""
    kinds = tuple(dict.fromkeys(row.card.category[-1] for row in found.rows if row.card.category))
    if len(kinds) < 2:
        return ""
    options: tuple[str, ...] = ()
    if topic.gift and not any(where.field == PRICE for where in topic.where):
        question = say("back.gift")
    else:
        options = kinds[:MOST_KINDS]
        question = say("back.among", kinds=listed([named(kind) for kind in options], "or"))
    asked: Asked = turn.call("ask", question=question, options=options)
    return asked.question


def not_sold(turn: Planned, what: str) -> str:
    """That the shop has none of it, and where to look instead: among the kinds that come nearest, where any does."""
    told = say("find.unsold", what=what)
    near = turn.context.desk.shop.search.kinds.nearest(what)
    options = tuple(dict.fromkeys(name.split(">")[-1].strip() for name in near))
    if not options or turn.state.asked_in_row:
        return f"{told} {say('find.something_else')}"
    question = say("find.instead", kinds=listed([named(kind) for kind in options], "or"))
    asked: Asked = turn.call("ask", question=question, options=options)
    return f"{told} {asked.question or say('find.something_else')}"
