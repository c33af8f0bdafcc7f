"""``aisle train-aspects``: from the sentence model to the polarity of a term in its sentence.

The default model learns from labelled terms and, given a teacher, from its opinion of terms that nobody
labelled (distillation; Hinton et al. 2015). A larger model is trained by the same command and kept as an
ordinary transformers folder, for use or as a teacher.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.aspect_sentiment import clause_about, open_pair_classifier
from retrieval.encoder import open_encoder
from retrieval.inference.calibration import best_temperature, expected_calibration_error
from retrieval.inference.checksums import record
from retrieval.inference.classifier import FloatMatrix, softmax
from retrieval.inference.classifier_weights import (
    LABELS,
    MODELS_FOLDER,
    DeliveredWeights,
    base_folder,
    load_classifier,
    load_tensors,
    save_tensors,
)
from retrieval.inference.low_rank import save_difference
from retrieval.inference.score_cache import ScoreCache
from retrieval.training.aspect_labels import (
    AspectLabel,
    aspect_examples,
    read_aspect_labels,
    split_by_sentence,
)
from retrieval.training.aspect_texts import further_terms, swapped_labels, terms_of_reviews
from retrieval.training.fine_tuning import Example, FineTuning, Progress, fine_tune, predict_logits
from retrieval.training.sentiment_corpus import read_reviews, review_sentences

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["AspectTraining", "train_aspect_teacher", "train_aspects"]

_CODE = ("fine_tuning.py", "aspects.py", "aspect_labels.py", "aspect_texts.py", "text_augmentation.py")

_GOLD = FineTuning(epochs=4, learning_rate=2e-4, max_tokens=96, average_from=0.6)
_GOLD_TAUGHT = FineTuning(
    epochs=2, learning_rate=1e-4, head_learning_rate=5e-4, max_tokens=96, average_from=0.6
)
_DISTILLATION = FineTuning(epochs=2, batch_size=48, learning_rate=2e-4, max_tokens=96, average_from=0.7)
_GOLD_LARGER = FineTuning(
    epochs=3,
    batch_size=16,
    learning_rate=5e-5,
    head_learning_rate=3e-4,
    max_tokens=96,
    average_from=0.6,
    frozen_layers=4,
)


@dataclass(frozen=True)
class AspectTraining:
    """What is trained on what. The numbers are counts of terms."""

    gold: FineTuning = _GOLD
    """The last stage: terms that people labelled. After a teacher's there is less left to learn."""
    runs: int = 10
    """Of the last stage, each with another seed and another part held out; their weights' mean is kept."""
    dev_share: float = 0.1
    """Share of the labelled sentences in a part."""
    hidden: int = 1
    """Parts that a teacher and the stage that learns from it never see."""
    distillation: FineTuning = _DISTILLATION
    """The stage before, given a teacher."""
    reviews: int = 25_000
    """Terms in sentences of shop reviews."""
    further: int = 3
    """Terms of each labelled sentence that nobody labelled."""
    swaps: int = 12
    """Copies of each labelled sentence in which words other than the term are replaced."""
    softness: float = 2.0
    """Temperature of the teacher's opinions."""
    rank: int = 48
    """Of what is kept of each matrix, on average."""


_Said = list[tuple[FloatMatrix, FloatMatrix, list[AspectLabel]]]


