"""What several products cost together, and what that leaves of an amount."""

from __future__ import annotations

import re

from agent.money import price as price_text
from agent.planner.turn import Planned
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.request_cues import SUMMED
from agent.understanding.quantities import plain
from agent.wording import listed, say

_LEFT = re.compile(r"\b(?:left|remain\w*|change (?:do|would|from)|over)\b", re.I)

_CHANGING = ("add_to_cart", "remove_from_cart")


def summed(turn: Planned) -> str:
    """The sum of the products pointed at, where it is asked for; empty where it is not."""
    meant = turn.meant
    items, text = meant.pointed.item_ids, meant.text
    left = _LEFT.search(text) is not None and re.search(r"\bif\b|\bafter\b|\bwith\b", text, re.I) is not None
    if len(items) < 2 or not (left or SUMMED.search(text)):
        return ""
    if meant.main in _CHANGING or (meant.main == "show_cart" and not (left or meant.pointed.by_name)):
        return ""
    products = [turn.context.desk.shop.product(item) for item in items]
    priced = [(p.price, p.currency) for p in products if p is not None and p.price is not None]
    if len(priced) < len(items) or len({currency for _, currency in priced}) != 1:
        return ""
    handles, currency = turn.handles(items), priced[0][1]
    total = round(sum(price for price, _ in priced), 2)
    turn.call("show", handles=handles, aside=True)
    parts = " + ".join(price_text(price, currency) for price, _ in priced)
    told = say(
        "sum.together",
        what=listed([f"[{h}]" for h in handles]),
        total=price_text(total, currency),
        parts=parts,
    )
    budget = (
        next((a.value for a in find_amounts(plain(text, lambda value: value >= 10))), None) if left else None
    )
    if budget is None:
        return told
    rest = round(budget - total, 2)
    key = "sum.leaves" if rest >= 0 else "sum.short"
    difference = say(key, rest=price_text(abs(rest), currency), budget=price_text(budget, currency))
    return f"{told} {difference}"
