"""What the encoder learns from: needs with the products that serve them, other names, shoppers' queries."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.knowledge import read_text

QUERY_TEST_SHARE = 2
"""Judged queries are halved by hash, as the search benchmark does: one half is never trained on."""
HELD_OUT_KINDS = 8
"""One kind of so many is left out of training and reported on."""


class NeedPairsError(ValueError):
    """The file of needs can't be read; the message names file and line."""


@dataclass(frozen=True)
class Kind:
    """A kind of product, some products of it as "title. text", and needs, each with the products that serve
    (empty: any of the kind)."""

    path: tuple[str, ...]
    products: tuple[str, ...] = ()
    needs: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def held_out(self) -> bool:
        digest = hashlib.blake2b(" > ".join(self.path).lower().encode(), digest_size=8).digest()
        return digest[-1] % HELD_OUT_KINDS == 0


@dataclass(frozen=True)
class Pair:
    """What is said, what it should be near, and the group within which others are as right."""

    said: str
    document: str
    group: str
    source: str = field(default="needs", compare=False)


def read_kinds(path: Path) -> list[Kind]:
    """Kinds from a file: ``@`` category path, ``=`` title | text, ``-`` a need that any product of the kind
    serves, ``1`` to ``9`` one that this product serves, ``#`` a comment.

    Raises:
        NeedPairsError: a line is none of these, or points at a product that is not there.
    """
    found: list[Kind] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark, rest = line[:1], line[1:].strip()
        if not line.strip() or mark == "#":
            continue
        if mark == "@" and rest:
            found.append(Kind(tuple(level.strip() for level in rest.split(">"))))
            continue
        kind = found[-1] if found else None
        if kind is None or not rest or not (mark in "=-" or mark.isdigit()):
            raise NeedPairsError(
                f"{path}, line {number}: expected `@ kind`, `= title | text`, `- need` or `1 need`, "
                f"got {line!r}"
            )
        if mark == "=":
            title, _, text = (part.strip() for part in rest.partition("|"))
            found[-1] = Kind(kind.path, (*kind.products, f"{title}. {text}".strip(". ")), kind.needs)
            continue
        serves = () if mark == "-" else (int(mark) - 1,)
        if any(not 0 <= at < len(kind.products) for at in serves):
            raise NeedPairsError(f"{path}, line {number}: there is no product {mark} above {rest!r}")
        found[-1] = Kind(kind.path, kind.products, (*kind.needs, (rest, serves)))
    return found


def own_kinds() -> list[Kind]:
    """The kinds in ``needs/`` beside this module: four products each, and needs that only one of them serves."""
    folder = Path(__file__).with_name("needs")
    return [kind for file in sorted(folder.glob("*.txt")) for kind in read_kinds(file)]


def need_pairs(kinds: list[Kind]) -> Iterator[Pair]:
    """Each need with a product that serves it, and with the name of the kind; the name with a product."""
    for kind in kinds:
        group, leaf = " > ".join(kind.path).lower(), kind.path[-1]
        for at, (need, serves) in enumerate(kind.needs):
            rows = serves or (tuple(range(len(kind.products))) if kind.products else ())
            if rows:
                product = kind.products[rows[at % len(rows)]]
                title, _, text = product.partition(". ")
                yield Pair(need, f"{title}. {leaf}. {text}" if at % 2 else product, group)
            yield Pair(need, leaf, group)
        for product in kind.products:
            yield Pair(leaf, product, group)


def name_pairs() -> Iterator[Pair]:
    """Names of the thesaurus that mean the same: "hoover", "vacuum cleaner"."""
    for line in read_text("synonyms.txt").splitlines():
        line = line.partition("#")[0].strip()
        if not line or ":" in line:
            continue
        names = [name.strip() for name in line.split(",")]
        for name in names[1:]:
            yield Pair(name, names[0], names[0], "names")


def query_pairs(folder: Path, most: int) -> list[Pair]:
    """Queries of the training half with titles judged relevant (``judgments.csv``, ``products.csv.gz``)."""
    with gzip.open(folder / "products.csv.gz", "rt", encoding="utf-8") as file:
        titles = {row["product_uid"]: row["product_title"] for row in csv.DictReader(file)}
    found: dict[str, Pair] = {}
    with (folder / "judgments.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            query = row["search_term"]
            if in_training_half(query) and float(row["relevance"]) >= 2.67 and row["product_uid"] in titles:
                found.setdefault(query, Pair(query, titles[row["product_uid"]], query, "queries"))
    chosen = sorted(found.values(), key=lambda pair: hashlib.blake2b(pair.said.encode()).digest())
    return chosen[:most]


def in_training_half(query: str) -> bool:
    """As ``benchmarks.search`` splits the queries."""
    return hashlib.blake2b(query.encode(), digest_size=8).digest()[-1] % QUERY_TEST_SHARE == 0
