"""Names that a request holds and no list of values does: models, series, characters ("RTX 2070", "Sylvanian")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.conditions import ANYWHERE, TITLE, Prefer
from agent.understanding.amount_words import written
from agent.understanding.conditions import Resolver
from agent.understanding.labels import SpanLabel
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.english import english_ranks
from agent.understanding.language.text import stems
from agent.understanding.quantities import plain
from agent.understanding.utterance import Utterance
from retrieval.filters import Items, Words

_WORD = re.compile(r"[^\W_](?:[\w+]|[-.](?=\w))*")
_CODE = re.compile(r"(?=.*\d)(?=.*[a-z])", re.I)
_NUMBER = re.compile(r"\d{3,}")
SHORTEST = 4
"""Letters of a name that is no English word."""
_APART = frozenset(
    (SpanLabel.RECIPIENT, SpanLabel.ASKED, SpanLabel.REFERENCE, SpanLabel.TAKEN_BACK, SpanLabel.EXCLUDED)
)
"""Spans whose words are not of what is sought."""


def named_in_passing(said: Utterance, resolver: Resolver) -> tuple[Prefer, ...]:
    """Wishes for the names of an utterance that products of the kind have, in their titles or else elsewhere."""
    found = []
    for name in _names(said):
        if resolver.lexicon.exactly(name):
            continue  # a value or a brand, which others resolve
        titled = resolver.fields.desk.shop.search.titled(name)
        if titled and resolver.fields.count(Items(tuple(titled))):
            found.append(Prefer(field=TITLE, value=name))
        elif resolver.fields.count(Words(name)):
            found.append(Prefer(field=ANYWHERE, value=name))
    return tuple(found)


def _names(said: Utterance) -> Iterator[str]:
    """Words that are no English, and codes with the numbers beside them."""
    apart = [(span.start, span.end) for span in said.spans if span.label in _APART]
    words = [m for m in _WORD.finditer(said.text) if not any(a <= m.start() < b for a, b in apart)]
    for at, match in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else None
        numbered = after is not None and _NUMBER.fullmatch(after[0]) and after.start() - match.end() == 1
        if _CODE.search(match[0]) or (_is_foreign(match[0]) and (numbered or len(match[0]) >= SHORTEST)):
            yield f"{match[0]} {after[0]}" if numbered and after is not None else match[0]
    for amount in find_amounts(plain(_blanked(said, apart), lambda value: False)):
        if amount.unit and amount.shape == "plain" and not amount.is_money:
            yield written(amount)[0]


def _blanked(said: Utterance, apart: Sequence[tuple[int, int]]) -> str:
    text = said.text
    for start, end in apart:
        text = f"{text[:start]}{'·' * (end - start)}{text[end:]}"
    return text


def _is_foreign(word: str) -> bool:
    low, known = word.lower(), english_ranks()
    return low.isalpha() and low not in known and not any(stem in known for stem in stems(low))
