"""The cart: put in, take out, change, look, clear, and on to the shop's own checkout. All of a call or
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic.json_schema import SkipJsonSchema

from agent.explanations.evidence import counted, field_evidence, short_title
from agent.money import price as format_price
from agent.records import Card, Evidence, Frozen
from agent.storage.carts import MAX_QUANTITY, KeptLine, cart_owner
from agent.storefront import Checkout, OrderLine
from agent.tools.choices import (
    ChoiceError,
    Options,
    left_of,
    price_with,
    resolved,
    sold_out,
    still_open,
    told,
)
from agent.tools.context import ToolContext, missing
from agent.tools.results import fenced
from agent.wording import listed, say
from retrieval.records import Product
from retrieval.variants import sku_of

CartAction = Literal["add", "remove", "set", "show", "clear", "checkout"]


class Line(Frozen):
    """A product to put in or take out."""

    handle: str
    quantity: int | SkipJsonSchema[None] = None
    """One where none is given, all when taking out."""
    options: dict[str, str] | SkipJsonSchema[None] = None
    """What is chosen of its options, by name: {"Size": "42"}."""


class CartLine(Frozen):
    """A product in the cart."""

    handle: str
    card: Card
    quantity: int
    price: float | None = None
    """Of one piece."""
    chosen: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What is still to be chosen at checkout: an option's name with its values."""

    @property
    def choice(self) -> str:
        return told(dict(self.chosen))


class CartState(Frozen):
    """The cart after the call."""

    action: CartAction = "show"
    done: bool = True
    """Whether the whole call was carried out; otherwise nothing was changed, and ``problem`` says why."""
    lines: tuple[CartLine, ...] = ()
    changed: tuple[CartLine, ...] = ()
    """Lines that the call was about, with the quantity they have now (0: gone)."""
    total: float | None = None
    """None where a price is unknown or currencies differ."""
    currency: str = "USD"
    count: int = 0
    checkout_url: str = ""
    problem: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def total_text(self) -> str:
        return "" if self.total is None else format_price(self.total, self.currency)

    def text(self) -> str:
        lines = [self.problem] if self.problem else []
        lines += [
            f"{line.quantity} × [{line.handle}] {fenced(short_title(line.card.title, 60))}"
            + (f" ({fenced(line.choice)})" if line.chosen else "")
            for line in self.lines[:20]
        ]
        lines.append(f"total {self.total_text}" if self.lines and self.total is not None else "")
        lines.extend(
            f"to choose at checkout: {name} of [{c.handle}]" for c in self.changed for name, _ in c.options
        )
        if self.action == "checkout" and self.lines:
            lines.append(
                f"check out at {self.checkout_url}"
                if self.checkout_url
                else "the shopper checks out on the shop's own page"
            )
        return "\n".join(line for line in lines if line) or "the cart is empty"


def cart(context: ToolContext, action: CartAction, lines: Sequence[Line] = ()) -> CartState:
    """The shopper's cart; all lines of a call are carried out or none. Say that something is in it only after this.

    action: what to do. lines: which products; without a quantity one is put in, and all taken out. Two choices of
    one product are two lines.
    """
    if action not in get_args(CartAction):
        return CartState(
            done=False,
            problem=f"action is one of {', '.join(get_args(CartAction))}; got {str(action)[:20]!r}",
        )
    owner, carts = cart_owner(context.user_id, context.session_id), context.desk.carts
    if action == "clear":
        before = _state(context, owner, action)
        for line in carts.lines(owner):
            carts.put(owner, line.item_id, -line.quantity, line.options)
        gone = tuple(line.model_copy(update={"quantity": 0}) for line in before.lines)
        return CartState(action=action, changed=gone, evidence=before.evidence, currency=before.currency)
    if action in ("show", "checkout"):
        return _state(context, owner, action)
    wanted, problem = _wanted(context, action, lines, carts.lines(owner))
    if problem:
        return _state(context, owner, action).model_copy(update={"done": False, "problem": problem})
    for change in wanted:
        carts.put(owner, change.product.item_id, change.difference, change.options)
    return _state(context, owner, action, wanted)


@dataclass(frozen=True)
class _Change:
    """How many more of a product in one choice of its options (fewer: below 0)."""

    product: Product
    options: Options
    difference: int


class _RefusedError(Exception):
    """Why a line can't be carried out, in words."""


def _wanted(
    context: ToolContext, action: CartAction, lines: Sequence[Line], kept: Sequence[KeptLine]
) -> tuple[list[_Change], str]:
    """What changes, or why nothing can be done."""
    if not lines:
        return [], f"to {action} takes at least one line with a handle"
    wanted: list[_Change] = []
    have = list(kept)
    for line in lines:
        item_id = context.shelf.item(line.handle)
        product = context.desk.shop.catalog.product(item_id) if item_id else None
        if product is None:
            return [], missing(context, line.handle)
        handle = f"[{context.shelf.handle(product.item_id)}]"
        try:
            changes = _changes(product, action, line, [k for k in have if k.item_id == item_id], handle)
        except (_RefusedError, ChoiceError) as error:
            return [], str(error)
        wanted += changes
        for change in changes:
            have = _after(have, change)
    return wanted, ""


