"""Folding and variety at the end of a ranking."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.diversity import fold_duplicates, maximal_marginal_relevance


def test_the_first_of_each_key_is_kept_in_order() -> None:
    assert fold_duplicates(["a", "b", "a", "c", "b"]) == [0, 1, 3]


def test_without_diversity_the_order_stays() -> None:
    vectors = np.eye(3, dtype=np.float32)
    assert maximal_marginal_relevance(np.array([3, 2, 1], np.float32), vectors, 3, 0.0) == [0, 1, 2]


def test_a_copy_of_the_best_gives_way_to_something_else() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert maximal_marginal_relevance(np.array([1.0, 0.9, 0.5], np.float32), vectors, 2, 0.5) == [0, 2]


def test_nothing_stays_nothing() -> None:
    assert maximal_marginal_relevance(np.zeros(0, np.float32), np.zeros((0, 4), np.float32), 5, 0.5) == []
