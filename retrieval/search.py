"""Search: keyword and vector candidates under exact filters, fused, reranked, folded and varied."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from retrieval.arrays import open_array
from retrieval.encoder import Encoder
from retrieval.filtering.columns import Vocabulary
from retrieval.filtering.table import FilterTable
from retrieval.filtering.updated import UpdatedTable
from retrieval.filters import And, Filter
from retrieval.keyword_index import FieldedKeywordIndex
from retrieval.kinds import KindIndex
from retrieval.naming.needs import Needs, Served
from retrieval.ranking.candidates import CandidatePool
from retrieval.ranking.duplicates import fold_duplicates
from retrieval.ranking.features import Priors, RankFeatures
from retrieval.ranking.learned_reranker import LearnedReranker
from retrieval.ranking.things import Thing
from retrieval.records import Product
from retrieval.reranker import Candidates, CrossEncoderReranker, Reranker, RerankerError
from retrieval.search_build import FORMAT, READER
from retrieval.text.normalization import tokenize
from retrieval.text.query_analysis import AnalysedQuery, QueryAnalyser, Synonyms
from retrieval.text.spelling import Spelling
from retrieval.text_attributes.reader import TextReader
from retrieval.vector_index import BoolArray, FloatArray, VectorIndex

RERANKED_THING_WEIGHT = np.float32(3.0)
"""For products of the kind that a short query names, in the reranker's score."""
DEPTH = 200  # candidates of each source
RERANKED = 100


class SearchBuildError(RuntimeError):
    """The folder holds no search that this version can open; build it again."""


@dataclass(frozen=True)
class Hit:
    """One product found. ``scores``: ``keyword`` (BM25), ``vector`` (cosine), ``fused``, ``final``
    (explained searches only)."""

    item_id: str
    score: float
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchResult:
    """Hits best first; what the shopper should know (unknown names in the filter); the query as corrected."""

    hits: tuple[Hit, ...]
    notices: tuple[str, ...] = ()
    corrected_query: str | None = None


