"""Short queries for a thing ("laptop", "printer", "tv"): is the first product one, or an accessory of one?

    python -m benchmarks.head_queries [--search FOLDER] [--verbose]

Data: `icecat` under AISLE_DATA (default ../shared/data), an electronics catalogue nearly without categories;
`head_queries.tsv` beside this file says what is meant. With and without what titles name the products, in
the same run, beside bm25s and plain MiniLM. The last line is JSON.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.search import bm25s_default
from retrieval.encoder import open_encoder
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search

QUERIES = Path(__file__).with_name("head_queries.tsv")
_ATTRIBUTE = re.compile(r"attr_[tnb]_")


@dataclass(frozen=True)
class HeadQuery:
    """A query, what products of the kind say, what only their accessories say in their title."""

    query: str
    kind: re.Pattern[str]
    accessory: re.Pattern[str]

    def fits(self, product: Product) -> bool:
        stated = str(product.attributes.get("product type", ""))
        says = f"{product.title} | {product.description} | {stated}"
        return bool(self.kind.search(says)) and not self.accessory.search(product.title)


def read_queries(path: Path = QUERIES) -> list[HeadQuery]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in "#"]
    return [HeadQuery(query, re.compile(kind, re.I), re.compile(other, re.I)) for query, kind, other in rows]


def icecat(path: Path) -> Iterator[Product]:
    """The catalogue as products; attributes keep their names, without the type in front."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            attributes = {
                _ATTRIBUTE.sub("", name).replace("_", " ").strip(): float(value)
                if type(value) is int
                else value
                for name, value in row.items()
                if name.startswith("attr_") and isinstance(value, str | float | int)
            }
            yield Product(
                item_id=str(row["id"]),
                title=row["title"][:1000],
                description=re.sub(r"<[^>]+>", " ", row.get("short_description") or ""),
                brand=row.get("supplier") or None,
                price=row["price"] / 100 if row.get("price") else None,
                attributes=attributes,
            )


def measure(
    queries: Sequence[HeadQuery], products: Sequence[Product], rank: Callable[[str], Sequence[int]]
) -> dict[str, object]:
    first, share, failed = [], [], []
    for query in queries:
        found = [products[row] for row in rank(query.query)[:10]]
        fits = [query.fits(product) for product in found]
        first.append(bool(fits) and fits[0])
        share.append(sum(fits) / 10)
        if not first[-1]:
            failed.append((query.query, found[0].title[:70] if found else ""))
    return {
        "first": round(float(np.mean(first)), 3),
        "share10": round(float(np.mean(share)), 3),
        "failed": failed,
    }


def main() -> None:
    data = Path(os.environ.get("AISLE_DATA", "../shared/data")) / "icecat" / "products.jsonl.gz"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--search", type=Path, help="a built search of the catalogue, instead of building one"
    )
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--cache", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--verbose", action="store_true", help="print the queries that fail")
    options = parser.parse_args()
    if not data.exists():
        print(f"skipped: {data} does not exist; set AISLE_DATA", file=sys.stderr)
        print(json.dumps({"skipped": f"no {data.name}"}))
        return
    threadpool_limits(1)
    products = sorted(icecat(data), key=lambda product: product.item_id)
    encoder = open_encoder(options.encoder, cache_folder=options.cache)
    queries = read_queries()
    with tempfile.TemporaryDirectory() as made:
        folder = options.search or Path(made) / "search"
        if not options.search:
            build_search(products, folder, encoder=encoder)
        engine = SearchEngine.open(folder, encoder=encoder)
        plain = SearchEngine.open(folder, encoder=encoder)
        plain.things = False
        row_of = engine.table.row_of
        systems: dict[str, Callable[[str], Sequence[int]]] = {
            "ours": lambda q: [row_of[hit.item_id] for hit in engine.search(q, k=10).hits],
            "ours, without kinds": lambda q: [row_of[hit.item_id] for hit in plain.search(q, k=10).hits],
            "minilm": lambda q: np.argsort(-(engine.index.vectors @ encoder.encode_query([q])[0]))[
                :10
            ].tolist(),
            "bm25": bm25s_default(products),
        }
        rows = {name: measure(queries, products, rank) for name, rank in systems.items()}
    for name, row in rows.items():
        failed = row.pop("failed")
        print(f"{name:20} {json.dumps(row)}")
        if options.verbose:
            print("\n".join(f"    {query}: {title}" for query, title in failed))  # type: ignore[attr-defined]
    print(json.dumps({"queries": len(queries), "systems": rows}))


if __name__ == "__main__":
    main()
