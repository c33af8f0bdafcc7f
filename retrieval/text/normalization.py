"""Product text and queries as search tokens: one function for both sides, so that they meet.

Numbers keep their value (``1-1/2 in.``, ``1 1/2"`` and ``1.5 inches`` are the same two tokens), units have
one spelling, model numbers stay whole, and English words are stemmed (Porter2).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

MAX_CHARACTERS = 20_000
"""Longer texts are cut: bounded time whatever is typed."""

_UNITS = {
    "inch": ("in", "ins", "inch", "inches"),
    "ft": ("ft", "foot", "feet"),
    "yd": ("yd", "yds", "yard", "yards"),
    "mm": ("mm", "millimeter", "millimeters", "millimetre", "millimetres"),
    "cm": ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    "meter": ("m", "meter", "meters", "metre", "metres"),
    "lb": ("lb", "lbs", "pound", "pounds"),
    "oz": ("oz", "ounce", "ounces"),
    "kg": ("kg", "kgs", "kilogram", "kilograms", "kilo", "kilos"),
    "gram": ("g", "gram", "grams"),
    "gal": ("gal", "gals", "gallon", "gallons"),
    "qt": ("qt", "qts", "quart", "quarts"),
    "pt": ("pt", "pint", "pints"),
    "liter": ("l", "liter", "liters", "litre", "litres"),
    "ml": ("ml", "milliliter", "milliliters", "millilitre", "millilitres"),
    "volt": ("v", "volt", "volts"),
    "watt": ("w", "watt", "watts"),
    "amp": ("a", "amp", "amps", "ampere", "amperes"),
    "mah": ("mah",),
    "gb": ("gb", "gigabyte", "gigabytes"),
    "tb": ("tb", "terabyte", "terabytes"),
    "mb": ("mb", "megabyte", "megabytes"),
    "mhz": ("mhz",),
    "ghz": ("ghz",),
    "btu": ("btu", "btus"),
    "psi": ("psi",),
    "gpm": ("gpm",),
    "gpf": ("gpf",),
    "cfm": ("cfm",),
    "hp": ("hp", "horsepower"),
    "gauge": ("ga", "gauge"),
    "pack": ("pk", "pack", "packs", "pck"),
    "piece": ("pc", "pcs", "piece", "pieces"),
    "count": ("ct", "count"),
    "lumen": ("lumen", "lumens"),
    "degree": ("degree", "degrees", "deg"),
    "sqft": ("sqft",),
    "cuft": ("cuft",),
}
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_ONLY_AFTER_NUMBERS = frozenset(
    {
        "in",
        "ins",
        "m",
        "g",
        "l",
        "v",
        "w",
        "a",
        "pt",
        "ga",
        "ct",
        "ft",
        "gal",
        "lb",
        "lbs",
        "oz",
        "qt",
        "pc",
        "pcs",
    }
    | {"pk", "deg", "yd", "hp"}
)
"""Short forms that are words or letters of their own when no number stands before them."""

STOP_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "have", "i", "in", "is", "it", "its",
    "me", "my", "need", "of", "on", "or", "some", "that", "the", "their", "them", "this", "to", "want",
    "was", "with", "w", "you", "your"
})  # fmt: skip

_VULGAR = {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
    "⅞": "7/8",
    "⅓": "1/3",
    "⅔": "2/3",
}
_VULGAR_PATTERN = re.compile("([0-9]{0,4})\\s?([" + "".join(_VULGAR) + "])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MIXED_FRACTION = re.compile(r"(?<![\d.])(\d{1,3})(?:\s*-\s*|\s+)(\d{1,2})/(\d{1,3})(?![\d/])")
_FRACTION = re.compile(r"(?<![\d./])(\d{1,2})/(\d{1,3})(?![\d/])")
_INCH_MARK = re.compile(r"(?<=\d)\s?(?:\"|”|″|'')")
_FOOT_MARK = re.compile(r"(?<=\d)\s?(?:'|’|′)(?![a-z])")
_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\b")
_AREA = re.compile(r"\b(sq|square|cu|cubic)\.?\s*(?:ft|foot|feet)\b\.?")
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\.?\d)|(?<=[a-z.])\s+[x×]\s+(?=\.?\d)")
# A number that no letter follows in its token, or letters and digits with joiners; atomic and bounded, so
# linear
_TOKEN = re.compile(
    r"(?>[0-9]+(?:\.[0-9]+)?)(?![\w.-]{0,40}[a-z])|[a-z0-9]+(?:[-.&+/'][a-z0-9]+)*"
    r"|[^\W_]+"  # any run of letters of other scripts is a word of its own
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER_AND_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)-?([a-z]+)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"[-.&+/']")


def tokenize(text: str) -> list[str]:
    """Search tokens of a text in order, e.g. ``'1/2" steel pipes'`` → ``["0.5", "inch", "steel",
    "pipe"]``."""
    return [token for word in words(text) for token in (stem(word),) if token]


def words(text: str) -> list[str]:
    """The same tokens before stemming: numbers by value, units in one spelling, model numbers whole."""
    plain = _plain(text[:MAX_CHARACTERS])
    found: list[str] = []
    after_number = False
    for match in _TOKEN.finditer(plain):
        for word in _split(match.group(), after_number):
            found.append(word)
            after_number = word[-1].isdigit() and is_number(word)
    return [word for word in found if word not in STOP_WORDS] or found


def is_number(word: str) -> bool:
    """Is this token a plain number (``0.5``, ``12``)?"""
    return _NUMBER.fullmatch(word) is not None


def is_unit(word: str) -> bool:
    """Is this the name of a unit (``cm``, ``inches``)?"""
    return word in _UNIT_OF


def is_counted(word: str) -> bool:
    """Is this a unit, or what things are counted in ("6 pc(s)", "12 pack")?"""
    return word.lower() in _UNIT_OF or word.lower() in ("set", "sets", "s")


def has_digit(word: str) -> bool:
    """Numbers, sizes and model numbers: never corrected, never stemmed."""
    return _DIGIT.search(word) is not None


def fold(text: str) -> str:
    """One form for a name (brand, category, attribute, value): case, accents, punctuation and spaces even
    out."""
    kept = text.lower() if text.isascii() else unaccented(text).casefold()
    return " ".join(_WORD.findall(kept.replace("'", "").replace("’", ""))) or text.strip().casefold()


def fold_plural(text: str) -> str:
    """``fold`` with each word stemmed, so that ``Hiking Boots`` and ``hiking boot`` are one name."""
    return " ".join(stem(word) for word in fold(text).split())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Porter2 stem of an English word; words with digits stay as they are."""
    if has_digit(word) or not word.isascii():
        return word
    return str(_stemmer().stemWord(word))


