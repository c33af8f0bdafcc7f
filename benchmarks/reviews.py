"""How well and how fast Aisle reads reviews: sentences, aspects, stars, and the int8 path beside
transformers.

Run with `python -m benchmarks.reviews [--absa-test FILE] [--sentences FILE] [--larger FOLDER]
[--larger-aspects FOLDER] [--only PART ...]`. Baselines of the same run: VADER, MiniLM vectors with a
logistic regression, `transformers.pipeline`. Data: the folder `AISLE_DATA` (default `../shared/data`) and
the rated snippets of the source package vaderSentiment 2.5 (fetched with pip). Parts whose data is absent
are skipped and named. The last line is JSON.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import review_speed
from benchmarks.hu_liu import LabelledSentence, matched, read_hu_liu
from retrieval.aspect_sentiment import AspectSentiment, ClauseAspectSentiment, open_aspect_sentiment
from retrieval.encoder import Encoder, open_encoder
from retrieval.inference.calibration import expected_calibration_error
from retrieval.sentiment import SentimentModel, open_sentiment
from retrieval.training.aspect_labels import AspectLabel, read_aspect_labels
from retrieval.training.sentiment_data import fetch_snippets, read_snippets, read_sst2, split_amazon

DATA = Path(os.environ.get("AISLE_DATA", "../shared/data"))
CACHE = Path(os.environ.get("AISLE_BENCHMARK_CACHE", ".demo/benchmarks"))
IMPLIED = Path(__file__).with_name("implied_sentences.tsv")

Scores = npt.NDArray[np.float32]
Reader = Callable[[Sequence[str]], Scores]
"""Sentences to probabilities of (negative, neutral, positive)."""
Names = dict[str, set[str]]
"""Of the aspects of a sentence: each with what it is called there."""
OPINION_NEUTRAL = 0.2
"""Chosen on the first five products of Hu & Liu, whose sentences are also among the rated snippets."""


class Bench:
    """What all parts share: the models, opened once."""

    def __init__(
        self, absa_test: Path, sentences: Path, larger: str | None, larger_aspects: str | None
    ) -> None:
        self.absa_test, self.sentences = absa_test, sentences
        self.larger, self.larger_aspects = larger, larger_aspects
        self.model: SentimentModel = open_sentiment(cache_folder=CACHE)
        self.trained: AspectSentiment = open_aspect_sentiment(sentiment=self.model, cache_folder=CACHE)
        self.untrained: AspectSentiment = ClauseAspectSentiment(self.model)
        self.encoder: Encoder = open_encoder(cache_folder=CACHE)
        self.vader = _vader()

    def readers(self) -> dict[str, Reader]:
        readers: dict[str, Reader] = {"aisle": self.model.predict, "vader": self.vader, **self._regression()}
        if self.larger:
            readers["larger"] = open_sentiment(self.larger, cache_folder=CACHE).predict
        return readers

    def _regression(self) -> dict[str, Reader]:
        """MiniLM as it comes, with a logistic regression on SST-2's and Amazon's training texts."""
        from sklearn.linear_model import LogisticRegression

        films = read_sst2(DATA / "sst2" / "train.tsv")
        train, _ = split_amazon(read_snippets(fetch_snippets(CACHE), "amazon"))
        texts = [text for text, _ in films] + [snippet.text for snippet in train]
        labels = [2 * label for _, label in films] + [snippet.label for snippet in train]
        fitted = LogisticRegression(max_iter=2000, C=3).fit(self.encoder.encode_document(texts), labels)
        return {
            "minilm_logistic_regression": lambda texts: np.asarray(
                fitted.predict_proba(self.encoder.encode_document(texts)), dtype=np.float32
            )
        }


def films(bench: Bench) -> dict[str, Any]:
    """SST-2's test file, or the file of ``--sentences``: `sentence<TAB>0 or 1`."""
    accuracies = _side_accuracies(bench, read_sst2(bench.sentences))
    return {"sst2_accuracy": accuracies.pop("aisle"), "baselines": {"sst2_accuracy": accuracies}}


def implied(bench: Bench) -> dict[str, Any]:
    """Our own sentences that praise or blame a thing without a word of judgement, written before the frames
    that training learns such from (``retrieval/training/implied_opinions.txt``)."""
    rows = read_sst2(IMPLIED)
    accuracies = _side_accuracies(bench, rows)
    return {
        "implied_n": len(rows),
        "implied_accuracy": accuracies.pop("aisle"),
        "baselines": {"implied_accuracy": accuracies},
    }


