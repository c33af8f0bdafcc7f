"""Which kind to look among where nobody named one: what the whole need finds, and not what single words hint at."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conditions import KIND, Prefer
from agent.dialogue import Topic
from agent.planner.turn import Planned
from agent.tools.asked import content
from agent.tools.compile import Compiler
from retrieval.filters import And
from retrieval.records import Product
from retrieval.text.natural import is_natural

NEAREST = 5
"""Of so many products that search finds first one is of the kind, where that was read rightly. From 2 to 10 about as
many turns of dialogues are right, some .005 more than without."""
MORE_WORDS = 2
"""Words beside the thing that tell a need, for which something else may serve."""


def likely_kinds(turn: Planned, topic: Topic) -> list[Prefer]:
    """The kinds to look among where none binds: in a sentence the kind of the product that search finds first for all
    that was said, under all that must hold; else those guessed.
    """
    if not _is_ordered(turn, topic) and is_natural(topic.wish):
        products = nearest(turn, topic, 1)
        if products and products[0].category:
            return [Prefer(field=KIND, value=" > ".join(products[0].category))]
    return [Prefer(field=KIND, value=where.value) for where in topic.kind_guess()]


def with_trusted_kind(turn: Planned, topic: Topic) -> Topic:
    """The topic without its kind, where that is first told in a sentence and nothing that search finds first for all of
    it is of that kind: "my cat has poured coffee in the keyboard" asks for no coffee.
    """
    if not (topic.sure and topic.kinds and is_natural(topic.wish)) or topic.lists or _is_ordered(turn, topic):
        return topic
    unkinded = topic.model_copy(update={"kinds": (), "sure": False})
    products = nearest(turn, unkinded, NEAREST)
    if not products or _any_of_kind(turn, topic, products):
        return topic
    return unkinded


def _is_ordered(turn: Planned, topic: Topic) -> bool:
    """Whether what is sought is said by something else than a need: an order, a likeness, a choice of what is shown."""
    field = turn.context.desk.schema.field
    return bool((topic.sort and field(topic.sort.field)) or topic.like or turn.meant.among)


def nearest(turn: Planned, topic: Topic, most: int) -> list[Product]:
    """What search finds first for all that was said, under all that must hold."""
    desk = turn.context.desk
    compiled = Compiler(desk.shop.search, desk.schema).compile(topic.conditions())
    holds = And(tuple(one.filter for one in compiled if one.filter is not None))
    return desk.products([hit.item_id for hit in desk.shop.search.search(topic.wish, holds, most).hits])


def _any_of_kind(turn: Planned, topic: Topic, products: Sequence[Product]) -> bool:
    """Whether one of the products is of a kind that was read."""
    desk = turn.context.desk
    compiled = Compiler(desk.shop.search, desk.schema).compile(topic.kind_guess())
    kinds = [one.filter for one in compiled if one.filter is not None]
    return any(desk.fits(kind, product) for kind in kinds for product in products)


def tells_need(topic: Topic) -> bool:
    """Whether more is told than a thing, so that another may serve: "a rink bag, my daughter skates twice a week"."""
    return is_natural(topic.wish) and len(content(topic.wish) - content(topic.thing)) >= MORE_WORDS
