"""Aisle's own encoder on disk: MiniLM's layers as training left them, in 8 bits, beside the package they
belong to.

Word embeddings come from MiniLM's package and are never stored twice. Matrices are rounded per row to 8
bits with a scale each; vectors (biases, norms) keep half precision.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from retrieval.inference.checksums import damaged, record
from retrieval.inference.classifier_weights import MODELS_FOLDER, base_folder
from retrieval.inference.encoders import EncoderError

SHIPPED = MODELS_FOLDER / "encoder-minilm.safetensors"
_SCALE = ".scale"


def save_layers(model: Any, path: Path, report: dict[str, Any]) -> None:
    """Write the transformer's layers to ``path`` (.safetensors) and ``report`` beside it as .json."""
    import torch
    from safetensors.torch import save_file

    tensors: dict[str, torch.Tensor] = {}
    for name, tensor in model.state_dict().items():
        if "embeddings" in name.split(".") or not tensor.is_floating_point() or name.startswith("pooler"):
            continue
        if tensor.dim() < 2:
            tensors[name] = tensor.half().contiguous()
            continue
        scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        tensors[name] = (tensor / scale).round().clamp(-127, 127).to(torch.int8).contiguous()
        tensors[name + _SCALE] = scale.half().contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f"{path.name}.part")
    save_file(tensors, staging)
    staging.replace(path)
    path.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    record(path.parent, path.name, path.with_suffix(".json").name)


def materialise(folder: Path, weights: Path | None = None) -> Path:
    """A whole sentence-transformers model in ``folder``: MiniLM with the layers of ``weights`` in place (the
    ones that ship with Aisle where ``None``). Made once for each state of the weights; 1 s.

    Raises:
        EncoderError: the weights are missing or fit no MiniLM.
    """
    weights = weights or SHIPPED
    if not weights.is_file():
        raise EncoderError(
            f"no {weights}; train it with `aisle train-encoder` or set the encoder to `minilm`"
        )
    if wrong := damaged(weights.parent, weights.name):
        raise EncoderError(wrong)
    digest = hashlib.blake2b(weights.read_bytes(), digest_size=8).hexdigest()
    made = folder / f"aisle-{digest}"
    if (made / "model.safetensors").is_file():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".aisle-", dir=folder))
    try:
        shutil.copytree(base_folder(), staging, dirs_exist_ok=True)
        lay_over(staging / "model.safetensors", weights)
        try:
            staging.replace(made)
        except OSError:
            if not (made / "model.safetensors").is_file():  # else: another process was first
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return made


def lay_over(path: Path, weights: Path) -> None:
    """Put the kept layers in place of those in a model's file.

    Raises:
        EncoderError: a tensor is unknown or of another shape there.
    """
    from safetensors.torch import load_file, save_file

    own, kept = load_file(path), load_file(weights)
    for name, tensor in kept.items():
        if name.endswith(_SCALE):
            continue
        if name not in own or own[name].shape != tensor.shape:
            raise EncoderError(f"{weights} does not fit MiniLM: {name} is unknown or of another shape there")
        scale = kept.get(name + _SCALE)
        own[name] = tensor.float() if scale is None else tensor.float() * scale.float()
    save_file(
        {name: tensor.float().contiguous() for name, tensor in own.items()}, path, metadata={"format": "pt"}
    )
