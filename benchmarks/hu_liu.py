"""The customer reviews of Hu & Liu (KDD 2004) with signed aspect labels: reading and lenient matching."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_LABEL = re.compile(r"(?P<term>[^,\[\]]+?)\s*(?P<tags>(?:\[[^\]]*\]\s*)+)")
_SIGN = re.compile(r"\[\s*([+-])\s*\d?\s*\]")
_CATEGORY = {
    "Canon": "cameras",
    "Nikon": "cameras",
    "Nokia": "phones",
    "Creative": "players",
    "MicroMP3": "players",
    "ipod": "players",
    "Apex": "players",
    "Linksys": "routers",
    "Hitachi": "tools",
    "Diaper": "nursery",
    "norton": "software",
}


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence of a product's reviews and what is said of which aspect: +1 or -1."""

    product: str
    category: tuple[str, ...]
    text: str
    aspects: tuple[tuple[str, int], ...]
    rated_elsewhere: bool
    """Of the first five products: their sentences stand among the rated snippets that models learn from."""


def read_hu_liu(folder: Path) -> list[LabelledSentence]:
    """Every sentence of the fourteen products in ``product_reviews_1.zip`` and ``product_reviews_2.zip``."""
    sentences = []
    for number in (1, 2):
        with zipfile.ZipFile(folder / f"product_reviews_{number}.zip") as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".txt") and "README" not in name:
                    text = archive.read(name).decode("utf-8", errors="replace")
                    product = Path(name).stem.replace("_", " ")
                    sentences += _read_product(product, text, rated_elsewhere=number == 1)
    return sentences


def _read_product(product: str, text: str, *, rated_elsewhere: bool) -> list[LabelledSentence]:
    category = ("shop", next(name for start, name in _CATEGORY.items() if product.startswith(start)))
    rows = (line.partition("##") for line in text.splitlines() if "##" in line and not line.startswith("*"))
    return [
        LabelledSentence(product, category, sentence.strip(), _labels(labels), rated_elsewhere)
        for labels, _, sentence in rows
        if sentence.strip()
    ]


def _labels(text: str) -> tuple[tuple[str, int], ...]:
    found = []
    for match in _LABEL.finditer(text):
        sign = _SIGN.search(match["tags"])
        if sign:
            found.append((match["term"].strip().lower(), 1 if sign[1] == "+" else -1))
    return tuple(found)


def same_aspect(found: str, labelled: str) -> bool:
    """Whether one's word stems contain the other's: "picture" for "picture quality"."""
    left, right = _stems(found), _stems(labelled)
    return bool(left and right) and (left <= right or right <= left)


@lru_cache(maxsize=100_000)
def _stems(text: str) -> frozenset[str]:
    import Stemmer

    return frozenset(Stemmer.Stemmer("english").stemWords(re.findall(r"[a-z0-9]+", text.lower())))


def matched(found: Iterable[Collection[str]], labelled: Sequence[str]) -> int:
    """How many of ``labelled`` are found, each by another of ``found``: the names of one aspect ("small",
    "size").
    """
    free = list(labelled)
    for names in found:
        hit = next((label for label in free if any(same_aspect(name, label) for name in names)), None)
        if hit is not None:
            free.remove(hit)
    return len(labelled) - len(free)
