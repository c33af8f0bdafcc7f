"""Quality and speed of the collaborative-filtering engine on real data, beside `implicit` in the same run.

    python -m benchmarks.cf --dataset beauty|musical_instruments|digital_music|gowalla [--seeds 3]
    python -m benchmarks.cf --sequences FILE [--titles FILE] [--quick]

Sequences (a line = ``user item item ...`` in order of time): the newest item is the test, the one before it
validation; all items ranked but those the user has. *No refit*: models trained without both, asked with the
whole history. *Refit*: everything chosen on validation, then trained on all but the test. The two data sets
with stars are cut in time (newest fifth). The recipe is the product's own, `ensemble_fit.fit_ensemble`. Ids
are shuffled by seed. The last line is JSON. Data: AISLE_DATA (default ../shared/data); says that it skips
where they are absent.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import cf_data, cf_peers  # noqa: E402
from cf_engine.base import HistoryModel, mask_histories, top_k  # noqa: E402
from cf_engine.ensemble import Ensemble  # noqa: E402
from cf_engine.interactions import IdMap, Interactions  # noqa: E402
from cf_engine.joining.ensemble_fit import fit_ensemble  # noqa: E402
from cf_engine.measuring.evaluation import ModelResult, bootstrap, evaluate, paired_test  # noqa: E402
from cf_engine.measuring.splits import Split, cold_items, cut_at_share, leave_one_out, time_cut  # noqa: E402
from cf_engine.models.content import Content  # noqa: E402
from cf_engine.models.graph import GraphFilter  # noqa: E402
from cf_engine.models.popularity import Popularity  # noqa: E402
from cf_engine.models.ratings import RatingModel  # noqa: E402

Row = dict[str, Any]


def brief(result: ModelResult, k: int = 10) -> Row:
    """Recall and NDCG with their bootstrap intervals."""
    row: Row = {}
    for metric in ("recall", "ndcg"):
        estimate = result.accuracy[f"{metric}@{k}"]
        row[f"{metric}{k}"] = round(estimate.mean, 5)
        row[f"{metric}{k}_interval"] = [round(estimate.low, 5), round(estimate.high, 5)]
    return row


def progress(stage: str, done: int, total: int | None) -> None:
    if done == 0 and stage not in ("regressions", "candidates"):
        print(f"  {time.strftime('%H:%M:%S')} {stage}", flush=True)


def sequences_benchmark(
    sequences: Sequence[Sequence[str]], titles: Mapping[str, str] | None, seeds: int, quick: bool
) -> Row:
    """Both forms of leave-one-out, for each seed; peers, speed and cold start with the first."""
    started = time.perf_counter()
    texts = cf_data.encode(dict(titles)) if titles else None
    encode_s = time.perf_counter() - started
    runs, report = [], Row()
    for seed in range(seeds):
        everything = cf_data.shuffled(sequences, seed)
        vectors = texts.for_items(everything.items) if texts else None
        test = leave_one_out(everything, last=0)
        known = everything.without_last(1)
        started = time.perf_counter()
        fit = fit_ensemble(
            known,
            item_vectors=vectors,
            seed=seed,
            refit=False,
            effort="quick" if quick else "full",
            progress=progress,
        )
        fit_s = time.perf_counter() - started
        models: dict[str, HistoryModel] = {"ensemble": fit.model, **fit.model.members}
        plain = {name: brief(result) for name, result in evaluate(models, test, ks=(10,)).items()}
        if seed == 0:
            validation = leave_one_out(known, last=0)
            report["peers"] = (
                {}
                if quick
                else {name: brief(result) for name, result in cf_peers.peers(validation, test).items()}
            )
            report["train_ratio"] = cf_peers.train_ratio(validation)
            report["speed"] = cf_peers.serving_speed(fit.model, test)
        started = time.perf_counter()
        fit.model.fit(known, progress=progress)
        refit_s = time.perf_counter() - started
        refit = {name: brief(result) for name, result in evaluate(models, test, ks=(10,)).items()}
        runs.append({"plain": plain, "refit": refit, "fit_s": fit_s, "refit_s": refit_s})
        print(
            json.dumps({"seed": seed, "validation": fit.validation, "weights": fit.model.weights, **runs[-1]})
        )
        if seed == 0:
            report["by_history"] = by_history_length(fit.model, test)
            report["cold_items"] = cold_start(everything, vectors)
    return {**_means(runs), **report, "encode_s": round(encode_s, 1), "seeds": seeds}


def _means(runs: Sequence[Row]) -> Row:
    """Means over seeds (and deviations) of the ensemble; each model alone by its mean."""
    row: Row = {}
    for form, suffix in (("plain", ""), ("refit", "_refit")):
        for metric in ("recall10", "ndcg10"):
            values = [run[form]["ensemble"][metric] for run in runs]
            row[f"{metric}{suffix}"] = round(float(np.mean(values)), 5)
            row[f"{metric}{suffix}_sd"] = round(float(np.std(values)), 5)
            row[f"{metric}{suffix}_interval"] = runs[0][form]["ensemble"][f"{metric}_interval"]
        row[f"models{suffix}"] = {
            name: {
                m: round(float(np.mean([run[form][name][m] for run in runs])), 5)
                for m in ("recall10", "ndcg10")
            }
            for name in runs[0][form]
        }
    row["train_s"] = round(float(np.mean([run["fit_s"] for run in runs])), 1)
    row["refit_s"] = round(float(np.mean([run["refit_s"] for run in runs])), 1)
    return row


def by_history_length(model: Ensemble, test: Split) -> Row:
    """Hit rate of shoppers of whom only the newest 0, 1, 2, 5 events are known, beside popularity."""
    sample = test.sample(3000)
    rows: Row = {}
    for length in (0, 1, 2, 5):
        cut = [history[len(history) - length :] if length else history[:0] for history in sample.histories]
        for name, one in (("ensemble", model), ("popularity", model.members["popularity"])):
            hits = []
            for start in range(0, len(cut), 512):
                part = cut[start : start + 512]
                scores = one.score_batch(part)
                mask_histories(scores, sample.histories[start : start + 512])
                targets = np.array([items[0] for items in sample.targets[start : start + 512]])
                hits.append((top_k(scores, 10) == targets[:, None]).any(axis=1))
            rows[f"{name}_{length}_events"] = round(float(np.concatenate(hits).mean()), 5)
    return rows


def cold_start(everything: Interactions, vectors: np.ndarray | None) -> Row:
    """A tenth of the items without any event in training: how often is one of them found when it is the
    answer?
    """
    if vectors is None:
        return {"skipped": "no titles: nothing is known of an item without events"}
    split = cold_items(everything).sample(5000)
    fit = fit_ensemble(split.train, item_vectors=vectors, effort="quick")
    models: dict[str, HistoryModel] = {
        "popularity": Popularity().fit(split.train),
        "content": Content(vectors).fit(split.train),
        "ensemble": fit.model,
    }
    if "text_transition" in fit.model.members:
        models["text_transition"] = fit.model.members["text_transition"]
    return {
        name: round(result.accuracy["hit_rate@10"].mean, 5)
        for name, result in evaluate(models, split, ks=(10,)).items()
    }


def stars_benchmark(name: str) -> Row:
    """Newest fifth of time as test: ranking with paired tests against the baselines, and RMSE of stars."""
    interactions, titles = cf_data.read_stars(name)
    vectors = cf_data.encode(titles).for_items(interactions.items)
    split = time_cut(interactions, cut_at_share(interactions, 0.8))
    started = time.perf_counter()
    inner = time_cut(split.train, cut_at_share(split.train, 0.85))
    fit = fit_ensemble(split.train, item_vectors=vectors, held_out=inner, progress=progress)
    train_s = time.perf_counter() - started
    models: dict[str, HistoryModel] = {"ensemble": fit.model, **fit.model.members}
    results = evaluate(models, split, ks=(10, 20))
    tests: Row = {}
    for other in ("popularity", "item_item"):
        for metric in ("recall@10", "ndcg@10"):
            found = paired_test(results["ensemble"], results[other], metric)
            tests[f"{metric} against {other}"] = {
                "difference": round(found.difference.mean, 5),
                "interval": [round(found.difference.low, 5), round(found.difference.high, 5)],
                "better": found.a_is_better,
            }
    ensemble = brief(results["ensemble"])
    return {
        **ensemble,
        "users": len(split),
        "models": {name: brief(result) for name, result in results.items()},
        "against": tests,
        "weights": fit.model.weights,
        "stars": stars_rmse(split, interactions),
        "peers": {name: brief(result) for name, result in cf_peers.peers(inner, split).items()},
        "train_s": round(train_s, 1),
        "top10_p95_ms": cf_peers.serving_speed(fit.model, split)["top10_p95_ms"],
    }


def stars_rmse(split: Split, interactions: Interactions) -> Row:
    """RMSE on the test part of matrix factorisation, of item means and of the overall mean."""
    train = split.train
    model = RatingModel().fit(train)
    later = interactions.time > (train.time.max() if len(train) else -np.inf)
    mean = float(train.stars.mean())
    counts = np.bincount(train.item, minlength=train.n_items)
    item_mean = (np.bincount(train.item, train.stars, train.n_items) + 5 * mean) / (counts + 5)
    errors: dict[str, list[float]] = {"factors": [], "item_mean": [], "mean": []}
    for user, item, stars in zip(
        interactions.user[later], interactions.item[later], interactions.stars[later], strict=True
    ):
        mine = train.user == user
        errors["factors"].append(float(model.predict(train.item[mine], train.stars[mine], [item])[0]) - stars)
        errors["item_mean"].append(item_mean[item] - stars)
        errors["mean"].append(mean - stars)
    return {name: round(float(np.sqrt(np.mean(np.square(values)))), 4) for name, values in errors.items()}


def gowalla_benchmark() -> Row:
    """Graph filter, settings picked on a tenth of each user's training items; Recall@20 and NDCG@20."""
    train, test = cf_data.read_gowalla()
    items = IdMap.from_ids((item for rows in (*train, *test) for item in rows), salt="0:")
    known = [items.numbers(row) for row in train]
    rng = np.random.default_rng(0)
    hidden = [row[rng.permutation(len(row))] for row in known]
    cut = [len(row) - max(1, len(row) // 10) for row in hidden]
    fitting = Interactions.from_sequences(
        [row[:at].tolist() for row, at in zip(hidden, cut, strict=True)], len(items)
    )
    asked = rng.choice(len(known), 3000, replace=False)
    histories, targets = [hidden[u][: cut[u]] for u in asked], [hidden[u][cut[u] :] for u in asked]
    started = time.perf_counter()
    settings: dict[str, float] = {}
    best = -1.0
    for name, values in GOWALLA_GRID.items():
        for value in values:
            if best >= 0 and value == settings.get(name, getattr(GraphFilter().settings, name)):
                continue
            model = GraphFilter(**{**settings, name: value}).fit(fitting)
            reached = _set_metrics(model, histories, targets)[1].mean()
            print(
                f"  {time.strftime('%H:%M:%S')} {name}={value}: validation NDCG@20 {reached:.4f}", flush=True
            )
            if reached > best:
                best, settings = reached, {**settings, name: value}
    model = GraphFilter(**settings).fit(
        Interactions.from_sequences([row.tolist() for row in known], len(items))
    )
    train_s = time.perf_counter() - started
    pairs = [(row, items.numbers(answers)) for row, answers in zip(known, test, strict=True) if answers]
    recall, ndcg = _set_metrics(model, [p[0] for p in pairs], [p[1] for p in pairs])
    popular = Popularity().fit(Interactions.from_sequences([row.tolist() for row in known], len(items)))
    peer = _set_metrics(popular, [p[0] for p in pairs], [p[1] for p in pairs])
    seconds = []
    for history, _ in pairs[:300]:
        begun = time.perf_counter()
        model.recommend(history, 10, exclude=history)
        seconds.append(time.perf_counter() - begun)
    found = {"recall20": recall, "ndcg20": ndcg}
    return {
        **{name: round(float(values.mean()), 5) for name, values in found.items()},
        **{
            f"{name}_interval": [round(e.low, 5), round(e.high, 5)]
            for name, e in ((name, bootstrap(values)) for name, values in found.items())
        },
        "settings": settings,
        "peers": {"popularity": {"recall20": float(peer[0].mean()), "ndcg20": float(peer[1].mean())}},
        "models": {"graph_filter": {"recall20": float(recall.mean()), "ndcg20": float(ndcg.mean())}},
        "train_s": round(train_s, 1),
        "top10_p95_ms": round(float(np.percentile(seconds, 95)) * 1e3, 2),
    }


GOWALLA_GRID: Mapping[str, Sequence[float]] = {"low_pass": (0.3, 0.6)}  # degree powers as published


def _set_metrics(
    model: HistoryModel, histories: Sequence[np.ndarray], targets: Sequence[np.ndarray], k: int = 20
) -> tuple[np.ndarray, np.ndarray]:
    """Recall@k and NDCG@k a user, in the form of the published tables."""
    lists = model.recommend_batch(histories, k, batch=256)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)
    recall, ndcg = np.zeros(len(lists)), np.zeros(len(lists))
    for row, answers in enumerate(targets):
        hits = np.isin(lists[row], answers)
        recall[row] = hits.sum() / len(answers)
        ndcg[row] = hits @ discounts / ideal[min(k, len(answers)) - 1]
    return recall, ndcg


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--dataset", choices=("beauty", "musical_instruments", "digital_music", "gowalla"))
    source.add_argument("--sequences", type=Path, help="a file in the shape of beauty/Beauty.txt")
    parser.add_argument("--titles", type=Path, help="tab-separated: item number first, a column 'title'")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", help="a smoke test: no transformer, no tuning, one seed"
    )
    options = parser.parse_args()
    if options.dataset and not (cf_data.DATA / options.dataset).is_dir():
        print(json.dumps({"skipped": f"{options.dataset} is not in AISLE_DATA ({cf_data.DATA})"}))
        return
    seeds = 1 if options.quick else options.seeds
    started = time.perf_counter()
    if options.sequences:
        titles = cf_data.read_titles(options.titles) if options.titles else None
        report = sequences_benchmark(cf_data.read_sequences(options.sequences), titles, seeds, options.quick)
    elif options.dataset == "beauty":
        report = sequences_benchmark(*cf_data.read_beauty(), seeds, options.quick)
    elif options.dataset == "gowalla":
        report = gowalla_benchmark()
    else:
        report = stars_benchmark(options.dataset)
    report["total_s"] = round(time.perf_counter() - started, 1)
    report["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report.setdefault("top10_p95_ms", report.get("speed", {}).get("top10_p95_ms"))
    print(json.dumps({"dataset": options.dataset or str(options.sequences), **report}))


if __name__ == "__main__":
    main()
