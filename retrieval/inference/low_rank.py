"""A second version of a model kept as what it adds to the first: a small sum of outer products per matrix.

What fine-tuning adds to a matrix is nearly of low rank (Aghajanyan et al. 2021; LoRA, Hu et al. 2022
trains it so), so the best approximation by few singular values keeps a whole six-layer model in 2 to 3 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["add_difference", "factors", "is_factor", "save_difference"]

Tensors = Mapping[str, "torch.Tensor"]
_SIDES = ("left", "right")


def is_factor(name: str) -> bool:
    """Is ``name`` one that ``factors`` gives, or that of its scales?"""
    return name.removesuffix(".scale").endswith((".left", ".right"))


def save_difference(before: Tensors, after: Tensors, path: Path, *, rank: int) -> None:
    """Write ``after - before`` to ``path``: small ones in half precision, matrices larger than ``rank`` as
    two factors of about that rank. Those that changed most get more of it than the others, at the same size
    in all.
    """
    from safetensors.torch import save_file

    differences = {name: (tensor - before[name]).float() for name, tensor in after.items()}
    changed = {name: tensor for name, tensor in differences.items() if tensor.any()}
    matrices = {name: tensor for name, tensor in changed.items() if _is_large(tensor, rank)}
    kept = {name: tensor.half().contiguous() for name, tensor in changed.items() if name not in matrices}
    for name, own in _ranks(matrices, rank).items():
        kept |= factors(name, matrices[name], own)
    staging = path.with_name(f"{path.name}.part")
    save_file(kept, staging)
    staging.replace(path)


def _is_large(tensor: torch.Tensor, rank: int) -> bool:
    return tensor.ndim == 2 and min(tensor.shape) > rank


def _ranks(matrices: Tensors, rank: int) -> dict[str, int]:
    """How many singular values to keep of each matrix, so that the sum of squares of those left out is least
    for the room that ``rank`` of every matrix would take.
    """
    import torch

    room = rank * sum(sum(matrix.shape) for matrix in matrices.values())
    gains = sorted(
        (
            (float(value) ** 2 / sum(matrix.shape), name)
            for name, matrix in matrices.items()
            for value in torch.linalg.svdvals(matrix)
        ),
        reverse=True,
    )
    ranks = dict.fromkeys(matrices, 0)
    for _, name in gains:
        room -= sum(matrices[name].shape)
        if room < 0:
            break
        ranks[name] += 1
    return {name: own for name, own in ranks.items() if own}


def factors(name: str, difference: torch.Tensor, rank: int) -> dict[str, torch.Tensor]:
    """``name.left`` (n, rank) and ``name.right`` (rank, m), whose product is the best approximation of
    ``difference``, shape (n, m), by a matrix of that rank; in eight bits, each row with its own scale: the
    room of half the rank in half precision, which loses more.
    """
    import torch

    left, values, right = torch.linalg.svd(difference, full_matrices=False)
    root = values[:rank].sqrt()
    return _rounded(f"{name}.left", left[:, :rank] * root) | _rounded(
        f"{name}.right", root[:, None] * right[:rank]
    )


def _rounded(name: str, matrix: torch.Tensor) -> dict[str, torch.Tensor]:
    import torch

    scale = (matrix.abs().amax(dim=1, keepdim=True) / 127).clamp_min(1e-12)
    return {
        name: (matrix / scale).round().to(torch.int8).contiguous(),
        f"{name}.scale": scale,
    }


def add_difference(before: Tensors, kept: Tensors) -> dict[str, torch.Tensor]:
    """The tensors that ``save_difference`` was given as ``after``, up to rank and half precision.

    Raises ``KeyError`` where ``kept`` names a tensor that ``before`` does not have.
    """
    after = dict(before)
    for name, tensor in kept.items():
        if name.endswith(".left"):
            own = name.removesuffix(".left")
            left, right = (kept[f"{own}.{side}"] * kept[f"{own}.{side}.scale"] for side in _SIDES)
            after[own] = before[own] + left @ right
        elif not is_factor(name):
            after[name] = before[name] + tensor.float()
    return after
