"""Number words to digits: "a hundred and twenty" -> "120", "one fifty" -> "150" or "1.50" as prices go."""

from __future__ import annotations

import re
from collections.abc import Callable

from text_to_num import alpha2digit

UNIT_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEEN_WORDS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TEENS = tuple(_TEEN_WORDS.split())
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_VALUES: dict[str, int] = {
    **{word: value for value, word in enumerate(UNIT_WORDS, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: value * 10 for value, word in enumerate(_TENS, 2)},
}
"""What number words from one to ninety stand for."""
VALUE_WORDS = (*NUMBER_VALUES, "hundred", "thousand")
_UNIT = f"(?:{'|'.join(UNIT_WORDS)})"
_TWO_DIGITS = f"(?:{'|'.join(_TEENS)}|(?:{'|'.join(_TENS)})(?:[ -]{_UNIT})?)"
_SCALE = r"(?![ -]?(?:hundred|thousand|million|and\b))"
_BEFORE = (
    rf"(?<!hundred )(?<!thousand )(?<!and )(?<!\w)(?<!\w-)(?<!{'y )(?<!'.join(t[:-1] for t in _TENS)}y )"
)
_UNIT_TENS = re.compile(rf"{_BEFORE}({_UNIT}) ({_TWO_DIGITS})\b{_SCALE}", re.IGNORECASE)
_TENS_TENS = re.compile(rf"(?<!\w)({_TWO_DIGITS}) ({_TWO_DIGITS})\b{_SCALE}", re.IGNORECASE)
SPOKEN_PRICE = re.compile(f"{_UNIT_TENS.pattern}|{_TENS_TENS.pattern}", re.IGNORECASE)
""" "One fifty", "nineteen ninety nine": dollars and cents, or hundreds."""
_ISH = re.compile(rf"\b({_TWO_DIGITS}|hundred|thousand|\d+)-?ish\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?<![\w-])(?<!ty )(?<!hundred )(?<!thousand )(?<!and )(one|two|three)(?= (?:dollars?|bucks?|euros?"
    r"|pounds?|quid|cents?|stars?|lit(?:er|re)s?"
    r"|inch(?:es)?|cups?|"
    r"people|persons?|hours?|years?|months?|kilos?|kg|gb|pairs?|packs?|pieces?|grand)\b)",
    re.IGNORECASE,
)
_PLACES = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINAL_WORDS = tuple(_PLACES.split())
_ORDINAL = re.compile(r"\b([1-6])(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER_WORD = f"(?:{'|'.join((*NUMBER_VALUES, 'hundred', 'thousand', 'a', 'and'))})"
_BETWEEN = re.compile(rf"(?<=\bbetween )({_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})+)\b", re.IGNORECASE)
_HUNDREDS = re.compile(rf"({_UNIT}) ({_TWO_DIGITS})", re.IGNORECASE)
""" "One fifty" after "between fifty and" is 150."""
_WHOLE = re.compile(
    rf"(?:(a|{_TWO_DIGITS}|{_UNIT}) thousand(?: and)?(?: |$))?(?:(a|{_UNIT}) hundred(?: and)?(?: |$))?"
    rf"({_TWO_DIGITS}|{_UNIT})?",
    re.IGNORECASE,
)
_VAGUE = {"couple": 2, "couple of": 2, "few": 3}
_VAGUE_HUNDREDS = re.compile(r"\b(?:a )?(couple of|couple|few) (hundred|thousand|grand)\b", re.IGNORECASE)


def digits(text: str, plausible: Callable[[float], bool] = lambda value: value >= 10) -> str:
    """``text`` with its number words as digits.

    ``plausible`` says whether a value could be a price in this shop; it settles "one fifty" (150 or 1.50) and
    "nineteen ninety nine" (19.99 or 1999). Lone "one", "two", "three" stay words unless they count something.
    """
    if not re.search(r"[a-z]", text, re.IGNORECASE):
        return text
    text = _BETWEEN.sub(_between, text)
    text = _ISH.sub(r"around \1", text)
    text = _VAGUE_HUNDREDS.sub(_vague, text)
    text = _TENS_TENS.sub(lambda match: _pick(match, plausible, cents_first=True), text)
    text = _UNIT_TENS.sub(lambda match: _pick(match, plausible, cents_first=False), text)
    text = _COUNTED.sub(lambda match: str(NUMBER_VALUES[match.group(1).lower()]), text)
    text = _ORDINAL.sub(lambda match: ORDINAL_WORDS[int(match.group(1)) - 1], str(alpha2digit(text, "en")))
    return re.sub(r"\ba (?=\d{3,})", "", text)


def _between(match: re.Match[str]) -> str:
    """ "One hundred and fifty and three hundred": of its "and"s, the one that parts two growing numbers."""
    words = match.group(1)
    for joint in re.finditer(r" and ", words):
        left, right = (_whole(part) for part in (words[: joint.start()], words[joint.end() :]))
        if right is None and (spoken := _HUNDREDS.fullmatch(words[joint.end() :])):
            right = _two_digits(spoken.group(1)) * 100 + _two_digits(spoken.group(2))
        if left is not None and right is not None and left < right:
            return f"{left} and {right}"
    return words


def _whole(words: str) -> int | None:
    match = _WHOLE.fullmatch(words)
    if match is None or not words.strip():
        return None
    thousands, hundreds, rest = (_two_digits(part) if part else 0 for part in match.groups())
    return thousands * 1000 + hundreds * 100 + rest


def _vague(match: re.Match[str]) -> str:
    scale = 100 if match.group(2).lower() == "hundred" else 1000
    return str(_VAGUE[match.group(1).lower()] * scale)


def _two_digits(words: str) -> int:
    return sum(1 if word == "a" else NUMBER_VALUES[word] for word in words.lower().replace("-", " ").split())


def _pick(match: re.Match[str], plausible: Callable[[float], bool], *, cents_first: bool) -> str:
    left, right = _two_digits(match.group(1)), _two_digits(match.group(2))
    if right < 10:
        return match.group()
    cents, whole = left + right / 100, left * 100 + right
    order = (cents, whole) if cents_first else (whole, cents)
    value = next((option for option in order if plausible(option)), order[0])
    return f"{value:.2f}" if value != int(value) else str(int(value))
