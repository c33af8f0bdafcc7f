"""Prices, numbers and codes of a sentence, against the evidence of the products that they are said of."""

from __future__ import annotations

import re

from agent.checks.allowed_words import glue_stems
from agent.checks.claims import (
    ABOVE,
    BELOW,
    DIFFERENCE,
    Subject,
    Token,
    Vocabulary,
    stem,
)
from agent.checks.sentence import Sentence
from agent.understanding.language.units import NAMES, convert
from retrieval.text.word_set import word_set

DATA, STORES = frozenset(("kb", "mb", "gb", "tb")), tuple(map(stem, ("memory", "storage", "capacity", "ram")))
COUNTED = re.compile(r"(\d+(?:\.\d+)?)-?([^\W\d_]+)")
YEARS = range(1980, 2050)
COMPARING = frozenset(("less", "more"))
ECHO = word_set("your for under below within over than least most asked")
UNIT_STEMS = {stem(name): unit for name, unit in NAMES.items()}
STARS_AFTER = frozenset({"star"})
COUNT_AFTER = frozenset(
    stem(word) for word in ("reviews", "ratings", "buyers", "customers", "people", "reviewers")
)
REVIEWS = frozenset((stem("reviews"), stem("ratings")))
PLURAL_AFTER = frozenset(
    stem(word)
    for word in word_set("options products picks items choices results matches ones suggestions cards")
)


