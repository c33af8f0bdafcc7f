"""A second version of a model kept as what it adds to the first: a small sum of outer products per matrix.

What fine-tuning adds to a matrix is nearly of low rank (Aghajanyan et al. 2021; LoRA, Hu et al. 2022
trains it so), so the best approximation of rank r, by singular values, keeps a whole six-layer model in
about 2 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["add_difference", "save_difference"]

Tensors = Mapping[str, "torch.Tensor"]


def save_difference(before: Tensors, after: Tensors, path: Path, *, rank: int) -> None:
    """Write ``after - before`` to ``path`` in half precision, matrices larger than ``rank`` as two
    factors.
    """
    import torch
    from safetensors.torch import save_file

    kept: dict[str, torch.Tensor] = {}
    for name, tensor in after.items():
        difference = (tensor - before[name]).float()
        if not difference.any():
            continue
        if difference.ndim == 2 and min(difference.shape) > rank:
            left, values, right = torch.linalg.svd(difference, full_matrices=False)
            root = values[:rank].sqrt()
            kept[f"{name}.left"] = (left[:, :rank] * root).half().contiguous()
            kept[f"{name}.right"] = (root[:, None] * right[:rank]).half().contiguous()
        else:
            kept[name] = difference.half().contiguous()
    staging = path.with_name(f"{path.name}.part")
    save_file(kept, staging)
    staging.replace(path)


def add_difference(before: Tensors, kept: Tensors) -> dict[str, torch.Tensor]:
    """The tensors that ``save_difference`` was given as ``after``, up to rank and half precision.

    Raises ``KeyError`` where ``kept`` names a tensor that ``before`` does not have.
    """
    after = dict(before)
    for name, tensor in kept.items():
        if name.endswith(".left"):
            own = name.removesuffix(".left")
            after[own] = before[own] + tensor.float() @ kept[f"{own}.right"].float()
        elif not name.endswith(".right"):
            after[name] = before[name] + tensor.float()
    return after
