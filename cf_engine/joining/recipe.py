"""Which models an ensemble is made of, and the few settings of each that every shop picks on its own
validation part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cf_engine.base import History, HistoryModel, IntArray, Progress, mask_histories, no_progress
from cf_engine.interactions import Interactions
from cf_engine.joining.fusion import ndcg
from cf_engine.models.bpr import MatrixFactorisation
from cf_engine.models.content import Content
from cf_engine.models.item_item import ItemItem, text_neighbours
from cf_engine.models.linear import LinearModel
from cf_engine.models.popularity import Popularity
from cf_engine.models.ridge import PastFutureRidge
from cf_engine.models.sasrec import SASRec
from cf_engine.models.text_transition import TextTransition
from cf_engine.text import check_vectors

Effort = Literal["quick", "standard", "full"]
"""How long a build trains: closed forms; matrix factorisation too; the transformer and a search of settings
too.
"""
LEAST_EVENTS_TO_TRAIN = 3000  # below, a trained model only learns the noise by heart
LEAST_QUESTIONS = (
    300  # held-out items; below, the best of several settings is the luckiest one, and defaults stay
)
DECAYS = (0.3, 0.45, 0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Member:
    """How to make one model, and the values of its settings to try, in this order, one setting at a time."""

    make: Callable[..., HistoryModel]
    grid: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def fixed(self, settings: Mapping[str, float]) -> Member:
        """The same model with these settings and no search."""
        return Member(partial(self.make, **settings))


def members(
    interactions: Interactions,
    vectors: npt.NDArray[np.floating[Any]] | None,
    category: IntArray | None,
    effort: Effort,
    seed: int,
    start: HistoryModel | None = None,
    checkpoint: Path | None = None,
) -> dict[str, Member]:
    """The recipe for this much data: text models where there are texts, trained ones where there are events.

    ``start``: an earlier transformer to go on from. ``checkpoint``: where trainings can be resumed from.
    """
    grid: dict[str, Sequence[float]] = {
        "target": (0.0, 0.15, 0.3),
        "source": (0.0, 0.2, 0.4, 0.6),
        "distance": (0.0, 0.4, 0.7, 1.0),
        "backward": (0.1, 0.3, 1.0),
    }
    span = float(np.ptp(interactions.time)) if len(interactions) else 0.0
    half_lives = {"half_life": [share * span for share in (0.05, 0.2)]} if span else {}
    chosen = {"popularity": Member(lambda **s: Popularity(category=category, **s), half_lives)}
    content = {} if vectors is None else {"content": Member(lambda **s: Content(vectors, **s))}
    if not len(interactions):
        return chosen | content
    neighbours = None
    if vectors is not None:
        grid["smoothing"] = (0.0, 0.5, 1.0, 2.0)
        neighbours = text_neighbours(check_vectors(vectors, interactions.n_items))
    chosen |= {
        "item_item": Member(lambda **s: ItemItem(neighbours, **s), grid),
        "ridge": Member(PastFutureRidge, {"l2": (15.0, 50.0, 150.0), "past": (0.35, 0.5, 0.7)}),
        **content,
    }
    if vectors is not None:
        chosen["text_transition"] = Member(lambda **s: TextTransition(vectors, **s))
    earlier = start if isinstance(start, SASRec) else None
    if effort != "quick" and len(interactions) >= LEAST_EVENTS_TO_TRAIN:
        # As good on small logs; on large ones sampled softmax wins.
        loss = "bpr" if effort == "standard" else "softmax"
        given = {"checkpoint": _inside(checkpoint, MatrixFactorisation.name), "loss": loss, "seed": seed}
        chosen["factors"] = Member(lambda **s: MatrixFactorisation(**{**given, **s}))
    if effort == "full" and len(interactions) >= LEAST_EVENTS_TO_TRAIN:
        folder = _inside(checkpoint, SASRec.name)
        chosen["sasrec"] = Member(
            lambda **s: SASRec(vectors, start=earlier, checkpoint=folder, **{"seed": seed, **s})
        )
    return chosen


def tuned(
    member: Member,
    train: Interactions,
    histories: Sequence[History],
    targets: IntArray,
    *,
    most: int = 3000,
    progress: Progress = no_progress,
) -> HistoryModel:
    """The member fitted on ``train`` with the settings that rank ``targets`` best, by coordinate search.

    Cost: one fit and one scoring of ``most`` histories for each value of the grid.
    """
    step = max(1, len(targets) // most)
    asked, wanted = histories[::step], targets[::step]
    settings: dict[str, float] = {}
    best_model = _fitted(member, settings, train, histories, targets, progress)
    if len(targets) < LEAST_QUESTIONS:
        return best_model
    best = _tune_decay(best_model, asked, wanted)
    for name, values in member.grid.items():
        for value in values:
            if value == settings.get(name, getattr(getattr(best_model, "settings", None), name, None)):
                continue
            model = _fitted(member, {**settings, name: value}, train, histories, targets, no_progress)
            if isinstance(model, LinearModel) and isinstance(best_model, LinearModel):
                model.decay = best_model.decay
            reached = quality(model, asked, wanted)
            if reached > best:
                best, best_model, settings = reached, model, {**settings, name: value}
    if member.grid:
        _tune_decay(best_model, asked, wanted)
    return best_model


def quality(model: HistoryModel, histories: Sequence[History], targets: IntArray, batch: int = 256) -> float:
    """NDCG@10 of one target each among all items but those of the history; ties count against the target."""
    ranks = []
    for start in range(0, len(histories), batch):
        part = histories[start : start + batch]
        scores = model.score_batch(part)
        right = scores[np.arange(len(part)), targets[start : start + batch]]
        mask_histories(scores, part)
        ranks.append((scores >= right[:, None]).sum(axis=1) - 1)
    return ndcg(np.concatenate(ranks)) if ranks else 0.0


def _inside(folder: Path | None, name: str) -> Path | None:
    return folder / name if folder else None


def _fitted(
    member: Member,
    settings: Mapping[str, float],
    train: Interactions,
    histories: Sequence[History],
    targets: IntArray,
    progress: Progress,
) -> HistoryModel:
    model = member.make(**settings)
    if isinstance(model, SASRec):
        model.watch(histories, targets)
    return model.fit(train, progress=progress)


def _tune_decay(model: HistoryModel, histories: Sequence[History], targets: IntArray) -> float:
    """Sets the best decay of the history, which needs no new fit; returns the quality reached."""
    best = quality(model, histories, targets)
    if isinstance(model, LinearModel):
        kept = model.decay
        for decay in DECAYS:
            model.decay = decay
            reached = quality(model, histories, targets)
            if reached > best:
                best, kept = reached, decay
        model.decay = kept
    return best
