"""Evaluation of models whose quality is known beforehand."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_engine.base import FloatArray, History, HistoryModel
from cf_engine.interactions import Interactions
from cf_engine.measuring.evaluation import (
    activity_strata,
    bootstrap,
    evaluate,
    measure,
    paired_test,
    sign_flip_p,
)
from cf_engine.measuring.splits import Split, leave_one_out
from cf_engine.models.popularity import Popularity

N = 40


class Oracle(HistoryModel):
    """Knows that item n + 1 follows n; errs for histories that end in a multiple of ``wrong_every``."""

    name = "oracle"

    def __init__(self, wrong_every: int = 10**9) -> None:
        self.n_items, self.wrong_every = N, wrong_every

    def fit(self, interactions: Interactions, **_: object) -> Oracle:  # type: ignore[override]
        return self

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        scores = np.tile(-np.arange(N, dtype=np.float32), (len(histories), 1))
        for row, history in enumerate(histories):
            if history[-1] % self.wrong_every:
                scores[row, (history[-1] + 1) % N] = 1
        return scores

    def _state(self):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    @classmethod
    def _restore(cls, settings, arrays):  # type: ignore[no-untyped-def]
        raise NotImplementedError


@pytest.fixture(scope="module")
def split() -> Split:
    sequences = [[(start + n) % N for n in range(3 + start % 5)] for start in range(N)]
    return leave_one_out(Interactions.from_sequences(sequences, N))


def test_a_model_that_knows_scores_one(split: Split) -> None:
    found = evaluate({"oracle": Oracle()}, split, ks=(1, 10))["oracle"]
    assert {name: e.mean for name, e in found.accuracy.items() if name.endswith("@1")} == dict.fromkeys(
        (f"{metric}@1" for metric in ("recall", "ndcg", "map", "mrr", "hit_rate", "precision")), 1.0
    )
    assert found.accuracy["precision@10"].mean == pytest.approx(0.1)
    assert found.beyond["coverage"] == 1
    assert (found.accuracy["recall@1"].low, found.accuracy["recall@1"].n) == (1, N)


def test_a_better_model_is_found_better_and_equals_are_not(split: Split) -> None:
    found = evaluate({"good": Oracle(), "worse": Oracle(3), "popular": Popularity().fit(split.train)}, split)
    better = paired_test(found["good"], found["worse"])
    assert better.a_is_better
    assert better.p_value < 0.01
    assert better.difference.low > 0
    assert not paired_test(found["worse"], found["good"]).a_is_better
    same = paired_test(found["good"], found["good"])
    assert (same.difference.mean, same.p_value) == (0, 1)


def test_lists_of_different_shoppers_are_not_compared(split: Split) -> None:
    whole = evaluate({"a": Oracle()}, split)["a"]
    part = evaluate({"b": Oracle()}, split.select(np.arange(5)))["b"]
    with pytest.raises(ValueError, match="different shoppers"):
        paired_test(whole, part)


def test_lists_leave_the_history_out(split: Split) -> None:
    lists = evaluate({"popular": Popularity().fit(split.train)}, split)["popular"].lists
    for row, history in zip(lists, split.histories, strict=True):
        assert not set(row.tolist()) & set(history.tolist())


def test_lists_of_other_libraries_are_measured_alike(split: Split) -> None:
    ours = evaluate({"m": Oracle(4)}, split)["m"]
    again = measure("m", ours.lists, split, np.bincount(split.train.item, minlength=N))
    assert again.accuracy == ours.accuracy


def test_strata_cover_every_shopper_once(split: Split) -> None:
    found = evaluate({"m": Oracle(4)}, split)["m"]
    assert sum(e.n for e in found.by_activity.values()) == len(split)
    assert sum(e.n for e in found.by_popularity.values()) == len(split)
    weighted = sum(e.mean * e.n for e in found.by_activity.values()) / len(split)
    assert weighted == pytest.approx(found.accuracy["ndcg@10"].mean)


def test_activity_strata() -> None:
    histories = [[], [1], [1, 2], [0] * 4, [0] * 9, [0] * 50]
    assert {label: rows.tolist() for label, rows in activity_strata(histories).items()} == {
        "0": [0],
        "1": [1],
        "2-4": [2, 3],
        "5-9": [4],
        "20+": [5],
    }


def test_a_summary_is_plain_json(split: Split) -> None:
    vectors = np.eye(N, dtype=np.float32)
    summary = evaluate({"m": Oracle()}, split, vectors=vectors)["m"].summary()
    assert json.loads(json.dumps(summary))["diversity"] == pytest.approx(1)


def test_the_interval_of_a_coin_is_the_textbook_one() -> None:
    values = np.array([0.0, 1.0] * 200)
    estimate = bootstrap(values, samples=4000)
    half_width = 1.96 * 0.5 / np.sqrt(400)
    assert estimate.mean == 0.5
    assert estimate.low == pytest.approx(0.5 - half_width, abs=0.006)
    assert estimate.high == pytest.approx(0.5 + half_width, abs=0.006)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_an_interval_holds_its_mean_and_stays_within_the_values(values: list[float]) -> None:
    estimate = bootstrap(np.array(values), samples=200)
    assert min(values) - 1e-9 <= estimate.low <= estimate.high <= max(values) + 1e-9


def test_no_values_no_estimate() -> None:
    assert bootstrap(np.empty(0)).n == 0


def test_sign_flips_find_a_shift_and_not_a_balance() -> None:
    assert sign_flip_p(np.full(20, 0.1)) < 0.001
    assert sign_flip_p(np.array([1.0, -1.0] * 10)) > 0.9
    # Five differences of one sign: 2 of the 32 sign patterns are as extreme.
    assert sign_flip_p(np.ones(5), samples=20_000) == pytest.approx(2 / 32, abs=0.01)
