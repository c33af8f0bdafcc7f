"""A shop of as many products as asked for: real titles of `home_depot`, imported and built by the commands
that any shop uses.

Titles are real; prices (log-normal, seeded), brands (the first word) and categories (the word before "in",
"with" or a comma) are made from them, so that prices, brands and kinds can be asked for.

Run with `python -m benchmarks.big_shop 50000`; kept in `build/benchmarks/`.
"""

from __future__ import annotations

import csv
import gzip
import html
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TITLES = (
    Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data")) / "home_depot" / "products.csv.gz"
)
_END = re.compile(r" (?:in|with|for|and)\b| - |,|\(|\d")
LEAST = 20  # products of a brand or kind, below which it is none


def big_shop(size: int) -> Path:
    """The folder of the built shop, made when it is not there yet. FileNotFoundError without the titles."""
    folder = ROOT / "build" / "benchmarks" / f"shop-{size}"
    if not (folder / "CURRENT").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        products = folder / "products.csv"
        _write(products, size)
        for command in (("import", str(folder), "--products", str(products)), ("build", str(folder))):
            subprocess.run(
                [sys.executable, "-m", "ui.cli", *command], cwd=ROOT, check=True, stdout=sys.stderr
            )
    return folder


def _write(path: Path, size: int) -> None:
    with gzip.open(TITLES, "rt", encoding="utf-8") as file:
        rows = [(row["product_uid"], html.unescape(row["product_title"])) for row in csv.DictReader(file)]
    rows = rows[:size]
    prices = np.random.default_rng(0).lognormal(3.6, 1.0, len(rows))
    brands = Counter(title.split()[0] for _, title in rows)
    kinds = Counter(_kind(title) for _, title in rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "title", "brand", "category", "price", "currency"))
        for (item_id, title), price in zip(rows, prices, strict=True):
            brand, kind = title.split()[0], _kind(title)
            writer.writerow((
                item_id, title, brand if brands[brand] >= LEAST else "",
                kind if kinds[kind] >= LEAST else "Other", f"{price:.2f}", "USD",
            ))  # fmt: skip


def _kind(title: str) -> str:
    words = re.findall(r"[A-Za-z]+", _END.split(title, maxsplit=1)[0])
    return words[-1].title() if len(words) > 1 else "Other"


if __name__ == "__main__":
    print(big_shop(int(sys.argv[1])))
