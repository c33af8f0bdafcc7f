"""SASRec: a transformer over the history (Kang & McAuley 2018), trained with sampled softmax, items started
from text.

Trained with PyTorch, served without: the encoder as ONNX, the items as a memory-mapped matrix, score =
encoder(history) . item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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
    top_k,
)
from cf_engine.fusion import ndcg
from cf_engine.interactions import Interactions
from cf_engine.sequence_encoder import SequenceEncoder

if TYPE_CHECKING:
    from cf_engine.sasrec_network import Network
    from cf_engine.training import Curve, TrainSettings


ITEMS = "items.weight"  # the rows of the network that grow with the shop


@dataclass(frozen=True)
class SASRecSettings:
    """Size of the network and of its training; a pass over 150k events takes some 10 s on one core with
    these.

    ``negatives`` items are drawn uniformly for each batch and shared by it. ``dropout`` .5 is for sparse
    shops (some ten events a user). ``text_scale`` is the deviation of item vectors that start from text.
    """

    d: int = 64
    blocks: int = 2
    heads: int = 2
    dropout: float = 0.5
    max_length: int = 50
    negatives: int = 512
    batch: int = 256
    text_scale: float = 0.04
    smoothing: float = 0.0
    epochs: int = 16
    patience: int = 3
    lr: float = 3e-3
    weight_decay: float = 0.0
    average: float = 0.98
    seed: int = 0


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
        self._watched: list[IntArray] | None = None
        self.items: FloatArray | None = None
        self.encoder: SequenceEncoder | None = None

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Trains on the GPU when there is one. O(epochs x events x (d^2 + negatives x d))."""
        import torch

        from cf_engine.sasrec_network import Network
        from cf_engine.training import device, train

        s = self.settings
        self.n_items = interactions.n_items
        sequences = interactions.to_sequences()
        watched = self._watched
        if watched is None and self.stop_at is None:
            watched = [q for q in sequences if len(q) >= 2]
            sequences = [q[:-1] for q in sequences]
        windows = list(_windows(sequences, s.max_length + 1))
        torch.manual_seed(s.seed)
        network = Network(self.n_items, s.d, s.blocks, s.heads, s.dropout, s.max_length)
        _start_items(network, self.vectors, s)
        if self.start is not None:
            _continue(network, self.start)
        network.to(device())
        watched = watched[:: max(1, len(watched) // 5000)] if watched else []
        self.curve = train(
            network,
            lambda rng: _batches(windows, s, self.n_items, rng),
            lambda batch: _loss(network, batch, s),
            train_settings(s),
            steps_per_epoch=max(1, -(-len(windows) // s.batch)),
            validate=(lambda: _validation_ndcg(network, watched, s)) if watched else None,
            stop_at=None if watched else self.stop_at,
            checkpoint=self.checkpoint,
            progress=progress,
        )
        if watched:
            self.stop_at, self._watched = max(self.curve.best, 1), None
        network.to("cpu")
        self.items = network.items.weight.detach().numpy()[: self.n_items].copy()
        self.encoder = SequenceEncoder.of(network, s.d, s.max_length)
        self.weights = {
            name: tensor.numpy() for name, tensor in network.state_dict().items() if name != ITEMS
        }
        return self

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

    def similar_items(self, item: int, k: int) -> tuple[IntArray, FloatArray]:
        """By cosine of item vectors."""
        matrix, _ = self._fitted()
        lengths = np.maximum(np.linalg.norm(matrix, axis=1), 1e-9)
        scores = (matrix @ (matrix[item] / lengths[item])) / lengths
        scores[item] = -np.inf
        best = top_k(scores, min(k, self.n_items - 1))
        return best, scores[best]

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


def train_settings(s: SASRecSettings) -> TrainSettings:
    from cf_engine.training import TrainSettings

    return TrainSettings(
        epochs=s.epochs,
        patience=s.patience,
        lr=s.lr,
        weight_decay=s.weight_decay,
        average=s.average,
        seed=s.seed,
    )


def principal_components(vectors: npt.NDArray[np.floating[Any]], d: int) -> FloatArray:
    """The first ``d`` components of the rows that aren't zero, zero-padded to ``d``, deviation 1 over all
    values.
    """
    known = np.abs(vectors).sum(axis=1) > 0
    result = np.zeros((len(vectors), d), np.float32)
    if known.sum() < 2:
        return result
    centred = vectors[known] - vectors[known].mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    width = min(d, centred.shape[1])
    result[known, :width] = centred @ axes[:, ::-1][:, :width]
    return result / max(float(result[known].std()), 1e-9)


def _start_items(network: Network, vectors: npt.NDArray[np.floating[Any]] | None, s: SASRecSettings) -> None:
    import torch

    with torch.no_grad():
        if vectors is not None:
            start = principal_components(vectors, s.d) * s.text_scale
            known = np.abs(start).sum(axis=1) > 0
            network.items.weight[torch.from_numpy(np.flatnonzero(known))] = torch.from_numpy(start[known])


def _continue(network: Network, start: SASRec) -> None:
    """Takes over an earlier model's weights and items; nothing where its network has another shape."""
    import torch

    state = network.state_dict()
    taken = {name: torch.from_numpy(np.array(array)) for name, array in start.weights.items()}
    shapes = {name: tensor.shape for name, tensor in state.items() if name != ITEMS}
    if start.items is None or {name: tensor.shape for name, tensor in taken.items()} != shapes:
        return
    known = min(len(start.items), len(state[ITEMS]) - 1)
    state[ITEMS][:known] = torch.from_numpy(np.array(start.items[:known]))
    network.load_state_dict({**state, **taken})


def _windows(sequences: Sequence[IntArray], width: int) -> Iterator[IntArray]:
    """Each sequence in parts of at most ``width``, from its end; neighbours share one item so that no step is
    lost.
    """
    for sequence in sequences:
        end = len(sequence)
        while end >= 2:
            yield sequence[max(0, end - width) : end]
            end -= width - 1


def _batches(
    windows: Sequence[IntArray], s: SASRecSettings, n_items: int, rng: np.random.Generator
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Batches of windows of like length, (n, width) padded on the right with ``n_items``, and shared
    negatives.
    """
    order = rng.permutation(len(windows))
    lengths = np.array([len(w) for w in windows])
    starts = []
    pool = s.batch * 16
    for start in range(0, len(order), pool):  # sorting within pools keeps batches narrow and still random
        part = order[start : start + pool]
        part = part[np.argsort(lengths[part], kind="stable")]
        starts += [part[i : i + s.batch] for i in range(0, len(part), s.batch)]
    for index in rng.permutation(len(starts)):
        chosen = starts[index]
        padded = np.full((len(chosen), int(lengths[chosen].max())), n_items, np.int64)
        for row, window in enumerate(chosen):
            padded[row, : lengths[window]] = windows[window]
        yield padded, rng.integers(0, n_items, s.negatives)


def _loss(
    network: Network, batch: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], s: SASRecSettings
) -> Any:
    import torch

    from cf_engine.losses import sampled_softmax

    where = network.position.device
    padded = torch.from_numpy(batch[0]).to(where)
    negatives = torch.from_numpy(batch[1]).to(where)
    targets = padded[:, 1:]
    valid = targets != network.items.num_embeddings - 1
    queries = network(padded[:, :-1])[valid]  # (positions, d)
    right = targets[valid]
    weight = network.items.weight
    same = right[:, None] == negatives[None, :]
    return sampled_softmax(queries, weight[right], weight[negatives], same, smoothing=s.smoothing)


def _validation_ndcg(network: Network, sequences: Sequence[IntArray], s: SASRecSettings) -> float:
    """NDCG@10 of each sequence's last item after the others, all items ranked but those of the history."""
    import torch

    from cf_engine.base import mask_histories

    n_items = network.items.num_embeddings - 1
    ranks = []
    by_length = sorted(sequences, key=len)
    with torch.no_grad():
        for start in range(0, len(by_length), 256):
            part = [q[:-1] for q in by_length[start : start + 256]]
            lengths = torch.tensor([min(len(q), s.max_length) for q in part])
            padded = np.full((len(part), int(lengths.max())), n_items, np.int64)
            for row, history in enumerate(part):
                padded[row, : lengths[row]] = history[-s.max_length :]
            vectors = network(torch.from_numpy(padded).to(network.position.device))
            last = vectors[torch.arange(len(part)), lengths - 1]
            scores = (last @ network.items.weight[:n_items].T).cpu().numpy()
            right = scores[np.arange(len(part)), [q[-1] for q in by_length[start : start + 256]]]
            mask_histories(scores, part)
            ranks.append((scores > right[:, None]).sum(axis=1))
    return ndcg(np.concatenate(ranks))
