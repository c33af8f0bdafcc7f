"""What a page shows beside the turns: the start, a product in full, cart, comparison. Plain data, every fact
from the catalogue as it stands now, the reviews and models of the build.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

from agent.buyers_view import aspects_told
from agent.explanations.evidence import quotable
from agent.records import Card, Chip
from agent.shelf_records import (
    Aspect,
    Cart,
    CartLine,
    Companion,
    ComparedRow,
    Comparison,
    Fact,
    Kind,
    Opener,
    Opinions,
    Sheet,
    Start,
)
from agent.storage.carts import cart_owner
from agent.tools.cart import checkout_address
from agent.tools.choices import left_of, price_with, still_open
from agent.tools.compile import Compiler
from agent.tools.facts import regular_price
from agent.understanding.language.units import name_and_unit
from retrieval.filters import And, Not
from retrieval.filters import Items as OneOf
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

POPULAR, PICKS, SIMILAR, COMPANIONS, ASPECTS = 10, 8, 8, 6, 6
MOST_COMPARED = 4
MOST_KINDS = 8
_PRICES = ("regular_price",)
"""Attributes that the page shows with the price."""


def cards(assistant: ShoppingAssistant, item_ids: Iterable[str]) -> tuple[Card, ...]:
    """Cards of products that the shop has, in order, without reasons."""
    return tuple(assistant.desk.card(p) for p in assistant.desk.products(item_ids))


def regular_prices(assistant: ShoppingAssistant, shown: Sequence[Card]) -> dict[str, float]:
    """Item id to regular price, of the cards whose price is reduced."""
    found = {p.item_id: regular_price(p) for p in assistant.desk.products(c.item_id for c in shown)}
    return {item_id: price for item_id, price in found.items() if price is not None}


def choices(assistant: ShoppingAssistant, shown: Sequence[Card]) -> frozenset[str]:
    """Of the cards' products, those with options to choose from."""
    return frozenset(p.item_id for p in assistant.desk.products(c.item_id for c in shown) if p.options)


# --- the start --------------------------------------------------------------------------------------------


def start(assistant: ShoppingAssistant) -> Start:
    """Departments, what sells, and what to say: the same for everybody. Reads the whole catalogue, about
    20 microseconds a product, so that a page keeps it for a while."""
    popular = _popular(assistant, 4 * POPULAR)
    products = list(assistant.shop.catalog.products())
    return Start(
        kinds=_kinds(assistant, products),
        popular=tuple(assistant.desk.card(p) for p in _varied(popular, POPULAR)),
        openers=_openers(assistant, popular, products),
    )


def picks(assistant: ShoppingAssistant, user_id: str) -> tuple[Card, ...]:
    """What suits a shopper by what they did; nothing for a new one."""
    shopper = assistant.desk.profiles.load(user_id)
    if not shopper.weights:
        return ()
    found = assistant.shop.cf.recommend(shopper.history, 3 * PICKS)
    suggested = assistant.desk.products(scored.item_id for scored in found)
    kept = [p for p in suggested if p.stock != 0 and p.item_id not in shopper.disliked]
    return tuple(assistant.desk.card(p) for p in _varied(kept, PICKS))


def _kinds(assistant: ShoppingAssistant, products: Sequence[Product]) -> tuple[Kind, ...]:
    """The shop's departments, the fullest first, each with the picture of what sells best in it."""
    counts: Counter[str] = Counter()
    pictures: dict[str, str] = {}
    for product in products:
        if product.category:
            counts[product.category[0]] += 1
            if product.image_url:
                pictures.setdefault(product.category[0], product.image_url)
    for product in reversed(_popular(assistant, 200)):
        if product.category and product.image_url:
            pictures[product.category[0]] = product.image_url
    return tuple(
        Kind(name=name, count=count, image_url=pictures.get(name))
        for name, count in counts.most_common(MOST_KINDS)
    )


def _popular(assistant: ShoppingAssistant, k: int) -> list[Product]:
    best = assistant.desk.products(scored.item_id for scored in assistant.shop.cf.popular(k))
    return [product for product in best if product.stock != 0]


def _varied(products: Sequence[Product], k: int) -> list[Product]:
    """The first ``k``, of no kind more than two, as long as there are others."""
    taken: Counter[tuple[str, ...]] = Counter()
    first: list[Product] = []
    rest: list[Product] = []
    for product in products:
        (first if taken[product.category] < 2 else rest).append(product)
        taken[product.category] += 1
    return (first + rest)[:k]


