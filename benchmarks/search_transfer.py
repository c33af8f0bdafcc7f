"""Does the shipped reranker help a shop that it never saw, without any judgments?

    python -m benchmarks.search_transfer [--products F] [--queries 500]

Data: `scientific` under AISLE_DATA (default ../shared/data): 4,344 products with descriptions, brands and
categories, of another kind than the titles the reranker was trained on. Known-item search: three words of a
product's title, or four neighbouring words of its description, must bring that product back; mean
reciprocal rank among the first 10, for the fused ranking and the shipped reranker on the same queries. The
last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from retrieval.encoder import open_encoder
from retrieval.ranking.relevance import interval
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from retrieval.text.normalization import has_digit, words

KnownItem = tuple[str, str]
"""A query and the product it was taken from."""


def read_products(path: Path) -> list[Product]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Product(
            item_id=item_id,
            title=row["title"].strip()[:500],
            description=row.get("description") or "",
            brand=row.get("brand") or None,
            category=tuple(
                level.strip() for level in (row.get("categories") or "").split(",") if level.strip()
            ),
        )
        for item_id, row in rows.items()
        if (row.get("title") or "").strip()
    ]


def known_items(products: Sequence[Product], count: int) -> dict[str, list[KnownItem]]:
    """Queries of both kinds, seeded; products with too few words are passed over."""
    generator = random.Random(4)
    queries: dict[str, list[KnownItem]] = {"title": [], "description": []}
    while min(map(len, queries.values())) < count:
        product = generator.choice(products)
        title, text = _plain_words(product.title), _plain_words(product.description)
        if len(title) >= 4 and len(text) >= 10:
            places = sorted(generator.sample(range(len(title)), 3))
            queries["title"].append((" ".join(title[place] for place in places), product.item_id))
            start = generator.randrange(len(text) - 4)
            queries["description"].append((" ".join(text[start : start + 4]), product.item_id))
    return queries


def _plain_words(text: str) -> list[str]:
    return list(dict.fromkeys(word for word in words(text) if not has_digit(word)))


def reciprocal_ranks(engine: SearchEngine, queries: Sequence[KnownItem]) -> list[float]:
    ranks = []
    for query, wanted in queries:
        found = [hit.item_id for hit in engine.search(query, k=10, fold=False).hits]
        ranks.append(1 / (1 + found.index(wanted)) if wanted in found else 0.0)
    return ranks


def main() -> None:
    data = Path(os.environ.get("AISLE_DATA", "../shared/data")) / "scientific"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=Path, default=data / "Scientific.item.json")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument(
        "--cache", type=Path, default=Path("build/benchmarks"), help="embeddings are kept here"
    )
    options = parser.parse_args()
    if not options.products.exists():
        print(f"skipped: {options.products} does not exist; set AISLE_DATA", file=sys.stderr)
        print(json.dumps({"skipped": f"no {options.products.name}"}))
        return
    threadpool_limits(1)
    products = read_products(options.products)
    queries = known_items(products, options.queries)
    encoder = open_encoder(cache_folder=options.cache)
    with tempfile.TemporaryDirectory() as folder:
        build_search(products, Path(folder), encoder=encoder)
        engines = {
            name: SearchEngine.open(Path(folder), encoder=encoder, reranker=name)
            for name in ("none", "learned")
        }
        results = {}
        for kind, known in queries.items():
            before, after = (reciprocal_ranks(engines[name], known) for name in ("none", "learned"))
            results[kind] = {
                "mrr10_fused": round(float(np.mean(before)), 4),
                "mrr10_learned": round(float(np.mean(after)), 4),
                "gain_interval": interval(np.subtract(after, before)),
            }
            print(kind, json.dumps(results[kind]), flush=True)
    print(json.dumps({"products": len(products), "queries": options.queries, **results}))


if __name__ == "__main__":
    main()