def _changes(
    product: Product, action: CartAction, line: Line, kept: Sequence[KeptLine], handle: str
) -> list[_Change]:
    """What one line of a call changes, given what is ``kept`` of its product."""
    count = line.quantity
    if count is not None and not 0 < count <= MAX_QUANTITY and (action, count) != ("set", 0):
        raise _RefusedError(f"a quantity is 1 to {MAX_QUANTITY}; got {count}")
    given = line.options or {}
    chosen = resolved(product, given, handle)
    named = {name: value for name, value in chosen.items() if name.casefold() in _folded(given)}
    alike = [k for k in kept if named.items() <= k.options.items()]
    if action == "remove":
        if not alike:
            raise _RefusedError(say("cart.not_inside", handle=handle))
        return _taken_out(product, alike, sum(k.quantity for k in alike) if count is None else count)
    if action == "add":
        only = alike[0] if len(kept) == 1 and alike else None  # "another one" of what is in it already
        options = only.options if only and not named else chosen
        return [_put_in(product, options, count or 1, kept, handle)]
    if len(alike) > 1:
        choices = listed([told(k.options) for k in alike if k.options], "or")
        raise _RefusedError(say("cart.which_choice", handle=handle, choices=choices))
    old = alike[0] if alike else kept[0] if len(kept) == 1 and named else None
    now = old.quantity if old else 0
    options = chosen if old is None else {**old.options, **named}
    target = count if count is not None else now or 1
    if old is not None and options == old.options:
        more = target - now
        return (
            [_put_in(product, options, more, kept, handle)] if more > 0 else [_Change(product, options, more)]
        )
    gone = [_Change(product, old.options, -now)] if old else []
    rest = [k for k in kept if k is not old]
    return [*gone, _put_in(product, options, target, rest, handle)] if target else gone


def _folded(given: Mapping[str, str]) -> set[str]:
    return {name.strip().casefold() for name in given}


def _taken_out(product: Product, lines: Sequence[KeptLine], count: int) -> list[_Change]:
    changes: list[_Change] = []
    for kept in lines:
        taken = min(count, kept.quantity)
        if taken:
            changes.append(_Change(product, kept.options, -taken))
        count -= taken
    return changes


def _put_in(product: Product, options: Options, more: int, kept: Sequence[KeptLine], handle: str) -> _Change:
    """``more`` of a choice, as far as the shop has it."""
    counted = [k.quantity for k in kept if not product.variants or options.items() <= k.options.items()]
    left = left_of(product, options)
    if left is not None and sum(counted) + more > left:
        if not left:
            raise _RefusedError(sold_out(product, options, handle))
        raise _RefusedError(say("cart.only_left", handle=handle, count=left))
    if more + sum(k.quantity for k in kept if k.options == options) > MAX_QUANTITY:
        raise _RefusedError(say("cart.too_many", most=MAX_QUANTITY))
    return _Change(product, options, more)


def _after(have: Sequence[KeptLine], change: _Change) -> list[KeptLine]:
    """The lines as they will be."""
    place = (change.product.item_id, change.options)
    others = [line for line in have if (line.item_id, line.options) != place]
    now = sum(line.quantity for line in have if (line.item_id, line.options) == place) + change.difference
    after = KeptLine(item_id=place[0], options=place[1], quantity=now)
    return [*others, after] if now > 0 else others


def _state(
    context: ToolContext, owner: str, action: CartAction, changed: Sequence[_Change] = ()
) -> CartState:
    """The cart as it is kept now."""
    kept = context.desk.carts.lines(owner)
    products = {product.item_id: product for product in context.desk.products({k.item_id: 1 for k in kept})}
    known = [(products[line.item_id], line) for line in kept if line.item_id in products]
    lines = tuple(_line(context, product, line.options, line.quantity) for product, line in known)
    counts = {(line.item_id, frozenset(line.options.items())): line.quantity for line in kept}
    about = tuple(
        _line(
            context,
            one.product,
            one.options,
            counts.get((one.product.item_id, frozenset(one.options.items())), 0),
        )
        for one in changed
    )
    currencies = {product.currency for product, _ in known}
    prices = [line.price * line.quantity for line in lines if line.price is not None]
    adds_up = len(prices) == len(lines) and len(currencies) <= 1
    total = round(sum(prices), 2) if adds_up else None
    currency = next(iter(currencies), context.desk.schema.currency)
    titled = [*products.values(), *(one.product for one in changed)]
    evidence = [field_evidence(p, "title", p.title) for p in titled]
    evidence += [
        field_evidence(p, "price", format_price(price, p.currency), price)
        for p, line in known
        if (price := price_with(p, line.options)) is not None
    ]
    count = sum(line.quantity for line in kept)
    context.shelf.back(
        evidence,
        [f"{counted(count, 'piece')}, together {format_price(total, currency)}"] if total else (),
    )
    return CartState(
        action=action,
        lines=lines,
        changed=about,
        total=total,
        currency=currency,
        count=count,
        checkout_url=checkout_address(context.desk.shop.storefront.checkout, known) or ""
        if action == "checkout"
        else "",
        evidence=tuple(evidence),
    )


def checkout_address(checkout: Checkout, known: Sequence[tuple[Product, KeptLine]]) -> str | None:
    """Where the shop takes over what can be bought of a cart; None where it names no place."""
    return checkout.address(
        [
            OrderLine(product.item_id, sku_of(product.variants, line.options), line.quantity)
            for product, line in known
            if left_of(product, line.options) != 0
        ]
    )


def _line(context: ToolContext, product: Product, chosen: Options, quantity: int) -> CartLine:
    handle = context.shelf.handle(product.item_id)
    card = context.desk.card(product).model_copy(update={"handle": handle})
    return CartLine(
        handle=handle,
        card=card,
        quantity=quantity,
        price=price_with(product, chosen),
        chosen=tuple(
            (name, value) for name, value in chosen.items() if len(product.options.get(name, ())) > 1
        ),
        options=tuple(still_open(product, chosen).items()),
    )
