"""Training of the pair model: from the sentiment model to the polarity of a term in its sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.calibration import best_temperature, expected_calibration_error
from retrieval.classifier import softmax
from retrieval.classifier_weights import (
    LABELS,
    MODELS_FOLDER,
    DeliveredWeights,
    ModelFilesError,
    base_folder,
    load_classifier,
)
from retrieval.fine_tuning import Example, FineTuning, Progress, fine_tune, predict_logits
from retrieval.low_rank import save_difference

__all__ = ["AspectLabel", "read_aspect_labels", "train_aspects"]

_FINE_TUNING = FineTuning(epochs=4, learning_rate=1e-4, max_tokens=96, average_from=0.6)


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
    rank: int = 24,
    dev_share: float = 0.1,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on the ``.seg`` file ``train`` and write ``out.safetensors`` and ``out.json``; returns the
    report.

    What is kept is the difference to the delivered sentiment model, about 2 MB. A tenth of the sentences
    is kept for the temperature and the report. About three minutes on a free core.
    """
    import torch
    from transformers import AutoTokenizer

    torch.manual_seed(fine_tuning.seed)
    before = sentiment or DeliveredWeights.find("sentiment-minilm")
    labels = read_aspect_labels(train)
    fitting, dev = _split_by_sentence(labels, dev_share, fine_tuning.seed)
    model = load_classifier(before)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    tokenizer = AutoTokenizer.from_pretrained(str(base_folder()))
    fine_tune(model, tokenizer, [_example(label) for label in fitting], fine_tuning, progress=progress)
    save_difference(start, model.state_dict(), out.with_suffix(".safetensors"), rank=rank)
    logits = predict_logits(model, tokenizer, [(label.sentence, label.term) for label in dev])
    truth = np.array([label.label for label in dev])
    temperature = best_temperature(logits, truth)
    report = {
        "labels": LABELS,
        "temperature": temperature,
        "dev": {
            "accuracy": float(np.mean(logits.argmax(axis=1) == truth)),
            "calibration_error_before": expected_calibration_error(softmax(logits), truth),
            "calibration_error": expected_calibration_error(softmax(logits / temperature), truth),
        },
        "examples": len(fitting),
        "rank": rank,
        "settings": asdict(fine_tuning),
        "over": before.digest,
        "data_sha256": sha256(train.read_bytes()).hexdigest(),
        "code_sha256": sha256(Path(__file__).read_bytes()).hexdigest(),
    }
    out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _example(label: AspectLabel) -> Example:
    target = [0.0, 0.0, 0.0]
    target[label.label] = 1.0
    return Example(label.sentence, (target[0], target[1], target[2]), label.term)


def _split_by_sentence(
    labels: Sequence[AspectLabel], share: float, seed: int
) -> tuple[list[AspectLabel], list[AspectLabel]]:
    """(train, dev): terms of one sentence stay together."""
    sentences = sorted({label.sentence for label in labels})
    order = np.random.default_rng(seed).permutation(len(sentences))
    held = {sentences[row] for row in order[: int(len(sentences) * share)]}
    return [x for x in labels if x.sentence not in held], [x for x in labels if x.sentence in held]
