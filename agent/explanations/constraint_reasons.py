"""The reason "it is what you asked for": one condition of the shopper, and the product's own field that meets
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.checks.claims import stem
from agent.explanations.absence_reasons import sentence_of
from agent.explanations.evidence import (
    COUNTLESS,
    best_snippet,
    field_evidence,
    field_text,
    quotable,
    shorten,
    spoken_name,
    stock_text,
    value_text,
)
from agent.money import price as format_price
from agent.money import price_range as format_range
from agent.records import Evidence, Reason
from agent.understanding.language.text import stems
from agent.wording import say
from retrieval.absence.verdict import verdict
from retrieval.filters import (
    Absent,
    And,
    Attribute,
    Brand,
    Category,
    Filter,
    InStock,
    Not,
    Or,
    Price,
    Tags,
    Words,
    attribute_values,
)
from retrieval.records import Product
from retrieval.text.normalization import fold
from retrieval.text_attributes.properties import GENDER, is_called
from retrieval.variants import stock_of

OF_A_KIND = 0.2
"""What it tells that a product is of the kind that was asked for."""
UPPER_LIMIT = re.compile(r"^(?:.* to|under|at most) (\S*\d\S*(?: [A-Z]{3})?)$")
"""The last amount of "$20 to $60", "under $60" and "at most $60"."""


@dataclass(frozen=True)
class Ground:
    """A reason with its evidence, and how much it tells (0 to 1)."""

    reason: Reason
    evidence: tuple[Evidence, ...]
    strength: float
    repeats: bool = False
    """Whether it only says again what was asked for: a price within the limit, the kind, the tag."""


def constraint_ground(condition: Filter, product: Product, label: str = "") -> Ground | None:
    """How the product meets a condition, quoting its field; None when nothing can be quoted.

    ``label``: what the condition is called where it is in force ("under $60"); a limit is named as there.
    """
    match condition:
        case And(parts):
            grounds = [ground for part in parts if (ground := constraint_ground(part, product))]
            return max(grounds, key=lambda ground: ground.strength, default=None)
        case Or(parts):
            fitting = (part for part in parts if _holds(part, product))
            found = next((ground for part in fitting if (ground := constraint_ground(part, product))), None)
            of_a_kind = any(isinstance(part, Category) for part in parts)
            # That a tent is a tent is no news on its card.
            return replace(found, strength=OF_A_KIND, repeats=True) if found and of_a_kind else found
        case Not(part):
            return _denied(part, product)
        case Price():
            return _price(condition, product, label)
        case Attribute():
            return _attribute(condition, product)
        case Brand() if product.brand and _holds(condition, product):
            return _ground(product, "brand", product.brand, say("reason.brand", brand=product.brand), 0.5)
        case Tags(names) if _holds(condition, product):
            wanted = {fold(name) for name in names} | {" ".join(stems(name)) for name in names}
            tag = next((t for t in product.tags if {fold(t), " ".join(stems(t))} & wanted), None)
            if tag is None:
                return None
            found = _ground(product, "tags", tag, say("reason.tag", tag=tag), 0.4)
            return replace(found, repeats=True)
        case InStock() if product.stock:
            few = product.stock < COUNTLESS
            left = say("reason.stock_left" if few else "reason.stock", count=product.stock)
            return _ground(product, "stock", stock_text(product.stock), left, 0.3)
        case Words(text):
            return words_ground(text, product, 0.55)
        case Absent():
            return _absent(condition, product)
    return None


def words_ground(text: str, product: Product, strength: float, *, fields_only: bool = False) -> Ground | None:
    """Where the product's own words say what was asked for, quoted."""
    wanted = {stem(word) for word in re.findall(r"\w+", text) if len(word) > 2}
    if not wanted:
        return None
    for name, value in (*product.attributes.items(), *product.options.items()):
        if (
            isinstance(value, str)
            and wanted <= {stem(word) for word in re.findall(r"\w+", value)}
            and len(value) < 60
        ):
            text = say("reason.named", name=spoken_name(name).capitalize(), value=value)
            return _ground(product, name, value, text, strength)
    if fields_only:
        return None
    snippet, found = best_snippet(product.description, wanted)
    if not snippet or found < min(len(wanted), 2):
        return None
    quote = shorten(snippet)
    return _ground(
        product,
        "description",
        snippet,
        say("reason.description", quote=quote),
        strength * found / len(wanted),
    )


