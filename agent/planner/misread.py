"""Conditions that were read from words that mean something else, as what search finds first tells."""

from __future__ import annotations

from agent.conditions import BRAND, CHILDREN, KIND, PRICE, STARS, STOCK, TITLE
from agent.dialogue import Topic
from agent.planner.likely_kind import nearest, tells_need
from agent.planner.turn import Planned
from agent.tools.compile import Compiler

FIRST = 10
"""Of so many products that search finds first one would speak of what was meant."""
_BINDING = frozenset((PRICE, BRAND, STARS, STOCK, KIND, TITLE))
"""What is read from its own words, whatever is sought."""


def with_trusted_conditions(turn: Planned, topic: Topic) -> Topic:
    """The topic without the conditions that none of the products nearest to all else of it meets, where no kind is
    known and a need is told: who asks for paper for the "same 300 stories" wants no gift card of $300, and sun cream for
    a baby need not be marked for children. They hold no more in this conversation.
    """
    read = [w for w in topic.where if not w.is_negative and w.field not in _BINDING]
    if not (read and tells_need(topic)) or topic.kind_where() or topic.like or turn.meant.among:
        return topic
    rest = topic.model_copy(update={"where": tuple(w for w in topic.where if w not in read)})
    desk = turn.context.desk
    products = nearest(turn, rest, FIRST)
    compiled = Compiler(desk.shop.search, desk.schema).compile(read)
    gone = [
        where
        for one, where in zip(compiled, read, strict=True)
        if one.filter is not None
        and products
        and (where.field == CHILDREN or not any(desk.fits(one.filter, product) for product in products))
    ]
    turn.context.shelf.unmeant.update(gone)
    return topic.model_copy(update={"where": tuple(w for w in topic.where if w not in gone)})
