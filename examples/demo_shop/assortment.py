"""The products of the demo shop: latent qualities, and the numbers, words and prices that follow."""

from __future__ import annotations

import math
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GENERAL_ASPECTS = ("price", "delivery", "durability")


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
        brand = random_.choice(data["brands"][kind["department"]])
        name = _name(random_, brand, data["models"], names)
        items.append(_make_item(random_, kind, number, brand, brands[brand], name))
    return items


def _make_item(
    random_: random.Random, kind: dict[str, Any], number: int, brand: str, reputation: float, name: str
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
    title = f"{brand} {name} {_fill(kind['title'], attributes)}"
    return Item(
        item_id=f"{kind['department'][:3].upper()}-{number + 1001}",
        kind=kind["name"],
        department=kind["department"],
        shelf=kind["shelf"],
        title=title,
        description=_description(random_, kind, attributes),
        brand=brand,
        price=_charm(price),
        attributes=attributes,
        options=options,
        tags=[*kind["tags"], kind["name"]],
        stock=0 if random_.random() < 0.05 else int(random_.expovariate(1 / 25)) + 1,
        icon=kind["icon"],
        quality=quality,
        appeal=random_.gauss(0.35 * overall + 0.25 * reputation, 0.8),
    )


def _attributes(
    random_: random.Random, kind: dict[str, Any], quality: dict[str, float]
) -> tuple[dict[str, Any], float]:
    """The attributes, and what they add to the log of the price."""
    attributes: dict[str, Any] = {}
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
            attributes[name] = _measured(random_, spec, quality.get(spec["by"], 0.0))
    return attributes, worth


def _measured(random_: random.Random, spec: dict[str, Any], quality: float) -> float:
    """A number between ``low`` and ``high`` that follows a latent quality, with some noise."""
    place = 0.5 * (1 + math.erf((quality + random_.gauss(0, 0.35)) / 1.6))
    value = spec["low"] + (spec["high"] - spec["low"]) * place
    step = spec.get("step", 1)
    digits = spec.get("digits", 0)
    return round(value, digits) if digits else int(round(value / step) * step)


def _name(random_: random.Random, brand: str, models: list[str], names: set[str]) -> str:
    """A model name that no other product of the brand has."""
    while True:
        name = random_.choice(models)
        if random_.random() < 0.4:
            name += f" {random_.choice((2, 3, 20, 40, 100, 300, 'Pro', 'Mini', 'Plus', 'Air'))}"
        if f"{brand} {name}" not in names:
            names.add(f"{brand} {name}")
            return name


def _fill(template: str, attributes: dict[str, Any]) -> str:
    """Fills ``{name}`` with an attribute and ``{Name}`` with it in title case."""
    words = {name: _written(value) for name, value in attributes.items()}
    titles = {name[0].upper() + name[1:]: _titled(value) for name, value in words.items()}
    return template.format_map({**words, **titles})


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _titled(value: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in value.split())


def _description(random_: random.Random, kind: dict[str, Any], attributes: dict[str, Any]) -> str:
    text = kind["text"]
    sentences = [_fill(sentence, attributes) for sentence in text["shop"]]
    random_.shuffle(sentences)
    sentences += [text[name] for name, value in attributes.items() if value is True and name in text]
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def _charm(price: float) -> float:
    """A price as shops write it: 12.90, 48.50, 139.00."""
    if price < 20:
        return round(round(price * 10) / 10 - 0.01, 2) if price > 1 else 0.99
    if price < 100:
        return round(price * 2) / 2
    return float(round(price / 5) * 5 - 1)
