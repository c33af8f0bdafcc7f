"""The shop's own documents: passages with their source, and the one that answers a question, or none."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder import Encoder
from retrieval.importers.documents import Documents, Section, load_documents
from retrieval.text.normalization import tokenize
from retrieval.vector_index import FloatArray, Metadata, VectorCollection, VectorIndex

Progress = Callable[[str, int, int | None], None]

_WORDS = 60  # a passage: short enough to quote, long enough to hold a rule and its exception
_CANDIDATES = 30
# A passage answers with probability sigmoid(sum of these times the signals): a logistic regression over the
# tuning questions of benchmarks/document_questions.toml; benchmarks/documents.py measures it on others.
_WEIGHTS = {"sentence": 5.15, "passage": 5.32, "coverage": 4.67, "bias": -7.11}
_ANSWERS = 0.5
# What a question is made of besides its subject.
_ASKING = frozenset(
    tokenize(
        "do does did how what who which where when why long much many can could will would should shall may "
        "am there if else someone something anything any about get got give tell know please than then not "
        "no policy policies rules conditions information details work works"
    )
)


@dataclass(frozen=True)
class _Topic:
    """What every shop is asked: its cue, all words of a question about nothing else, and a shop's wording."""

    cue: re.Pattern[str]
    words: frozenset[str]
    asked: str

    @classmethod
    def of(cls, cue: str, words: str, asked: str) -> _Topic:
        return cls(re.compile(cue, re.IGNORECASE), frozenset(tokenize(words)), asked)


_TOPICS = (
    _Topic.of(
        r"\b(?:how (?:long|soon|fast|quick(?:ly)?|many days)|when)\b.*\b(?:ship|deliver|arriv|take|come)"
        r"|\b(?:deliver|ship)\w*\b.*\b(?:how (?:long|soon|fast|quickly)|times?\b)",
        "ship shipping deliver delivery arrive come take time day fast soon quick order parcel item product",
        "Shipping time: in how many working days do standard parcels arrive?",
    ),
    _Topic.of(
        r"\b(?:send|give|bring)\b.*\bback\b|\breturn",
        "send give bring back return returns thing stuff item product order day time period don't doesn't "
        "didn't like want fit",
        "How long: within how many days may I return any product?",
    ),
    _Topic.of(
        r"\brefunds?\b|\bmoney back\b",
        "refund money back return pay item product order",
        "Money back for returns: when is it paid back?",
    ),
    _Topic.of(
        r"\bexchang",
        "exchange change swap item product order size thing",
        "Exchanges: can I change the size?",
    ),
    _Topic.of(
        r"\bwarrant|\bguarantee",
        "warranty guarantee year time product item",
        "Warranty: how many years do all products carry?",
    ),
)
_PLACE = re.compile(
    r"\b(?:ship|deliver|send|post)\b.{0,20}\bto (?:the )?(?P<place>[a-z .'-]{3,30}?)\W*$", re.IGNORECASE
)
_ABROAD = "We ship abroad, to other countries: to which countries do you ship?"
_SENTENCE = re.compile(r".+?(?:[.!?](?=\s+[A-Z\d\"“(])|\n(?=\s*[-*|\d])|$)\s*", re.DOTALL)

# What no end of a sentence breaks (a table in one line, a key) is cut: nobody reads such a quote to its end.
_PIECE = re.compile(r"\s*(?:\S{1,500}\s*){1,120}")


@dataclass(frozen=True)
class Passage:
    """A stretch of a document, word for word, and where it stands (``shipping.md § Cost``)."""

    text: str
    source: str
    score: float
    """How surely it answers: 0 to 1."""


@dataclass(frozen=True)
class _Stretch:
    """A passage as it is kept: with what stands above it, and its sentences as they are searched."""

    text: str
    source: str
    above: str
    sentences: tuple[str, ...]

    @property
    def searched(self) -> str:
        return f"{self.above}. {' '.join(self.text.split())}" if self.above else " ".join(self.text.split())


def _silent(stage: str, done: int, total: int | None) -> None:
    pass


