"""Comparing products: the attributes in which they differ, what buyers think of each, and which fits this
shopper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.money import price as format_price
from agent.money import price_range as format_range
from agent.reasons.evidence import (
    counted,
    field_evidence,
    name_and_unit,
    shorten,
    signal_evidence,
    value_text,
)
from agent.records import Candidate, Card, Evidence, Table
from agent.toolbox.desk import Desk
from agent.toolbox.turn import Turn
from retrieval.aspect_mining.words import OVERALL
from retrieval.catalog import Product
from retrieval.reviews.signals import ProductSignals
from retrieval.search import Hit

MAX_ROWS = 14
MAX_ASPECTS = 4
UNKNOWN = "not stated"


@dataclass(frozen=True)
class Comparison:
    table: Table
    text: str
    evidence: tuple[Evidence, ...]
    best: str
    """Item id of the recommended one."""
    candidates: tuple[Candidate, ...]


def compare_products(
    desk: Desk, turn: Turn, products: Sequence[Product], handles: Sequence[str]
) -> Comparison:
    """The table, and a recommendation by the same ranking as everywhere, with the facts that speak for it."""
    cards = [desk.card(p).model_copy(update={"handle": h}) for p, h in zip(products, handles, strict=True)]
    signals = [desk.shop.reviews.signals(product.item_id) for product in products]
    rows, evidence = _attribute_rows(products, turn.understanding.attribute_names)
    first_rows = _first_rows(cards)
    opinion_rows, opinion_evidence = _opinion_rows(products, signals, turn.understanding.aspects)
    table = Table(
        columns=tuple(card.title for card in cards),
        rows=(*first_rows, *rows[: MAX_ROWS - len(opinion_rows)], *opinion_rows),
    )
    query = {hit.item_id: hit.score for hit in _relevance(desk, turn, products)}
    ranked = desk.ranked(turn, [product.item_id for product in products], query or None)
    best = next(card for card in cards if card.item_id == ranked[0].item_id)
    why = _advantages(best, cards, signals)
    differing = [row for row in (*rows, *first_rows) if len(set(row[1:])) > 1]
    text = f"{_differences(differing)}{_advice(best, why, known=bool(desk.buyer(turn).history))}"
    evidence.extend(signal_evidence(best.item_id, f"comparison {n}", fact) for n, fact in enumerate(why))
    return Comparison(
        table, text, (*evidence, *opinion_evidence, *_card_evidence(cards)), best.item_id, tuple(ranked)
    )


def _first_rows(cards: Sequence[Card]) -> list[tuple[str, ...]]:
    price = ("Price", *(format_range(card.price, card.price_max, card.currency) for card in cards))
    stars = tuple(
        f"{c.stars} from {counted(c.review_count, 'review')}" if c.stars is not None else "no reviews"
        for c in cards
    )
    rows = [price, ("Stars", *stars)]
    brands = [card.brand or UNKNOWN for card in cards]
    if len(set(brands)) > 1:
        rows.append(("Brand", *brands))
    return rows


def _attribute_rows(
    products: Sequence[Product], asked: Sequence[str]
) -> tuple[list[tuple[str, ...]], list[Evidence]]:
    """Rows of the attributes that differ; those asked about first (even when equal), then the most filled."""
    names = dict.fromkeys(name for p in products for name in (*p.attributes, *p.options))
    rows: list[tuple[int, tuple[str, ...]]] = []
    evidence: list[Evidence] = []
    for name in names:
        values = [_value(product, name) for product in products]
        known = [value for value in values if value is not None]
        wanted = name in asked
        if not wanted and (len(set(values)) < 2 or len(known) < 2):
            continue
        rank = 100 if wanted else len(known)
        rows.append((rank, (_capital(name_and_unit(name)[0]), *(value or UNKNOWN for value in values))))
        evidence.extend(
            field_evidence(product, name, value)
            for product, value in zip(products, values, strict=True)
            if value is not None
        )
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])], evidence


def _value(product: Product, name: str) -> str | None:
    value = product.attributes.get(name, product.options.get(name))
    if value is None:
        return None
    text = shorten(value_text(value), 60)
    unit = name_and_unit(name)[1]
    return (
        f"{text} {unit}" if unit and isinstance(value, int | float) and not isinstance(value, bool) else text
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _opinion_rows(
    products: Sequence[Product], signals: Sequence[ProductSignals], asked: Sequence[str]
) -> tuple[list[tuple[str, ...]], list[Evidence]]:
    """ "Buyers on sound: 12 of 14 happy": those asked about, then those spoken of for two or more."""
    spoken: dict[str, int] = {}
    for signal in signals:
        for aspect in signal.aspects:
            if aspect.name != OVERALL and aspect.positive + aspect.negative >= 2:
                spoken[aspect.name] = spoken.get(aspect.name, 0) + 1000 + aspect.mentions
    often = sorted(
        (name for name, weight in spoken.items() if weight >= 2000), key=lambda name: -spoken[name]
    )
    rows, evidence = [], []
    for name in list(dict.fromkeys((*asked, *often)))[:MAX_ASPECTS]:
        cells = []
        for product, signal in zip(products, signals, strict=True):
            said = signal.aspect(name)
            opinions = said.positive + said.negative if said else 0
            cells.append(f"{said.positive} of {opinions} happy" if said and opinions else "not mentioned")
            evidence.append(signal_evidence(product.item_id, name, f"{name}: {cells[-1]}"))
        rows.append((f"Buyers on {name}", *cells))
    return rows, evidence


def _relevance(desk: Desk, turn: Turn, products: Sequence[Product]) -> Sequence[Hit]:
    if not turn.state.query.strip():
        return ()
    found = desk.shop.search.search(
        turn.state.query, None, len(products), candidates=[p.item_id for p in products], fold=False
    )
    return found.hits


def _differences(rows: Sequence[tuple[str, ...]]) -> str:
    names = [row[0].lower() for row in rows[:4]]
    if not names:
        return "The shop states nothing in which they differ. "
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"They differ in {listed}. "


def _advantages(best: Card, cards: Sequence[Card], signals: Sequence[ProductSignals]) -> list[str]:
    """What is true of the best and of no other: computed, never claimed."""
    others = [card for card in cards if card.item_id != best.item_id]
    found = []
    if best.stars is not None and all(best.stars > (card.stars or 0.0) for card in others):
        found.append(
            f"buyers give it the most stars ({best.stars} from {counted(best.review_count, 'review')})"
        )
    if best.price is not None and all(card.price is not None and best.price < card.price for card in others):
        found.append(f"it costs the least ({format_price(best.price, best.currency)})")
    own = next(signal for signal in signals if signal.item_id == best.item_id)
    for mine in own.aspects[:6]:
        rivals = [signal.aspect(mine.name) for signal in signals if signal.item_id != best.item_id]
        if mine.positive >= 3 and all(
            rival is not None and mine.low > rival.share_positive for rival in rivals
        ):
            happy = f"{mine.positive} of {mine.positive + mine.negative}"
            what = "it" if mine.name == OVERALL else f"its {mine.name}"
            found.append(f"more of its buyers are happy with {what} ({happy})")
            break
    return found[:3]


def _advice(best: Card, why: Sequence[str], *, known: bool) -> str:
    """``known``: whether this shopper's own history was weighed."""
    if not why:
        nearest = "what you asked for and took before" if known else "what you asked for"
        return f"For you I would take [{best.handle}]: it is nearest to {nearest}."
    listed = why[0] if len(why) == 1 else f"{', '.join(why[:-1])}, and {why[-1]}"
    return f"For you I would take [{best.handle}]: {listed}."


def _card_evidence(cards: Sequence[Card]) -> list[Evidence]:
    evidence = []
    for card in cards:
        if card.stars is not None:
            said = f"{card.stars} stars from {counted(card.review_count, 'review')}"
            evidence.append(signal_evidence(card.item_id, "stars", said, card.stars))
    return evidence
