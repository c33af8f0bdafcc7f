"""The reader's files: what training made of the encoder's layers, in eight bits, and the report of training.

The word embeddings come from the encoder's own package and are never stored twice.
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

__all__ = ["NAME", "ReaderFiles", "ReaderFilesError", "load_weights", "save_weights"]

NAME = "reader-minilm"
DELIVERED = Path(__file__).parent / "models"
_EXPORT = "1"
"""Of the way in which readers are exported: another one makes exports anew."""


class ReaderFilesError(Exception):
    """The reader's files are missing or do not fit together; the message says which and what to do."""


@dataclass(frozen=True)
class ReaderFiles:
    """``reader-minilm.safetensors`` and ``reader-minilm.json`` in one folder."""

    weights: Path
    config: dict[str, Any]

    @classmethod
    def find(cls, folder: Path | None = None) -> ReaderFiles:
        """The files in ``folder``, without one those that come with Aisle.

        Raises:
            ReaderFilesError: one of them is missing, or is not the one that came with Aisle.
        """
        folder = folder or DELIVERED
        paths = [folder / f"{NAME}.safetensors", folder / f"{NAME}.json"]
        missing = [path.name for path in paths if not path.is_file()]
        if missing:
            raise ReaderFilesError(
                f"no {' and '.join(missing)} in {folder}; train them with `aisle train-reader`"
            )
        if wrong := damaged(folder, *(path.name for path in paths)):
            raise ReaderFilesError(wrong)
        return cls(paths[0], json.loads(paths[1].read_text(encoding="utf-8")))

    @property
    def key(self) -> str:
        """Changes whenever what the reader says may change."""
        digest = hashlib.sha256(self.weights.read_bytes())
        digest.update(json.dumps(self.config.get("temperatures"), sort_keys=True).encode())
        return f"{NAME}-{digest.hexdigest()[:16]}-{_EXPORT}"


def save_weights(network: torch.nn.Module, path: Path) -> None:
    """Write everything but the embeddings, whole or not at all: matrices in eight bits, each row with its
    own scale, the rest in half precision."""
    import torch
    from safetensors.torch import save_file

    kept: dict[str, torch.Tensor] = {}
    for name, tensor in network.state_dict().items():
        if "embeddings" in name.split("."):
            continue
        if tensor.ndim == 2:
            scale = (tensor.abs().amax(dim=1, keepdim=True) / 127).clamp_min(1e-12)
            kept[name] = (tensor / scale).round().to(torch.int8).contiguous()
            kept[f"{name}.scale"] = scale
        else:
            kept[name] = tensor.half().contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f"{path.name}.part")
    save_file(kept, staging)
    staging.replace(path)


def load_weights(network: torch.nn.Module, path: Path) -> None:
    """Lay the tensors of ``path`` over those of ``network``.

    Raises:
        ReaderFilesError: they don't fit.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        kept = load_file(path)
    except SafetensorError as error:
        raise ReaderFilesError(f"{path} is no file of weights ({error}); train it anew") from error
    own = network.state_dict()
    whole = {
        name: tensor.float() * kept.get(f"{name}.scale", 1.0)
        for name, tensor in kept.items()
        if not name.endswith(".scale")
    }
    wanted = {name for name in own if "embeddings" not in name.split(".")}
    if strange := wanted ^ set(whole) or {n for n in wanted if own[n].shape != whole[n].shape}:
        raise ReaderFilesError(
            f"{path} does not fit the encoder: {len(strange)} tensors, {min(strange)!r} first, are missing, "
            "unknown or of another shape; train it anew with `aisle train-reader`"
        )
    network.load_state_dict(whole, strict=False)
