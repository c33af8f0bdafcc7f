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
)
from agent.records import Evidence, Reason
from retrieval.catalog import Product

if TYPE_CHECKING:
    from cf_engine.serving import HistoryItem
    from retrieval.reviews.signals import ProductSignals

DID = {
    "purchase": "bought",
    "like": "liked",
    "rating": "rated",
    "view": "looked at",
    "click": "looked at",
}


def because(product: Product, source: HistoryItem, known: Product, share: float) -> Ground:
    did = DID.get(source.kind, "looked at")
    name = short_title(known.title)
    text = f"Because you put {name} in your cart" if source.kind == "cart" else f"Because you {did} {name}"
    if source.kind == "rating" and source.value is not None:
        text += f" {source.value:g} stars"
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
    verb = {"purchase": "bought", "like": "liked"}.get(basis, "took")
    text = f"{both} shoppers who {verb} {short_title(known.title)} also {verb} this"
    evidence = copurchase_evidence(product.item_id, known.item_id, text, both)
    strength = min(0.4 + 0.03 * both, 0.75)
    return Ground(
        Reason(text=text, kind="shoppers", evidence_ids=(evidence.evidence_id,)), (evidence,), strength
    )


def stars_ground(product: Product, signals: ProductSignals) -> Ground:
    said = f"{signals.stars_mean:.1f} stars from {counted(signals.review_count, 'review')}"
    evidence = signal_evidence(product.item_id, "stars", said, signals.stars_mean)
    strength = 0.25 + 0.3 * max((signals.stars_adjusted or 3.0) - 3.5, 0.0)
    return Ground(
        Reason(text=said, kind="buyers", evidence_ids=(evidence.evidence_id,)), (evidence,), strength
    )


def listing(product: Product) -> Ground:
    """The last resort: what the product says of itself."""
    head = next((sentence for sentence in sentences(product.description) if quotable(sentence)), "")
    if head:
        evidence = field_evidence(product, "description", head)
        text = f"The shop says “{shorten(head)}”"
    elif product.category:
        evidence = field_evidence(product, "category", product.category[-1])
        text = f"Filed under {product.category[-1]}"
    else:
        evidence = field_evidence(product, "title", product.title)
        text = f"Listed as “{shorten(product.title, 100)}”"
    reason = Reason(text=text, kind="match", evidence_ids=(evidence.evidence_id,))
    return Ground(reason, (evidence,), 0.15, repeats=not head)


def drawback_ground(evidence: Evidence, text: str) -> Ground:
    return Ground(Reason(text=text, kind="drawback", evidence_ids=(evidence.evidence_id,)), (evidence,), 1.0)
