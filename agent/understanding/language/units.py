"""Units of measure: their many names, and turning one into another of the same dimension."""

from __future__ import annotations

import re

from retrieval.text.word_set import word_set

# canonical unit -> (dimension, size in the dimension's base unit, names people use)
_UNITS: dict[str, tuple[str, float, str]] = {
    "mm": ("length", 0.001, "mm millimeter millimeters millimetre millimetres"),
    "cm": ("length", 0.01, "cm centimeter centimeters centimetre centimetres"),
    "m": ("length", 1.0, "m meter meters metre metres"),
    "in": ("length", 0.0254, "in inch inches"),
    "ft": ("length", 0.3048, "ft foot feet"),
    "m2": ("area", 1.0, "m2 m² sqm qm"),
    "sqft": ("area", 0.0929, "sqft ft2 ft²"),
    "ml": ("volume", 0.001, "ml milliliter milliliters millilitre millilitres"),
    "l": ("volume", 1.0, "l liter liters litre litres ltr"),
    "cup": ("cups", 1.0, "cup cups"),
    "gal": ("volume", 3.785, "gal gallon gallons"),
    "g": ("mass", 0.001, "g gram grams gramme grammes"),
    "kg": ("mass", 1.0, "kg kilo kilos kilogram kilograms"),
    "oz": ("mass", 0.02835, "oz ounce ounces"),
    "lb": ("mass", 0.4536, "lb lbs"),
    "min": ("time", 1 / 60, "minute minutes mins"),
    "h": ("time", 1.0, "h hr hrs hour hours"),
    "day": ("time", 24.0, "day days"),
    "week": ("time", 168.0, "week weeks wk wks"),
    "month": ("age", 1 / 12, "month months"),
    "year": ("age", 1.0, "year years yr yrs"),
    "w": ("power", 1.0, "w watt watts"),
    "kw": ("power", 1000.0, "kw kilowatt kilowatts"),
    "v": ("voltage", 1.0, "v volt volts"),
    "va": ("power capacity", 1.0, "va"),
    "kva": ("power capacity", 1000.0, "kva"),
    "mah": ("charge", 1.0, "mah"),
    "mb": ("data", 1 / 1024, "mb"),
    "gb": ("data", 1.0, "gb gig gigs gigabyte gigabytes"),
    "tb": ("data", 1024.0, "tb terabyte terabytes"),
    "mb/s": ("data speed", 1.0, "mb/s mbyte/s"),
    "mbit/s": ("data speed", 0.125, "mbit/s mbps mbit mbits"),
    "gbit/s": ("data speed", 125.0, "gbit/s gbps gbit"),
    "hz": ("frequency", 1.0, "hz hertz"),
    "mp": ("pixels", 1.0, "mp megapixel megapixels"),
    "dpi": ("resolution", 1.0, "dpi"),
    "lm": ("light", 1.0, "lm lumen lumens"),
    "db": ("loudness", 1.0, "db decibel decibels"),
    "person": ("people", 1.0, "person persons people guests players seater seaters"),
    "piece": ("count", 1.0, "piece pieces pcs pc pack packs pk ct count sheet sheets"),
    "percent": ("percent", 1.0, "percent pct"),
}
NAMES: dict[str, str] = {name: unit for unit, (_, _, names) in _UNITS.items() for name in names.split()}
"""Every name of a unit -> its canonical form: ``"litres"`` -> ``"l"``."""

METRIC = {"mass": ("g", "kg"), "length": ("mm", "cm", "m"), "volume": ("ml", "l"), "data": ("gb", "mb", "tb")}
"""Units that a shop may leave out of a field's name."""

