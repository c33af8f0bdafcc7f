"""The time of whole searches, and filtered vector search against Chroma's own filter in the same run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks.chroma_where import compile_where
from retrieval.encoder import Encoder
from retrieval.filters import Filter, Price
from retrieval.search import SearchEngine
from retrieval.vector_index import FloatArray, IntArray

FILTERED_QUERIES = 40


def speed(engine: SearchEngine, encoder: Encoder, queries: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of whole searches; filtered vector search against Chroma's own filter on the same
    collection."""
    limits = np.sort(engine.table.price)
    share = {"50%": 0.5, "5%": 0.05, "0.5%": 0.005}
    filters: dict[str, Filter] = {
        name: Price(max=float(limits[int(part * len(limits)) - 1])) for name, part in share.items()
    }
    filters["12 products"] = Price(max=float(limits[11]))
    for query in queries[:20]:
        engine.search(query)
    whole = timed(lambda q: engine.search(q), queries)
    filtered = timed(lambda q: engine.search(q, filters["5%"]), queries)
    vectors = encoder.encode_query(list(queries[:FILTERED_QUERIES]))
    exact = engine.index.vectors @ vectors.T
    collection = engine.index.collection
    assert collection is not None  # every built shop has one

    def masked(vector: FloatArray, condition: Filter) -> tuple[IntArray, FloatArray]:
        return engine.index.search(vector, 10, engine.table.mask(condition))

    unfiltered = [
        overlap(collection.query(v, 10)[0], np.argsort(-exact[:, n])[:10]) for n, v in enumerate(vectors)
    ]
    by_filter = {}
    for name, condition in filters.items():
        where, rows = compile_where(condition, engine.table), engine.table.rows(condition)
        best = [rows[np.argsort(-exact[rows, n])[:10]] for n in range(len(vectors))]
        ours = [masked(v, condition)[0] for v in vectors]
        ours_ms = timed(partial(masked, condition=condition), vectors)
        chroma_ms = timed(partial(collection.query, k=10, where=where), vectors)
        by_filter[name] = {
            "ours_ms": ours_ms["p50"],
            "chroma_ms": chroma_ms["p50"],
            "speedup": round(chroma_ms["p50"] / ours_ms["p50"], 1),
            "recall10": round(float(np.mean([overlap(o, b) for o, b in zip(ours, best, strict=True)])), 4),
        }
        print(f"filter {name:12} {json.dumps(by_filter[name])}", flush=True)
    return {
        "p50_ms": whole["p50"],
        "p95_ms": whole["p95"],
        "p95_cpu_ms": whole["p95_cpu"],
        "filtered_p95_ms": filtered["p95"],
        "filtered_p95_cpu_ms": filtered["p95_cpu"],
        "filtered_speedup_min": min(row["speedup"] for row in by_filter.values()),
        "filtered_recall10_min": min(row["recall10"] for row in by_filter.values()),
        "unfiltered_recall10": round(float(np.mean(unfiltered)), 4),
        "filters": by_filter,
    }


def timed(call: Callable[[Any], Any], inputs: Iterable[Any]) -> dict[str, float]:
    """Milliseconds a call: by the clock, and of processor time, which a busy machine does not blur."""
    clock, processor = [], []
    for value in inputs:
        started, started_cpu = time.perf_counter(), time.process_time()
        call(value)
        clock.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - started_cpu))
    return {
        "p50": round(float(np.median(clock)), 2),
        "p95": round(float(np.quantile(clock, 0.95)), 2),
        "p95_cpu": round(float(np.quantile(processor, 0.95)), 2),
    }


def overlap(found_rows: np.ndarray, best: np.ndarray) -> float:
    return len(set(found_rows.tolist()) & set(best.tolist())) / max(1, len(best))
