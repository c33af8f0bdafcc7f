"""Numbers as shoppers bound them: "under 50", "no more than 2 litres", "between 20 and 30", "around 80"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from agent.understanding.language.ages import LASTING
from agent.understanding.language.units import NAMES, UNIT_PATTERN, dimension

Shape = Literal["max", "min", "range", "around", "plain"]

CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "buck": "USD",
    "bucks": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "quid": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "¥": "JPY",
    "yen": "JPY",
    "₹": "INR",
    "rupees": "INR",
}
AROUND = 0.2
"""How far from the number "around" reaches, either way."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A bounded number. ``low``/``high`` are inclusive unless ``strict``; None is open."""

    start: int
    end: int
    shape: Shape
    low: float | None
    high: float | None
    value: float
    strict: bool = False
    currency: str | None = None
    unit: str | None = None
    stars: bool = False
    before: str = ""
    """The word right before the expression, which may name what is bounded ("battery over 20")."""

    @property
    def is_money(self) -> bool:
        return self.currency is not None


_SYMBOL = r"(?:us\$|[$€£¥₹])"
_MONEY_WORD = r"(?:dollars?|bucks?|usd|euros?|eur|quid|pounds?|gbp|yen|rupees)"
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:,\d{2}(?!\d))?"


_UNIT = rf"(?:(?!in\b)(?:{UNIT_PATTERN})\b)"


def _number(tag: str) -> str:
    return (
        rf"(?P<sym{tag}>{_SYMBOL})?\s?(?<![\w.])(?<![A-Za-z]-)(?<![A-Za-z]\d-)"
        rf"(?P<num{tag}>{_NUM})(?P<k{tag}>\s?k\b|\s?grand\b)?"
        rf"(?:\s?(?P<cur{tag}>{_SYMBOL}|{_MONEY_WORD}\b)"
        rf"|(?:-?(?P<unit{tag}>in\b|{_UNIT}|\"|''|%)|\s(?P<spaced{tag}>{_UNIT}|in(?=\s*(?:[,.;]|$))))"
        rf"|\s?(?P<star{tag}>(?:\+\s?)?stars?\b|/5\b|out of 5\b|\*)|(?![\w]))"
    )


_LESS = (
    r"(?:less|lower|cheaper|fewer|lighter|smaller|shorter|quieter|slower|narrower|thinner|slimmer|shallower|younger)"
    r"(?:\s+(?:expensive|money))?\s+than|under(?:neath)?"
    r"|below|beneath|bel(?:l)?ow|undr|undre|undder|<"
)
_EXTENT = r"long|length|wide|width|high|height|tall|deep|depth|big|size|weight|heavy|thick|diameter"
_AT_MOST = (
    rf"at (?:the )?(?:very |absolute )?most|(?:a )?max(?:imum)?(?: (?:of|price|budget|{_EXTENT}))*(?: is| can be| of)?"
    r"|up to|upto|within"
    r"|maximal(?:ly)?|not exceeding|as much as|<="
    r"|(?:(?:my|a|our|with a|on a|the) )?(?:price )?(?:budget|limit|cap)(?: (?:of|is|would be|at|around"
    r"|about))*:?"
    r"|(?:cap(?:ped)?|keep|limit)(?: (?:it|this|that|them|things|everything|the (?:price|cost|budget)))? (?:at"
    r"|to)|(?:i )?(?:only )?have|(?:can|could|want to|will|would"
    r"|to) (?:only )?(?:spend|pay|afford)|until|till"
    r"|(?:keep|get) it (?:under|below|within|to)|(?:down )?to"
)
_MORE = (
    r"(?:more|(?!(?:rath|oth|ev|nev|aft|eith|wheth)er\b)[a-z]{2,}er)(?:\s+expensive)?\s+than"
    r"|over|above|beyond|exceed(?:ing|s)?|north of|past|>"
)
_AT_LEAST = (
    rf"at (?:the )?(?:very |absolute )?least|(?:a )?min(?:imum)?(?: (?:of|price|{_EXTENT}))*(?: is| of)?"
    r"|starting (?:at|from)"
    r"|upwards? (?:of|from)|from|>="
    r"|rated(?: at)?(?: least)?"
)
_NOT = (
    r"(?:no|not|nothing|never|none|cannot|without|[a-z]+n't)(?: (?:that(?:'s)?|which|is|be|it|priced"
    r"|costing|costs?|cost|expensive|dear|pricey"
    r"|going|go|goes|spend|spending|pay|paying|any|anything|something|me|products?|ones?|want|wanna|like"
    r"|to|exceed|has|weigh|weighs|weighing|take|takes|last|lasts|measure|measures"
    r"|have|show|a|the|price|really))*"
)
_ABOUT = (
    r"(?:somewhere |something )?(?:around|about|approximately|approx\.?|roughly|near(?:ly)?|close to|circa|~"
    r"|in the region of)"
)
_LEAD = (
    rf"(?P<neg>{_NOT}\s+)?(?P<cmp>(?P<less>{_LESS})|(?P<atmost>{_AT_MOST})|(?P<more>{_MORE})"
    rf"|(?P<atleast>{_AT_LEAST}))"
)
_TAIL_MAX = (
    r"(?:(?:dollars?|bucks|euros?)\s)?(?:or|and) (?:less|under|below|cheaper|lower|fewer|smaller|lighter)"
    r"|(?:as an? )?(?:absolute )?max(?:imum)?\b|tops\b"
    r"|(?:or so )?at (?:the )?(?:very |absolute )?(?:most|outside|max)\b"
)
_TAIL_MIN = (
    r"(?:or|and) (?:more|up|above|over|higher|better|bigger|larger|longer)|\+(?:\s?stars?\b)?|plus\b"
    r"|minimum\b|at (?:the )?(?:very |absolute )?least\b|upwards\b"
)
_TAIL_ABOUT = r"or so\b|give or take\b|-?ish\b|or thereabouts\b"

