"""The library `implicit` on the same split, tuned on the same validation part, and its speed beside ours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy import sparse

from cf_engine.base import HistoryModel, IntArray
from cf_engine.interactions import Interactions
from cf_engine.measuring.evaluation import ModelResult, measure
from cf_engine.measuring.splits import Split
from cf_engine.models.bpr import MatrixFactorisation

Make = Callable[[], Any]


def grids() -> dict[str, list[Make]]:
    """Settings tried for each peer."""
    from implicit.als import AlternatingLeastSquares
    from implicit.bpr import BayesianPersonalizedRanking
    from implicit.nearest_neighbours import BM25Recommender

    def als(factors: int, alpha: float) -> Make:
        return lambda: AlternatingLeastSquares(
            factors=factors, alpha=alpha, regularization=0.1, iterations=12, num_threads=1, random_state=0
        )

    def bpr(rate: float, epochs: int) -> Make:
        return lambda: BayesianPersonalizedRanking(
            factors=64, learning_rate=rate, iterations=epochs, num_threads=1, random_state=0
        )

    def bm25(neighbours: int, b: float) -> Make:
        return lambda: BM25Recommender(K=neighbours, K1=1.2, B=b, num_threads=1)

    return {
        "implicit_als": [als(64, 5.0), als(128, 5.0), als(128, 20.0)],
        "implicit_bpr": [bpr(0.03, 100), bpr(0.1, 100)],
        "implicit_bm25": [bm25(50, 0.3), bm25(500, 0.3), bm25(500, 0.8)],
    }


def fitted(make: Make, train: Interactions) -> Any:
    model = make()
    model.fit(train.to_csr(binary=True), show_progress=False)
    return model


def lists(model: Any, split: Split, k: int = 20) -> IntArray:
    """Top-k of the split's shoppers, their history left out; ALS folds the whole history in."""
    n_items = split.train.n_items
    lengths = [len(history) for history in split.histories]
    columns = np.concatenate(split.histories) if len(split) else np.empty(0, np.int64)
    rows = np.repeat(np.arange(len(split)), lengths)
    items = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(split), n_items))
    known = {"recalculate_user": True} if type(model).__name__ == "AlternatingLeastSquares" else {}
    found, _ = model.recommend(split.users, items, N=k, filter_already_liked_items=True, **known)
    return found.astype(np.int64)


def result(name: str, model: Any, split: Split) -> ModelResult:
    popularity = np.bincount(split.train.item, minlength=split.train.n_items)
    return measure(name, lists(model, split), split, popularity, ks=(10, 20))


def peers(validation: Split, test: Split) -> dict[str, ModelResult]:
    """Each peer with its best settings on ``validation``, fitted on its training part, asked for ``test``."""
    results = {}
    sample = validation.sample(5000)
    for name, makes in grids().items():
        models = [fitted(make, validation.train) for make in makes]
        reached = [result(name, model, sample).accuracy["ndcg@10"].mean for model in models]
        results[name] = result(name, models[int(np.argmax(reached))], test)
    return results


def train_ratio(validation: Split) -> dict[str, float]:
    """Seconds until our matrix factorisation ranks as well as implicit's BPR (validation NDCG@10), over its
    seconds.

    Ours is trained for 1, 2, 4 ... epochs, each time from the start, until it is as good; one thread each.
    """
    sample = validation.sample(5000)
    best: tuple[float, float] = (0.0, 0.0)
    for make in grids()["implicit_bpr"]:
        started = time.perf_counter()
        model = fitted(make, validation.train)
        seconds = time.perf_counter() - started
        best = max(best, (result("bpr", model, sample).accuracy["ndcg@10"].mean, seconds))
    popularity = np.bincount(validation.train.item, minlength=validation.train.n_items)
    MatrixFactorisation(epochs=1).fit(validation.train.select(validation.train.user < 50))  # imports PyTorch
    epochs, seconds, reached = 1, 0.0, 0.0
    while epochs <= 32:
        started = time.perf_counter()
        ours = MatrixFactorisation(epochs=epochs).fit(validation.train)
        seconds = time.perf_counter() - started
        found = ours.recommend_batch(sample.histories, 10)
        reached = measure("ours", found, sample, popularity, ks=(10,)).accuracy["ndcg@10"].mean
        if reached >= best[0]:
            break
        epochs *= 2
    return {
        "implicit_bpr_s": round(best[1], 2),
        "implicit_bpr_ndcg10": round(best[0], 4),
        "ours_s": round(seconds, 2),
        "ours_ndcg10": round(reached, 4),
        "ours_epochs": epochs,
        "ratio": round(seconds / max(best[1], 1e-9), 2),
    }


def serving_speed(model: HistoryModel, test: Split) -> dict[str, float]:
    """Top-10 of one shopper, of all shoppers beside implicit's, and at 100k items beside a bare product."""
    asked = test.sample(500)
    seconds = [_timed(lambda h=h: model.recommend(h, 10, exclude=h)) for h in asked.histories]  # type: ignore[misc]
    factors = MatrixFactorisation(epochs=1).fit(test.train)
    implicit_bpr = fitted(grids()["implicit_bpr"][0], test.train)
    ours_all = min(_timed(lambda: factors.recommend_batch(test.histories, 10)) for _ in range(2))
    implicit_all = min(_timed(lambda: lists(implicit_bpr, test, 10)) for _ in range(2))
    return {
        "top10_p50_ms": round(float(np.median(seconds)) * 1e3, 2),
        "top10_p95_ms": round(float(np.percentile(seconds, 95)) * 1e3, 2),
        "all_users_s": round(ours_all, 2),
        "all_users_implicit_s": round(implicit_all, 2),
        **_large_catalogue(),
    }


def _large_catalogue(n_items: int = 100_000, d: int = 64) -> dict[str, float]:
    rng = np.random.default_rng(0)
    model = MatrixFactorisation(d=d)
    model.n_items = n_items
    model.left, model.right = (rng.normal(size=(n_items, d)).astype(np.float32) for _ in range(2))
    model.bias = np.zeros(n_items, np.float32)
    history, query = rng.integers(0, n_items, 10), model.left[0]
    ours = [_timed(lambda: model.recommend(history, 10, exclude=history)) for _ in range(60)]
    bare = [_timed(lambda: model.right @ query) for _ in range(60)]  # type: ignore[operator]
    return {
        "top10_100k_items_ms": round(float(np.median(ours)) * 1e3, 2),
        "bare_product_100k_items_ms": round(float(np.median(bare)) * 1e3, 2),
        "ratio_to_bare_product": round(float(np.median(ours) / np.median(bare)), 2),
    }


def _timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
