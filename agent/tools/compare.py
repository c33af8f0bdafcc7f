"""Compare products: where they differ, in numbers, and which does better in what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import PRICE, STARS, Sort
from agent.explanations.evidence import (
    counted,
    field_evidence,
    name_and_unit,
    short_title,
    signal_evidence,
    stars_text,
)
from agent.money import price as format_price
from agent.money import price_range
from agent.records import Card, Evidence, Frozen, Table
from agent.tools.asked import asked_facts, content, vectors
from agent.tools.buyers import Opinion, opinion_of
from agent.tools.context import ToolContext, missing
from agent.tools.facts import facts_of
from agent.tools.passages import answering, sentences
from agent.tools.results import Fact, Quoted, fenced
from agent.tools.schema import Field
from agent.tools.weigh import sort_key
from agent.understanding.scales import Scale, read_scale
from agent.wording import say
from retrieval.aspect_mining.words import OVERALL
from retrieval.catalog import Product
from retrieval.filters import numbers_in
from retrieval.reviews.signals import ProductSignals

MOST_PRODUCTS = 5
MOST_ROWS, MOST_ASPECTS = 14, 4
TELLS = 0.12
"""A sentence of a description may tell from this probability on: only the best one of each product is
quoted."""
MEANT = 0.4
"""Cosine from which on words mean a numeric field."""
_GENERAL = re.compile(
    r"\b(?:better|best|worse|worst|nicer|rated|reviews?|reviewed|stars?|buyers?|people|customers?|one|ones|overall|me|you|"
    r"buy|get|take|recommend|choose|pick)\b",
    re.IGNORECASE,
)
"""Words of asking which one is better on the whole."""


class Side(Frozen):
    """One of the products, with what it says to what is asked."""

    handle: str
    card: Card
    fact: Fact | None = None
    value: float | None = None
    passages: tuple[Quoted, ...] = ()
    opinion: Opinion | None = None


class Compared(Frozen):
    """Products beside each other, in the order given."""

    sides: tuple[Side, ...] = ()
    table: Table | None = None
    asked: str = ""
    """The field or aspect that is asked about, as it is said; empty where the whole is compared."""
    word: str = ""
    """The order asked for, as said ("lighter"); empty where only values are asked for."""
    by: str = ""
    """What the winner is told by: ``field``, ``buyers``, ``text``, or nothing."""
    winners: tuple[str, ...] = ()
    """Handles of those that do best in what is asked; several where they are equal, none where it can't be
    told."""
    silent: tuple[str, ...] = ()
    """Handles of those that do not state what is asked."""
    differing: tuple[str, ...] = ()
    """Labels of the fields that differ, those asked about first."""
    best: str = ""
    """Handle of the one that the facts speak for on the whole, and these facts."""
    advantages: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    problem: str = ""

    def text(self) -> str:
        if not self.sides or self.table is None:
            return self.problem
        handles = [f"[{side.handle}]" for side in self.sides]
        names = [
            f"{h} {fenced(short_title(side.card.title, 60))}"
            for h, side in zip(handles, self.sides, strict=True)
        ]
        lines = ["; ".join(names)]
        for row in self.table.rows:
            lines.append(
                f"{row[0]}: "
                + "; ".join(f"{h} {fenced(cell, 60)}" for h, cell in zip(handles, row[1:], strict=True))
            )
        if self.asked:
            won = f"{' and '.join(self.winners)} (by {self.by})" if self.winners else "can't be told"
            lines.append(f"asked: {self.asked}; best in it: {won}")
            lines.extend(f"[{s.handle}]: “{fenced(p.text, 160)}”" for s in self.sides for p in s.passages[:1])
        if self.best:
            lines.append(f"on the whole the facts speak for [{self.best}]: {'; '.join(self.advantages)}")
        return "\n".join([*lines, *([self.problem] if self.problem else [])])


def compare(context: ToolContext, handles: Sequence[str], question: str = "") -> Compared:
    """Compare two to five products: what differs, and the winner in what is asked, by the shop's numbers,
    else by what buyers say.

    handles: e.g. ["P1", "P3"]. question: what matters, e.g. "which is quieter".
    """
    desk, shelf = context.desk, context.shelf
    known = dict.fromkeys(item for handle in handles if (item := shelf.item(handle)))
    problem = "; ".join(missing(context, handle) for handle in handles if not shelf.item(handle))
    products = desk.products(list(known)[:MOST_PRODUCTS])
    if len(products) < 2:
        return Compared(problem=problem or "a comparison takes two handles or more")
    cards = [desk.card(p).model_copy(update={"handle": shelf.handle(p.item_id)}) for p in products]
    signals = [desk.shop.reviews.signals(p.item_id) for p in products]
    verdict = _verdict(context, products, cards, question)
    rows, shown = _rows(products, cards, signals, verdict.asked)
    best, why = _best(cards, signals)
    table = Table(columns=tuple(card.title for card in cards), rows=tuple(rows))
    differing = tuple(row[0].lower() for row in rows if len(set(row[1:])) > 1)
    told = [
        signal_evidence(card.item_id, f"comparison {n}", fact)
        for card in cards
        if card.handle == best
        for n, fact in enumerate(why)
    ]
    evidence = (*shown, *told, *_evidence(verdict.sides))
    shelf.back(evidence)
    shelf.table = table
    update = {
        "table": table,
        "differing": differing,
        "best": best,
        "advantages": why,
        "evidence": evidence,
        "problem": problem,
    }
    return verdict.model_copy(update=update)


def _evidence(sides: Sequence[Side]) -> list[Evidence]:
    found = [side.fact.evidence for side in sides if side.fact is not None]
    found += [passage.evidence for side in sides for passage in side.passages]
    return found + [e for side in sides if side.opinion is not None for e in side.opinion.evidence]


# --- what is asked ----------------------------------------------------------------------------------------


def _verdict(
    context: ToolContext, products: Sequence[Product], cards: Sequence[Card], question: str
) -> Compared:
    """Who does better in what is asked: by a number that they state, else by buyers, else in the shop's
    words.
    """
    plain = tuple(Side(handle=card.handle, card=card) for card in cards)
    if not question.strip():
        return Compared(sides=plain)
    fields = _numeric(context, products)
    scale = read_scale(question, fields, lambda words: _nearest(context, words, fields))
    if (
        scale is not None
        and scale.known
        and not (scale.field == STARS and content(_GENERAL.sub(" ", question)))
    ):
        return _by_field(context, products, plain, scale)
    facts = [asked_facts(context.desk, product, question, 1) for product in products]
    stated = [found[0] for found in facts if found]
    if len(stated) > 1 and max(score for _, score in stated) >= 0.75:
        sides = tuple(
            side.model_copy(update={"fact": found[0][0] if found else None})
            for side, found in zip(plain, facts, strict=True)
        )
        silent = tuple(side.handle for side in sides if side.fact is None)
        return Compared(sides=sides, asked=stated[0][0].label, by="field", silent=silent)
    return _by_words(context, products, plain, question)


def _nearest(context: ToolContext, words: str, fields: Sequence[Field]) -> Field | None:
    """The numeric field that some words mean: "a racket" is noise."""
    if not fields or not words.strip():
        return None
    labels = tuple(field.label for field in fields)
    cosines = vectors(context.desk, labels) @ context.desk.shop.encoder.encode_query([words])[0]
    best = int(cosines.argmax())
    return fields[best] if cosines[best] >= MEANT else None


def _numeric(context: ToolContext, products: Sequence[Product]) -> list[Field]:
    """The numeric fields that they state, those of most of them first."""
    counts: dict[str, int] = {}
    for product in products:
        for name, value in product.attributes.items():
            if not isinstance(value, bool) and numbers_in(value):
                counts[name] = counts.get(name, 0) + 1
    fields = [context.desk.schema.field(name) for name in sorted(counts, key=lambda n: -counts[n])]
    return [field for field in fields if isinstance(field, Field) and field.type == "number"]


def _by_field(
    context: ToolContext, products: Sequence[Product], plain: Sequence[Side], scale: Scale
) -> Compared:
    value_of = sort_key(context.desk, Sort(field=scale.field))
    sides = []
    for product, side in zip(products, plain, strict=True):
        facts = {fact.name: fact for fact in facts_of(context.desk, product)}
        sides.append(
            side.model_copy(update={"fact": facts.get(scale.field), "value": value_of(product.item_id)})
        )
    values = [side.value for side in sides if side.value is not None]
    orders = scale.comparative or scale.superlative
    most = max((scale.direction * value for value in values), default=None)
    winners = (
        tuple(s.handle for s in sides if s.value is not None and scale.direction * s.value == most)
        if orders
        else ()
    )
    return Compared(
        sides=tuple(sides),
        asked=name_and_unit(scale.field)[0].lower(),
        word=_word(scale),
        by="field",
        winners=winners if len(values) > 1 else (),
        silent=tuple(side.handle for side in sides if side.value is None),
    )


def _word(scale: Scale) -> str:
    """ "Lighter" of "which of them is the lighter one": the one word that grades, else nothing."""
    from agent.understanding.scales import graded

    words = [word for word in scale.word.lower().replace("?", " ").split() if graded(word)]
    return words[0] if words and scale.word else ""


def _by_words(
    context: ToolContext, products: Sequence[Product], plain: Sequence[Side], question: str
) -> Compared:
    """What buyers of each say, and the sentences of each description that answer."""
    desk, sides = context.desk, []
    for product, side in zip(products, plain, strict=True):
        scored = answering(desk, sentences(product.description), question)
        passages = tuple(
            Quoted(
                text=text,
                source="description",
                score=score,
                evidence=field_evidence(product, f"description:{n}", text),
            )
            for n, (text, score) in enumerate(scored[:2])
            if score >= TELLS
        )
        opinion = opinion_of(context, product, question)
        sides.append(
            side.model_copy(update={"passages": passages, "opinion": opinion if opinion.mentioned else None})
        )
    heard = [s for s in sides if s.opinion is not None and s.opinion.positive + s.opinion.negative]
    winners: tuple[str, ...] = ()
    if len(heard) > 1:
        ordered = sorted(heard, key=lambda s: -s.opinion.low if s.opinion else 0.0)
        first, second = ordered[0].opinion, ordered[1].opinion
        if first is not None and second is not None and first.low > second.low and first.positive:
            winners = (ordered[0].handle,)
    told = any(side.passages or side.opinion for side in sides)
    return Compared(
        sides=tuple(sides),
        asked=question,
        by="buyers" if winners else "text" if told else "",
        winners=winners,
        silent=tuple(s.handle for s in sides if not s.passages and s.opinion is None),
    )


# --- the table --------------------------------------------------------------------------------------------


def _rows(
    products: Sequence[Product], cards: Sequence[Card], signals: Sequence[ProductSignals], asked: str
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
        values = [_value(product, name) for product in products]
        known = [value for value in values if value is not None]
        label = name_and_unit(name)[0]
        wanted = label.lower() == asked
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


def _value(product: Product, name: str) -> str | None:
    from agent.explanations.evidence import shorten, value_text

    value = product.attributes.get(name, product.options.get(name))
    if value is None or value == ():
        return None
    unit = name_and_unit(name)[1] if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f"{shorten(value_text(value), 60)} {unit}".strip()


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


def _best(cards: Sequence[Card], signals: Sequence[ProductSignals]) -> tuple[str, tuple[str, ...]]:
    """The product with most facts in its favour that hold of no other; computed, never claimed."""
    found = [(card, _advantages(card, cards, signals)) for card in cards]
    card, why = max(found, key=lambda pair: len(pair[1]))
    return (card.handle, tuple(why)) if why else ("", ())


def _advantages(best: Card, cards: Sequence[Card], signals: Sequence[ProductSignals]) -> list[str]:
    others = [card for card in cards if card.item_id != best.item_id]
    found = []
    if best.stars is not None and all(best.stars > (card.stars or 0.0) for card in others):
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
