"""``aisle train-sentiment``: from rated texts to the files that ``open_sentiment`` opens.

The default model is MiniLM with all six layers trained on human ratings, on weak star labels and, given a
teacher, on its opinion of unlabelled sentences and phrases (distillation; Hinton et al. 2015); that stage
alone changes the word embeddings, by a matrix of low rank. A larger encoder is trained by the same command
and kept as an ordinary transformers folder.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.encoder import open_encoder
from retrieval.inference.checksums import record
from retrieval.inference.classifier import softmax
from retrieval.inference.classifier_weights import (
    MODELS_FOLDER,
    base_folder,
    build_classifier,
    load_tensors,
    save_tensors,
)
from retrieval.text.normalization import STOP_WORDS
from retrieval.training.development import Development
from retrieval.training.fine_tuning import Example, FineTuning, Progress, fine_tune, predict_logits
from retrieval.training.implied_opinions import expand, implied_examples, read_frames, split_frames
from retrieval.training.sentiment_corpus import StarredReview, read_reviews, review_sentences, starred_titles
from retrieval.training.sentiment_data import (
    binary_examples,
    fetch_snippets,
    lexicon_words,
    rated_examples,
    read_snippets,
    read_sst2,
    split_amazon,
)
from retrieval.training.text_augmentation import (
    content_words,
    join_halves,
    random_spans,
    swap_words,
    word_neighbours,
)

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["SentimentTraining", "train_sentiment"]

_CODE = (
    "fine_tuning.py",
    "sentiment.py",
    "development.py",
    "sentiment_data.py",
    "sentiment_corpus.py",
    "text_augmentation.py",
    "implied_opinions.py",
    "implied_opinions.txt",
)
_CHUNK = 512

_GOLD = FineTuning(epochs=3, learning_rate=1e-4, max_tokens=64, average_from=0.7)
_DISTILLATION = FineTuning(
    epochs=2, batch_size=48, learning_rate=2e-4, max_tokens=64, average_from=0.75, embedding_rank=16
)
_GOLD_LARGER = FineTuning(
    epochs=2, learning_rate=5e-5, head_learning_rate=3e-4, max_tokens=56, average_from=0.7, frozen_layers=5
)


@dataclass(frozen=True)
class SentimentTraining:
    """What is trained on what. The numbers are counts of examples."""

    gold: FineTuning = _GOLD
    """First stage: texts that people labelled."""
    distillation: FineTuning = _DISTILLATION
    """Second stage, given a teacher: the same texts and those that the teacher has an opinion of."""
    tweets: int = 500
    news: int = 400
    titles: int = 1000
    implied: int = 24
    """Sentences of each frame of an implied opinion; both stages learn them."""
    implied_weight: float = 8.0
    spans: int = 4
    """Random phrases of each labelled film or product sentence."""
    swaps: int = 3
    """Copies of each such sentence in which some words are replaced."""
    joined: int = 6000
    """Texts put together of halves of film sentences."""
    sentences: int = 40_000
    """Sentences of shop reviews."""
    review_spans: int = 2
    """Random phrases of each of these."""
    review_swaps: int = 1
    """Copies of each of these in which some words are replaced."""
    softness: float = 2.0
    """Temperature of the teacher's opinions: what it finds second most likely is learnt too."""
    kept: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75)
    """Shares of the first stage in the final weights, of which development data picks one: the mean of both
    stages holds better elsewhere than either (Wortsman et al. 2022).
    """
    certainty_of_stars: float = 0.85
    dev_share: float = 0.1
    """Share of the Amazon training reviews kept for the temperature and the report."""
    seed: int = 0

    def with_seed(self, seed: int) -> SentimentTraining:
        """The same plan with all that is random drawn anew: texts, their order, dropout."""
        gold, distillation = replace(self.gold, seed=seed), replace(self.distillation, seed=seed)
        return replace(self, gold=gold, distillation=distillation, seed=seed)


