"""Ranking: exact constraints first, then one weighted sum of normalised signals, then variety.

Each signal is standardised over the candidates of the turn (z-scores, clipped at ±3; a missing value is the
mean, 0), so that weights compare across shops. The documented defaults are `RankingWeights()`; `fit_weights`
learns them from validation data as a conditional logit (McFadden 1974): the chosen product against the others
of its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.records import Candidate

FloatArray = npt.NDArray[np.float64]
CLIP = 3.0
AS_WELL = 1.0
"""Two products fit about as well when their totals are within this: one standard deviation of the search."""
TELLING = 2.0
"""So much more the search counts where a sentence tells the need: each of its words says more than those of a keyword."""
POOR = 0.5
"""Stars below the mean of the candidates from which on a product is not the one to recommend first."""


@dataclass(frozen=True)
class RankingWeights:
    """What one standard deviation of each signal is worth. Defaults: `docs/agent.md`, "Ranking"."""

    search: float = 1.0
    """How well the product fits the words (the search engine's fused and re-ranked score)."""
    critique: float = 1.0
    """How well it answers "cheaper", "better battery", "more like this"."""
    cf: float = 0.5
    """What the collaborative filter expects of this shopper's history."""
    content: float = 0.2
    """Likeness of its text to what the shopper took before."""
    reviews: float = 0.25
    """Stars, shrunk to the shop's mean where reviews are few, and the aspects asked for."""
    price_fit: float = 0.15
    """Nearness to the price named, or to what the shopper usually pays."""
    popularity: float = 0.1
    boost: float = 1.0
    """The shop's boosts, already in standard deviations and capped at 0.5."""

    def of(self, name: str) -> float:
        return float(getattr(self, name))

    def told(self) -> RankingWeights:
        """The weights where a sentence tells the need."""
        return replace(self, search=TELLING * self.search)

    @classmethod
    def signals(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))


@dataclass(frozen=True)
class Signals:
    """The signals of some candidates: ``values[name]`` has shape (n,), NaN where unknown."""

    item_ids: tuple[str, ...]
    values: Mapping[str, FloatArray]

    def standardised(self) -> dict[str, FloatArray]:
        # A boost is already in standard deviations; to standardise it would let the shop outbid the shopper.
        return {
            name: np.nan_to_num(v) if name == "boost" else standardise(v) for name, v in self.values.items()
        }


def standardise(values: FloatArray) -> FloatArray:
    """z-scores over the known values, clipped at ±3; unknown values and constant signals give 0."""
    known = np.isfinite(values)
    if known.sum() < 2:
        return np.zeros_like(values, dtype=np.float64)
    spread = float(values[known].std())
    if spread < 1e-9:
        return np.zeros_like(values, dtype=np.float64)
    scores = (np.where(known, values, values[known].mean()) - values[known].mean()) / spread
    return np.clip(scores, -CLIP, CLIP)


def rank(signals: Signals, weights: RankingWeights) -> list[Candidate]:
    """Candidates, best first, each with its standardised signals and total; ties by item id. O(n log n).

    The first place is a recommendation: what buyers rate clearly worse than the rest leaves it to the next
    that fits about as well.
    """
    standardised = signals.standardised()
    total = np.zeros(len(signals.item_ids))
    for name, scores in standardised.items():
        total += weights.of(name) * scores
    order = sorted(range(len(total)), key=lambda at: (-total[at], signals.item_ids[at]))
    poor = _poorly_rated(signals, standardised)
    better = next((at for at in order if not poor[at]), None)
    if better is not None and total[order[0]] - total[better] <= AS_WELL:
        order.remove(better)
        order.insert(0, better)
    return [
        Candidate(
            item_id=signals.item_ids[at],
            scores={name: round(float(scores[at]), 4) for name, scores in standardised.items()},
            total=round(float(total[at]), 4),
        )
        for at in order
    ]


