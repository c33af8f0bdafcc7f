"""From the words of a condition to the shop's fields: numbers exactly, values by name, other form or meaning.

What stands here as a condition binds; what can't be resolved is a wish, never a wall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.conditions import ANYWHERE, BRAND, KIND, PRICE, STARS, STOCK, Prefer, Where
from agent.tools.schema import Field
from agent.understanding.language.absence import is_allergen, is_substance, ruled_out, substance_of
from agent.understanding.language.amounts import Amount, find_amounts
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials, polarities
from agent.understanding.language.text import stems, tokenize
from agent.understanding.language.units import NAMES, convert, dimension
from agent.understanding.lexicon import Lexicon, Match, Meaning
from agent.understanding.people import EVERYONE, Person
from agent.understanding.quantities import plain as plain_numbers
from agent.understanding.quantities import spelt
from agent.understanding.scales import Scale, read_scale
from retrieval.filters import And, Attribute, Brand, Filter, Words, numbers_in

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

EXACT = 0.02
AROUND_MONEY = 0.12
AROUND = 0.15
STATED = 0.15
"""A field belongs to a kind when this share of its products state it."""
MADE_FOR = frozenset(
    [
        "gender",
        "made_for",
        "made",
        "for",
        "audience",
        "sex",
        "department",
        "age_group",
        "age",
        "group",
        "target",
    ]
)
_NO = re.compile(
    r"\b(?:no|not|without|w/o|non|never|isn't|aren't|free (?:from|of)|except|but not|zero|anything but"
    r"|avoid)\b[\s-]*",
    re.I,
)
_FREE = re.compile(r"\b(?P<what>[\w-]+(?: [\w-]+)?)[\s-]free\b", re.I)
_STOCK = re.compile(
    r"\b(?:in stock|available (?:now|today|right now)|ready to ship|you (?:actually )?have it)\b", re.I
)
_SIZE = re.compile(r"\b(?:size|sizes|sz|eu|uk|us)\b", re.I)
_MONEY_TALK = re.compile(
    r"\b(?:budget|price|spend|cost|pay|dollars?|bucks?|quid|euros?|money|bills?|each)\b|[$€£¥₹]", re.I
)
_ISH = re.compile(r"(\d)[\s-]*(?:ish|odd|or so|ballpark)\b", re.I)
_TWO_NUMBERS = re.compile(r"\b(\d+(?:\.\d+)?)(?:\s*,\s*|\s+)(?:(?:maybe|or) )?(\d+(?:\.\d+)?)\b", re.I)
_DEGREES = re.compile(
    r"(?P<sign>-|\bminus |\bnegative )?(?P<n>\d+(?:\.\d+)?)\s?"
    r"(?P<unit>°\s?[CF]?|degrees?|celsius|fahrenheit|below)?",
    re.I,
)
_IS_TEMPERATURE = re.compile(r"\b(?:temp\w*|comfort|celsius|c|limit)$|\bcomfort\b", re.I)
_BEARABLE = frozenset(["comfort", "limit", "lower", "minimum", "min", "rating", "extreme"])
_MEASURES = {
    "data": "memory storage",
    "mass": "weight",
    "light": "brightness",
    "people": "persons",
    "charge": "battery",
}
"""What a dimension is called where it is a feature."""
_NUMBERED = re.compile(r"\b(two|2|double|twin|one|1)\b", re.I)
_AS_VALUES = {"two": "dual", "2": "dual", "double": "dual", "twin": "dual", "one": "single", "1": "single"}
_NUMBER_WORD = re.compile(
    r"\b(?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|two|three|four|five|six|seven|eight|nine|grand)\b",
    re.I,
)
_COUNTED_NOUN = re.compile(
    r"^[\s-]*(?!on\b|for\b|each\b|max|tops|or\b|and\b|if\b|at\b|is\b|to\b|total|all\b|please|but\b|so\b|tho)[a-z]{3,}",
    re.I,
)
"""A number before a noun counts it."""
_REFUSED = re.compile(
    r"\b(?:refus\w+|not|n't|never|nothing|no|cannot|can't|won't|don't|ain't)\b(?:\W+\w+){0,3}\W*$", re.I
)
_OVER = re.compile(r"(?:\w+\s){0,2}?(?:over|above|more than|past|beyond|exceed\w*|north of)\b", re.I)
_SPENDING = re.compile(
    r"\b(?:spend\w*|pay\w*|drop\w*|fork\w*|stretch\w*|go|going|blow\w*|shell\w*|part\w*|afford|splash\w*|refuse|ain'?t|"
    r"tops?|max|limit|ceiling|total|altogether|outside|ball\s?park|mark|region|something|thereabouts|it)\b",
    re.I,
)
"""Words of spending, beside which a bare number is money."""
_LEADING = re.compile(
    r"^(?:(?:it|that|they|he|she|which|and|but|so|also|then|just|really|please|the|a|an|some|any|with|in|of|made|from|"
    r"by|has|have|having|is|are|be|being|to|must|should|needs?|got|get|comes?|for|like|preferably|ideally|only|all|"
    r"takes?|runs?|fits?|holds?|keeps?|works?|uses?|plays?|supports?|accepts?|can|will|would|does|do|goes|go|able|"
    r"one|ones|made out|out|around|about)\b[\s,]*)+",
    re.I,
)


@dataclass(frozen=True)
class Resolved:
    """What one span came to: conditions that bind, wishes that weigh, words for search."""

    where: tuple[Where, ...] = ()
    prefer: tuple[Prefer, ...] = ()
    words: str = ""
    """What is left for retrieval."""
    unmet: tuple[str, ...] = ()
    """Conditions that nothing of the kind speaks of."""

    def __add__(self, other: Resolved) -> Resolved:
        words = " ".join(part for part in (self.words, other.words) if part)
        unmet = (*self.unmet, *other.unmet)
        return Resolved((*self.where, *other.where), (*self.prefer, *other.prefer), words, unmet)

    def joined(self) -> Resolved:
        """With values of one field as alternatives: what is one colour can't be another as well."""
        merged: dict[str, Where] = {}
        rest: list[Where] = []
        for where in self.where:
            texts = _texts(where)
            if where.field == PRICE:  # of two bounds on one side, the later is meant
                rest = [old for old in rest if old.field != PRICE or old.op[0] != where.op[0]]
            if where.op not in ("=", "in") or not texts or where.field in (KIND, ANYWHERE):
                rest.append(where)
            elif where.field in merged:
                values = tuple(dict.fromkeys((*_texts(merged[where.field]), *texts)))
                merged[where.field] = where.model_copy(update={"op": "in", "value": values})
            else:
                merged[where.field] = where
        return replace(self, where=(*merged.values(), *rest))


