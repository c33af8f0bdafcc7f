"""What buyers say of a product by aspect, as a page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.explanations.evidence import quotable, shorten
from retrieval.reviews.opinions import passages_on

if TYPE_CHECKING:
    from agent.shop import Shop
    from retrieval.reviews.signals import AspectSignal


def aspects_told(shop: Shop, item_id: str, *, aspects: int) -> dict[str, Any] | None:
    """What buyers say by aspect, as the page shows it; None without reviews. A millisecond or so."""
    signals = shop.reviews.signals(item_id)
    if signals is None or not signals.review_count:
        return None
    told = []
    for aspect in signals.aspects[:aspects]:
        if aspect.positive + aspect.negative:
            told.append(
                aspect.model_dump(include={"name", "positive", "negative"})
                | {"quotes": _quotes(shop, aspect)}
            )
    return {"signals": signals, "aspects": told}


def _quotes(shop: Shop, aspect: AspectSignal) -> list[dict[str, Any]]:
    """The clearest passage of each of the first reviews that stand for the aspect."""
    quotes: list[dict[str, Any]] = []
    for review_id in aspect.example_ids[:2]:
        review = shop.reviews.review(review_id)
        said = passages_on(review, aspect.name) if review else []
        for text, score in sorted(said, key=lambda passage: -abs(passage[1])):
            if review and quotable(text):
                side = "positive" if score > 0 else "negative"
                quotes.append({"text": shorten(text, 240), "stars": review.stars, "polarity": side})
                break
    return quotes
