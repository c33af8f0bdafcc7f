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
        match = turn.context.desk.shop.search.kinds.resolve(end["thing"])
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


def summed(turn: Planned) -> str:
    """The sum of the products pointed at, where it is asked for; empty where it is not."""
    meant = turn.meant
    if told := _of_ends(turn):
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