_local = threading.local()


def _stemmer() -> Any:
    if not hasattr(_local, "stemmer"):  # a PyStemmer object must not be shared between threads
        import Stemmer

        _local.stemmer = Stemmer.Stemmer("english")
    return _local.stemmer


def _plain(text: str) -> str:
    """Lower case, no accents, fractions as decimals, unit marks as words."""
    text = text.lower()
    if not text.isascii():
        text = _VULGAR_PATTERN.sub(lambda match: f"{match[1]} {_VULGAR[match[2]]}".strip(), text)
        text = unaccented(text)
    if _DIGIT.search(text):
        text = _BARE_POINT.sub("0.", _THOUSANDS.sub("", text))
        text = _MIXED_FRACTION.sub(lambda match: _ratio(match[2], match[3], whole=match[1]), text)
        text = _FRACTION.sub(lambda match: _ratio(match[1], match[2]), text)
        text = _FOOT_MARK.sub(" ft ", _INCH_MARK.sub(" inch ", text))
        text = _TIMES.sub(" ", text)
    text = _POSSESSIVE.sub("", text)
    return _AREA.sub(lambda match: " sqft " if match[1].startswith("sq") else " cuft ", text)


def unaccented(text: str) -> str:
    """The text without combining marks: ``café`` → ``cafe``."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _ratio(top: str, bottom: str, whole: str = "0") -> str:
    if int(bottom) == 0:
        return f"{top} {bottom}" if whole == "0" else f"{whole} {top} {bottom}"
    return _short(float(int(whole) + int(top) / int(bottom)))


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=100_000)
def _split(token: str, after_number: bool) -> tuple[str, ...]:
    """One raw token as words: ``60-watt`` → 60, watt; ``heavy-duty`` → heavy, duty; ``dcd-771`` → dcd771."""
    if is_number(token):
        return (_short(float(token)),) if len(token) < 12 else (token,)
    if token in _UNIT_OF and (after_number or token not in _ONLY_AFTER_NUMBERS):
        return (_UNIT_OF[token],)
    parts = [part for part in _JOINERS.split(token) if part]
    if not has_digit(token):
        return tuple(parts) if any(len(part) > 1 for part in parts) else ("".join(parts),)  # a/c, r&b: one
    measured = _NUMBER_AND_UNIT.fullmatch(token)
    if measured and measured[2] in _UNIT_OF:
        return _short(float(measured[1])), _UNIT_OF[measured[2]]
    plain = all(part.isdigit() or part.isalpha() for part in parts)
    if len(parts) > 1 and plain and any(len(part) > 2 and part.isalpha() for part in parts):
        numbers_before = (False, *map(is_number, parts))
        return tuple(
            word for part, before in zip(parts, numbers_before, strict=False) for word in _split(part, before)
        )
    return ("".join(parts),)
