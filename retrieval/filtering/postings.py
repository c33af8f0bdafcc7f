"""Which rows carry a key: a compressed inverted list in plain numpy files, opened memory-mapped."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.arrays import open_array

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Postings:
    """Rows by key: those of ``keys[name] = i`` are ``rows[starts[i]:starts[i + 1]]``, ascending."""

    keys: dict[str, int]
    starts: npt.NDArray[np.int64]
    rows: IntArray

    def rows_of(self, key: str) -> IntArray:
        """Rows that carry the key, ascending; none for an unknown key."""
        code = self.keys.get(key)
        return self.rows[:0] if code is None else self.rows[self.starts[code] : self.starts[code + 1]]

    def count(self, key: str) -> int:
        code = self.keys.get(key)
        return 0 if code is None else int(self.starts[code + 1] - self.starts[code])

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.keys.json").write_text(json.dumps(list(self.keys)), encoding="utf-8")
        np.save(folder / f"{name}.starts.npy", self.starts)
        np.save(folder / f"{name}.rows.npy", self.rows)

    @classmethod
    def open(cls, folder: Path, name: str) -> Postings:
        keys = json.loads((folder / f"{name}.keys.json").read_text(encoding="utf-8"))
        return cls(
            {key: code for code, key in enumerate(keys)},
            open_array(folder / f"{name}.starts.npy"),
            open_array(folder / f"{name}.rows.npy"),
        )


class PostingsBuilder:
    """Collects (key, row) pairs in 8 bytes each; a pair given twice counts once."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._codes, self._rows = array("i"), array("i")

    def add(self, row: int, keys: Iterable[str]) -> None:
        for key in set(keys):
            self._codes.append(self._keys.setdefault(key, len(self._keys)))
            self._rows.append(row)

    def build(self) -> Postings:
        codes = np.frombuffer(self._codes, dtype=np.int32) if self._codes else np.zeros(0, np.int32)
        rows = np.frombuffer(self._rows, dtype=np.int32) if self._rows else np.zeros(0, np.int32)
        order = np.argsort(codes, kind="stable")  # rows come in ascending order, so they stay so in each key
        starts = np.zeros(len(self._keys) + 1, dtype=np.int64)
        np.cumsum(np.bincount(codes, minlength=len(self._keys)), out=starts[1:])
        return Postings(self._keys, starts, np.ascontiguousarray(rows[order]))


def union(lists: Sequence[IntArray], size: int) -> npt.NDArray[np.bool_]:
    """A mask, shape (size,), of the rows in any of the lists."""
    mask = np.zeros(size, dtype=bool)
    for rows in lists:
        mask[rows] = True
    return mask
