"""Search quality and speed on real judged queries, against bm25s, MiniLM in Chroma and their fusion in the
same run.

    python -m benchmarks.search [--products F --judgments F --train-judgments F] [--cross-encoder M]

Data: `home_depot` under AISLE_DATA (default ../shared/data): 54,667 product titles, graded judgments.
Queries with five judged products or more, one of them at least 2.67; the whole catalogue is ranked. NDCG@10
with gain max(relevance-1, 0), unjudged 0; Recall@100 of products at least 2.33. The learned reranker is
trained on one half of the queries (by hash) and everything is reported on the other; with --train-
judgments, it is trained on those and reported on all others. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.rank_fusion import reciprocal_rank_fusion
from benchmarks.search_speed import speed
from retrieval.encoder import Encoder, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.keyword_index import KeywordIndex
from retrieval.ranking.candidates import KEYWORD_WEIGHT, VECTOR_WEIGHT
from retrieval.ranking.learned_reranker import FACTS_FILE, MODEL_FILE, LearnedReranker
from retrieval.ranking.relevance import interval, judged_only, ndcg, recall
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from retrieval.text.normalization import stem, tokenize
from retrieval.training.reranker import train_reranker

Gains = dict[str, dict[str, float]]
DEPTH = 100


@dataclass
class Row:
    """One system's result on every reported query."""

    ndcg10: list[float]
    judged: list[float]
    recall100: list[float]

    def summary(self) -> dict[str, Any]:
        return {
            "ndcg10": round(float(np.mean(self.ndcg10)), 4),
            "interval": interval(self.ndcg10),
            "ndcg10_judged_only": round(float(np.mean(self.judged)), 4),
            "recall100": round(float(np.mean(self.recall100)), 4),
        }


def read_products(path: Path) -> list[Product]:
    """Products from a CSV (or .csv.gz) of ids and titles, with seeded prices for the filters: titles
    carry none."""
    prices = np.random.default_rng(0).uniform(1, 1000, 10_000_000)
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        rows = list(csv.DictReader(file))
    return [
        Product(item_id=row["product_uid"], title=row["product_title"], price=float(prices[number]))
        for number, row in enumerate(rows)
    ]


def read_judgments(path: Path) -> dict[str, dict[str, float]]:
    """Relevance (1 to 3) by query and product."""
    judgments: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            judgments.setdefault(row["search_term"], {})[row["product_uid"]] = float(row["relevance"])
    return judgments


def gains_of(judgments: Mapping[str, Mapping[str, float]]) -> Gains:
    return {query: {item: max(r - 1, 0.0) for item, r in items.items()} for query, items in judgments.items()}


def eligible(judgments: Mapping[str, Mapping[str, float]]) -> list[str]:
    return [query for query, items in judgments.items() if len(items) >= 5 and max(items.values()) >= 2.67]


def in_training_half(query: str) -> bool:
    return hashlib.blake2b(query.encode(), digest_size=8).digest()[-1] % 2 == 0


class Judge:
    """Measures rankings of the reported queries."""

    def __init__(self, judgments: Mapping[str, Mapping[str, float]], queries: Sequence[str]) -> None:
        self.queries, self._judgments, self.gains = list(queries), judgments, gains_of(judgments)

    def measure(self, rank: Callable[[str], Sequence[str]]) -> Row:
        """``rank``: the best 100 products for a query, best first."""
        row = Row([], [], [])
        for query in self.queries:
            ranked, gains = rank(query), self.gains[query]
            row.ndcg10.append(ndcg(ranked, gains))
            row.judged.append(ndcg(judged_only(ranked, gains), gains))
            relevant = [item for item, relevance in self._judgments[query].items() if relevance >= 2.33]
            row.recall100.append(recall(ranked, relevant))
        return row


def bm25s_default(products: Sequence[Product]) -> Callable[[str], list[int]]:
    """bm25s as its README uses it."""
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize([p.title for p in products], show_progress=False), show_progress=False)

    def rank(query: str) -> list[int]:
        tokens = bm25s.tokenize([query], return_ids=False, show_progress=False)
        if not any(token in index.vocab_dict for token in tokens[0]):
            return []
        rows, scores = index.retrieve(tokens, k=DEPTH, show_progress=False)
        return [int(row) for row, score in zip(rows[0], scores[0], strict=True) if score > 0]

    return rank


