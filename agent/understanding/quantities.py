"""Numbers as people write and say them, made plain before the exact parsers read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz import fuzz, process

from agent.understanding.language.english import english_ranks
from agent.understanding.language.numbers import VALUE_WORDS, digits
from agent.understanding.language.text import tidy
from agent.understanding.language.units import NAMES

_CLOSED = [
    "around",
    "about",
    "under",
    "below",
    "over",
    "above",
    "between",
    "maximum",
    "minimum",
    "most",
    "least",
    "than",
    "more",
    "less",
    "dollar",
    "dollars",
    "euro",
    "euros",
    "pounds",
    "quid",
    "bucks",
    "budget",
    "litres",
    "liters",
    "metres",
    "meters",
    "centimetres",
    "inches",
    "grams",
    "kilos",
    "watts",
    "persons",
    "people",
    "pieces",
    "hours",
    "minutes",
    "cheap",
    "cheaper",
    "cheapest",
    "lighter",
    "lightest",
    "longest",
    "biggest",
    "smallest",
    "quietest",
    "battery",
    "size",
    "waterproof",
    "without",
    "something",
    "anything",
    "everything",
    *(word for word in VALUE_WORDS if len(word) > 4),
]
"""Words of bounds, units and order, and those that name no thing; a misspelling of one would lose the number beside
it, or be taken for a thing.
"""
CLOSE = 80.0
SHORTEST = 5
COMMON = 20_000
"""An English word of this frequency rank is never taken for a misspelling."""
_WORD = re.compile(r"[a-z]{4,}", re.I)
_THEN = re.compile(r"\b(more|less|fewer|rather|other|[a-z]+er) then\b", re.I)
_THAN = re.compile(
    r"((?:\b(?:not|no|nothing|never|cannot)|n['’]?t) (?:(?!more|less)\w+ )?"
    r"(?:more|less|fewer|(?:high|low|small|larg|bigg|heavi|light|wid|long|short|tall|dear|cheap|pric|thick|deep)(?:i)?er))"
    r"(?: (?:as|like|of|that))? (?=[$€£]?\d)",
    re.I,
)
""" "Not more 200", "no more as 200"."""
_HALVES = re.compile(
    r"\b(?:(?P<n>\d+|an?|one|two|three|four|five) )(?P<unit>[a-z]+?)s? and? a (?P<part>half|quarter)\b", re.I
)
_AND_A_HALF = re.compile(
    r"\b(?P<n>\d+|an?|one|two|three|four|five|six|seven|eight|nine) and a (?P<part>half|quarter)\b", re.I
)
_HALF_A = re.compile(
    r"\bhalf (?:a |an )(?P<unit>kilo|kg|litre|liter|metre|meter|pound|dozen|hour|mile|inch)\b", re.I
)
_JOINED = re.compile(r"\b(\d)\s?m\s?(\d{2})\b(?!\s?m)")
_PERSONS = re.compile(
    r"\b(\d+|two|three|four|five|six|eight)(?:[\s-]?(?:man|men|berth|seater|person|people|player)s?| of us)\b",
    re.I,
)
_ISH_WORDS = re.compile(
    r"\b((?:(?:a|one|two|three|four|five|six|seven|eight|nine) )?hundred(?: and)?(?: [a-z]+)?"
    r"|[a-z]+(?:ty|teen))[\s-]?ish\b",
    re.I,
)
_ONE_UNIT = re.compile(rf"\b(a|an|one|two|three) (?=(?:{'|'.join(n for n in NAMES if len(n) > 4)})\b)", re.I)
_ZERO = re.compile(r"\bzero\b", re.I)
_SHARED = re.compile(
    r"(?<!ty-)(?<!ty )(?<!and )\b(\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine) (?:to|or|and|-) "
    r"(\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine) (?P<scale>grand|k|hundred|thousand)\b",
    re.I,
)
_SCALES = {"grand": 1000, "k": 1000, "thousand": 1000, "hundred": 100}
_SLANG = {"hunnid": "hundred", "hunned": "hundred", "fiddy": "fifty", "tenner": "10 quid", "fiver": "5 quid"}
_SLANG |= {"hundo": "hundred", "benjamin": "100 dollars"}
_SLANG_WORDS = re.compile(rf"\b({'|'.join(_SLANG)})s?\b", re.I)
_PACK = r"(?:pack|packet|set|box|case|bundle|roll|bag|multipack|spindle|tub|sleeve|carton)"
_PACK_OF = re.compile(
    rf"\b(?P<pack>{_PACK}s?|pk) of (?P<n>\d+)\b(?! (?:{'|'.join(n for n in NAMES if len(n) > 1)})\b)", re.I
)
_TO_A_PACK = re.compile(rf"\b(?P<n>\d+) (?:to|in|per|to each|in each)(?: an?| the| one)? {_PACK}\b", re.I)
_PARTS = {"half": 0.5, "quarter": 0.25}
_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}


def plain(text: str, plausible: Callable[[float], bool]) -> str:
    """``text`` with number words as digits, units that a number can be read with, and closed words spelt
    right.
    """
    text = spelt(tidy(text))
    text = _SLANG_WORDS.sub(lambda m: _SLANG[m[1].lower()], text)
    text = _SHARED.sub(_scaled, text)
    text = _THAN.sub(r"\1 than ", _THEN.sub(r"\1 than", text))
    text = _PERSONS.sub(lambda m: f"{_count(m[1]):g} person", text)
    text = _HALVES.sub(lambda m: f"{_count(m['n']) + _PARTS[m['part'].lower()]:g} {m['unit']}", text)
    text = _AND_A_HALF.sub(lambda m: f"{_count(m['n']) + _PARTS[m['part'].lower()]:g}", text)
    text = _HALF_A.sub(lambda m: "6 pieces" if m["unit"] == "dozen" else f"0.5 {m['unit']}", text)
    text = _JOINED.sub(r"\1.\2 m", text)
    text = _ISH_WORDS.sub(lambda m: f"{digits(m[1], plausible)} or so", text)
    text = _ONE_UNIT.sub(lambda m: f"{_count(m[1]):g} ", text)
    text = digits(_ZERO.sub("0", text), plausible)
    text = _TO_A_PACK.sub(lambda m: f"{m['n']} pieces", text)
    return _PACK_OF.sub(lambda m: f"{m['pack']} {m['n']} pieces", text)


def _scaled(match: re.Match[str]) -> str:
    """ "One to three grand" is 1000 to 3000."""
    scale = _SCALES[match["scale"].lower()]
    return " to ".join(f"{_count(word) * scale:g}" for word in (match[1], match[2]))


def _count(word: str) -> float:
    return float(word) if word[:1].isdigit() else float(_WORDS[word.lower()])


def spelt(text: str) -> str:
    """Misspelt words of the closed list put right; every other word stays as it is."""
    return _WORD.sub(lambda match: _closed(match[0]), text)


@lru_cache(maxsize=5000)
def _closed(word: str) -> str:
    low = word.lower()
    if english_ranks().get(low, COMMON) < COMMON or low in NAMES or len(low) < SHORTEST:
        return word
    best = process.extractOne(low, _CLOSED, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return best[0] if best and best[0][0] == low[0] else word
