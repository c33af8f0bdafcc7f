"""What is usual in a shop: the share positive of each aspect by category, and the stars.

Empirical Bayes. A beta prior has its category's mean, leaning on the parent's, and a strength fitted by the
method of moments (Kleinman, JASA 1973): the more alike the products, the stronger. Stars have the shop's
mean and the credibility of Buehlmann (1967), ``K`` = variance within products over variance between them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.aspects import Category
from retrieval.reviews.opinions import aspect_scores, polarity
from retrieval.reviews.records import StoredReview

DEFAULT_STRENGTH = 4.0
_STRENGTH_RANGE = (2.0, 30.0)
_CREDIBILITY_RANGE = (1.0, 30.0)
_DEFAULT_CREDIBILITY = 5.0


@dataclass(frozen=True)
class BetaPrior:
    """Expected share positive and how many opinions that expectation is worth."""

    mean: float = 0.5
    strength: float = DEFAULT_STRENGTH


@dataclass(frozen=True)
class Priors:
    """What is usual in the shop: by (category, aspect), by aspect, and for stars."""

    aspects: Mapping[tuple[Category, str], BetaPrior]
    stars_mean: float | None = None
    stars_credibility: float = _DEFAULT_CREDIBILITY

    def of(self, category: Category, aspect: str) -> BetaPrior:
        for depth in range(len(category), -1, -1):
            prior = self.aspects.get((category[:depth], aspect))
            if prior is not None:
                return prior
        return BetaPrior()


class PriorCounts:
    """Collects, product by product, what :meth:`fit` needs; small whatever the number of reviews."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Category, str], list[tuple[float, float]]] = defaultdict(list)
        self._stars: list[tuple[int, float, float]] = []

    def add(self, category: Category, reviews: Sequence[StoredReview]) -> None:
        totals: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for review in reviews:
            for aspect, score in aspect_scores(review).items():
                kind = polarity(score)
                positive, total = totals[aspect]
                if kind != "neutral":
                    totals[aspect] = (positive + review.weight * (kind == "positive"), total + review.weight)
        for aspect, pair in totals.items():
            for depth in range(len(category) + 1):
                self._counts[category[:depth], aspect].append(pair)
        stars = np.array([r.stars for r in reviews if r.stars is not None])
        if len(stars):
            self._stars.append((len(stars), float(stars.mean()), float(((stars - stars.mean()) ** 2).sum())))

    def fit(self) -> Priors:
        aspects: dict[tuple[Category, str], BetaPrior] = {}
        for category, aspect in sorted(self._counts, key=lambda key: len(key[0])):
            parent = Priors(aspects).of(category[:-1], aspect) if category else BetaPrior()
            aspects[category, aspect] = fit_beta_prior(self._counts[category, aspect], parent)
        mean, credibility = _fit_stars(self._stars)
        return Priors(aspects, mean, credibility)


def fit_beta_prior(counts: Sequence[tuple[float, float]], parent: BetaPrior) -> BetaPrior:
    """Method-of-moments beta prior of (positive, total) pairs;
    the mean leans on ``parent`` by two opinions.
    """
    positive = np.array([pair[0] for pair in counts])
    total = np.array([pair[1] for pair in counts])
    n = total.sum()
    mean = float((positive.sum() + 2.0 * parent.mean) / (n + 2.0))
    held = total > 0
    k = int(held.sum())
    if k < 3 or n <= k:
        return BetaPrior(mean, parent.strength)
    raw = positive.sum() / n
    variance = max(raw * (1 - raw), 1e-3)
    spread = float((total[held] * (positive[held] / total[held] - raw) ** 2).sum())
    scale = n - float((total**2).sum()) / n - (k - 1)
    correlation = np.clip((spread / variance - (k - 1)) / max(scale, 1e-9), 1e-3, 0.999)
    return BetaPrior(mean, float(np.clip((1 - correlation) / correlation, *_STRENGTH_RANGE)))


def _fit_stars(products: Sequence[tuple[int, float, float]]) -> tuple[float | None, float]:
    if not products:
        return None, _DEFAULT_CREDIBILITY
    n = np.array([p[0] for p in products], dtype=float)
    means = np.array([p[1] for p in products])
    overall = float((n * means).sum() / n.sum())
    k, free = len(products), n.sum() - len(products)
    if k < 3 or free < 1:
        return overall, _DEFAULT_CREDIBILITY
    within = sum(p[2] for p in products) / free
    between = ((n * (means - overall) ** 2).sum() - (k - 1) * within) / (n.sum() - (n**2).sum() / n.sum())
    credibility = within / between if between > 0 else _CREDIBILITY_RANGE[1]
    return overall, float(np.clip(credibility, *_CREDIBILITY_RANGE))


def priors_to_json(priors: Priors) -> str:
    rows = [[list(category), aspect, p.mean, p.strength] for (category, aspect), p in priors.aspects.items()]
    return json.dumps({"aspects": rows, "stars": [priors.stars_mean, priors.stars_credibility]})


def priors_from_json(text: str) -> Priors:
    facts = json.loads(text)
    aspects = {
        (tuple(category), aspect): BetaPrior(mean, strength)
        for category, aspect, mean, strength in facts["aspects"]
    }
    return Priors(aspects, *facts["stars"])
