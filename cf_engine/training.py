"""One training loop for every PyTorch model: seeded, scheduled, stopped early on validation NDCG, resumable.

A run stopped at any moment and started again with the same checkpoint folder ends with the same weights as
one that never stopped: all randomness of an epoch comes from (seed, epoch). Checkpoints are safetensors +
JSON, no pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from cf_engine.base import Progress, no_progress

Batches = Callable[[np.random.Generator], Iterable[Any]]
Loss = Callable[[Any], Tensor]
STEPS_FOR_THREADS = 50


@dataclass(frozen=True)
class TrainSettings:
    """How to train.

    Attributes:
        epochs: at most so many passes.
        patience: stop after so many epochs without a better validation value; 0 = never (also without
            validation).
        lr: peak of the learning rate, after ``warmup`` (share of all steps) falling by cosine to ``lr *
            floor``.
        weight_decay: decoupled (AdamW). clip: largest gradient norm.
        average: decay of the moving average of weights that is validated and kept; 0 = the weights
            themselves.
    """

    epochs: int = 30
    patience: int = 4
    lr: float = 1e-3
    warmup: float = 0.02
    floor: float = 0.1
    weight_decay: float = 0.0
    clip: float = 5.0
    average: float = 0.0
    seed: int = 0


@dataclass
class Curve:
    """What happened, epoch by epoch; `best` is the epoch (1 = first) whose weights were kept."""

    loss: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    best: int = 0


def device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def train(
    module: nn.Module,
    batches: Batches,
    loss: Loss,
    settings: TrainSettings,
    *,
    steps_per_epoch: int,
    validate: Callable[[], float] | None = None,
    stop_at: int | None = None,
    checkpoint: Path | None = None,
    identity: str = "",
    progress: Progress = no_progress,
) -> Curve:
    """Trains in place and leaves the best weights (of the last epoch without ``validate``) in ``module``.

    Args:
        batches: makes one epoch's batches from a random generator. loss: of one batch, a scalar tensor.
        steps_per_epoch: for the schedule.
        validate: the value to maximise, called with the (averaged) weights in place, in eval mode.
        stop_at: end after this epoch though the schedule is for ``settings.epochs`` (retraining as long as
            was best).
        checkpoint: folder for a model's fits. Each has its own in there, named ``identity`` (`identity_of`),
            to write to after each epoch and to resume from; one of other settings or shapes is overwritten.
    """
    optimizer = torch.optim.AdamW(module.parameters(), lr=settings.lr, weight_decay=settings.weight_decay)
    total = settings.epochs * steps_per_epoch
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _schedule(step, total, settings))
    averaged = _copy(module) if settings.average else {}
    best, curve = _copy(module), Curve()
    checkpoint = checkpoint / identity if checkpoint else None
    resumed = _resume(checkpoint, module, optimizer, scheduler, settings, identity) if checkpoint else None
    if resumed is not None:
        curve, best, averaged = resumed
    last = settings.epochs if stop_at is None else stop_at
    with _threads_for(steps_per_epoch):
        for epoch in range(len(curve.loss) + 1, last + 1):
            if settings.patience and curve.validation and epoch - 1 - curve.best >= settings.patience:
                break
            started = time.perf_counter()
            torch.manual_seed(settings.seed * 100_003 + epoch)
            module.train()
            losses = []
            for batch in batches(np.random.default_rng([settings.seed, epoch])):
                optimizer.zero_grad(set_to_none=True)
                value = loss(batch)
                value.backward()
                nn.utils.clip_grad_norm_(module.parameters(), settings.clip)
                optimizer.step()
                scheduler.step()
                for name, tensor in _named(module) if averaged else ():
                    averaged[name].lerp_(tensor.detach(), 1 - settings.average)
                losses.append(value.detach())
            curve.loss.append(float(torch.stack(losses).mean()) if losses else 0.0)
            module.eval()
            current = _copy(module)
            candidate = averaged or current
            if validate is not None:
                module.load_state_dict(candidate)
                curve.validation.append(validate())
                module.load_state_dict(current)
            if validate is None or curve.validation[-1] >= max(curve.validation):
                best, curve.best = {name: tensor.clone() for name, tensor in candidate.items()}, epoch
            curve.seconds.append(time.perf_counter() - started)
            if checkpoint is not None:
                _write(checkpoint, module, optimizer, settings, identity, curve, best, averaged)
            progress("epochs", epoch, last)
    module.load_state_dict(best)
    module.eval()
    return curve


@contextmanager
def _threads_for(steps_per_epoch: int) -> Iterator[None]:
    """One thread for small logs: waiting for each other costs threads more than small batches are worth."""
    before = torch.get_num_threads()
    if steps_per_epoch < STEPS_FOR_THREADS:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def identity_of(settings: Mapping[str, Any], arrays: Iterable[npt.NDArray[Any]]) -> str:
    """A hash of a model's settings and of what it is trained on, so that no other's checkpoint is resumed."""
    digest = hashlib.blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes() + b"|")
    return digest.hexdigest()


def plot_curves(curves: dict[str, Curve], file: Path) -> None:
    """Loss and validation NDCG of every trained model, as a picture (PNG by default)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    for name, curve in curves.items():
        left.plot(range(1, len(curve.loss) + 1), curve.loss, label=name)
        right.plot(range(1, len(curve.validation) + 1), curve.validation, label=name)
    left.set(title="training loss", xlabel="epoch")
    right.set(title="validation NDCG@10", xlabel="epoch")
    if curves:
        left.legend()
    figure.savefig(file)


