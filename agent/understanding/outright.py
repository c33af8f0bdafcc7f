"""What an utterance states outright, read exactly whatever the reader made of it: money, brands, a value alone.

The reader may miss a span; what is said in the shop's own words or as money still holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import BRAND, PRICE
from agent.understanding.conditions import Resolver
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.budgets import budget_words
from agent.understanding.language.english import COMMON_RANK, english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.repairs import CORRECTION
from agent.understanding.language.text import tokenize
from agent.understanding.language.units import NAMES, UNIT_PATTERN
from agent.understanding.lexicon import Match
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from retrieval.text.word_set import word_set

_UNIT = "|".join(name for name in NAMES if len(name) > 4)
NUMBERED = re.compile(rf"\d|\b(?:{_UNIT}|ten|\w+teen|\w+ty|hundred|thousand|grand)\b", re.I)
_ONE = re.compile(r"\b(?:an?|one|half an?) $", re.I)
_OPENS_WITH_UNIT = re.compile(rf"(?:{_UNIT})\b", re.I)
_OPENS_WITH_NUMBER = re.compile(
    r"(?:[$€£]\s?)?\d|(?:a )?(?:two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|hundred)\b", re.I
)
_AWAITS_NUMBER = re.compile(
    r"\b(?:of|is|be|to|at|under|over|below|above|around|about|than|most|least|(?:max|min)(?:imum)?"
    r"(?: (?:long|length|wide|width|high|height|deep|depth|size|weight))?)$",
    re.I,
)
_EXTENT_ALONE = re.compile(r"(?:long|wide|high|tall|deep|thick|across)(?: (?:max|at most|at least))?", re.I)
_BOUND_ALONE = re.compile(
    r"(?:(?:or|and) )?(?:less|more|so|up|under|over|below|above|smaller|bigger|max(?:imum)?|min(?:imum)?|tops|at most"
    r"|at least)",
    re.I,
)
_DENIAL_ALONE = re.compile(r"(?:no|not|nothing|never)(?: (?:any|that is|a))?", re.I)
_BOUND_OPENS = re.compile(r"(?:any )?(?:more|less|fewer|over|under|above|below|[a-z]+er than)\b", re.I)
_COMPARATIVE = re.compile(r"\b(?:more|less|[a-z]{2,}er)$", re.I)
_COUNTED = re.compile(rf"[\s-]*(?:(?!in\b)(?:{UNIT_PATTERN})\b|[a-z]{{3,}}s\b|people\b|children\b)", re.I)
"""What a number counts or is measured in."""
_LEAD = re.compile(
    r"\b(?:starting (?:at|from)|upwards of|from|(?:somewhere |anywhere )?between|at (?:the )?(?:very )?(?:least|most)|"
    r"up to|under|over|below|above|(?:no |not )?(?:more|less|fewer) than|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|"
    r"around|about|roughly|within|nothing (?:over|under|above|below)|north of)\s+$",
    re.I,
)
_TAIL = re.compile(
    r"\s+(?:(?:or|and) (?:less|more|so|up|under|over|above|below)|max(?:imum)?|min(?:imum)?|tops|"
    r"at (?:the )?(?:very |absolute )?(?:most|least|outside))\b",
    re.I,
)
_HAD = re.compile(r"\b(?:that|those|my|our|his|her|their) $", re.I)
"""Before a value of what somebody has already: "keeps hanging up with that touchscreen"."""
_OTHERWISE = ("reference", "asked", "taken_back", "recipient")
"""What such a span holds is no condition."""
_ASKING = word_set(
    "make made want need show get give find look looking search seek like prefer only something "
    "anything nice one ones thing things please thanks thank ok okay hm hmm um uh oh ah so well actually now "
    "just sorry mean meant color colour brand size from by available come comes have try maybe instead rather"
)
"""Words around a value that is asked for alone."""


def outright(text: str, found: Resolved, resolver: Resolver, spans: Sequence[Span]) -> Resolved:
    """What ``text`` states beside ``found``, outside of what is only pointed at or asked about."""
    spoken = _blanked(text, spans)
    added = Resolved()
    if not any(where.field == PRICE for where in found.where):
        added = added + resolver.amounts.money(spoken)
    stated = {where.field for where in found.where}
    added = added + Resolved(
        tuple(w for w in resolver.amounts.for_so_many(text).where if w.field not in stated)
    )
    asked = [where for where in found.where if not (where.is_negative and CORRECTION.search(text))]
    taken = {where.field for where in asked}
    matches = [m for m in resolver.lexicon.find(spoken) if not m.corrected]
    denials = Denials(text)
    alone = not asked and not found.prefer and is_all(spoken, matches)
    for match in matches:
        field = match.meanings[0].where.field
        if field in taken or _is_read(match, spans):
            continue
        if not (alone or _is_brand(spoken, match)):
            if denials.of(match.start, match.end) == "wanted" and not _HAD.search(spoken[: match.start]):
                added = added + resolver.values.wished(match)
            continue
        match denials.of(match.start, match.end):
            case "wanted" | "wished":
                added = added + resolver.values.matched(match)
            case "unwanted":
                added = added + resolver.exclusions.excluded(text[match.start : match.end])
    return added


def bounded(text: str, span: Span) -> str:
    """The words of a condition with those that bound its number, where the reader left them out
    ("starting at $279", "85 or less").
    """
    if not NUMBERED.search(span.text):
        return span.text
    start = span.start
    if _OPENS_WITH_UNIT.match(span.text) and (one := _ONE.search(text[:start])):
        start -= len(one[0])  # "a litre"
    lead, tail = _LEAD.search(text[:start]), _TAIL.match(text[span.end :])
    start -= len(lead[0]) if lead else 0
    for amount in find_amounts(text):
        if amount.shape != "plain" and amount.start < span.start < amount.end <= span.end:
            start = min(start, amount.start)  # "cap it at", "450"
    return text[
        start : span.end + (len(tail[0]) if tail else budget_words(text[span.end :]) or counted(text, span))
    ]


def counted(text: str, span: Span) -> int:
    """How many characters behind a number that stands alone are of what it counts ("4", of "4 months")."""
    match = _COUNTED.match(text[span.end :]) if span.text[-1:].isdigit() else None
    return match.end() if match and match[0].strip().lower() not in FUNCTION_WORDS else 0


def is_one_amount(text: str, first: Span, second: Span) -> bool:
    """Whether two spans are one amount that the reader cut ("a litre or", "under"; "maximum long is", "150")."""
    said = text[second.start : second.end]
    if gap := text[first.end : second.start].strip().lower():
        compared = gap in ("than", "then") and _COMPARATIVE.search(first.text)
        return bool(compared and _OPENS_WITH_NUMBER.match(said))  # "nothing wider", "then", "1 metre"
    if _DENIAL_ALONE.fullmatch(first.text) and _BOUND_OPENS.match(said):
        return True  # "no", "heavier than 300 g"
    if _EXTENT_ALONE.fullmatch(said) and NUMBERED.search(first.text):
        return True
    if _BOUND_ALONE.fullmatch(said) and NUMBERED.search(first.text):
        return True
    return bool(_OPENS_WITH_NUMBER.match(said) and _AWAITS_NUMBER.search(first.text))


def _blanked(text: str, spans: Sequence[Span]) -> str:
    """The text with what is no condition made blank, of the same length."""
    for span in spans:
        if span.label in _OTHERWISE:
            text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    return text


def _is_read(match: Match, spans: Sequence[Span]) -> bool:
    """Whether the reader made something of the words."""
    return any(span.start <= match.start and match.end <= span.end for span in spans)


def is_all(text: str, matches: Sequence[Match]) -> bool:
    """Whether the text says nothing beside these values."""
    words = [
        t for t in tokenize(text) if t.is_word and t.text not in FUNCTION_WORDS and t.text not in _ASKING
    ]
    covered = [w for w in words if any(m.start <= w.start < m.end for m in matches)]
    return bool(matches) and len(covered) == len(words)


def _is_brand(text: str, match: Match) -> bool:
    """Whether a match can only be a brand; one that is an everyday word ("Home") is said of much else."""
    everyday = english_ranks().get(text[match.start : match.end].lower(), COMMON_RANK) < COMMON_RANK
    return not everyday and all(meaning.where.field == BRAND for meaning in match.meanings)