def build_documents(
    documents: Path | Sequence[Section],
    folder: Path,
    *,
    encoder: Encoder,
    chroma: str = "",
    progress: Progress = _silent,
) -> dict[str, Any]:
    """Embeds and indexes a folder of documents (or sections) into ``folder``.

    Cost: one encoder call a sentence and a passage. Returns counts and notices.

    Raises:
        ImportFileError: no such folder.
    """
    loaded = load_documents(documents) if isinstance(documents, Path) else Documents(tuple(documents), ())
    stretches = [stretch for section in loaded.sections for stretch in _stretches(section)]
    owners = [row for row, stretch in enumerate(stretches) for _ in stretch.sentences]
    texts = [sentence for stretch in stretches for sentence in stretch.sentences]
    folder.mkdir(parents=True, exist_ok=True)
    vectors = encoder.encode_document([*texts, *(stretch.searched for stretch in stretches)], progress)
    vectors = vectors.reshape(-1, encoder.dimensions)
    np.save(folder / "sentences.npy", vectors[: len(texts)])
    np.save(folder / "passages.npy", vectors[len(texts) :])
    sources: list[Metadata] = [{"source": stretches[row].source} for row in owners]
    VectorCollection.create(
        folder / "chroma", "documents", vectors[: len(texts)], sources, server=chroma, progress=progress
    )
    content = {"model_id": encoder.model_id, "passages": [vars(s) for s in stretches], "owners": owners}
    (folder / "passages.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return {
        "sections": len(loaded.sections),
        "passages": len(stretches),
        "sentences": len(texts),
        "notices": list(loaded.notices),
    }


class DocumentIndex:
    """Answers questions with a quote of the shop's documents, or not at all."""

    def __init__(
        self,
        stretches: Sequence[_Stretch],
        owners: Sequence[int],
        passages: FloatArray,
        sentences: VectorIndex,
        encoder: Encoder,
    ) -> None:
        self._stretches = stretches
        self._owners = np.asarray(owners, dtype=np.int64)  # sentence -> passage
        self._passages = passages
        self._sentences = sentences
        self._encoder = encoder
        self._postings: dict[str, list[int]] = {}
        for row, stretch in enumerate(stretches):
            name = re.sub(r"\.\w+( §.*)?$", "", stretch.source).replace("-", " ")
            for token in frozenset(tokenize(f"{name} {stretch.searched}")):
                self._postings.setdefault(token, []).append(row)

    @classmethod
    def open(cls, folder: Path, *, encoder: Encoder, chroma: str = "") -> DocumentIndex:
        """Opens what ``build_documents`` wrote.

        Raises:
            ValueError: the index was made with another encoder.
        """
        content = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        if content["model_id"] != encoder.model_id:
            raise ValueError(
                f"the documents were indexed with {content['model_id']}, the encoder is {encoder.model_id}; "
                "build the shop again"
            )
        sentences = VectorIndex(
            np.load(folder / "sentences.npy", mmap_mode="r"),
            VectorCollection(folder / "chroma", server=chroma),
        )
        return cls(
            [
                _Stretch(**{**passage, "sentences": tuple(passage["sentences"])})
                for passage in content["passages"]
            ],
            content["owners"],
            np.load(folder / "passages.npy", mmap_mode="r"),
            sentences,
            encoder,
        )

    def ask(self, question: str) -> Passage | None:
        """The passage that answers a question, word for word; ``None``: the shop does not say.

        Judged by the cosine of its best sentence and of the whole to the question, and by the share of the
        question's own words that it holds. Cost: one query encoding, about 5 ms.
        """
        if not self._stretches or not question.strip():
            return None
        asked = self._as_pages_put_it(question)
        found = self._best(asked)
        if found is None and asked == question and _to_a_country(question):
            found = self._best(_ABROAD)
        return found

    def _as_pages_put_it(self, question: str) -> str:
        """A question that every shop is asked, in a shop's words; any other as it is."""
        words = frozenset(tokenize(question)) - _ASKING
        topics = (topic for topic in _TOPICS if words and words <= topic.words and topic.cue.search(question))
        return next((topic.asked for topic in topics), question)

    def _best(self, question: str) -> Passage | None:
        vector = self._encoder.encode_query([question])[0]
        near, cosines = self._sentences.search(vector, _CANDIDATES)
        best: dict[int, float] = {}
        for owner, cosine in zip(self._owners[near].tolist(), cosines.tolist(), strict=True):
            best.setdefault(owner, cosine)
        coverage = self._coverage(question)
        found = [(self._score(vector, row, best[row], coverage.get(row, 0.0)), row) for row in best]
        score, row = max(found, key=lambda pair: (pair[0], -pair[1]))
        stretch = self._stretches[row]
        return Passage(stretch.text, stretch.source, round(score, 4)) if score > _ANSWERS else None

    def _score(self, vector: FloatArray, row: int, sentence: float, coverage: float) -> float:
        passage = float(self._passages[row] @ vector)
        signals = {"sentence": sentence, "passage": passage, "coverage": coverage, "bias": 1.0}
        return 1 / (1 + math.exp(-sum(_WEIGHTS[name] * signal for name, signal in signals.items())))

    def _coverage(self, question: str) -> dict[int, float]:
        """By passage: the share of the question's words in it, by inverse document frequency."""
        words = frozenset(tokenize(question))
        words = words - _ASKING or words
        count = len(self._stretches)
        weight = {word: math.log(1 + count / len(self._postings.get(word, "_"))) for word in words}
        shares: dict[int, float] = {}
        for word in words:
            for row in self._postings.get(word, ()):
                shares[row] = shares.get(row, 0.0) + weight[word] / sum(weight.values())
        return shares


