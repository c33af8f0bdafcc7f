"""SASRec: a transformer over the history (Kang & McAuley 2018), trained with sampled softmax, items started
from text.

Trained with PyTorch, served without: the encoder as ONNX, the items as a memory-mapped matrix, score =
encoder(history) . item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import (
    FloatArray,
    History,
    HistoryModel,
    IntArray,
    NotFittedError,
    Progress,
    no_progress,
)
from cf_engine.interactions import Interactions
from cf_engine.models.sasrec_training import (
    ITEMS,
    SASRecSettings,
    batch_loss,
    batches_of,
    continue_from,
    start_items,
    train_settings,
    validation_ndcg,
    windows_of,
)
from cf_engine.models.sequence_encoder import SequenceEncoder

if TYPE_CHECKING:
    from cf_engine.training import Curve


class SASRec(HistoryModel):
    """Fit stops early on what it was told to `watch`, else on each user's newest event, which it then leaves
    out;
    with ``stop_at`` it trains on everything for so many epochs.

    Args:
        vectors: text vectors (n_items, d') that items start from (their first principal components); None =
            random.
        start: an earlier model to go on from; its items keep their numbers, new ones start from their text.
    """

    name = "sasrec"

    def __init__(
        self,
        vectors: npt.NDArray[np.floating[Any]] | None = None,
        *,
        checkpoint: Path | None = None,
        stop_at: int | None = None,
        start: SASRec | None = None,
        **settings: Any,
    ) -> None:
        self.settings = SASRecSettings(**settings)
        self.vectors = vectors
        self.checkpoint = checkpoint
        self.stop_at = stop_at
        self.start = start
        self.weights: dict[str, np.ndarray] = {}
        self.curve: Curve | None = None
        self.curves: dict[str, Curve] = {}  # of the fit that stopped early, and of the one on everything
        self._watched: list[IntArray] | None = None
        self.items: FloatArray | None = None
        self.encoder: SequenceEncoder | None = None

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Trains on the GPU when there is one. O(epochs x events x (d^2 + negatives x d))."""
        import torch

        from cf_engine.models.sasrec_network import Network
        from cf_engine.training import device, identity_of, train

        s = self.settings
        self.n_items = interactions.n_items
        sequences = interactions.to_sequences()
        watched = self._watched
        if watched is None and self.stop_at is None:
            watched = [q for q in sequences if len(q) >= 2]
            sequences = [q[:-1] for q in sequences]
        windows = list(windows_of(sequences, s.max_length + 1))
        torch.manual_seed(s.seed)
        network = Network(self.n_items, s.d, s.blocks, s.heads, s.dropout, s.max_length)
        start_items(network, self.vectors, s)
        if self.start is not None:
            continue_from(network, self.start)
        network.to(device())
        watched = watched[:: max(1, len(watched) // 5000)] if watched else []
        self.curve = train(
            network,
            lambda rng: batches_of(windows, s, self.n_items, rng),
            lambda batch: batch_loss(network, batch, s),
            train_settings(s),
            steps_per_epoch=max(1, -(-len(windows) // s.batch)),
            validate=(lambda: validation_ndcg(network, watched, s)) if watched else None,
            stop_at=None if watched else self.stop_at,
            checkpoint=self.checkpoint,
            identity=identity_of({**asdict(s), "stop_at": self.stop_at}, [*windows, *self._begins_from()]),
            progress=progress,
        )
        self.curves["searched" if watched else "final"] = self.curve
        if watched:
            self.stop_at, self._watched = max(self.curve.best, 1), None
        network.to("cpu")
        self.items = network.items.weight.detach().numpy()[: self.n_items].copy()
        self.encoder = SequenceEncoder.of(network, s.d, s.max_length)
        self.weights = {
            name: tensor.numpy() for name, tensor in network.state_dict().items() if name != ITEMS
        }
        return self

    def _begins_from(self) -> list[npt.NDArray[Any]]:
        earlier = self.start.items if self.start is not None else None
        return [array for array in (self.vectors, earlier) if array is not None]

    def watch(self, histories: Sequence[History], targets: IntArray) -> None:
        """Lets the next `fit` stop early by these held-out items; later fits train as long as was best."""
        self._watched = [
            np.append(np.asarray(h, np.int64), t) for h, t in zip(histories, targets, strict=True) if len(h)
        ]

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        """One encoder run and one matrix-vector product; an empty history scores 0 everywhere."""
        matrix, encoder = self._fitted()
        targets = matrix if items is None else matrix[items]
        if not len(history):
            return np.zeros(len(targets), np.float32)
        recent = np.asarray(history, np.int64)[-self.settings.max_length :]
        return targets @ encoder(matrix[recent][None])[0, -1]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        return self.encode(histories) @ self._fitted()[0].T

    def explain(self, history: History, item: int) -> FloatArray:
        """By ablation, of one item's score alone."""
        without = [[*history[:i], *history[i + 1 :]] for i in range(len(history))]
        scores = self.encode([history, *without]) @ self._fitted()[0][item]
        return np.asarray(scores[0] - scores[1:], np.float32)

    def encode(self, histories: Sequence[History]) -> FloatArray:
        """A vector a shopper, (n, d); zeros for an empty history. Runs in groups of like length."""
        matrix, encoder = self._fitted()
        result = np.zeros((len(histories), self.settings.d), np.float32)
        lengths = np.array([min(len(h), self.settings.max_length) for h in histories])
        order = np.argsort(lengths, kind="stable")
        order = order[lengths[order] > 0]
        for start in range(0, len(order), 128):
            group = order[start : start + 128]
            width = int(lengths[group].max())
            padded = np.zeros((len(group), width), np.int64)
            for row, user in enumerate(group):
                padded[row, : lengths[user]] = np.asarray(histories[user], np.int64)[-width:][
                    -lengths[user] :
                ]
            result[group] = encoder(matrix[padded])[np.arange(len(group)), lengths[group] - 1]
        return result

    def _fitted(self) -> tuple[FloatArray, SequenceEncoder]:
        if self.items is None or self.encoder is None:
            raise NotFittedError("sasrec was not trained: call fit or load first")
        return self.items, self.encoder

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        matrix, encoder = self._fitted()
        network = {f"network.{name}": array for name, array in self.weights.items()}
        return asdict(self.settings), {
            "items": matrix,
            "encoder": np.frombuffer(encoder.onnx, np.uint8),
            **network,
        }

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        model = cls(**settings)
        model.items = arrays["items"]
        model.encoder = SequenceEncoder(arrays["encoder"].tobytes())
        model.weights = {
            name.removeprefix("network."): array
            for name, array in arrays.items()
            if name.startswith("network.")
        }
        return model
