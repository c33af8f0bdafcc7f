"""Texts as a voice says them: prices, measures and numbers in words. A language is one file in `languages/`.

"$24.99"           twenty-four ninety-nine
"20 x 30 cm"       twenty by thirty centimeters
"3.6 from 9"       three point six from nine
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from num2words import num2words

__all__ = ["in_words", "price_in_words", "worded_languages"]

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"
SIGNS = {"CA$": "CAD", "A$": "AUD", "$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY"}
MOST_DIGITS = 6
"""Longer numbers are codes: they stay as they are."""
_SIGN = "|".join(re.escape(sign) for sign in SIGNS)
_CODE = r"USD|EUR|GBP|CHF|INR|JPY|CAD|AUD"


@cache
def worded_languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def in_words(text: str, language: str = FALLBACK) -> str:
    """``text`` with its prices, measures and numbers in words, read as its language writes them. In a language
    without a file it stays as it is: a voice of that language reads digits."""
    return _wording(language).text(text) if language in worded_languages() else text


def price_in_words(amount: float, currency: str, language: str = FALLBACK) -> str:
    """``24.99, "USD"``: "twenty-four ninety-nine"; ``24.0``: "twenty-four dollars"."""
    return _wording(language).price(Decimal(f"{amount:.2f}"), currency)


@cache
def _wording(language: str) -> Wording:
    known = language if language in worded_languages() else FALLBACK
    return Wording(known, json.loads((FOLDER / f"{known}.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, eq=False)
class Wording:
    """One language's words, as its file holds them."""

    language: str
    words: dict[str, Any]

    def number(self, value: Decimal) -> str:
        """``2.50`` is "two point five"."""
        plain = value.normalize()
        whole = plain == plain.to_integral_value()
        said = num2words(int(plain) if whole else plain, lang=self.language)
        return said.replace(",", "").replace(" and ", " ") if self.language == "en" else str(said)

    def price(self, amount: Decimal, currency: str) -> str:
        names = self.words["currencies"].get(currency)
        if names is None:
            return f"{self.number(amount)} {currency}"
        whole, cents = divmod(int(amount * 100), 100)
        if not cents or not names["cent"]:
            return self._counted(whole, names["one"], names["other"])
        if not whole:
            return self._counted(cents, names["cent"], names["cents"])
        said = (
            self.number(Decimal(cents))
            if cents > 9 or not names.get("short")
            else f"oh {self.number(Decimal(cents))}"
        )
        if names.get("short"):
            return f"{self.number(Decimal(whole))} {said}"
        return f"{self._counted(whole, names['one'], names['other'])} {said}"

    def text(self, text: str) -> str:
        for pattern, said in self._steps:
            text = pattern.sub(said, text)
        return text

    def _counted(self, count: int, one: str, other: str) -> str:
        if count == 1 and (article := self.words.get("one")):
            return f"{article} {one}"
        return f"{self.number(Decimal(count))} {one if count == 1 else other}"

    @cached_property
    def _steps(self) -> tuple[tuple[re.Pattern[str], Any], ...]:
        """What is replaced, one after another: what holds several numbers before what holds one."""
        units = "|".join(sorted(map(re.escape, self.words["units"]), key=len, reverse=True))
        alone = r"(?<![\w.,])"
        until = r"(?![\w])(?![.,]\d)"
        point, comma = re.escape(self.words["decimal"]), re.escape(self.words["thousands"])
        number = rf"(?:\d{{1,3}}(?:{comma}\d{{3}}){{1,2}}|\d{{1,{MOST_DIGITS}}})(?:{point}\d{{1,6}})?"
        return (
            (
                re.compile(rf"(?<=\d)\s?[–—]\s?(?=(?:{_SIGN})?\d)|(?<=\d)\s-\s(?=(?:{_SIGN})?\d)"),
                f" {self.words['to']} ",
            ),
            (re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)"), f" {self.words['by']} "),
            (re.compile(rf"(?<!\w)({_SIGN})\s?({number}){until}"), self._signed),
            (re.compile(rf"{alone}({number})\s?({_CODE}|[$€£₹¥])(?!\w)"), self._coded),
            (re.compile(rf"{alone}({number})\s?%"), self._percent),
            (re.compile(rf"{alone}({number})[\s-]?({units})(?!\w)", re.IGNORECASE), self._measure),
            (re.compile(rf"{alone}({number}){until}"), self._plain),
        )

    def _signed(self, found: re.Match[str]) -> str:
        return self.price(self._decimal(found[2]), SIGNS[found[1]])

    def _coded(self, found: re.Match[str]) -> str:
        return self.price(self._decimal(found[1]), SIGNS.get(found[2], found[2]))

    def _percent(self, found: re.Match[str]) -> str:
        return f"{self._read(found[1])} {self.words['percent']}"

    def _measure(self, found: re.Match[str]) -> str:
        value = self._decimal(found[1])
        one, other = self.words["units"][found[2].lower()]
        return f"{self.number(value)} {one if value == 1 else other}"

    def _plain(self, found: re.Match[str]) -> str:
        return self._read(found[1])

    def _read(self, text: str) -> str:
        code = len(text) > 1 and text[0] == "0" and text[1].isdigit()
        return text if code else self.number(self._decimal(text))

    def _decimal(self, text: str) -> Decimal:
        return Decimal(text.replace(self.words["thousands"], "").replace(self.words["decimal"], "."))
