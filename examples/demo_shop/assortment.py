"""The products of the demo shop: latent qualities, and the numbers, words and prices that follow."""

from __future__ import annotations

import math
import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GENERAL_ASPECTS = ("price", "delivery", "durability")
_BEFORE_A_VOWEL = re.compile(r"\b([Aa]) (?=[aeio]|8|11\b|18\b)")
_ONE_LITRE = re.compile(r"(?<![\d.])1 litres")
_SMALL_WORDS = ("and", "of", "with")


@dataclass(frozen=True)
class Item:
    """A product with what its texts and reviews are drawn from."""

    item_id: str
    kind: str
    department: str
    shelf: str
    title: str
    description: str
    brand: str
    price: float
    attributes: dict[str, Any]
    options: dict[str, list[str]]
    tags: list[str]
    stock: int
    icon: str
    scale: float
    """How large it is drawn."""
    quality: dict[str, float]
    """Latent quality by aspect, about normal(0, 1); never written to a file."""
    appeal: float
    """How well known it is: the log of its share of attention."""


def make_items(random_: random.Random, count: int) -> list[Item]:
    """``count`` products, spread evenly over the kinds of ``products.toml``."""
    with (HERE / "products.toml").open("rb") as file:
        data = tomllib.load(file)
    kinds = data["type"]
    brands = {name: random_.gauss(0, 0.5) for pool in data["brands"].values() for name in pool}
    names: set[str] = set()
    items = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        pool = data["brands"][kind["department"]]
        brand = random_.choice(pool)
        name = _name(random_, brand, data, kind["suffixes"], names)
        items.append(_make_item(random_, kind, number, brand, brands[brand], name, pool.index(brand)))
    return items


def _make_item(
    random_: random.Random,
    kind: dict[str, Any],
    number: int,
    brand: str,
    reputation: float,
    name: str,
    style: int,
) -> Item:
    base = random_.gauss(0.3 * reputation, 0.5)
    aspects = dict.fromkeys((*kind["aspects"], *GENERAL_ASPECTS))
    quality = {aspect: base + random_.gauss(0, 0.9) for aspect in aspects}
    attributes, worth = _attributes(random_, kind, quality)
    overall = sum(quality[a] for a in kind["aspects"]) / len(kind["aspects"])
    price = kind["price"] * math.exp(worth + 0.16 * overall + 0.15 * reputation + random_.gauss(0, 0.16))
    fair = kind["price"] * math.exp(worth + 0.16 * overall)
    quality["price"] = 2.5 * math.log(fair / price) + random_.gauss(0, 0.5)
    options = {"Size": list(sizes)} if (sizes := kind["attributes"].get("sizes")) else {}
    endings = kind["title"]
    return Item(
        item_id=f"{kind['department'][:3].upper()}-{number + 1001}",
        kind=kind["name"],
        department=kind["department"],
        shelf=kind["shelf"],
        title=f"{brand} {name} {_fill(endings[style % len(endings)], attributes, kind.get('words', {}))}",
        description=_description(random_, kind, attributes, number),
        brand=brand,
        price=_charm(price),
        attributes=attributes,
        options=options,
        tags=[*kind["tags"], kind["name"]],
        stock=0 if random_.random() < 0.05 else int(random_.expovariate(1 / 25)) + 1,
        icon=kind["icon"],
        scale=_scale(kind, attributes),
        quality=quality,
        appeal=random_.gauss(0.35 * overall + 0.25 * reputation, 0.8),
    )


def _attributes(
    random_: random.Random, kind: dict[str, Any], quality: dict[str, float]
) -> tuple[dict[str, Any], float]:
    """The attributes, and what they add to the log of the price."""
    attributes: dict[str, Any] = {}
    places: dict[str, float] = {}
    worth = 0.0
    for name, spec in kind["attributes"].items():
        if name == "sizes":
            continue
        if "of" in spec:
            place = random_.randrange(len(spec["of"]))
            attributes[name] = spec["of"][place]
            worth += spec.get("worth", 0.0) * (place / max(1, len(spec["of"]) - 1) - 0.5)
        elif "yes" in spec:
            attributes[name] = random_.random() < spec["yes"]
            worth += spec.get("worth", 0.0) * (attributes[name] - spec["yes"])
        else:
            attributes[name] = None  # measured below, of a product that can be
            places[name] = quality.get(spec["by"], 0.0) + random_.gauss(0, 0.35)
    _mend(kind, attributes)
    for name, place in places.items():
        if name in attributes:
            attributes[name] = _measured(kind["attributes"], name, attributes, place)
    return attributes, worth


