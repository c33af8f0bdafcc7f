"""Saying plainly what the shop does not sell, where that is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.planner.asking_back import not_sold
from agent.planner.turn import Planned
from agent.understanding.unsold import SOLD
from agent.wording import say

_SELLS = re.compile(
    r"^\W*(?:(?:and|so|hi|hello|hey|ok|then)\W+)*(?:do you|d'you|do u|does this shop|have you|you)"
    r"(?: guys)?(?: also| even| not)? "
    r"(?:(?P<deals>sell|stock|carry)|have|got|keep)(?: any| some)? (?P<what>[^?.!,;]{3,40}?)"
    r"(?: (?:too|as well|here|at all|then|in stock))*\W*$"
    r"|^\W*(?:(?:and|so|but|then)\W+)*no (?P<neither>[^?.!,;]{3,30}?) (?:either|then|here)\b",
    re.I,
)
_ARTICLE = re.compile(r"^\W*(?:an?|the|some|any|your)\s+", re.I)
_CHILDREN = re.compile(
    r"\b(?:child(?:ren)?'?s?|kids?'?s?|youth|junior|toddlers?'?) (?:sizes?|sizing|clothes|clothing|versions?|models?)\b"
    r"|\bsizes? for (?:children|kids)\b",
    re.I,
)
_FOR_CHILDREN = re.compile(
    r"\b(?:child(?:ren)?|kids?|boys?|girls?|youth|juniors?|toddlers?|bab(?:y|ies))(?:'?s)?\b", re.I
)
NEARLY = 0.6
"""A kind as near in meaning as this is shown in place of one that is not sold."""


def plainly_absent(turn: Planned, seek: Callable[[Planned], str]) -> str:
    """ "Do you sell X" where nothing here is one: no. Where titles only have the word ("iPhone cases"), no, and what has
    it. Empty where nothing of the sort is asked, or it is sold.
    """
    if turn.meant.pointed.item_ids:
        return ""
    asked = _SELLS.search(turn.question)
    if asked is None or (turn.meant.main == "ask_shop" and not asked["deals"]):
        return ""  # "do you have gift wrapping" asks for a service
    what = _ARTICLE.sub("", asked["what"] or asked["neither"]).strip()
    search = turn.context.desk.shop.search
    if not search.kinds.is_thing(what) or search.kinds.sells(what) >= SOLD:
        return ""
    if search.titled(what):
        return f"{say('find.not_as_such', what=what)} {seek(turn)}"
    near = search.kinds.resolve(what)
    if near is not None and near.confidence >= NEARLY and not asked["neither"]:
        return ""
    return not_sold(turn, what)


def no_children_among(turn: Planned) -> str:
    """That nothing shown is stated to come in children's sizes, where those are asked for."""
    if not _CHILDREN.search(turn.question):
        return ""
    products = turn.context.desk.products(card.item_id for card in turn.context.shelf.cards)
    for product in products:
        values = (*product.attributes.items(), *product.options.items())
        told = (
            product.title,
            *product.category,
            *product.tags,
            *(f"{name} {value}" for name, value in values),
        )
        if any(_FOR_CHILDREN.search(text) for text in told):
            return ""
    return say("find.no_children") if products else ""
