"""Random dialogues over any shop, made so that what must hold is known without asking the assistant.

The shopper draws wishes from the shop's products, words them in one of many ways, changes them, takes them
back, rejects products and undoes. A product shown against what was wished is a violation.
"""

from __future__ import annotations

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.simulation.phrasing import Phrasing
from retrieval.filters import And, Attribute, Brand, Filter, Items, Not, Or, Price
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

_SIGNS = {"USD": ("$", "dollars"), "EUR": ("€", "euros"), "GBP": ("£", "pounds")}
_PLAIN = re.compile(r"[A-Za-z][a-z]+(?:[ -][A-Za-z][a-z]+){0,2}")
_TOO_COMMON = """
yes no none other new all one regular basic normal standard free the small medium large light full style set
size color title default true false any assorted multi various not gift sale home
"""


LISTING = ("seek", "refine", "more", "reject", "recommend", "undo", "start_over")
"""Moves whose products answer what is wished; the others show what was asked about."""


@dataclass(frozen=True)
class Intended:
    """What the shopper wished so far, as filters by what they are about; told apart from what was
    understood."""

    price: Price | None = None
    brand: Filter | None = None
    values: tuple[tuple[str, Filter], ...] = ()
    denied: tuple[Filter, ...] = ()
    rejected: tuple[str, ...] = ()

    def filter(self) -> Filter:
        parts = [part for part in (self.price, self.brand) if part is not None]
        parts += [condition for _, condition in self.values]
        return And((*parts, *self.denied, Not(Items(self.rejected))))


@dataclass
class RandomResult:
    dialogues: int = 0
    turns: int = 0
    products: int = 0
    violations: list[str] = field(default_factory=list)
    """Session's words so far and the product that broke them."""
    loosened: int = 0
    """Turns that showed the nearest, and said so, as nothing met all that was wished."""
    needless: list[str] = field(default_factory=list)
    """Session's words so far after which a condition gave way although something of the kind meets them all.
    """
    empty: list[str] = field(default_factory=list)
    """Session's words so far after which nothing was shown although something of the kind fits."""


class RandomShopper:
    """Draws one wish after another. ``words``: each value of an attribute, with the filter it stands for."""

    def __init__(self, products: Sequence[Product], rng: random.Random) -> None:
        self.rng = rng
        currency = Counter(p.currency for p in products).most_common(1)[0][0]
        self.phrasing = Phrasing(rng, *_SIGNS.get(currency, ("$", "dollars")))
        self.products = products
        self.brands = [
            name for name, n in Counter(p.brand for p in products if p.brand).items() if _sayable(name) and n
        ]
        self.prices = sorted(p.price for p in products if p.price is not None)
        self._exact = set(self.prices)
        self.nouns = sorted(
            {p.category[-1].lower() for p in products if p.category and _sayable(p.category[-1])}
        )
        taken = {*self.brands, *(name for p in products for name in (*p.category, *p.tags))}
        self.values = _values(products, taken)
        self.intended = Intended()
        self.noun = ""
        self.before: list[tuple[str, Intended]] = []

    def first(self) -> str:
        """The opening: what is sought, often with a first wish."""
        noun = self.noun = self.rng.choice(self.nouns) if self.nouns else "something nice"
        text = self.phrasing.topic(noun, first=True).rstrip("?")
        if self.prices and self.rng.random() < 0.4:
            limit = self._some_price()
            self._change(price=Price(max=float(limit)))
            text = f"{text} under {self.phrasing.amount(limit)}"
        else:
            self._change()
        return text

    def next(self, shown: Sequence[str]) -> str:
        """The next utterance; updates what is intended."""
        steps: list[tuple[float, Callable[[], str]]] = [
            (2.0 if self.prices else 0.0, self._price),
            (1.0 if self.intended.price and self.intended.price.max else 0.0, self._correct),
            (0.7 if self.intended.price else 0.0, self._any_price),
            (1.5 if self.brands else 0.0, self._not_brand),
            (0.7 if len(self.brands) > 1 and self.intended.brand is None else 0.0, self._brand),
            (1.2 if self.values else 0.0, self._value),
            (1.2 if self.values else 0.0, self._not_value),
            (1.2 if len(shown) > 1 else 0.0, lambda: self._reject(shown)),
            (0.7 if len(self.before) > 1 else 0.0, self._undo),
            (0.5, self._start_over),
            (0.7 if self.nouns else 0.0, self._next_topic),
        ]
        weights = [weight for weight, _ in steps]
        return self.rng.choices([step for _, step in steps], weights)[0]()

    def _change(self, **changes: object) -> None:
        self.before.append((self.noun, self.intended))
        self.intended = Intended(**{**vars(self.intended), **changes})  # type: ignore[arg-type]

    def _some_price(self) -> int:
        place = self.rng.uniform(0.15, 0.9)
        limit = max(2, round(self.prices[int(place * (len(self.prices) - 1))]) + 1)
        while float(limit) in self._exact:  # "under 50" and "at most 50" then mean the same products
            limit += 1
        return limit

    def _price(self) -> str:
        """A bound or a range; a bound leaves the other side as it was said, unless nothing could keep to both."""
        kind = self.rng.random()
        if kind < 0.6 or (self.intended.price is not None and kind < 0.9):
            limit = self._some_price()
            low = self.intended.price.min if self.intended.price else None
            self._change(price=Price(min=low if low is not None and low < limit else None, max=float(limit)))
            return self.phrasing.at_most(limit)
        if kind < 0.75:
            limit = self._some_price()
            high = self.intended.price.max if self.intended.price else None
            self._change(
                price=Price(min=float(limit), max=high if high is not None and high > limit else None)
            )
            return self.phrasing.at_least(limit)
        low, high = sorted((self._some_price(), self._some_price() + 3))
        self._change(price=Price(min=float(low), max=float(high)))
        return self.phrasing.between(low, high)

    def _correct(self) -> str:
        limit = self._some_price()
        self._change(price=Price(max=float(limit)))
        return self.phrasing.corrected(limit)

    def _any_price(self) -> str:
        self._change(price=None)
        return self.phrasing.any_price()

    def _not_brand(self) -> str:
        name = self.rng.choice(self.brands)
        brand = None if self.intended.brand == Brand((name,)) else self.intended.brand
        self._change(denied=(*self.intended.denied, Not(Brand((name,)))), brand=brand)
        return self.phrasing.brand(name, wanted=False)

    def _brand(self) -> str:
        name = self.rng.choice(self.brands)
        self._change(brand=Brand((name,)), denied=_without(self.intended.denied, Not(Brand((name,)))))
        return self.phrasing.brand(name, wanted=True)

    def _value(self) -> str:
        word, key, condition = self.rng.choice(self.values)
        others = tuple(pair for pair in self.intended.values if pair[0] != key)
        self._change(
            values=(*others, (key, condition)), denied=_without(self.intended.denied, Not(condition))
        )
        return self.phrasing.value(word, wanted=True)

    def _not_value(self) -> str:
        word, _, condition = self.rng.choice(self.values)
        kept = tuple(pair for pair in self.intended.values if pair[1] != condition)
        self._change(values=kept, denied=(*self.intended.denied, Not(condition)))
        return self.phrasing.value(word, wanted=False)

    def _reject(self, shown: Sequence[str]) -> str:
        place = self.rng.randrange(min(len(shown), 5))
        self._change(rejected=(*self.intended.rejected, shown[place]))
        return self.phrasing.rejected(place)

    def _undo(self) -> str:
        self.noun, self.intended = self.before.pop()
        return self.rng.choice(("undo", "go back", "undo that please"))

    def _start_over(self) -> str:
        self.before.append((self.noun, self.intended))
        self.noun, self.intended = self.rng.choice(self.nouns) if self.nouns else "something", Intended()
        return f"start over, show me {self.noun}"

    def _next_topic(self) -> str:
        self._change(price=None, brand=None, values=(), denied=())  # another errand starts afresh
        self.noun = self.rng.choice(self.nouns)
        return self.phrasing.topic(self.noun, first=False)

    def fits(self, product: Product) -> bool:
        """Whether a product is of the kind and meets all that is wished."""
        own_kind = not self.nouns or bool(product.category and product.category[-1].lower() == self.noun)
        return own_kind and self.intended.filter().matches(product)


