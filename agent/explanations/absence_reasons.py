"""A product's being without a thing, or not, as one sentence with the passage that shows it."""

from __future__ import annotations

import re

from agent.explanations.evidence import quotable, shorten
from agent.wording import say
from retrieval.absence.substances import phrase_of, substances
from retrieval.absence.verdict import Verdict

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+|\s+[•|]\s+")


def called(thing: str) -> str:
    """A thing as it is said: the words of the shopper, or the substance's first name."""
    own = substances().get(thing)
    return own.labels[0].removeprefix("=") if own is not None and phrase_of(thing) not in own.asked else thing


def quote_of(shown: Verdict) -> str:
    """The sentence of a passage that says it, fit to be shown; a list up to its first line."""
    if shown.by_list or len(shown.passage) <= 160:
        return shorten(shown.passage)
    at = 0
    for part in _SENTENCE.split(shown.passage):
        start = shown.passage.find(part, at)
        at = start + len(part)
        if start <= shown.start < at:
            return shorten(part if len(part) <= 160 else part[max(0, shown.start - start - 60) :])
    return shorten(shown.passage)


def sentence_of(shown: Verdict, thing: str) -> tuple[str, str]:
    """``(sentence, quote)`` for what a listing says of a thing; two empty texts where that may not be shown."""
    quote = quote_of(shown)
    value = quote.partition(": ")[2] or quote if shown.field not in ("title", "description") else quote
    if not quote or not (quotable(f"it says {quote}")):
        return "", ""
    label = shown.field.replace("_", " ")
    if shown.by_list:
        if shown.field == "description":
            return say("absent.lists", thing=called(thing), text=value), quote
        return say("absent.names", field=label, thing=called(thing), text=quote), quote
    if quote in (f"{label}: yes", f"{label}: no"):
        return say("absent.states", text=quote), quote
    return say("absent.sold_as" if shown.field == "title" else "absent.writes", text=quote), quote