def _openers(
    assistant: ShoppingAssistant, popular: Sequence[Product], products: Sequence[Product]
) -> tuple[Opener, ...]:
    """Sentences about what this shop has: its best-selling kinds, one of each department."""
    by_department: dict[str, Product] = {}
    for product in popular:
        if len(product.category) > 1:
            by_department.setdefault(product.category[0], product)
    openers: list[Opener] = []
    prices: dict[str, list[float]] = defaultdict(list)
    for product in products:
        if product.category and product.price is not None:
            prices[product.category[-1]].append(product.price)
    for number, product in enumerate(list(by_department.values())[:4]):
        kind = product.category[-1]
        known = prices.get(kind, [])
        if number % 2 == 0 and len(known) >= 4:
            most = _round(median(known))
            openers.append(
                Opener(
                    key="under",
                    kind=kind,
                    price=most,
                    currency=product.currency,
                    say=f"{kind} under {most:g} {product.currency}",
                )
            )
        else:
            openers.append(Opener(key="best", kind=kind, say=f"the best rated {kind.lower()}"))
    if assistant.shop.documents is not None:
        openers.append(Opener(key="shipping", say="How long does shipping take?"))
    return tuple(openers)


def _round(price: float) -> float:
    """A price as one says it: 26.4 -> 30, 183 -> 200."""
    step = 10 ** math.floor(math.log10(price)) / 2
    return max(step, math.ceil(price / step) * step)


# --- a product in full ------------------------------------------------------------------------------------


def sheet(assistant: ShoppingAssistant, item_id: str) -> Sheet | None:
    """All about one product; None where the shop has none of that id."""
    product = assistant.shop.catalog.product(item_id)
    if product is None:
        return None
    return Sheet(
        card=assistant.desk.card(product),
        regular_price=regular_price(product),
        images=tuple(image for image in (product.image_url, *product.more_images) if image),
        description=product.description,
        facts=facts(product),
        options=product.options,
        variants=product.variants,
        opinions=_opinions(assistant, item_id),
        similar=_similar(assistant, product),
        companions=_companions(assistant, product),
        companions_basis=assistant.shop.cf.co_basis,
    )


def facts(product: Product) -> tuple[Fact, ...]:
    """The product's attributes, with the unit that their names end in."""
    told = []
    for name, value in product.attributes.items():
        if name not in _PRICES:
            bare, unit = name_and_unit(name)
            told.append(Fact(name=bare, value=value, unit=unit))
    return tuple(told)


def _opinions(assistant: ShoppingAssistant, item_id: str) -> Opinions | None:
    found = aspects_told(assistant.shop, item_id, aspects=ASPECTS)
    if found is None:
        return None
    signals = found["signals"]
    return Opinions(
        reviews=signals.review_count,
        mean=signals.stars_mean,
        stars=signals.stars_counts,
        aspects=tuple(
            Aspect(**{**aspect, "quotes": tuple(q for q in aspect["quotes"] if quotable(q["text"]))})
            for aspect in found["aspects"]
        ),
        suspicious=signals.suspicious,
    )


def _similar(assistant: ShoppingAssistant, product: Product) -> tuple[Card, ...]:
    """What is alike and in stock, of the same kind first."""
    found = assistant.desk.products(
        s.item_id for s in assistant.shop.cf.similar(product.item_id, 5 * SIMILAR)
    )
    alike = [p for p in found if p.stock != 0 and p.category[:1] == product.category[:1]]
    alike.sort(key=lambda p: p.category != product.category)
    return tuple(assistant.desk.card(p) for p in alike[:SIMILAR])


def _companions(assistant: ShoppingAssistant, product: Product) -> tuple[Companion, ...]:
    """What shoppers took with it, of other kinds first; each with the number of shoppers."""
    taken = assistant.shop.cf.goes_well_with(product.item_id, 6 * COMPANIONS)
    counts = {item_id: count for item_id, count, _ in taken}
    others = [p for p in assistant.desk.products(counts) if p.stock != 0]
    others.sort(key=lambda p: p.category == product.category)
    return tuple(
        Companion(card=assistant.desk.card(p), shoppers=counts[p.item_id]) for p in others[:COMPANIONS]
    )


# --- cart and comparison ----------------------------------------------------------------------------------