def _schedule(step: int, total: int, settings: TrainSettings) -> float:
    warm = max(1, int(settings.warmup * total))
    if step < warm:
        return (step + 1) / warm
    share = min(1.0, (step - warm) / max(1, total - warm))
    return settings.floor + (1 - settings.floor) * 0.5 * (1 + float(np.cos(np.pi * share)))


def _named(module: nn.Module) -> Iterable[tuple[str, Tensor]]:
    return module.state_dict().items()


def _copy(module: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in _named(module)}


def _write(
    folder: Path,
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    settings: TrainSettings,
    identity: str,
    curve: Curve,
    best: dict[str, Tensor],
    averaged: dict[str, Tensor],
) -> None:
    """The tensors first, under the epoch's name; the JSON that names them last; then the old tensors go."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"module.{k}": v for k, v in _copy(module).items()}
    tensors |= {f"best.{k}": v for k, v in best.items()} | {f"averaged.{k}": v for k, v in averaged.items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{k}": v for k, v in state.items()}
    file = folder / f"epoch-{len(curve.loss)}.safetensors"
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, file)
    text = json.dumps(
        {"settings": asdict(settings), "identity": identity, "curve": asdict(curve), "file": file.name}
    )
    temporary = folder / ".training.tmp"
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, folder / "training.json")
    for old in folder.glob("epoch-*.safetensors"):
        if old != file:
            old.unlink(missing_ok=True)


def _resume(
    folder: Path,
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    scheduler: torch.optim.lr_scheduler.LambdaLR,
    settings: TrainSettings,
    identity: str,
) -> tuple[Curve, dict[str, Tensor], dict[str, Tensor]] | None:
    """Puts a checkpoint back; None where there is none of these settings and data."""
    if not (folder / "training.json").exists():
        return None
    saved = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    if saved["settings"] != asdict(settings) or saved["identity"] != identity:
        return None
    tensors = load_file(folder / saved["file"])
    parts: dict[str, dict[str, Tensor]] = {"module": {}, "best": {}, "averaged": {}, "optimizer": {}}
    for name, tensor in tensors.items():
        part, rest = name.split(".", 1)
        parts[part][rest] = tensor
    shapes = {k: tuple(v.shape) for k, v in parts["module"].items()}
    if shapes != {k: tuple(v.shape) for k, v in _named(module)}:
        return None
    module.load_state_dict(parts["module"])
    state = optimizer.state_dict()
    state["state"] = {}
    for name, tensor in parts["optimizer"].items():
        index, key = name.split(".", 1)
        state["state"].setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict(state)
    curve = Curve(**saved["curve"])
    steps = next((int(t) for k, t in parts["optimizer"].items() if k.endswith(".step")), 0)
    scheduler.last_epoch = steps
    for group, rate in zip(optimizer.param_groups, scheduler.lr_lambdas, strict=True):
        group["lr"] = settings.lr * rate(steps)
    return curve, parts["best"], parts["averaged"]
