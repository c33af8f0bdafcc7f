"""The reason "that is what you wished for", in the words of the shop or of a buyer: one sentence, quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from agent.checks.claims import stem
from agent.explanations.constraint_reasons import Ground
from agent.explanations.evidence import (
    field_evidence,
    quotable,
    review_evidence,
    sentences,
    shorten,
    spoken_name,
)
from agent.records import Reason
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.wording import say
from retrieval.records import Product
from retrieval.reviews.clauses import clause_spans

if TYPE_CHECKING:
    from retrieval.review_index import ReviewIndex

LEAST_SHARE = 0.5
"""Of the words of a wish that a sentence must hold."""
MANY_ITEMS = 4
"""Commas from which a text is a list."""
MOST_SENTENCES = 60
"""Of a product that are looked through."""
_WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
_DENIAL = re.compile(
    r"\b(?:not|no|never|without|free|hardly|neither|nor|cannot)\b|n['\u2019]t\b|-free\b", re.IGNORECASE
)


@lru_cache(maxsize=2048)
def _stems_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for name in names for word in re.findall(r"\w+", name.lower()))


_VAGUE = _stems_of(
    (
        "something anything thing stuff good great nice best better gift present want need look looking like love",
        "please really thanks buy get find show new one ones",
    )
)
"""Words of a wish that no sentence serves."""


class WishSentences:
    """Finds what serves a wish in words: a sentence of the listing, and one of a buyer. Safe for threads.

    Cost: microseconds for the listing; a buyer's sentence one encoding a wish (4 ms) and a look at the
    product's sentences, whose vectors are there.
    """

    def __init__(self, reviews: ReviewIndex) -> None:
        self._reviews = reviews

    def listing(self, wish: str, product: Product) -> Ground | None:
        """The sentence of the description, or of a long text, with most words of the wish."""
        wanted = wished_stems(wish, product)
        denied = _denied(wish)
        best, most, source = "", 0.0, ""
        for name, text in (("description", product.description), *product.texts.items()):
            for sentence in sentences(text)[:MOST_SENTENCES]:
                share = _share(wanted, denied, sentence)
                if share > most and quotable(sentence):
                    best, most, source = sentence, share, name
        if most < LEAST_SHARE:
            return None
        evidence = field_evidence(product, source, best)
        text = (
            say("reason.description", quote=shorten(best))
            if source == "description"
            else say("reason.field_says", field=spoken_name(source).capitalize(), text=shorten(best))
        )
        reason = Reason(text=text, kind="match", evidence_ids=(evidence.evidence_id,))
        return Ground(reason, (evidence,), 0.35 + 0.35 * most)

    def buyer(self, wish: str, product: Product) -> Ground | None:
        """What a buyer praises of what was wished, where most who speak of it do."""
        wanted = wished_stems(wish, product)
        if not wanted:
            return None
        words = (word for word in _WORD.findall(wish) if stem(word) not in _own_stems(product))
        said = self._reviews.what_buyers_say(product.item_id, " ".join(words))
        if said.positive <= said.negative:
            return None
        for quote in said.quotes:
            if quote.polarity == "positive" and quotable(text := _clause(quote.text, wanted)):
                evidence = review_evidence(product.item_id, quote.review_id, text)
                reason = Reason(
                    text=say("reason.buyer_says", text=shorten(text)),
                    kind="buyers",
                    evidence_ids=(evidence.evidence_id,),
                )
                return Ground(reason, (evidence,), 0.62)
        return None


def wished_stems(wish: str, product: Product) -> frozenset[str]:
    """The words of a wish that tell more than what the product is called."""
    found = {
        stem(word)
        for word in map(str.lower, _WORD.findall(wish))
        if len(word) > 2 and word.replace("\u2019", "'") not in FUNCTION_WORDS
    }
    return frozenset(found - _VAGUE - _own_stems(product))


def _own_stems(product: Product) -> frozenset[str]:
    return _stems_of((product.title, *product.category))


def _denied(wish: str) -> frozenset[str]:
    """What a wish does not want: "doesn't hurt", "without a handle"."""
    denials = _DENIAL.finditer(wish)
    after = (re.findall(r"\w+", wish[match.end() :].lower()) for match in denials)
    telling = ([word for word in words if len(word) > 2 and word not in FUNCTION_WORDS] for words in after)
    return frozenset(stem(words[0]) for words in telling if words)


def _share(wanted: frozenset[str], denied: frozenset[str], sentence: str) -> float:
    """Share of the wished words in a sentence; what one denies and the other asserts serves nobody."""
    own = {stem(word) for word in re.findall(r"\w+", sentence.lower())}
    found = wanted & own
    if not found or bool(_DENIAL.search(sentence)) != bool(denied & found):
        return 0.0
    if sentence.count(",") >= MANY_ITEMS:  # "Windows XP Home" among many names serves no wish for the home
        items = [frozenset(stem(word) for word in re.findall(r"\w+", i.lower())) for i in sentence.split(",")]
        found = frozenset().union(*(item & found for item in items if 2 * len(item & found) >= len(item)))
    return len(found) / len(wanted)


def _clause(sentence: str, wanted: Iterable[str]) -> str:
    """The clause of a buyer's sentence that speaks of the wish."""
    stems = frozenset(wanted)
    parts = [sentence[start:end] for start, end in clause_spans(sentence)]
    held = [len(stems & {stem(word) for word in re.findall(r"\w+", part.lower())}) for part in parts]
    best = max(range(len(parts)), key=held.__getitem__)
    return parts[best] if held[best] and len(parts[best].split()) > 2 else sentence
