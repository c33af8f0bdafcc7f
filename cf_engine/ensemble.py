"""Several models as one: standardised scores per shopper, weighted; the weights come from validation.

`fit_ensemble` is what a build calls: it holds each shopper's newest event out, fits the members on the rest,
picks weights by NDCG, then fits the members again on everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, History, HistoryModel, IntArray, NotFittedError, Progress, no_progress
from cf_engine.content import Content
from cf_engine.fusion import candidate_table, standardised, tune_weights
from cf_engine.interactions import Interactions
from cf_engine.item_item import ItemItem
from cf_engine.popularity import Popularity
from cf_engine.splits import Split, leave_one_out
from cf_engine.storage import ModelFileError, load_model, read_header, save_model

MODELS: Mapping[str, type[HistoryModel]] = {model.name: model for model in (Popularity, ItemItem, Content)}


class Ensemble(HistoryModel):
    """score = sum over members of weight * (score - mean) / deviation, mean and deviation over all items, per
    shopper.
    """

    name = "ensemble"

    def __init__(self, members: Mapping[str, HistoryModel], weights: Mapping[str, float]) -> None:
        if set(weights) != set(members) or not members:
            raise ValueError(
                f"one weight a member: got weights {sorted(weights)} for members {sorted(members)}"
            )
        self.members = dict(members)
        self.weights = dict(weights)
        self.n_items = max(member.n_items for member in members.values())

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Fits every member; the weights stay."""
        for done, (name, member) in enumerate(self.members.items()):
            progress(f"train {name}", done, len(self.members))
            member.fit(interactions, progress=progress)
        self.n_items = interactions.n_items
        return self

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        """A member that knows nothing about this history (constant scores) falls silent."""
        if not self.n_items:
            raise NotFittedError("the ensemble was not fitted: call fit or load first")
        total = np.zeros(self.n_items, np.float32)
        for name, weight in self.weights.items():
            if weight:
                total += np.float32(weight) * standardised(self.members[name].score(history))
        return total if items is None else total[items]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        total = np.zeros((len(histories), self.n_items), np.float32)
        for name, weight in self.weights.items():
            if weight:
                total += np.float32(weight) * standardised(self.members[name].score_batch(histories))
        return total

    def explain(self, history: History, item: int) -> FloatArray:
        """Members' own explanations on the common scale: weight / deviation of each."""
        total = np.zeros(len(history), np.float32)
        for name, weight in self.weights.items():
            deviation = float(self.members[name].score(history).std()) if weight else 0.0
            if deviation > 1e-9:
                total += np.float32(weight / deviation) * self.members[name].explain(history, item)
        return total

    def save(self, folder: Path) -> None:
        """Members first, the header last: a folder cut off in the middle is no model."""
        for name, member in self.members.items():
            member.save(folder / name)
        save_model(folder, self.name, self.version, {"n_items": self.n_items, "weights": self.weights}, {})

    @classmethod
    def load(cls, folder: Path) -> Self:
        settings, _ = load_model(folder, cls.name, cls.version)
        members = {name: load_any(folder / name) for name in settings["weights"]}
        sizes = {name: member.n_items for name, member in members.items()}
        if set(sizes.values()) != {settings["n_items"]}:
            raise ModelFileError(
                f"{folder}: expected members of {settings['n_items']} items, found {sizes}; train again"
            )
        return cls(members, settings["weights"])

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"weights": self.weights}, {}

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


@dataclass(frozen=True)
class EnsembleFit:
    """What `fit_ensemble` found: the model fitted on everything, and how it got there (plain JSON values)."""

    model: Ensemble
    validation: Mapping[str, float] = field(
        default_factory=dict
    )  # NDCG@10 of each member alone and of the ensemble
    validation_users: int = 0


def fit_ensemble(
    interactions: Interactions,
    *,
    item_vectors: npt.NDArray[np.floating[Any]] | None = None,
    category: IntArray | None = None,
    seed: int = 0,
    max_validation_users: int = 20_000,
    held_out: Split | None = None,
    progress: Progress = no_progress,
) -> EnsembleFit:
    """Trains, weighs and refits the whole recipe. Works from zero events up (then popularity and content
    alone speak).

    Args:
        item_vectors: text vectors, (n_items, d), rows of zeros for items without text; None = no content
            model.
        category: category number of each item, for popularity by category.
        held_out: what weights are picked on, a part of ``interactions``; None = each shopper's newest event.
            Where time is shared by all, its newest slice is the honest choice: leaving one out flatters
            co-occurrence, which then knows what others did later.
    """
    split = held_out or leave_one_out(interactions)
    train = split.train
    histories, targets = _questions(split, max_validation_users, seed)
    members = _members(item_vectors, category)
    weights = dict.fromkeys(members, 1.0)
    validation: dict[str, float] = {}
    if len(targets) >= 10:
        for done, member in enumerate(members.values()):
            progress(f"train {member.name} for validation", done, len(members))
            member.fit(train, progress=progress)
        table = candidate_table(members, histories, targets, progress=progress)
        weights, validation["ensemble"] = tune_weights(table, progress=progress)
    model = Ensemble(members, weights).fit(interactions, progress=progress)
    return EnsembleFit(model, validation, len(targets))


def _questions(split: Split, most: int, seed: int) -> tuple[list[IntArray], IntArray]:
    """A history and one target each; a shopper with several targets is asked for the first five of them."""
    histories, targets = [], []
    for history, wanted in zip(split.histories, split.targets, strict=True):
        for target in wanted[:5] if len(history) else ():
            histories.append(history)
            targets.append(int(target))
    if len(targets) > most:
        chosen = np.sort(np.random.default_rng(seed).choice(len(targets), most, replace=False))
        return [histories[n] for n in chosen], np.array(targets, np.int64)[chosen]
    return histories, np.array(targets, np.int64)


def _members(
    item_vectors: npt.NDArray[np.floating[Any]] | None, category: IntArray | None
) -> dict[str, HistoryModel]:
    members: dict[str, HistoryModel] = {"popularity": Popularity(category=category), "item_item": ItemItem()}
    if item_vectors is not None:
        members["content"] = Content(item_vectors)
    return members
