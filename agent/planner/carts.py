"""The cart in conversation: put in, take out, change, look, check out."""

from __future__ import annotations

import re

from agent.explanations.evidence import short_title
from agent.planner.turn import Planned, joined, look_up, meant_products
from agent.storage.carts import cart_owner
from agent.tools.cart import CartLine, CartState, Line

_EVERYTHING = re.compile(r"\b(?:everything|all|whole|empty|clear|the lot)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:make (?:that|it|them|those)|change|set|instead|increase|reduce|up (?:that|it)|only|just)\b",
    re.IGNORECASE,
)
""" "Make that two" sets a quantity; "two of them" adds."""
NOTHING = (
    "I'm not sure which product you mean. Tell me its name, or look for something first, and I'll put it in."
)


def add_to_cart(turn: Planned) -> str:
    """Put in what is meant; where nothing is shown or pointed at, what the words find."""
    kept = _kept(turn)
    items = [
        item
        for item in turn.meant.pointed.item_ids
        if item not in kept or "remove_from_cart" not in turn.meant.moves
    ]
    handles = turn.handles(items) if items else _to_add(turn)
    if not handles:
        return NOTHING
    quantity = turn.meant.quantity
    changes = (
        quantity is not None
        and _CHANGES.search(turn.meant.text)
        and all(turn.context.shelf.item(h) in kept for h in handles)
    )
    lines = [Line(handle=handle, quantity=quantity) for handle in handles]
    state: CartState = turn.call("cart", action="set" if changes else "add", lines=lines)
    turn.call("show", handles=handles, aside=True)
    if not state.done:
        return f"That did not work: {state.problem}. Your cart is unchanged."
    return f"{_added(turn, state)} {_sum(state)}".strip()


def _to_add(turn: Planned) -> list[str]:
    named = turn.meant.thing or turn.meant.kinds or turn.meant.scale is not None
    if named and turn.meant.scale is not None and not turn.meant.among:
        return [row.card.handle for row in look_up(turn, 1).rows]
    return meant_products(turn)


def _added(turn: Planned, state: CartState) -> str:
    told = [
        f"[{line.handle}]" if line.quantity == 1 else f"{line.quantity} × [{line.handle}]"
        for line in state.changed
    ]
    choices = sorted({name.lower() for line in state.changed for name, _ in line.options})
    said = turn.vary(
        f"Done: {joined(told)} in your cart.",
        f"I put {joined(told)} in your cart.",
        f"Added to your cart: {joined(told)}.",
    )
    return f"{said} You choose the {joined(choices)} at checkout." if choices else said


def _sum(state: CartState) -> str:
    if state.total is None:
        return ""
    return (
        f"Your cart comes to {state.total_text}." if state.count > 1 else f"It comes to {state.total_text}."
    )


def remove_from_cart(turn: Planned) -> str:
    """Take out what is meant: everything, what is pointed at, or the one thing in it."""
    kept = _kept(turn)
    if not kept:
        return "Your cart is empty already."
    pointed = [item for item in turn.meant.pointed.item_ids if item in kept]
    if not pointed and (_EVERYTHING.search(turn.meant.text) or turn.meant.pointed.whole_list):
        turn.call("cart", action="clear")
        return turn.vary(
            "I took everything out: your cart is empty.", "Your cart is empty now; everything is out."
        )
    items = pointed or (
        [turn.state.focus] if turn.state.focus in kept else list(kept) if len(kept) == 1 else []
    )
    if not items:
        return f"Which one shall I take out? {_inside(turn.call('cart', action='show'))}"
    lines = [
        Line(handle=handle, quantity=turn.meant.quantity) for handle in turn.handles([i for i in items if i])
    ]
    state: CartState = turn.call("cart", action="remove", lines=lines)
    if not state.done:
        return f"That did not work: {state.problem}."
    gone = joined([_title(line) for line in state.changed])
    left = f"Left in it: {_inside(state)}" if state.lines else "Your cart is empty now."
    return f"I took {gone} out of your cart. {left}"


def show_cart(turn: Planned) -> str:
    """What is in the cart, and what it comes to."""
    state: CartState = turn.call("cart", action="show")
    if not state.lines:
        return "Your cart is empty."
    return f"In your cart: {_inside(state)}"


def check_out(turn: Planned) -> str:
    """On to the shop's own checkout."""
    state: CartState = turn.call("cart", action="checkout")
    if not state.lines:
        return "Your cart is empty, so there is nothing to check out yet."
    if state.checkout_url:
        return f"In your cart: {_inside(state)} Check out here: {state.checkout_url}"
    return f"In your cart: {_inside(state)} You can check out on the shop's cart page; I can't take payments."


def _kept(turn: Planned) -> dict[str, int]:
    """Item id to quantity of what is in the cart."""
    return turn.context.desk.carts.items(cart_owner(turn.context.user_id, turn.context.session_id))


def _inside(state: CartState) -> str:
    told = [
        f"{line.quantity} × {_title(line)}" if line.quantity > 1 else _title(line) for line in state.lines
    ]
    total = (
        f", together {state.total_text}" if state.total is not None and len(told) + state.count > 2 else ""
    )
    single = f", {state.total_text}" if not total and state.total is not None else ""
    return f"{joined(told)}{total or single}."


def _title(line: CartLine) -> str:
    """Cards of what is only in the cart are not shown, so their names are written out."""
    return short_title(line.card.title)
