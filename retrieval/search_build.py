"""Building a shop's search: columns, keyword index, vectors and Chroma, into one folder opened read-only
after."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from retrieval.arrays import open_array
from retrieval.catalog import ProductSnapshot
from retrieval.encoder import Encoder
from retrieval.filtering.row_metadata import RowMetadata
from retrieval.filtering.table import FilterTable
from retrieval.filters import StarsOf, attribute_values, other_texts
from retrieval.keyword_index import FieldedKeywordIndex, KeywordIndex
from retrieval.kinds import KindIndex
from retrieval.naming.build import build_kinds
from retrieval.naming.needs import build_needs, known_needs
from retrieval.ranking.build import build_rank_features
from retrieval.records import Product
from retrieval.text.normalization import fold, has_digit, stem, tokenize, words
from retrieval.text.query_analysis import Synonyms
from retrieval.text_attributes.reader import TextReader
from retrieval.vector_index import VectorIndex

Products = Union[Sequence[Product], ProductSnapshot, "SearchedProducts"]
Progress = Callable[[str, int, int | None], None]

FORMAT = 9
_VECTORS_SINCE = 7  # a build of this format or a later one has the same vectors of the same texts
READER = "text_attributes.json"
_ENCODED_AT_ONCE = 16_384
_DESCRIPTION_CHARACTERS = (
    300  # what the encoder reads of a description: its first sentences tell what the thing is
)
_VARIANT_NAMES = frozenset({"color", "colour", "size"})


class SearchedProducts:
    """Products as search knows them (``Product.as_searched``); iterates as often as asked."""

    def __init__(self, products: Products) -> None:
        self._products = products
        self._paths = frozenset(product.category for product in products if not product.category_is_read)

    def __iter__(self) -> Iterator[Product]:
        return (product.as_searched(self._paths) for product in self._products)

    def __len__(self) -> int:
        return len(self._products)


def build_search(
    products: Products,
    folder: Path,
    *,
    encoder: Encoder,
    stars: Mapping[str, StarsOf] | None = None,
    popularity: Mapping[str, float] | None = None,
    synonyms: Path | None = None,
    previous: Path | None = None,
    chroma: str = "",
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Build everything ``SearchEngine.open`` needs into ``folder``; returns sizes and seconds by stage.

    Vectors of unchanged texts come from ``previous`` (the folder of the build before) or the encoder's
    cache; where no vector changed, Chroma's files are copied. ``chroma``: address of a server to keep the
    collection on. Cost: about a millisecond of encoding per new product on one core, and HNSW's n log n.

    Raises:
        VectorIndexError: Chroma refuses. SynonymError: the shop's synonym file can't be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    started = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal started
        seconds[stage] = round(time.perf_counter() - started, 3)
        started = time.perf_counter()

    Synonyms.read(synonyms)  # a broken file stops the build, not the shop's first query
    if synonyms and synonyms.exists():
        shutil.copyfile(synonyms, folder / "synonyms.txt")
    products = SearchedProducts(products)
    progress("columns", 0, len(products))
    reader = TextReader.learn(products)
    reader.save(folder / READER)
    table = FilterTable.build((reader.completed(product) for product in products), stars)
    table.save(folder / "table")
    _save_priors(folder, products, table, popularity or {})
    lap("columns")
    titles, commonest = _build_keywords(folder, products, progress)
    lap("keywords")
    build_rank_features(
        folder / "ranking",
        [product.title for product in products],
        titles,
        KeywordIndex.open(folder / "keywords" / "title").vocabulary,
        commonest,
        encoder,
        progress,
    )
    del titles
    lap("ranking")
    vectors, reused = _vectors(products, encoder, folder, previous, progress)
    lap("vectors")
    build_kinds(folder / "kinds", products, vectors, encoder, progress)
    kinds = KindIndex(folder / "kinds", table, vectors, encoder)
    build_needs(folder / "kinds", known_needs(), kinds.called, encoder, progress)
    lap("kinds")
    _build_vectors(folder, vectors, table, encoder, previous, chroma, progress)
    lap("vector index")
    manifest = {
        "format": FORMAT,
        "model_id": encoder.model_id,
        "products": len(products),
        "vectors_reused": reused,
    }
    (folder / "search.json").write_text(json.dumps(manifest), encoding="utf-8")
    return {**manifest, "seconds": seconds}


def encoded_text(product: Product) -> str:
    """What the encoder reads of a product: title, brand and category where the title lacks them, first
    sentences."""
    parts = [product.title]
    seen = fold(product.title)
    for name in (product.brand, product.category[-1] if product.category else None):
        if name and fold(name) not in seen:
            parts.append(name)
    if product.description:
        parts.append(product.description[:_DESCRIPTION_CHARACTERS])
    return ". ".join(parts)


def duplicate_key(product: Product) -> int:
    """Equal for products that a shopper would call the same: brand and title, apart from their own
    options."""
    own = {
        token
        for name, value in attribute_values(product)
        if name in _VARIANT_NAMES
        for token in _tokens(value)
    }
    for choices in product.options.values():
        own |= _tokens(choices)
    kept = [token for token in tokenize(product.title) if token not in own]
    text = "\0".join(
        [fold(product.brand or ""), *(kept or tokenize(product.title)), product.title if not kept else ""]
    )
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def _tokens(value: object) -> set[str]:
    texts = value if isinstance(value, tuple) else (value,)
    return {token for text in texts if isinstance(text, str) for token in tokenize(text)}


def _save_priors(
    folder: Path, products: Products, table: FilterTable, popularity: Mapping[str, float]
) -> None:
    popular = np.array([popularity.get(item_id, 0.0) for item_id in table.item_ids], dtype=np.float32)
    np.save(folder / "popularity.npy", popular)
    np.save(
        folder / "duplicate_keys.npy",
        np.array([duplicate_key(product) for product in products], dtype=np.int64),
    )
    (folder / "titles.json").write_text(
        json.dumps([product.title for product in products], ensure_ascii=False), encoding="utf-8"
    )


def _build_keywords(
    folder: Path, products: Products, progress: Progress
) -> tuple[list[list[str]], dict[str, str]]:
    """Index the words; returns the tokens of each title and the commonest full word of each stem."""
    frequencies: Counter[str] = Counter()
    titles: list[list[str]] = []
    bodies: list[list[str]] = []
    for number, product in enumerate(products):
        if number % 5000 == 0:
            progress("keywords", number, len(products))
        title = words(product.title)
        body = [word for text in other_texts(product) for word in words(text)]
        frequencies.update({*title, *body})
        titles.append([stem(word) for word in title])
        bodies.append([stem(word) for word in body])
    FieldedKeywordIndex.build(folder / "keywords", titles, bodies)
    known = {word: count for word, count in frequencies.items() if not has_digit(word)}
    (folder / "words.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    commonest: dict[str, str] = {}
    for word, _ in frequencies.most_common():
        commonest.setdefault(stem(word), word)
    return titles, commonest


def _vectors(
    products: Products, encoder: Encoder, folder: Path, previous: Path | None, progress: Progress
) -> tuple[npt.NDArray[np.float32], int]:
    """Vectors of all products, shape (n, d), and how many came from the build before."""
    texts = [encoded_text(product) for product in products]
    keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest() for text in texts]
    (folder / "text_keys.txt").write_text("\n".join(keys), encoding="ascii")
    vectors = VectorIndex.allocate(folder / "vectors", len(texts), encoder.dimensions)
    known = dict(_previous_rows(previous, encoder.model_id))
    rows = np.array([known.get(key, -1) for key in keys], dtype=np.int64)
    if previous is not None and (rows >= 0).any():
        old = open_array(previous / "vectors" / "vectors.npy")
        vectors[rows >= 0] = old[rows[rows >= 0]]
    missing = np.flatnonzero(rows < 0)
    for start in range(0, len(missing), _ENCODED_AT_ONCE):
        rows_now = missing[start : start + _ENCODED_AT_ONCE]

        def report(stage: str, done: int, total: int | None, before: int = start) -> None:
            progress(stage, before + done, len(missing))

        vectors[rows_now] = encoder.encode_document([texts[row] for row in rows_now], report)
    return vectors, len(texts) - len(missing)


def _previous_rows(previous: Path | None, model_id: str) -> Iterator[tuple[str, int]]:
    if previous is None or not (previous / "search.json").exists():
        return
    manifest = json.loads((previous / "search.json").read_text(encoding="utf-8"))
    if manifest["model_id"] == model_id and manifest["format"] >= _VECTORS_SINCE:
        for row, key in enumerate((previous / "text_keys.txt").read_text(encoding="ascii").split()):
            yield key, row


def _build_vectors(
    folder: Path,
    vectors: npt.NDArray[np.float32],
    table: FilterTable,
    encoder: Encoder,
    previous: Path | None,
    chroma: str,
    progress: Progress,
) -> None:
    metadata = RowMetadata(table)
    digest = hashlib.blake2b(f"{metadata.digest()}\0{encoder.model_id}\0{chroma}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(vectors).data)
    if previous is not None and not chroma and _text_of(previous / "vectors.key") == digest.hexdigest():
        shutil.copytree(previous / "vectors", folder / "vectors", dirs_exist_ok=True)
    else:
        VectorIndex.build(folder / "vectors", vectors, metadata, server=chroma, progress=progress)
    (folder / "vectors.key").write_text(digest.hexdigest(), encoding="ascii")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""
