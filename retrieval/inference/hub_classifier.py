"""Any text classifier of a model hub or a folder, its own classes turned into negative, neutral and
positive.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from retrieval.inference.classifier import TorchClassifier
from retrieval.inference.classifier_weights import ModelFilesError

__all__ = ["hub_key", "label_map", "load_hub_classifier"]


def hub_key(name: str) -> str:
    """A folder name for ``name``; for a local folder it changes with the model's files (names, sizes,
    times).
    """
    folder = Path(name).expanduser()
    digest = hashlib.blake2b(name.encode(), digest_size=8)
    if folder.is_dir():
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            facts = path.stat()
            digest.update(f"{path.relative_to(folder)}\0{facts.st_size}\0{facts.st_mtime_ns}".encode())
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', folder.name)}-{digest.hexdigest()}"


def load_hub_classifier(name: str, model_id: str) -> TorchClassifier:
    """The sequence classifier ``name`` with torch.

    Its temperature is the ``sentiment_temperature`` of its configuration (``aisle train-sentiment --out``
    writes it), 1 where it has none.

    Raises:
        ModelFilesError: no such model, or classes that are not polarities.
    """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    source = str(Path(name).expanduser()) if Path(name).expanduser().is_dir() else name
    try:
        model = AutoModelForSequenceClassification.from_pretrained(source, dtype="float32")
        tokenizer = AutoTokenizer.from_pretrained(source)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise ModelFilesError(
            f"the sentiment model {name!r} can't be loaded ({error}); give `default`, a folder with a "
            "transformers sequence classifier, or a hub name that this machine can reach"
        ) from error
    return TorchClassifier(
        model,
        tokenizer,
        model_id=model_id,
        label_map=label_map(model.config.id2label),
        temperature=float(getattr(model.config, "sentiment_temperature", 1.0)),
    )


def label_map(id2label: Mapping[int, str]) -> list[list[float]]:
    """A matrix (classes, 3) from the model's classes to (negative, neutral, positive).

    Understands names ("POSITIVE", "neg", "LABEL_0" of two or three classes) and stars ("1 star" to "5
    stars").
    """
    rows = []
    for position in range(len(id2label)):
        name = str(id2label[position]).lower()
        stars = re.fullmatch(r"([1-5]) ?stars?", name)
        plain = re.fullmatch(r"(?:label_)?(\d+)", name)
        if name.startswith("neg"):
            side = 0
        elif name.startswith("neu"):
            side = 1
        elif name.startswith("pos"):
            side = 2
        elif stars:
            side = (0, 0, 1, 2, 2)[int(stars[1]) - 1]
        elif plain and len(id2label) in (2, 3):
            side = position if len(id2label) == 3 else 2 * position
        else:
            raise ModelFilesError(
                f"the model's classes are {', '.join(map(str, id2label.values()))}; expected polarities "
                "(negative, neutral, positive) or stars (1 star to 5 stars)"
            )
        rows.append([float(side == column) for column in range(3)])
    return rows
