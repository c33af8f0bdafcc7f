"""Pros and cons of a product: one line an aspect, each counted and quoted, nothing made up."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from retrieval.aspect_mining.words import OVERALL
from retrieval.reviews.opinions import Polarity
from retrieval.reviews.quotes import Quote
from retrieval.reviews.signals import AspectSignal, ProductSignals

MAX_LINES = 5
MIN_BUYERS = 2
"""Buyers who must say it, in products with ``FEW_REVIEWS`` reviews or more; below that one is enough."""
FEW_REVIEWS = 8


class SummaryLine(BaseModel):
    """``count`` of ``of`` buyers who judge the aspect praise it (a pro) or complain (a con), and one of
    them.
    """

    model_config = ConfigDict(frozen=True)

    aspect: str
    polarity: Polarity
    count: int
    of: int
    quote: Quote

    @property
    def text(self) -> str:
        buyers = "buyer" if self.of == 1 else "buyers"
        verb = "praise" if self.polarity == "positive" else "complain about"
        verb = verb if self.count != 1 else "praises" if self.polarity == "positive" else "complains about"
        return f"{self.count} of {self.of} {buyers} who judge it {verb} the {self.aspect}"


class ProsCons(BaseModel):
    """The extractive summary; empty tuples where buyers say nothing of the kind."""

    model_config = ConfigDict(frozen=True)

    item_id: str
    review_count: int = 0
    pros: tuple[SummaryLine, ...] = ()
    cons: tuple[SummaryLine, ...] = ()


def pros_and_cons(signals: ProductSignals, quotes: Sequence[tuple[str, Quote]]) -> ProsCons:
    """Pros and cons from the signals and the best quote per (aspect, polarity), given as (aspect, quote)."""
    by_key = {(aspect, quote.polarity): quote for aspect, quote in quotes}
    return ProsCons(
        item_id=signals.item_id,
        review_count=signals.review_count,
        pros=_lines(signals, "positive", by_key),
        cons=_lines(signals, "negative", by_key),
    )


def _lines(
    signals: ProductSignals, kind: Polarity, quotes: dict[tuple[str, Polarity], Quote]
) -> tuple[SummaryLine, ...]:
    least = 1 if signals.scored_count < FEW_REVIEWS else MIN_BUYERS

    def count(aspect: AspectSignal) -> int:
        return aspect.positive if kind == "positive" else aspect.negative

    def share(aspect: AspectSignal) -> float:
        return aspect.share_positive if kind == "positive" else 1 - aspect.share_positive

    named = [
        a for a in signals.aspects if a.name != OVERALL and count(a) >= least and (a.name, kind) in quotes
    ]
    named = [a for a in named if share(a) >= 0.5 or count(a) >= 2 * least]
    ranked = sorted(named, key=lambda a: (-count(a) * share(a), a.name))[:MAX_LINES]
    return tuple(
        SummaryLine(
            aspect=a.name,
            polarity=kind,
            count=count(a),
            of=a.positive + a.negative,
            quote=quotes[a.name, kind],
        )
        for a in ranked
    )
