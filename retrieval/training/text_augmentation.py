"""More texts for a teacher to label: phrases, sentences with other words in them, halves of two joined.

A small set of labelled sentences holds few words. A teacher knows what the other words of the language do to
a sentence, and a pupil learns it from made-up sentences that hold them (TinyBERT, Jiao et al. 2020,
section 3). What is made up need not make sense: the teacher says what it makes of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["content_words", "join_halves", "random_spans", "swap_words", "word_neighbours"]

_SWAPPED = (0.15, 0.3, 0.5)
"""Shares of the known words of a sentence that are replaced; one is drawn for each sentence."""
_BLOCK = 512


def random_spans(sentences: Sequence[str], each: int = 1, seed: int = 0) -> list[str]:
    """``each`` random runs of words (3 words to 70% of the sentence) of every sentence of six words or more.

    A teacher's opinion of phrases is what makes a small set of sentences go far.
    """
    order = random.Random(seed)
    spans = []
    for sentence in sentences:
        words = sentence.split()
        for _ in range(each if len(words) >= 6 else 0):
            length = order.randint(3, max(3, int(len(words) * 0.7)))
            start = order.randint(0, len(words) - length)
            spans.append(" ".join(words[start : start + length]))
    return spans


def word_neighbours(
    words: Sequence[str],
    vocabulary: Sequence[str],
    encode: Callable[[Sequence[str]], npt.NDArray[np.float32]],
    each: int = 25,
) -> dict[str, list[str]]:
    """The ``each`` words of ``vocabulary`` that mean most like each of ``words``, opposites among them.

    ``encode`` gives unit vectors, (n, d). Work grows with the product of both lengths.
    """
    known = encode(vocabulary)
    near = {}
    for start in range(0, len(words), _BLOCK):
        block = words[start : start + _BLOCK]
        likeness = encode(block) @ known.T
        most = min(each + 1, len(vocabulary))
        best = np.argpartition(-likeness, most - 1, axis=1)[:, :most]
        for word, row in zip(block, best, strict=True):
            near[word] = [vocabulary[place] for place in sorted(row) if vocabulary[place] != word][:each]
    return near


def swap_words(
    sentences: Sequence[str],
    near: Mapping[str, Sequence[str]],
    strangers: Sequence[str],
    each: int = 1,
    seed: int = 0,
) -> list[str]:
    """``each`` copies of every sentence in which some words are replaced, four of five by a neighbour of
    theirs, one by any of ``strangers``. Words that ``near`` does not hold stay.
    """
    order = random.Random(seed)

    def other(word: str) -> str:
        return order.choice(near[word]) if order.random() < 0.8 else order.choice(strangers)

    copies = []
    for sentence in sentences:
        for _ in range(each):
            share = order.choice(_SWAPPED)
            copies.append(
                " ".join(
                    other(word.lower()) if near.get(word.lower()) and order.random() < share else word
                    for word in sentence.split()
                )
            )
    return copies


def join_halves(sentences: Sequence[str], count: int, seed: int = 0) -> list[str]:
    """``count`` texts: the beginning of one random sentence and the end of another."""
    order = random.Random(seed)
    joined = []
    for _ in range(count if sentences else 0):
        first, second = order.choice(sentences).split(), order.choice(sentences).split()
        joined.append(" ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :]))
    return joined


def content_words(texts: Sequence[str]) -> list[str]:
    """The different words of ``texts``, three letters or more, in order of the alphabet."""
    return sorted({word for text in texts for word in re.findall(r"[a-z]{3,}", text.lower())})
