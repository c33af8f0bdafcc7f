"""What a shopper's words for a thing mean in this shop: kinds by name, by head, by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrieval.filters import Category, Filter
from retrieval.text.normalization import tokenize

if TYPE_CHECKING:
    from retrieval.encoder import Encoder
    from retrieval.filtering.table import FilterTable

NEAR = 0.55


@dataclass(frozen=True)
class KindMatch:
    """Kinds that a phrase may stand for. ``exact``: by name, not by meaning."""

    names: tuple[str, ...]
    confidence: float
    exact: bool = False


class KindIndex:
    """The kinds of one built shop."""

    def __init__(self, table: FilterTable, encoder: Encoder) -> None:
        self._encoder = encoder
        self._paths = [path for path in table.paths if path]
        self._stems = [tuple(tokenize(path[-1])) for path in self._paths]
        self._vectors: np.ndarray | None = None

    def resolve(self, phrase: str) -> KindMatch | None:
        """The kinds meant by a phrase; None where nothing here is near."""
        words = tuple(tokenize(phrase))
        if not words or not self._paths:
            return None
        scores = [_by_name(words, own) for own in self._stems]
        best = max(scores)
        if best > 0:
            names = tuple(" > ".join(p) for p, s in zip(self._paths, scores, strict=True) if s == best)
            return KindMatch(names[:20], best, exact=True)
        if self._vectors is None:
            self._vectors = self._encoder.encode_document([path[-1] for path in self._paths])
        near = self._vectors @ self._encoder.encode_query([phrase])[0]
        at = int(near.argmax())
        if near[at] < NEAR:
            return None
        return KindMatch((" > ".join(self._paths[at]),), float(near[at]))

    def filter_of(self, name: str) -> Filter | None:
        """The condition that a kind's name stands for."""
        return Category((name,))


def _by_name(words: tuple[str, ...], own: tuple[str, ...]) -> float:
    if not own:
        return 0.0
    if words == own:
        return 1.0
    if set(own) <= set(words) and own[-1] == words[-1]:
        return 0.95
    if set(words) <= set(own) and own[-1] == words[-1]:
        return 0.9
    return 0.8 if own[-1] == words[-1] else 0.0
