"""Building what ``KindIndex`` reads: every kind's products, and vectors of the kinds' names and products."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder
from retrieval.naming.heads import HeadReader
from retrieval.naming.labels import DIRECT, LEAF, LIKE, TYPE, labels_of
from retrieval.naming.thesaurus import SAME, Phrase, thesaurus
from retrieval.records import Product

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

MOST_UNITS = 3_000
_CENTROID_OF = 3  # products that a head names before it stands for a kind of its own
_USUAL = 0.1  # of a kind's products that are farther from its centre than one must be to be like it
_INSIDE = 0.8  # of a head's products in one category whose name ends so: then the category is that kind


@dataclass(frozen=True)
class Unit:
    """A kind with vectors: a category's path, or what titles name (a path of one phrase)."""

    name: str
    text: str
    rows: tuple[int, ...]


def build_kinds(
    folder: Path,
    products: Iterable[Product],
    vectors: FloatArray,
    encoder: Encoder,
    progress: Progress | None = None,
) -> None:
    """Write the kinds of these products (``vectors``: theirs, by row) into a new folder.

    About 60 microseconds a product, and a document to encode a kind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    products = list(products) if not isinstance(products, Sequence) else products
    reader = HeadReader.of([p.title for p in products], thesaurus().things)
    labels: dict[Phrase, dict[int, float]] = defaultdict(dict)
    surfaces: dict[Phrase, Counter[str]] = defaultdict(Counter)
    paths: dict[tuple[str, ...], list[int]] = defaultdict(list)
    heads: dict[int, str] = {}
    sure: set[int] = set()
    for row, product in enumerate(products):
        for phrase, weight in labels_of(product, reader):
            labels[phrase][row] = max(weight, labels[phrase].get(row, 0.0))
            if weight in (LEAF, TYPE):
                sure.add(row)
        head = reader.read(product.title)
        if head is not None:
            surfaces[head.phrase][head.surface] += 1
            heads[row] = head.phrase[-1]
        if product.category:
            paths[product.category].append(row)
    common = Counter(heads.values())
    known = {word for word, count in common.items() if count >= _CENTROID_OF and word in thesaurus().things}
    unnamed = [row for row in range(len(products)) if row not in sure and heads.get(row) not in known]
    _name_by_likeness(labels, unnamed, vectors)
    units = _units(labels, surfaces, paths)
    _save(folder, labels, surfaces)
    names = encoder.encode_document([unit.text for unit in units], progress)
    centres = [_centre(vectors, unit.rows) for unit in units]
    np.save(folder / "unit_names.npy", names.astype(np.float16))
    np.save(
        folder / "unit_centres.npy",
        np.array(centres, dtype=np.float16).reshape(len(units), vectors.shape[1] if vectors.ndim == 2 else 0),
    )
    (folder / "units.json").write_text(
        json.dumps([[unit.name, len(unit.rows)] for unit in units], ensure_ascii=False), encoding="utf-8"
    )


def _name_by_likeness(
    labels: dict[Phrase, dict[int, float]], unnamed: Sequence[int], vectors: FloatArray
) -> None:
    """Products whose title does not tell what they are get the kind whose products they are like: as near
    to its centre as most of its own. Where a shop sells mostly one kind, the nearest kind will do.
    """
    groups = _groups(labels)
    if not unnamed or not groups:
        return
    names = list(groups)
    rows_of = [np.array(sorted(groups[name])) for name in names]
    centres = np.stack([_centre(vectors, rows) for rows in rows_of])
    usual = np.array(
        [np.quantile(vectors[rows] @ centre, _USUAL) for rows, centre in zip(rows_of, centres, strict=True)]
    )
    mostly = max(map(len, rows_of)) > len(vectors) / 2
    for start in range(0, len(unnamed), 4096):
        part = np.asarray(unnamed[start : start + 4096])
        nearness = vectors[part] @ centres.T - usual  # (b, kinds)
        best = nearness.argmax(axis=1)
        for at, row in enumerate(part):
            if mostly or nearness[at, best[at]] >= 0:
                labels[(names[best[at]],)].setdefault(int(row), LIKE)


def _groups(labels: dict[Phrase, dict[int, float]]) -> dict[str, set[int]]:
    """Products by the last word of their kinds' names, names that mean the same together."""
    own: dict[str, set[int]] = defaultdict(set)
    for phrase, found in labels.items():
        own[phrase[-1]].update(row for row, weight in found.items() if weight >= DIRECT)
    chosen: dict[str, set[int]] = {}
    for word in sorted(own, key=lambda word: -len(own[word])):
        same = [o[0] for o, weight in thesaurus().others.get((word,), ()) if len(o) == 1 and weight == SAME]
        kept = next((other for other in same if other in chosen), word)
        chosen.setdefault(kept, set()).update(own[word])
    return {word: rows for word, rows in chosen.items() if len(rows) >= 2 * _CENTROID_OF}


def _units(
    labels: dict[Phrase, dict[int, float]],
    surfaces: dict[Phrase, Counter[str]],
    paths: dict[tuple[str, ...], list[int]],
) -> list[Unit]:
    units = [Unit(" > ".join(path), path[-1], tuple(rows)) for path, rows in paths.items()]
    path_of = {row: path for path, rows in paths.items() for row in rows}
    heads = []
    for phrase, counted in surfaces.items():
        rows = [row for row, weight in labels[phrase].items() if weight >= LIKE]
        if len(rows) < _CENTROID_OF:
            continue
        path, most = Counter(path_of.get(row, ()) for row in rows).most_common(1)[0]
        if path and most >= _INSIDE * len(rows):
            continue
        name = counted.most_common(1)[0][0]
        heads.append(Unit(name, name, tuple(rows)))
    heads.sort(key=lambda unit: -len(unit.rows))
    return units + heads[: max(0, MOST_UNITS - len(units))]


def _centre(vectors: FloatArray, rows: Sequence[int] | npt.NDArray[np.int64]) -> FloatArray:
    centre = np.asarray(vectors[np.asarray(rows, dtype=np.int64)[:500]], dtype=np.float32).mean(axis=0)
    return np.asarray(centre / max(float(np.linalg.norm(centre)), 1e-9), dtype=np.float32)


def _save(folder: Path, labels: dict[Phrase, dict[int, float]], surfaces: dict[Phrase, Counter[str]]) -> None:
    phrases = sorted(labels)
    starts = np.zeros(len(phrases) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([len(labels[phrase]) for phrase in phrases])
    rows = [row for phrase in phrases for row in labels[phrase]]
    weights = [weight for phrase in phrases for weight in labels[phrase].values()]
    np.save(folder / "starts.npy", starts)
    np.save(folder / "rows.npy", np.asarray(rows, dtype=np.int32))
    np.save(folder / "weights.npy", np.asarray(weights, dtype=np.float32))
    facts = {
        "phrases": [" ".join(phrase) for phrase in phrases],
        "surfaces": [surfaces[p].most_common(1)[0][0] if p in surfaces else "" for p in phrases],
    }
    (folder / "phrases.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
