"""Prices as shops write them: amounts in any locale's notation, ranges, currencies by sign or code.

A price is read whole or not at all: what else stands in the cell (a date, an exponent, a second number)
rejects it, since a wrong price is worse than none.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.importers.records import BadValueError

LARGEST = 1e10
"""No product costs more in any currency; what does is a code, a telephone number or a slip."""
_WHOLE = frozenset(("CLP", "COP", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"))
"""Currencies whose prices are whole."""
_PLAIN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_BODY = re.compile(r"\d[\d.,'’ ]*|[.,]\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")  # the second: India
_NO_CENTS = re.compile(r"([.,])(-{1,2}|[–—]+)?$")  # 29,-  29.–  5.
_RANGE = re.compile(
    r"\s+[-–—]\s+|(?<=\d)\s*[–—]\s*(?=\D{0,4}\d)|(?<=[\d€£$])-(?=\D{0,4}\d)|\s+(?:to|bis|à|a|do|tot|t/m)\s+"
)
_FROM = re.compile(
    r"(?i)^(?:from|starting at|ab|à partir de|dès|desde|a partir de|a partire da|da|vanaf|od|från|fra)"
    r"(?=[\s\d€£$])\s*"
)
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}\D*$")
_HUNDREDS = re.compile(r"\D*[1-9]\d\d\D*")
_SCIENTIFIC = re.compile(r"(?i)[-+]?\d+(?:[.,]\d+)?e[-+]?\d+")
_MONTH = (
    r"(?:jan|gen|ene|sty|feb|fév|fev|lut|mar|mär|mrz|mrt|apr|avr|abr|kwi|may|mai|mag|mei|maj|jun|giu|jui|cze"
    r"|jul|lug|lip|aug|ago|aoû|sie|sep|set|wrz|oct|okt|ott|out|paź|nov|lis|dec|dez|déc|dic|gru)[a-zäéûź]*\.?"
)
_DATE = re.compile(
    r"(?i)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[ t][\d:.]+z?)?"
    rf"|\d{{1,2}}[-/. ]+{_MONTH}(?:[-/. ]+\d{{2,4}})?|{_MONTH}[-/. ]+\d{{2,4}}"
)
_NONE = re.compile(r"(?i)n/?a|null|none|nan|-+|–|—|tb[ad]|poa|(?:price )?on request|auf anfrage|sur demande")
_ASIDE = re.compile(  # what says how the amount is meant, and changes nothing about it
    r"(?i)\*|\(?(?:incl|inkl|excl|exkl|zzgl|inc|ex)\.? ?(?:vat|tax|gst|mwst|ust|btw|moms)\.?\)?"
    r"|ttc|iva incl(?:\.|uid[ao]|usa)?|\+ ?tax|/[-=]|\bonly\b|(?:/ ?)?(?:each|ea|stk|stück|pcs?|unit)\.?"
)


@dataclass(frozen=True)
class Numerals:
    """How a file writes numbers: its decimal mark, where its numbers show it (``""``: they do not)."""

    decimal: str = ""
    minor_units: bool = False
    """Whole prices are cents (pence, grosze …)."""


PLAIN = Numerals()


@dataclass(frozen=True)
class Price:
    """The lowest and highest price, and the currency's code where the text names one."""

    low: float | None = None
    high: float | None = None
    currency: str | None = None


def price(raw: Any, numerals: Numerals = PLAIN, home: str = "") -> Price:
    """Read one cell: a number, ``$1,299.00``, ``1.299,00 €``, ``Dhs 1,050``, or a range ``$10.99 - $15.99``.

    0 is what systems write for "unknown", so it gives no price. ``home``: the shop's own currency, which a
    sign that several countries share stands for.

    Raises:
        BadValueError: not a price as a whole, below 0, or absurdly large.
    """
    if isinstance(raw, bool) or raw is None:
        return Price()
    if isinstance(raw, (int, float)):
        found = _checked(float(raw), raw) if not math.isnan(raw) else 0.0
        return _price([found / (100 if numerals.minor_units else 1)], None)
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):  # most prices
        found = _checked(float(raw), raw)
        return _price([found / 100 if numerals.minor_units and raw.isdigit() else found], None)
    text = _SPACES.sub(" ", str(raw).replace("\x00", "")).strip()
    if not text or _NONE.fullmatch(text):
        return Price()
    if _SCIENTIFIC.fullmatch(text) or _DATE.fullmatch(text):
        kind = "an exponent" if _SCIENTIFIC.fullmatch(text) else "a date"
        raise BadValueError("price", raw, f"an amount, not {kind} (did a spreadsheet change it?)")
    parts = [_money(end, raw, numerals, home) for end in _RANGE.split(_FROM.sub("", text))]
    if len(parts) > 2 or parts[0][0] > parts[-1][0]:
        raise BadValueError("price", raw, "one amount, or a range from the lower to the higher")
    code = next((code for _, code in parts if code), None)
    return _price([amount for amount, _ in parts], code)


def _price(amounts: list[float], code: str | None) -> Price:
    known = [amount for amount in amounts if amount]
    return Price(min(known), max(known), code) if known else Price(currency=code)