def _price(condition: Price, product: Product, label: str) -> Ground | None:
    if product.price is None or not _holds(condition, product):
        return None
    price = format_range(product.price, product.price_max, product.currency)
    if condition.max is not None:
        limit = _limit(condition.max, label, product.currency)
        if product.price_max is not None and product.price_max > condition.max:
            text = say("reason.from_price", price=format_price(product.price, product.currency), limit=limit)
        else:
            text = say("reason.within", price=price, limit=limit)
    elif condition.min is not None:
        text = say("reason.above", price=price, limit=format_price(condition.min, product.currency))
    else:
        return None
    return replace(_ground(product, "price", price, text, 0.45, product.price), repeats=True)


def _limit(most: float, label: str, currency: str) -> str:
    """The upper limit in the words of its label; "under $60" is kept as at most 59.99."""
    if named := UPPER_LIMIT.search(label):
        return named.group(1)
    under = round(most + 0.01, 2)
    return format_price(under if under.is_integer() and not most.is_integer() else most, currency)


def _attribute(condition: Attribute, product: Product) -> Ground | None:
    if not _holds(condition, product):
        return None
    wanted = fold(condition.name)
    for name, value in (*product.attributes.items(), *product.options.items()):
        if fold(name) == wanted:
            if name in product.options and not (value := _meeting(condition, product, name)):
                return None  # what is asked for is sold out
            said = value_text(value)
            told = field_text(name, shorten(said, 80))
            told = f"{told[:1].upper()}{told[1:]}"
            if name in product.read:
                found = _read(product, product.read[name], told)
            else:
                found = _ground(product, name, said, told, 0.7)
            # That what was asked for women is for women is no news either.
            return replace(found, repeats=True) if found and is_called(name, GENDER) else found
    return None


def _meeting(condition: Attribute, product: Product, name: str) -> tuple[str, ...]:
    """The values of an option that meet a condition, without those that are sold out."""
    bare = product.model_copy(update={"attributes": {}})
    return tuple(
        value
        for value in product.options[name]
        if _holds(condition, bare.model_copy(update={"options": {name: (value,)}}))
        and stock_of(product.variants, {name: value}, None) != 0
    )


def _read(product: Product, passage: str, told: str) -> Ground | None:
    """A value that the shop does not state: the words that tell it."""
    if passage == product.title:
        return _ground(product, "title", passage, say("reason.by_name", told=told), 0.6)
    if passage in product.description:
        if not quotable(passage):
            return None
        text = say("reason.description", quote=shorten(passage))
        return _ground(product, "description", passage, text, 0.6)
    text = say("reason.by_kind", told=told, kind=shorten(passage, 60))
    return _ground(product, "category", passage, text, 0.5)


def _denied(part: Filter, product: Product) -> Ground | None:
    """Meeting a "not" by another value."""
    if _holds(part, product):
        return None
    match part:
        case Brand() if product.brand:
            return _ground(
                product,
                "brand",
                product.brand,
                say("reason.brand_not", brand=product.brand, other=part.names[0]),
                0.4,
            )
        case Attribute(name, values) if values:
            for own, value in attribute_values(product):
                if own == fold(name) and name not in product.read:
                    text = say(
                        "reason.value_not",
                        name=spoken_name(name).capitalize(),
                        value=value_text(value),
                        other=values[0],
                    )
                    return _ground(product, name, value_text(value), text, 0.5)
    return None


def _absent(condition: Absent, product: Product) -> Ground | None:
    """What shows that a product is without a thing; that its listing is silent shows nothing."""
    if not condition.sure or not _holds(condition, product):
        return None
    shown = verdict(product, condition)
    text, quote = sentence_of(shown, condition.thing)
    return _ground(product, shown.field, quote, text, 0.75) if text else None


def _holds(condition: Filter, product: Product) -> bool:
    return condition.matches(product)


def _ground(
    product: Product, field: str, said: str, text: str, strength: float, value: float | None = None
) -> Ground:
    evidence = field_evidence(product, field, said, value)
    reason = Reason(text=text, kind="constraint", evidence_ids=(evidence.evidence_id,))
    return Ground(reason, (evidence,), strength)
