"""What may be said this turn and what it rests on; handles written out as titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from agent.checks.claims import Backing, Subject, Words, stem
from agent.conditions import PRICE
from agent.explanations.evidence import counted, field_evidence, product_texts, short_title
from agent.money import price_range
from agent.records import Card
from agent.tools.context import Shelf, ToolContext
from agent.tools.labels import label
from agent.tools.results import Facet, Found, facet_text
from agent.understanding.language.units import spoken_name
from retrieval.absence.rule import keys_of
from retrieval.records import Product

HANDLE = re.compile(r"\[?\b(P\d{1,3})\b\]?")
VISIBLE = frozenset(("color", "colour", "material", "fabric"))
"""Fields whose values are claims wherever they are said of a product, beside those of yes or no."""


def titles(cards: Sequence[Card]) -> dict[str, str]:
    """Handle to the name it has in prose: short, or whole where two would read the same."""
    short = {card.handle: short_title(card.title) for card in cards}
    often = Counter(short.values())
    return {
        card.handle: card.title if often[short[card.handle]] > 1 else short[card.handle] for card in cards
    }


def written_out(text: str, cards: Sequence[Card]) -> str:
    """``[P1]`` as the product's title; a handle that names nothing, or stands behind the title, disappears."""
    names = titles(cards)
    for card in cards:
        for said in dict.fromkeys((card.title, names[card.handle])):
            text = re.sub(rf"{re.escape(said)},?\s+[\[(]{{1,2}}{card.handle}[\])]{{1,2}}", said, text)
    return re.sub(r" {2,}", " ", HANDLE.sub(lambda match: names.get(match.group(1), ""), text))


def cards_of(context: ToolContext, item_ids: Iterable[str]) -> tuple[Card, ...]:
    """Cards of products: those that are out as they are out, others as the shop has them now."""
    shelf = context.shelf
    out = {item: row.card for item, row in shelf.rows.items()} | {card.item_id: card for card in shelf.cards}
    wanted = list(dict.fromkeys(item_ids))
    missing = {
        product.item_id: context.desk.card(product).model_copy(
            update={"handle": shelf.handle(product.item_id)}
        )
        for product in context.desk.products(item for item in wanted if item not in out)
    }
    cards = (out.get(item) or missing.get(item) for item in wanted)
    return tuple(card for card in cards if card is not None)


def named_in(shelf: Shelf, text: str) -> list[str]:
    """Item ids of the products that a text names by their handles."""
    found = (shelf.item(match.group(1)) for match in HANDLE.finditer(text))
    return [item for item in dict.fromkeys(found) if item is not None]


def backing(
    context: ToolContext, asked: str, words: Words, *, also: Iterable[str] = (), said: Iterable[str] = ()
) -> Backing:
    """What may be said this turn: of what tools found or told of this turn, and of ``also`` (item ids).

    ``asked``: the shopper's words and what is in force, which may be echoed; ``said``: earlier answers.
    """
    desk, shelf = context.desk, context.shelf
    told = (one.item_id for one in shelf.evidence.values() if one.item_id)
    item_ids = dict.fromkeys((*(card.item_id for card in shelf.cards), *shelf.rows, *told, *also))
    cards = cards_of(context, item_ids)
    names = titles(cards)
    evidence: dict[str, list[str]] = {card.item_id: [] for card in cards}
    everything = [*shelf.evidence.values(), *(e for row in shelf.rows.values() for e in row.evidence)]
    for item in everything:
        if item.item_id in evidence:
            evidence[item.item_id].append(item.text)
    subjects = []
    for card in cards:
        product = desk.shop.product(card.item_id)
        reasons = [reason.text for reason in (*card.reasons, *((card.drawback,) if card.drawback else ()))]
        subject = Subject(
            handle=card.handle,
            title=card.title,
            names=(names[card.handle],),
            price=card.price,
            price_max=card.price_max,
            stars=card.stars,
            review_count=card.review_count,
            stock=card.stock,
            texts=(*(_texts_of(product) if product else ()), *evidence[card.item_id], *reasons),
            absence=keys_of(product) if product else frozenset(),
        )
        subjects.append(subject)
    loose = tuple(item.text for item in shelf.evidence.values() if item.item_id not in evidence)
    table = tuple(" ".join(row) for row in shelf.table.rows) if shelf.table else ()
    labels = "; ".join(label(one, desk.schema) for one in context.required)
    return Backing(
        subjects=tuple(subjects),
        facts=(*shelf.facts, *loose, *table, *_counts(shelf, desk.schema.currency)),
        said=tuple(said),
        request=f"{asked}. {labels}",
        terms=desk.attribute_stems if words == "all" else visible_stems(context),
        values=value_stems(context),
        words=words,
        shown=tuple(card.handle for card in shelf.cards),
        extremes=_extremes(shelf),
    )


def back_named(context: ToolContext, item_ids: Iterable[str]) -> None:
    """Keep name and price of products that the words of this turn name beside those that are shown."""
    for product in context.desk.products(item_ids):
        evidence = [field_evidence(product, "title", product.title)]
        if product.price is not None:
            evidence.append(field_evidence(product, "price", f"price {product.price:g}", product.price))
        context.shelf.back(evidence)


def visible_stems(context: ToolContext) -> frozenset[str]:
    """Stems of words for a material, a colour, or a property that is yes or no."""
    flags = (field.label for field in context.desk.schema.fields.values() if field.type == "flag")
    return value_stems(context) | _word_stems(flags)


def value_stems(context: ToolContext) -> frozenset[str]:
    """Stems of words for a material or a colour."""
    fields = context.desk.schema.fields.values()
    return _word_stems(
        value
        for field in fields
        if field.type == "text" and field.stems and field.stems[-1] in VISIBLE
        for value in field.values
    )


def _word_stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(text) for text in texts if re.fullmatch(r"[^\W\d_]{4,}", text))


def _texts_of(product: Product) -> Iterator[str]:
    """All that the shop says of a product, and how many of each there are to choose from: "4 colors"."""
    yield from product_texts(product)
    for name, values in (*product.attributes.items(), *product.options.items()):
        if isinstance(values, tuple) and len(values) > 1:
            yield f"{len(values)} {spoken_name(name)}s"


def _counts(shelf: Shelf, currency: str) -> list[str]:
    """How many products each search found, and what they range over: "13 tents from $90 to $400"."""
    told = []
    for _, _, result in shelf.results:
        if isinstance(result, Found):
            told.append(f"{counted(result.total, 'product')}, {result.total} fit")
            told.extend(_spread(facet, currency) for facet in result.facets if facet.low is not None)
    return told


def _spread(facet: Facet, currency: str) -> str:
    return price_range(facet.low, facet.high, currency) if facet.field == PRICE else facet_text(facet)


def _extremes(shelf: Shelf) -> frozenset[tuple[str, str]]:
    """Handles that come first of all that fits, in an order by price or stars."""
    found: set[tuple[str, str]] = set()
    for _, arguments, result in shelf.results:
        sort = arguments.get("sort")
        if isinstance(result, Found) and result.rows and sort is not None and result.ordered:
            found.add((result.rows[0].card.handle, f"{sort.field} {sort.order}"))
    return frozenset(found)
