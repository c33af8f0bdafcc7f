"""Answers with a number: how heavy one product is, and which of those on the screen is the lightest."""

from __future__ import annotations

from collections.abc import Sequence

from agent.language.directions import direction_on, measures
from agent.language.measure_questions import Measure, asked_extreme
from agent.money import price as format_price
from agent.reasons.evidence import counted, field_evidence, field_text, signal_evidence, value_text
from agent.reasons.standing import PRICE
from agent.records import Evidence
from agent.toolbox.desk import Desk
from agent.toolbox.turn import Outcome, Shelf, Turn
from retrieval.catalog import Product
from retrieval.filters import numbers_in

REVIEW = "review"


def measured_fields(product: Product, asked: Measure) -> list[tuple[str, Evidence]]:
    """The product's numbers of the first topic that it has any of, as said, each with its evidence."""
    for topic in asked.topics:
        names = [name for name in product.attributes if _is_of(name, topic, asked, product)]
        if names:
            told = [(name, field_text(name, value_text(product.attributes[name]))) for name in names]
            return [(text, field_evidence(product, name, text)) for name, text in told]
    return []


def extreme_of_shown(desk: Desk, turn: Turn, shelf: Shelf, item_ids: Sequence[str]) -> Outcome | None:
    """Which of the products is the most of what is asked, by price or by the shop's own number.

    Compares those pointed at where they are two or more, else all on the screen, else ``item_ids``. None
    where no end of a scale is asked for, or fewer than two products state the number.
    """
    asked = asked_extreme(turn.text)
    if asked is None:
        return None
    products = desk.products(meant_of_shown(turn, item_ids))
    if REVIEW in asked.topics:
        return _most_reviewed(desk, shelf, products, asked)
    field = _shared_field(products, asked)
    if field is None:
        return None
    name, direction = field
    stated = [(number, p) for p in products if (number := _number(p, name)) is not None]
    most = max(direction * number for number, _ in stated)
    best = [product for number, product in stated if direction * number == most]
    shelf = shelf.show([desk.card(product) for product in best], listed=False)
    evidence = [field_evidence(p, name, _said(p, name)[0], number) for number, p in stated]
    value = _said(best[0], name)[1]
    said = _sentence(asked, value, [shelf.handle_of(p.item_id) or "P1" for p in best], len(products))
    silent = len(products) - len(stated)
    if silent:
        said += f" For {silent} of them the shop does not state it."
    return Outcome(shelf.add(said=said, evidence=evidence, facts=(said,)), said)


def meant_of_shown(turn: Turn, item_ids: Sequence[str]) -> Sequence[str]:
    """Those pointed at where they are two or more, else all on the screen, else ``item_ids``."""
    pointed = tuple(dict.fromkeys(r.item_id for r in turn.understanding.referents if r.item_id))
    return pointed if len(pointed) > 1 else (turn.state.last_shown() or item_ids)


def _most_reviewed(desk: Desk, shelf: Shelf, products: Sequence[Product], asked: Measure) -> Outcome | None:
    """Which has the most reviews, or the fewest."""
    if len(products) < 2:
        return None
    counts = {p.item_id: desk.shop.reviews.signals(p.item_id).review_count for p in products}
    most = max(asked.direction * count for count in counts.values())
    best = [product for product in products if asked.direction * counts[product.item_id] == most]
    shelf = shelf.show([desk.card(product) for product in best], listed=False)
    told = counted(counts[best[0].item_id], REVIEW)
    evidence = [signal_evidence(item_id, "reviews", counted(n, REVIEW), n) for item_id, n in counts.items()]
    said = _sentence(asked, told, [shelf.handle_of(p.item_id) or "P1" for p in best], len(products))
    return Outcome(shelf.add(said=said, evidence=evidence, facts=(said,)), said)


def _sentence(asked: Measure, value: str, handles: Sequence[str], count: int) -> str:
    among = "the two" if count == 2 else "these"
    if len(handles) == 1:
        joint = f" at {value}" if PRICE in asked.topics else f": {value}"
        return f"The {asked.word} of {among} is [{handles[0]}]{joint}."
    listed = f"{', '.join(f'[{h}]' for h in handles[:-1])} and [{handles[-1]}]"
    return f"{listed} are equal, and the {asked.word} of {among}: {value} each."


def _shared_field(products: Sequence[Product], asked: Measure) -> tuple[str, int] | None:
    """The number that most of them state, of the first topic that two do; and which way it goes."""
    if PRICE in asked.topics:
        return (PRICE, asked.direction) if sum(p.price is not None for p in products) > 1 else None
    for topic in asked.topics:
        counts: dict[str, int] = {}
        for product in products:
            for name in product.attributes:
                if _is_of(name, topic, asked, product):
                    counts[name] = counts.get(name, 0) + 1
        most = max(counts, key=lambda name: counts[name], default="")
        if counts.get(most, 0) > 1:
            return most, direction_on(most, asked.topics, asked.direction) or asked.direction
    return None


def _is_of(name: str, topic: str, asked: Measure, product: Product) -> bool:
    goes = direction_on(name, asked.topics, asked.direction)
    return measures(name, topic) and goes is not None and _number(product, name) is not None


def _number(product: Product, name: str) -> float | None:
    if name == PRICE:
        return product.price
    value = product.attributes.get(name)
    numbers = [] if value is None or isinstance(value, bool) else numbers_in(value)
    return numbers[0] if numbers else None


def _said(product: Product, name: str) -> tuple[str, str]:
    """The value as it stands, and as it is said."""
    if name == PRICE and product.price is not None:
        price = format_price(product.price, product.currency)
        return price, price
    value = value_text(product.attributes[name])
    return value, field_text(name, value)
