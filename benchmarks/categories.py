"""Categories read out of titles: hide the shop's own, read them back, and hold them against what was hidden.

    python -m benchmarks.categories [--shops FOLDER …] [--examples N]

Shops and preparation are those of ``benchmarks.text_attributes``. Two ways to hide: ``all``, as in a shop that has
none, and ``half`` of the products (by a hash of their ids), as in a column with gaps. A category read is right where
it is the hidden one, or is called by a head that the hidden path has, too, or by a synonym of one ("Tee" of
"T-shirts"); in icecat, which has no categories, the stated type of the product is held against it, where it has one.
Coverage is the share of the hidden that was read at all. The last line is JSON.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.shop import Shop
from benchmarks.text_attributes import run
from retrieval.naming.categories import CategoryReader
from retrieval.naming.labels import category_names
from retrieval.naming.thesaurus import phrase_of, thesaurus
from retrieval.records import Product

TYPES = ("product_type", "product type")


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0
    hidden: int = 0
    read: int = 0
    examples: list[str] = field(default_factory=list)

    def result(self) -> dict[str, Any]:
        judged = self.right + self.wrong
        return {
            "precision": round(self.right / judged, 3) if judged else None,
            "judged": judged,
            "coverage": round(self.read / self.hidden, 3) if self.hidden else None,
            "hidden": self.hidden,
        }


def read_back(products: Sequence[Product], way: str) -> Tally:
    """Hides the categories of all products or of half of them, learns from what is left, and reads them back."""
    gone = [way == "all" or zlib.crc32(p.item_id.encode()) % 2 == 0 for p in products]
    left = [() if hidden else p.own_category for p, hidden in zip(products, gone, strict=True)]
    reader = CategoryReader.learn(
        (p.title, path, p.brand or "") for p, path in zip(products, left, strict=True)
    )
    tally = Tally()
    for product, hidden in zip(products, gone, strict=True):
        if not hidden:
            continue
        tally.hidden += 1
        found = reader.read(product.title, ())
        tally.read += bool(found)
        truth = set(_heads(product))
        if not found or not truth:
            continue
        if found == product.own_category or truth & _meant(found[-1]):
            tally.right += 1
        else:
            tally.wrong += 1
            tally.examples.append(f"{found[-1]} for {sorted(truth)}: {product.title[:70]}")
    return tally


def _heads(product: Product) -> Iterator[str]:
    """What the hidden path calls things, or else the stated type."""
    path = product.own_category
    for level in path:
        yield from (name[-1] for name in category_names(level))
    stated = next((v for t in TYPES if isinstance(v := product.attributes.get(t), str)), "")
    if not path and phrase_of(stated):
        yield from phrase_of(stated)


def _meant(name: str) -> set[str]:
    """Heads of a category read, and of its synonyms."""
    phrases = category_names(name)
    others = [other for phrase in phrases for other, _ in thesaurus().variants(phrase)]
    return {phrase[-1] for phrase in (*phrases, *others) if phrase}


def measure(name: str, folder: Path, examples: int) -> dict[str, Any]:
    products = list(Shop.open(folder).catalog.products())
    ways = ("all", "half") if any(p.own_category for p in products) else ("all",)
    result: dict[str, Any] = {"products": len(products)}
    for way in ways:
        tally = read_back(products, way)
        result[way] = tally.result()
        print(f"{name:8} {way:5} {result[way]}")
        for example in tally.examples[:examples]:
            print(f"           wrong: {example}")
    return result


def main(argv: Sequence[str] | None = None) -> None:
    run(__doc__, measure, argv)


if __name__ == "__main__":
    main()
