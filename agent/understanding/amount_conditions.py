"""Numbers and money as conditions: which field an amount bounds, and how."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.conditions import PRICE, STARS, Where
from agent.tools.schema import Field
from agent.understanding.amount_words import beside, is_number, unspent
from agent.understanding.bounds import (
    AROUND,
    AROUND_MONEY,
    EXACT,
    bounds,
    holding,
    in_reach,
    is_capacity,
    measured_in,
    middle,
    spread,
)
from agent.understanding.kind_fields import CLOSE, FULL, KindFields
from agent.understanding.language.amounts import Amount, find_amounts
from agent.understanding.language.budgets import is_budget, is_total
from agent.understanding.language.condition_cues import (
    COUNTED_NOUN,
    FOR_SO_MANY,
    GIVEN,
    IN_SIZE,
    MONEY_TALK,
    NUMBER_WORD,
    SIZE,
    SPENDING,
)
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import content_words, stems
from agent.understanding.language.units import dimension
from agent.understanding.lexicon import Meaning
from agent.understanding.measure_conditions import MeasureResolver
from agent.understanding.quantities import plain as plain_numbers
from agent.understanding.resolved import Resolved
from agent.understanding.value_conditions import ValueResolver
from retrieval.filters import Attribute, Price, numbers_in

_MEASURE = re.compile(r"\d+(?:\.\d+)? (?P<unit>\w+)$")
_FOR = re.compile(r"\bfor\s*$", re.I)
_PRICES_FROM = 20
"""For fewer of anything, a number is of people: "a tent for two"."""


@dataclass(frozen=True)
class AmountResolver:
    """Finds the field of an amount: by its sign, its unit, the name beside it, the values of the kind."""

    kind: KindFields
    values: ValueResolver
    expects: str
    """The field that was asked about last: a bare number answers it."""
    in_force: tuple[Where, ...] = ()
    """Numbers that are bound already."""

    @cached_property
    def measures(self) -> MeasureResolver:
        return MeasureResolver(self.kind, self.values)

    def plain(self, text: str) -> str:
        """``text`` with its numbers as digits, as far as this shop's prices make them likely."""
        return plain_numbers(text, self.kind.costs_about)

    def is_stated(self, phrase: str) -> bool:
        """Whether a phrase holds a bounded number or money."""
        amounts = find_amounts(self.plain(phrase))
        return any(a.is_money or a.shape != "plain" for a in amounts)

    def measures_something(self, phrase: str) -> bool:
        """Whether a phrase holds an amount that is no money."""
        return any(not a.is_money and not a.stars for a in find_amounts(self.plain(phrase)))

    def stated(self, text: str) -> Resolved:
        """Amounts that a text states outright: money, bounds, measures. ``text``: what no span holds."""
        if not any(c.isdigit() for c in text) and not NUMBER_WORD.search(text):
            return Resolved()
        plain = spread(self.plain(text))
        found = Resolved()
        for amount in find_amounts(plain):
            people = bool(amount.unit) and dimension(amount.unit or "") == "people"
            outright = amount.is_money or amount.shape != "plain" or people
            where = self._of_its_form(amount, plain) if outright else None
            if where is None and self._is_asked_for(amount, plain, ""):
                where = bounds(PRICE, amount, AROUND_MONEY, upper=True)
            if where is not None:
                near = middle(where, amount)
                found = found + Resolved(where, (near,) if near is not None else ())
        return found

    def for_so_many(self, text: str) -> Resolved:
        """For how many a thing must be, where its kind says for how many each is: "a tent for two"."""
        said = FOR_SO_MANY.search(text) if self.values.known else None
        if said is None:
            return Resolved()
        people = self.plain(f"{said['count']} people")
        fields = [own for own in self.kind.numeric if measured_in(own, "person")]
        if not any(in_reach(own, amount.value) for own in fields for amount in find_amounts(people)):
            return Resolved()
        return self.stated(people)

    def money(self, text: str) -> Resolved:
        """Prices that a text states as money, or as a bound that nothing but a price has."""
        plain = spread(self.plain(text))
        found = Resolved()
        for amount in find_amounts(plain):
            counted = COUNTED_NOUN.match(plain[amount.end :]) or SIZE.search(plain)
            bound = amount.shape != "plain" and not amount.unit and not counted and self._may_be_price(amount)
            if amount.is_money or (bound and not self.kind.numeric):
                found = found + Resolved(bounds(PRICE, amount, AROUND_MONEY, upper=True))
        return found

    def resolve(self, amount: Amount, text: str, before: str) -> tuple[Where, ...] | None:
        """What an amount bounds: by its form, by the name beside it, else by what a bare number means here.

        ``before``: the words in front of ``text``, of which the amount is a part.
        """
        if amount.stars:
            return (Where(field=STARS, op="<=" if amount.shape == "max" else ">=", value=amount.value),)
        if amount.unit and not amount.is_money:
            return self.measures.measure(amount, text)
        asked = amount.is_money
        named = None if asked else self._named(amount, text, before)
        if named is None or not in_reach(named, amount.value):
            asked = asked or self._is_asked_for(amount, text, before)
        if named is not None and not asked:
            return (
                holding(named, amount)
                if is_capacity(named)
                else bounds(named.name, amount, AROUND, exact=EXACT)
            )
        if not asked and (held := self._held(amount, f"{before} {text}")) is not None:
            return bounds(held.name, amount, AROUND, exact=EXACT)
        if asked or self._is_money(amount, text, before):
            return bounds(PRICE, amount, AROUND_MONEY, upper=True)
        return self._bare(amount, text, before)

    def _named(self, amount: Amount, text: str, before: str) -> Field | None:
        """The field that the words beside an amount name, or that a word of extent is about ("150 long")."""
        named = self.kind.named_in(f"{beside(before)} {text}", amount.value)
        if named is not None:
            return named
        graded = self.measures.graded(amount, text, self.kind.numeric)
        return graded if graded is not None and in_reach(graded, amount.value) else None

    def _held(self, amount: Amount, text: str) -> Field | None:
        """The field bound already that a bare bound is of: money would rule out all of the kind or nothing of it, and the
        field does not ("500 tops", after a jigsaw of 1500 pieces).
        """
        if amount.shape == "plain" or MONEY_TALK.search(text) or self._parts(PRICE, amount):
            return None
        fields = (self.kind.schema.field(where.field) for where in reversed(self.in_force))
        numeric = (own for own in fields if isinstance(own, Field) and own.type == "number")
        return next((own for own in numeric if self._parts(own.name, amount)), None)

    def _parts(self, name: str, amount: Amount) -> bool:
        """Whether some of the kind are within an amount by this field, and others are not."""

        return 0 < self._count(name, amount.low, amount.high) < self._count(name, 0.0, None)

    @staticmethod
    def _rivals_price(own: Field, amount: Amount) -> bool:
        """Whether a bare bound may be of a number of the kind rather than of what it costs: what is measured is said with
        its unit.
        """
        return not own.unit and in_reach(own, amount.value)

    def _count(self, name: str, low: float | None, high: float | None) -> int:
        """How many of the kind have a number between two others."""
        return self.kind.count(
            Price(min=low, max=high) if name == PRICE else Attribute(name, min=low, max=high)
        )

    def _bare(self, amount: Amount, text: str, before: str) -> tuple[Where, ...] | None:
        """A number that nothing names: a value as it stands, an answer, a price, words of texts, the nearest field."""
        spent = self._is_spent(amount, text, before)
        plain = amount.shape == "plain"
        if plain and (value := self._value(amount, text, before, spent)) is not None:
            return (value,)
        if self.expects:
            return bounds(self.expects, amount, AROUND)
        sized = self._with_unit(amount.value) if plain else None
        if sized is not None and self.values.known:
            return (sized,)
        if spent:
            return bounds(PRICE, amount, AROUND_MONEY, upper=True)
        if not plain and (only := self._only_reached(amount)) is not None:  # a bound is no word of a text
            bound = {where.field for where in self.in_force}
            rivals = self._rivals_price(only, amount) and (PRICE not in bound or only.name in bound)
            return bounds(only.name if rivals else PRICE, amount, AROUND, exact=EXACT)
        if said := self._worded(amount, text):
            return (said,)
        if (near := self._near(amount, text)) is not None:
            return bounds(near.name, amount, AROUND, exact=EXACT)
        if sized is not None:
            return (sized,)
        if self._may_be_price(amount) and not content_words(unspent(amount, text)):
            return bounds(PRICE, amount, AROUND_MONEY, upper=True)
        return None

    def _worded(self, amount: Amount, text: str) -> Where | None:
        """The words around a number as titles or texts have them; of a number alone, texts tell nothing."""
        alone = not content_words(text[: amount.start] + text[amount.end :])
        return self.values.in_titles(f"{amount.value:g}") if alone else self.values.in_texts(text)

    def _value(self, amount: Amount, text: str, before: str, spent: bool) -> Where | None:
        """The value of the kind that a number is as it stands ("a 38"), where it is not rather money."""
        around = f"{before} {text}"
        number, whole = f"{amount.value:g}", " ".join(content_words(text))
        for name in (number, whole):
            meanings = self.values.of_kind(self.values.lexicon.exactly(name))
            if not meanings:
                continue
            unnamed = self._is_no_size(meanings[0], around)
            counts = name == number != whole and unnamed  # "200 Mbit" is not the value "200"
            if not counts and not (spent and unnamed):
                return self.values.any_of(meanings)
        sized = SIZE.search(around) or IN_SIZE.search(f"{before} {text[: amount.start]}")
        size = self.kind.size_field() if sized else None
        return None if size is None else Where(field=size.name, op="=", value=number)

    def _only_reached(self, amount: Amount) -> Field | None:
        """The one numeric field of the kind that states numbers of this size ("500 max", of jigsaws)."""
        if not self.values.known:
            return None
        fields = [own for own in self.kind.numeric if self.kind.states(own, FULL)]
        reached = [own for own in fields if own.range and own.range[0] <= amount.value <= own.range[1]]
        return reached[0] if len(reached) == 1 else None

    def _near(self, amount: Amount, text: str) -> Field | None:
        """The field nearest in meaning to the words around a number; a counted noun is no measure ("three
        screens").
        """
        rest = " ".join(content_words(text[: amount.start] + text[amount.end :]))
        near = self.kind.near_field(rest, amount.value, CLOSE) if rest else None
        if near is None or not in_reach(near, amount.value):
            return None
        return None if near.unit and COUNTED_NOUN.match(text[amount.end :]) else near

    def _is_asked_for(self, amount: Amount, text: str, before: str) -> bool:
        """Whether a number is what something may cost: "a big one for like 150", "350 is my limit"."""
        within = re.sub(r"[\d.,]+\D*$", "", text[amount.start : amount.end])
        spent = is_budget(f"{before} {text[: amount.start]}{within}", text[amount.end :])
        told = self.kind.costs_about(amount.value) or is_total(text[amount.end :])
        return spent and not amount.unit and told

    def _is_spent(self, amount: Amount, text: str, before: str) -> bool:
        """Whether a number may be money: bounded or alone but for words of spending, and of the size of a price."""
        if COUNTED_NOUN.match(text[amount.end :]) or not self.kind.costs_about(amount.value):
            return False
        if amount.shape != "plain":
            return True
        if content_words(unspent(amount, text)):
            return False
        if amount.value >= _PRICES_FROM and _FOR.search(before):
            return True
        return GIVEN.search(before) is not None or not content_words(SPENDING.sub(" ", before))

    @staticmethod
    def _is_no_size(meaning: Meaning, text: str) -> bool:
        """Whether a bare number that is some value here may rather be a price: no size, its field not named."""
        words = set(stems(meaning.where.field.replace("_", " ")))
        return "size" not in words and not words & set(stems(text))

    def moved(self, amount: Amount, in_force: Sequence[Where], put_right: bool = False) -> Where | None:
        """The bound in force that a bare amount moves: of those that it is of the size of, the one nearest to it; of two
        prices the most that may be spent. ``put_right``: something surely is moved.
        """
        value = amount.value
        capped = any(where.field == PRICE and where.op[0] == "<" for where in in_force)
        for bound in sorted(in_force, key=lambda where: _apart(where, value)):
            if isinstance(bound.value, str):
                measure = None if amount.is_money else _MEASURE.match(bound.value)
                if measure and (titled := self.values.in_titles(f"{value:g} {measure['unit']}")):
                    return titled
                continue
            own = self.kind.schema.field(bound.field)
            sized = isinstance(own, Field) and not amount.is_money and in_reach(own, value)
            priced = bound.field == PRICE and not (capped and bound.op[0] == ">")
            if sized or (priced and (put_right or amount.is_money or self.kind.costs_about(value))):
                return bound.model_copy(update={"value": value})
        return None

    def _of_its_form(self, amount: Amount, text: str) -> tuple[Where, ...] | None:
        """The condition of an amount whose own form tells what it bounds."""
        if amount.stars or amount.is_money:
            return self.resolve(amount, text, "")
        if amount.unit:
            fits = [f for f in self.kind.numeric if measured_in(f, amount.unit)]
            return self.measures.measure(amount, text) if fits else None
        told = amount.before in FUNCTION_WORDS or not SPENDING.sub(
            "", amount.before
        )  # "factor 30" is no price
        bare = self._may_be_price(amount) and told and not COUNTED_NOUN.match(text[amount.end :])
        return bounds(PRICE, amount, AROUND_MONEY, upper=True) if bare and amount.shape != "range" else None

    def _with_unit(self, value: float) -> Where | None:
        """The option of the kind that is this number with a unit: "a 47" is the frame of 47 cm."""
        for own, _ in self.kind.stated:
            same = [v for v in own.values if own.type == "text" and is_number(v, value)]
            held = [v for v in same if self.kind.count(Attribute(own.name, (v,)))]
            if held:
                return Where(field=own.name, op="in", value=tuple(held))
        return None

    def _is_money(self, amount: Amount, text: str, before: str) -> bool:
        """Whether a number without sign or unit is a price: it is bounded, and something here costs about
        that.
        """
        if SIZE.search(text) or not self.kind.costs_about(amount.value):
            return False
        if MONEY_TALK.search(f"{before} {text}"):
            return True
        rest = (text[: amount.start] + text[amount.end :]).strip(" .,!?-")
        words = [s for s in stems(rest) if s not in FUNCTION_WORDS]
        if amount.shape == "plain":
            return not words and self.expects == PRICE
        return not words

    def _may_be_price(self, amount: Amount) -> bool:
        """Whether something here costs about that, or the bound can be of nothing else."""
        bounded = amount.shape in ("min", "max") and not any(
            self._rivals_price(f, amount) for f in self.kind.numeric
        )
        return bounded or self.kind.costs_about(amount.value)


def _apart(where: Where, value: float) -> float:
    """How far a number is from the one that a condition holds, by ratio."""
    number = next(iter(numbers_in(str(where.value))), 0.0)
    return abs(math.log(value / number)) if value > 0 and number > 0 else math.inf
