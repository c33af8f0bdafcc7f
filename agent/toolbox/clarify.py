"""Asking back: the question whose answer is expected to narrow the candidates most.

The expected information gain of a question is the entropy of its answers over the candidates (Shannon; for
search by questions see Zou and Kanoulas, SIGIR 2019): sum over answers of -p log2 p, times the share of
candidates that have the fact at all, times how likely shoppers are to have an answer. Nothing known is
asked, nothing twice, and never more than two questions in a row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.language.units import name_and_unit
from agent.meaning import Act
from agent.reading.bounds import amount_label, price_constraint
from agent.reading.facts import Facts
from agent.reading.terms import is_color, is_size
from agent.reading.vocabulary import Vocabulary
from agent.state import AnswerOption, DialogueState, PendingQuestion
from retrieval.catalog import Product
from retrieval.filters import And, Attribute, Brand, Category, Filter, Price, leaves

MOST_IN_A_ROW = 2
FEWEST_CANDIDATES = 8
"""With fewer products left, showing them answers more than any question."""
LEAST_GAIN = 0.9
"""In bits: below it a question tells too little for the shopper's trouble (a coin toss is 1 bit)."""
MANY = 10
"""Matching products from which a question pays."""
MOST_READ = 80
MOST_OPTIONS = 4
_LIKELY_ANSWERED = {
    "price": 0.9,
    "category": 1.0,
    "brand": 0.5,
    "color": 0.8,
    "size": 0.7,
}
_OTHER_ATTRIBUTE = 0.75


@dataclass(frozen=True, slots=True)
class _Question:
    slot: str
    text: str
    options: tuple[tuple[str, Filter], ...]
    gain: float


def next_question(
    state: DialogueState, products: Sequence[Product], vocabulary: Vocabulary, facts: Facts
) -> PendingQuestion | None:
    """The best question about these candidates (best first), or None when none is worth asking.

    Reads the first 80 candidates; the counts on the answers are of all products under what is in force.
    """
    if state.asked_in_row >= MOST_IN_A_ROW or len(products) < FEWEST_CANDIDATES:
        return None
    sample = products[:MOST_READ]
    asked = [q for q in _questions(sample, vocabulary) if not _is_known(q.slot, state)]
    best = max(asked, key=lambda q: q.gain, default=None)
    if best is None or best.gain < LEAST_GAIN:
        return None
    in_force = state.filter()
    options = [
        AnswerOption(label=label, filter=condition, count=count)
        for label, condition in best.options
        if (count := facts.count(And((in_force, condition))) if facts.count else 1) > 0
    ]
    if len(options) < 2:
        return None
    options.append(AnswerOption(label="I don't mind", filter=None, count=len(products)))
    return PendingQuestion(slot=best.slot, text=best.text, options=tuple(options))


def pays_to_ask(state: DialogueState, act: Act, matching: int) -> bool:
    """Whether this turn may ask at all: the shopper is searching, much is left, little was said.

    People who sell clarify early and then recommend; so a question comes only while fewer than three
    constraints are in force.
    """
    searching = act in (Act.ASK, Act.REFINE, Act.ANSWER)
    said = sum(not constraint.negative for constraint in state.constraints)
    return searching and state.asked_in_row < MOST_IN_A_ROW and matching >= MANY and said < 3


def _is_known(slot: str, state: DialogueState) -> bool:
    """Asked before, answered, said, or declared indifferent."""
    if slot.lower() in {s.lower() for s in state.indifferent} or state.in_slot(slot):
        return True
    name = slot.removeprefix("attribute:")
    return any(
        isinstance(leaf, Attribute) and leaf.name.lower() == name
        for constraint in state.constraints
        if not constraint.negative
        for leaf in leaves(constraint.filter)
    )


def _questions(products: Sequence[Product], vocabulary: Vocabulary) -> Iterator[_Question]:
    yield from _price(products, vocabulary.currency)
    yield from _named(
        "category",
        "What kind are you looking for",
        [p.category[-1] for p in products if p.category],
        products,
    )
    yield from _named(
        "brand", "Is there a brand you prefer", [p.brand for p in products if p.brand], products
    )
    names = Counter(name for p in products for name in (*p.attributes, *p.options))
    for name, having in names.items():
        if having >= len(products) / 2:
            yield from _attribute(name, products)


