"""The end of a ranking: near-duplicates folded."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def fold_duplicates(keys: Sequence[Hashable]) -> list[int]:
    """Positions of the first of each key, in order: later variants and repeated titles are folded into it."""
    seen: set[Hashable] = set()
    return [position for position, key in enumerate(keys) if key not in seen and not seen.add(key)]  # type: ignore[func-returns-value]
