"""What several products cost together, and what that leaves of an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import KIND, PRICE, Sort, Where
from agent.money import price as price_text
from agent.planner.turn import Planned
from agent.tools.results import Found
from agent.tools.schema import Field
from agent.understanding.interpretation import SURE
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.request_cues import SUMMED
from agent.understanding.person_conditions import is_made_for
from agent.understanding.quantities import plain
from agent.wording import listed, say

_LEFT = re.compile(r"\b(?:left|remain\w*|change (?:do|would|from)|over)\b", re.I)

NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_CHANGING = ("add_to_cart", "remove_from_cart")


_END = re.compile(
    r"\b(?P<end>cheapest|least expensive|lowest[- ]priced|dearest|priciest|most expensive|costliest)\s+"
    r"(?P<thing>[a-z][\w' -]*?)(?=\s+(?:plus|and|with|together|combined|cost|come|what|would|in total|total|altogether|"
    r"be|set|you)\b|\s*(?:[,.?!&+]|$))",
    re.I,
)
"""The cheapest or dearest of a kind."""
_PAID = re.compile(
    r"\bplus\b|\btotal\b|\bhow much\b|\bwhat (?:would|do|will|'d) (?:i|that|they|it)\b|\bset me back\b", re.I
)


def _of_ends(turn: Planned) -> str:
    """What the cheapest or dearest of several kinds cost together; empty where fewer than two are named."""
    ends = list(_END.finditer(turn.meant.text))
    if len(ends) < 2 or not (SUMMED.search(turn.meant.text) or _PAID.search(turn.meant.text)):
        return ""
    schema = turn.context.desk.schema
    person = [
        w
        for w in turn.state.topic.where
        if isinstance(own := schema.field(w.field), Field) and is_made_for(own)
    ]
    items = []
    for end in ends:
        match = turn.context.desk.shop.search.kinds.by_name(end["thing"])
        if match is None or match.confidence < SURE:
            return ""
        dearest = end["end"].lower().startswith(("dear", "pric", "most", "cost"))
        kind = Where(field=KIND, op="in", value=match.names)
        found: Found = turn.call(
            "find",
            query=end["thing"],
            where=[kind, *person],
            sort=Sort(field=PRICE, order="desc" if dearest else "asc"),
            limit=1,
        )
        items += [row.item_id for row in found.rows if not found.loosened]
    return _together(turn, items)[0] if len(items) == len(ends) else ""


def _together(turn: Planned, items: Sequence[str]) -> tuple[str, float, str]:
    """The sum of some products in words, as a number, and its currency; empty where it can't be told."""
    products = [turn.context.desk.shop.product(item) for item in items]
    priced = [(p.price, p.currency) for p in products if p is not None and p.price is not None]
    if len(priced) < len(items) or len({currency for _, currency in priced}) != 1:
        return "", 0.0, ""
    handles, currency = turn.handles(items), priced[0][1]
    total = round(sum(price for price, _ in priced), 2)
    turn.call("show", handles=handles, aside=True)
    told = say(
        "sum.together",
        what=listed([f"[{h}]" for h in handles]),
        total=price_text(total, currency),
        parts=" + ".join(price_text(price, currency) for price, _ in priced),
    )
    return told, total, currency


_TIMES = re.compile(
    rf"^\W*(?:(?:and|so|ok|for|if i (?:take|buy|get))\W+)*(?P<many>[2-9]|[1-9]\d|{'|'.join(NUMBERS)})\b"
    r"(?:\s+(?:of (?:it|them|those|these|that)|pairs?|packs?|pieces?|boxes|sets|bottles|rolls))*\W+(?:how much|what)\b"
    r"|\bhow much (?:is|are|for|would|do|does)\b[^?.!]{0,25}?\b(?P<several>[2-9]|[1-9]\d|"
    rf"{'|'.join(NUMBERS)})(?:\s+(?:pairs?|packs?|pieces?|boxes|sets|bottles|rolls))?(?: of (?:it|them|those|these|that))?"
    r"(?: (?:be|cost|come to))?\W*$",
    re.I,
)
"""Asks what so many of one product cost: "5 pairs, how much"."""


def _multiplied(turn: Planned) -> str:
    """What so many of the product that is talked about cost, where that is asked for; empty where it is not."""
    meant, state = turn.meant, turn.state
    asked = _TIMES.search(meant.text) if not (meant.thing or meant.kinds) else None
    items = meant.pointed.item_ids or ((state.focus,) if state.focus else state.listed[:1])
    product = turn.context.desk.shop.product(items[0]) if asked and len(items) == 1 else None
    if asked is None or product is None or product.price is None:
        return ""
    many = (asked["many"] or asked["several"]).lower()
    count = int(many) if many.isdigit() else NUMBERS.index(many) + 2
    (handle,) = turn.handles(items)
    turn.call("product", handle=handle, question="price")
    turn.call("show", handles=[handle], aside=True)
    return say(
        "sum.times",
        count=count,
        handle=f"[{handle}]",
        total=price_text(round(count * product.price, 2), product.currency),
        price=price_text(product.price, product.currency),
    )


def summed(turn: Planned) -> str:
    """The sum of the products pointed at, or of several of one, where it is asked for; empty where it is not."""
    meant = turn.meant
    if told := _of_ends(turn) or _multiplied(turn):
        return told
    items, text = meant.pointed.item_ids, meant.text
    left = _LEFT.search(text) is not None and re.search(r"\bif\b|\bafter\b|\bwith\b", text, re.I) is not None
    if len(items) < 2 or not (left or SUMMED.search(text)):
        return ""
    if meant.main in _CHANGING or (meant.main == "show_cart" and not (left or meant.pointed.by_name)):
        return ""
    told, total, currency = _together(turn, items)
    if not told:
        return ""
    budget = (
        next((a.value for a in find_amounts(plain(text, lambda value: value >= 10))), None) if left else None
    )
    if budget is None:
        return told
    rest = round(budget - total, 2)
    key = "sum.leaves" if rest >= 0 else "sum.short"
    difference = say(key, rest=price_text(abs(rest), currency), budget=price_text(budget, currency))
    return f"{told} {difference}"
