"""How old somebody is, as people say it: "turning 7", "she's three", "a toddler of 18 months", "the kids are 7 and 10"."""

from __future__ import annotations

import re

from agent.understanding.language.numbers import NUMBER_VALUES

_N = rf"(?:\d{{1,2}}|{'|'.join(sorted(NUMBER_VALUES, key=len, reverse=True))})"
_UNIT = r"(?:years?\b|yrs?\b|yo\b|y/o)"
LASTING = re.compile(
    r"\s+(?:of\s+marriage|married|together|ago|ann?ivers\w*|in\b|later|straight|running)", re.I
)
"""Behind years, what tells neither an age nor what something lasts: "10 years of marriage"."""
_LASTING = rf"(?!{LASTING.pattern})"
_MONTHS = re.compile(rf"\b(?P<n>{_N})[\s-]*(?:months?|mths?|mo)\b{_LASTING}", re.I)
_YEARS = re.compile(
    rf"\b(?P<n>{_N})[\s-]*{_UNIT}{_LASTING}"
    rf"|\b(?:aged?|turn(?:s|ing)?|of|is|are|he['’]?s|she['’]?s|nearly|almost|just)\s+(?P<told>{_N})\b(?!\s*{_UNIT})"
    rf"|(?:^|,)\W*(?P<alone>{_N})\W*(?:$|,)",
    re.I,
)
_AFTER = (
    r"(?=\W*$|\s*[,.;:!?)]|\s+(?:and|or|so|but|now|next|on|in|this|today|tomorrow|not|old|if|then|who|with|for|soon|"
    r"already|tho|though|btw)\b)"
)
"""Behind a bare number, what lets it be an age: no noun that it would count."""
AGED = (
    r"(?:(?:only|just|nearly|almost|about|turning|already|now|like)\s+)*"
    rf"(?:{_N}\s*(?:{_UNIT}|months?\b){_LASTING}(?:\s+old\b)?|{_N}(?:(?:,| and| or|, and)\s*{_N})*{_AFTER})"
)
"""An age or several, said of whoever stands in front of it."""


def age_in(phrase: str) -> float | None:
    """The years of whoever a phrase tells of, of several those said first."""
    if months := _MONTHS.search(phrase):
        return _number(months["n"]) / 12
    if years := _YEARS.search(phrase):
        return _number(next(group for group in years.groups() if group))
    return None


def _number(said: str) -> float:
    return float(said) if said.isdigit() else float(NUMBER_VALUES[said.lower()])
