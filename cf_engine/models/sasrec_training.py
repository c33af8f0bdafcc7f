"""How SASRec is trained: its settings, what items start from, batches, loss and validation.

PyTorch is imported inside the functions: the settings are read where models are only served.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, IntArray, mask_histories
from cf_engine.joining.fusion import ndcg

if TYPE_CHECKING:
    from cf_engine.models.sasrec import SASRec
    from cf_engine.models.sasrec_network import Network
    from cf_engine.training import TrainSettings

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


def start_items(network: Network, vectors: npt.NDArray[np.floating[Any]] | None, s: SASRecSettings) -> None:
    import torch

    with torch.no_grad():
        if vectors is not None:
            start = principal_components(vectors, s.d) * s.text_scale
            known = np.abs(start).sum(axis=1) > 0
            network.items.weight[torch.from_numpy(np.flatnonzero(known))] = torch.from_numpy(start[known])


def continue_from(network: Network, start: SASRec) -> None:
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


def windows_of(sequences: Sequence[IntArray], width: int) -> Iterator[IntArray]:
    """Each sequence in parts of at most ``width``, from its end; neighbours share one item so that no step is
    lost.
    """
    for sequence in sequences:
        end = len(sequence)
        while end >= 2:
            yield sequence[max(0, end - width) : end]
            end -= width - 1


def batches_of(
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


def batch_loss(
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


def validation_ndcg(network: Network, sequences: Sequence[IntArray], s: SASRecSettings) -> float:
    """NDCG@10 of each sequence's last item after the others, all items ranked but those of the history."""
    import torch

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
