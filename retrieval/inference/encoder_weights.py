"""Aisle's own encoder on disk: a small BERT as training left it, in 8 bits, with its report beside it.

Vocabulary and build are MiniLM's, whose package brings the tokenizer; the number of layers and how a text
becomes one vector stand in the report. Matrices are rounded per row to 8 bits with a scale each; vectors (biases,
norms) keep half precision.
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

SHIPPED = MODELS_FOLDER / "encoder.safetensors"
_SCALE = ".scale"
_POOLING = {"cls": "cls_token", "mean": "mean_tokens"}


def save_encoder(model: Any, path: Path, report: dict[str, Any]) -> None:
    """Write a sentence-transformers model's weights to ``path`` (.safetensors) and ``report`` beside them as .json."""
    from safetensors.torch import save_file

    transformer, pooling = model[0].auto_model, model[1]
    build = {"layers": transformer.config.num_hidden_layers, "pooling": pooling.pooling_mode}
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f"{path.name}.part")
    save_file(in_eight_bits(transformer.state_dict()), staging)
    staging.replace(path)
    path.with_suffix(".json").write_text(
        json.dumps({"build": build} | report, indent=1) + "\n", encoding="utf-8"
    )
    record(path.parent, path.name, path.with_suffix(".json").name)


def in_eight_bits(tensors: dict[str, Any]) -> dict[str, Any]:
    """Matrices as int8 with a scale a row, vectors in half precision; a pooler, which nothing uses, is left out."""
    import torch

    kept: dict[str, Any] = {}
    for name, tensor in tensors.items():
        if not tensor.is_floating_point() or name.startswith("pooler"):
            continue
        if tensor.dim() < 2:
            kept[name] = tensor.half().contiguous()
            continue
        scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        kept[name] = (tensor / scale).round().clamp(-127, 127).to(torch.int8).contiguous()
        kept[name + _SCALE] = scale.half().contiguous()
    return kept


def in_full(kept: dict[str, Any]) -> dict[str, Any]:
    """The tensors that ``in_eight_bits`` rounded, in single precision."""
    whole = {}
    for name, tensor in kept.items():
        if not name.endswith(_SCALE):
            scale = kept.get(name + _SCALE)
            whole[name] = (tensor.float() if scale is None else tensor.float() * scale.float()).contiguous()
    return whole


def materialise(folder: Path, weights: Path | None = None) -> Path:
    """A whole sentence-transformers model in ``folder`` from ``weights`` (those that ship with Aisle where ``None``).
    Made once for each state of the weights; 1 s.

    Raises:
        EncoderError: the weights or their report are missing or not what was delivered.
    """
    weights = weights or SHIPPED
    report = weights.with_suffix(".json")
    for file in (weights, report):
        if not file.is_file():
            raise EncoderError(
                f"no {file}; train it with `aisle train-encoder` or set the encoder to `minilm`"
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
        _write(staging, weights, json.loads(report.read_text(encoding="utf-8"))["build"])
        try:
            staging.replace(made)
        except OSError:
            if not (made / "model.safetensors").is_file():  # else: another process was first
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return made


def _write(folder: Path, weights: Path, build: dict[str, Any]) -> None:
    """Put weights and build in place of MiniLM's in a copy of its folder."""
    from safetensors.torch import load_file, save_file

    whole = folder / "model.safetensors"
    pooler = {name: tensor for name, tensor in load_file(whole).items() if name.startswith("pooler")}
    save_file(pooler | in_full(load_file(weights)), whole, metadata={"format": "pt"})
    _change(folder / "config.json", num_hidden_layers=build["layers"])
    _change(
        folder / "1_Pooling" / "config.json",
        **{f"pooling_mode_{name}": mode == build["pooling"] for mode, name in _POOLING.items()},
    )


def _change(file: Path, **settings: Any) -> None:
    known = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(known | settings, indent=1) + "\n", encoding="utf-8")
