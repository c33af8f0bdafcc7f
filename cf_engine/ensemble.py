"""Several models as one: comparable scores per shopper, weighted, the best candidates ordered anew by trees.

`fit_ensemble` is what a build calls: it holds a part of the events out, fits the members on the rest, learns
from the held-out part how to join them, then fits the members again on everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

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
from cf_engine.bpr import MatrixFactorisation
from cf_engine.content import Content
from cf_engine.fusion import CandidateTable, candidate_table, comparable, learn_weights, ndcg, ranks_of
from cf_engine.graph import GraphFilter
from cf_engine.interactions import Interactions
from cf_engine.item_item import ItemItem
from cf_engine.newcomers import Newcomers
from cf_engine.popularity import Popularity
from cf_engine.recipe import Effort, tuned
from cf_engine.recipe import members as recipe_members
from cf_engine.ridge import EASE, PastFutureRidge
from cf_engine.sasrec import SASRec
from cf_engine.splits import Split, leave_one_out, questions
from cf_engine.stacker import POOL, Stacker, candidate_features
from cf_engine.storage import ModelFileError, load_model, read_header, save_model
from cf_engine.text_transition import TextTransition

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


TRAINED = (SASRec.name, MatrixFactorisation.name)  # by PyTorch; not worth it where nothing can be held out


class Ensemble(HistoryModel):
    """score = sum of weight * comparable(member's score), over all items, per shopper (`fusion.comparable`).

    With a stacker, the `POOL` best are then ordered by its trees, above everything else.
    """

    name = "ensemble"
    version = 2

    def __init__(
        self,
        members: Mapping[str, HistoryModel],
        weights: Mapping[str, float],
        stacker: Stacker | None = None,
    ) -> None:
        if set(weights) != set(members) or not members:
            raise ValueError(
                f"one weight a member: got weights {sorted(weights)} for members {sorted(members)}"
            )
        self.members = dict(members)
        self.weights = dict(weights)
        self.stacker = stacker
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
        total = np.tensordot(np.array(list(self.weights.values()), np.float32), stack, axes=1)
        self.newcomers.place(total)
        strangers = [row for row, history in enumerate(histories) if not len(history)]
        if strangers and Popularity.name in self.members:
            total[strangers] = stack[list(self.weights).index(Popularity.name)][strangers]
        if self.stacker is None or len(strangers) == len(histories):
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
        lift[strangers] = fused[strangers]
        np.put_along_axis(total, pool, lift, axis=1)
        return total

    def explain(self, history: History, item: int) -> FloatArray:
        """Members' own explanations, weighted on the common scale (weight / deviation of each)."""
        total = np.zeros(len(history), np.float32)
        for name, weight in self.weights.items():
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
        model = cls(members, settings["weights"], Stacker.from_arrays(arrays))
        model.newcomers = Newcomers.from_arrays(arrays)
        return model

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        trees = self.stacker.arrays() if self.stacker else {}
        return {"weights": self.weights}, trees | self.newcomers.arrays()

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
    """What `fit_ensemble` found: the model, and how it got there (plain JSON values)."""

    model: Ensemble
    validation: Mapping[str, float] = field(default_factory=dict)  # NDCG@10: each member, linear, stacked
    validation_users: int = 0


def fit_ensemble(
    interactions: Interactions,
    *,
    item_vectors: npt.NDArray[np.floating[Any]] | None = None,
    category: IntArray | None = None,
    seed: int = 0,
    max_validation_users: int = 20_000,
    held_out: Split | None = None,
    effort: Effort = "full",
    refit: bool = True,
    settings: Mapping[str, Mapping[str, float]] | None = None,
    start: Ensemble | None = None,
    checkpoint: Path | None = None,
    progress: Progress = no_progress,
) -> EnsembleFit:
    """Trains, joins and refits the whole recipe. Works from zero events up (then popularity and content
    speak).

    Args:
        item_vectors: text vectors, (n_items, d), rows of zeros for items without text; None = no text models.
        category: category number of each item, for popularity by category.
        held_out: what settings and weights are picked on, a part of ``interactions``; None = each shopper's
            newest event. Where time is shared by all, its newest slice is the honest choice: leaving one out
            flatters co-occurrence, which then knows what others did later.
        effort: what is trained (`recipe.Effort`); settings are searched with "full" alone.
        refit: False keeps the members as fitted on the training part alone (the published tables' form).
        settings: of some members, by name; these are taken as given and not searched.
        start: an earlier ensemble whose items keep their numbers; its transformer is trained on.
        checkpoint: folder that lets a stopped training go on where it was.
    """
    split = held_out or leave_one_out(interactions)
    histories, targets = questions(split, max_validation_users, seed)
    earlier = start.members.get(SASRec.name) if start is not None else None
    recipe = recipe_members(interactions, item_vectors, category, effort, seed, earlier, checkpoint)
    for name, given in (settings or {}).items():
        if name in recipe:
            recipe[name] = recipe[name].fixed(given)
    if len(targets) < 10:
        members = {name: member.make() for name, member in recipe.items() if name not in TRAINED}
        model = Ensemble(members, dict.fromkeys(members, 1.0))
        return EnsembleFit(model.fit(interactions, progress=progress), {}, len(targets))
    members = {}
    for done, (name, member) in enumerate(recipe.items()):
        progress(f"tune {name}", done, len(recipe))
        searched = member if effort == "full" else member.fixed({})
        members[name] = tuned(searched, split.train, histories, targets, progress=progress)
    model, validation = join(members, candidate_table(members, histories, targets, progress=progress), seed)
    if refit:
        model.fit(interactions, progress=progress)
    return EnsembleFit(model, validation, len(targets))


def join(
    members: Mapping[str, HistoryModel], table: CandidateTable, seed: int
) -> tuple[Ensemble, dict[str, float]]:
    """Learns weights and stacker; the NDCG@10 told is of the half of the shoppers that those were not learned
    from.
    """
    half = np.random.default_rng(seed).permutation(len(table.position)) % 2 == 0
    learned, asked = table.rows(half), table.rows(~half)
    validation = {name: ndcg(asked.ranks(_one(i, len(members)))) for i, name in enumerate(members)}
    weights = learn_weights(learned)
    validation["linear"] = ndcg(asked.ranks(_vector(weights)))
    trial = _fit_stacker(learned, weights, seed)
    if trial is not None:
        validation["stacked"] = ndcg(_stacked_ranks(trial, asked, weights))
    weights = learn_weights(table)
    useful = trial is not None and validation["stacked"] > validation["linear"]
    validation["ensemble"] = max(validation["linear"], validation.get("stacked", 0.0))
    return Ensemble(members, weights, _fit_stacker(table, weights, seed) if useful else None), validation


def _fit_stacker(table: CandidateTable, weights: Mapping[str, float], seed: int) -> Stacker | None:
    pool = table.best(_vector(weights), POOL)
    return Stacker.fit(pool.features(_vector(weights)), pool.position, seed=seed)


def _stacked_ranks(stacker: Stacker, table: CandidateTable, weights: Mapping[str, float]) -> IntArray:
    pool = table.best(_vector(weights), POOL)
    features = pool.features(_vector(weights))
    scores = stacker.predict(features.reshape(-1, features.shape[-1])).reshape(features.shape[:2])
    return ranks_of(scores, pool.position)


def _vector(weights: Mapping[str, float]) -> FloatArray:
    return np.array(list(weights.values()), np.float32)


def _one(index: int, size: int) -> FloatArray:
    return np.eye(size, dtype=np.float32)[index]
