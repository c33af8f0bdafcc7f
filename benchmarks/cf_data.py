"""Data of the collaborative-filtering benchmark, read into one shape, ids shuffled (ties by number leak)."""

from __future__ import annotations

import csv
import gzip
import html
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cf_engine.base import FloatArray  # noqa: E402
from cf_engine.interactions import IdMap, Interactions  # noqa: E402
from cf_engine.text import join_vectors, word_vectors  # noqa: E402

DATA = Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data"))


@dataclass(frozen=True)
class Texts:
    """Titles by item id and their vectors, made once and laid out for each shuffle of the ids."""

    ids: tuple[str, ...]
    vectors: FloatArray

    def for_items(self, items: IdMap) -> FloatArray:
        """One row an item, zeros where there is no title."""
        result = np.zeros((len(items), self.vectors.shape[1]), np.float32)
        for row, id_ in enumerate(self.ids):
            number = items.number(id_)
            if number is not None:
                result[number] = self.vectors[row]
        return result


def read_sequences(file: Path) -> list[list[str]]:
    """Lines of ``user item item ...`` in order of time."""
    with file.open(encoding="utf-8") as lines:
        return [line.split()[1:] for line in lines if line.strip()]


def shuffled(sequences: Sequence[Sequence[str]], seed: int) -> Interactions:
    """Interactions with item numbers drawn by ``seed``, and users in the order of the file."""
    items = IdMap.from_ids((item for sequence in sequences for item in sequence), salt=f"{seed}:")
    users = IdMap.from_ordered([str(user) for user in range(len(sequences))])
    lengths = [len(sequence) for sequence in sequences]
    return Interactions.from_columns(
        np.repeat(np.arange(len(sequences)), lengths),
        items.numbers(item for sequence in sequences for item in sequence),
        users=users,
        items=items,
        time=np.concatenate(
            [np.arange(length) for length in lengths]
        ),  # no clock: only the order within a user
    )


def read_titles(file: Path) -> dict[str, str]:
    """Item id -> title, from a tab-separated file with a column ``title``; ids in the first column."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = rows.fieldnames or []
        if "title" not in names:
            raise SystemExit(f"{file}: expected a tab-separated file with a column 'title', found {names}")
        return {row[names[0]]: row["title"] or "" for row in rows}


def encode(titles: dict[str, str]) -> Texts:
    """Sentence vectors beside word vectors; the former are cached by content in the system's temporary
    folder.
    """
    from retrieval.encoder import open_encoder

    ids = tuple(sorted(titles))
    texts = [titles[id_] for id_ in ids]
    encoder = open_encoder(cache_folder=Path(tempfile.gettempdir()) / "aisle-benchmark-vectors")
    return Texts(ids, join_vectors(encoder.encode_document(texts), word_vectors(texts)))


def read_beauty() -> tuple[list[list[str]], dict[str, str]]:
    return read_sequences(DATA / "beauty" / "Beauty.txt"), read_titles(DATA / "beauty" / "items.tsv")


def read_stars(name: str) -> tuple[Interactions, dict[str, str]]:
    """`musical_instruments` or `digital_music`: interactions with times and stars, and titles."""
    folder = DATA / name
    rows: Iterable[tuple[str, str, str, str]]
    if name == "musical_instruments":
        with (folder / "anshuv_5.csv").open(encoding="utf-8") as lines:
            rows = [tuple(field.strip() for field in row) for row in list(csv.reader(lines))[1:]]  # type: ignore[misc]
        with (folder / "meta_5.csv").open(encoding="utf-8", newline="") as lines:
            titles = {row["Product ID"]: html.unescape(row["Description"]) for row in csv.DictReader(lines)}
    else:
        with gzip.open(folder / "reviews.jsonl.gz", "rt", encoding="utf-8") as lines:
            reviews = [json.loads(line) for line in lines]
        rows = [(r["asin"], r["reviewerID"], r["overall"], r["unixReviewTime"]) for r in reviews]
        with gzip.open(folder / "meta.jsonl.gz", "rt", encoding="utf-8") as lines:
            titles = {r["asin"]: r.get("title") or "" for r in (json.loads(line) for line in lines)}
    rows = list(rows)
    users, items = IdMap.from_ids(row[1] for row in rows), IdMap.from_ids(row[0] for row in rows)
    interactions = Interactions.from_columns(
        users.numbers(row[1] for row in rows),
        items.numbers(row[0] for row in rows),
        users=users,
        items=items,
        stars=[float(row[2]) for row in rows],
        time=[float(row[3]) for row in rows],
    )
    return interactions, titles


def read_gowalla() -> tuple[list[list[str]], list[list[str]]]:
    """Training and test items of each user, parallel lists."""

    def read(file: str) -> dict[str, list[str]]:
        with (DATA / "gowalla" / file).open(encoding="utf-8") as lines:
            return {row[0]: row[1:] for row in (line.split() for line in lines)}

    train, test = read("train.txt"), read("test.txt")
    return list(train.values()), [test.get(user, []) for user in train]
