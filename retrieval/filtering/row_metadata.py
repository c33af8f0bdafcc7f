"""What a collection holds of each row beside its vector, for whoever filters there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from retrieval.filtering.table import FilterTable

UNKNOWN = -1
"""Of a number that a row does not have: every row carries every key."""


class RowMetadata(Sequence[dict[str, float | int]]):
    """Flat metadata of each row, every key always there, made when asked for: a dict a product is
    much memory."""

    def __init__(self, table: FilterTable) -> None:
        columns = table.columns
        self._floats = {name: np.nan_to_num(columns[name], nan=UNKNOWN) for name in ("price", "stars")}
        whole = {name: columns[name] for name in ("currency", "path", "rating_count", "stock")}
        self._integers = {**whole, "brand": table.brand_codes()}

    def __len__(self) -> int:
        return len(self._floats["price"])

    def __getitem__(self, row: Any) -> Any:
        floats = {name: float(column[row]) for name, column in self._floats.items()}
        return floats | {name: int(column[row]) for name, column in self._integers.items()}

    def digest(self) -> str:
        """Equal where all rows are."""
        digest = hashlib.blake2b(digest_size=16)
        for column in (*self._floats.values(), *self._integers.values()):
            digest.update(np.ascontiguousarray(column).data)
        return digest.hexdigest()