def cart(assistant: ShoppingAssistant, user_id: str) -> Cart:
    """What lies in a shopper's cart, with today's prices."""
    kept = assistant.desk.carts.lines(cart_owner(user_id, ""))
    products = {p.item_id: p for p in assistant.desk.products({line.item_id: 1 for line in kept})}
    known = [(products[line.item_id], line) for line in kept if line.item_id in products]
    lines: list[CartLine] = []
    totals: dict[str, float] = defaultdict(float)
    unpriced = 0
    for product, line in known:
        chosen, price = _fitting(product, line.options), price_with(product, line.options)
        lines.append(
            CartLine(
                card=assistant.desk.card(product),
                quantity=line.quantity,
                options=line.options,
                price=price,
                stock=left_of(product, chosen),
                to_choose=tuple(still_open(product, chosen)),
            )
        )
        if price is None:
            unpriced += line.quantity
        else:
            totals[product.currency] += price * line.quantity
    return Cart(
        lines=tuple(lines),
        totals={currency: round(total, 2) for currency, total in totals.items()},
        count=sum(line.quantity for line in lines),
        unpriced=unpriced,
        checkout=checkout_address(assistant.shop.storefront.checkout, known),
    )


class OutOfStockError(Exception):
    """There is not that much of a choice: ``left`` of it."""

    def __init__(self, left: int) -> None:
        super().__init__(f"only {left} in stock")
        self.left = left


def put_in_cart(
    assistant: ShoppingAssistant,
    user_id: str,
    item_id: str,
    quantity: int,
    *,
    add: bool,
    options: Mapping[str, str] | None = None,
) -> int:
    """Put ``quantity`` of a product, in a choice of its options, into the cart, or set it to that; the
    quantity after.

    Raises:
        LookupError: the shop does not have the product.
        OutOfStockError: nor that many of it.
    """
    owner, carts, wanted = cart_owner(user_id, ""), assistant.desk.carts, dict(options or {})
    lines = [line for line in carts.lines(owner) if line.item_id == item_id]
    have = next((line.quantity for line in lines if line.options == wanted), 0)
    product = assistant.shop.catalog.product(item_id)
    if product is None:
        if add or quantity or not have:
            raise LookupError(f"no product {item_id!r} in this shop")
        return carts.put(owner, item_id, -have, wanted)
    if not have:  # a line in the cart is called by what it was put there with, whatever the shop has now
        wanted = _fitting(product, wanted)
        have = next((line.quantity for line in lines if line.options == wanted), 0)
    more = quantity if add else quantity - have
    left = left_of(product, wanted)
    counted = lines if not product.variants else [k for k in lines if wanted.items() <= k.options.items()]
    if more > 0 and left is not None and sum(line.quantity for line in counted) + more > left:
        raise OutOfStockError(left)
    return carts.put(owner, item_id, more, wanted)


def _fitting(product: Product, chosen: Mapping[str, str]) -> dict[str, str]:
    """Of the chosen options those that the product has."""
    return {name: value for name, value in chosen.items() if value in product.options.get(name, ())}


def comparison(assistant: ShoppingAssistant, item_ids: Sequence[str]) -> Comparison:
    """Up to four products side by side, the facts in which they differ first."""
    products = assistant.desk.products(dict.fromkeys(item_ids))[:MOST_COMPARED]
    shown = tuple(assistant.desk.card(p) for p in products)
    told = [{(fact.name, fact.unit): fact.value for fact in facts(p)} for p in products]
    names = dict.fromkeys(name for of_one in told for name in of_one)
    rows = []
    for name, unit in names:
        cells = tuple(of_one.get((name, unit)) for of_one in told)
        rows.append(ComparedRow(name=name, unit=unit, cells=cells, differs=len(set(cells)) > 1))
    rows.sort(key=lambda row: (not row.differs, sum(cell is None for cell in row.cells)))
    return Comparison(cards=shown, rows=tuple(rows))


# --- what is in force -------------------------------------------------------------------------------------


def excluded(
    assistant: ShoppingAssistant, chips: Sequence[Chip], session_id: str, user_id: str | None
) -> dict[str, int]:
    """How many products each condition in force keeps out that all the others would let in, by chip id."""
    state = assistant.state(session_id, user_id)
    conditions = state.topic.conditions()
    compiled = Compiler(assistant.shop.search, assistant.desk.schema).compile(conditions)
    filters = {w.id: c.filter for w, c in zip(conditions, compiled, strict=True) if c.filter is not None}
    rejected = (Not(OneOf(state.rejected)),) if state.rejected else ()
    count = assistant.shop.search.count
    left = count(And((*filters.values(), *rejected)))
    shown = {chip.constraint_id for chip in chips if chip.kind == "constraint"}
    return {
        own: count(And((*(f for other, f in filters.items() if other != own), *rejected))) - left
        for own in filters
        if own in shown
    }
