"""Metrics against examples worked out by hand, and the properties that hold for any list."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cf_engine.measuring import metrics

# Shopper 0 finds two of three relevant items, at places 1 and 3; shopper 1 one, at place 4; shopper 2 none.
LISTS = np.array([[1, 7, 3, 8], [4, 5, 6, 9], [0, 1, 2, 3]])
RELEVANT = [[1, 2, 3], [9], [7]]
N_RELEVANT = np.array([3, 1, 1])
HITS = metrics.hits_of(LISTS, RELEVANT, n_items=10)


def test_hits_mark_the_places_of_relevant_items() -> None:
    assert HITS.tolist() == [[True, False, True, False], [False, False, False, True], [False] * 4]


def test_padding_is_never_a_hit() -> None:
    lists = np.array([[3, -1], [0, 1]])
    assert metrics.hits_of(lists, [[9], [1]], n_items=10).tolist() == [[False, False], [False, True]]


def test_recall() -> None:
    assert metrics.recall(HITS, N_RELEVANT, 4) == pytest.approx([2 / 3, 1, 0])
    assert metrics.recall(HITS, N_RELEVANT, 2) == pytest.approx([1 / 3, 0, 0])


def test_precision() -> None:
    assert metrics.precision(HITS, 4) == pytest.approx([0.5, 0.25, 0])


def test_hit_rate() -> None:
    assert metrics.hit_rate(HITS, 4).tolist() == [1, 1, 0]
    assert metrics.hit_rate(HITS, 3).tolist() == [1, 0, 0]


def test_ndcg() -> None:
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert metrics.ndcg(HITS, N_RELEVANT, 4) == pytest.approx([(1 + 1 / 2) / ideal, 1 / math.log2(5), 0])


def test_the_ideal_of_ndcg_is_cut_at_k() -> None:
    perfect = np.ones((1, 2), dtype=bool)
    assert metrics.ndcg(perfect, [50], 2) == pytest.approx([1.0])


def test_average_precision() -> None:
    assert metrics.average_precision(HITS, N_RELEVANT, 4) == pytest.approx([(1 + 2 / 3) / 3, 1 / 4, 0])


def test_reciprocal_rank() -> None:
    assert metrics.reciprocal_rank(HITS, 4) == pytest.approx([1, 1 / 4, 0])


def test_a_shopper_without_relevant_items_scores_zero_not_nan() -> None:
    none = np.zeros((1, 3), dtype=bool)
    for metric in (metrics.recall, metrics.ndcg, metrics.average_precision):
        assert metric(none, np.array([0]), 3).tolist() == [0]


def test_coverage_and_exposure() -> None:
    lists = np.array([[0, 1], [0, -1]])
    assert metrics.exposure(lists, 4).tolist() == [2, 1, 0, 0]
    assert metrics.coverage(lists, 4) == 0.5


def test_gini() -> None:
    assert metrics.gini([5, 5, 5, 5]) == 0
    assert metrics.gini([0, 0, 0, 8]) == pytest.approx(0.75)  # (n - 1) / n
    assert metrics.gini([1, 3]) == pytest.approx(0.25)
    assert metrics.gini([0, 0]) == 0


def test_novelty_in_bits() -> None:
    popularity = [4, 2, 2]
    assert metrics.novelty(np.array([[0, 1], [1, 2], [0, -1]]), popularity) == pytest.approx([1.5, 2, 1])


def test_diversity() -> None:
    vectors = np.array([[1.0, 0], [2, 0], [0, 1], [-1, 0]])
    lists = np.array([[0, 1, -1], [0, 2, -1], [0, 3, -1], [0, 1, 2], [0, -1, -1]])
    assert metrics.diversity(lists, vectors) == pytest.approx([0, 1, 2, 2 / 3, 0])


def test_popularity_lift() -> None:
    popularity = [10, 2, 4]
    lift = metrics.popularity_lift(np.array([[0], [1], [0]]), [[1, 2, 1, 1], [1], []], popularity)
    assert lift[:2] == pytest.approx([10 / 2.5 - 1, 0])
    assert np.isnan(lift[2])


def test_popularity_groups_share_the_events() -> None:
    assert metrics.popularity_groups([50, 0, 30, 10, 10], n_groups=2).tolist() == [0, 1, 1, 1, 1]
    assert metrics.popularity_groups([9, 0, 9, 9, 0], n_groups=3).tolist() == [0, 2, 1, 2, 2]


hit_tables = hnp.arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 12)))


@given(hit_tables, st.integers(1, 12), st.integers(0, 5))
def test_accuracy_stays_between_zero_and_one(hits: np.ndarray, k: int, more: int) -> None:
    n_relevant = hits.sum(axis=1) + more
    for values in (
        metrics.recall(hits, n_relevant, k),
        metrics.precision(hits, k),
        metrics.hit_rate(hits, k),
        metrics.ndcg(hits, n_relevant, k),
        metrics.average_precision(hits, n_relevant, k),
        metrics.reciprocal_rank(hits, k),
    ):
        assert values.shape == (len(hits),)
        assert (values >= 0).all()
        assert (values <= 1 + 1e-12).all()


@given(hit_tables, st.integers(1, 11))
def test_a_longer_list_never_recalls_less(hits: np.ndarray, k: int) -> None:
    n_relevant = hits.sum(axis=1)
    assert (metrics.recall(hits, n_relevant, k + 1) >= metrics.recall(hits, n_relevant, k)).all()
    assert (metrics.reciprocal_rank(hits, k + 1) >= metrics.reciprocal_rank(hits, k)).all()


@given(st.integers(0, 20), st.integers(1, 20))
def test_moving_the_hit_down_never_raises_ndcg(rank: int, k: int) -> None:
    higher, lower = metrics.ndcg(np.arange(22) == np.array([[rank], [rank + 1]]), [1, 1], k)
    assert higher >= lower


@given(hnp.arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 1000)), st.integers(2, 5))
def test_gini_is_bounded_and_scale_free(counts: np.ndarray, factor: int) -> None:
    value = metrics.gini(counts)
    assert -1e-9 <= value < 1
    assert metrics.gini(counts * factor) == pytest.approx(value, abs=1e-9)


@given(
    hnp.arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(2, 6)), elements=st.integers(-1, 4)),
    hnp.arrays(np.float64, (5, 3), elements=st.floats(-10, 10)),
)
def test_diversity_is_the_mean_pairwise_cosine_distance(lists: np.ndarray, vectors: np.ndarray) -> None:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    for row, value in zip(lists, metrics.diversity(lists, vectors), strict=True):
        shown = [item for item in row if item >= 0]
        pairs = [1 - unit[a] @ unit[b] for n, a in enumerate(shown) for b in shown[n + 1 :]]
        assert value == pytest.approx(np.mean(pairs) if pairs else 0.0, abs=1e-6)
