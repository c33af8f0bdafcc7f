"""Needs in people's own words: does the first product fit? Against BM25, plain MiniLM, keyword fusion.

    python -m benchmarks.needs [--shops DIR] [--dialogues DIR] [--encoder NAME] [--verbose]

Data: the first turns of the dialogues beside AISLE_DATA (default ../shared/dialogues) that say, as an
expression over a product, what serves; their shops, each a folder in DIR with its `shop.db`. Each shop's
search is built afresh with the encoder, and the turn's text is the query as it stands. Nothing is ever
trained or tuned on them. The last line is JSON.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.search import bm25s_default
from retrieval.encoder import Encoder, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.ranking.candidates import KEYWORD_WEIGHT, VECTOR_WEIGHT
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search, encoded_text

K = 5
Rank = Callable[[str], Sequence[int]]


def load_judge(path: Path) -> Any:
    """The dialogues' own judge, whose products evaluate the expressions."""
    spec = importlib.util.spec_from_file_location("judge_dialogues", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def first_turns(folder: Path) -> dict[str, list[tuple[str, str, str]]]:
    """By shop: id, what is said and what is good, of first turns with a verdict on the products."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("//"):
                case = json.loads(line)
                turn = case["turns"][0]
                if turn.get("good"):
                    found[case["shop"]].append((case["id"], turn["say"], turn["good"]))
    return found


def systems(products: Sequence[Product], folder: Path, encoder: Encoder, plain: Encoder) -> dict[str, Rank]:
    """Rankings of all rows by name: ours, and the baselines in the same run."""
    build_search(products, folder, encoder=encoder)
    engine = SearchEngine.open(folder, encoder=encoder)
    without = SearchEngine.open(folder, encoder=encoder, reranker="none")
    vectors = plain.encode_document([encoded_text(product) for product in products])
    row_of = engine.table.row_of

    def keywords_first(query: str) -> list[int]:
        analysed = engine.analyse(query)
        vector = plain.encode_query([analysed.text])[0]
        both = (engine.keywords.scores(analysed.weights), np.asarray(vectors @ vector))
        return best(weighted_fusion(both, (KEYWORD_WEIGHT, VECTOR_WEIGHT)))

    return {
        "ours": lambda q: [row_of[hit.item_id] for hit in engine.search(q, k=K).hits],
        "ours, no reranker": lambda q: [row_of[hit.item_id] for hit in without.search(q, k=K).hits],
        "minilm": lambda q: best(np.asarray(vectors @ plain.encode_query([q])[0])),
        "bm25": bm25s_default(products),
        "keyword weights": keywords_first,
    }


def best(scores: np.ndarray) -> list[int]:
    return [int(row) for row in np.argsort(-scores, kind="stable")[:K]]


def main() -> None:
    data = Path(os.environ.get("AISLE_DATA", "../shared/data"))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shops", type=Path, default=Path("build/dialogue_shops"))
    parser.add_argument("--dialogues", type=Path, default=data.parent / "dialogues")
    parser.add_argument("--judge", type=Path, default=data.parent / "tools" / "judge_dialogues.py")
    parser.add_argument("--encoder", default="aisle")
    parser.add_argument("--cache", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--verbose", action="store_true", help="print the turns whose first product fails")
    options = parser.parse_args()
    missing = [path for path in (options.dialogues, options.judge, options.shops) if not path.exists()]
    if missing:
        print(f"skipped: {missing[0]} does not exist; give --shops, --dialogues, --judge", file=sys.stderr)
        print(json.dumps({"skipped": f"no {missing[0]}"}))
        return
    threadpool_limits(1)
    judge = load_judge(options.judge)
    encoder, plain = (open_encoder(name, cache_folder=options.cache) for name in (options.encoder, "minilm"))
    first: dict[str, list[bool]] = defaultdict(list)
    share: dict[str, list[float]] = defaultdict(list)
    by_shop: dict[str, list[bool]] = defaultdict(list)
    for shop, turns in first_turns(options.dialogues).items():
        if not (options.shops / shop / "shop.db").exists():
            print(f"{shop} left out: no {options.shops / shop}/shop.db", file=sys.stderr)
            continue
        judged = judge.read_products(options.shops / shop)
        products = [Product.model_validate(judged[item_id].data) for item_id in sorted(judged)]
        with tempfile.TemporaryDirectory() as folder:
            ranks = systems(products, Path(folder) / "search", encoder, plain)
            for name, rank in ranks.items():
                for case, said, good in turns:
                    found = [judged[products[row].item_id] for row in rank(said)[:K]]
                    fits = [product.satisfies(good) for product in found]
                    first[name].append(bool(fits) and fits[0])
                    share[name].append(sum(fits) / K)
                    if name == "ours":
                        by_shop[shop].append(first[name][-1])
                        if options.verbose and not first[name][-1]:
                            print(f"{case} {said!r}\n    {[p.data['title'] for p in found[:3]]} not {good}")
    rows = {
        name: {
            "first": round(float(np.mean(first[name])), 3),
            "share5": round(float(np.mean(share[name])), 3),
        }
        for name in first
    }
    for name, row in rows.items():
        print(f"{name:20} {json.dumps(row)}")
    shops = {shop: round(float(np.mean(fits)), 3) for shop, fits in by_shop.items()}
    print(json.dumps({"turns": len(first["ours"]), "systems": rows, "shops": shops}))


if __name__ == "__main__":
    main()
