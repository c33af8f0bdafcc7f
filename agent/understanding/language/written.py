"""One form for what people type and what is heard of them: "two-person" and "2-person" are one wish, and a full
stop at the end says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container

from text_to_num import alpha2digit

from agent.understanding.language.numbers import SPOKEN_PRICE, VALUE_WORDS
from agent.understanding.language.text import singular
from agent.understanding.language.units import NAMES

_WORDS = "|".join(sorted((word for word in VALUE_WORDS if word != "one"), key=len, reverse=True))
_COUNTED = "|".join(
    sorted(
        (
            *(re.escape(name) for name in NAMES if len(name) > 2),
            r"(?:man|men|berth|seat|player|week|day|pair|layer|speed|gear|season|cup|piece|litre|liter|inch|year|burner"
            r"|degree|dollar|buck|euro|pound|star|hour|mile|slot|port|door|drawer|shelf|step)s?",
            "shelves",
        ),
        key=len,
        reverse=True,
    )
)
"""What numbers are said of; before any other word a number may be a name or point at a place ("the other two")."""
_NUMBER = (
    rf"(?<![\w-])(?:(?:a[ -](?=hundred|thousand)|one[ -](?=hundred|thousand|point|{_WORDS})))?(?:{_WORDS}|one(?= point))"
    rf"(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and )(?:{_WORDS}|one))*(?: point(?: (?:{_WORDS}|one|zero))+)?"
)
"""Within a number "and" follows hundreds only: "fifty and one hundred" are two."""
_SPELT_OUT = re.compile(rf"{_NUMBER}(?=[ -](?:{_COUNTED})\b)", re.IGNORECASE)
_FROM = re.compile(rf"{_NUMBER}(?= (?:to|or|and) \d)", re.IGNORECASE)
_HYPHENED = re.compile(rf"(?<![\w.-])(\d+(?:\.\d+)?)-(?=(?:{_COUNTED})\b(?!-))", re.IGNORECASE)
_PARTED = re.compile(r"(?<![\w-])([^\W\d_]{2,})-([^\W\d_]{2,})(?![\w-])")
_SHORT = {
    "mutch": "much", "muchh": "much", "wat": "what", "wats": "what's", "wots": "what's", "hw": "how", "dosnt": "doesn't",
    "orginal": "original", "orignal": "original", "waranty": "warranty", "garantee": "guarantee", "wich": "which",
    "b4": "before",
}  # fmt: skip
"""What people type for the small words that questions are known by."""
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b(?! ?(?:paper|size|envelope))")
_ARE = re.compile(r"\br(?= (?:u|you|they|there|those|these|the|your|ur|any|all|ppl|people)\b)")
""" "How much r those"."""
_AND = re.compile(r"(?<=[a-z'’] )n(?= [a-z'’])|(?<=[a-z'’] )'n'(?= [a-z'’])")
_AN_N = re.compile(r"\b(?:an?|the|letter|initial|type|size|class|grade|plan) $", re.IGNORECASE)
_FOUR = re.compile(
    r"(?<=[a-z] )4(?= (?:it|them|me|my|him|her|the|an?|this|that|these|those|us|our|ur|your|u|his|their)\b)",
    re.IGNORECASE,
)
_IS_FOUR = re.compile(
    r"\b(?:under|over|below|above|size|of|least|most|than|to|or|and|n|times|number|is|are|at|for|about|with|only|just|all|those"
    r"|these|the|any|take|get|want|need|buy|have|add|order|grade|type|level|max|min|about|around|x|part|model|series|version"
    r"|mark|no|gen|chapter|volume|age|aged|year|years) $",
    re.IGNORECASE,
)
"""Before a 4 that counts or is a name, and is not typed for "for"."""
_SUB = re.compile(r"(?<![\w-])sub[ -]?(?=[$€£]?\d)(?!\d+ ?[kK]\b)", re.IGNORECASE)
""" "Sub 50", "sub-$300"."""
_DASH = re.compile(r"\s+[-–—]+\s+")
_FIRST_OF_RANGE = re.compile(r"\d[\d.,]*\s*(?P<unit>[^\W\d]*)$")
_END = re.compile(r"(?<!\.)\.\s*$")
_BETWEEN = re.compile(r"\bbetween $", re.IGNORECASE)
"""Before number words with an "and" that may part two numbers."""


def as_typed(text: str, known: Container[str] = ()) -> str:
    """``text`` with numbers that count something in figures, what is one of the ``known`` words (stems) written as
    one, and without the full stop at its end.

    "a two-person tent under two hundred dollars." -> "a 2 person tent under 200 dollars". What may be one of two
    prices ("one fifty") stays: only the shop's own prices tell which.
    """
    text = _DASH.sub(_parting, text)
    text = _SHORTENED.sub(lambda word: _SHORT[word[0]], text)
    text = _SUB.sub("under ", _ARE.sub("are", text))
    text = _AND.sub(lambda n: n[0] if _AN_N.search(text, 0, n.start()) else "and", text)
    text = _FOUR.sub(lambda four: four[0] if _IS_FOUR.search(text, 0, four.start()) else "for", text)
    text = _FROM.sub(_in_figures, _SPELT_OUT.sub(_in_figures, text))
    text = _PARTED.sub(lambda parts: _joined(parts, known), text)
    return _END.sub("", _HYPHENED.sub(r"\1 ", text))


def _parting(dash: re.Match[str]) -> str:
    """A dash that parts clauses as a comma; between two numbers, or two of one unit, it makes a range."""
    first = _FIRST_OF_RANGE.search(dash.string[: dash.start()])
    if first is None:
        return ", "
    second = rf"[$£€]?\d[\d.,]*\s*{re.escape(first['unit'])}\b" if first["unit"] else ""
    return dash[0] if re.match(second, dash.string[dash.end() :], re.IGNORECASE) else ", "


def _joined(parts: re.Match[str], known: Container[str]) -> str:
    """ "Pre-amp" where the shop writes "preamp"."""
    one = f"{parts[1]}{parts[2]}"
    return one if singular(one.lower()) in known else parts[0]


def _in_figures(match: re.Match[str]) -> str:
    words = re.sub("^a ", "one ", match[0].replace("-", " "), flags=re.IGNORECASE)
    is_pair = " and " in words and _BETWEEN.search(match.string, 0, match.start()) is not None
    return match[0] if is_pair or SPOKEN_PRICE.search(words) else str(alpha2digit(words, "en", threshold=0))