_MARKS = {"%": "percent", '"': "in", "''": "in"}
_RATED = re.compile(r"\brated\b|\brating\b|\bstars?\b", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?:(?P<lead>between|from|in the range of|anywhere from|somewhere between|around"
    rf"|about)\s+)?{_number('1')}"
    rf"\s*(?P<joint>-|to|and|through|till|until)\s*{_number('2')}",
    re.IGNORECASE,
)
_SAYING = r"(?:(?:a|the|about|around|like|oh|say|let['’]?s say|maybe|perhaps)[\s,]+)*"
"""Between a bound and its number."""
_BOUNDED = re.compile(rf"(?<!\w){_LEAD}[\s,]*{_SAYING}\s*{_number('1')}", re.IGNORECASE)
_AROUND = re.compile(rf"(?<!\w){_ABOUT}\s*(?:a\s)?{_number('1')}", re.IGNORECASE)
_TAILED = re.compile(
    rf"{_number('1')}(?:\s(?:{_EXTENT}))?\s*(?:(?P<tmin>{_TAIL_MIN})|(?P<tmax>{_TAIL_MAX})|(?P<tabout>{_TAIL_ABOUT}))",
    re.IGNORECASE,
)
_PLAIN = re.compile(_number("1"), re.IGNORECASE)


_HOUR = r"(?:1\d|2[0-4]|\d)(?:[:.][0-5]\d)?"
_ABOUT = r"(?:about |around |like )?"
_CLOCK = re.compile(
    rf"\b{_HOUR}\s*(?:a\.?m\b\.?|p\.?m\b\.?|o['’]?clock\b)"
    rf"|\b(?:half|quarter) (?:past|to|after) {_HOUR}\b|\bhalf {_HOUR}\b(?=\W*(?:$|[,.;]|in the ))"
    rf"|\bfrom {_HOUR} (?:till|until) {_HOUR}\b"
    rf"|\b(?:till?|until) {_ABOUT}(?:1[0-2]|\d)\b(?=\W*(?:$|[,.;!?])"
    r"|\s+(?:and|or|then|when|but|so|because|at|on|if|every|most)\b)"
    rf"|\b{_HOUR}\b(?=\s+(?:in the (?:morning|evening|afternoon)|at night)\b)"
    rf"|\b(?:at|by|till?|until|since|before|after) {_ABOUT}{_HOUR}\b(?=\s+(?:tonight|tomorrow|sharp|every \w+)\b)",
    re.I,
)
"""A time of the day: "till about 10"."""
_GENERATION = re.compile(r"[2-6]g", re.IGNORECASE)
"""Of mobile networks: no weight."""


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Every number with its bounds, unit and currency, left to right, not overlapping."""
    taken = [False] * len(text)
    for clock in _CLOCK.finditer(text):
        taken[clock.start() : clock.end()] = [True] * len(clock[0])
    found: list[Amount] = []
    for pattern, read in (
        (_RANGE, _read_range),
        (_BOUNDED, _read_bounded),
        (_AROUND, _read_around),
        (_TAILED, _read_tailed),
        (_PLAIN, _read_plain),
    ):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or _GENERATION.fullmatch(match[0].strip()):
                continue
            amount = read(match)
            if amount is None or (_lasts(amount) and LASTING.match(text[end:])):
                continue
            found.append(replace(amount, before=_word_before(text, start)))
            taken[start:end] = [True] * (end - start)
    return tuple(sorted(found, key=lambda amount: amount.start))


def _lasts(amount: Amount) -> bool:
    """Whether an amount is of years or months."""
    return amount.unit is not None and dimension(amount.unit) == "age"


def _word_before(text: str, start: int) -> str:
    match = re.search(r"([\w']+)\W*$", text[:start])
    return match.group(1).lower() if match else ""


def _value(match: re.Match[str], tag: str) -> float:
    raw = match.group(f"num{tag}")
    raw = raw.replace(",", "") if re.search(r",\d{3}", raw) else raw.replace(",", ".")
    return float(raw) * (1000 if match.group(f"k{tag}") else 1)


def _measure(match: re.Match[str], *tags: str) -> tuple[str | None, str | None, bool]:
    """Currency, unit and stars: written at either number of a range, they hold for both."""
    currency = unit = None
    stars = bool(_RATED.search(match.group()))
    for tag in tags:
        sign = match.group(f"sym{tag}") or match.group(f"cur{tag}")
        if sign:
            currency = CURRENCIES[sign.lower()]
        mark = match.group(f"unit{tag}") or match.group(f"spaced{tag}")
        if mark:
            unit = _MARKS.get(mark) or NAMES[mark.lower()]
        stars = stars or bool(match.group(f"star{tag}"))
    return currency, unit, stars


def _amount(
    match: re.Match[str],
    shape: Shape,
    low: float | None,
    high: float | None,
    value: float,
    strict: bool = False,
) -> Amount:
    tags = ("1", "2") if "num2" in match.re.groupindex else ("1",)
    currency, unit, stars = _measure(match, *tags)
    return Amount(*match.span(), shape, low, high, value, strict, currency, unit, stars)


def _read_range(match: re.Match[str]) -> Amount | None:
    first, second = _value(match, "1"), _value(match, "2")
    low, high = min(first, second), max(first, second)
    joint, lead = match.group("joint").lower(), (match.group("lead") or "").lower()
    if joint == "and" and "between" not in lead:
        return None
    measured = match.group("unit1") or match.group("spaced1")
    if joint == "to" and not lead and measured and not (match.group("unit2") or match.group("spaced2")):
        return None
    return _amount(match, "range", low, high, (low + high) / 2)


def _read_bounded(match: re.Match[str]) -> Amount:
    value = _value(match, "1")
    upper = bool(match.group("less") or match.group("atmost"))
    strict = bool(match.group("less") or match.group("more"))
    if match.group("neg"):
        upper, strict = not upper, False
    return _bounded(match, value, upper, strict)


def _bounded(match: re.Match[str], value: float, upper: bool, strict: bool) -> Amount:
    low, high = (None, value) if upper else (value, None)
    return _amount(match, "max" if upper else "min", low, high, value, strict)


def _read_around(match: re.Match[str]) -> Amount:
    value = _value(match, "1")
    return _amount(match, "around", round(value * (1 - AROUND), 2), round(value * (1 + AROUND), 2), value)


def _read_tailed(match: re.Match[str]) -> Amount:
    if match.group("tabout"):
        return _read_around(match)
    return _bounded(match, _value(match, "1"), bool(match.group("tmax")), strict=False)


def _read_plain(match: re.Match[str]) -> Amount:
    value = _value(match, "1")
    return _amount(match, "plain", value, value, value)