@dataclass(frozen=True)
class Resolver:
    """Resolves phrases for one kind of product. ``kind``: the filter of what is sought, of which fields are
    told.

    Costs microseconds for numbers and names, one encoding (about 5 ms) for a phrase that only meaning
    resolves.
    """

    desk: ShopContext
    lexicon: Lexicon
    kind: Filter = field(default_factory=And)
    known: bool = False
    """Whether it is known what is sought; without that, meaning and texts would point at anything."""
    expects: str = ""
    """The field that was asked about last: a bare number answers it."""
    in_force: tuple[Where, ...] = ()
    """Numbers that are bound already: a bare number changes one, and keeps its side."""

    # --- spans --------------------------------------------------------------------------------------------

    def condition(self, phrase: str, *, before: str = "", in_force: Sequence[Where] = ()) -> Resolved:
        """A condition stated as one. ``before``: the few words in front of it."""
        if _STOCK.search(phrase):
            return Resolved((Where(field=STOCK),))
        bare = plain_numbers(phrase, self._plausible).strip(" .,!?$")
        if re.fullmatch(r"\d+(?:\.\d+)?", bare) and (
            moved := self._moved(float(bare), (*self.in_force, *in_force))
        ):
            return Resolved((moved,))
        if (free := _FREE.search(phrase)) is not None:
            return self.excluded(free["what"], flag=f"{free['what']} free")
        if (no := _NO.search(phrase)) is not None and not any(c.isdigit() for c in bare):
            head = self.condition(phrase[: no.start()]) if phrase[: no.start()].strip() else Resolved()
            return head + self.excluded(phrase[no.end() :])
        plain = _spread(plain_numbers(phrase, self._plausible))
        if _REFUSED.search(before) and _OVER.match(plain):
            plain = f"not {plain}"
        if (degrees := self._temperature(plain)) is not None:
            return Resolved((degrees,))
        amounts = find_amounts(plain)
        if not amounts:
            return self._value(phrase)
        whole = self.lexicon.exactly(phrase)
        if whole and not any(a.is_money or a.shape != "plain" for a in amounts):
            return Resolved((self._any_of(whole),))  # "size 38", "w34": a value of the shop as it stands
        result, rest = Resolved(), plain
        for amount in sorted(amounts, key=lambda a: -a.start):
            where = self._amount(amount, plain, before)
            if where is not None and not _is_corrected(where, result.where):
                aim = (
                    (Prefer(field=PRICE, aim="near", value=amount.value),) if _is_about(where, amount) else ()
                )
                result = result + Resolved(where, aim)
                rest = rest[: amount.start] + " " + rest[amount.end :]
        if result.where:
            left = [s for s in stems(rest) if s not in FUNCTION_WORDS and len(s) > 2]
            named = {s for w in result.where for s in stems(w.field.replace("_", " "))}
            left_over = [s for s in left if s not in named]
            return result + self._value(rest, strict=True) if left_over else result
        return self._value(phrase)

    def states_amount(self, phrase: str) -> bool:
        """Whether a phrase holds a bounded number or money."""
        amounts = find_amounts(plain_numbers(phrase, self._plausible))
        return any(a.is_money or a.shape != "plain" for a in amounts)

    def amounts(self, text: str) -> Resolved:
        """Amounts that a text states outright: money, bounds, measures. ``text``: what no span holds."""
        if not any(c.isdigit() for c in text) and not _NUMBER_WORD.search(text):
            return Resolved()
        plain = _spread(plain_numbers(text, self._plausible))
        found = Resolved()
        for amount in find_amounts(plain):
            people = bool(amount.unit) and dimension(amount.unit or "") == "people"
            outright = amount.is_money or amount.shape != "plain" or people
            where = self._outright(amount, plain) if outright else None
            if where is not None:
                found = found + Resolved(where)
        return found

    def money(self, text: str) -> Resolved:
        """Prices that a text states as money, or as a bound that nothing but a price has."""
        plain = _spread(plain_numbers(text, self._plausible))
        found = Resolved()
        for amount in find_amounts(plain):
            counted = _COUNTED_NOUN.match(plain[amount.end :]) or _SIZE.search(plain)
            bound = amount.shape != "plain" and not amount.unit and not counted and self._may_be_price(amount)
            if amount.is_money or (bound and not self.fields):
                found = found + Resolved(_bounds(PRICE, amount, AROUND_MONEY, upper=True))
        return found

    def value(self, match: Match) -> Resolved:
        """A value found in a text: one that the kind has, else as the shop has it."""
        return Resolved((self._any_of(self._of_fields(match.meanings) or list(match.meanings)),))

    def wished(self, match: Match) -> Resolved:
        """A value of the kind that stands in a text without being asked for as one: it only weighs."""
        meanings = self._of_fields(match.meanings)
        return Resolved(prefer=(_wish(meanings[0].where),)) if meanings and self.known else Resolved()

    def _outright(self, amount: Amount, text: str) -> tuple[Where, ...] | None:
        """The condition of an amount whose own form tells what it bounds."""
        if amount.stars or amount.is_money:
            return self._amount(amount, text, "")
        if amount.unit:
            fits = [f for f in self.fields if _measured_in(f, amount.unit)]
            return self._measure(amount, text) if fits else None
        bare = self._may_be_price(amount) and not _COUNTED_NOUN.match(text[amount.end :])
        return _bounds(PRICE, amount, AROUND_MONEY, upper=True) if bare and amount.shape != "range" else None

    def excluded(self, phrase: str, *, flag: str = "") -> Resolved:
        """What must not be: a value, a brand, a kind, else anything that names it."""
        phrase = _LEADING.sub("", phrase).strip(" .,!?")
        if not phrase:
            return Resolved()
        lacks = Where(
            field=ANYWHERE, op="lacks", value=substance_of(phrase) or " ".join(_words(phrase)) or phrase
        )
        if is_allergen(phrase) or (flag and is_substance(phrase)):
            return Resolved((lacks,))
        if flag and (meanings := self.lexicon.exactly(flag)):
            return Resolved((meanings[0].where, Where(field=ANYWHERE, op="lacks", value=phrase)))
        scale = read_scale(phrase, self.fields)
        content = [s for s in stems(phrase) if s not in FUNCTION_WORDS]
        if (
            scale is not None
            and not scale.superlative
            and len(content) <= 2
            and not self.lexicon.exactly(phrase)
        ):
            return Resolved(prefer=(Prefer(field=scale.field, aim="low" if scale.direction > 0 else "high"),))
        meanings = self.lexicon.exactly(phrase)
        if denied := self._of_fields(meanings) or [m for m in meanings if m.where.field == BRAND]:
            return Resolved(_denied_values(denied))
        if is_substance(phrase):
            return Resolved((lacks,))
        if (near := self.near(phrase)) is not None:
            own = self.desk.schema.field(near.where.field)
            if isinstance(own, Field) and own.type == "flag" and own.stems[-1:] == ("free",):
                return Resolved((near.where,))
            return Resolved(_denied_values([near]))
        kind = self.desk.shop.search.kinds.resolve(phrase)
        if kind is not None and len(content) <= 3 and kind.confidence >= (0.8 if kind.exact else 0.65):
            return Resolved((Where(field=KIND, op="not in", value=kind.names),))
        if len(content) <= 3 and self._count(Words(" ".join(content))):
            return Resolved((lacks,))
        return Resolved()

    def wish(self, phrase: str) -> Resolved:
        """What only weighs: a graded word on its number, a value of the shop, and the words for search."""
        found: list[Prefer] = []
        scale = read_scale(phrase, self.fields, None)
        denied = _NO.search(phrase) is not None
        if scale is not None and scale.known and len(_words(phrase)) <= 4:
            direction = -scale.direction if denied else scale.direction
            found.append(Prefer(field=scale.field, aim="high" if direction > 0 else "low"))
        if not denied:
            long = len(_words(phrase)) > 3
            for match in self.lexicon.find(phrase) if not long else ():
                for meaning in self._of_fields(match.meanings)[:1]:
                    if meaning.where.field != BRAND:
                        found.append(_wish(meaning.where))
            if not found and (near := self.near(phrase)) is not None:
                found.append(_wish(near.where))
        return Resolved(prefer=tuple(dict.fromkeys(found)), words=phrase)

    def person(self, who: Person) -> Resolved:
        """Whom it is made for, where most products of the kind are marked so; an age by the shop's own
        bounds.
        """
        found: list[Where] = []
        for own in self.desk.schema.fields.values():
            if (
                own.type == "text"
                and set(own.name.lower().split("_")) | {own.name.lower()} & MADE_FOR
                and who.values
            ):
                if own.name.lower() not in MADE_FOR and own.label not in MADE_FOR:
                    continue
                have = {v.lower(): v for v in own.values}
                mine = [have[v] for v in who.values if v in have]
                if mine and self._states(own, 0.4):
                    everyone = [have[v] for v in EVERYONE if v in have and who.group != "kid"]
                    values = tuple(dict.fromkeys((*mine, *everyone)))
                    found.append(Where(field=own.name, op="in", value=values))
            if (
                own.type == "number"
                and who.age is not None
                and "age" in own.stems
                and self._states(own, STATED)
            ):
                upper = bool({"to", "max", "until", "maximum"} & set(own.name.lower().split("_")))
                found.append(Where(field=own.name, op=">=" if upper else "<=", value=who.age))
        return Resolved(tuple(found))

    def order(self, phrase: str, text: str = "") -> Scale | None:
        """The scale of a superlative or comparative; ``text`` around it tells what a bare "the
        least" is of.
        """
        phrase = spelt(phrase)
        scale = read_scale(phrase, self.fields, self._near_field)
        return scale if scale is not None or not text else read_scale(f"{phrase} {_costs(text)}", self.fields)

    # --- numbers ------------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The numeric fields of the kind, the fullest first."""
        return tuple(f for f, _ in self._stated if f.type == "number")

    @cached_property
    def _mask(self) -> npt.NDArray[np.bool_]:
        """Which products are of the kind, shape (n,)."""
        return self.desk.shop.search.table.mask(self.kind)

    def _count(self, condition: Filter) -> int:
        """How many of the kind meet a condition."""
        return int(np.count_nonzero(self._mask & self.desk.shop.search.table.mask(condition)))

    @cached_property
    def _stated(self) -> tuple[tuple[Field, int], ...]:
        total = self._total
        found = []
        for own in self.desk.schema.fields.values():
            count = self._count(Attribute(own.name))
            if count and count >= min(2, total):
                found.append((own, count))
        return tuple(sorted(found, key=lambda pair: -pair[1]))

    @cached_property
    def _total(self) -> int:
        return int(np.count_nonzero(self._mask))

    def _states(self, own: Field, share: float) -> bool:
        counts = {f.name: count for f, count in self._stated}
        return counts.get(own.name, 0) >= share * max(1, self._total)

    def _amount(self, amount: Amount, text: str, before: str) -> tuple[Where, ...] | None:
        if amount.stars:
            op = "<=" if amount.shape == "max" else ">="
            return (Where(field=STARS, op=op, value=amount.value),)
        if amount.unit and not amount.is_money:
            return self._measure(amount, text)
        named = self._named_number(f"{before} {text}", amount)
        if amount.is_money or (named is None and self._is_money(amount, text, before)):
            return _bounds(PRICE, amount, AROUND_MONEY, upper=True)
        if named is not None:
            return _bounds(named.name, amount, AROUND, exact=EXACT)
        if amount.shape == "plain":
            for name in (f"{amount.value:g}", " ".join(_words(text))):
                if meanings := self._of_fields(self.lexicon.exactly(name)):
                    return (self._any_of(meanings),)
            if _SIZE.search(f"{before} {text}") and (size := self._size_field()) is not None:
                return (Where(field=size.name, op="=", value=f"{amount.value:g}"),)
        if self.expects:
            return _bounds(self.expects, amount, AROUND)
        if said := self._in_texts(text):
            return (said,)
        rest = " ".join(_words(text[: amount.start] + text[amount.end :]))
        if rest and (near := self._near_field(rest)) is not None and _in_reach(near, amount.value):
            return _bounds(near.name, amount, AROUND, exact=EXACT)
        if amount.shape == "plain" and (sized := self._with_unit(amount.value)) is not None:
            return (sized,)
        left = _SPENDING.sub(" ", f"{text[: amount.start]} {text[amount.end :]}")
        if self._may_be_price(amount) and not _words(left):
            return _bounds(PRICE, amount, AROUND_MONEY, upper=True)
        return None

    def _with_unit(self, value: float) -> Where | None:
        """The option of the kind that is this number with a unit: "a 47" is the frame of 47 cm."""
        for own, _ in self._stated:
            same = [v for v in own.values if own.type == "text" and numbers_in(v) == [value]]
            held = [v for v in same if self._count(Attribute(own.name, (v,)))]
            if held:
                return Where(field=own.name, op="in", value=tuple(held))
        return None

    def _in_texts(self, phrase: str) -> Where | None:
        """A condition on the words of the products, where some of the kind say them."""
        words = _words(re.sub(r"(\d)s\b", r"\1", phrase))
        if not words or len(words) > 4 or not self.known:
            return None
        said = Words(" ".join(words))
        return Where(field=ANYWHERE, op="has", value=said.text) if self._count(said) else None

    def _temperature(self, text: str) -> Where | None:
        """Degrees, below zero or not, on the kind's field for them; warmth is borne down to what is said."""
        match = _DEGREES.search(text)
        own = next((f for f in self.fields if _IS_TEMPERATURE.search(f.name.replace("_", " "))), None)
        if match is None or own is None or not (match["sign"] or match["unit"]):
            return None
        value = float(match["n"]) * (-1 if match["sign"] else 1)
        if match["unit"] and match["unit"].lower().startswith("f"):
            value = round((value - 32) / 1.8, 1)
        bears = bool(set(own.stems) & _BEARABLE)
        return Where(field=own.name, op="<=" if bears else "=", value=value)

    def _moved(self, value: float, in_force: Sequence[Where]) -> Where | None:
        """The bound in force that a bare number moves: the latest that it is of the size of."""
        for bound in reversed(in_force):
            own = self.desk.schema.field(bound.field)
            if (isinstance(own, Field) and _in_reach(own, value)) or (
                bound.field == PRICE and self._plausible(value)
            ):
                return bound.model_copy(update={"value": value})
        return None

    def denied(self, text: str, found: Resolved) -> Resolved:
        """With every value of the shop that the text denies excluded, whatever the reader made of it."""
        matches = self.lexicon.find(text)
        slots = [(m.start, m.end, m.meanings[0].where.field) for m in matches]
        for match, polarity in zip(matches, polarities(text, Denials(text), slots), strict=True):
            meanings = self._of_fields(match.meanings) if polarity == "unwanted" else []
            if not meanings:
                continue
            gone = {(m.where.field, str(m.where.value)) for m in meanings}
            kept = tuple(left for w in found.where if (left := _less(w, gone)) is not None)
            prefer = tuple(p for p in found.prefer if (p.field, str(p.value)) not in gone)
            found = replace(found, where=(*kept, *_denied_values(meanings)), prefer=prefer)
        return found

    def without(self, text: str, found: Resolved) -> Resolved:
        """With every substance excluded that the text says must not be in it, whatever the reader made of it."""
        for thing in ruled_out(text):
            if any(w.is_negative and thing in map(substance_of, _texts(w)) for w in found.where):
                continue
            kept = tuple(w for w in found.where if w.is_negative or thing not in map(substance_of, _texts(w)))
            found = replace(found, where=(*kept, Where(field=ANYWHERE, op="lacks", value=thing)))
        return found

    def _is_money(self, amount: Amount, text: str, before: str) -> bool:
        """Whether a number without sign or unit is a price: it is bounded, and something here costs about
        that.
        """
        if _SIZE.search(text) or not self._plausible(amount.value):
            return False
        if _MONEY_TALK.search(f"{before} {text}"):
            return True
        rest = (text[: amount.start] + text[amount.end :]).strip(" .,!?-")
        words = [s for s in stems(rest) if s not in FUNCTION_WORDS]
        if amount.shape == "plain":
            return not words and self.expects == PRICE
        return not words

    def _may_be_price(self, amount: Amount) -> bool:
        """Whether something here costs about that, or the bound can be of nothing else."""
        bounded = amount.shape in ("min", "max") and not any(_in_reach(f, amount.value) for f in self.fields)
        return bounded or self._plausible(amount.value)

    def _plausible(self, value: float) -> bool:
        low, high = self._prices
        return low / 3 <= value <= high * 2

    @cached_property
    def _prices(self) -> tuple[float, float]:
        search = self.desk.shop.search
        prices = search.table.price[self._mask]
        known = prices[prices == prices]
        if not len(known):
            known = search.table.price[search.table.price == search.table.price]
        return (float(known.min()), float(known.max())) if len(known) else (1.0, 1000.0)

    def _measure(self, amount: Amount, text: str) -> tuple[Where, ...] | None:
        """A number with a unit: the field of the kind that is measured so, the one named if there are
        several.
        """
        unit = amount.unit or ""
        if unit == "percent":
            return None
        fits = [f for f in self.fields if _measured_in(f, unit)]
        named = [f for f in fits if set(f.stems) & set(stems(text))]
        chosen = (named or fits)[:1]
        if not chosen:
            return self._near_measure(amount, text, unit)
        own = chosen[0]
        factor = convert(1.0, unit, own.unit) if own.unit and own.unit != unit else 1.0
        if factor is None:
            factor = 1.0
        scaled = replace(
            amount,
            value=amount.value * factor,
            low=None if amount.low is None else amount.low * factor,
            high=None if amount.high is None else amount.high * factor,
        )
        if amount.shape == "plain" and dimension(unit) == "people":
            return (Where(field=own.name, op=">=", value=scaled.value),)
        return _bounds(own.name, scaled, AROUND, exact=EXACT)

    def _near_measure(self, amount: Amount, text: str, unit: str) -> tuple[Where, ...] | None:
        """The field that a unit must be of, where neither names nor values state one; else the words of
        texts.
        """
        rest = " ".join(_words(text[: amount.start] + text[amount.end :]))
        near = self._near_field(f"{_MEASURES.get(dimension(unit), dimension(unit))} {rest}".strip())
        if near is not None and near.unit is None and _in_reach(near, amount.value):
            return _bounds(near.name, amount, AROUND, exact=EXACT)
        said = self._in_texts(text) if amount.shape == "plain" else None
        return (said,) if said else None

    def _named_number(self, text: str, amount: Amount) -> Field | None:
        """The numeric field whose name stands beside the number ("security ten or better", "7 gears")."""
        rest = set(stems(text))
        for own in self.fields:
            if own.stems and (set(own.stems) <= rest or (set(own.stems) & rest and self._states(own, 0.3))):
                return own
        return None

    def _size_field(self) -> Field | None:
        """The option that says sizes, where the kind comes in sizes."""
        return next((f for f, _ in self._stated if "size" in f.stems), None)

    def _near_field(self, words: str) -> Field | None:
        """The numeric field whose name is nearest in meaning."""
        if not self.fields or not words.strip():
            return None
        encoder = self.desk.shop.encoder
        labels = [f.label for f in self.fields]
        scores = encoder.encode_document(labels) @ encoder.encode_query([words])[0]
        best = int(scores.argmax())
        return self.fields[best] if scores[best] >= 0.35 else None

    # --- values -------------------------------------------------------------------------------------------

    def _value(self, phrase: str, *, strict: bool = False) -> Resolved:
        """A phrase without numbers; ``strict``: what the lexicon does not know is dropped, not searched in
        texts.
        """
        bare = _LEADING.sub("", phrase).strip(" .,!?")
        if not bare:
            return Resolved()
        counted = _NUMBERED.sub(lambda m: _AS_VALUES[m[1].lower()], bare)
        for text in dict.fromkeys((bare, phrase, counted)):
            if whole := self._of_fields(self.lexicon.exactly(text)):
                return Resolved((self._any_of(whole),))
        elsewhere = self.lexicon.exactly(bare)
        if (
            elsewhere and read_scale(bare, self.fields) is None
        ):  # none of the kind has it: the shopper is told
            return Resolved((elsewhere[0].where,))
        matches = [m for m in self.lexicon.find(bare) if self._of_fields(m.meanings)]
        left = _uncovered(bare, matches)
        bound = tuple(self._any_of(self._of_fields(m.meanings)) for m in matches)
        if matches and not left:
            return Resolved(bound)
        if strict:
            return Resolved(bound)
        scale = read_scale(bare, self.fields)
        if scale is not None and scale.known and not bound:
            return Resolved(
                prefer=(Prefer(field=scale.field, aim="high" if scale.direction > 0 else "low"),), words=bare
            )
        if (near := self.near(bare)) is not None and near.where not in bound:
            if self._is_within(bound, near.where):  # "front and the back" is "front and rear", not "front"
                bound = tuple(w for w in bound if w.field != near.where.field)
            return Resolved((*bound, near.where))
        if not bound and (said := self._in_texts(bare)) is not None:
            return Resolved((said,))
        unmet = (
            (bare,) if self.known and not bound and len(_words(bare)) <= 2 and self._silent_on(bare) else ()
        )
        return Resolved(bound, words=bare, unmet=unmet)

    @staticmethod
    def _is_within(bound: Sequence[Where], fuller: Where) -> bool:
        """Whether a value that was found by name is only part of one that the whole phrase means."""
        return any(
            w.field == fuller.field and set(_words(str(w.value))) < set(_words(str(fuller.value)))
            for w in bound
        )

    def is_foreign(self, where: Where) -> bool:
        """Whether the condition is on a field that hardly a product of the kind states."""
        own = self.desk.schema.field(where.field)
        return isinstance(own, Field) and not self._states(own, STATED)

    def _silent_on(self, phrase: str) -> bool:
        """Whether no product of the kind has even one of the phrase's words."""
        words = [w for w in _words(phrase) if len(w) > 3]
        if not all(w in english_ranks() for w in words):
            return False  # a name or a misspelling: what is not found may still be there
        return bool(words) and not any(self._count(Words(word)) for word in words)

    def near(self, phrase: str) -> Meaning | None:
        """The value of the kind that a phrase means."""
        if not self.known:
            return None
        found = self.lexicon.nearest(phrase, self.desk.shop.encoder, self._own_meanings)
        return found[0] if found else None

    @cached_property
    def _own_meanings(self) -> list[Meaning]:
        """What the fields of the kind can say, as far as some product of it does."""
        names = [f.name for f, count in self._stated if f.type != "number" and count >= STATED * self._total]
        return self._of_fields(self.lexicon.of_fields(names))

    def _of_fields(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """Those meanings that some product of the kind has, the commonest first; brands count everywhere."""
        kept = []
        for meaning in meanings:
            count = self._count(_stated_by(meaning.where))
            if count:
                kept.append(replace(meaning, count=count))
        return sorted(kept, key=lambda m: -m.count)

    def _any_of(self, meanings: Sequence[Meaning]) -> Where:
        """One condition for a phrase; values of the same field are alternatives."""
        first = meanings[0].where
        same = [
            m.where.value for m in meanings if m.where.field == first.field and isinstance(m.where.value, str)
        ]
        if isinstance(first.value, str) and len(same) > 1:
            return first.model_copy(update={"op": "in", "value": tuple(dict.fromkeys(same))})
        return first


def _texts(where: Where) -> tuple[str, ...]:
    """The values of a condition on a text field."""
    if isinstance(where.value, str):
        return (where.value,)
    return where.value if isinstance(where.value, tuple) else ()


def _costs(text: str) -> str:
    """The words around "the least" that tell of what: costs, weighs."""
    found = re.search(r"\b(?:costs?|prices?|pay|spend|set .{1,12} back|weighs?|weight)\b", text, re.I)
    return found[0] if found else ""


def _denied_values(meanings: Sequence[Meaning]) -> tuple[Where, ...]:
    """None of these values, one condition a field."""
    fields: dict[str, list[Where]] = {}
    for meaning in meanings:
        fields.setdefault(meaning.where.field, []).append(meaning.where)
    found = []
    for wheres in fields.values():
        values = tuple(str(w.value) for w in wheres)
        one = wheres[0].model_copy(update={"op": "!="})
        found.append(one if len(wheres) == 1 else one.model_copy(update={"op": "not in", "value": values}))
    return tuple(found)


def _less(where: Where, gone: set[tuple[str, str]]) -> Where | None:
    """A wanted condition without denied values; None where nothing of it is left."""
    if where.is_negative:
        return where
    values = where.value if isinstance(where.value, tuple) else (where.value,)
    left = tuple(v for v in values if (where.field, str(v)) not in gone)
    if len(left) == len(values):
        return where
    return where.model_copy(update={"value": left if len(left) > 1 else left[0]}) if left else None


def _stated_by(where: Where) -> Filter:
    """Products whose own field says it, without those that only say so in words."""
    if where.field == BRAND:
        return Brand((str(where.value),))
    return Attribute(where.field, ("yes" if where.value is True else str(where.value),))


def _bounds(
    name: str, amount: Amount, around: float, *, exact: float | None = None, upper: bool = False
) -> tuple[Where, ...]:
    """``upper``: a bare amount is the most to be spent."""
    low, high = amount.low, amount.high
    match amount.shape:
        case "max":
            return (Where(field=name, op="<" if amount.strict else "<=", value=high),)  # type: ignore[arg-type]
        case "min":
            return (Where(field=name, op=">" if amount.strict else ">=", value=low),)  # type: ignore[arg-type]
        case "range":
            return (Where(field=name, op=">=", value=low), Where(field=name, op="<=", value=high))  # type: ignore[arg-type]
        case "around":
            if upper:
                return (Where(field=name, op="<=", value=round(amount.value * (1 + around), 2)),)
            edges = (round(amount.value * (1 - around), 3), round(amount.value * (1 + around), 3))
            return (Where(field=name, op=">=", value=edges[0]), Where(field=name, op="<=", value=edges[1]))
    if upper:
        return (Where(field=name, op="<=", value=amount.value),)
    if exact is None:
        return (Where(field=name, op="<=", value=amount.value),)
    return (Where(field=name, op="=", value=amount.value),)


def _is_corrected(said: tuple[Where, ...], later: tuple[Where, ...]) -> bool:
    """Whether the same phrase says another number later: "two thousand, no, one thousand pieces"."""
    exact = [w.field for w in later if w.op == "="]
    return len(said) == 1 and said[0].op == "=" and said[0].field in exact


def _is_about(where: tuple[Where, ...], amount: Amount) -> bool:
    return amount.shape == "around" and where[0].field == PRICE


def _in_reach(own: Field, value: float) -> bool:
    """Whether a field's numbers are of the size of the one said."""
    return own.range is not None and own.range[0] / 2 <= value <= own.range[1] * 2


def _spread(text: str) -> str:
    """ "100, 120-ish" and "100 120" are a range; "80ish" is about 80."""
    text = _ISH.sub(r"\1 or so", text)
    match = _TWO_NUMBERS.search(text)
    if match and float(match[1]) < float(match[2]) <= 2 * float(match[1]):
        return f"{text[: match.start()]}up to {match[2]}{text[match.end() :]}"
    return text


def _measured_in(own: Field, unit: str) -> bool:
    if dimension(unit) == "people":
        return own.unit == "person" or bool(
            set(own.stems) & {"people", "person", "persons", "seat", "player"}
        )
    if dimension(unit) == "age":
        return "age" in own.stems or own.unit == unit
    if unit in {NAMES.get(stem) for stem in own.stems}:
        return True
    return own.unit is not None and dimension(own.unit) == dimension(unit)


def _wish(where: Where) -> Prefer:
    return Prefer(field=where.field, aim="has", value=where.value)


def _words(phrase: str) -> list[str]:
    return [
        t.text
        for t in tokenize(phrase)
        if (t.is_word or t.text[0].isdigit()) and t.text not in FUNCTION_WORDS
    ]


def _uncovered(phrase: str, matches: Sequence[Match]) -> list[str]:
    """Content words outside the matches."""
    return [
        token.text
        for token in tokenize(phrase)
        if token.is_word
        and token.text not in FUNCTION_WORDS
        and not any(m.start <= token.start < m.end for m in matches)
    ]
