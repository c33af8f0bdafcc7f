"""Fitting an ensemble: `fit_ensemble` is what a build calls.

It holds a part of the events out, fits the members on the rest, learns from the held-out part how to join
them, then fits the members again on everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, History, HistoryModel, IntArray, Progress, no_progress
from cf_engine.ensemble import FEW, Ensemble, vector_of
from cf_engine.interactions import Interactions
from cf_engine.joining.fusion import CandidateTable, candidate_table, learn_weights, ndcg, ranks_of
from cf_engine.joining.recipe import Effort, tuned
from cf_engine.joining.recipe import members as recipe_members
from cf_engine.joining.stacker import POOL, Stacker
from cf_engine.measuring.splits import Split, leave_one_out, questions
from cf_engine.models.bpr import MatrixFactorisation
from cf_engine.models.sasrec import SASRec

FEW_QUESTIONS = 4000
TRAINED = (SASRec.name, MatrixFactorisation.name)  # by PyTorch; not worth it where nothing can be held out


@dataclass(frozen=True)
class EnsembleFit:
    """What `fit_ensemble` found: the model, and how it got there (plain JSON values)."""

    model: Ensemble
    validation: Mapping[str, float] = field(default_factory=dict)  # NDCG@10: each member, linear, stacked


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
        return EnsembleFit(model.fit(interactions, progress=progress), {})
    members = {}
    for done, (name, member) in enumerate(recipe.items()):
        progress(f"tune {name}", done, len(recipe))
        searched = member if effort == "full" else member.fixed({})
        members[name] = tuned(searched, split.train, histories, targets, progress=progress)
    model, validation = join(members, candidate_table(members, histories, targets, progress=progress), seed)
    model.few_weights = few_weights(model, histories[:FEW_QUESTIONS], targets[:FEW_QUESTIONS], seed)
    if refit:
        model.fit(interactions, progress=progress)
    return EnsembleFit(model, validation)


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
    validation["linear"] = ndcg(asked.ranks(vector_of(weights)))
    trial = _fit_stacker(learned, weights, seed)
    if trial is not None:
        validation["stacked"] = ndcg(_stacked_ranks(trial, asked, weights))
    weights = learn_weights(table)
    useful = trial is not None and validation["stacked"] > validation["linear"]
    validation["ensemble"] = max(validation["linear"], validation.get("stacked", 0.0))
    return Ensemble(members, weights, _fit_stacker(table, weights, seed) if useful else None), validation


def few_weights(
    model: Ensemble, histories: Sequence[History], targets: IntArray, seed: int
) -> dict[str, float] | None:
    """Weights learned where only the newest one or two events of each history are known, or None where they
    are no better than the model as it is (NDCG@10 on the half that they were not learned from).
    """
    short = [history[-(1 + number % FEW) :] for number, history in enumerate(histories)]
    table = candidate_table({name: model.members[name] for name in model.weights}, short, targets)
    half = np.random.default_rng(seed).permutation(len(short)) % 2 == 0
    learned, asked = table.rows(half), table.rows(~half)
    reached = [ndcg(asked.ranks(vector_of(model.weights)))]
    if model.stacker is not None:
        reached.append(ndcg(_stacked_ranks(model.stacker, asked, model.weights)))
    better = ndcg(asked.ranks(vector_of(learn_weights(learned)))) > max(reached)
    return learn_weights(table) if better else None


def _fit_stacker(table: CandidateTable, weights: Mapping[str, float], seed: int) -> Stacker | None:
    pool = table.best(vector_of(weights), POOL)
    return Stacker.fit(pool.features(vector_of(weights)), pool.position, seed=seed)


def _stacked_ranks(stacker: Stacker, table: CandidateTable, weights: Mapping[str, float]) -> IntArray:
    pool = table.best(vector_of(weights), POOL)
    features = pool.features(vector_of(weights))
    scores = stacker.predict(features.reshape(-1, features.shape[-1])).reshape(features.shape[:2])
    return ranks_of(scores, pool.position)


def _one(index: int, size: int) -> FloatArray:
    return np.eye(size, dtype=np.float32)[index]