class SearchEngine:
    """A built search, opened read-only; safe for threads. Needs no torch unless a cross-encoder is set."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        table: FilterTable,
        keywords: FieldedKeywordIndex,
        index: VectorIndex,
        analyser: QueryAnalyser,
    ) -> None:
        self._folder = folder
        self.table = self._built = table
        self.keywords, self.index = keywords, index
        self._encoder, self._analyser = encoder, analyser
        self._pool = CandidatePool(encoder, keywords, index)
        self._popularity = np.load(folder / "popularity.npy")
        self._duplicate_keys = open_array(folder / "duplicate_keys.npy")
        columns = table.columns
        self.features = RankFeatures(
            folder / "ranking",
            keywords,
            index.vectors,
            Priors(columns["price"], self._popularity, columns["stars"], columns["rating_count"]),
        )
        self.reranker: Reranker | None = None
        self.things = True

    @classmethod
    def open(
        cls, folder: Path, *, encoder: Encoder, reranker: str = "learned", chroma: str = ""
    ) -> SearchEngine:
        """Open what ``build_search`` wrote. ``reranker``: ``learned`` (as shipped),
        ``learned:<folder>`` (trained by ``train_reranker``), ``none`` or ``cross-encoder:<model>``.

        Raises:
            SearchBuildError: nothing there, another format, or vectors of another model than the encoder's.
            VectorIndexError: ``chroma`` is not where this build keeps its vectors.
            RerankerError: the reranker can't be opened.
        """
        _check(folder, encoder)
        keywords = FieldedKeywordIndex.open(folder / "keywords")
        spelling = Spelling(json.loads((folder / "words.json").read_text(encoding="utf-8")))
        analyser = QueryAnalyser(
            spelling,
            Synonyms.read(folder / "synonyms.txt"),
            keywords.document_frequency,
            keywords.together,
        )
        table = FilterTable.open(folder / "table")
        engine = cls(
            folder, encoder, table, keywords, VectorIndex.open(folder / "vectors", server=chroma), analyser
        )
        engine.reranker = _open_reranker(reranker, folder, engine.features)
        return engine

    @property
    def synonyms(self) -> Synonyms:
        """The shop's own."""
        return self._analyser.synonyms

    @property
    def words(self) -> Mapping[str, int]:
        """The shop's own, with how many products have each."""
        return self._analyser.words

    @property
    def vocabulary(self) -> Vocabulary:
        """The shop's brands, category names, attributes with values, tags and currencies, with counts."""
        return self.table.vocabulary

    @cached_property
    def kinds(self) -> KindIndex:
        """What words for a thing mean here."""
        return KindIndex(self._folder / "kinds", self.table, self.index.vectors, self._encoder)

    @cached_property
    def needs(self) -> Needs:
        """What people say who need one of the kinds here."""
        return Needs(self._folder / "kinds")

    def serving(self, need: str) -> list[Served]:
        """The kinds that may serve a need said in words, the likeliest first; 6 ms."""
        query = self.analyse(need)
        return self.needs.serving(self._encoder.encode_query([query.text])[0], query.tokens)

    @property
    def size(self) -> int:
        """How many products there are."""
        return self.table.size

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Every product, in the order of the table's rows."""
        return self.table.item_ids

    def search(
        self,
        query: str,
        filter: Filter | None = None,
        k: int = 10,
        *,
        explain: bool = False,
        fold: bool = True,
    ) -> SearchResult:
        """The ``k`` best products for the query among those that satisfy the filter, every one of which does.

        An empty query ranks by popularity and stars. ``fold`` shows one of several near-duplicates.
        """
        mask = self._mask(filter)
        notices = () if filter is None else tuple(str(unknown) for unknown in self.table.unknown(filter))
        if k <= 0 or len(self.table) == 0 or (mask is not None and not mask.any()):
            return SearchResult((), notices)
        analysed = self.analyse(query)
        if not query.strip():
            found, scores = self._browse(mask, k), None
        else:
            thing = self._thing(analysed)
            found = self._pool.find(analysed, mask, max(DEPTH, k), thing)
            scores = self._rescored(analysed, found, thing)
        ranked = self._ranked(found, scores)
        chosen = self._presented(found, ranked, k, fold)
        return SearchResult(
            tuple(self._hit(found, *at, explain) for at in chosen), notices, analysed.corrected
        )

    def similar(self, item_id: str, k: int, filter: Filter | None = None) -> tuple[Hit, ...]:
        """Products like this one by what they are (cosine), without itself and its variants; best first.

        Raises:
            KeyError: no such product.
        """
        row = self.table.row_of[item_id]
        mask = self._mask(filter)
        rows, scores = self.index.search(self.index.vectors[row], 2 * k + 10, mask)
        keys = [int(self._duplicate_keys[other]) for other in rows]
        own = int(self._duplicate_keys[row])
        kept = [at for at in fold_duplicates(keys) if keys[at] != own][:k]
        return tuple(
            Hit(self.item_ids[rows[at]], float(scores[at]), {"vector": float(scores[at])}) for at in kept
        )

    def vector(self, item_id: str) -> FloatArray:
        """The product's unit vector, shape (d,).

        Raises:
            KeyError: no such product.
        """
        return np.array(self.index.vectors[self.table.row_of[item_id]])

    def vectors(self, item_ids: Sequence[str]) -> FloatArray:
        """The products' unit vectors, shape (len(item_ids), d).

        Raises:
            KeyError: no such product.
        """
        return np.array(self.index.vectors[[self.table.row_of[item_id] for item_id in item_ids]])

    def matching(self, filter: Filter) -> list[str]:
        """Every product that satisfies the filter, in the order of the table."""
        return [self.item_ids[row] for row in self.table.rows(filter)]

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        return tuple(json.loads((self._folder / "titles.json").read_text(encoding="utf-8")))

    def title(self, item_id: str) -> str:
        """The title that a product had at the build; empty for one that is new since. Reads no database."""
        row = self.table.row_of.get(item_id)
        return "" if row is None else self._titles[row]

    def titled(self, words: str) -> list[str]:
        """Every product that has all these words in its title; about a millisecond."""
        return [self.item_ids[row] for row in self.keywords.titled(tokenize(words))]

    def count(self, filter: Filter) -> int:
        """How many products satisfy the filter."""
        return int(np.count_nonzero(self.table.mask(filter)))

    def analyse(self, query: str) -> AnalysedQuery:
        """The query in the shop's own words: corrected, expanded, weighted."""
        return self._analyser.analyse(query)

    def candidates(self, query: str) -> tuple[AnalysedQuery, Candidates]:
        """The query as understood and the products that a reranker sees, best first as fused."""
        analysed = self.analyse(query)
        found = self._pool.find(analysed, self._mask(None), DEPTH, self._thing(analysed))
        return analysed, found.first(RERANKED)

    @cached_property
    def text_attributes(self) -> TextReader:
        """What this build reads out of texts."""
        return TextReader.open(self._folder / READER)

    def completed(self, product: Product) -> Product:
        """The product with the attributes that only its texts tell; 0.1 ms."""
        return self.text_attributes.completed(product)

    def catch_up(self, changed: Mapping[str, Product | None]) -> None:
        """Answer filters and counts as the products are now; ``changed``: those that differ from the build,
        ``None`` where one is gone."""
        paths = frozenset(self._built.paths)
        now = {
            item: self.completed(product.as_searched(paths)) if product else None
            for item, product in changed.items()
        }
        self.table = UpdatedTable(self._built, now) if changed else self._built

    def _mask(self, filter: Filter | None) -> BoolArray | None:
        """Rows that satisfy the filter; ``None``: every row does."""
        table = self.table
        if filter is None and table.size == len(table):
            return None
        return table.mask(And() if filter is None else filter)

    def _thing(self, query: AnalysedQuery) -> Thing | None:
        """What a query of keywords names, where it names a kind of the shop."""
        named = self.kinds.named(query.text) if self.things and not query.natural else None
        return None if named is None else Thing.of(named, self.index.vectors, self.table.price)

    def _rescored(self, query: AnalysedQuery, found: Candidates, thing: Thing | None) -> FloatArray | None:
        """The reranker's scores of the head; none by the learned one for a sentence, as it learnt from
        keywords."""
        if self.reranker is None or (query.natural and isinstance(self.reranker, LearnedReranker)):
            return None
        scores = self.reranker.score(query, found.first(RERANKED))
        return (
            scores
            if thing is None
            else scores + RERANKED_THING_WEIGHT * thing.member[found.rows[: len(scores)]]
        )

    def _browse(self, mask: BoolArray | None, k: int) -> Candidates:
        """Without words: the popular and well rated first."""
        rows = np.arange(len(self.table)) if mask is None else np.flatnonzero(mask)
        stars = np.nan_to_num(self.table.columns["stars"][rows].astype(np.float32))  # type: ignore[arg-type]
        score = np.log1p(self._popularity[rows]) + 0.1 * stars
        best = np.lexsort((rows, -score))[: 2 * max(DEPTH, k)]
        none = np.zeros(len(best), dtype=np.float32)
        return Candidates(rows[best], none, none, score[best].astype(np.float32))

    @staticmethod
    def _ranked(found: Candidates, scores: FloatArray | None) -> list[tuple[int, float]]:
        """(position in ``found``, score), best first: the reranked head, then the others as they were
        fused."""
        if scores is None:
            return [(at, float(score)) for at, score in enumerate(found.fused)]
        head = [(int(at), float(scores[at])) for at in np.argsort(-scores, kind="stable")]
        last = head[-1][1] if head else 0.0
        tail = found.fused[len(scores) :]
        return head + [
            (len(scores) + at, last - float(tail[0] - score) - 1e-6) for at, score in enumerate(tail)
        ]

    def _presented(
        self, found: Candidates, ranked: list[tuple[int, float]], k: int, fold: bool
    ) -> list[tuple[int, float]]:
        """The first ``k``, near-duplicates folded where asked for."""
        if fold:
            kept = fold_duplicates([int(self._duplicate_keys[found.rows[at]]) for at, _ in ranked])
            ranked = [ranked[position] for position in kept]
        return ranked[:k]

    def _hit(self, found: Candidates, at: int, score: float, explain: bool) -> Hit:
        item_id = self.item_ids[found.rows[at]]
        if not explain:
            return Hit(item_id, score)
        scores = {
            "keyword": found.keyword[at],
            "vector": found.vector[at],
            "fused": found.fused[at],
            "final": score,
        }
        return Hit(item_id, score, {source: round(float(value), 4) for source, value in scores.items()})


def _open_reranker(name: str, folder: Path, features: RankFeatures) -> Reranker | None:
    kind, _, model = name.partition(":")
    if kind == "none":
        return None
    if kind == "learned":
        return LearnedReranker.open(features, Path(model) if model else None)
    if kind == "cross-encoder" and model:
        return CrossEncoderReranker(model, json.loads((folder / "titles.json").read_text(encoding="utf-8")))
    raise RerankerError(
        f"the reranker is {name!r}; expected none, learned, learned:<folder> or cross-encoder:<model>"
    )


def _check(folder: Path, encoder: Encoder) -> None:
    try:
        manifest = json.loads((folder / "search.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SearchBuildError(f"no finished search in {folder} ({error}); build the shop again") from error
    if manifest["format"] != FORMAT:
        raise SearchBuildError(
            f"{folder} has format {manifest['format']}, this version opens {FORMAT}; build again"
        )
    if manifest["model_id"] != encoder.model_id:
        raise SearchBuildError(
            f"{folder} has vectors of {manifest['model_id']}, the encoder is {encoder.model_id}: build again"
        )