def _money(text: str, raw: Any, numerals: Numerals, home: str) -> tuple[float, str | None]:
    """An amount with at most one currency before and one after it."""
    first = re.search(r"\d", text)
    last = re.search(r"\d[-–—.,]*(?=\D*$)", text)
    if not first or not last:
        raise BadValueError("price", raw, "an amount, e.g. 12.50")
    start = first.start()
    if text[max(0, start - 1) : start] in (".", ",") and not re.search(r"\w", text[:start]):
        start -= 1  # $.99
    before, body, after = text[:start], text[start : last.end()], text[last.end() :]
    words = (before.strip(" +-"), _ASIDE.sub("", after, count=2).strip())
    named = [currency(word, home) for word in words if word]
    if None in named:
        raise BadValueError("price", raw, "an amount with its currency and nothing else")
    if "-" in before:
        raise BadValueError("price", raw, "0 or more")
    if _WHOLE & {name for name in named if name}:  # their prices have no decimals: 12.990 is no 12.99
        numerals = replace(numerals, decimal="," if "." in body else ".")
    value = amount(body, numerals)
    if value is None:
        raise BadValueError("price", raw, "an amount, e.g. 1299.00, 1,299.00 or 1.299,00")
    scaled = value / 100 if numerals.minor_units and re.fullmatch(r"\d+", body) else value
    return _checked(scaled, raw), next((name for name in named if name), None)


def _checked(value: float, raw: Any) -> float:
    if value < 0:
        raise BadValueError("price", raw, "0 or more")
    if not value < LARGEST:
        raise BadValueError("price", raw, f"a price under {LARGEST:,.0f}")
    return value


def amount(body: str, numerals: Numerals = PLAIN) -> float | None:
    """A positive number in any locale's notation, as a whole; ``None``: none, or it may be two.

    ``1.299`` alone is 1,299 or 1.299: the file's own decimal mark decides. ``1,299`` without any is 1,299.
    """
    if end := _NO_CENTS.search(body):
        body = body[: end.start()]
        numerals = Numerals(end[1]) if end[2] else numerals  # 1.299,- has told its decimal mark
    if not _BODY.fullmatch(body):
        return None
    marks = re.findall(r"[.,'’ ]", body)
    if not marks:
        return float(body)
    whole, _, rest = body.rpartition(marks[-1])
    if len(marks) == 1 and marks[0] in ".,":
        if len(rest) == 3 and re.fullmatch(r"[1-9]\d{0,2}", whole):
            return _one_group(whole, rest, marks[0], numerals.decimal)
        return float(f"{whole or 0}.{rest or 0}")
    if marks[-1] in ".," and marks[-1] not in marks[:-1]:
        return float(re.sub(r"\D", "", whole) + f".{rest}") if _GROUPED.fullmatch(whole) else None
    return float(re.sub(r"\D", "", body)) if _GROUPED.fullmatch(body) else None


def _one_group(whole: str, rest: str, mark: str, decimal: str) -> float | None:
    if decimal == mark:
        return float(f"{whole}.{rest}")
    return float(whole + rest) if decimal or mark == "," else None


def decimal_mark(texts: list[str]) -> str:
    """The decimal mark that amounts show beyond doubt (``12,50``, ``1.299,00``); ``""``: none, or both."""
    seen = set()
    for text in texts:
        match = re.search(r"([.,])(\d+)\D*$", text)
        if not match:
            continue
        others = re.findall(r"[.,]", text[: match.start()])
        if (others and others[-1] != match[1]) or (not others and len(match[2]) != 3):
            seen.add(match[1])
        elif others and others[-1] == match[1]:
            seen.add("," if match[1] == "." else ".")  # 1.299.000
    if not seen and any(map(_THOUSANDS.search, texts)) and any(map(_HUNDREDS.fullmatch, texts)):
        seen.add(",")  # beside 899, 1.299 is no 1.30
    return seen.pop() if len(seen) == 1 else ""


@cache
def _currencies() -> tuple[frozenset[str], dict[str, list[str]]]:
    table = tomllib.loads((Path(__file__).parent / "tables" / "currencies.toml").read_text(encoding="utf-8"))
    return frozenset(table["codes"].split()), {sign: codes.split() for sign, codes in table["signs"].items()}


def currency(word: str, home: str = "") -> str | None:
    """The code that a word stands for; ``""`` for a sign that may be several; ``None``: no currency."""
    codes, signs = _currencies()
    bare = word.strip(" .:*")
    if signed := re.fullmatch(r"([A-Z]{3})[$€£¥]|[$€£¥]([A-Z]{3})", bare):  # USD$
        bare = signed[1] or signed[2]
    parts = bare.split()
    if len(parts) == 2 and parts[0] != "US":  # "USD $", "zł PLN"
        both = [currency(part, home) for part in parts]
        return None if None in both else next((code for code in both if code), "")
    if bare.upper() in codes and (bare.isupper() or bare.islower() or bare.istitle()):
        return bare.upper()
    shared = (
        signs.get(bare) or signs.get(bare.upper()) or signs.get(bare.casefold()) or signs.get(word.casefold())
    )
    if shared is None:
        return None
    return home if home in shared else shared[0].replace("?", "")
