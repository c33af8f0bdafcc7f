"""Reasons that answer no condition: the own history, shoppers alike, stars, the listing, a drawback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.explanations.constraint_reasons import Ground
from agent.explanations.evidence import (
    copurchase_evidence,
    counted,
    field_evidence,
    quotable,
    sentences,
    short_title,
    shorten,
    signal_evidence,
    stars_text,
)
from agent.records import Evidence, Reason, ReasonKind
from agent.wording import say
from retrieval.records import Product

if TYPE_CHECKING:
    from cf_engine.serving import HistoryItem
    from retrieval.reviews.signals import ProductSignals

DID = ("purchase", "like", "rating", "cart")
"""Events with a sentence of their own; all others are looks."""


def because(product: Product, source: HistoryItem, known: Product, share: float) -> Ground:
    did = source.kind if source.kind in DID else "view"
    if did == "rating" and source.value is not None:
        did = "rating_stars"
    text = say(f"reason.did.{did}", title=short_title(known.title), stars=f"{source.value or 0:g}")
    evidence = Evidence(
        evidence_id=f"event:{source.event_id or source.item_id}:{product.item_id}",
        kind="event",
        item_id=source.item_id,
        source=f"event {source.event_id or source.item_id}",
        text=text,
        value=round(share, 3),
    )
    strength = (0.85 if source.kind in ("purchase", "like", "rating", "cart") else 0.5) * (0.6 + 0.4 * share)
    return Ground(
        Reason(text=text, kind="history", evidence_ids=(evidence.evidence_id,)), (evidence,), strength
    )


def shoppers_alike(product: Product, known: Product, both: int, basis: str) -> Ground:
    did = basis if basis in ("purchase", "like") else "took"
    text = say(f"reason.alike.{did}", count=both, title=short_title(known.title))
    evidence = copurchase_evidence(product.item_id, known.item_id, text, both)
    strength = min(0.4 + 0.03 * both, 0.75)
    return Ground(
        Reason(text=text, kind="shoppers", evidence_ids=(evidence.evidence_id,)), (evidence,), strength
    )


def stars_ground(product: Product, signals: ProductSignals) -> Ground:
    said = stars_text(signals.stars_mean or 0.0, signals.review_count)
    evidence = signal_evidence(product.item_id, "stars", said, signals.stars_mean)
    strength = 0.25 + 0.3 * max((signals.stars_adjusted or 3.0) - 3.5, 0.0)
    return Ground(
        Reason(text=said, kind="buyers", evidence_ids=(evidence.evidence_id,)), (evidence,), strength
    )


def stated_stars(product: Product) -> list[Ground]:
    """That the shop states four stars or more, of three ratings or more."""
    if product.rating is None or product.rating < 4.0 or (product.rating_count or 0) < 3:
        return []
    ratings = counted(product.rating_count or 0, "rating")
    said = say("fact.rating_of", stars=f"{product.rating:g}", ratings=ratings)
    evidence = field_evidence(product, "rating", said, product.rating)
    reason = Reason(text=said, kind="buyers", evidence_ids=(evidence.evidence_id,))
    return [Ground(reason, (evidence,), 0.25 + 0.2 * (product.rating - 4.0))]


def listing(product: Product) -> Ground:
    """The last resort: what the product says of itself."""
    head = next((sentence for sentence in sentences(product.description) if quotable(sentence)), "")
    if head:
        evidence = field_evidence(product, "description", head)
        text = say("reason.shop_says", text=shorten(head))
    elif product.category and not product.category_is_read:
        evidence = field_evidence(product, "category", product.category[-1])
        text = say("reason.filed", category=product.category[-1])
    else:
        evidence = field_evidence(product, "title", product.title)
        text = say("reason.listed", title=shorten(product.title, 100))
    kind: ReasonKind = "match" if head else "listed"
    reason = Reason(text=text, kind=kind, evidence_ids=(evidence.evidence_id,))
    return Ground(reason, (evidence,), 0.15, repeats=not head)


def drawback_ground(evidence: Evidence, text: str) -> Ground:
    return Ground(Reason(text=text, kind="drawback", evidence_ids=(evidence.evidence_id,)), (evidence,), 1.0)