def chroma_default(vectors: np.ndarray, folder: Path) -> Any:
    """A Chroma collection with Chroma's default settings."""
    import chromadb

    collection = chromadb.PersistentClient(str(folder)).create_collection("default", embedding_function=None)
    for start in range(0, len(vectors), 5000):
        part = vectors[start : start + 5000]
        collection.add(ids=[str(start + i) for i in range(len(part))], embeddings=part)
    return collection


def minilm_in_chroma(collection: Any, encoder: Encoder) -> Callable[[str], list[int]]:
    def rank(query: str) -> list[int]:
        found = collection.query(query_embeddings=encoder.encode_query([query]), n_results=DEPTH, include=[])
        return [int(row) for row in found["ids"][0]]

    return rank


def keyword_steps(
    products: Sequence[Product], engine: SearchEngine, folder: Path
) -> dict[str, Callable[[str], Any]]:
    """Keyword search as it grows to ours: functions from a query to scores of all products."""
    import bm25s

    stop = set(bm25s.stopwords.STOPWORDS_EN)

    def plain(text: str) -> list[str]:
        return [stem(word) for word in text.lower().replace("-", " ").split() if word not in stop]

    KeywordIndex.build(folder / "plain", [plain(p.title) for p in products], k1=1.5, b=0.75)
    KeywordIndex.build(folder / "normal", [tokenize(p.title) for p in products], k1=1.5, b=0.75)
    stemmed, normal = KeywordIndex.open(folder / "plain"), KeywordIndex.open(folder / "normal")
    ours = engine.keywords
    return {
        "+ stemming": lambda q: stemmed.scores(dict.fromkeys(plain(q), 1.0)),
        "+ units, fractions, model numbers": lambda q: normal.scores(dict.fromkeys(tokenize(q), 1.0)),
        "+ k1 = b = 0.6": lambda q: ours.scores(dict.fromkeys(tokenize(q), 1.0)),
        "+ spelling and compounds": lambda q: ours.scores(engine.analyse(q).weights),
    }


def best_rows(scores: np.ndarray) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [int(row) for row in order if scores[row] > 0]


def best_by(scores: Callable[[str], np.ndarray], query: str) -> list[int]:
    return best_rows(scores(query))


def quality(
    products: Sequence[Product],
    engine: SearchEngine,
    encoder: Encoder,
    judge: Judge,
    training: Gains,
    work: Path,
    cross_encoder: str = "",
) -> dict[str, Any]:
    """Every row of the comparison on the reported queries. ``cross_encoder``: one more reranker, by name."""
    ids = engine.item_ids
    rows: dict[str, Row] = {}

    def add(name: str, rank: Callable[[str], Iterable[int | str]]) -> None:
        rows[name] = judge.measure(lambda query: [x if isinstance(x, str) else ids[x] for x in rank(query)])
        print(f"{name:40} {json.dumps(rows[name].summary())}", flush=True)

    bm25, dense = (
        bm25s_default(products),
        minilm_in_chroma(chroma_default(engine.index.vectors, work / "c"), encoder),
    )
    add("bm25s default", bm25)
    add("MiniLM in Chroma, defaults", dense)
    size = len(products)
    add("both by RRF", lambda q: best_rows(reciprocal_rank_fusion([bm25(q), dense(q)], size)))
    for name, scores in keyword_steps(products, engine, work).items():
        add(name, partial(best_by, scores))

    def fused(query: str) -> list[int]:
        analysed = engine.analyse(query)
        vector = encoder.encode_query([analysed.text])[0]
        both = (engine.keywords.scores(analysed.weights), np.asarray(engine.index.vectors @ vector))
        return best_rows(weighted_fusion(both, (KEYWORD_WEIGHT, VECTOR_WEIGHT)))

    add("+ weighted fusion, all products", fused)
    engine.reranker = None
    add("ours, no reranker", lambda q: found(engine, q))
    report = train_reranker(engine, training, work / "reranker", unjudged="zero", held_out=0.0, progress=show)
    engine.reranker = LearnedReranker.open(engine.features, work / "reranker")
    add("ours, learned reranker", lambda q: found(engine, q))
    add("ours, learned, folded", lambda q: found(engine, q, fold=True))
    if cross_encoder:
        name = f"cross-encoder:{cross_encoder}"
        other = SearchEngine.open(work / "search", encoder=encoder, reranker=name)
        add(f"ours, {name}", lambda q: found(other, q))
    best = max(np.mean(rows["bm25s default"].ndcg10), np.mean(rows["MiniLM in Chroma, defaults"].ndcg10))
    ours = rows["ours, learned reranker"]
    return {
        "ndcg10": round(float(np.mean(ours.ndcg10)), 4),
        "ndcg10_bm25": round(float(np.mean(rows["bm25s default"].ndcg10)), 4),
        "ndcg10_minilm": round(float(np.mean(rows["MiniLM in Chroma, defaults"].ndcg10)), 4),
        "ndcg10_ratio": round(float(np.mean(ours.ndcg10) / best), 4),
        "ndcg10_ratio_without_judgments": round(float(np.mean(rows["ours, no reranker"].ndcg10) / best), 4),
        "recall100": round(float(np.mean(ours.recall100)), 4),
        "queries": len(judge.queries),
        "trained_queries": report["queries_trained"],
        "ablation": {name: row.summary() for name, row in rows.items()},
    }