def run_random(
    assistant: ShoppingAssistant,
    count: int,
    *,
    seed: int = 0,
    turns: int = 6,
    progress: Callable[[str, int, int | None], None] = lambda label, done, total: None,
) -> RandomResult:
    """``count`` random dialogues of up to ``turns`` turns each; reproducible by ``seed``."""
    products = list(assistant.shop.catalog.products())
    by_id = {product.item_id: product for product in products}
    result = RandomResult()
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        shopper = RandomShopper(products, rng)
        session = f"random-{uuid.uuid4().hex}"
        said: list[str] = []
        shown: tuple[str, ...] = ()
        for turn in range(rng.randint(2, turns)):
            said.append(shopper.next(shown) if turn else shopper.first())
            reply = assistant.reply(said[-1], session_id=session)
            meant = shopper.intended.filter()
            items = tuple(card.item_id for card in reply.cards)
            fitting = any(shopper.fits(product) for product in products)
            if reply.record.loosened:
                result.loosened += 1
                if fitting:
                    result.needless.append(f"{said} lets go {', '.join(reply.record.loosened)}")
            elif reply.record.understanding.get("moves", ("",))[0] in LISTING:
                result.products += len(items)
                broken = [item for item in items if not meant.matches(by_id[item])]
                result.violations += [f"{said} shows {by_id[i].title} ({i})" for i in broken]
            if not items and fitting:
                result.empty.append(str(said))
            shown = items or shown
        result.dialogues += 1
        result.turns += len(said)
        progress("random dialogues", number + 1, count)
    return result


def _without(denied: tuple[Filter, ...], taken_back: Filter) -> tuple[Filter, ...]:
    return tuple(condition for condition in denied if condition != taken_back)


def _sayable(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and not set(name.lower().split()) & set(_TOO_COMMON.split())


def _values(products: Sequence[Product], taken: set[str]) -> list[tuple[str, str, Filter]]:
    """Attribute values that are words and in no kind or tag: (word, an attribute that has it, its filter)."""
    names: dict[str, dict[str, str]] = {}
    for product in products:
        for name, value in (*product.attributes.items(), *product.options.items()):
            for text in value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ():
                if _sayable(text) and len(text) > 3:
                    names.setdefault(text.lower(), {})[name] = text
    owned = {word.rstrip("s") for name in taken for word in re.findall(r"[a-z]+", name.lower())}
    return [
        (word, next(iter(keys)), _kinds_of(word, names))
        for word, keys in sorted(names.items())
        if owned.isdisjoint(part.rstrip("s") for part in word.split())
    ]


def _kinds_of(word: str, names: dict[str, dict[str, str]]) -> Filter:
    """Any value that is the word or a kind of it: steel, stainless steel."""
    kinds = [
        keys for value, keys in names.items() if value == word or value.endswith((f" {word}", f"-{word}"))
    ]
    return Or(tuple(Attribute(name, (text,)) for keys in kinds for name, text in keys.items()))
