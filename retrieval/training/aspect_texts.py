"""Terms in sentences that nobody labelled, for a teacher to say what is said of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from retrieval.aspect_mining.words import FUNCTION_WORDS, GENERIC_NOUNS, OPINION_ADJECTIVES, VERBS
from retrieval.aspect_sentiment import clause_about
from retrieval.training.aspect_labels import AspectLabel
from retrieval.training.text_augmentation import content_words, swap_words, word_neighbours

__all__ = ["further_terms", "swapped_labels", "terms_in", "terms_of_reviews"]

Pair = tuple[str, str]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9'-]*|[^\sA-Za-z]")
_NO_TERMS = FUNCTION_WORDS | OPINION_ADJECTIVES | VERBS
_LONGEST = 3  # words
_OFTEN = 150
"""Mentions of one term beyond which no more are taken: half of all phone reviews name the phone."""


def terms_in(sentence: str) -> list[str]:
    """What may be a term: runs of words that are neither function words, verbs nor opinions, the last three
    words of each. Words that name anything ("thing", "day") are no term alone.
    """
    last = (run[-_LONGEST:] for run in _runs(sentence))
    return [
        sentence[run[0].start() : run[-1].end()]
        for run in last
        if any(token.group().lower() not in GENERIC_NOUNS for token in run)
    ]


def _runs(sentence: str) -> Iterator[list[re.Match[str]]]:
    def belongs(token: re.Match[str]) -> bool:
        word = token.group().lower()
        return word[0].isalpha() and len(word) > 2 and word not in _NO_TERMS and not word.endswith("ly")

    for is_term, run in groupby(_TOKEN.finditer(sentence), belongs):
        if is_term:
            yield list(run)


def further_terms(labels: Sequence[AspectLabel], each: int, seed: int = 0) -> list[Pair]:
    """Up to ``each`` terms of every labelled sentence that nobody labelled in it."""
    order = random.Random(seed)
    labelled = {(label.sentence, label.term.lower()) for label in labels}
    pairs = []
    for sentence in sorted({label.sentence for label in labels}):
        terms = [term for term in terms_in(sentence) if (sentence, term.lower()) not in labelled]
        pairs += [(sentence, term) for term in order.sample(terms, min(each, len(terms)))]
    return pairs


def terms_of_reviews(sentences: Sequence[str], limit: int, seed: int = 0) -> list[Pair]:
    """Up to ``limit`` terms of ``sentences`` (of five words or more), two of each, every other one in its
    clause alone.
    """
    order = random.Random(seed)
    seen: Counter[str] = Counter()
    pairs: list[Pair] = []
    for sentence in sentences:
        if len(pairs) >= limit:
            break
        if len(sentence.split()) < 5:
            continue
        terms = [term for term in terms_in(sentence) if seen[term.lower()] < _OFTEN]
        for term in order.sample(terms, min(2, len(terms))):
            seen[term.lower()] += 1
            pairs.append((clause_about(sentence, term) if len(pairs) % 2 else sentence, term))
    return pairs[:limit]


def swapped_labels(
    labels: Sequence[AspectLabel],
    sentences: Sequence[str],
    encode: Callable[[Sequence[str]], npt.NDArray[np.float32]],
    each: int,
    seed: int = 0,
) -> list[Pair]:
    """Up to ``each`` copies of every labelled sentence in which words other than its term are replaced, by
    words of their like or of ``sentences``; every third one in the clause of its term alone.
    """
    own = [label.sentence for label in labels]
    vocabulary = content_words([*own, *sentences])
    words = [word for word in content_words(own) if word not in FUNCTION_WORDS]
    near = word_neighbours(words, vocabulary, encode)
    order = random.Random(seed)
    pairs = []
    for label in labels:
        term = set(label.term.lower().split())
        others = {word: likes for word, likes in near.items() if word not in term}
        copies = swap_words([label.sentence], others, vocabulary, each, order.randrange(2**31))
        pairs += [
            (clause_about(copy, label.term) if place % 3 == 0 else copy, label.term)
            for place, copy in enumerate(copies)
            if label.term in copy
        ]
    return pairs
