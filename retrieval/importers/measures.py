"""Sizes, weights and volumes as listings write them, in one unit each: cm, kg and l."""

from __future__ import annotations

import re

from retrieval.importers.money import PLAIN, Numerals, amount

_MEANING = {  # base unit and how many of it -> what the unit is called
    ("cm", 0.1): ("mm", "millimeter", "millimeters", "millimetres"),
    ("cm", 1.0): ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    ("cm", 100.0): ("m", "meter", "meters", "metre", "metres"),
    ("cm", 2.54): ("in", "inch", "inches", '"', "''", "”", "″", "zoll"),
    ("cm", 30.48): ("ft", "feet", "foot"),
    ("cm", 91.44): ("yd",),
    ("kg", 1e-06): ("mg",),
    ("kg", 0.001): ("g", "gr", "gram", "grams", "gramm"),
    ("kg", 1.0): ("kg", "kgs", "kilogram", "kilograms", "kilo"),
    ("kg", 0.45359237): ("lb", "lbs", "pound", "pounds"),
    ("kg", 0.028349523): ("oz", "ounce", "ounces"),
    ("l", 0.001): ("ml", "milliliter", "milliliters", "millilitres"),
    ("l", 0.01): ("cl",),
    ("l", 0.1): ("dl",),
    ("l", 1.0): ("l", "litre", "litres", "liter", "liters", "ltr"),
    ("l", 0.0295735): ("fl oz", "fl. oz", "fluid ounces"),
    ("l", 3.785412): ("gal", "gallon", "gallons"),
    ("l", 0.946353): ("qt",),
}
_UNITS = {unit: meaning for meaning, units in _MEANING.items() for unit in units}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d[\d.,]*"
_SINGLE = re.compile(rf"(?i)(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})\.?")
_SIDES = {
    name: side
    for side, names in {
        "width": ("w", "width", "wide", "b", "breite"),
        "depth": ("d", "depth", "deep", "t", "tiefe"),
        "height": ("h", "height", "high", "tall", "höhe"),
        "length": ("l", "length", "long", "länge"),
        "diameter": ("dia", "diam", "diameter", "ø"),
    }.items()
    for name in names
}
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_PART = re.compile(
    rf"(?i)\s*(?:(?P<before>{_SIDE})\b\.?:?\s*)?(?P<number>{_NUMBER})\s*"
    rf"(?P<unit>mm|cm|m(?![a-z])|inches|inch|in(?![a-z])|\"|''|”|″|feet|ft)?\.?\s*(?:\(?(?P<after>{_SIDE})\b\)?\.?)?\s*"
    rf"(?P<late>mm|cm|m(?![a-z])|inches|inch|in(?![a-z])|feet|ft)?\.?\s*"
)
_TIMES = re.compile(r"\s*[x×*✕]\s*(?=[\d.(a-zø])|\s+by\s+", re.IGNORECASE)
_ORDER = re.compile(r"(?i)\b([lwdhbt])\s*[x×*/ ]\s*([lwdhbt])(?:\s*[x×*/ ]\s*([lwdhbt]))?\b")
_NAME_UNIT = re.compile(r"(?i)[\s_(\[](mm|cm|m|in|inch|inches|ft)[\s_)\]]*$")


def measure(text: str, numerals: Numerals = PLAIN) -> tuple[float, str] | None:
    """``500 g`` is (0.5, "kg"); ``15.5"`` is (39.37, "cm"); ``None``: not one number with one unit."""
    match = _SINGLE.fullmatch(text.strip())
    number = amount(match["number"], numerals) if match else None
    if match is None or number is None:
        return None
    base, factor = _UNITS[match["unit"].casefold()]
    return round(number * factor, 4), base


def dimensions(text: str, column: str, numerals: Numerals = PLAIN) -> dict[str, float]:
    """``80x30x202 cm`` is width, depth, height; ``12W x 30D x 72H`` says so itself; else the column may.

    In cm where the text or the column names a unit; else in the shop's own unit, and the names have none.
    Two numbers without names are none of the three.
    """
    pieces = _TIMES.split(text.strip().strip("()"))
    parts = [match for piece in pieces if (match := _PART.fullmatch(piece))]
    if not 2 <= len(parts) <= 3 or len(parts) != len(pieces):
        return {}
    order = _sides(parts, column)
    units = [unit for part in parts if (unit := part["unit"] or part["late"])]
    named = _NAME_UNIT.search(column)
    last = units[-1] if units else named[1] if named else ""
    found: dict[str, float] = {}
    for part, side in zip(parts, order, strict=False):
        number = amount(part["number"].rstrip(".,"), numerals)
        if number is None:
            return {}
        unit = (part["unit"] or part["late"] or last).casefold()
        found[f"{side}_cm" if unit else side] = round(number * _UNITS[unit][1], 2) if unit else number
    return found if len(found) == len(parts) else {}


def _sides(parts: list[re.Match[str]], column: str) -> list[str]:
    labels = [part["before"] or part["after"] for part in parts]
    if all(labels):
        return [_SIDES[label.casefold()] for label in labels]
    if any(labels):
        return []
    if match := _ORDER.search(column):
        return [_SIDES[letter.casefold()] for letter in match.groups() if letter][: len(parts)]
    return ["width", "depth", "height"] if len(parts) == 3 else []
