"""What is said of the prices on the screen: a share of one that may be spent, one that is only told back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.conditions import PRICE, Where
from agent.shop_context import ShopContext
from agent.understanding.language.follow_up_cues import BOUNDED, FOR_LESS, TOO_DEAR
from agent.understanding.language.price_shares import share_of_price
from agent.understanding.resolved import Resolved


def share_of_shown(text: str, listed: Sequence[str], desk: ShopContext) -> Resolved:
    """The part of what the product talked about costs that may be spent: "for half of it"."""
    part = share_of_price(text)
    shown = desk.products(listed[:1]) if part is not None else []
    if part is None or not shown or shown[0].price is None:
        return Resolved()
    return Resolved((Where(field=PRICE, op="<=", value=round(shown[0].price * part, 2)),))


def without_echo(found: Resolved, text: str, listed: Sequence[str], desk: ShopContext) -> Resolved:
    """Without the price of a product shown that is only told back: "seventy four, is there another for less?"."""
    if BOUNDED.search(text) or not (TOO_DEAR.search(text) or FOR_LESS.search(text)):
        return found
    shown = {round(p.price) for p in desk.products(listed) if p.price is not None}
    where = tuple(
        w
        for w in found.where
        if not (w.field == PRICE and isinstance(w.value, float) and round(w.value) in shown)
    )
    return replace(found, where=where)
