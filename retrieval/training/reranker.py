"""Training the learned reranker, on graded judgments or on a shop's own clicks, with a held-out report."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from retrieval.inference.checksums import record
from retrieval.ranking.learned_reranker import FACTS_FILE, MODEL_FILE, feature_matrix
from retrieval.ranking.relevance import interval, judged_only, ndcg

if TYPE_CHECKING:
    from retrieval.search import SearchEngine

Progress = Callable[[str, int, int | None], None]
Gains = Mapping[str, Mapping[str, float]]
"""Gain (0 and up) of judged products by query and item id."""

LEVELS = 7  # gains are rounded to so many grades of the best gain
HELD_OUT = 0.25
MIN_QUERIES = 30
# Small trees and strong regularisation: a few thousand queries with a handful of judgments each
_PARAMETERS: dict[str, Any] = {
    "objective": "lambdarank",
    "num_leaves": 7,
    "learning_rate": 0.06,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 20,
    "label_gain": [grade / (LEVELS - 1) for grade in range(LEVELS)],
    "num_threads": 1,
    "deterministic": True,
    "seed": 0,
    "verbosity": -1,
}
_ROUNDS = 300
BLEND = 0.1

# Only more of these can be better, whatever the sample says: it keeps chance out of the trees
_RISING = frozenset({
    "keyword_share", "keyword_z", "keyword_of_possible", "vector", "vector_share", "vector_z", "fused",
    "fused_z", "coverage", "coverage_idf", "words_coverage", "numbers_coverage", "head_coverage",
    "title_coverage_idf", "adjacent_pairs", "adjacent_share", "likeness", "likeness_least",
    "head_likeness", "head_likeness_last", "feedback", "feedback_z", "neighbours"
})  # fmt: skip
_FALLING = frozenset(
    {"keyword_rank", "vector_rank", "fused_rank", "missed_idf", "numbers_missed", "brand_missed"}
)


class TrainingError(ValueError):
    """Too little to learn from; the message says what there is and what is needed."""


@dataclass(frozen=True)
class Group:
    """One query's candidates, best first as fused: item ids, feature rows (m, f), gains (m,), judged (m,)."""

    query: str
    item_ids: tuple[str, ...]
    features: npt.NDArray[np.float64]
    fused: npt.NDArray[np.float32]
    gains: npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClickJudgment:
    """What a shop's log says of one search: what was shown, and what of it was clicked or bought."""

    query: str
    shown: tuple[str, ...]
    clicked: tuple[str, ...]


def gains_from_clicks(judgments: Iterable[ClickJudgment]) -> dict[str, dict[str, float]]:
    """Share of the showings of each product, by query, that led to a click."""
    shown: dict[str, dict[str, list[int]]] = {}
    for judgment in judgments:
        clicked = set(judgment.clicked)
        for item_id in dict.fromkeys((*judgment.shown, *judgment.clicked)):
            counts = shown.setdefault(judgment.query, {}).setdefault(item_id, [0, 0])
            counts[0] += 1
            counts[1] += item_id in clicked
    return {
        query: {item_id: clicks / showings for item_id, (showings, clicks) in items.items()}
        for query, items in shown.items()
    }