def _poorly_rated(signals: Signals, standardised: Mapping[str, FloatArray]) -> npt.NDArray[np.bool_]:
    """What is clearly below the mean of the candidates: by a deviation, and by `POOR` stars."""
    stars = signals.values.get("reviews")
    if stars is None or not np.isfinite(stars).any():
        return np.zeros(len(signals.item_ids), dtype=bool)
    below = np.nan_to_num(stars, nan=np.inf) <= np.nanmean(stars) - POOR
    return below & (standardised["reviews"] <= -1.0)


def diversify(
    ranked: Sequence[Candidate],
    k: int,
    vector: Callable[[str], npt.NDArray[np.float32] | None],
    *,
    variety: float = 0.3,
    pool: int = 30,
    same: float = 0.985,
) -> list[Candidate]:
    """The best ``k`` with some variety: maximal marginal relevance (Carbonell & Goldstein 1998).

    Each place goes to the candidate with the highest total less ``variety`` times its greatest cosine to
    those already placed (in units of the pool's spread). The first stays first. Near copies (cosine above
    ``same``) only come when nothing else is left. O(k·pool·d).
    """
    head = list(ranked[: max(pool, k)])
    if len(head) <= 1 or k <= 1:
        return head[:k]
    vectors = [vector(candidate.item_id) for candidate in head]
    dimensions = next((len(v) for v in vectors if v is not None), 1)
    matrix = np.array([np.zeros(dimensions) if v is None else v for v in vectors], dtype=np.float64)
    totals = np.array([candidate.total for candidate in head])
    spread = max(float(totals.std()), 1e-6)
    chosen, nearest = [0], matrix @ matrix[0]
    while len(chosen) < min(k, len(head)):
        score = totals / spread - variety * nearest - 100.0 * (nearest > same)
        score[chosen] = -np.inf
        best = int(score.argmax())
        chosen.append(best)
        nearest = np.maximum(nearest, matrix @ matrix[best])
    return [head[at] for at in chosen]


def fit_weights(
    turns: Sequence[tuple[Mapping[str, FloatArray], int]],
    *,
    start: RankingWeights | None = None,
    shrinkage: float = 0.02,
) -> RankingWeights:
    """Weights under which the chosen products of validation turns are likeliest.

    ``turns``: per turn the signals of its candidates, raw, each of shape (n,), and the place of the chosen
    one. No weight goes below 0; ``shrinkage`` pulls towards ``start``, so few turns change little. ``boost``
    is the shop's to set and stays. Needs scipy; about a second for 1,000 turns of 200 candidates.

    Raises:
        ValueError: without any turn.
    """
    if not turns:
        raise ValueError("fit_weights needs at least one turn with a chosen product; got none")
    from scipy.optimize import minimize

    before = start or RankingWeights()
    names = [name for name in RankingWeights.signals() if name != "boost"]
    origin = np.array([before.of(name) for name in names])
    tables = [
        (np.stack([_signal(values, name) for name in names], axis=1), chosen) for values, chosen in turns
    ]

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = 0.0, np.zeros_like(weights)
        for table, chosen in tables:  # table: (n, signals)
            utility = table @ weights
            utility -= utility.max()
            share = np.exp(utility)
            share /= share.sum()
            value -= float(np.log(share[chosen] + 1e-12))
            gradient += share @ table - table[chosen]
        pull = weights - origin
        return value / len(tables) + shrinkage * float(pull @ pull), gradient / len(
            tables
        ) + 2 * shrinkage * pull

    found = minimize(loss, origin, jac=True, method="L-BFGS-B", bounds=[(0.0, 5.0)] * len(names))
    learned: dict[str, Any] = asdict(before) | {
        n: round(float(w), 4) for n, w in zip(names, found.x, strict=True)
    }
    return RankingWeights(**learned)


def _signal(values: Mapping[str, FloatArray], name: str) -> FloatArray:
    length = len(next(iter(values.values())))
    return standardise(np.asarray(values.get(name, np.full(length, np.nan)), dtype=np.float64))