@dataclass(frozen=True)
class _Corpus:
    gold: list[Example]
    implied: list[Example]
    own: list[str]
    """Film and product sentences among them."""
    more: list[str]
    """Tweets and editorials, whatever people said of them."""
    reviews: list[StarredReview]
    words: list[str]
    """Words that opinions are made of."""
    forbidden: frozenset[str]
    """What the model is measured on, in small letters."""
    development: Development
    digest: str


def train_sentiment(
    data_folder: Path,
    out: Path = MODELS_FOLDER / "sentiment-minilm",
    *,
    cache_folder: Path,
    base: Path | None = None,
    teacher: Path | None = None,
    start: Path | None = None,
    seed: int = 0,
    settings: SentimentTraining | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train, calibrate on development data and write the model; returns the training report.

    With MiniLM (``base`` None) ``out`` names the pair ``out.safetensors`` and ``out.json``; with another
    encoder it is a folder for ``open_sentiment(str(out))``. ``teacher`` is such a folder. ``start``,
    weights written before, stands in for the first stage; ``seed`` is what a plan without ``settings``
    draws with. On one free core MiniLM takes about ten minutes, with a teacher an hour more; mpnet-base half
    an hour. Test files are never read.

    Raises:
        ModelFilesError: ``data_folder`` lacks ``sst2/train.tsv`` or ``sst2/dev.tsv``.
    """
    from transformers import AutoTokenizer

    started = time.monotonic()
    plan = settings or SentimentTraining(gold=_GOLD_LARGER if base else _GOLD).with_seed(seed)
    corpus = _read_corpus(data_folder, cache_folder, plan)
    encoder = base or base_folder()
    tokenizer = AutoTokenizer.from_pretrained(str(encoder))
    model = build_classifier(encoder)
    reader: Any = model.get_input_embeddings()
    words = reader.weight.detach().clone()
    first_stage = _sha256([repr((encoder.name, plan.gold, corpus.digest)).encode()])[:16]
    checkpoint = start or cache_folder / f"gold-{first_stage}.safetensors"
    if start is not None or checkpoint.is_file():
        load_tensors(model, checkpoint)
    else:
        fine_tune(model, tokenizer, [*corpus.gold, *corpus.implied], plan.gold, progress=progress)
        save_tensors(model, checkpoint)
    examples, texts, kept = [*corpus.gold, *corpus.implied], list[str](), 0.0
    if teacher is not None:
        texts = _unlabelled(corpus, plan, tokenizer, cache_folder)
        examples += _distilled(teacher, texts, plan, cache_folder, progress)
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        fine_tune(model, tokenizer, examples, plan.distillation, progress=progress)
        kept = corpus.development.pick_blend(model, tokenizer, before, plan.kept)
    bias = corpus.development.correct_bias(model, tokenizer)
    report = corpus.development.report(model, tokenizer) | {
        "bias": bias,
        "kept": kept,
        "base": encoder.name,
        "examples": len(examples),
        "teacher": teacher.name if teacher else None,
        "first_stage_sha256": _sha256([checkpoint.read_bytes()]),
        "settings": asdict(plan),
        "data_sha256": corpus.digest + _sha256(text.encode() for text in texts),
        "code_sha256": _sha256(Path(__file__).with_name(name).read_bytes() for name in _CODE),
        "minutes": round((time.monotonic() - started) / 60, 1),
    }
    _write(model, tokenizer, out, report, embeddings=words if base is None else None)
    return report


def _read_corpus(data_folder: Path, cache_folder: Path, plan: SentimentTraining) -> _Corpus:
    archive = fetch_snippets(cache_folder)
    sst2 = read_sst2(data_folder / "sst2" / "train.tsv")
    amazon, held_out = split_amazon(read_snippets(archive, "amazon"))
    amazon, amazon_dev = split_amazon(amazon, seed=1, share=plan.dev_share)
    order = random.Random(plan.seed)
    tweets, news = read_snippets(archive, "tweets"), read_snippets(archive, "news")
    rated = [*order.sample(tweets, plan.tweets), *order.sample(news, plan.news)]
    reviews = read_reviews(data_folder)
    titles = starred_titles(reviews, plan.titles, plan.seed)
    gold = [
        *binary_examples(sst2),
        *rated_examples(amazon, weight=1.5),
        *rated_examples(rated, weight=0.7),
        *binary_examples(titles, certainty=plan.certainty_of_stars, weight=0.5),
    ]
    frames, held_frames = split_frames(read_frames())
    implied = implied_examples(expand(frames, plan.implied, plan.seed), plan.implied_weight)
    return _Corpus(
        gold=gold,
        implied=implied,
        own=[text for text, _ in sst2] + [snippet.text for snippet in amazon],
        more=[snippet.text for snippet in [*tweets, *news]],
        reviews=reviews,
        words=lexicon_words(archive),
        forbidden=frozenset(snippet.text.lower() for snippet in [*held_out, *amazon_dev]),
        development=Development(
            read_sst2(data_folder / "sst2" / "dev.tsv"), amazon_dev, expand(held_frames, plan.implied)
        ),
        digest=_sha256(f"{example}".encode() for example in [*gold, *implied]),
    )


def _unlabelled(
    corpus: _Corpus, plan: SentimentTraining, tokenizer: PreTrainedTokenizerBase, cache_folder: Path
) -> list[str]:
    """What the teacher is asked about, each text once: real sentences, phrases of them, and made-up ones
    that hold the words which the pupil reads whole.
    """
    sentences = review_sentences(corpus.reviews, plan.sentences, plan.seed)
    pieces = [piece for piece in tokenizer.get_vocab() if not piece.startswith("#")]
    vocabulary = content_words([*pieces, *corpus.words, *corpus.own, *sentences])
    swapped = [word for word in content_words(corpus.own) if word not in STOP_WORDS]
    near = word_neighbours(swapped, vocabulary, open_encoder(cache_folder=cache_folder).encode_document)
    spans = random_spans(corpus.own, plan.spans, plan.seed)
    texts = [
        *corpus.own,
        *corpus.more,
        *sentences,
        *corpus.words,
        *spans,
        *swap_words([*corpus.own, *spans[:: plan.spans]], near, corpus.words, plan.swaps, plan.seed),
        *join_halves(corpus.own, plan.joined, plan.seed),
        *random_spans(sentences, plan.review_spans, plan.seed),
        *swap_words(sentences, near, corpus.words, plan.review_swaps, plan.seed),
    ]
    return [text for text in dict.fromkeys(texts) if text.strip() and text.lower() not in corpus.forbidden]


def _distilled(
    teacher: Path, texts: list[str], plan: SentimentTraining, cache_folder: Path, progress: Progress
) -> list[Example]:
    """The teacher's opinion of ``texts``; its logits are kept in ``cache_folder``, chunk by chunk."""
    from retrieval.inference.embedding_cache import EmbeddingCache
    from retrieval.inference.hub_classifier import hub_key, load_hub_classifier

    texts = sorted(texts, key=len)
    kept = EmbeddingCache(cache_folder, hub_key(str(teacher)), 3)
    logits, missing = kept.get(texts)
    reader = load_hub_classifier(str(teacher), "teacher")
    for start in range(0, len(missing), _CHUNK):
        rows = missing[start : start + _CHUNK]
        pairs = [(texts[row], None) for row in rows]
        fresh = predict_logits(reader.model, reader.tokenizer, pairs, max_tokens=64)
        logits[rows] = kept.put([texts[row] for row in rows], fresh)
        progress("teacher", start + len(rows), len(missing))
    softened = softmax(logits / np.float32(reader.temperature * plan.softness))
    return [
        Example(text, (float(row[0]), float(row[1]), float(row[2])), temperature=plan.softness)
        for text, row in zip(texts, softened, strict=True)
    ]


def _write(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    out: Path,
    report: dict[str, Any],
    *,
    embeddings: torch.Tensor | None,
) -> None:
    """``embeddings``: the word embeddings that a reader has already; without them all is written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if embeddings is None:
        model.config.sentiment_temperature = report["temperature"]
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)
        (out / "training.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
        return
    save_tensors(model, out.with_suffix(".safetensors"), embeddings=embeddings)
    out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    record(out.parent, f"{out.name}.safetensors", f"{out.name}.json")


def _sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
