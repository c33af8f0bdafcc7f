"""Building what ``RankFeatures`` reads: titles as tokens, their head nouns, the roles and vectors of
words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from retrieval.encoder import Encoder
from retrieval.text.normalization import words

Progress = Callable[[str, int, int | None], None]

TITLE_TOKENS = 32  # titles are cut here: (n, 32) int32, 128 bytes a product
# Where the name of the thing ends and its description begins; `3 in. x 8 ft.` is a size, not "in"
_HEAD_END = re.compile(r"(?<!\d)(?<!\d )\bin\b(?![.\d])| with | for |\(|,| - | w/", re.IGNORECASE)
# the most frequent title words have vectors: 46 MB at 384 dimensions in half precision
_WORD_VECTORS = 60_000
_FEW = 3  # titles added to those of a word, so that a word of one title has no clear role


def build_rank_features(
    folder: Path,
    titles: Sequence[str],
    title_tokens: Sequence[Sequence[str]],
    vocabulary: Mapping[str, int],
    surface_of: Mapping[str, str],
    encoder: Encoder,
    progress: Progress | None = None,
) -> None:
    """Write what ``RankFeatures`` needs. ``surface_of``: the commonest full word of each stem, which
    is encoded."""
    folder.mkdir(parents=True, exist_ok=True)
    matrix = np.zeros((len(titles), TITLE_TOKENS), dtype=np.int32)
    heads = np.zeros(len(titles), dtype=np.int16)
    frequencies = np.zeros(len(vocabulary), dtype=np.int64)
    for row, (title, tokens) in enumerate(zip(titles, title_tokens, strict=True)):
        codes = [vocabulary[token] + 1 for token in tokens[:TITLE_TOKENS]]
        matrix[row, : len(codes)] = codes
        heads[row] = head_place(title, len(codes))
        frequencies[np.unique(matrix[row, : len(codes)]) - 1] += 1
    filled = matrix[:, 0] > 0
    opens = np.bincount(matrix[filled, 0], minlength=len(vocabulary) + 1)
    ends = np.bincount(matrix[filled, heads[filled]], minlength=len(vocabulary) + 1)
    often = np.concatenate([[1], np.maximum(frequencies, 1)]) + _FEW
    np.save(folder / "roles.npy", np.stack([opens / often, ends / often]).astype(np.float32))
    np.save(folder / "title_tokens.npy", matrix)
    np.save(folder / "heads.npy", heads)
    names = list(vocabulary)
    chosen = np.argsort(-frequencies, kind="stable")[:_WORD_VECTORS]
    word_rows = np.full(len(vocabulary), -1, dtype=np.int32)
    word_rows[chosen] = np.arange(len(chosen))
    vectors = encoder.encode_document([surface_of.get(names[code], names[code]) for code in chosen], progress)
    np.save(folder / "word_rows.npy", word_rows)
    np.save(folder / "word_vectors.npy", vectors.astype(np.float16))


def head_place(title: str, length: int) -> int:
    """The place of the title's head noun among its ``length`` tokens: the last before "in", "with",
    "for", a comma."""
    end = _HEAD_END.search(title, 3)
    before = len(words(title[: end.start()])) if end else length
    return max(0, min(before, length) - 1)
