"""Folding at the end of a ranking."""

from __future__ import annotations

from retrieval.ranking.duplicates import fold_duplicates


def test_the_first_of_each_key_is_kept_in_order() -> None:
    assert fold_duplicates(["a", "b", "a", "c", "b"]) == [0, 1, 3]
