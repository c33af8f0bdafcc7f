"""Goes-well-with by co-purchase across categories, and a fair upsell: only with evidence, never past the
budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.money import price as format_price
from agent.reasons.evidence import copurchase_evidence, counted, short_title, signal_evidence
from agent.records import Candidate, Card, Evidence, Reason
from retrieval.catalog import Product
from retrieval.filters import And, Filter

if TYPE_CHECKING:
    from agent.toolbox.desk import Desk
    from agent.toolbox.turn import Shelf, Turn

BETTER_STARS = 0.3
"""Adjusted stars a dearer product must gain to be worth a word."""
ENOUGH_REVIEWS = 5
MOST_EXTRA = 0.35
"""An upsell costs at most this share more."""


@dataclass(frozen=True)
class Companion:
    card: Card
    candidate: Candidate
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Upsell:
    text: str
    evidence: tuple[Evidence, ...]


def companions(desk: Desk, turn: Turn, product: Product, k: int) -> list[Companion]:
    """Products taken together with this one, those of other categories first; each with its count of
    shoppers.
    """
    condition = limits(desk, turn)
    taken = desk.shop.cf.goes_well_with(product.item_id, 10 * k)
    verb = {"purchase": "bought", "like": "liked"}.get(desk.shop.cf.co_basis, "took")
    across: list[Companion] = []
    within: list[Companion] = []
    for item_id, count, lift in taken:
        other = desk.shop.catalog.product(item_id)
        if other is None or other.stock == 0 or item_id == product.item_id or not desk.fits(condition, other):
            continue
        companion = _companion(desk, product, other, count, lift, verb)
        (within if product.category and other.category == product.category else across).append(companion)
    return (across + within)[:k]


def limits(desk: Desk, turn: Turn) -> Filter:
    """Of what is in force, what holds for companions too: money, and whatever must not be; not the kind of
    product.
    """
    kept = [
        c.filter
        for c in (*turn.state.constraints, *turn.lasting)
        if c.strict and (c.negative or c.kind in ("price", "stock"))
    ]
    return And(tuple(kept))


def upsell(desk: Desk, turn: Turn, shelf: Shelf) -> Upsell | None:
    """ "For $15 more, …": a card shown that buyers rate clearly higher than the first, within every limit."""
    if len(shelf.cards) < 2 or turn.understanding.act in ("critique", "bundle"):
        return None
    first = shelf.cards[0]
    stars = {card.item_id: desk.shop.reviews.signals(card.item_id) for card in shelf.cards}
    base = stars[first.item_id]
    if (
        first.price is None
        or base is None
        or base.stars_adjusted is None
        or base.review_count < ENOUGH_REVIEWS
    ):
        return None
    for card in shelf.cards[1:]:
        signals = stars[card.item_id]
        if card.price is None or card.currency != first.currency or card.stars is None or first.stars is None:
            continue
        dearer = 0 < card.price - first.price <= MOST_EXTRA * first.price
        known = (
            signals is not None
            and signals.stars_adjusted is not None
            and signals.review_count >= ENOUGH_REVIEWS
        )
        if not dearer or not known or signals is None or signals.stars_adjusted is None:
            continue
        if signals.stars_adjusted - base.stars_adjusted >= BETTER_STARS:
            return _upsell(first, card)
    return None


def _upsell(first: Card, card: Card) -> Upsell:
    extra = format_price((card.price or 0.0) - (first.price or 0.0), card.currency)
    text = (
        f"For {extra} more, [{card.handle}] has {card.stars} stars from "
        f"{counted(card.review_count, 'review')}; [{first.handle}] has {first.stars}."
    )
    evidence = tuple(
        signal_evidence(
            c.item_id, "stars", f"{c.stars} stars from {counted(c.review_count, 'review')}", c.stars
        )
        for c in (first, card)
    )
    return Upsell(text, evidence)


def _companion(desk: Desk, product: Product, other: Product, count: int, lift: float, verb: str) -> Companion:
    text = f"{count} shoppers {verb} it together with {short_title(product.title)}"
    if count == 1:
        text = f"One shopper {verb} it together with {short_title(product.title)}"
    evidence = copurchase_evidence(other.item_id, product.item_id, text, count)
    reason = Reason(text=text, kind="shoppers", evidence_ids=(evidence.evidence_id,))
    card = desk.card(other).model_copy(update={"reasons": (reason,)})
    candidate = Candidate(
        item_id=other.item_id, scores={"together": float(count), "lift": round(lift, 3)}, total=lift
    )
    return Companion(card, candidate, (evidence,))
