"""Which words usually follow each other in one place, to choose between readings of unclear speech."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

MOST_WORDS = 200_000
"""Of all texts together; more would not change which reading is likelier."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PAIR = re.compile(r"\b([^\W\d_]{3,})([ -])(?=([^\W\d_]{3,})\b)")
_START, _NUMBER = "", "0"


class WordModel:
    """Bigram probabilities with Witten-Bell smoothing (Witten and Bell 1991, method C), by small letters; all
    numbers count as one word."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            said = [_START, *_words(text)]
            self._words.update(said)
            self._pairs.update(pairwise(said))
            if self._words.total() > MOST_WORDS:
                break
        self._followers = Counter(first for first, _ in self._pairs)
        self._total = self._words.total() + len(self._words) + 1

    def mean_log_probability(self, text: str) -> float:
        """Of a word; 0 for a text without words."""
        said = [_START, *_words(text)]
        found = [math.log(self._probability(first, word)) for first, word in pairwise(said)]
        return sum(found) / len(found) if found else 0.0

    def knows(self, word: str) -> bool:
        """Whether a word stands in the texts."""
        return self._words[word.lower()] > 0

    def joined(self, text: str) -> str:
        """``text`` with two words written as one where only that is known here: "sound bar", "ear-buds"."""
        return _PAIR.sub(lambda pair: pair[1] + ("" if self._is_one(pair[1], pair[3]) else pair[2]), text)

    def _is_one(self, first: str, second: str) -> bool:
        pair = (first.lower(), second.lower())
        return self._words["".join(pair)] > 1 and not self._pairs[pair]

    def _probability(self, first: str, word: str) -> float:
        alone = (self._words[word] + 1) / self._total
        followers = self._followers[first] + 1
        return (self._pairs[first, word] + followers * alone) / (self._words[first] + followers)


def _words(text: str) -> Sequence[str]:
    found = _WORD.findall(text.lower().replace("’", "'"))
    return [_NUMBER if word.isdigit() else word for word in found]