def train_reranker(
    engine: SearchEngine,
    judgments: Gains,
    folder: Path,
    *,
    unjudged: str = "skip",
    held_out: float = HELD_OUT,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on the judged queries and write the model into ``folder``; returns the held-out report.

    A share of the queries (by hash) is held out and compared with the fused ranking there. The model is
    only written (``"kept": True``) where it beats the fusion on them. ``unjudged``: ``skip`` learns from
    judged candidates alone (right for clicks, where only what was shown is known); ``zero`` counts all
    others as worthless (right for pooled judgments). Cost: about 15 ms a query, then some seconds of
    boosting.

    Raises:
        TrainingError: fewer than 30 queries whose candidates differ in gain.
    """
    if unjudged not in ("skip", "zero"):
        raise ValueError(f"unjudged is {unjudged!r}; expected skip or zero")
    names, groups = collect(engine, judgments, unjudged=unjudged, progress=progress)
    training = [group for group in groups if not _held_out(group.query, held_out)]
    testing = [group for group in groups if _held_out(group.query, held_out)]
    if len(training) < MIN_QUERIES or (held_out > 0 and len(testing) < MIN_QUERIES // 3):
        raise TrainingError(
            f"{len(groups)} of {len(judgments)} queries can be learnt from (candidates of both "
            f"high and low gain are needed); at least {2 * MIN_QUERIES} are needed"
        )
    booster = fit(names, training, progress)
    report: dict[str, Any] = {"queries_trained": len(training), "queries_held_out": len(testing)}
    if testing:
        report |= evaluate(booster, names, testing, judgments)
    report["kept"] = not testing or report["ndcg10"] > report["ndcg10_fused"]
    if report["kept"]:
        save(folder, booster, names, report)
    return report


def collect(
    engine: SearchEngine, judgments: Gains, *, unjudged: str, progress: Progress = lambda *_: None
) -> tuple[tuple[str, ...], list[Group]]:
    """Feature names, and one group per query whose candidates differ in gain."""
    groups: list[Group] = []
    names: tuple[str, ...] = ()
    for number, (query, gains) in enumerate(judgments.items()):
        if number % 50 == 0:
            progress("features", number, len(judgments))
        analysed, candidates = engine.candidates(query)
        item_ids = [engine.item_ids[row] for row in candidates.rows]
        values = engine.features.compute(analysed, candidates)
        kept = [at for at, item_id in enumerate(item_ids) if unjudged == "zero" or item_id in gains]
        gained = np.array([gains.get(item_ids[at], 0.0) for at in kept])
        if len(kept) < 2 or gained.max() <= gained.min():
            continue
        names = names or tuple(values)
        matrix = feature_matrix(values, names, len(item_ids))[kept]
        groups.append(
            Group(query, tuple(item_ids[at] for at in kept), matrix, values["fused_z"][kept], gained)
        )
    return names, groups


def fit(names: Sequence[str], groups: Sequence[Group], progress: Progress = lambda *_: None) -> Any:
    """The boosted trees, a ``lightgbm.Booster``. Deterministic for the same groups."""
    import lightgbm

    highest = max(float(group.gains.max()) for group in groups)
    labels = np.concatenate([np.rint(group.gains / highest * (LEVELS - 1)) for group in groups])
    data = lightgbm.Dataset(
        np.vstack([group.features for group in groups]),
        labels,
        group=[len(group.gains) for group in groups],
        feature_name=list(names),
    )
    rising = [1 if name in _RISING else -1 if name in _FALLING else 0 for name in names]

    def report_round(environment: Any) -> None:
        progress("trees", environment.iteration + 1, _ROUNDS)

    return lightgbm.train(
        {**_PARAMETERS, "monotone_constraints": rising}, data, _ROUNDS, callbacks=[report_round]
    )


def evaluate(booster: Any, names: Sequence[str], groups: Sequence[Group], judgments: Gains) -> dict[str, Any]:
    """NDCG@10 of fused and learned order on these queries, over all candidates and over judged ones alone."""
    fused, learned, fused_judged, learned_judged = [], [], [], []
    for group in groups:
        gains = judgments[group.query]
        scores = np.asarray(booster.predict(group.features, num_threads=1)) + BLEND * group.fused
        before = group.item_ids
        after = [before[at] for at in np.argsort(-scores, kind="stable")]
        fused.append(ndcg(before, gains))
        learned.append(ndcg(after, gains))
        fused_judged.append(ndcg(judged_only(before, gains), gains))
        learned_judged.append(ndcg(judged_only(after, gains), gains))
    return {
        "ndcg10": round(float(np.mean(learned)), 4),
        "ndcg10_fused": round(float(np.mean(fused)), 4),
        "ndcg10_gain_interval": interval(np.subtract(learned, fused)),
        "ndcg10_judged_only": round(float(np.mean(learned_judged)), 4),
        "ndcg10_judged_only_fused": round(float(np.mean(fused_judged)), 4),
    }


def save(folder: Path, booster: Any, names: Sequence[str], report: Mapping[str, Any]) -> None:
    """Write model and report; each file whole or not at all, the facts last."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"features": list(names), "blend": BLEND, "report": dict(report)}
    for name, text in (
        (MODEL_FILE, booster.model_to_string()),
        (FACTS_FILE, json.dumps(facts, indent=1) + "\n"),
    ):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, folder / name)
    record(folder, MODEL_FILE, FACTS_FILE)


def _held_out(query: str, share: float) -> bool:
    digest = hashlib.blake2b(query.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2**64 < share
