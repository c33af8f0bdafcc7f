"""Training of the pair model: from the sentiment model to the polarity of a term in its sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.aspect_sentiment import clause_about
from retrieval.inference.calibration import best_temperature, expected_calibration_error
from retrieval.inference.classifier import softmax
from retrieval.inference.classifier_weights import (
    LABELS,
    MODELS_FOLDER,
    DeliveredWeights,
    ModelFilesError,
    base_folder,
    load_classifier,
)
from retrieval.inference.low_rank import save_difference
from retrieval.training.fine_tuning import Example, FineTuning, Progress, fine_tune, predict_logits

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["AspectLabel", "read_aspect_labels", "train_aspects"]

_FINE_TUNING = FineTuning(epochs=4, learning_rate=2e-4, max_tokens=96, average_from=0.6)


_CLAUSE = 0.5
"""What a term in its clause counts, beside the same term in its sentence."""


@dataclass(frozen=True, slots=True)
class AspectLabel:
    """A sentence, a term in it, and what is said of it: 0 negative, 1 neutral, 2 positive."""

    sentence: str
    term: str
    label: int


def read_aspect_labels(path: Path) -> list[AspectLabel]:
    """Labels of a ``.seg`` file: three lines each, a sentence with ``$T$``, the term, and -1, 0 or 1.

    Raises:
        ValueError: names the file and the line that is not so.
    """
    if not path.is_file():
        raise ModelFilesError(f"{path} does not exist; expected a .seg file: sentence with $T$, term, -1/0/1")
    lines = path.read_text(encoding="utf-8").splitlines()
    labels = []
    for start in range(0, len(lines) - len(lines) % 3, 3):
        sentence, term, polarity = (line.strip() for line in lines[start : start + 3])
        if "$T$" not in sentence or polarity not in {"-1", "0", "1"}:
            raise ValueError(
                f"{path}, line {start + 1}: expected a sentence with $T$, its term, and -1, 0 or 1, "
                f"got {sentence[:60]!r}, {term[:30]!r}, {polarity[:10]!r}"
            )
        labels.append(AspectLabel(sentence.replace("$T$", term), term, int(polarity) + 1))
    return labels


def train_aspects(
    train: Path,
    out: Path = MODELS_FOLDER / "aspects-minilm",
    *,
    sentiment: DeliveredWeights | None = None,
    fine_tuning: FineTuning = _FINE_TUNING,
    runs: int = 10,
    rank: int = 48,
    dev_share: float = 0.1,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on the ``.seg`` file ``train`` and write ``out.safetensors`` and ``out.json``; returns the
    report.

    The model is the mean of the weights that ``runs`` end in, each from the delivered sentiment model with
    another seed (Wortsman et al. 2022); what is kept is its difference to that model, 2 MB. Each run
    holds out another ``dev_share`` of the sentences: what it says of them gives the temperature and the
    report, so that the mean has seen every label and no figure is of labels that its run had seen. About two
    minutes a run on a free core.
    """
    from transformers import AutoTokenizer

    before = sentiment or DeliveredWeights.find("sentiment-minilm")
    labels = read_aspect_labels(train)
    model = load_classifier(before)
    start = _copy(model.state_dict())
    tokenizer = AutoTokenizer.from_pretrained(str(base_folder()))
    mean, held, said = _copy(start), list[AspectLabel](), list[np.ndarray]()
    for run in range(runs):
        fitting, dev = _split_by_sentence(labels, dev_share, fine_tuning.seed, part=run)
        model.load_state_dict(start)
        own = replace(fine_tuning, seed=fine_tuning.seed + run)
        examples = [example for label in fitting for example in _examples(label)]
        fine_tune(model, tokenizer, examples, own, progress=progress)
        for name, tensor in model.state_dict().items():
            mean[name] = mean[name].lerp(tensor, 1 / (run + 1)) if tensor.is_floating_point() else tensor
        held += dev
        said.append(_read_twice(model, tokenizer, dev))
    save_difference(start, mean, out.with_suffix(".safetensors"), rank=rank)
    whole, clause = np.concatenate(said, axis=1)  # (held out, 3) each
    truth = np.array([label.label for label in held])
    temperature = best_temperature(whole, truth)
    before_scaling, scaled = (
        np.asarray((softmax(whole / by) + softmax(clause / by)) / 2, dtype=np.float32)
        for by in (1.0, temperature)
    )
    report = {
        "labels": LABELS,
        "temperature": temperature,
        "dev": {
            "examples": len(held),
            "accuracy": float(np.mean(scaled.argmax(axis=1) == truth)),
            "calibration_error_before": expected_calibration_error(before_scaling, truth),
            "calibration_error": expected_calibration_error(scaled, truth),
        },
        "examples": len(labels),
        "runs": runs,
        "rank": rank,
        "settings": asdict(fine_tuning),
        "over": before.digest,
        "data_sha256": sha256(train.read_bytes()).hexdigest(),
        "code_sha256": sha256(Path(__file__).read_bytes()).hexdigest(),
    }
    out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _read_twice(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, labels: Sequence[AspectLabel]
) -> np.ndarray:
    """Logits (2, n, 3) of each term in its sentence and in its clause, which a shop reads both."""
    sentences = [(label.sentence, label.term) for label in labels]
    clauses = [(clause_about(*pair), pair[1]) for pair in sentences]
    return np.stack([predict_logits(model, tokenizer, pairs) for pairs in (sentences, clauses)])


def _copy(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in weights.items()}


def _examples(label: AspectLabel) -> list[Example]:
    """The term in its sentence and, where that is another text, in its clause: as a shop reads it."""
    target = [0.0, 0.0, 0.0]
    target[label.label] = 1.0
    whole = Example(label.sentence, (target[0], target[1], target[2]), label.term)
    clause = clause_about(label.sentence, label.term)
    return [whole] if clause == label.sentence else [whole, replace(whole, text=clause, weight=_CLAUSE)]


def _split_by_sentence(
    labels: Sequence[AspectLabel], share: float, seed: int, part: int = 0
) -> tuple[list[AspectLabel], list[AspectLabel]]:
    """(train, dev), the ``part``-th dev of that share; terms of one sentence stay together."""
    sentences = sorted({label.sentence for label in labels})
    order = np.random.default_rng(seed).permutation(len(sentences))
    size = int(len(sentences) * share)
    held = {sentences[row] for row in order[part * size : (part + 1) * size]}
    return [x for x in labels if x.sentence not in held], [x for x in labels if x.sentence in held]