def _mend(kind: dict[str, Any], attributes: dict[str, Any]) -> None:
    """Sets right what can't stand together, such as a hand grinder with a timer."""
    for rule in kind.get("rules", ()):
        if _holds(rule["when"], attributes):
            attributes.update(rule.get("then", {}))
            for name in rule.get("without", ()):
                del attributes[name]


def _holds(when: dict[str, list[Any]], attributes: dict[str, Any]) -> bool:
    return all(attributes.get(name) in values for name, values in when.items())


def _measured(specs: dict[str, Any], name: str, attributes: dict[str, Any], quality: float) -> float:
    """A number between ``low`` and ``high`` that follows a latent quality, times what size and make demand."""
    spec = specs[name]
    value = spec["low"] + (spec["high"] - spec["low"]) * 0.5 * (1 + math.erf(quality / 1.6))
    for other, factors in spec.get("times", {}).items():
        value *= factors[specs[other]["of"].index(attributes[other])]
    step = spec.get("step", 1)
    digits = spec.get("digits", 0)
    return round(value, digits) if digits else int(round(value / step) * step)


def _scale(kind: dict[str, Any], attributes: dict[str, Any]) -> float:
    for name, scales in kind.get("drawn", {}).items():
        return float(scales[kind["attributes"][name]["of"].index(attributes[name])])
    return 1.0


def _name(random_: random.Random, brand: str, data: dict[str, Any], suffixes: str, names: set[str]) -> str:
    """A model name that no other product of the brand has; what may not follow it is left out."""
    while True:
        name = random_.choice(data["models"])
        suffix = random_.choice(data["suffixes"]["any"]) if random_.random() < 0.4 else ""
        drawn = f"{brand} {name} {suffix}".rstrip()
        if drawn not in names:
            names.add(drawn)
            return f"{name} {suffix}" if suffix in data["suffixes"][suffixes] else name


def _fill(template: str, attributes: dict[str, Any], words: dict[str, dict[str, str]]) -> str:
    """Fills ``{name}`` with an attribute and ``{Name}`` with its word for titles."""
    plain = {name: _written(value) for name, value in attributes.items()}
    titles = {
        name[0].upper() + name[1:]: words.get(name, {}).get(value) or _titled(value)
        for name, value in plain.items()
    }
    text = _ONE_LITRE.sub("1 litre", template.format_map({**plain, **titles}))
    return _BEFORE_A_VOWEL.sub(r"\1n ", text)


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _titled(value: str) -> str:
    """Title case, also behind a hyphen: "front and rear" gives "Front and Rear"."""
    return " ".join(
        word if word in _SMALL_WORDS else "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
        for word in value.split()
    )


def _description(
    random_: random.Random, kind: dict[str, Any], attributes: dict[str, Any], number: int
) -> str:
    """An opening, every fact in one of its wordings, and a sentence for each flag that is set."""
    text = kind["text"]
    order = list(range(len(text["facts"])))
    random_.shuffle(order)
    wording = random.Random(f"{kind['name']} {number}")  # a new wording changes nothing else
    flags = [text[name] for name, value in attributes.items() if value is True and name in text]
    sentences = [
        _worded(wording, says, attributes)
        for says in (text["open"], *(text["facts"][at] for at in order), *flags)
    ]
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences if sentence)


def _worded(random_: random.Random, says: list[Any], attributes: dict[str, Any]) -> str:
    """One of the wordings that hold for the product; empty where none does."""
    fitting = [
        say if isinstance(say, str) else say["say"]
        for say in says
        if isinstance(say, str) or _holds(say["when"], attributes)
    ]
    return _fill(random_.choice(fitting), attributes, {}) if fitting else ""


def _charm(price: float) -> float:
    """A price as shops write it: 12.90, 48.50, 139.00."""
    if price < 20:
        return round(round(price * 10) / 10 - 0.01, 2) if price > 1 else 0.99
    if price < 100:
        return round(price * 2) / 2
    return float(round(price / 5) * 5 - 1)
