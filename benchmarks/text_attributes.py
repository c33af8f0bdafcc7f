"""Attributes read out of texts: hide a column, read it back from what is left, and hold it against what was hidden.

    python -m benchmarks.text_attributes [--shops FOLDER …] [--examples N]

Shops: any that were imported; without ``--shops`` the demo shop is generated and imported, and icecat (19,406
products under AISLE_DATA, default ../shared/data) where it is there. Two ways to hide: ``all``, as if the shop had
no such column, so that only the general words can tell; ``half`` of the products (by a hash of their ids), as in an
option that is filled for some, where the other half shows which words can be trusted. A value read is right where
every part of it is among what was hidden, or says the same of it ("steel" of "stainless steel" is right, "black" of
"silver" is wrong); recall is over all products whose hidden value is one of the words that are looked for. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.shop import Shop
from retrieval.absence.substances import phrase_of
from retrieval.filters import numbers_in
from retrieval.records import AttributeValue, Product
from retrieval.text.normalization import fold
from retrieval.text_attributes.properties import general_properties
from retrieval.text_attributes.reader import TextReader

ROLES = ("color", "material", "persons", "gender")
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Tally:
    """Values read against values hidden."""

    right: int = 0
    wrong: int = 0
    hidden: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        read = self.right + self.wrong
        return round(self.right / read, 3) if read else None

    @property
    def recall(self) -> float | None:
        return round(self.right / self.hidden, 3) if self.hidden else None


def column_of(products: Sequence[Product], role: str) -> str | None:
    """The fullest column of a property."""
    names = general_properties()[role].columns
    counts = Counter(
        name for p in products for name in (*p.attributes, *p.options) if phrase_of(name) in names
    )
    return counts.most_common(1)[0][0] if counts else None


def hide(product: Product, column: str) -> Product:
    """The product without a column."""
    kept = {name: value for name, value in product.attributes.items() if fold(name) != fold(column)}
    options = {name: value for name, value in product.options.items() if fold(name) != fold(column)}
    return product.model_copy(update={"attributes": kept, "options": options})


def read_back(products: Sequence[Product], role: str, column: str, way: str) -> Tally:
    """Hides a column of all products or of half of them, learns from what is left, and reads it back."""
    half = [way == "all" or zlib.crc32(p.item_id.encode()) % 2 == 0 for p in products]
    left = [hide(p, column) if gone else p for p, gone in zip(products, half, strict=True)]
    reader = TextReader.learn(left)
    names = {one.name for one in reader.fields if one.role == role}
    tally = Tally()
    for product, shown, gone in zip(products, left, half, strict=True):
        hidden = product.attributes.get(column, product.options.get(column))
        if hidden is None or not gone:
            continue
        tally.hidden += _is_looked_for(role, hidden)
        told = next((value for name, value in reader.read(shown).items() if name in names), None)
        if told is None:
            continue
        if agrees(role, told[0], hidden):
            tally.right += 1
        else:
            tally.wrong += 1
            tally.examples.append(f"{told[0]} for {hidden}: {told[1][:90]}")
    return tally


def agrees(role: str, value: AttributeValue, hidden: AttributeValue) -> bool:
    """Whether each part read says the same as a part that was hidden."""
    if role == "persons":
        return value in numbers_in(hidden)
    read = value if isinstance(value, tuple) else (str(value),)
    said = [_meant(role, part) for part in _parts(hidden)]
    return all(any(_meant(role, part) & own for own in said) for part in read)


def _meant(role: str, text: str) -> set[tuple[str, ...]]:
    """A value's own words, and the general value that they stand for."""
    known = general_properties()[role].values
    phrase = phrase_of(text)
    label = known.get(phrase)
    return {phrase, *((word,) for word in phrase), *([phrase_of(label)] if label else [])}


def _parts(value: AttributeValue) -> list[str]:
    texts = value if isinstance(value, tuple) else (str(value),)
    return [part for text in texts for part in text.replace("/", ",").split(",") if part.strip()]


def _is_looked_for(role: str, hidden: AttributeValue) -> bool:
    if role == "persons":
        return bool(numbers_in(hidden))
    known = general_properties()[role].values
    return any(phrase_of(part) in known for part in _parts(hidden))


def prepared(folder: Path) -> list[tuple[str, Path]]:
    """The demo shop and icecat, imported."""
    data = Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data"))
    files = folder / "files"
    _run(sys.executable, "examples/demo_shop/generate.py", str(files))
    shops = [("demo", ["--products", str(files / "products.csv")])]
    if (data / "icecat").is_dir():
        shops.append(("icecat", ["--products", str(data / "icecat" / "products.jsonl.gz"), "--minor-units"]))
    else:
        print(f"no icecat under {data}: left out")
    for name, given in shops:
        _run(sys.executable, "-m", "ui.cli", "import", str(folder / name), *given)
    return [(name, folder / name) for name, _ in shops]


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure(name: str, folder: Path, examples: int) -> dict[str, Any]:
    """Every property of a shop, hidden both ways, and what a completion of the shop costs and gives."""
    products = list(Shop.open(folder).catalog.products())
    result: dict[str, Any] = {"products": len(products)}
    for role in ROLES:
        column = column_of(products, role)
        for way in ("all", "half") if column else ():
            assert column is not None
            tally = read_back(products, role, column, way)
            result[f"{role} {way}"] = {"column": column, "precision": tally.precision, "recall": tally.recall,
                                       "read": tally.right + tally.wrong, "hidden": tally.hidden}  # fmt: skip
            print(f"{name:8} {role:9} {way:5} {result[f'{role} {way}']}")
            for example in tally.examples[:examples]:
                print(f"           wrong: {example}")
    started = time.perf_counter()
    reader = TextReader.learn(products)
    completed = Counter(field for p in products for field in reader.read(p))
    result["completed"] = dict(completed.most_common(12))
    result["seconds"] = round(time.perf_counter() - started, 2)
    print(f"{name:8} completed in {result['seconds']} s: {result['completed']}")
    return result


def run(
    doc: str | None, measure: Callable[[str, Path, int], dict[str, Any]], argv: Sequence[str] | None
) -> None:
    """Measure the shops that are named, else those that are prepared, and print the result."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=Path, nargs="*", default=[])
    parser.add_argument("--examples", type=int, default=0, help="wrong readings to print")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        shops = [(path.name, path) for path in options.shops] or prepared(Path(scratch))
        result = {name: measure(name, path, options.examples) for name, path in shops}
    print(json.dumps(result))


def main(argv: Sequence[str] | None = None) -> None:
    run(__doc__, measure, argv)


if __name__ == "__main__":
    main()