def _price(products: Sequence[Product], currency: str) -> Iterator[_Question]:
    prices = sorted(p.price for p in products if p.price is not None)
    if len(prices) < FEWEST_CANDIDATES or prices[-1] < 1.5 * prices[0]:
        return
    first, second = (_rounded(prices[len(prices) * part // 3]) for part in (1, 2))
    if not prices[0] < first < second < prices[-1]:
        return
    options: tuple[tuple[str, Filter], ...] = (
        (
            f"under {amount_label(first, currency)}",
            price_constraint(None, first, currency, strict=True).filter,
        ),
        (
            f"{amount_label(first, currency)} to {amount_label(second, currency)}",
            Price(min=first, max=second),
        ),
        (
            f"over {amount_label(second, currency)}",
            price_constraint(second, None, currency, strict=True).filter,
        ),
    )
    counts = [
        sum(p < first for p in prices),
        sum(first <= p <= second for p in prices),
        sum(p > second for p in prices),
    ]
    gain = _LIKELY_ANSWERED["price"] * _gain(counts, len(products))
    yield _Question("price", "What would you like to spend?", options, gain)


def _named(slot: str, text: str, values: Sequence[str], products: Sequence[Product]) -> Iterator[_Question]:
    counts = Counter(values)
    if len(counts) < 2:
        return
    top = counts.most_common(MOST_OPTIONS)
    listed = ", ".join(value for value, _ in top[:-1]) + f" or {top[-1][0]}"
    make = Category if slot == "category" else Brand
    options = tuple((value, make((value,))) for value, _ in top)
    gain = _LIKELY_ANSWERED[slot] * _gain(_with_rest(counts), len(products))
    yield _Question(slot, f"{text}: {listed}?", options, gain)


def _attribute(name: str, products: Sequence[Product]) -> Iterator[_Question]:
    """Of named values alone: yes or no, and more or less, tell a bit at most, too little to ask for."""
    values = [p.attributes.get(name, p.options.get(name)) for p in products]
    known = [value for value in values if value is not None]
    if all(isinstance(value, bool | float | int) for value in known):
        return
    texts = [text for value in known for text in _texts(value)]
    counts = Counter(text for text in texts if len(text) <= 30)
    if 2 <= len(counts) <= max(12, len(products) // 3):
        yield _choice(name, counts, products)


def _choice(name: str, counts: Counter[str], products: Sequence[Product]) -> _Question:
    shown = name_and_unit(name)[0].lower()
    top = counts.most_common(MOST_OPTIONS)
    listed = ", ".join(value for value, _ in top[:-1]) + f" or {top[-1][0]}"
    kind = "color" if is_color(name) else "size" if is_size(name) else ""
    weight = _LIKELY_ANSWERED.get(kind, _OTHER_ATTRIBUTE)
    options = tuple((value, Attribute(name, (value,))) for value, _ in top)
    gain = weight * _gain(_with_rest(counts), len(products))
    return _Question(f"attribute:{name.lower()}", f"Which {shown} would you like: {listed}?", options, gain)


def _gain(counts: Sequence[int], candidates: int) -> float:
    """Entropy of the answers in bits, times the share of candidates that have one."""
    total = sum(counts)
    if not total:
        return 0.0
    entropy = -sum(n / total * math.log2(n / total) for n in counts if n)
    return entropy * min(1.0, total / candidates)


def _with_rest(counts: Counter[str]) -> list[int]:
    """The options shown, and all other values as one answer."""
    top = [count for _, count in counts.most_common(MOST_OPTIONS)]
    return [*top, sum(counts.values()) - sum(top)]


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _rounded(price: float) -> float:
    """A price as people say it: 5, 10, 25, 120, not 23.87."""
    if price < 10:
        return float(round(price))
    step = 5 if price < 100 else 10 if price < 500 else 50
    return float(round(price / step) * step)