def found(engine: SearchEngine, query: str, fold: bool = False) -> list[str]:
    return [hit.item_id for hit in engine.search(query, k=DEPTH, fold=fold).hits]


def keep_reranker(trained: Path, folder: Path, results: Mapping[str, Any]) -> None:
    """Copy the trained model with the report of its held-out queries."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes((trained / MODEL_FILE).read_bytes())
    facts = json.loads((trained / FACTS_FILE).read_text(encoding="utf-8"))
    learned, fused = (results["ablation"][name] for name in ("ours, learned reranker", "ours, no reranker"))
    facts["report"] |= {"queries_held_out": results["queries"], "learned": learned, "fused": fused}
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def show(stage: str, done: int, total: int | None) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage} {done}/{total or '?'}   ", end="", file=sys.stderr, flush=True)


def main() -> None:
    data = Path(os.environ.get("AISLE_DATA", "../shared/data")) / "home_depot"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=Path, default=data / "products.csv.gz")
    parser.add_argument("--judgments", type=Path, default=data / "judgments.csv")
    parser.add_argument("--train-judgments", type=Path)
    parser.add_argument("--cross-encoder", default="", help="a hub name or folder: a row of it besides")
    parser.add_argument(
        "--cache", type=Path, default=Path("build/benchmarks"), help="embeddings are kept here"
    )
    parser.add_argument("--save-reranker", type=Path, help="keep the trained reranker in this folder")
    options = parser.parse_args()
    missing = [
        path
        for path in (options.products, options.judgments, options.train_judgments)
        if path and not path.exists()
    ]
    if missing:
        print(f"skipped: {missing[0]} does not exist; set AISLE_DATA or give the files", file=sys.stderr)
        print(json.dumps({"skipped": f"no {missing[0].name}"}))
        return
    threadpool_limits(1)  # one thread a query, for us and for the peers
    products, judgments = read_products(options.products), read_judgments(options.judgments)
    if options.train_judgments:
        reported, training = judgments, read_judgments(options.train_judgments)
        training = {query: items for query, items in training.items() if query not in reported}
    else:
        reported = {query: items for query, items in judgments.items() if not in_training_half(query)}
        training = {query: items for query, items in judgments.items() if in_training_half(query)}
    judge = Judge(reported, eligible(reported))
    encoder = open_encoder(cache_folder=options.cache)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        built = build_search(products, work / "search", encoder=encoder, progress=show)
        print(f"built in seconds: {json.dumps(built['seconds'])}", flush=True)
        engine = SearchEngine.open(work / "search", encoder=encoder, reranker="none")
        results = quality(products, engine, encoder, judge, gains_of(training), work, options.cross_encoder)
        results |= speed(engine, encoder, judge.queries[:400])
        if options.save_reranker:
            keep_reranker(work / "reranker", options.save_reranker, results)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