def products(bench: Bench) -> dict[str, Any]:
    """Amazon snippets of held-out reviews: the sign of the mean rating, and three classes."""
    _, test = split_amazon(read_snippets(fetch_snippets(CACHE), "amazon"))
    texts = [snippet.text for snippet in test]
    positive = np.array([snippet.rating > 0 for snippet in test])
    labels = np.array([snippet.label for snippet in test])
    scores = {name: read(texts) for name, read in bench.readers().items()}
    binary = {name: _rounded(np.mean(_is_positive(rows) == positive)) for name, rows in scores.items()}
    three = {name: _rounded(np.mean(rows.argmax(axis=1) == labels)) for name, rows in scores.items()}
    error = {
        name: _rounded(expected_calibration_error(rows, labels))
        for name, rows in scores.items()
        if name != "vader"
    }
    return {
        "amazon_n": len(test),
        "amazon_accuracy": binary.pop("aisle"),
        "amazon_three_class_accuracy": three.pop("aisle"),
        "amazon_calibration_error": error.pop("aisle"),
        "baselines": {
            "amazon_accuracy": binary,
            "amazon_three_class_accuracy": three,
            "amazon_calibration_error": error,
        },
    }


def aspects(bench: Bench) -> dict[str, Any]:
    """Polarity of given terms: the pair model, the path without aspect training, and whole sentences."""
    labels = read_aspect_labels(bench.absa_test)
    pairs = [(label.sentence, label.term) for label in labels]
    sentences = [label.sentence for label in labels]
    accuracy, macro = _aspect_figures(bench.trained.predict(pairs), labels)
    zero_accuracy, zero_macro = _aspect_figures(bench.untrained.predict(pairs), labels)
    baselines = {
        name: _aspect_figures(read(sentences), labels)
        for name, read in (("sentence_alone", bench.model.predict), ("vader", bench.vader))
    }
    if bench.larger_aspects:
        larger = open_aspect_sentiment(bench.larger_aspects, sentiment=bench.model, cache_folder=CACHE)
        baselines["larger"] = _aspect_figures(larger.predict(pairs), labels)
    return {
        "laptops_accuracy": accuracy,
        "laptops_macro_f1": macro,
        "zero_shot_accuracy": zero_accuracy,
        "zero_shot_macro_f1": zero_macro,
        "baselines": {
            "laptops_accuracy": {name: figures[0] for name, figures in baselines.items()},
            "laptops_macro_f1": {name: figures[1] for name, figures in baselines.items()},
        },
    }


def customer_reviews(bench: Bench) -> dict[str, Any]:
    """Hu & Liu: are the labelled aspects found, and is their orientation right?

    Aspects are mined as a build does, which knows what the products are called. Those whose opinion is
    neutral with a chance of ``OPINION_NEUTRAL`` or more do not count as found, nor does one aspect twice in
    a sentence. Figures are also told on the nine products that no training text comes from.
    """
    from retrieval.aspect_mining.mining import mine_aspects
    from retrieval.records import Product
    from retrieval.reviews.build import ShopNames

    rows = read_hu_liu(DATA / "hu_liu")
    products = {row.product: row.category for row in rows}
    names = ShopNames.of(Product(item_id=p, title=p, category=path) for p, path in products.items())
    sentences = [(row.category, row.text) for row in rows]
    book = mine_aspects(sentences, bench.encoder, names.by_category, names.in_titles)
    mentions = [(row.text, m) for row in rows for m in book.lexicon(row.category).find(row.text)]
    neutral = bench.trained.predict([(text, mention.term) for text, mention in mentions])[:, 1]
    found: dict[str, Names] = {row.text: {} for row in rows}
    judged: dict[str, Names] = {row.text: {} for row in rows}
    for (text, mention), chance in zip(mentions, neutral, strict=True):
        for kept in (found, judged) if chance < OPINION_NEUTRAL else (found,):
            kept[text].setdefault(mention.aspect, {mention.aspect}).add(mention.term)
    unseen = [row for row in rows if not row.rated_elsewhere]
    return {
        "hu_liu_aspect_f1": _aspect_f1(rows, judged),
        "hu_liu_aspect_f1_unseen": _aspect_f1(unseen, judged),
        "hu_liu_orientation": _orientation(unseen, bench.trained),
        "hu_liu_orientation_all": _orientation(rows, bench.trained),
        "baselines": {
            "hu_liu_aspect_f1": {"every_mention": _aspect_f1(rows, found)},
            "hu_liu_orientation": {
                "vader": _orientation(unseen, _Whole(bench.vader)),
                "without_aspect_training": _orientation(unseen, bench.untrained),
            },
        },
    }


