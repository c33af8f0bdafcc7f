"""Evidence as records: where a fact of this turn stands, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.checks.claims import stem
from agent.checks.input_guard import is_instruction
from agent.records import Evidence
from agent.understanding.language.units import NAMES, name_and_unit, spoken_name
from agent.wording import say
from retrieval.records import AttributeValue, Product
from retrieval.reviews.text import sentence_spans

QUOTE_LENGTH = 160
COUNTLESS = 1000
"""From so many in stock on, the number is no count that helps a shopper."""
_NUMBER = re.compile(r"-?\d[\d.,]*")
_ENDS_OF_RANGE = {"from": "from", "min": "at least", "max": "up to"}


def field_evidence(product: Product, field: str, text: str, value: float | None = None) -> Evidence:
    return Evidence(
        evidence_id=f"field:{product.item_id}:{field}",
        kind="field",
        item_id=product.item_id,
        source=field,
        text=text,
        value=value,
    )


def review_evidence(item_id: str, review_id: str, quote: str) -> Evidence:
    return Evidence(
        evidence_id=f"review:{review_id}",
        kind="review",
        item_id=item_id,
        source=f"review {review_id}",
        text=quote,
    )


def signal_evidence(item_id: str, name: str, text: str, value: float | None = None) -> Evidence:
    return Evidence(
        evidence_id=f"signal:{item_id}:{name}",
        kind="signal",
        item_id=item_id,
        source=name,
        text=text,
        value=value,
    )


def copurchase_evidence(item_id: str, other: str, text: str, count: int) -> Evidence:
    """How many shoppers took ``item_id`` who took ``other`` as well."""
    return Evidence(
        evidence_id=f"copurchase:{other}:{item_id}",
        kind="copurchase",
        item_id=item_id,
        source=f"shoppers of {other}",
        text=text,
        value=count,
    )


def shorten(text: str, limit: int = QUOTE_LENGTH) -> str:
    """The beginning of a text, cut between words and marked as cut; verbatim as far as it goes."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def quotable(text: str) -> bool:
    """Whether a stranger's sentence may be shown: it says something and instructs nobody."""
    return (
        len(text.split()) >= 3 and "<" not in text and "http" not in text.lower() and not is_instruction(text)
    )


_OPEN_BRACKET = re.compile(r"[\s,;:|/–-]*[(\[][^)\]]*…$")


def short_title(title: str, limit: int = 60) -> str:
    """A title as prose can carry it: whole, or cut between words after ``limit`` characters and marked as
    cut. What stands after a dash is often what tells two products apart; a bracket that was cut open goes.
    """
    cut = shorten(title, limit)
    return cut if cut == " ".join(title.split()) else _OPEN_BRACKET.sub("…", cut)


def best_snippet(text: str, wanted: Iterable[str]) -> tuple[str, int]:
    """The sentence of ``text`` with most of the wanted stems, and how many it has; ("", 0) when none."""
    stems = set(wanted)
    best, most = "", 0
    for sentence in sentences(text):
        found = len(stems & {stem(word) for word in sentence.replace("/", " ").replace("-", " ").split()})
        if found > most and quotable(sentence):
            best, most = sentence, found
    return best, most


def value_text(value: AttributeValue) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def counted(count: int, noun: str) -> str:
    """``1, "review"`` -> ``1 review``; ``2,100`` of them -> ``2,100 reviews``; also "shopper" and "buyer"."""
    return say(f"count.{noun}", count=count)


def stars_text(stars: float, reviews: int) -> str:
    """``4.3 stars from 7 reviews``; without them what the shop states, ``4.3 stars``."""
    if not reviews:
        return say("stars.only", stars=round(stars, 1))
    return say("stars.of", stars=round(stars, 1), reviews=counted(reviews, "review"))


def stock_text(stock: int) -> str:
    """How many are in stock, as far as the number tells anything: shops write 999999 for "we never run
    out".
    """
    if 0 < stock < COUNTLESS:
        return say("stock.count", count=stock)
    return say("stock.in" if stock else "stock.out")


def field_text(name: str, value: str) -> str:
    """A field as one says it: "noise 55 dB", "from age 8", "1050 lumens"; in words "material: glass"."""
    if name == "stock":
        return value
    if not _NUMBER.match(value):
        return f"{spoken_name(name)}: {value}"
    bare, unit = name_and_unit(name)
    if unit or not _NUMBER.fullmatch(value):
        return f"{bare} {value} {unit}".rstrip()
    head, _, last = bare.rpartition(" ")
    if head and last.lower() in _ENDS_OF_RANGE:
        counted = f"{value} {head}" if head.endswith("s") else f"{head} {value}"
        return f"{_ENDS_OF_RANGE[last.lower()]} {counted}"
    if bare.lower() in NAMES or bare.endswith("s"):
        return f"{value} {bare.removesuffix('s') if value == '1' else bare}"
    return f"{bare} {value}"


def product_texts(product: Product) -> tuple[str, ...]:
    """All that the shop says about a product, as sentences a claim can be checked against."""
    texts: list[str] = [product.title, product.description, *product.category, *product.tags]
    if product.brand:
        texts.append(f"brand {product.brand}")
    for name, value in (*product.attributes.items(), *product.options.items()):
        named = spoken_name(name)
        if isinstance(value, bool):
            texts.append(named if value else f"not {named}")
        else:
            texts.append(f"{named} {value_text(value)} {named}")
    texts.extend(f"{spoken_name(name)} {text}" for name, text in product.texts.items())
    return tuple(text for text in texts if text)


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a shop's text; "approx. 12 cm" and "No. 5" end none."""
    return tuple(text[start:end] for start, end in sentence_spans(text))
