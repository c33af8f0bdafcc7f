"""Invented shops and what people ask of them: which of a whole shop's products serve an ask, written by hand."""

from __future__ import annotations

import re
from pathlib import Path

from retrieval.training.need_pairs import Kind, NeedPairsError

_PRODUCT = re.compile(r"=\s*(\d+)\s+([^|]+)\|([^|]+)\|(.*)")
_ASK = re.compile(r"(\d+(?:\s*,\s*\d+)*)\s*>\s*(\S.*)")


def read_shop(path: Path) -> Kind:
    """A shop from a file, as one kind whose needs each name the products that serve them: ``@`` its name, ``=``
    number, title | category | text, and asks as ``3,7> words``, the numbers of what serves before the words. Every
    other product has its leaf category behind the title, as some shops write it.

    Raises:
        NeedPairsError: a line is none of these, or points at a product that is not there.
    """
    name, rows = path.stem, dict[int, int]()
    products: list[str] = []
    asks: list[tuple[str, tuple[int, ...]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("@"):
            name = line[1:].strip() or name
        elif product := _PRODUCT.fullmatch(line):
            title, leaf, text = (part.strip() for part in product.groups()[1:])
            rows[int(product[1])] = len(products)
            leaf = leaf.rpartition(">")[2].strip()
            products.append(
                f"{title}. {leaf}. {text}".strip() if len(products) % 2 else f"{title}. {text}".strip()
            )
        elif (ask := _ASK.fullmatch(line)) and all(int(at) in rows for at in ask[1].split(",")):
            asks.append((ask[2], tuple(dict.fromkeys(rows[int(at)] for at in ask[1].split(",")))))
        else:
            raise NeedPairsError(
                f"{path}, line {number}: expected `@shop`, `=1 title | category | text` or `1,2> ask` with the "
                f"numbers of products above it, got {line!r}"
            )
    return Kind((name,), tuple(products), tuple(asks))


def own_shops() -> list[Kind]:
    """The shops in ``asks/`` beside this module."""
    return [read_shop(file) for file in sorted(Path(__file__).with_name("asks").glob("*.txt"))]
