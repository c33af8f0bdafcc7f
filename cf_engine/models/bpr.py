"""Matrix factorisation in PyTorch: an item has one vector as history and one as answer (asymmetric, as in
FISM).

A shopper's vector is the decayed sum of the history's vectors, so there are no user parameters to fold in or
to forget. Trained with sampled softmax, or with BPR (Rendle et al. 2009).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from cf_engine.base import FloatArray, History, HistoryModel, IntArray, NotFittedError, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.models.linear import age_weights, history_matrix
from cf_engine.models.ridge import decayed_past

if TYPE_CHECKING:
    from cf_engine.training import Curve

Batch = tuple[
    IntArray, IntArray, FloatArray, IntArray, IntArray
]  # offsets, items, weights, right items, negatives


@dataclass(frozen=True)
class FactorSettings:
    """A pass over 150k events takes about half a second on one core with these.

    A small log gets more than ``epochs`` passes: as many as take ``least_steps``.
    """

    loss: Literal["softmax", "bpr"] = "softmax"
    d: int = 64
    decay: float = 0.7
    negatives: int = 256
    batch: int = 2048
    epochs: int = 10
    least_steps: int = 64
    lr: float = 0.01
    weight_decay: float = 0.01
    seed: int = 0


class MatrixFactorisation(HistoryModel):
    """score(history, j) = (sum_k decay^age a_k) . b_j + bias_j. Fit is O(epochs x events x d x negatives /
    batch).
    """

    name = "factors"

    def __init__(self, *, checkpoint: Path | None = None, **settings: Any) -> None:
        self.settings = FactorSettings(**settings)
        self.checkpoint = checkpoint
        self.curve: Curve | None = None
        self.left: FloatArray | None = None  # (n_items, d), items of the history
        self.right: FloatArray | None = None  # (n_items, d), items to recommend
        self.bias: FloatArray | None = None  # (n_items,)

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Every event but a user's first is an example: the decayed past before it, and the item itself."""
        import torch
        from torch import nn

        from cf_engine.training import TrainSettings, device, identity_of, train

        s = self.settings
        self.n_items = n_items = interactions.n_items
        past = decayed_past(interactions, s.decay)
        follows = np.flatnonzero(interactions.user[1:] == interactions.user[:-1])
        examples, answers = past[follows], interactions.item[follows + 1]
        steps = max(1, -(-len(answers) // s.batch))
        torch.manual_seed(s.seed)
        left = nn.EmbeddingBag(max(n_items, 1), s.d, mode="sum")
        right, bias = nn.Embedding(max(n_items, 1), s.d), nn.Embedding(max(n_items, 1), 1)
        for table in (left, right):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.zeros_(bias.weight)
        module = nn.ModuleDict({"left": left, "right": right, "bias": bias}).to(device())
        self.curve = train(
            module,
            lambda rng: _batches(examples, answers, s, n_items, rng),
            lambda batch: _loss(module, batch, s),
            TrainSettings(
                epochs=max(s.epochs, -(-s.least_steps // steps)),
                patience=0,
                lr=s.lr,
                weight_decay=s.weight_decay,
                floor=0.05,
                seed=s.seed,
            ),
            steps_per_epoch=steps,
            checkpoint=self.checkpoint,
            identity=identity_of(asdict(s), [interactions.user, interactions.item]),
            progress=progress,
        )
        tables = (t.weight.detach().cpu().numpy()[:n_items].copy() for t in (left, right, bias))
        self.left, self.right, bias_column = tables
        self.bias = bias_column[:, 0]
        return self

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        left, right, bias = self._fitted()
        query = age_weights(len(history), self.settings.decay) @ left[np.asarray(history, np.int64)]
        return right @ query + bias if items is None else right[items] @ query + bias[items]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        left, right, bias = self._fitted()
        scores = (history_matrix(histories, self.n_items, self.settings.decay) @ left) @ right.T
        scores += bias
        return scores

    def explain(self, history: History, item: int) -> FloatArray:
        """Exact: the parts and the item's bias sum to the score."""
        left, right, _ = self._fitted()
        return age_weights(len(history), self.settings.decay) * (
            left[np.asarray(history, np.int64)] @ right[item]
        )

    def _fitted(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        if self.left is None or self.right is None or self.bias is None:
            raise NotFittedError("factors were not trained: call fit or load first")
        return self.left, self.right, self.bias

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        left, right, bias = self._fitted()
        return asdict(self.settings), {"left": left, "right": right, "bias": bias}

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        model = cls(**settings)
        model.left, model.right, model.bias = arrays["left"], arrays["right"], arrays["bias"]
        return model


def _batches(
    examples: Any, answers: IntArray, s: FactorSettings, n_items: int, rng: np.random.Generator
) -> Iterator[Batch]:
    order = rng.permutation(len(answers))
    for start in range(0, len(order), s.batch):
        rows = order[start : start + s.batch]
        part = examples[rows]
        offsets = part.indptr[:-1].astype(np.int64)
        yield (
            offsets,
            part.indices.astype(np.int64),
            part.data,
            answers[rows],
            rng.integers(0, n_items, s.negatives),
        )


def _loss(module: Any, batch: Batch, s: FactorSettings) -> Any:
    import torch

    from cf_engine.losses import bpr, sampled_softmax

    where = module["right"].weight.device
    offsets, items, weights, answers, negatives = (torch.from_numpy(part).to(where) for part in batch)
    queries = module["left"](items, offsets, per_sample_weights=weights)  # (n, d)
    ones = torch.ones(len(queries), 1, device=where)
    queries = torch.cat([queries, ones], dim=1)  # the bias is one more dimension
    table = torch.cat([module["right"].weight, module["bias"].weight], dim=1)
    same = answers[:, None] == negatives[None, :]
    if s.loss == "softmax":
        return sampled_softmax(queries, table[answers], table[negatives], same)
    right = (queries * table[answers]).sum(dim=1)
    wrong = (queries @ table[negatives].T).masked_fill(same, float("-inf"))  # an own answer costs nothing
    return bpr(right, wrong)
