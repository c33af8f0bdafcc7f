"""How search grows with the shop: build seconds by stage, peak memory, disk, and query times.

    python -m benchmarks.growth [--sizes 10000 100000 500000]

Titles are the real ones of `home_depot` repeated with seeded noise (another word, another model number).
Vectors are SYNTHETIC at every size (sums of seeded random word vectors), so the seconds leave out encoding,
which is measured apart on real titles and is linear. Each size runs in a process of its own, one thread.
The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.search import show
from retrieval.encoder import Progress, open_encoder, unit_rows
from retrieval.filters import Brand, Filter, Price
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from retrieval.text.normalization import words

DIMENSIONS = 384
QUERIES = 200
TARGET = 10_000_000
MEASURES = ("build_cpu_seconds", "peak_mib", "disk_mib")

QUERY_KINDS = ("query", "filtered_half", "filtered_brand")


class SyntheticEncoder:
    """Sums of seeded random word vectors: texts that share words are alike, as with a real encoder."""

    model_id = "synthetic"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._words: dict[str, np.ndarray] = {}

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row] += self._word(word)
        return unit_rows(vectors)

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        return self.encode_query(texts)

    def _word(self, word: str) -> np.ndarray:
        if word not in self._words:
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
            vector = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
            if len(self._words) > 50_000:  # model numbers are made once each: no use in keeping them
                return vector
            self._words[word] = vector
        return self._words[word]


class GrownShop(Sequence[Product]):
    """``size`` products made when asked for: row r is always the same product."""

    def __init__(self, titles: Sequence[str], size: int) -> None:
        self._titles, self._size = titles, size
        self._words = sorted({word for title in titles[:5000] for word in title.split()})

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, row: Any) -> Any:
        if row >= self._size:
            raise IndexError(row)
        noise = random.Random(row)
        title = self._titles[row % len(self._titles)].split()
        if row >= len(self._titles):
            title[noise.randrange(len(title))] = noise.choice(self._words)
            title.append(f"{noise.choice('ABCDEFGH')}{noise.randrange(10_000)}")
        return Product(
            item_id=f"p{row}",
            title=" ".join(title),
            brand=f"brand {noise.randrange(2000)}",
            category=("shop", f"department {noise.randrange(40)}"),
            price=round(noise.uniform(1, 1000), 2),
        )


def real_titles(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [row["product_title"] for row in csv.DictReader(file)]


def measure(path: Path, size: int) -> dict[str, Any]:
    """Build and query one size; to be called in a fresh process, for its peak memory."""
    threadpool_limits(1)
    titles = real_titles(path)
    encoder = SyntheticEncoder()
    with tempfile.TemporaryDirectory() as folder:
        built = build_search(GrownShop(titles, size), Path(folder), encoder=encoder, progress=show)
        used = resource.getrusage(resource.RUSAGE_SELF)
        peak = used.ru_maxrss / 1024
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 2**20
        started = time.perf_counter()
        engine = SearchEngine.open(Path(folder), encoder=encoder)
        opened = time.perf_counter() - started
        queries = [" ".join(title.split()[1:4]) for title in random.Random(1).sample(titles, QUERIES)]
        engine.search(queries[0])
        plain = times(engine, queries, None)
        half, brand = times(engine, queries, Price(max=500)), times(engine, queries, Brand(("brand 7",)))
    return {
        "products": size,
        "seconds": built["seconds"],
        "build_seconds": round(sum(built["seconds"].values()), 1),
        "build_cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(peak),
        "disk_mib": round(disk),
        "open_seconds": round(opened, 2),
        "plan": engine.index.plan(200, None),
        "query": plain,
        "filtered_half": half,
        "filtered_brand": brand,
    }


def times(engine: SearchEngine, queries: Sequence[str], condition: Filter | None) -> dict[str, float]:
    """Milliseconds a query, by the clock and of processor time."""
    clock, processor = [], []
    for query in queries:
        started, started_cpu = time.perf_counter(), time.process_time()
        engine.search(query, condition)
        clock.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - started_cpu))
    return {
        "p50_ms": round(float(np.median(clock)), 2),
        "p95_ms": round(float(np.quantile(clock, 0.95)), 2),
        "p95_cpu_ms": round(float(np.quantile(processor, 0.95)), 2),
    }


def encoding_ms(titles: Sequence[str], cache: Path) -> float:
    """Milliseconds to encode one real title with MiniLM int8 on one thread."""
    encoder = open_encoder(cache_folder=cache)
    sample = [f"{title} {random.random()}" for title in titles[:500]]  # unseen: the cache has none of these
    started = time.perf_counter()
    encoder.encode_document(sample)
    return round(1000 * (time.perf_counter() - started) / len(sample), 2)


def growth(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The exponent of each measure between the two largest sizes, and what it would mean at 10 million."""
    small, large = rows[-2], rows[-1]
    ratio = np.log(large["products"] / small["products"])
    pairs = {name: (small[name], large[name]) for name in MEASURES}
    pairs |= {
        f"{kind} p95_cpu_ms": (small[kind]["p95_cpu_ms"], large[kind]["p95_cpu_ms"]) for kind in QUERY_KINDS
    }
    law = {name: round(float(np.log(after / before) / ratio), 2) for name, (before, after) in pairs.items()}
    further = TARGET / large["products"]
    at_target = {name: round(after * further ** law[name], 1) for name, (_, after) in pairs.items()}
    return {"exponents": law, f"extrapolated_to_{TARGET}": at_target}


def main() -> None:
    data = Path(os.environ.get("AISLE_DATA", "../shared/data")) / "home_depot"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=Path, default=data / "products.csv.gz")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 500_000])
    parser.add_argument(
        "--cache", type=Path, default=Path("build/benchmarks"), help="the exported encoder is kept here"
    )
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.products.exists():
        print(f"skipped: {options.products} does not exist; set AISLE_DATA", file=sys.stderr)
        print(json.dumps({"skipped": f"no {options.products.name}"}))
        return
    if options.one:
        print(json.dumps(measure(options.products, options.one)))
        return
    rows = []
    for size in sorted(options.sizes):
        command = [sys.executable, __file__, "--products", str(options.products), "--one", str(size)]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(json.loads(run.stdout.splitlines()[-1]))
        print(json.dumps(rows[-1]), flush=True)
    result: dict[str, Any] = {"sizes": rows, "vectors": "synthetic"}
    result["encoding_ms_per_product"] = encoding_ms(real_titles(options.products), options.cache)
    if len(rows) > 1:
        result |= growth(rows)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
