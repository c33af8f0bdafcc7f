"""Words that the shop has no term for and that bind all the same: things denied ("without zips", "not Ernie
Ball") and properties stipulated ("waterproof"). What counts is whether a product's text has the word.
"""

from __future__ import annotations

import re

from agent.language.english import COMMON_RANK, english_ranks
from agent.language.function_words import FUNCTION_WORDS
from agent.language.graded import GRADED_WORDS
from agent.language.negation import Denials
from agent.language.text import Token
from agent.meaning import Constraint
from retrieval.filters import Not, Words

PROPERTY = re.compile(
    r"(?:(?:water|wind|fire|shock|splash|child|oven|rust|sweat|stain)[- ]?(?:proof|resistant|safe)"
    r"|(?:dishwasher|microwave|oven|food|machine)[- ](?:safe|proof|washable)|vegan|vegetarian|organic|halal"
    r"|kosher|wireless|cordless|rechargeable|foldable|hypoallergenic|handmade|recycled|refillable|reusable"
    r"|refurbished)",
    re.IGNORECASE,
)
"""Yes or no, unlike what is graded; so they bind wherever a shop keeps them, if only in its texts."""
_PROPERTY_WORD = re.compile(rf"\b{PROPERTY.pattern}\b", re.IGNORECASE)
_NAME_CUE = re.compile(
    r"\b(?:not?(?: from| by)?|nothing (?:from|by)|(?:anything|everything|any brand) (?:but|except)"
    r"|except|besides|other than)\s+$",
    re.IGNORECASE,
)
_DENIED_NOUN = re.compile(
    r"\b(?:without(?: any| a| an| the)?|w/o|free of|not containing|that (?:doesn't|don't"
    r"|does not) have(?: any| a| an)?|no)\s+$"
    r"|\b(?:nothing|anything|none) (?:with|containing|made of)(?: any| a| an)?\s+$|\ballergic to\s+$"
    r"|\bhates?\s+$|\bavoid\s+$",
    re.IGNORECASE,
)
_NEVER_DENIED = """
idea problem worries thanks thank rush doubt preference preferences matter way wait longer more less one
ones need issue issues budget limit price brand color size thing things particular specific reason hurry
clue it that this them these those such spending going over under than further kidding good luck question
questions actually please any he he's she she's they they're we we're i'm it's that's there's what's who's
"""
_NOT_DENIABLE = frozenset(_NEVER_DENIED.split())


def denied_nouns(
    text: str, tokens: tuple[Token, ...], denials: Denials, blocked: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Unknown words right after a cue that denies a thing ("without zips", "no laces", "lace-free")."""
    found = []
    for token in tokens:
        if (
            not token.is_word
            or token.text in FUNCTION_WORDS
            or token.text in _NOT_DENIABLE
            or token.text[0].isdigit()
        ):
            continue
        if any(start <= token.start < end for start, end in blocked):
            continue
        cued = _DENIED_NOUN.search(text[: token.start]) or re.match(
            r"[\s-]free\b", text[token.end :], re.IGNORECASE
        )
        named = _NAME_CUE.search(text[: token.start]) and _is_name(text, token)
        if (cued or named) and denials.of(token.start, token.end) == "unwanted":
            found.append((token.start, _with_its_noun(text, token)))
    return found


def _with_its_noun(text: str, token: Token) -> int:
    """Where what is denied ends: "no small parts" denies small parts, not all that is small."""
    noun = re.match(r" ([a-z]{3,})\b", text[token.end :], re.IGNORECASE)
    if token.text in GRADED_WORDS and noun and noun.group(1).lower() not in FUNCTION_WORDS:
        return token.end + noun.end()
    return token.end


def _is_name(text: str, token: Token) -> bool:
    """Written as a name, or too rare a word to be anything else."""
    written = text[token.start].isupper() and not text.isupper()
    return written or english_ranks().get(token.text, 10**6) >= 2 * COMMON_RANK


def property_words(
    text: str, denials: Denials, blocked: list[tuple[int, int]]
) -> list[tuple[int, int, Constraint]]:
    """The properties that are named outside ``blocked``, as constraints on the text: wanted or unwanted."""
    found = []
    for match in _PROPERTY_WORD.finditer(text):
        start, end = match.span()
        polarity = denials.of(start, end)
        if any(left < end and start < right for left, right in blocked):
            continue
        if polarity == "wanted":
            found.append((start, end, required_words(match.group().lower())))
        elif polarity == "unwanted":
            found.append((start, end, denied_words(match.group().lower())))
    return found


def required_words(phrase: str) -> Constraint:
    """Only products whose text has the phrase."""
    return Constraint(
        constraint_id="",
        kind="words",
        slot=f"words:{phrase}",
        label=phrase,
        filter=Words(phrase),
        words=phrase,
    )


def denied_words(phrase: str) -> Constraint:
    """No product whose title, description, values or tags have the phrase."""
    return Constraint(
        constraint_id="",
        kind="words",
        slot=f"words:{phrase}",
        label=f"no {phrase}",
        filter=Not(Words(phrase)),
        negative=True,
        words=phrase,
    )
