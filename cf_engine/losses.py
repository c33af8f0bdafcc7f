"""Training losses as small pure functions of PyTorch tensors (imported only where models are trained)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def bpr(positive: Tensor, negative: Tensor) -> Tensor:
    """-log sigmoid(positive - negative), mean (Rendle et al. 2009, eq. 3). Shapes (n,) and (n, m)."""
    return -functional.logsigmoid(positive.unsqueeze(1) - negative).mean()


def sampled_softmax(
    queries: Tensor,
    positive: Tensor,
    negatives: Tensor,
    same: Tensor,
    *,
    smoothing: float = 0.0,
) -> Tensor:
    """Cross-entropy of the right item among itself and negatives shared by the batch (eSASRec, arXiv
    2508.06450).

    Args:
        queries: (n, d). positive: (n, d) vectors of the right items. negatives: (m, d).
        same: (n, m) true where a negative is the row's right item, which is then left out.
        smoothing: share of the target spread over the negatives (label smoothing).
    """
    right = (queries * positive).sum(dim=1, keepdim=True)  # (n, 1)
    wrong = queries @ negatives.T  # (n, m)
    wrong = wrong.masked_fill(same, float("-inf"))
    total = torch.logsumexp(torch.cat([right, wrong], dim=1), dim=1)  # (n,)
    loss = total - right.squeeze(1)
    if smoothing:
        loss = (1 - smoothing) * loss + smoothing * (total - wrong.masked_fill(same, 0.0).mean(dim=1))
    return loss.mean()


def squared_error(predicted: Tensor, actual: Tensor) -> Tensor:
    """Mean squared error of stars."""
    return functional.mse_loss(predicted, actual)
