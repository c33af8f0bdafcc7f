"""Checks one reply, sentence by sentence, against the evidence of its turn. Pure: no shop, no model, no
clock.
"""

from __future__ import annotations

import re

from agent.checks.absence_claims import unbacked_absences
from agent.checks.claim_phrases import check_phrases, scope_of
from agent.checks.claims import (
    Backing,
    Violation,
    tokens,
)
from agent.checks.input_guard import is_instruction
from agent.checks.word_claims import UNSTATED, SentenceClaims

LINK = re.compile(r"https?://|www\.|<[a-z/!]|\]\(|javascript:", re.IGNORECASE)
QUOTED = re.compile(r'"([^"]+)"|(?<!\w)\'([^\']+ [^\']+)\'(?!\w)')
OTHERS = re.compile(r"\b(?:others?|rest|remaining|these|those|ones|none|they|them|all)\b", re.IGNORECASE)
"""What stands for products that a sentence doesn't name, beside those of the sentence before."""


def check_sentence(
    sentence: str, backing: Backing, about: tuple[int, ...] = ()
) -> tuple[list[Violation], tuple[int, ...]]:
    """The unbacked claims of one sentence, and the products the next sentence's "it" stands for.

    ``about``: indexes of the products that the sentence before spoke of.
    """
    if LINK.search(sentence):
        return [Violation("link", sentence)], about
    if is_instruction(sentence):
        return [Violation("instruction", sentence)], about
    marked, found = backing.with_mentions(sentence)
    marked, quote_violations = _check_quotes(marked, backing, about)
    found.extend(quote_violations)
    marked, phrase_violations = check_phrases(marked, backing, about)
    found.extend(phrase_violations)
    asks, doubts = sentence.rstrip().endswith("?"), bool(UNSTATED.search(sentence))
    reading = SentenceClaims(
        tokens(marked), backing, about, asks, doubts, bool(OTHERS.search(sentence)), marked
    )
    found.extend(reading.violations())
    if backing.words != "none":
        scope = scope_of(marked, len(marked), backing, about) or list(backing.offered)
        found.extend(unbacked_absences(sentence, scope, doubts=doubts))
    return found, reading.mentioned or about


def _check_quotes(marked: str, backing: Backing, about: tuple[int, ...]) -> tuple[str, list[Violation]]:
    found = []
    for match in QUOTED.finditer(marked):
        quote = match.group(1) or match.group(2)
        if not re.search(r"\w", re.sub(r"⟦\d+⟧", "", quote)):
            continue  # a title in quotation marks
        scope = scope_of(marked, match.start(), backing, about) or list(backing.subjects)
        backed = any(v.quotes(quote) for v in (*(s.vocabulary for s in scope), backing.common, backing.told))
        if not backed and not (len(quote.split()) <= 3 and backing.asked.quotes(quote)):
            found.append(Violation("quote", quote))
    return QUOTED.sub(lambda m: m.group() if "⟦" in m.group() else " ", marked), found
