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
_AFTER = re.compile(
    rf"^{_THAT_IS}(?:{_MINE})?(?:(?:absolute|very|upper|top|hard|price|spending|outside|all)\s+)*{_LIMIT}\b"
    rf"|^\s*(?:is|are|'s|would be)\s+{_MINE}(?:absolute\s+)?(?:max(?:imum)?|lot)\b"
    rf"|^{_THAT_IS}(?:all|what|as (?:much|high|far) as|the most)"
    r"(?: (?:that|money))? (?:i|we|she|he|they)(?:'ve|'ll|'d)?\b"
    r"|^\s*to (?:spend|play with|blow|burn|splash|spare|work with|put towards)\b"
    r"|^\s*in (?:my|the|our|his|her) (?:pocket|purse|wallet|kitty|bank|account|hand)\b"
    r"|^\s*on me\b|^\s*(?:saved(?: up)?|put by|(?:put|set) aside)\b",
    re.I,
)


def is_budget(before: str, after: str) -> bool:
    """Whether the words right before or right behind a number say that it is what may be spent."""
    return _BEFORE.search(before) is not None or _AFTER.search(after) is not None


def budget_words(after: str) -> int:
    """How many characters behind a number say that it is what may be spent."""
    match = _AFTER.match(after)
    return match.end() if match else 0
