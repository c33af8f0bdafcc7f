"""The cart: put in, take out, change, look, clear, and on to the shop's own checkout. All of a call or
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from pydantic.json_schema import SkipJsonSchema

from agent.explanations.evidence import counted, field_evidence, short_title
from agent.money import price as format_price
from agent.records import Card, Evidence, Frozen
from agent.storage.carts import MAX_QUANTITY, cart_owner
from agent.tools.context import ToolContext, missing
from agent.tools.results import fenced
from agent.wording import say
from retrieval.catalog import Product

CartAction = Literal["add", "remove", "set", "show", "clear", "checkout"]


class Line(Frozen):
    """A product to put in or take out."""

    handle: str
    quantity: int | SkipJsonSchema[None] = None
    """One where none is given, all when taking out."""


class CartLine(Frozen):
    """A product in the cart."""

    handle: str
    card: Card
    quantity: int
    price: float | None = None
    """Of one piece."""
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What is still to be chosen at checkout: an option's name with its values."""


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

    action: what to do. lines: which products; without a quantity one is put in, and all taken out.
    """
    if action not in get_args(CartAction):
        return CartState(
            done=False,
            problem=f"action is one of {', '.join(get_args(CartAction))}; got {str(action)[:20]!r}",
        )
    owner = cart_owner(context.user_id, context.session_id)
    if action == "clear":
        before = _state(context, owner, action)
        for item_id, quantity in context.desk.carts.items(owner).items():
            context.desk.carts.put(owner, item_id, -quantity)
        gone = tuple(line.model_copy(update={"quantity": 0}) for line in before.lines)
        return CartState(action=action, changed=gone, evidence=before.evidence, currency=before.currency)
    if action in ("show", "checkout"):
        return _state(context, owner, action)
    wanted, problem = _wanted(context, action, lines, context.desk.carts.items(owner))
    if problem:
        return _state(context, owner, action).model_copy(update={"done": False, "problem": problem})
    for product, difference in wanted:
        context.desk.carts.put(owner, product.item_id, difference)
    return _state(context, owner, action, [product for product, _ in wanted])


def _wanted(
    context: ToolContext, action: CartAction, lines: Sequence[Line], have: dict[str, int]
) -> tuple[list[tuple[Product, int]], str]:
    """Each product with the change of its quantity, or why nothing can be done."""
    if not lines:
        return [], f"to {action} takes at least one line with a handle"
    wanted: list[tuple[Product, int]] = []
    for line in lines:
        item_id = context.shelf.item(line.handle)
        product = context.desk.shop.catalog.product(item_id) if item_id else None
        if product is None:
            return [], missing(context, line.handle)
        now, handle = have.get(product.item_id, 0), f"[{context.shelf.handle(product.item_id)}]"
        if (
            line.quantity is not None
            and not 0 < line.quantity <= MAX_QUANTITY
            and (action, line.quantity) != ("set", 0)
        ):
            return [], f"a quantity is 1 to {MAX_QUANTITY}; got {line.quantity}"
        if action == "remove" and not now:
            return [], say("cart.not_inside", handle=handle)
        change = {
            "add": line.quantity or 1,
            "remove": -(line.quantity or now),
            "set": (1 if line.quantity is None else line.quantity) - now,
        }[action]
        if change > 0 and product.stock is not None and now + change > product.stock:
            why = "cart.only_left" if product.stock else "cart.sold_out"
            return [], say(why, handle=handle, count=product.stock)
        if now + change > MAX_QUANTITY:
            return [], say("cart.too_many", most=MAX_QUANTITY)
        wanted.append((product, change))
    return wanted, ""


def _state(
    context: ToolContext, owner: str, action: CartAction, changed: Sequence[Product] = ()
) -> CartState:
    """The cart as it is kept now."""
    items = context.desk.carts.items(owner)
    products = context.desk.products(items)
    lines = tuple(_line(context, product, items[product.item_id]) for product in products)
    about = tuple(_line(context, product, items.get(product.item_id, 0)) for product in changed)
    currencies = {product.currency for product in products}
    prices = [product.price * items[product.item_id] for product in products if product.price is not None]
    adds_up = len(prices) == len(products) and len(currencies) <= 1
    total = round(sum(prices), 2) if adds_up else None
    currency = next(iter(currencies), context.desk.schema.currency)
    evidence = [field_evidence(p, "title", p.title) for p in (*products, *changed)]
    evidence += [
        field_evidence(p, "price", format_price(p.price, p.currency), p.price)
        for p in products
        if p.price is not None
    ]
    context.shelf.back(
        evidence,
        [f"{counted(sum(items.values()), 'piece')}, together {format_price(total, currency)}"]
        if total
        else (),
    )
    return CartState(
        action=action,
        lines=lines,
        changed=about,
        total=total,
        currency=currency,
        count=sum(items.values()),
        checkout_url=str(getattr(context.desk.shop, "checkout_url", "") or "")
        if action == "checkout"
        else "",
        evidence=tuple(evidence),
    )


def _line(context: ToolContext, product: Product, quantity: int) -> CartLine:
    handle = context.shelf.handle(product.item_id)
    options = tuple((name, tuple(values)) for name, values in product.options.items() if len(values) > 1)
    card = context.desk.card(product).model_copy(update={"handle": handle})
    return CartLine(handle=handle, card=card, quantity=quantity, price=product.price, options=options)
