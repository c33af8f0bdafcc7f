"""The names that a shop's products go under, by category and by the heads of titles, and the products of each."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.arrays import open_array
from retrieval.aspect_mining.words import OPINION_ADJECTIVES
from retrieval.naming.labels import DIRECT
from retrieval.naming.thesaurus import Phrase, phrase_of, thesaurus
from retrieval.text.normalization import stem

_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DESCRIBING = frozenset(map(stem, OPINION_ADJECTIVES))
"""Words before a name that make no other thing of it, though a noun has their stem ("comfort", "a light")."""
_PRONOUNS = frozenset(map(stem, ("one", "ones")))  # "the new one" is no product that is called ONE


@dataclass(frozen=True)
class Lexical:
    """What a phrase's words name here. ``rows`` with ``weights``; ``left``: words before the name that no
    kind has; ``phrases``: the names found, the asked one first."""

    phrases: tuple[Phrase, ...]
    rows: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    left: Phrase
    sure: float
    corrected: bool = False


class NameIndex:
    """The names of one built shop, opened read-only; safe for threads."""

    def __init__(self, folder: Path) -> None:
        facts = json.loads((folder / "phrases.json").read_text(encoding="utf-8"))
        self._phrases: list[Phrase] = [tuple(text.split(" ")) for text in facts["phrases"]]
        self._surfaces: list[str] = facts["surfaces"]
        self._starts = np.load(folder / "starts.npy")
        self._rows = open_array(folder / "rows.npy")
        self._weights = open_array(folder / "weights.npy")
        self._by_head: dict[str, list[int]] = defaultdict(list)
        self.words: dict[str, int] = defaultdict(int)
        for at, phrase in enumerate(self._phrases):
            self._by_head[phrase[-1]].append(at)
            for word in phrase:
                self.words[word] += int(self._starts[at + 1] - self._starts[at])

    def rows_of(self, phrase: Phrase) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Products whose kind ends in these stems, and how sure that is."""
        found = [
            at for at in self._by_head.get(phrase[-1], ()) if self._phrases[at][-len(phrase) :] == phrase
        ]
        return self._union(found)

    def longest(self, stems: Phrase) -> Lexical | None:
        """The longest end of the phrase that is a kind's name."""
        for start in range(len(stems)):
            name, left = stems[start:], stems[:start]
            rows, weights = self.rows_of(name)
            if not len(rows) or _PRONOUNS.issuperset(name):
                continue
            sure = 0.95 if weights.max() >= DIRECT else 0.6
            if left:
                within = self._union(
                    [at for at in self._by_head[name[-1]] if set(left) <= set(self._phrases[at])]
                )
                if len(within[0]):
                    return Lexical((stems,), *within, (), sure)
                other = left[-1] in thesaurus().things and left[-1] not in _DESCRIBING
                sure *= 0.5 if other else 0.88
            return Lexical((name,), rows, weights, left, sure)
        return None

    def called(self, phrase: Phrase) -> npt.NDArray[np.int32]:
        """The products that go under the whole name, other words between or not ("silk drop crotch pant")."""
        found = self.longest(phrase)
        return found.rows if found is not None and not found.left else np.zeros(0, dtype=np.int32)

    def surface(self, phrase: Phrase) -> list[str]:
        """The name as the shop writes it, in whole words."""
        for at in self._by_head.get(phrase[-1], ()):
            written = _WORDS.findall(self._surfaces[at])[-len(phrase) :]
            if self._phrases[at][-len(phrase) :] == phrase == phrase_of(" ".join(written)):
                return written
        return list(phrase)

    def _union(self, found: Sequence[int]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        parts = [slice(int(self._starts[at]), int(self._starts[at + 1])) for at in found]
        if not parts:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        rows = np.concatenate([self._rows[part] for part in parts])
        weights = np.concatenate([self._weights[part] for part in parts])
        order = np.lexsort((-weights, rows))
        unique, first = np.unique(rows[order], return_index=True)
        kept = weights[order][first]
        if kept.max() >= DIRECT:  # departments count only where nothing goes under the name itself
            unique, kept = unique[kept >= DIRECT], kept[kept >= DIRECT]
        return unique, kept
