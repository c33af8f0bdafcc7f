"""What the shop says of a product: its fields as they are said, and those that a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from agent.guards.input_guard import without_instructions
from agent.language.directions import measures
from agent.language.function_words import FUNCTION_WORDS
from agent.language.measure_questions import asked_measure
from agent.language.text import stems
from agent.language.units import name_and_unit, spoken_name
from agent.money import price_range
from agent.reasons.evidence import counted, field_evidence, shorten, signal_evidence, stock_text, value_text
from agent.tools.results import Fact
from retrieval.catalog import Product
from retrieval.filters import numbers_in

if TYPE_CHECKING:
    from agent.toolbox.desk import Desk

NAMED, ALIKE = 0.75, 0.42
"""A field answers from this share of name and value in the question on, or from this cosine on."""
LONGEST_VALUE = 160
_CALLED = {
    "price": r"\bprices?\b|\bcosts?\b|\bhow much (?:is|are|was|do|does|for|it|they)?\b(?!\w)|\bthe damage\b|\bset me back\b",
    "brand": r"\bbrand\b|\bmakers?\b|\bwho makes?\b|\bmade by\b|\bmanufactur\w+",
    "stock": r"\bin stock\b|\bavailab\w*|\bhow many\b.*\b(?:left|have you|do you have)\b|\bany left\b|\bsold out\b",
    "stars": r"\brat(?:ed|ing)s?\b|\bstars?\b|\b(?:average )?scores?\b|\bhow many reviews\b",
    "category": r"\bwhat kind of\b|\bwhat (?:exactly )?is (?:it|this|that)\b",
}
""" What the fields that every shop has are called in questions."""
_FIELD_WORDS = frozenset(
    [
        "price",
        "color",
        "size",
        "material",
        "made",
        "available",
        "stars",
        "star",
        "rated",
        "now",
        "about",
        "good",
        "show",
    ]
)
_SMALL = FUNCTION_WORDS - _FIELD_WORDS | frozenset(
    [
        "how",
        "what",
        "which",
        "who",
        "whose",
        "does",
        "do",
        "is",
        "are",
        "has",
        "have",
        "it",
        "its",
        "get",
        "use",
        "work",
        "tell",
        "know",
        "thing",
        "one",
        "come",
        "really",
        "actually",
    ]
)


def content(text: str) -> frozenset[str]:
    """Stems of the words that say what a question is about."""
    return frozenset(s for s in stems(text) if s not in _SMALL and (len(s) > 1 or s.isdigit()))


def facts_of(desk: Desk, product: Product) -> tuple[Fact, ...]:
    """Every field that may be told, the shop's own first, then price, brand, stock, stars and category."""
    facts = [fact for name, value in _fields(product) if (fact := _fact(product, name, value))]
    facts.append(
        _common(
            product, "price", price_range(product.price, product.price_max, product.currency), product.price
        )
    )
    if product.brand:
        facts.append(_common(product, "brand", product.brand))
    if product.stock is not None:
        facts.append(_common(product, "stock", stock_text(product.stock), float(product.stock)))
    signals = desk.shop.reviews.signals(product.item_id)
    if signals.review_count:
        mean = "" if signals.stars_mean is None else f"{signals.stars_mean:.1f} of 5 from "
        said = f"{mean}{counted(signals.review_count, 'review')}"
        evidence = signal_evidence(product.item_id, "stars", said, signals.stars_mean)
        facts.append(
            Fact(name="stars", label="stars", value=said, evidence=evidence, number=signals.stars_mean)
        )
    if product.category:
        facts.append(_common(product, "category", product.category[-1]))
    return tuple(facts)


def asked_facts(
    desk: Desk, product: Product, question: str, limit: int = 3
) -> tuple[tuple[Fact, float], ...]:
    """The fields that a question is about with how surely (0 to 1), best first: by what they are called, by their
    value, by the quantity asked for, else by meaning. One encoding of the question, about 4 ms.
    """
    facts = facts_of(desk, product)
    asked = content(question)
    named = [(fact, score) for fact in facts if (score := _by_words(fact, question, asked)) >= NAMED]
    if named:
        best = max(score for _, score in named)
        return tuple((fact, score) for fact, score in named if score >= best - 0.05)[:limit]
    own = [fact for fact in facts if fact.name not in _CALLED]
    if not own or not asked:
        return ()
    cosines = (
        vectors(desk, tuple(_spoken(fact) for fact in own)) @ desk.shop.encoder.encode_query([question])[0]
    )
    best = int(np.argmax(cosines))
    return ((own[best], float(cosines[best])),) if cosines[best] >= ALIKE else ()


def vectors(desk: Desk, texts: Sequence[str]) -> np.ndarray:
    """Vectors of short texts, kept for the next question about them; shape (n, d)."""
    return _vectors(desk.shop.encoder, tuple(texts))


@lru_cache(maxsize=512)
def _vectors(encoder: object, texts: tuple[str, ...]) -> np.ndarray:
    return np.asarray(encoder.encode_query(texts))  # type: ignore[attr-defined]


def overview(facts: Iterable[Fact], limit: int = 6) -> tuple[Fact, ...]:
    """The fields worth telling unasked."""
    return tuple(fact for fact in facts if fact.name not in _CALLED)[:limit]


def _fields(product: Product) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, value in (*product.attributes.items(), *product.options.items())
        if value != ()
    ]


def _fact(product: Product, name: str, value: object) -> Fact | None:
    """None for a value that instructs whoever reads it."""
    text = shorten(value_text(value), LONGEST_VALUE)  # type: ignore[arg-type]
    if not text or without_instructions(f"{name} {text}") != f"{name} {text}".strip():
        return None
    label, unit = name_and_unit(name)
    flag = value if isinstance(value, bool) else None
    numbers = [] if flag is not None or isinstance(value, tuple) else numbers_in(value)  # type: ignore[arg-type]
    said = f"{text} {unit}".strip() if isinstance(value, float | int) and flag is None else text
    number = numbers[0] if numbers else None
    evidence = field_evidence(product, name, f"{label}: {said}", number)
    return Fact(name=name, label=label.lower(), value=said, evidence=evidence, number=number, flag=flag)


def _common(product: Product, name: str, said: str, number: float | None = None) -> Fact:
    evidence = field_evidence(product, name, f"{name}: {said}", number)
    return Fact(name=name, label=name, value=said, evidence=evidence, number=number)


def _by_words(fact: Fact, question: str, asked: frozenset[str]) -> float:
    """How clearly the words of a question name a field: 1 where all of its name is said or its quantity asked."""
    if fact.name in _CALLED:
        return 0.9 if re.search(_CALLED[fact.name], question, re.I) else 0.0
    label = frozenset(stems(fact.label)) - {"of", "and", "in", "for"}
    if label and label <= frozenset(stems(question)):
        return 1.0
    measure = asked_measure(question)
    if (
        measure is not None
        and fact.number is not None
        and any(measures(fact.name, t) for t in measure.topics)
    ):
        return 0.95
    if fact.flag is None and fact.number is None and asked:
        values = [frozenset(stems(part)) for part in re.split(r",|/", fact.value)]
        if any(value and value <= asked for value in values):
            return 0.85
        if asked <= label | frozenset(stems(fact.value)):
            return 0.85
    shared = label & asked
    return 0.8 if shared and len(shared) == len(asked) else 0.7 * len(shared) / len(label) if label else 0.0


def _spoken(fact: Fact) -> str:
    name = spoken_name(fact.name)
    return name if fact.flag is not None else f"{name} {fact.value}"
