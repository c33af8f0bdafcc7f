"""Keyword search: BM25 over titles and, apart, over everything else the shop says about a product.

Two fields scored apart and summed with weights, so that a long description does not drown the title.
Scoring: Lucene's BM25 as in bm25s (Lù 2024, arXiv 2407.03618); the scores of each (token, product) are
computed at the build, a query only adds them up. k1 = b = 0.6 suit titles, which are short and of like
length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.arrays import worth_mapping

FloatArray = npt.NDArray[np.float32]

_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{4,}")
"""What makers call a model by, letters and digits."""
K1 = B = 0.6
BODY_WEIGHT = 0.4


class KeywordIndex:
    """BM25 scores by token in compressed columns, memory-mapped. One query token costs its number of
    products."""

    def __init__(self, index: Any) -> None:
        self.vocabulary: dict[str, int] = index.vocab_dict
        self._data: FloatArray = index.scores["data"]
        self._rows: npt.NDArray[np.int32] = index.scores["indices"]
        self._starts: npt.NDArray[np.int32] = index.scores["indptr"]
        self.size: int = int(index.scores["num_docs"])

    def document_frequency(self, token: str) -> int:
        """Number of products with the token."""
        code = self.vocabulary.get(token)
        return 0 if code is None else int(self._starts[code + 1] - self._starts[code])

    @property
    def document_frequencies(self) -> npt.NDArray[np.int32]:
        """Number of products by token code, shape (len(vocabulary),)."""
        return np.diff(self._starts)

    def postings(self, token: str) -> tuple[npt.NDArray[np.int32], FloatArray]:
        """Rows with the token and their scores."""
        code = self.vocabulary.get(token)
        part = slice(0, 0) if code is None else slice(int(self._starts[code]), int(self._starts[code + 1]))
        return self._rows[part], self._data[part]

    def rows_of(self, token: str) -> npt.NDArray[np.int32]:
        """Rows with the token; with the longer codes that have it, where it is a code that none has alone: "EL84s" are of
        a "T-EL84-JJ".
        """
        rows, _ = self.postings(token)
        code = token.removesuffix("s")
        if len(rows) or not _CODE.fullmatch(code):
            return rows
        whole = re.compile(rf"(?<!\d){code}(?!\d)" if code[0].isdigit() else rf"{code}(?!\d)")
        parts = [self.postings(other)[0] for other in self.vocabulary if whole.search(other)]
        return np.unique(np.concatenate(parts)) if parts else rows

    def holds(self, tokens: Sequence[str], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of these rows hold which token, shape (len(rows), len(tokens))."""
        held = np.zeros((len(rows), len(tokens)), dtype=bool)
        for at, token in enumerate(tokens):
            found, _ = self.postings(token)  # ascending
            if len(found):
                places = np.minimum(np.searchsorted(found, rows), len(found) - 1)
                held[:, at] = found[places] == rows
        return held

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """BM25 of every product, shape (n,), for query tokens with weights."""
        total = np.zeros(self.size, dtype=np.float32)
        for token, weight in weights.items():
            rows, scores = self.postings(token)
            total[rows] += np.float32(weight) * scores
        return total

    @classmethod
    def build(cls, folder: Path, documents: Iterable[Sequence[str]], *, k1: float = K1, b: float = B) -> None:
        """Index documents, each the sequence of its tokens, into ``folder``."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [
            np.array([vocabulary.setdefault(token, len(vocabulary)) for token in tokens], dtype=np.int32)
            for tokens in documents
        ]
        index = bm25s.BM25(k1=k1, b=b, method="lucene")
        if not vocabulary:  # bm25s can't index nothing; an empty shop or shops with bare titles are no error
            vocabulary[""] = 0
            ids = [*ids[:-1], np.zeros(1, dtype=np.int32)] if ids else [np.zeros(1, dtype=np.int32)]
        index.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        index.save(folder, show_progress=False)

    @classmethod
    def open(cls, folder: Path) -> KeywordIndex:
        import bm25s

        mapped = any(worth_mapping(path) for path in folder.glob("*.npy"))
        return cls(bm25s.BM25.load(folder, mmap=mapped, show_progress=False))


class FieldedKeywordIndex:
    """Titles and the rest, as one score per product: title + ``BODY_WEIGHT`` x rest."""

    def __init__(self, title: KeywordIndex, body: KeywordIndex | None) -> None:
        self.title, self.body = title, body

    def document_frequency(self, token: str) -> int:
        """Number of products with the token in the title or, where more, in the rest."""
        rest = self.body.document_frequency(token) if self.body else 0
        return max(self.title.document_frequency(token), rest)

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """Fielded BM25 of every product, shape (n,)."""
        total = self.title.scores(weights)
        if self.body is not None:
            total += np.float32(BODY_WEIGHT) * self.body.scores(weights)
        return total

    def titled(self, tokens: Sequence[str]) -> npt.NDArray[np.int32]:
        """Rows whose title holds every token; none for no tokens."""
        lists = sorted((self.title.rows_of(token) for token in set(tokens)), key=len)
        if not lists:
            return np.zeros(0, dtype=np.int32)
        rows = lists[0]
        for other in lists[1:]:
            rows = np.intersect1d(rows, other, assume_unique=True)
        return np.asarray(rows, dtype=np.int32)

    def together(self, token: str, others: Sequence[str]) -> int:
        """Number of products with the token and at least one of the others in the title."""
        rows, _ = self.title.postings(token)
        if not len(rows) or not others:
            return 0
        rest = np.concatenate([self.title.postings(other)[0] for other in others])
        return int(np.isin(rows, rest).sum())

    @classmethod
    def build(cls, folder: Path, titles: Sequence[Sequence[str]], bodies: Sequence[Sequence[str]]) -> None:
        """Index token sequences of titles and of the rest, product by product."""
        KeywordIndex.build(folder / "title", titles)
        has_body = any(bodies)
        if has_body:
            KeywordIndex.build(folder / "body", bodies)
        (folder / "fields.json").write_text(json.dumps({"body": has_body}), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> FieldedKeywordIndex:
        facts = json.loads((folder / "fields.json").read_text(encoding="utf-8"))
        return cls(
            KeywordIndex.open(folder / "title"), KeywordIndex.open(folder / "body") if facts["body"] else None
        )
