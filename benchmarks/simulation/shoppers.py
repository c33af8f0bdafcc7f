"""Simulated shoppers with something in mind that they do not name: how often is it found, and how fast?

A shopper works off an agenda, after Schatzmann et al., "Agenda-based user simulation for bootstrapping a
POMDP dialogue system" (NAACL 2007): the category, a budget, traits that are no words of the title, then
reactions to what is shown (cheaper, dearer, more like that one, something else). Questions are answered
truthfully.
"""

from __future__ import annotations

import math
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agent.records import Chip
from retrieval.records import Product

MISS = 6
"""Turns that a dialogue counts whose target was never shown: one more than there are."""
_WORD = re.compile(r"[a-z]{4,}")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DEARER = 1.25


@dataclass(frozen=True)
class Goal:
    """Who shops and for what: ``target`` is hidden from the assistant."""

    user_id: str
    target: Product


@dataclass(frozen=True)
class Shown:
    """What a system answered: at most five products, best first, and the answers it offers to a question."""

    item_ids: tuple[str, ...]
    answers: tuple[Chip, ...] = ()


class System(Protocol):
    """Something that answers a shopper turn by turn."""

    def respond(self, text: str, said: Sequence[str], goal: Goal, session_id: str) -> Shown:
        """``said`` is everything said before ``text``; of ``goal`` only the ``user_id`` may be used."""
        ...


@dataclass(frozen=True)
class Outcome:
    """How a dialogue went: the turn the target was shown in, or None."""

    turn: int | None
    said: tuple[str, ...]

    @property
    def turns(self) -> int:
        return self.turn if self.turn is not None else MISS


class Traits:
    """Words that tell a product from others and stand in its description or reviews, but not in its title."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._words = {item_id: set(_WORD.findall(text.lower())) for item_id, text in texts.items()}
        self._in = Counter(word for words in self._words.values() for word in words)

    def of(self, product: Product, k: int = 3) -> list[str]:
        """The rarest words that at least three products share, so that no single word names the product."""
        title = set(_WORD.findall(product.title.lower()))
        words = [w for w in self._words.get(product.item_id, ()) if w not in title and self._in[w] >= 3]
        rarity = math.log(1 + len(self._words))
        usable = [word for word in words if math.log(self._in[word]) < 0.7 * rarity]
        return sorted(usable, key=lambda word: (self._in[word], word))[:k]


class SimulatedShopper:
    """One shopper's agenda. Reads the target's facts, but never says a word of its title on purpose."""

    def __init__(
        self,
        goal: Goal,
        traits: Sequence[str],
        products: Mapping[str, Product],
        likeness: Callable[[str, str], float],
        rng: random.Random,
    ) -> None:
        self._target, self._products, self._likeness, self._rng = goal.target, products, likeness, rng
        self._agenda = self._plan(traits)

    def _plan(self, traits: Sequence[str]) -> list[str]:
        budget = self._budget()
        wish = self._rng.choice(("I'm looking for {}", "do you have {}", "I need {}", "show me {}"))
        first = wish.format(self._noun())
        if budget and self._rng.random() < 0.5:
            first, budget = f"{first} {budget}", ""
        told = [f"something {word}" for word in traits]
        self._rng.shuffle(told)
        return [first, *([budget] if budget else []), *told]

    def _noun(self) -> str:
        """What the shopper calls it: half of them know the shop's own name, half say its last word."""
        if not self._target.category:
            return "something nice"
        name = self._target.category[-1].lower()
        words = _WORD.findall(name)
        return words[-1] if words and self._rng.random() < 0.5 else name

    def _budget(self) -> str:
        if self._target.price is None:
            return ""
        step = 5 if self._target.price < 50 else 10 if self._target.price < 200 else 50
        limit = step * math.ceil(self._target.price * self._rng.uniform(1.05, 1.4) / step)
        return self._rng.choice((f"under ${limit}", f"for less than {limit} dollars", f"up to ${limit}"))

    def say(self, shown: Shown | None) -> str:
        """The next utterance, given the last answer."""
        if shown is None:
            return self._agenda.pop(0)
        if shown.answers:
            return self._answer(shown.answers)
        reaction = self._reaction(shown) if shown.item_ids else None
        if reaction and (not self._agenda or self._rng.random() < 0.5):
            return reaction
        return self._agenda.pop(0) if self._agenda else reaction or "show me something else"

    def _reaction(self, shown: Shown) -> str:
        products = [self._products[item_id] for item_id in shown.item_ids]
        prices = [product.price for product in products if product.price is not None]
        if self._target.price is not None and prices:
            usual = float(np.median(prices))
            if usual > _DEARER * self._target.price:
                return "cheaper please"
            if usual * _DEARER < self._target.price:
                return "a bit more expensive is fine, something better"
        nearest = max(
            range(len(products)),
            key=lambda at: self._likeness(self._target.item_id, products[at].item_id),
        )
        return self._rng.choice((f"more like the {_ORDINALS[nearest]} one", "show me something else"))

    def _answer(self, chips: Sequence[Chip]) -> str:
        for chip in chips:
            if self._has(chip.label):
                return chip.utterance or chip.label
        open_answer = next((chip for chip in chips if "mind" in chip.label.lower()), chips[-1])
        return open_answer.utterance or open_answer.label

    def _has(self, label: str) -> bool:
        """Whether an answer on offer is true of the target, by its own values or price."""
        target = self._target
        values: list[str] = [target.brand or "", *target.category, *target.tags]
        for value in target.attributes.values():
            values.extend(value if isinstance(value, tuple) else [str(value)])
        for options in target.options.values():
            values.extend(options)
        if label.lower() in {value.lower() for value in values if value}:
            return True
        numbers = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", label)]
        if target.price is None or not numbers or "$" not in label:
            return False
        if len(numbers) > 1:
            return min(numbers) <= target.price <= max(numbers)
        under = re.search(r"under|up to|at most|below|less", label.lower()) is not None
        return target.price <= numbers[0] if under else target.price >= numbers[0]


def hold_dialogue(system: System, shopper: SimulatedShopper, goal: Goal, turns: int = 5) -> Outcome:
    """Talk until the target is among the first five shown, at most ``turns`` turns."""
    session = f"simulated-{uuid.uuid4().hex}"
    said: list[str] = []
    shown: Shown | None = None
    for turn in range(1, turns + 1):
        text = shopper.say(shown)
        shown = system.respond(text, tuple(said), goal, session)
        said.append(text)
        if goal.target.item_id in shown.item_ids[:5]:
            return Outcome(turn, tuple(said))
    return Outcome(None, tuple(said))


@dataclass(frozen=True)
class Score:
    """Success rate and mean turns of a system with 95% intervals by bootstrap over dialogues."""

    success: float
    success_interval: tuple[float, float]
    mean_turns: float
    turns_interval: tuple[float, float]
    dialogues: int


def score(outcomes: Iterable[Outcome], seed: int = 0, draws: int = 2000) -> Score:
    """Summarise dialogues; a miss counts `MISS` turns."""
    found = list(outcomes)
    hits = np.array([outcome.turn is not None for outcome in found], float)
    turns = np.array([outcome.turns for outcome in found], float)
    drawn = np.random.default_rng(seed).integers(0, len(found), (draws, len(found)))
    return Score(
        round(float(hits.mean()), 4),
        _interval(hits[drawn].mean(axis=1)),
        round(float(turns.mean()), 3),
        _interval(turns[drawn].mean(axis=1)),
        len(found),
    )


def _interval(means: npt.NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(means, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)
