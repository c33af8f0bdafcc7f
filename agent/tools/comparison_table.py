"""Products side by side as rows of a table, with the evidence of each cell, and the one that most facts speak for."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conditions import PRICE, STARS
from agent.explanations.evidence import (
    counted,
    field_evidence,
    name_and_unit,
    shorten,
    signal_evidence,
    stars_text,
    value_text,
)
from agent.money import price as format_price
from agent.money import price_range
from agent.records import Card, Evidence
from agent.tools.schema import Schema
from agent.tools.weigh import FEW_REVIEWS
from agent.wording import say
from retrieval.aspect_mining.words import OVERALL
from retrieval.records import Product
from retrieval.reviews.signals import ProductSignals

MOST_ROWS, MOST_ASPECTS = 14, 4


def comparison_rows(
    schema: Schema,
    products: Sequence[Product],
    cards: Sequence[Card],
    signals: Sequence[ProductSignals],
    asked: Sequence[str],
) -> tuple[list[tuple[str, ...]], list[Evidence]]:
    """Price, stars and brand, the attributes that differ (those asked about even when equal), buyers'
    opinions.
    """
    price = (
        say("compare.price"),
        *(price_range(card.price, card.price_max, card.currency) for card in cards),
    )
    stars = tuple(
        say("compare.reviews", stars=c.stars, reviews=counted(c.review_count, "review"))
        if c.stars is not None
        else say("compare.no_reviews")
        for c in cards
    )
    rows: list[tuple[str, ...]] = [price, (say("compare.stars"), *stars)]
    unknown = say("compare.not_stated")
    brands = [card.brand or unknown for card in cards]
    if len(set(brands)) > 1:
        rows.append((say("compare.brand"), *brands))
    evidence: list[Evidence] = []
    ranked: list[tuple[int, tuple[str, ...]]] = []
    for name in dict.fromkeys(name for p in products for name in (*p.attributes, *p.options)):
        field = schema.fields.get(name)
        if field is not None and field.is_code:
            continue
        unit = field.shown_unit if field is not None else name_and_unit(name)[1]
        values = [_value(product, name, unit) for product in products]
        known = [value for value in values if value is not None]
        label = name_and_unit(name)[0]
        wanted = label.lower() in asked
        if not wanted and (len(set(values)) < 2 or len(known) < 2):
            continue
        ranked.append(
            (
                100 if wanted else len(known),
                (f"{label[:1].upper()}{label[1:]}", *(v or unknown for v in values)),
            )
        )
        evidence.extend(
            field_evidence(p, name, v) for p, v in zip(products, values, strict=True) if v is not None
        )
    opinions = _opinion_rows(signals)
    ranked.sort(key=lambda pair: -pair[0])
    rows.extend(row for _, row in ranked[: MOST_ROWS - len(opinions)])
    for card in cards:
        if card.stars is not None:
            said = stars_text(card.stars, card.review_count)
            evidence.append(signal_evidence(card.item_id, STARS, said, card.stars))
        if card.price is not None:
            evidence.append(
                signal_evidence(card.item_id, PRICE, format_price(card.price, card.currency), card.price)
            )
    return [*rows, *opinions], evidence


def _value(product: Product, name: str, unit: str) -> str | None:
    value = product.attributes.get(name, product.options.get(name))
    if value is None or value == ():
        return None
    counted = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{shorten(value_text(value), 60)} {unit if counted else ''}".strip()


def _opinion_rows(signals: Sequence[ProductSignals]) -> list[tuple[str, ...]]:
    """ "Buyers on sound: 12 of 14 happy", of what the buyers of two or more judge."""
    spoken: dict[str, list[int]] = {}
    for signal in signals:
        for aspect in signal.aspects:
            if aspect.name != OVERALL and aspect.positive + aspect.negative >= 2:
                spoken.setdefault(aspect.name, []).append(aspect.mentions)
    often = sorted(
        (name for name, counts in spoken.items() if len(counts) > 1), key=lambda name: -sum(spoken[name])
    )
    rows = []
    for name in often[:MOST_ASPECTS]:
        cells = []
        for signal in signals:
            said = signal.aspect(name)
            opinions = said.positive + said.negative if said else 0
            cells.append(
                say("compare.happy", positive=said.positive, of=opinions)
                if said and opinions
                else say("compare.not_mentioned")
            )
        rows.append((say("compare.buyers_on", aspect=name), *cells))
    return rows


def best_on_the_whole(
    cards: Sequence[Card], signals: Sequence[ProductSignals]
) -> tuple[str, tuple[str, ...]]:
    """The product with most facts in its favour that hold of no other; computed, never claimed."""
    found = [(card, _advantages(card, cards, signals)) for card in cards]
    card, why = max(found, key=lambda pair: len(pair[1]))
    return (card.handle, tuple(why)) if why else ("", ())


def _advantages(best: Card, cards: Sequence[Card], signals: Sequence[ProductSignals]) -> list[str]:
    others = [card for card in cards if card.item_id != best.item_id]
    found = []
    rated = best.stars is not None and best.review_count >= FEW_REVIEWS
    if rated and all((best.stars or 0.0) > (card.stars or 0.0) for card in others):
        said = say("compare.reviews", stars=best.stars, reviews=counted(best.review_count, "review"))
        found.append(say("compare.most_stars", said=said))
    if best.price is not None and all(card.price is not None and best.price < card.price for card in others):
        found.append(say("compare.costs_least", price=format_price(best.price, best.currency)))
    own = next(signal for signal in signals if signal.item_id == best.item_id)
    for mine in own.aspects[:6]:
        rivals = [signal.aspect(mine.name) for signal in signals if signal.item_id != best.item_id]
        if mine.positive >= 3 and all(
            rival is not None and mine.low > rival.share_positive for rival in rivals
        ):
            what = say("buyers.it") if mine.name == OVERALL else say("buyers.its", aspect=mine.name)
            of = mine.positive + mine.negative
            found.append(say("compare.happier", what=what, positive=mine.positive, of=of))
            break
    return found
