"""Stars: r = mean + user bias + item bias + p_u . q_i, trained with MSE in PyTorch (Koren et al. 2009)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, History, NotFittedError, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.storage import load_model, save_model


@dataclass(frozen=True)
class RatingSettings:
    """``l2`` counts for each star given, ``fold_in`` when a shopper's own part is solved from the history.

    A small log gets more than ``epochs`` passes: as many as take ``least_steps``.
    """

    d: int = 8
    epochs: int = 30
    least_steps: int = 600
    batch: int = 1024
    lr: float = 0.01
    l2: float = 0.2
    fold_in: float = 5.0
    seed: int = 0


class RatingModel:
    """Predicts stars for any shopper from the stars in the history; user parameters are dropped after
    training.
    """

    name = "ratings"
    version = 1

    def __init__(self, **settings: Any) -> None:
        self.settings = RatingSettings(**settings)
        self.mean = 0.0
        self.items: FloatArray | None = None  # (n_items, d + 1): factors, then bias

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Trains on the rows that have stars. ValueError when none has."""
        import torch
        from torch import nn

        from cf_engine.losses import squared_error
        from cf_engine.training import TrainSettings, device, train

        s = self.settings
        rated = np.flatnonzero(np.isfinite(interactions.stars))
        if not len(rated):
            raise ValueError("rating prediction needs stars: no row of the interactions has any")
        user, item, stars = interactions.user[rated], interactions.item[rated], interactions.stars[rated]
        self.mean = float(stars.mean())
        torch.manual_seed(s.seed)
        users, items = (
            nn.Embedding(interactions.n_users, s.d + 1),
            nn.Embedding(interactions.n_items, s.d + 1),
        )
        for table in (users, items):
            nn.init.normal_(table.weight, std=0.05)
            nn.init.zeros_(table.weight[:, -1])
        module = nn.ModuleList([users, items]).to(device())

        def batches(rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
            order = rng.permutation(len(rated))
            for start in range(0, len(order), s.batch):
                yield order[start : start + s.batch]

        def loss(rows: npt.NDArray[np.int64]) -> torch.Tensor:
            where = users.weight.device
            p = users(torch.from_numpy(user[rows]).to(where))
            q = items(torch.from_numpy(item[rows]).to(where))
            predicted = self.mean + (p[:, :-1] * q[:, :-1]).sum(dim=1) + p[:, -1] + q[:, -1]
            fit = squared_error(predicted, torch.from_numpy(stars[rows]).to(where))
            return fit + s.l2 * ((p * p).sum(dim=1) + (q * q).sum(dim=1)).mean()

        steps = -(-len(rated) // s.batch)
        train_settings = TrainSettings(
            epochs=max(s.epochs, -(-s.least_steps // steps)),
            patience=0,
            lr=s.lr,
            floor=0.05,
            seed=s.seed,
        )
        train(module, batches, loss, train_settings, steps_per_epoch=steps, progress=progress)
        self.items = items.weight.detach().cpu().numpy().copy()
        return self

    def predict(self, history: History, history_stars: npt.ArrayLike, items: npt.ArrayLike) -> FloatArray:
        """Stars from 1 to 5 for ``items``, shape (len(items),).

        The shopper's bias and factors are the ridge solution on the history's stars: O(len(history) x d^2).
        """
        if self.items is None:
            raise NotFittedError("the rating model was not trained: call fit or load first")
        targets = self.items[np.asarray(items, np.int64)]
        base = self.mean + targets[:, -1]
        known = np.asarray(history, np.int64)
        if len(known):
            rows = self.items[known]
            features = np.column_stack([rows[:, :-1], np.ones(len(known))])  # the bias is one more factor
            residual = np.asarray(history_stars, np.float64) - self.mean - rows[:, -1]
            gram = features.T @ features + self.settings.fold_in * np.eye(features.shape[1])
            own = np.linalg.solve(gram, features.T @ residual)
            base = base + targets[:, :-1] @ own[:-1] + own[-1]
        return np.clip(base, 1.0, 5.0).astype(np.float32)

    def save(self, folder: Path) -> None:
        if self.items is None:
            raise NotFittedError("the rating model has nothing to save: call fit first")
        save_model(
            folder,
            self.name,
            self.version,
            {"mean": self.mean, **asdict(self.settings)},
            {"items": self.items},
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """ModelFileError on another kind, version or shape."""
        settings, arrays = load_model(folder, cls.name, cls.version)
        return cls._restore(settings, arrays)

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        settings = dict(settings)
        mean = settings.pop("mean")
        model = cls(**settings)
        model.mean, model.items = mean, arrays["items"]
        return model
