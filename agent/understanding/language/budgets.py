"""Words around a bare number that make it money: "350 is my limit", "900 to spend", "for like 150"."""

from __future__ import annotations

import re

_ABOUT = r"(?:\s+(?:about|around|like|roughly|maybe|only|just|exactly))*"
_LIMIT = r"(?:limit|budget|(?<!the )ceiling|(?<!the )cap|top whack|cut[ -]?off|upper end)"
_SPEND = r"(?:stretch|spend|pay|manage|afford|run|part with|blow|splash(?: out)?|(?:shell|fork) out|spare|go)"
_BEFORE = re.compile(
    r"(?:\bfor\s+(?:like|about|around|under|up to|less than|roughly|maybe|only|no more than)"
    rf"|\b(?:{_LIMIT}|max(?:imum)? (?:spend|price|budget)|(?:absolute|my|our) max(?:imum)?|price|spend)"
    rf"\s*(?:is|of|at|would be|will be|being|to be|'s|:|=)?{_ABOUT}"
    rf"|(?:\b(?:can|could|would|will|want to|wanna|going to|gonna|happy to|willing to|able to|to)|'d|'ll) "
    rf"(?:only |just |maybe |probably )?{_SPEND}"
    rf"(?: up| as far as| as high as| as much as)?(?: to| for)?{_ABOUT})\W*$",
    re.I,
)
_THAT_IS = (
    r"(?:,? that(?:'s| is))?\s*(?:(?:is|are|'s|would be|being|as)\s+)?(?:(?:about|just|only|really)\s+)*"
)
_MINE = r"(?:my|our|the|an?|her|his|their)\s+"
_IN_ALL = (
    r"^\s*(?:for|between) (?:the )?(?:(?:whole )?lot|pair|both|two|three|four|everything|it all|them all"
    r"|all(?: of)?(?: (?:it|them|that|this|the two|three|four))?)\b(?! \w)"
    r"|^\s*(?:in total|altogether|all told|all in)\b"
)
"""Behind a number, that it is for several things together."""
_TOTAL = re.compile(_IN_ALL, re.I)
_RAISED = re.compile(
    r"\b(?:stretch(?:ed)?|push(?:ed)?(?: it)?|went|go|raised?(?: it)?|upped? (?:it|my budget))"
    r"(?: up| as far as| as high as)?(?: to)?\s+\D{0,12}[\d.,]+\w*(?:\s+\w+)?\W*$",
    re.I,
)
"""What if more were spent: "and if I go up to 300?"."""
_AFTER = re.compile(
    rf"^{_THAT_IS}(?:{_MINE})?(?:(?:absolute|very|upper|top|hard|price|spending|outside|all)\s+)*{_LIMIT}\b"
    rf"|^\s*(?:is|are|'s|would be)\s+{_MINE}(?:absolute\s+)?(?:max(?:imum)?|lot)\b"
    rf"|^{_THAT_IS}(?:all|what|as (?:much|high|far) as|the most)"
    r"(?: (?:that|money))? (?:i|we|she|he|they)(?:'ve|'ll|'d)?\b"
    r"|^\s*to (?:spend|play with|blow|burn|splash|spare|work with|put towards)\b"
    r"|^\s*in (?:my|the|our|his|her) (?:pocket|purse|wallet|kitty|bank|account|hand)\b"
    rf"|{_IN_ALL}"
    r"|^\s*on me\b|^\s*(?:saved(?: up)?|put by|(?:put|set) aside)\b",
    re.I,
)


def is_budget(before: str, after: str) -> bool:
    """Whether the words right before or right behind a number say that it is what may be spent."""
    return _BEFORE.search(before) is not None or _AFTER.search(after) is not None


def is_total(after: str) -> bool:
    """Whether the words right behind a number say that it is for several things together."""
    return _TOTAL.match(after) is not None


def is_raised(text: str) -> bool:
    """Whether a text only asks what there is for more money; "if I spend 50 is delivery free" asks something else."""
    return _RAISED.search(text) is not None


def budget_words(after: str) -> int:
    """How many characters behind a number say that it is what may be spent."""
    match = _AFTER.match(after)
    return match.end() if match else 0
