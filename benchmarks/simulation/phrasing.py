"""How a random shopper words a wish: many forms of one meaning, so that the meaning is known and the words
vary."""

from __future__ import annotations

import random

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FILLERS = ("", "", "", "um, ", "well, ", "hmm, ", "ok, ", "uh, ", "so, ")
_ENDS = ("", "", "", " please", ", thanks", " if you can")
_MOST = (
    "under {n}", "less than {n}", "below {n}", "no more than {n}", "at most {n}", "up to {n}", "max {n}",
    "nothing over {n}", "{n} max", "my budget is {n}", "I don't want to spend more than {n}", "{n} or less",
    "not more than {n}", "it can't cost more than {n}", "within {n}",
)  # fmt: skip
_LEAST = (
    "over {n}",
    "more than {n}",
    "at least {n}",
    "nothing under {n}",
    "{n} and up",
    "starting at {n}",
    "above {n}",
)
_BETWEEN = ("between {a} and {b}", "from {a} to {b}", "{a} to {b}", "somewhere between {a} and {b}")
_NOT_BRAND = (
    "nothing from {x}", "not {x}", "no {x}", "anything but {x}", "any brand but {x}", "I don't want {x}",
    "except {x}", "don't show me {x}", "I can't stand {x}", "avoid {x}",
)  # fmt: skip
_BRAND = (
    "from {x}",
    "by {x}",
    "only {x}",
    "I want {x}",
    "it has to be from {x}",
    "show me the ones from {x}",
)
_VALUE = ("in {x}", "{x}", "it should be {x}", "I want {x}", "{x} ones", "make it {x}")
_NOT_VALUE = (
    "not {x}",
    "anything but {x}",
    "without {x}",
    "no {x}",
    "nothing in {x}",
    "but not {x}",
    "I don't want {x}",
)
_TOPIC = (
    "I'm looking for {x}",
    "show me {x}",
    "do you have {x}?",
    "I need {x}",
    "{x}",
    "can you find me {x}?",
)
_NEXT_TOPIC = ("now I need {x}", "ok, next I'm looking for {x}", "now show me {x}")
_CORRECT = ("no wait, make that {n}", "sorry, I mean {n}", "actually, make it {n}", "no, make it {n}")
_ANY_PRICE = (
    "any price is fine",
    "the price doesn't matter",
    "price doesn't matter",
    "forget about the price",
)
_REJECT = (
    "not the {x} one",
    "don't show me the {x} one again",
    "I don't like the {x} one",
    "remove the {x} one",
)
_PLACES = ("first", "second", "third", "fourth", "fifth")


def in_words(number: int) -> str:
    """English words of a whole number below a million: 125 -> "one hundred and twenty-five"."""
    units, tens = _UNITS.split(), _TENS.split()
    if number < 20:
        return units[number]
    if number < 100:
        rest = number % 10
        return tens[number // 10 - 2] + (f"-{units[rest]}" if rest else "")
    scale, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, scale)
    joint = " and " if rest and rest < 100 else " "
    return f"{in_words(head)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")


class Phrasing:
    """Words for wishes, chosen at random; the same seed says the same."""

    def __init__(self, rng: random.Random, sign: str = "$", word: str = "dollars") -> None:
        self._rng = rng
        self._sign = sign
        self._word = word

    def amount(self, value: int) -> str:
        forms = (
            f"{self._sign}{value}",
            f"{value} {self._word}",
            f"{in_words(value)} {self._word}",
            f"{value}",
        )
        return self._rng.choice(forms)

    def at_most(self, value: int) -> str:
        return self._said(_MOST, n=self.amount(value))

    def at_least(self, value: int) -> str:
        return self._said(_LEAST, n=self.amount(value))

    def between(self, low: int, high: int) -> str:
        plain = self._rng.random() < 0.5
        first = f"{self._sign}{low}" if plain else in_words(low)
        second = f"{self._sign}{high}" if plain else f"{in_words(high)} {self._word}"
        return self._said(_BETWEEN, a=first, b=second)

    def brand(self, name: str, *, wanted: bool) -> str:
        return self._said(_BRAND if wanted else _NOT_BRAND, x=name)

    def value(self, value: str, *, wanted: bool) -> str:
        return self._said(_VALUE if wanted else _NOT_VALUE, x=value)

    def topic(self, noun: str, *, first: bool) -> str:
        return self._said(_TOPIC if first else _NEXT_TOPIC, x=noun)

    def corrected(self, value: int) -> str:
        return self._rng.choice(_CORRECT).format(n=self.amount(value))

    def any_price(self) -> str:
        return self._rng.choice(_ANY_PRICE)

    def rejected(self, place: int) -> str:
        return self._rng.choice(_REJECT).format(x=_PLACES[place])

    def _said(self, forms: tuple[str, ...], **words: str) -> str:
        end = self._rng.choice(_ENDS)
        text = self._rng.choice(_FILLERS) + self._rng.choice(forms).format(**words)
        return text if text.endswith("?") else text + end
