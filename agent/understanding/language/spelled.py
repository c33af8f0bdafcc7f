"""Letters and digits that a speaker spells one by one: "M F C dash two five zero C" is MFC-250C."""

from __future__ import annotations

import re

from agent.understanding.language.numbers import UNIT_WORDS

_DIGITS = dict(zip(("zero", *UNIT_WORDS), "0123456789", strict=True)) | {"oh": "0"}
_MARKS = {"dash": "-", "hyphen": "-", "slash": "/", "dot": "."}
_LETTER = r"[A-Za-z]"
_DIGIT = rf"(?:{'|'.join(_DIGITS)}|\d)"
_MARK = rf"(?:{'|'.join(_MARKS)})"
_PART = rf"(?:{_LETTER}|{_DIGIT}|{_MARK})"
_CODE = re.compile(
    rf"(?<![\w'])(?![ai] ){_LETTER} {_LETTER}(?: {_PART}(?![\w']))*(?<!dash)(?<!hyphen)(?<!slash)(?<!dot)(?![\w'])",
    re.I,
)
"""A run that opens with two letters; an "a" before it is the article."""
_AFTER_MARK = re.compile(rf"(?<![\w']){_MARK} ({_LETTER}|\d+\w*)(?![\w'])", re.I)
"""A mark and what follows it: "dash R"."""
_NUMBER = re.compile(rf"(?<![\w'])(?:{_DIGIT})(?: {_DIGIT}){{2,}}(?: [A-Z])?(?![\w'])")
_WORDS = frozenset("aiun")
"""Letters that people write for words: "u n me"."""
_SIZES = frozenset("sml")


def spelled(text: str) -> str:
    """``text`` with what is spelt out joined; the rest as it is."""
    if not re.search(r"(?<![\w'])[A-Za-z](?![\w'])|\b(?:zero|oh|dash|hyphen)\b|\b\d \d\b", text):
        return text
    text = _CODE.sub(lambda match: _joined(match[0]) if _is_code(match[0]) else match[0], text)
    text = _NUMBER.sub(lambda match: _joined(match[0]) if _is_dictated(match[0]) else match[0], text)
    return _AFTER_MARK.sub(
        lambda match: f"-{match[1]}" if not match[0].lower().startswith("dot") else match[0], text
    )


def _is_code(run: str) -> bool:
    """Whether letters are spelt, and neither words of one letter said nor sizes listed ("S M or L")."""
    letters = [part.lower() for part in run.split() if len(part) == 1 and part.isalpha()]
    return sum(letter not in _WORDS for letter in letters) >= 2 and not set(letters) <= _SIZES


def _is_dictated(run: str) -> bool:
    """Whether single digits are said as one number: three at least, a zero or no order among them."""
    return "zero" in run or "oh" in run or len(run.split()) > 3


def _joined(run: str) -> str:
    return "".join(_MARKS.get(p.lower(), _DIGITS.get(p.lower(), p)) for p in run.split())
