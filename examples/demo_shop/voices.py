"""Reviews of the demo shop: latent qualities give opinions, opinions give words and stars."""

from __future__ import annotations

import calendar
import math
import random
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assortment import HERE, Item

_OF_MANY = {"is": "are", "was": "were", "does": "do", "has": "have"}
_AUXILIARY = re.compile(r"\bit (is|was|does|has)\b")
_IT_DOES = re.compile(r"\bit (\w+s)\b")
_IT_DID = re.compile(r"\bit (?=\w+ed\b|(?:came|broke|kept|did|wore|gave)\b)")


@dataclass(frozen=True)
class Opinion:
    """What a buyer thinks of each aspect they mention (+1 or -1), and the stars they give."""

    aspects: dict[str, int]
    stars: int


class Voices:
    """Writes reviews from the clauses of ``voices.toml``."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        with (HERE / "voices.toml").open("rb") as file:
            self._data: dict[str, Any] = tomllib.load(file)

    def opinion(self, item: Item, bias: float = 0.0) -> Opinion:
        """One buyer's opinion: an aspect is praised the more often, the better it is."""
        own = [aspect for aspect in item.quality if aspect != "delivery"]
        mentioned = self._random.sample(own, k=min(len(own), self._random.choice((1, 1, 2, 2, 2, 3, 3, 4))))
        if self._random.random() < 0.12:
            mentioned.append("delivery")
        aspects = {
            aspect: 1
            if self._random.random() < _sigmoid(1.7 * item.quality[aspect] + 0.9 + 0.4 * bias)
            else -1
            for aspect in mentioned
        }
        mood = sum(aspects.values()) / len(aspects)
        stars = 3.3 + 1.4 * mood + 0.3 * item.quality["durability"] + 0.4 * bias + self._random.gauss(0, 0.45)
        return Opinion(aspects, max(1, min(5, round(stars))))

    def write(self, item: Item, opinion: Opinion, time: datetime) -> tuple[str, str]:
        """``(title, text)`` of a review."""
        mood = "high" if opinion.stars >= 4 else "low" if opinion.stars <= 2 else "middle"
        good = [self._clause(item, aspect, "good") for aspect, sign in opinion.aspects.items() if sign > 0]
        bad = [self._clause(item, aspect, "bad") for aspect, sign in opinion.aspects.items() if sign < 0]
        body: list[str] = []
        while good and bad and (len(body) < 1 or self._random.random() < 0.4):
            join = self._pick("join", "contrast")
            body.append(join.format(good=good.pop(), bad=bad.pop()))
        for clauses in (good, bad) if mood == "high" else (bad, good):
            while len(clauses) > 1 and self._random.random() < 0.5:
                body.append(self._pick("join", "same").format(first=clauses.pop(), second=clauses.pop()))
            body += clauses
        words = {"noun": item.kind, "month": calendar.month_name[(time.month - 2) % 12 + 1]}
        parts = [self._pick("opening", mood), *map(_sentence, body), self._pick("closing", mood)]
        text = " ".join(part for part in parts if part).format(**words)
        return self._title(item, mood, opinion, words), text

    def _title(self, item: Item, mood: str, opinion: Opinion, words: dict[str, str]) -> str:
        if self._random.random() < 0.4:
            aspect, sign = next(iter(opinion.aspects.items()))
            clause = self._clause(item, aspect, "good" if sign > 0 else "bad")
            return _sentence(clause).rstrip(".")
        return self._pick("title", mood).format(**words)

    def _clause(self, item: Item, aspect: str, side: str) -> str:
        """A clause of the aspect, in the words of the kind where the general ones do not suit it."""
        clauses = self._data["aspects"][aspect][side]
        at = self._random.randrange(len(clauses))
        own = next((v for v in self._data["variants"] if v["aspect"] == aspect and _suits(v, item)), None)
        clause = str(own[side][at % len(own[side])] if own else clauses[at])
        return _plural(clause) if item.kind in self._data["plural"] else clause

    def _pick(self, part: str, mood: str) -> str:
        return str(self._random.choice(self._data[part][mood]))


def _suits(variant: dict[str, Any], item: Item) -> bool:
    return item.kind in variant["kinds"] and all(
        item.attributes.get(name) == value for name, value in variant.get("when", {}).items()
    )


def _plural(clause: str) -> str:
    """The clause said of a pair: "it is too tight" gives "they are too tight"."""
    clause = _AUXILIARY.sub(lambda found: f"they {_OF_MANY[found[1]]}", clause)
    clause = _IT_DID.sub("they ", clause).replace("about it", "about them")
    return _IT_DOES.sub(lambda found: f"they {re.sub('(?<=ss|ch)es$|s$', '', found[1])}", clause)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _sentence(clause: str) -> str:
    text = clause[:1].upper() + clause[1:] + "."
    start = text.find(". ")
    while start >= 0:  # a joined clause may hold a full stop
        text = text[: start + 2] + text[start + 2 :][:1].upper() + text[start + 3 :]
        start = text.find(". ", start + 2)
    return text