def stars(bench: Bench) -> dict[str, Any]:
    """Digital music: does the mean polarity of a review's sentences order reviews like their stars?"""
    from sklearn.metrics import roc_auc_score

    from retrieval.reviews.text import split_sentences

    with gzip.open(DATA / "digital_music" / "reviews.jsonl.gz", "rt", encoding="utf-8") as lines:
        reviews = [json.loads(line) for line in lines]
    started = time.perf_counter()
    split = [split_sentences(f"{review['summary']}. {review['reviewText']}") for review in reviews]
    sentences = [sentence for review in split for sentence in review]
    with review_speed.nothing_scored(CACHE, threads=2) as model:
        scores = model.predict(sentences)
    seconds = time.perf_counter() - started
    names: dict[str, Scores] = {"aisle": scores, "vader": bench.vader(sentences)}
    clear = [row for row, review in enumerate(reviews) if review["overall"] != 3]
    liked = [reviews[row]["overall"] > 3 for row in clear]
    ends = np.cumsum([len(review) for review in split])[:-1]
    areas = {}
    for name, rows in names.items():
        means = [part.mean() if len(part) else 0.0 for part in np.split(rows[:, 2] - rows[:, 0], ends)]
        areas[name] = _rounded(roc_auc_score(liked, [means[row] for row in clear]))
    return {
        "digital_music_auc": areas.pop("aisle"),
        "digital_music_reviews": len(reviews),
        "digital_music_sentences": len(sentences),
        "digital_music_seconds": round(seconds, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baselines": {"digital_music_auc": areas},
    }


PARTS: dict[str, tuple[Callable[[Bench], dict[str, Any]], str]] = {
    "films": (films, "sst2"),
    "products": (products, "sst2"),
    "implied": (implied, "sst2"),
    "aspects": (aspects, "laptops_absa"),
    "customer_reviews": (customer_reviews, "hu_liu"),
    "stars": (stars, "digital_music"),
    "speed": (lambda bench: review_speed.fast_path(DATA, CACHE), "sst2"),
    "build": (lambda bench: review_speed.build(DATA, CACHE), "digital_music"),
    "growth": (lambda bench: review_speed.growth(DATA, CACHE), "hu_liu"),
    "resume": (lambda bench: review_speed.resume(DATA, CACHE), "hu_liu"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--absa-test", type=Path, default=DATA / "laptops_absa" / "Laptops_Test_Gold.xml.seg")
    parser.add_argument("--sentences", type=Path, default=DATA / "sst2" / "test.tsv")
    parser.add_argument("--larger", help="folder or hub name of a larger sentiment model, as further rows")
    parser.add_argument("--larger-aspects", help="the same of a model that reads a sentence and a term")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=[name for name in PARTS if name != "growth"]
    )
    asked = parser.parse_args()
    bench = Bench(asked.absa_test, asked.sentences, asked.larger, asked.larger_aspects)
    result: dict[str, Any] = {"baselines": {}, "skipped": []}
    for name in asked.only:
        run, folder = PARTS[name]
        if not (DATA / folder).is_dir():
            result["skipped"].append(f"{name}: {DATA / folder} is absent; set AISLE_DATA")
            continue
        found = run(bench)
        result["baselines"] |= found.pop("baselines", {})
        result |= found
        print(json.dumps({name: found}), flush=True)
    print(json.dumps(result))


class _Whole:
    """A reader of sentences that ignores the term."""

    model_id = "whole"

    def __init__(self, read: Reader) -> None:
        self._read = read

    def predict(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        return self._read([sentence for sentence, _ in pairs])


def _vader() -> Reader:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def read(texts: Sequence[str]) -> Scores:
        compound = np.array([analyzer.polarity_scores(text)["compound"] for text in texts], dtype=np.float32)
        neutral = np.abs(compound) < 0.05  # the band its authors recommend
        spread = np.clip(np.abs(compound), 0, 1)
        sides = np.stack(
            [np.where(compound < 0, spread, 0), 2.0 * neutral, np.where(compound > 0, spread, 0)], 1
        )
        return np.asarray(sides, dtype=np.float32)

    return read


def _side_accuracies(bench: Bench, rows: Sequence[tuple[str, int]]) -> dict[str, float]:
    """Of every reader on sentences called 0 or 1."""
    labels = np.array([label for _, label in rows])
    return {
        name: _rounded(np.mean(_is_positive(read([text for text, _ in rows])) == labels))
        for name, read in bench.readers().items()
    }


def _is_positive(scores: Scores) -> npt.NDArray[np.bool_]:
    return np.asarray(scores[:, 2] > scores[:, 0])


def _aspect_figures(scores: Scores, labels: Sequence[AspectLabel]) -> tuple[float, float]:
    from sklearn.metrics import f1_score

    truth, said = np.array([label.label for label in labels]), scores.argmax(axis=1)
    return _rounded(np.mean(truth == said)), _rounded(f1_score(truth, said, average="macro"))


def _aspect_f1(rows: Sequence[LabelledSentence], found: Mapping[str, Names]) -> float:
    labelled = [list(dict(row.aspects)) for row in rows]
    hits = sum(matched(found[row.text].values(), own) for row, own in zip(rows, labelled, strict=True))
    return _rounded(2 * hits / max(1, sum(len(found[row.text]) for row in rows) + sum(map(len, labelled))))


def _orientation(rows: Sequence[LabelledSentence], reader: AspectSentiment) -> float:
    signed = [(row.text, term, sign) for row in rows for term, sign in row.aspects]
    scores = reader.predict([(text, term) for text, term, _ in signed])
    return _rounded(np.mean(_is_positive(scores) == [sign > 0 for _, _, sign in signed]))


def _rounded(value: Any) -> float:
    return round(float(value), 4)


if __name__ == "__main__":
    main()