class NumberClaims(Sentence):
    """Whether the figures of a sentence hold."""

    def price_holds(self, at: int, token: Token) -> bool:
        amount, scope = token.value, self.bound(at)
        if amount is None:
            return False
        if self.backing.words == "names" and amount in self.backing.asked.numbers and self.is_echo(at):
            return True
        if set(self.near(at, +1)) & DIFFERENCE:
            return self._is_difference(amount, at)
        before = set(self.near(at, -1, 3))
        known = amount in self.backing.asked.numbers or amount in self.backing.common.numbers
        limited = {"up", "at"} & before and {"to", "most"} & before
        if limited and scope and all(subject.costs(amount) for subject in scope):
            return True
        if "than" not in before and before & COMPARING and scope and all(s.costs(amount) for s in scope):
            return True  # "for less, $404.60"
        if before & BELOW or limited:
            return known and all(s.price is None or s.price <= amount for s in scope or self.backing.subjects)
        if before & ABOVE or {"at", "least"} <= before:
            return known and all(s.price is None or s.price >= amount for s in scope or self.backing.subjects)
        if scope and self.mentioned:
            return all(subject.costs(amount) for subject in scope) or self._is_budget(at, amount)
        if self._is_budget(at, amount) or amount in self.backing.common.amounts:
            return True
        return bool(scope) and all(subject.costs(amount) for subject in scope)

    def _is_budget(self, at: int, amount: float) -> bool:
        around = set(self.near(at, -1, 4)) | set(self.near(at, +1, 2))
        spoken = {"budget", "limit", "asked", "your", "between", "spend", "range"} & around
        return bool(spoken) and (
            amount in self.backing.asked.numbers or amount in self.backing.common.numbers
        )

    def _is_difference(self, amount: float, at: int) -> bool:
        prices = [s.price for s in self.bound(at)] + [
            s.price for s in ([self.backing.subjects[i] for i in self.mentioned] or self.backing.subjects)
        ]
        known = [price for price in prices if price is not None]
        return any(abs(abs(a - b) - amount) < 0.005 for a in known for b in known if a != b)

    def number_holds(self, at: int, token: Token) -> bool:
        value = token.value
        if value is None:
            return False
        scope = self.bound(at)
        if self._is_share(at, scope) or self._is_own_rating(at, value):
            return True
        if self.backing.words == "names" and value in self.backing.asked.numbers and self.is_echo(at):
            return True
        # After a comma something else begins: "1050, brighter than most" is no count of what is brighter.
        follows = [] if token.text.endswith(",") else [stem(word) for word in self.near(at, +1, 2)]
        before = self.near(at, -1, 2)
        if self._is_age(at) and value in self.backing.asked.numbers:
            return True
        if value == 5 and (before[:2] == ["of", "out"] or (before[:1] == ["of"] and follows[:1] == ["star"])):
            return True
        if (follows[:1] and follows[0] in STARS_AFTER) or follows[:1] == ["out"]:
            return (bool(scope) and all(_same_stars(s.stars, value) for s in scope)) or self._paired(
                scope, value, "star"
            )
        if follows[:1] and follows[0] in COUNT_AFTER:
            people = follows[0] not in REVIEWS
            counted = bool(scope) and all(
                value == s.review_count or (people and value in s.vocabulary.tallied) for s in scope
            )
            return counted or self._paired(scope, value, follows[0])
        if follows[:1] and follows[0] in PLURAL_AFTER and not scope and value <= len(self.backing.subjects):
            return True
        if follows and self._paired(scope, value, follows[0]):
            return True
        if self.backing.words == "names" and self._holds_of_any(at, value, follows[0] if follows else ""):
            return True
        unit = (
            follows[0] if follows and follows[0] not in glue_stems() else (stem(before[0]) if before else "")
        )
        if self.others and not self.mentioned and self._stands_anywhere(value, unit):
            return True
        if unit and unit not in glue_stems() and self._is_unit(scope, value, unit):
            return self._paired(scope, value, unit)
        return self._stands(scope, value)

    def _is_age(self, at: int) -> bool:
        """Whether a number is how old somebody is whom the shopper told of: "a seven-year-old", "your 3 year old"."""
        after = [stem(word) for word in self.near(at, +1, 3)]
        return self.backing.words == "names" and after[:1] in (["year"], ["month"]) and "old" in after

    def _is_unit(self, scope: list[Subject], value: float, unit: str) -> bool:
        """Whether a word beside a number says what is counted, not what has it: "128 GB", not "a 2021 phone"."""
        if self.backing.words != "names" or unit in UNIT_STEMS:
            return True
        if value in YEARS:
            return False
        near = scope or self.backing.subjects
        return any(u == unit for s in near for _, u in s.vocabulary.pairs)

    def _stands_anywhere(self, value: float, unit: str) -> bool:
        """Whether it is true of any product of this turn: "the others have only 25 keys"."""
        every = [subject.vocabulary for subject in self.backing.subjects]
        if unit and unit not in glue_stems():
            return any(measures(vocabulary, value, unit) for vocabulary in every)
        return any(value in vocabulary.numbers for vocabulary in every)

    def is_echo(self, at: int) -> bool:
        """Whether a number is the shopper's own: "your 90 cm shelf", "nothing for $100"."""
        before = set(self.near(at, -1, 2))
        named = any(token.kind == "mention" for token in self.sentence[:at])
        denied = any(place < at for place in self.denied_at) and not named
        return denied or bool(before & ECHO)

    def _is_share(self, at: int, scope: list[Subject]) -> bool:
        """Whether it is part or whole of a share that is told of these products: "11 of 12 buyers"."""
        text = [token.text.lower() for token in self.sentence]
        for first in (at, at - 2, at - 3):
            if first < 0 or first + 2 >= len(text) or text[first + 1] != "of":
                continue
            last = first + (3 if text[first + 2] == "the" and first + 3 < len(text) else 2)
            part, whole = self.sentence[first].value, self.sentence[last].value
            if at not in (first, last) or part is None or whole is None:
                continue
            if scope and all((part, whole) in s.vocabulary.shares for s in scope):
                return True
            if (part, whole) in self.backing.common.shares:
                return True
        return False

    def _is_own_rating(self, at: int, value: float) -> bool:
        """Whether it is what the shopper gave a product: "the fuzz you rated 4 stars"."""
        if not {"you", "rated"} <= set(self.near(at, -1, 4)) and not {"you", "gave"} & set(
            self.near(at, -1, 2)
        ):
            return False
        return any((value, "star") in s.vocabulary.pairs for s in self.backing.subjects)

    def _holds_of_any(self, at: int, value: float, unit: str) -> bool:
        """Whether it is true of one of the products that are set against each other ("10 hours against 9 for that one"),
        or the shopper's own.
        """
        near = dict.fromkeys((*self.mentioned, *self.about))
        subjects = [self.backing.subjects[index] for index in near]
        if unit and unit not in glue_stems():
            own = self.is_echo(at) and measures(self.backing.asked, value, unit)
            return own or any(measures(s.vocabulary, value, unit) for s in subjects)
        return any(value in s.vocabulary.numbers for s in subjects)

    def _paired(self, scope: list[Subject], value: float, unit: str) -> bool:
        if measures(self.backing.common, value, unit):
            return True
        if scope:
            return all(measures(s.vocabulary, value, unit) for s in scope) or self._is_gap(scope, value, unit)
        return measures(self.backing.asked, value, unit) or any(
            measures(s.vocabulary, value, unit) for s in self.backing.subjects
        )

    def _is_gap(self, scope: list[Subject], value: float, unit: str) -> bool:
        """Whether two products differ by so much: "150 g lighter"."""
        others = [self.backing.subjects[index] for index in self.mentioned] or list(self.backing.offered)
        known = {id(s): s for s in (*scope, *others)}.values()
        values = [{v for v, u in s.vocabulary.pairs if u == unit} for s in known]
        pairs = (
            (a, b)
            for i, first in enumerate(values)
            for second in values[i + 1 :]
            for a in first
            for b in second
        )
        return any(abs(abs(a - b) - value) < 1e-6 for a, b in pairs)

    def _stands(self, scope: list[Subject], value: float) -> bool:
        if value in self.backing.common.numbers:
            return True
        if not scope:
            return value in self.backing.asked.numbers or value == len(self.backing.subjects)
        return all(
            value in s.vocabulary.numbers or s.costs(value) or value in (s.stars, s.review_count, s.stock)
            for s in scope
        )

    def code_holds(self, at: int, token: Token) -> bool:
        code, scope = token.text.lower(), self.bound(at)
        if (split := COUNTED.fullmatch(code)) and self._paired(scope, float(split[1]), stem(split[2])):
            return True  # "30-hour battery"
        if re.fullmatch(r"\d+-\d+", code) and scope:
            numbers = [float(part) for part in code.split("-")]
            if all(self._stands(scope, number) for number in numbers):
                return True
        named = any(token.kind == "mention" for token in self.sentence[:at])
        if (
            self.backing.words == "names"
            and code in self.backing.asked.codes
            and (self.doubts or not named or self.is_echo(at))
        ):
            return True
        if scope:
            return all(code in s.vocabulary.codes for s in scope) or code in self.backing.common.codes
        everywhere = [s.vocabulary for s in self.backing.subjects] + [self.backing.common, self.backing.asked]
        return any(code in vocabulary.codes for vocabulary in everywhere)


def measures(vocabulary: Vocabulary, value: float, unit: str) -> bool:
    """Whether a text says so much of that unit, whatever the unit is called there: 650 g are 0.65 kg."""
    if (value, unit) in vocabulary.pairs:
        return True
    if unit in DATA and any((value, store) in vocabulary.pairs for store in STORES):
        return True  # a storage of 128 is told without its unit
    wanted = UNIT_STEMS.get(unit)
    if wanted is None:
        return False
    for said, other in vocabulary.pairs:
        known = UNIT_STEMS.get(other)
        converted = convert(said, known, wanted) if known else None
        if converted is not None and abs(converted - value) <= 0.005 * abs(value):
            return True
    return False


def _same_stars(stars: float | None, said: float) -> bool:
    return stars is not None and abs(round(stars, 1) - said) < 0.001