def train_aspects(
    train: Path,
    out: Path = MODELS_FOLDER / "aspects-minilm",
    *,
    cache_folder: Path,
    teacher: Path | None = None,
    data_folder: Path | None = None,
    sentiment: DeliveredWeights | None = None,
    settings: AspectTraining | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on the ``.seg`` file ``train`` and write ``out.safetensors`` and ``out.json``; returns the
    report.

    ``teacher`` is a folder that ``train_aspect_teacher`` wrote; what it thinks of terms in ``train`` and in
    the reviews under ``data_folder`` is learnt first. Then follow runs on the labels, each from there, and
    the mean of their weights is taken (Wortsman et al. 2022); what is kept is its difference to the sentence
    model, 2 MB. Each run holds out another part of the sentences: what it says of them gives the
    temperature and the report, so that the mean has seen every label and no figure is of labels that its
    run, or the teacher, had seen. About two minutes a run on a free core; the teacher's stage takes half an
    hour more and is kept in ``cache_folder``.

    Raises:
        ModelFilesError: there is no file ``train``.
        ValueError: names the file and the row that can't be read.
    """
    from transformers import AutoTokenizer

    plan = settings or AspectTraining(gold=_GOLD_TAUGHT if teacher else _GOLD)
    before = sentiment or DeliveredWeights.find("sentiment-minilm")
    labels = read_aspect_labels(train)
    tokenizer = AutoTokenizer.from_pretrained(str(base_folder()))
    model = load_classifier(before)
    own = _copy(model.state_dict())
    opinions = list[Example]()
    if teacher is not None:
        opinions = _opinions(teacher, labels, data_folder, plan, cache_folder, progress)
        seen, _ = split_by_sentence(labels, plan.dev_share, range(plan.hidden))
        examples = [*opinions, *aspect_examples(seen)]
        name = sha256(repr((before.digest, plan.distillation, examples)).encode()).hexdigest()[:16]
        checkpoint = cache_folder / f"aspects-{name}.safetensors"
        if not checkpoint.is_file():
            fine_tune(model, tokenizer, examples, plan.distillation, progress=progress)
            save_tensors(model, checkpoint)
        load_tensors(model, checkpoint)
    mean, said = _mean_of_runs(model, tokenizer, labels, plan, progress)
    save_difference(own, mean, out.with_suffix(".safetensors"), rank=plan.rank)
    report = {
        **_figures(said[: plan.hidden] if teacher else said),
        "examples": len(labels),
        "opinions": len(opinions),
        "teacher": teacher.name if teacher else None,
        "settings": asdict(plan),
        "over": before.digest,
        **_provenance(train),
    }
    out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    record(out.parent, f"{out.name}.safetensors", f"{out.name}.json")
    return report


def train_aspect_teacher(
    train: Path,
    base: Path,
    out: Path,
    *,
    gold: FineTuning = _GOLD_LARGER,
    plan: AspectTraining | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train the larger sentence model in ``base`` on ``train`` and write the folder ``out``; returns its
    report, of the parts that it holds out. About ten minutes for mpnet-base on a free core.

    Raises:
        ModelFilesError: there is no file ``train``, or ``base`` is no classifier of polarities.
        ValueError: names the file and the row that can't be read.
    """
    from retrieval.inference.hub_classifier import load_hub_classifier

    plan = plan or AspectTraining()
    fitting, held = split_by_sentence(read_aspect_labels(train), plan.dev_share, range(plan.hidden))
    reader = load_hub_classifier(str(base), "base")
    fine_tune(reader.model, reader.tokenizer, aspect_examples(fitting), gold, progress=progress)
    report = {
        **_figures([(*_read_twice(reader.model, reader.tokenizer, held), held)]),
        "base": base.name,
        "examples": len(fitting),
        "settings": asdict(gold),
        **_provenance(train),
    }
    reader.model.config.sentiment_temperature = report["temperature"]
    reader.model.save_pretrained(out)
    reader.tokenizer.save_pretrained(out)
    (out / "training.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def _opinions(
    teacher: Path,
    labels: Sequence[AspectLabel],
    data_folder: Path | None,
    plan: AspectTraining,
    cache_folder: Path,
    progress: Progress,
) -> list[Example]:
    """What the teacher thinks of terms that nobody labelled, softened; the hidden parts are left out."""
    seen, hidden = split_by_sentence(labels, plan.dev_share, range(plan.hidden))
    reviews = review_sentences(read_reviews(data_folder), plan.reviews) if data_folder else []
    encode = open_encoder(cache_folder=cache_folder).encode_document
    pairs = [
        *further_terms(seen, plan.further),
        *terms_of_reviews(reviews, plan.reviews),
        *swapped_labels(seen, reviews, encode, plan.swaps),
    ]
    forbidden = {label.sentence for label in hidden}
    pairs = [pair for pair in dict.fromkeys(pairs) if pair[0] not in forbidden]
    reader = open_pair_classifier(str(teacher), exports_folder=cache_folder, threads=os.cpu_count() or 1)
    scores = ScoreCache(reader, cache_folder).scores(
        [text for text, _ in pairs], [term for _, term in pairs], progress
    )
    softened = softmax(np.log(np.maximum(scores, 1e-4)) / np.float32(plan.softness))
    return [
        Example(text, (float(row[0]), float(row[1]), float(row[2])), term, temperature=plan.softness)
        for (text, term), row in zip(pairs, softened, strict=True)
    ]


def _mean_of_runs(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    labels: Sequence[AspectLabel],
    plan: AspectTraining,
    progress: Progress,
) -> tuple[dict[str, torch.Tensor], _Said]:
    """The mean of the weights that each run ends in, and what each says of its part."""
    start = _copy(model.state_dict())
    mean, said = _copy(start), _Said()
    for run in range(plan.runs):
        fitting, held = split_by_sentence(labels, plan.dev_share, [run])
        model.load_state_dict(start)
        own = replace(plan.gold, seed=plan.gold.seed + run)
        fine_tune(model, tokenizer, aspect_examples(fitting), own, progress=progress)
        for name, tensor in model.state_dict().items():
            mean[name] = mean[name].lerp(tensor, 1 / (run + 1)) if tensor.is_floating_point() else tensor
        said.append((*_read_twice(model, tokenizer, held), held))
    return mean, said


def _read_twice(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, labels: Sequence[AspectLabel]
) -> tuple[FloatMatrix, FloatMatrix]:
    """Logits (n, 3) of each term in its sentence and in its clause, which a shop reads both."""
    sentences = [(label.sentence, label.term) for label in labels]
    clauses = [(clause_about(*pair), pair[1]) for pair in sentences]
    return predict_logits(model, tokenizer, sentences), predict_logits(model, tokenizer, clauses)


def _figures(said: _Said) -> dict[str, Any]:
    """Temperature, and quality on what was held out."""
    whole, clause = (np.concatenate([part[place] for part in said]) for place in (0, 1))  # (n, 3)
    truth = np.array([label.label for *_, held in said for label in held])
    temperature = best_temperature(whole, truth)
    before, scaled = (
        np.asarray((softmax(whole / by) + softmax(clause / by)) / 2, dtype=np.float32)
        for by in (1.0, temperature)
    )
    return {
        "labels": LABELS,
        "temperature": temperature,
        "dev": {
            "examples": len(truth),
            "accuracy": float(np.mean(scaled.argmax(axis=1) == truth)),
            "calibration_error_before": expected_calibration_error(before, truth),
            "calibration_error": expected_calibration_error(scaled, truth),
        },
    }


def _provenance(train: Path) -> dict[str, str]:
    code = b"".join(Path(__file__).with_name(name).read_bytes() for name in _CODE)
    return {
        "data_sha256": sha256(train.read_bytes()).hexdigest(),
        "code_sha256": sha256(code).hexdigest(),
    }


def _copy(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in weights.items()}