def _to_a_country(question: str) -> bool:
    """Whether it is asked if parcels go to some country."""
    match = _PLACE.search(question)
    return match is not None and match.group("place").strip().lower() in _countries()


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """English short names of the countries (ISO 3166), in lower case, and some other names."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    names = (line.split("\t")[1].lower() for line in text.splitlines() if line and line[0] != "#")
    return frozenset((*names, "uk", "usa", "us", "england", "scotland", "wales", "europe", "eu", "abroad"))


def _stretches(section: Section) -> Iterator[_Stretch]:
    """The passages of a section, of at most 60 words where sentences allow."""
    above = ": ".join(section.heading[-2:])
    for passage in _passages(section.paragraphs):
        cleaned = (" ".join(re.sub(r"[*_`>#|]+", " ", sentence).split()) for sentence in _sentences(passage))
        sentences = [sentence for sentence in cleaned if re.search(r"\w", sentence)]
        if sentences:
            searched = tuple(f"{above}. {sentence}" if above else sentence for sentence in sentences)
            yield _Stretch(passage, section.source, above, searched)


def _passages(paragraphs: Sequence[str]) -> Iterator[str]:
    """Paragraphs; short neighbours joined, long ones cut between sentences. Linear in the text."""
    held, words = "", 0
    for paragraph in paragraphs:
        count = len(paragraph.split())
        if held and words + count > _WORDS:
            yield held
            held = ""
        if held:
            held, words = f"{held}\n\n{paragraph}", words + count
        else:
            *whole, held = _cut(paragraph)
            yield from whole
            words = len(held.split())
    if held:
        yield held


def _cut(paragraph: str) -> list[str]:
    """A paragraph in passages of at most 60 words; joined they are the paragraph, but for spaces."""
    passages: list[list[str]] = [[]]
    words = 0
    for sentence in _sentences(paragraph):
        count = len(sentence.split())
        if passages[-1] and words + count > _WORDS:
            passages.append([])
            words = 0
        passages[-1].append(sentence)
        words += count
    return ["".join(passage).rstrip() for passage in passages]


def _sentences(text: str) -> list[str]:
    """Sentences and list lines with the space after them, endless ones in pieces; joined, the text."""
    return [piece.group() for match in _SENTENCE.finditer(text) for piece in _PIECE.finditer(match.group())]
