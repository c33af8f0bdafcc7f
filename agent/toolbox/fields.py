"""What the shop itself says about a product: its fields as one says them, and its description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.guards.claims import stem
from agent.guards.glue_words import glue_stems
from agent.guards.input_guard import without_instructions
from agent.money import price_range as format_range
from agent.reasons.evidence import (
    best_snippet,
    field_evidence,
    field_text,
    name_and_unit,
    quotable,
    shorten,
    spoken_name,
    stock_text,
    value_text,
)
from agent.records import Evidence
from retrieval.catalog import Product
from retrieval.text.normalization import fold

MAX_FIELDS = 6
_MEASURING = frozenset(
    map(
        stem, ("temperature", "degrees", "time", "minutes", "hours", "take", "takes", "need", "long", "value")
    )
)
_STOCK = re.compile(r"\bavailab|\bhow many\b.*\b(?:left|in stock|have you|do you have)\b", re.IGNORECASE)
_PRICE = re.compile(r"\bprice\b|\bcosts?\b|\bhow much (?:is|are)\b", re.IGNORECASE)
_SAID = {"stock": _STOCK, "price": _PRICE}


def answers(product: Product, question: str, names: Sequence[str]) -> list[tuple[str, Evidence]]:
    """The fields and sentences that answer the question, quoted."""
    asked = {fold(name) for name in names}
    stems = key_stems(question)
    found: list[tuple[str, Evidence]] = []
    for name, value in fields_of(product):
        own = {stem(word) for word in re.findall(r"\w+", spoken_name(name))}
        bare = {stem(word) for word in re.findall(r"\w+", name_and_unit(name)[0])}
        measured = (
            bool(bare) and bare <= stems and stems <= bare | _MEASURING
        )  # "the comfort temperature": "comfort_c"
        said = _SAID.get(name)  # in words that are no key words
        named = fold(name) in asked or (own and own <= stems) or measured or (said and said.search(question))
        if named or (stems and stems <= _stems(f"{name} {value}")):
            found.append((field_text(name, shorten(value, 120)), field_evidence(product, name, value)))
    if found:
        return found[:3]
    snippet, hits = best_snippet(product.description, stems)
    if snippet and hits >= min(2, len(stems)):
        return [(f"“{shorten(snippet, 240)}”", field_evidence(product, "description", snippet))]
    return []


def fields_of(product: Product) -> list[tuple[str, str]]:
    fields = [
        (name, value_text(value)) for name, value in (*product.attributes.items(), *product.options.items())
    ]
    fields.append(("price", format_range(product.price, product.price_max, product.currency)))
    if product.brand:
        fields.append(("brand", product.brand))
    if product.stock is not None:
        fields.append(("stock", stock_text(product.stock)))
    return [(name, value) for name, value in fields if value and without_instructions(value) == value.strip()]


def told_fields(product: Product) -> str:
    """All that the shop says about a product, as a model may read it."""
    fields = "\n".join(field_text(name, value) for name, value in fields_of(product))
    return without_instructions(f"{product.title}\n{fields}\n{product.description}")


def overview(product: Product) -> str:
    shown = [(name, value) for name, value in fields_of(product) if name not in ("brand", "stock")]
    facts = "; ".join(field_text(name, shorten(value, 60)) for name, value in shown[:MAX_FIELDS])
    head = best_line(product.description)
    return f"“{head}” {facts}" if head else facts


def overview_evidence(product: Product) -> list[Evidence]:
    evidence = [
        field_evidence(product, name, field_text(name, value))
        for name, value in fields_of(product)[:MAX_FIELDS]
    ]
    if head := best_line(product.description):
        evidence.append(field_evidence(product, "description", head))
    return evidence


def best_line(description: str) -> str:
    """The first sentence of a description that may be quoted; empty without one."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", description):
        if quotable(sentence):
            return shorten(sentence)
    return ""


def key_stems(text: str) -> set[str]:
    return {
        s for word in re.findall(r"[^\W_]+", text) if len(word) > 2 and (s := stem(word)) not in glue_stems()
    }


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[^\W_]+", text)}
