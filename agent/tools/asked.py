"""Which fields of a product a question is about, and whether a value asked for holds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from agent.tools.facts import facts_of
from agent.tools.materials import asks_material, tells_material
from agent.tools.question_topics import asked_topics
from agent.tools.results import Fact
from agent.tools.schema import Field
from agent.understanding.language.directions import measures
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.measure_questions import asked_measure
from agent.understanding.language.text import stems, tokenize
from agent.understanding.language.units import spoken_name
from retrieval.records import Product
from retrieval.text.word_set import word_set

if TYPE_CHECKING:
    from agent.shop_context import ShopContext
    from retrieval.encoder import Encoder

SURE = 0.75
"""From this score on, a field is what is asked about, by its name, its value or its quantity."""
MEANT, ALIKE = 0.58, 0.45
"""A field answers from this cosine of its name, with or without its value, to the question on; from the lower
one it only comes near."""
TOPIC, MOST_OF_TOPIC = 0.92, 4
"""How surely a field answers that tells what is asked about in other words, and so many of them at most."""
_OF_SEVERAL = frozenset(("dimensions", "sockets"))
"""Topics that several fields tell together."""
_OF_THE_PARCEL = frozenset(("package", "packaging", "carton", "case", "pallet", "shipping", "tare", "outer"))
"""What a field is called that is about the parcel."""
COVERED = 0.45
"""Share of a question's words, rare ones counting more, that the name and value of a field must have:
"which frame at 162 cm" asks for more than the frame."""
_CALLED = {
    "title": r"\b(?:called|named?)\b",
    "price": r"\bprices?\b|\bcosts?\b|\bhow much(?:\W*$| (?:is|are|was|for)\b"
    r"| (?:do|does|will|would)\b.*\b(?:go|sell|charge|pay)\b| (?:it|they|this|that|these|those)(?: is| are)?\W*$)"
    r"|\bwhat (?:do|does|did|would|will) .{1,60}? (?:go|sell|retail) for\b"
    r"|\bthe damage\b|\bset me back\b|\bwhat(?:'?re| are)? (?:you|they|u) (?:asking|charging|wanting)\b"
    r"|\bwhat (?:do|would) (?:you|they|u) want for\b|\b(?:is|'s) (?:it|that|this) going for\b",
    "brand": r"\bbrand\b|\bmakers?\b|\bwho makes?\b|\bmade by\b|\bmanufactur\w+",
    "stock": r"\bin stock\b|\bavailab\w*|\bhow many\b.*\b(?:left|have you|do you have)\b"
    r"|\bany left\b|\bsold out\b",
    "stars": r"\brat(?:ed|ings?)\b(?! (?:for|to|at|as)\b)|\bhow many (?:stars|reviews)\b"
    r"|\bstars? (?:does|do|has|have|did)\b"
    r"|^\W*stars?\W*$|\b(?:average )?scores?\b",
    "category": r"\bwhat (?:exactly )?is (?:it|this|that)(?: exactly)?\W*$"
    r"|\bwhat (?:kind|sort|type) of (?:thing|product|item|article)\b",
}
"""What the fields that every product has are called in questions."""
_TELLING = frozenset(["price", "color", "size", "material", "made", "available", "star", "rated", "good"])
_ASKING = word_set(
    "how what which who whose does do is are has have it its get got use work tell know thing one come "
    "really actually first second third last"
)
_BORNE = re.compile(
    r"\b(?:hold|carry|carries|support|bear|haul|tow|lift|take)s?\b|\bweight limit\b", re.IGNORECASE
)
_OWN_WEIGHT = frozenset(
    ("weight", "net weight", "item weight", "product weight", "gross weight", "shipping weight")
)
"""What a thing weighs is not what it can hold."""
_HOW_MANY = re.compile(
    r"\bhow many\b(?! (?:stars|reviews|buyers|people (?:bought|say|like)|left|have you|do you have|of (?:it|them)|"
    r"hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|inch(?:es)?|cm|mm|met(?:re|er)s?|feet|kilos?|kg|g|grams?|"
    r"lit(?:re|er)s?|ml|watts?|volts?|amps?|db|decibels?|degrees?|gb|tb|mb|gigs?|pixels?|megapixels?|lumens?)\b)"
    r"|\b(?:the )?number of\b",
    re.IGNORECASE,
)
"""Asks for a number of things."""
_COUNTING = frozenset(stems("number quantity count amount total max maximum min minimum of the built in"))
"""What a count is called beside what it counts."""
COUNTS = 0.28
"""Cosine from which on a count is the one that is asked for."""
_EXTENTS = frozenset(("length", "width", "height", "depth"))
_LASTING = re.compile(r"\bhow long (?:does|do|did|will|would|can|could|until|before)\b", re.IGNORECASE)
"""What takes time has no length."""
_SMALL = frozenset(stem for word in (FUNCTION_WORDS - _TELLING) | _ASKING for stem in (word, *stems(word)))


def content(text: str) -> frozenset[str]:
    """Stems of the words that say what a question is about."""
    return frozenset(s for s in stems(text) if s not in _SMALL and (len(s) > 1 or s.isdigit()))


def asks_something(question: str) -> bool:
    """Whether a part of an utterance asks for a fact: by its words, or for one that every product has."""
    called = any(re.search(pattern, question, re.I) for pattern in _CALLED.values())
    return called or bool(content(question) or asked_topics(question))


_HOW = re.compile(r"\bhow\s+$", re.I)
"""Before what is asked: "how high is the seat", of a High-Back Sofa."""
_NAME_WORDS = 4
"""So many words at the beginning of a title are what a product is called by."""


def unnamed(desk: ShopContext, product: Product, question: str) -> str:
    """The question without what the product is called by: its maker, the beginning of its title, its model's code.

    A word that names or is the value of one of its fields stays: it may be what is asked. So does a question
    of nothing else.
    """
    title = [token for token in tokenize(product.title) if token.is_word]
    codes = {t.stem for t in title if re.search(r"\d", t.text) and re.search(r"[a-z]", t.text, re.I)}
    called = {t.stem for t in title[:_NAME_WORDS]} | {*stems(product.brand or "")} | codes
    kept = {s for fact in facts_of(desk, product) if fact.name not in _CALLED for s in stems(fact.label)}
    left = question
    for token in reversed(tokenize(question)):
        if token.stem in called - kept - _SMALL and not _HOW.search(left[: token.start]):
            left = f"{left[: token.start]} {left[token.end :]}"
    return " ".join(left.split()) if content(left) else question


def asked_facts(
    desk: ShopContext, product: Product, question: str, limit: int = 3
) -> tuple[tuple[Fact, float], ...]:
    """The fields that answer a question with how surely (0 to 1), best first: by a value that it asks for, by
    what they are called, by the quantity asked for, else by meaning: one encoding of the question, and those of
    fields that were never read.
    """
    named = _named_facts(desk, product, question)
    if _HOW_MANY.search(question):
        named = [pair for pair in named if pair[0].number is not None and not pair[0].wanted]
        counted = None if named else _count(desk, product, question)
        return (counted,) if counted is not None else tuple(named[:limit])
    if named or asks_material(question) or any(topic.fields for topic in asked_topics(question)):
        return tuple(named[:limit])
    near = _by_meaning(desk, product, question)
    # That a field which only resembles the question says no denies nothing.
    return (near,) if near is not None and near[1] >= MEANT and near[0].flag is not False else ()


def _count(desk: ShopContext, product: Product, question: str) -> tuple[Fact, float] | None:
    """The number of things that is asked for: by what it counts, else by meaning among the counts there are."""
    own = [
        fact
        for fact in facts_of(desk, product)
        if fact.name not in _CALLED and not fact.is_code and is_count(fact)
    ]
    if not own:
        return None
    asked = content(question)
    shared = [len(asked & (frozenset(stems(fact.label)) - _COUNTING)) for fact in own]
    if max(shared):
        return own[int(np.argmax(shared))], 0.9
    cosines = vectors(desk, tuple(spoken_name(fact.name) for fact in own))
    near = cosines @ desk.shop.encoder.encode_query([question])[0]
    best = int(np.argmax(near))
    return (own[best], 0.8) if near[best] >= COUNTS else None


def is_count(fact: Fact) -> bool:
    """Whether a fact is a whole number of things: it has no unit, and its name counts or is a plural."""
    return (
        any(stem in _COUNTING or word.endswith("s") for word in fact.label.split() for stem in stems(word))
        and fact.flag is None
        and fact.number is not None
        and fact.number == int(fact.number)
        and re.fullmatch(r"[\d.,]+", fact.value.strip()) is not None
    )


def nearest_fact(desk: ShopContext, product: Product, question: str) -> Fact | None:
    """The field that comes nearest to a question which none answers."""
    near = None if asks_material(question) else _by_meaning(desk, product, question)
    return near[0] if near is not None else None


def _named_facts(desk: ShopContext, product: Product, question: str) -> list[tuple[Fact, float]]:
    facts = facts_of(desk, product)
    if asks_material(question):
        told = [(fact, 1.0) for fact in facts if fact.name not in _CALLED and _is_material(fact)]
        price = [fact for fact in facts if fact.name == "price" and _called(fact.name, question)]
        return [*told, *((fact, 0.9) for fact in price)] if told else []
    asked = content(question)
    left = question  # "wireless carrier" asks for no connectivity called "wireless"
    for fact in facts:
        if len(stems(fact.label)) > 1 and set(stems(fact.label)) <= asked:
            left = re.sub(re.escape(fact.label), " ", left, flags=re.I)
    unnamed = content(left)
    scored = [
        _by_value(desk, fact, left, unnamed) or (fact, _by_name(desk, fact, question, asked))
        for fact in facts
    ]
    named = [pair for pair in scored if pair[1] >= SURE]
    if meant := _by_topic(facts, question, asked):
        sure = [pair for pair in named if pair[0].holds or pair[0].name in _CALLED or pair[1] == 1.0]
        return [*sure, *((fact, TOPIC) for fact in meant if all(fact.name != f.name for f, _ in sure))]
    if any(fact.wanted for fact, _ in named):  # "available in blue" asks for the color, not for the stock
        named = [pair for pair in named if pair[0].wanted or pair[0].name == "price"]
    if not named:
        return []
    best = max(score for _, score in named)
    common = [pair for pair in named if pair[0].name in _CALLED]
    special = [pair for pair in named if pair[1] >= best - 0.05 and pair not in common]
    return [*special, *(common if best < 1.0 or not special else ())]


def _by_topic(facts: Sequence[Fact], question: str, asked: frozenset[str]) -> list[Fact]:
    """The fields that tell what a question is about in everyday words, the most telling first: of each topic
    those of the best name, of "dimensions" all.
    """
    found: list[Fact] = []
    own = [
        fact
        for fact in facts
        if fact.name not in _CALLED and not fact.is_code and not _OF_THE_PARCEL & set(fact.label.split())
    ]
    for topic in asked_topics(question):
        ranked = [
            (rank, fact)
            for fact in own
            if (rank := topic.rank(fact.label)) is not None
            and not (topic.counts and fact.flag is not None)
            and not _is_other_quantity(fact, question)
            and (not topic.naming & asked or topic.naming & asked & set(stems(fact.label)))
        ]
        said = {fact.name: len(asked & set(stems(fact.label))) for _, fact in ranked}
        most = max(said.values(), default=0)
        several = topic.name in _OF_SEVERAL and not most
        kept = [pair for pair in ranked if said[pair[1].name] == most]
        least = min((rank for rank, _ in kept), default=0)
        found += [fact for rank, fact in sorted(kept, key=lambda pair: pair[0]) if several or rank == least]
    return list(dict.fromkeys(found))[:MOST_OF_TOPIC]


def _is_material(fact: Fact) -> bool:
    return fact.flag is None and tells_material(fact.label, fact.value)


def _by_meaning(desk: ShopContext, product: Product, question: str) -> tuple[Fact, float] | None:
    own = [fact for fact in facts_of(desk, product) if fact.name not in _CALLED and not fact.is_code]
    own = [fact for fact in own if not _is_other_quantity(fact, question)]
    if not own or not content(question):
        return None
    texts = (*(spoken_name(fact.name) for fact in own), *(_spoken(fact) for fact in own))
    cosines = vectors(desk, texts) @ desk.shop.encoder.encode_query([question])[0]
    cosines = cosines.reshape(2, len(own)).max(axis=0)  # (name, name and value) x fields -> fields
    best = int(np.argmax(cosines))
    return (own[best], float(cosines[best])) if cosines[best] >= ALIKE else None


def vectors(desk: ShopContext, texts: Sequence[str]) -> np.ndarray:
    """Vectors of what the shop wrote, kept for good as those of its products are; shape (n, d)."""
    return _vectors(desk.shop.encoder, tuple(texts))


@lru_cache(maxsize=512)
def _vectors(encoder: Encoder, texts: tuple[str, ...]) -> np.ndarray:
    return encoder.encode_document(texts)


def _by_name(desk: ShopContext, fact: Fact, question: str, asked: frozenset[str]) -> float:
    """How clearly a question names a field: 1 where all of its name is said, 0.95 where its quantity is
    asked.
    """
    if fact.name in _CALLED:
        return 0.9 if _called(fact.name, question) else 0.0
    counts = is_count(fact) and not _HOW_MANY.search(question) and asked_measure(question) is not None
    if counts or _is_other_quantity(fact, question):  # "how high is the seat" asks for no number of seats
        return 0.0
    measure = asked_measure(question) if not asked_topics(question) else None
    if (
        measure is not None
        and fact.number is not None
        and any(measures(fact.name, t) for t in measure.topics)
    ):
        return 0.95
    label = frozenset(stems(fact.label)) - {"of", "and", "in", "for"}
    if fact.flag is False and not label <= frozenset(stems(question)):
        return 0.0  # that it has no performance fabric tells nothing of its fabric
    if not label or not label & (asked | frozenset(stems(question))):
        return 0.0
    covers = _covered(desk, asked, label | frozenset(stems(fact.value))) >= COVERED
    if label <= frozenset(stems(question)):
        return 1.0 if covers else 0.7
    return (
        0.8
        if asked and asked <= label | frozenset(stems(fact.value))
        else 0.6 * len(label & asked) / len(label)
    )


def _is_other_quantity(fact: Fact, question: str) -> bool:
    """Whether a field is another quantity that goes by the same words: own weight, length."""
    if _BORNE.search(question) and fact.label in _OWN_WEIGHT:
        return True
    return bool(_EXTENTS & set(fact.label.split())) and bool(_LASTING.search(question))


def _called(name: str, question: str) -> bool:
    return bool(re.search(_CALLED[name], question, re.I))


def _by_value(
    desk: ShopContext, fact: Fact, question: str, asked: frozenset[str]
) -> tuple[Fact, float] | None:
    """The field with whether it has the value that a question asks for: "does it come in yellow", "5G on
    that?".
    """
    field = desk.schema.field(fact.name)
    if not isinstance(field, Field) or fact.flag is not None or fact.name in _CALLED or not asked:
        return None
    named = bool(field.stems) and frozenset(field.stems) <= frozenset(stems(question))
    said = frozenset(stems(question))
    values = (said_as for value, words in field.stemmed_values for said_as in _said_as(value, words))
    wanted = [(value, words) for value, words in values if _asks_for(words, said, named=named)]
    if not wanted:
        return None
    value, words = max(wanted, key=lambda pair: len(pair[1]))
    if _covered(desk, asked, frozenset(words) | frozenset(field.stems)) < COVERED:
        return None
    own = [frozenset(stems(part)) for part in re.split(r",|/|;", fact.value)]
    holds = any(frozenset(words) <= part for part in own)
    return fact.model_copy(update={"wanted": value, "holds": holds}), 0.97 if named else 0.9


def _said_as(value: str, words: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A value as it is written, and each part of one that names several: "walnut" of "Walnut/black"."""
    yield value, words
    parts = value.split("/")
    yield from ((part.strip(), tuple(stems(part))) for part in parts if len(parts) > 1)


def _asks_for(words: tuple[str, ...], said: frozenset[str], *, named: bool) -> bool:
    """Whether a question says a value; a bare number is one only beside the field's name ("size 8")."""
    telling = frozenset(words) - FUNCTION_WORDS
    return bool(telling) and telling <= said and (named or not all(word.isdigit() for word in telling))


def _covered(desk: ShopContext, asked: frozenset[str], words: frozenset[str]) -> float:
    """Share of the asked words that are among these, rare ones of the shop counting more; 0 to 1."""
    weights = {word: rarity(desk, word) for word in asked - _TELLING}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in words) / total if total else 1.0


def _spoken(fact: Fact) -> str:
    name = spoken_name(fact.name)
    return name if fact.flag is not None else f"{name} {fact.value}"


def rarity(desk: ShopContext, word: str) -> float:
    """Inverse document frequency of a word in this shop."""
    search = desk.shop.search
    return math.log(1 + len(search.item_ids) / (1 + search.keywords.document_frequency(word)))
