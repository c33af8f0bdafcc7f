"""Critiques of what is shown: "cheaper", "a bit bigger", "better battery", as constraints or preferences.

Every critique is relative to reference products: the one pointed at, else all on the screen. A known price or
numeric attribute gives a hard bound past the reference (past all on the screen where the shop has such
products, else past the most extreme that leaves any); what only buyers can judge gives a preference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.language.comparatives import Critique, Direction
from agent.language.directions import LESS_IS_BETTER, direction_on, is_better_lower
from agent.language.units import NAMES
from agent.meaning import Constraint, Preference
from agent.reading.bounds import CENT, amount_label, measure_constraint, named, price_constraint
from agent.reading.facts import Facts
from agent.reading.terms import NumericFacts
from agent.reading.vocabulary import Vocabulary
from retrieval.catalog import Product
from retrieval.filters import And, Attribute, Filter, Price, numbers_in

_LARGE_STEP = 0.4
_SIZES = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_SIZE_WORDS = {"extra small": "xs", "small": "s", "medium": "m", "large": "l", "extra large": "xl"}


class CritiqueReader:
    """Turns critiques into constraints and preferences relative to ``references`` (first = most meant)."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        references: Sequence[Product],
        facts: Facts,
        in_force: Filter,
        *,
        pointed: bool,
    ) -> None:
        self.vocabulary = vocabulary
        self.references = references
        self.facts = facts
        self.in_force = in_force
        self.pointed = pointed
        self.constraints: list[Constraint] = []
        self.preferences: list[Preference] = []
        self.unplaced: list[Critique] = []
        self.notices: list[str] = []

    def read(self, critique: Critique) -> None:
        """Add what this critique means here; a critique the shop has no number or opinion for is
        ``unplaced``."""
        topics = [topic for topic in critique.topics if topic != "better"]
        if "price" in topics:
            self._price(critique)
            return
        numeric = self._numeric(topics, critique.direction)
        if numeric is not None and self._measure(critique, numeric):
            return
        if "size" in topics and self._clothing_size(critique):
            return
        aspect = self._aspect(topics)
        if aspect is None:  # buyers may speak of it under another name; the words also go to search
            self.unplaced.append(critique)
            aspect = topics[0]
        good = 1.0 if critique.direction > 0 or set(topics) & LESS_IS_BETTER else -1.0
        label = f"better {aspect}" if good > 0 else f"less {aspect}"
        self.preferences.append(
            Preference(preference_id="", kind="aspect", key=aspect, label=label, direction=good, weight=2.0)
        )

    def _price(self, critique: Critique) -> None:
        prices = [product.price for product in self.references if product.price is not None]
        if not prices:
            self.preferences.append(price_preference(critique.direction))
            return
        currency = self.vocabulary.currency
        bound = self._bound(prices, critique, lambda low, high: Price(min=low, max=high))
        if bound is None:
            self._nothing_past("is cheaper" if critique.direction < 0 else "costs more")
            return
        if critique.direction < 0:
            constraint = price_constraint(None, bound - CENT, currency)
            label = f"under {amount_label(bound, currency)}"
        else:
            constraint = price_constraint(bound + CENT, None, currency)
            label = f"over {amount_label(bound, currency)}"
        self.constraints.append(constraint.model_copy(update={"label": label, "source": "critique"}))

    def _bound(
        self,
        values: list[float],
        critique: Critique,
        condition: Callable[[float | None, float | None], Filter],
    ) -> float | None:
        """The reference value to pass: the most extreme one that leaves products, weakened step by step.
        None when nothing that fits passes any."""
        step = 1e-6
        down = critique.direction < 0
        order = values[:1] if self.pointed else sorted(set(values), reverse=not down)
        stretched = self._stretched(order[0], critique)
        for value in (*stretched, *order):
            limited = condition(None, value - step) if down else condition(value + step, None)
            if self.facts.some(And((self.in_force, limited))):
                return value
        return None

    def _nothing_past(self, said: str) -> None:
        """Tell that nothing goes past the reference; no bound comes into force that nothing could meet.

        The reference is pointed at and not named: this turn shows no evidence of it.
        """
        what = "that one" if self.pointed else "what you have seen"
        self.notices.append(f"Nothing that fits {said} than {what}.")

    def _stretched(self, value: float, critique: Critique) -> tuple[float, ...]:
        """ "Much cheaper" first tries well past the reference."""
        if critique.degree.lower() in ("much", "a lot", "way", "far", "significantly", "considerably"):
            return (value * (1 + critique.direction * _LARGE_STEP / (1 if critique.direction < 0 else 0.8)),)
        return ()

    def _numeric(self, topics: Sequence[str], direction: Direction) -> NumericFacts | None:
        """The shop's number for one of the topics, if the references state it."""
        for topic in topics:
            for facts in self.vocabulary.numeric.values():
                named = topic in facts.words or NAMES.get(topic) == facts.unit is not None
                if not named or direction_on(facts.name, topics, direction) is None:
                    continue
                if any(_number(product, facts) is not None for product in self.references):
                    return facts
        return None

    def _measure(self, critique: Critique, facts: NumericFacts) -> bool:
        values = [value for product in self.references if (value := _number(product, facts)) is not None]
        if not values:
            return False
        direction = direction_on(facts.name, critique.topics, critique.direction) or critique.direction
        if critique.topics[0] == "better" and is_better_lower(facts.name):
            direction = -direction
        moved = Critique(
            critique.start, critique.end, direction, critique.topics, critique.degree, critique.text
        )
        bound = self._bound(values, moved, lambda low, high: Attribute(facts.name, min=low, max=high))
        if bound is None:
            said = f"has a {'lower' if direction < 0 else 'higher'} {' '.join(facts.words)}"
            self._nothing_past(said)
            return True
        step = 1e-6
        low, high = (None, bound - step) if direction < 0 else (bound + step, None)
        name, unit = named(facts)
        label = f"{name} {'under' if direction < 0 else 'over'} {bound:g}{unit}"
        constraint = measure_constraint(facts, low, high, label=label)
        self.constraints.append(constraint.model_copy(update={"source": "critique"}))
        return True

    def _clothing_size(self, critique: Critique) -> bool:
        """S < M < L, when the shop has such sizes as values of an attribute."""
        for key, values in self.vocabulary.values.items():
            ranks = {value: rank for value, _ in values if (rank := _size_rank(value)) is not None}
            own = [ranks[text] for p in self.references[:1] for text in _texts(p, key) if text in ranks]
            if len(ranks) < 2 or not own:
                continue
            edge = max(own) if critique.direction > 0 else min(own)
            fitting = tuple(v for v, rank in ranks.items() if (rank - edge) * critique.direction > 0)
            if not fitting:
                continue
            self.constraints.append(
                Constraint(
                    constraint_id="",
                    kind="attribute",
                    slot=f"attribute:{key.lower()}",
                    label=f"{key} {' or '.join(fitting)}",
                    filter=Attribute(key, fitting),
                    source="critique",
                )
            )
            return True
        return False

    def _aspect(self, topics: Sequence[str]) -> str | None:
        for topic in topics:
            for key, aspect in self.vocabulary.aspects:
                if topic in key:
                    return aspect
        return None


def price_preference(direction: Direction, target: float | None = None) -> Preference:
    label = "cheap" if direction < 0 else "high-end"
    return Preference(preference_id="", kind="price", label=label, direction=float(direction), target=target)


def _number(product: Product, facts: NumericFacts) -> float | None:
    value = product.attributes.get(facts.name)
    numbers = [] if value is None else numbers_in(value)
    return numbers[0] if numbers else None


def _texts(product: Product, key: str) -> tuple[str, ...]:
    value = product.options.get(key) or product.attributes.get(key)
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _size_rank(value: str) -> int | None:
    key = _SIZE_WORDS.get(value.lower(), value.lower())
    return _SIZES.index(key) if key in _SIZES else None
