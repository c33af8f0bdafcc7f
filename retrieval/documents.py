"""The shop's own documents: passages with their source, and the one that answers a question, or none."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale

from retrieval.arrays import open_array
from retrieval.encoder import Encoder
from retrieval.importers.documents import Documents, Section, load_documents
from retrieval.shop_questions import ShopQuestions
from retrieval.text.normalization import tokenize, words
from retrieval.text.slips import Slips
from retrieval.vector_index import FloatArray, Metadata, VectorCollection, VectorIndex

Progress = Callable[[str, int, int | None], None]

_WORDS = 60  # a passage: short enough to quote, long enough to hold a rule and its exception
_CANDIDATES = 30
# A passage answers with probability sigmoid(sum of these times the signals): a logistic regression over the
# tuning questions of benchmarks/document_questions.toml; benchmarks/documents.py measures it on others.
_WEIGHTS = {"sentence": 8.84, "passage": 6.63, "coverage": 3.6, "usual": -2.82, "bias": -6.56}
_ANSWERS = 0.5
# What a question is made of besides its subject.
_ASKING = frozenset(
    tokenize(
        "do does did how what who which where when why long much many can could will would should shall may "
        "am there if else someone something anything any about get got give tell know please than then not "
        "no policy policies rules conditions information details work works few over ouch just actually also really "
        "then please sorry hi hello"
    )
)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|(?:eur|usd|gbp|euros?|dollars?|pounds?)\b)|\bfree\b|\bfree of charge\b", re.I
)
_TIME = re.compile(
    r"\b\d+\s?(?:-|–|to|or)?\s?\d*\s?(?:working |business )?(?:hours?|days?|nights?|weeks?|months?|years?)\b",
    re.I,
)
_FORMS = (
    (
        re.compile(
            r"\bhow much\b|\b(?:cost|price|fee|charge|pay|free)\w*\b|\bcarriage\b|\bpostage\b|\bcome to\b|\bset me back\b",
            re.I,
        ),
        _MONEY,
    ),
    (
        re.compile(
            r"\bhow (?:long|many days?|many weeks?|soon|quick\w*|fast)\b|\bhow many day\b|\bwhen\b", re.I
        ),
        _TIME,
    ),
)
"""What a question asks for by its form, and what then stands in the passage that answers it."""
_OF_FORM = 0.7
"""What that is worth, in log odds."""
_ALSO_CALLED = {
    "carriage": "delivery shipping postage",
    "postage": "delivery shipping",
    "courier": "delivery shipping parcel",
    "dispatch": "delivery shipping leave warehouse",
    "spread": "instalment instalments installments",
    "monthly": "instalment instalments installments",
    "months": "instalment instalments installments",
    "klarna": "instalment instalments installments invoice",
    "human": "phone email contact",
    "person": "phone email contact",
    "someone": "phone email contact",
    "somebody": "phone email contact",
    "whereabouts": "stands address located street lane road",
    "located": "stands address street lane road",
    "refund": "money back",
    "back": "return returning returned refund",
    "broken": "damaged faulty",
    "snapped": "damaged faulty broken",
    "smashed": "damaged faulty broken",
    "cracked": "damaged faulty broken",
    "swap": "exchange",
    "stuck": "return exchange",
    "stain": "stains dab wipe clean",
    "spill": "stains dab wipe clean",
    "spilt": "stains dab wipe clean",
    "spilled": "stains dab wipe clean",
    "try": "tried try",
    "wrap": "wrapping gift",
    "assemble": "assembly",
    "build": "assembly assemble fitters",
    "built": "assembly assembled fitters",
    "guarantee": "warranty guarantee",
    "warranty": "warranty guarantee",
}
"""Words of shoppers, and those that pages have for the same."""
_EUROPEAN_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_ABROAD = "abroad international internationally countries country outside overseas worldwide world"
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
    ShopQuestions(encoder).warm()
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
        self._questions = ShopQuestions(encoder)
        written = (word for stretch in stretches for word in words(stretch.searched))
        self._slips = Slips((*written, *ShopQuestions.words()))
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
            open_array(folder / "sentences.npy"),
            VectorCollection(folder / "chroma", server=chroma),
        )
        return cls(
            [
                _Stretch(**{**passage, "sentences": tuple(passage["sentences"])})
                for passage in content["passages"]
            ],
            content["owners"],
            open_array(folder / "passages.npy"),
            sentences,
            encoder,
        )

    def ask(self, question: str) -> Passage | None:
        """The passage that answers a question, word for word; ``None``: the shop does not say."""
        return next(iter(self.answers(question, k=1)), None)

    @property
    def topics(self) -> tuple[str, ...]:
        """What there are documents on: their titles, each once, in order."""
        return tuple(dict.fromkeys(s.above.split(": ")[0] for s in self._stretches if s.above))

    def answers(self, question: str, kind: str = "", k: int = 3) -> list[Passage]:
        """The passages that answer, best first; the question is asked of the ``kind`` of product as well,
        if any.

        Judged by the cosine of its best sentence and of the whole to the question, in the words that pages
        use for what it is about, and by the share of the question's own words that it holds; slips are put right
        before. One query
        encoding a wording, about 5 ms.
        """
        if not self._stretches or not question.strip():
            return []
        question = self._slips.mended(question)
        asked = [question, f"{question.rstrip(' ?.!')} for {kind}?"] if kind.strip() else [question]
        best: dict[int, float] = {}
        for wording in asked:
            for row, score in self._judged(wording).items():
                best[row] = max(score, best.get(row, 0.0))
        order = sorted(best, key=lambda row: (-best[row], row))[:k]
        found = [(self._stretches[row], best[row]) for row in order if best[row] > _ANSWERS]
        return [Passage(stretch.text, stretch.source, round(score, 4)) for stretch, score in found]

    def _judged(self, question: str) -> dict[int, float]:
        """The likely passages with the probability that they answer."""
        own = self._encoder.encode_query([question])[0]
        vector, usual = self._questions.put_as_pages_do(own)
        near, cosines = self._sentences.search(vector, _CANDIDATES)
        best: dict[int, float] = {}
        for owner, cosine in zip(self._owners[near].tolist(), cosines.tolist(), strict=True):
            best.setdefault(owner, cosine)
        coverage = self._coverage(question)
        told = [told for asked, told in _FORMS if asked.search(question)]
        return {row: self._score(vector, row, best[row], coverage.get(row, 0.0), usual, told) for row in best}

    def _score(
        self,
        vector: FloatArray,
        row: int,
        sentence: float,
        coverage: float,
        usual: float,
        told: Sequence[re.Pattern[str]],
    ) -> float:
        passage = float(self._passages[row] @ vector)
        signals = {
            "sentence": sentence,
            "passage": passage,
            "coverage": coverage,
            "usual": usual,
            "bias": 1.0,
        }
        odds = sum(_WEIGHTS[name] * signal for name, signal in signals.items())
        odds += _OF_FORM * sum(bool(pattern.search(self._stretches[row].text)) for pattern in told)
        return 1 / (1 + math.exp(-odds))

    def _coverage(self, question: str) -> dict[int, float]:
        """By passage: the share of the question's words in it, by inverse document frequency."""
        words = frozenset(tokenize(question))
        words = words - _ASKING or words
        count = len(self._stretches)
        rows = {word: self._having(word) for word in words}
        weight = {word: math.log(1 + count / max(1, len(rows[word]))) for word in words}
        shares: dict[int, float] = {}
        for word in words:
            for row in rows[word]:
                shares[row] = shares.get(row, 0.0) + weight[word] / sum(weight.values())
        return shares

    def _having(self, word: str) -> frozenset[int]:
        """The passages that have a word, or what pages call the same; a country that none names is abroad."""
        rows = frozenset(self._postings.get(word, ()))
        for other in _also_called().get(word, ()):
            rows |= frozenset(self._postings.get(other, ()))
        if not rows and (abroad := _abroad().get(word)):
            best = frozenset(row for other in abroad[0] for row in self._postings.get(other, ()))
            rows = best or frozenset(row for other in abroad[1] for row in self._postings.get(other, ()))
        return rows


@cache
def _also_called() -> dict[str, frozenset[str]]:
    """By token of a shopper's word, the tokens of pages."""
    return {t: frozenset(tokenize(words)) for word, words in _ALSO_CALLED.items() for t in tokenize(word)}


@cache
def _abroad() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By token of a country's name of one word: tokens of what it belongs to, and of what stands for all of them."""
    world = frozenset(tokenize(_ABROAD))
    union = frozenset(tokenize("eu europe european"))
    names = ((code, tokenize(name)) for code, name in Locale("en").territories.items() if code.isalpha())
    return {
        name[0]: (union if code in _EUROPEAN_UNION.split() else world, world)
        for code, name in names
        if len(name) == 1
    }


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
