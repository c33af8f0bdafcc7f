"""Several models as one: comparable scores per shopper, weighted, the best candidates ordered by trees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from cf_engine.base import (
    FloatArray,
    History,
    HistoryModel,
    IntArray,
    NotFittedError,
    Progress,
    mask_histories,
    no_progress,
    top_k,
)
from cf_engine.interactions import Interactions
from cf_engine.joining.fusion import comparable
from cf_engine.joining.stacker import POOL, Stacker, candidate_features
from cf_engine.models.bpr import MatrixFactorisation
from cf_engine.models.content import Content
from cf_engine.models.graph import GraphFilter
from cf_engine.models.item_item import ItemItem
from cf_engine.models.newcomers import Newcomers
from cf_engine.models.popularity import Popularity
from cf_engine.models.ridge import EASE, PastFutureRidge
from cf_engine.models.sasrec import SASRec
from cf_engine.models.text_transition import TextTransition
from cf_engine.storage import ModelFileError, load_model, read_header, save_model

MODELS: Mapping[str, type[HistoryModel]] = {
    model.name: model
    for model in (
        Popularity,
        ItemItem,
        Content,
        PastFutureRidge,
        EASE,
        TextTransition,
        GraphFilter,
        MatrixFactorisation,
        SASRec,
    )
}


FEW = 2  # events; of whom no more is known is asked for with weights of their own


class Ensemble(HistoryModel):
    """score = sum of weight * comparable(member's score), over all items, per shopper (`fusion.comparable`).

    With a stacker, the `POOL` best are then ordered by its trees, above everything else. Shoppers of whom at
    most `FEW` events are known are given by ``few_weights`` alone, where there are any: one event says much
    in one shop and next to nothing in another.
    """

    name = "ensemble"
    version = 2

    def __init__(
        self,
        members: Mapping[str, HistoryModel],
        weights: Mapping[str, float],
        stacker: Stacker | None = None,
        few_weights: Mapping[str, float] | None = None,
    ) -> None:
        if set(weights) != set(members) or not members:
            raise ValueError(
                f"one weight a member: got weights {sorted(weights)} for members {sorted(members)}"
            )
        self.members = dict(members)
        self.weights = dict(weights)
        self.stacker = stacker
        self.few_weights = dict(few_weights) if few_weights else None
        self.newcomers = Newcomers()
        self.n_items = max(member.n_items for member in members.values())

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Fits every member; how they are joined stays."""
        for done, (name, member) in enumerate(self.members.items()):
            progress(f"train {name}", done, len(self.members))
            member.fit(interactions, progress=progress)
        self.n_items = interactions.n_items
        content = self.members.get(Content.name)
        self.newcomers = (
            Newcomers.find(interactions, content) if isinstance(content, Content) else Newcomers()
        )
        return self

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        """A member that knows nothing about this history (constant scores) falls silent."""
        if not self.n_items:
            raise NotFittedError("the ensemble was not fitted: call fit or load first")
        stack = np.stack([comparable(self.members[name].score(history)) for name in self.weights])[:, None]
        total = self._join(stack, [history])[0]
        return total if items is None else total[items]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        return self._join(
            np.stack([comparable(self.members[name].score_batch(histories)) for name in self.weights]),
            histories,
        )

    def _join(self, stack: FloatArray, histories: Sequence[History]) -> FloatArray:
        """(members, n, n_items) comparable scores -> (n, n_items); without any history, popularity alone
        speaks.
        """
        total = np.tensordot(vector_of(self.weights), stack, axes=1)
        few = [row for row, history in enumerate(histories) if 0 < len(history) <= FEW]
        if few and self.few_weights:
            total[few] = np.tensordot(vector_of(self.few_weights), stack[:, few], axes=1)
        self.newcomers.place(total)
        strangers = [row for row, history in enumerate(histories) if not len(history)]
        if strangers and Popularity.name in self.members:
            total[strangers] = stack[list(self.weights).index(Popularity.name)][strangers]
        as_they_are = [*strangers, *few] if self.few_weights else strangers
        if self.stacker is None or len(as_they_are) == len(histories):
            return total
        masked = total.copy()
        mask_histories(masked, histories)
        pool = top_k(masked, min(POOL, self.n_items))
        fused = np.take_along_axis(masked, pool, axis=1)
        fused[~np.isfinite(fused)] = -100.0
        scores = np.stack([np.take_along_axis(part, pool, axis=1) for part in stack], axis=-1)
        features = candidate_features(scores, fused, np.array([len(h) for h in histories]))
        order = self.stacker.predict(features.reshape(-1, features.shape[-1])).reshape(pool.shape)
        lift = total.max(axis=1, keepdims=True) + 1.0 + order - order.min(axis=1, keepdims=True)
        lift[as_they_are] = fused[as_they_are]
        np.put_along_axis(total, pool, lift, axis=1)
        return total

    def explain(self, history: History, item: int) -> FloatArray:
        """Members' own explanations, weighted on the common scale (weight / deviation of each)."""
        total = np.zeros(len(history), np.float32)
        weights = self.few_weights if self.few_weights and len(history) <= FEW else self.weights
        for name, weight in weights.items():
            deviation = float(self.members[name].score(history).std()) if weight else 0.0
            if deviation > 1e-9:
                total += np.float32(weight / deviation) * self.members[name].explain(history, item)
        return total

    def save(self, folder: Path) -> None:
        """Members first, then curves, the header last: a folder cut off in the middle is no model."""
        for name, member in self.members.items():
            member.save(folder / name)
        curves = {
            f"{name}, {part}": curve
            for name, member in self.members.items()
            for part, curve in getattr(member, "curves", {}).items()
        }
        if curves:
            from cf_engine.training import plot_curves

            plot_curves(curves, folder / "training.png")
        settings, arrays = self._state()
        save_model(folder, self.name, self.version, {"n_items": self.n_items, **settings}, arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        settings, arrays = load_model(folder, cls.name, cls.version)
        members = {name: load_any(folder / name) for name in settings["weights"]}
        sizes = {name: member.n_items for name, member in members.items()}
        if set(sizes.values()) != {settings["n_items"]}:
            raise ModelFileError(
                f"{folder}: expected members of {settings['n_items']} items, found {sizes}; train again"
            )
        model = cls(members, settings["weights"], Stacker.from_arrays(arrays), settings.get("few_weights"))
        model.newcomers = Newcomers.from_arrays(arrays)
        return model

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        trees = self.stacker.arrays() if self.stacker else {}
        settings = {"weights": self.weights, "few_weights": self.few_weights}
        return settings, trees | self.newcomers.arrays()

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        raise NotImplementedError("an ensemble is restored by load, with its members")


def load_any(folder: Path) -> HistoryModel:
    """Opens whatever model a folder holds. ModelFileError for an unknown kind."""
    kind = read_header(folder)["kind"]
    if kind == Ensemble.name:
        return Ensemble.load(folder)
    if kind not in MODELS:
        raise ModelFileError(
            f"{folder}: unknown kind of model {kind!r}, expected one of {sorted(MODELS)}; train again"
        )
    return MODELS[kind].load(folder)


def vector_of(weights: Mapping[str, float]) -> FloatArray:
    return np.array(list(weights.values()), np.float32)