UNIT_PATTERN = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
_COUNTS = word_set(
    "number quantity count slots ports cores threads channels speakers pieces sockets "
    "outputs inputs outlets cells buttons keys lanes drives bays jacks"
)
_NUMBER_WITH_UNIT = re.compile(rf"^\s*(\d+(?:[.,]\d+)*)\s*-?({UNIT_PATTERN})\.?\s*$", re.IGNORECASE)
_LISTED = re.compile(r"(?:\bx|_x|\b[a-z]|_[a-z]|watt)[ _]h(?:ours)?$", re.I)
"""The end of a name whose "h" is a height or part of another unit: "dimensions w x d x h", "watt hours"."""
_MINUTES = re.compile(r"^(?P<name>.*\b(?:time|duration))[ _]min$", re.I)
"""A name that ends in minutes: elsewhere its "min" is the least of something."""
_NAME_TAIL = re.compile(r"^(.*?)[\s_(\[]+([A-Za-z]+2?)[)\]]?$")


_SHOWN = {
    "l": "L",
    "w": "W",
    "kw": "kW",
    "v": "V",
    "mah": "mAh",
    "gb": "GB",
    "mb": "MB",
    "tb": "TB",
    "hz": "Hz",
    "va": "VA",
    "kva": "kVA",
    "mb/s": "MB/s",
    "mbit/s": "Mbit/s",
    "gbit/s": "Gbit/s",
}
_SHOWN |= {
    "m2": "m²",
    "sqft": "sq ft",
    "db": "dB",
    "mp": "MP",
    "percent": "%",
    "in": "in",
    "min": "minutes",
    "h": "hours",
}

_MORE_UNITS = {"c": "°C", "f": "°F", "khz": "kHz", "gsm": "gsm", "kmh": "km/h", "rpm": "rpm"}
"""Units at the end of a name that nobody converts."""
_COUNTED = {
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "cup": "cups",
    "piece": "pieces",
}


def shown_unit(unit: str) -> str:
    """A canonical unit as people write it: ``db`` -> ``dB``."""
    return _SHOWN.get(unit, unit)


def base_size(unit: str) -> float:
    """A unit in its dimension's base unit."""
    return _UNITS[unit][1]


def dimension(unit: str) -> str:
    return _UNITS[unit][0]


def convert(value: float, unit: str, to: str) -> float | None:
    """``value`` in another unit, or None where the two measure different things, or one is no unit that is
    known.
    """
    if unit == to:
        return value
    if unit not in _UNITS or to not in _UNITS:
        return None
    (kind, size, _), (other, other_size, _) = _UNITS[unit], _UNITS[to]
    return value * size / other_size if kind == other else None


def measured(text: str) -> tuple[float, str] | None:
    """``"2 L"`` -> ``(2.0, "l")``; None when the text is not one number with a unit."""
    match = _NUMBER_WITH_UNIT.match(text)
    if not match:
        return None
    return float(match.group(1).replace(",", "")), NAMES[match.group(2).lower()]


def unit_in_name(name: str) -> tuple[str, str | None]:
    """``"capacity_l"`` or ``"Capacity (l)"`` -> ``("capacity", "l")``; without a unit the name alone."""
    match = _NAME_TAIL.match(name.strip())
    if minutes := _MINUTES.match(spoken_name(name)):
        return minutes["name"], "min"
    if match and _LISTED.search(name.strip()):
        return name.strip(), None
    if match and match.group(2).lower() in NAMES and match.group(1).strip(" _"):
        return match.group(1).strip(" _"), NAMES[match.group(2).lower()]
    return name.strip(), None


def counts_things(name: str) -> bool:
    """Whether a field of this name counts ("number of built in speakers"), so that its number has no unit."""
    return bool(_COUNTS & set(spoken_name(name).lower().split()))


def spoken_name(name: str) -> str:
    return name.replace("_", " ").strip()


def name_and_unit(name: str) -> tuple[str, str]:
    """``noise_db`` -> ``("noise", "dB")``; the unit is empty where the name ends in none."""
    spoken = spoken_name(name)
    head, _, last = spoken.rpartition(" ")
    if head and last.lower() in _MORE_UNITS:
        return head, _MORE_UNITS[last.lower()]
    bare, unit = unit_in_name(spoken)
    return (bare, _COUNTED.get(unit) or shown_unit(unit)) if unit else (spoken, "")
