"""The ranking: standardised signals, one weighted sum, variety, and weights learned from choices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.recommending.ranking import RankingWeights, Signals, diversify, fit_weights, rank, standardise
from agent.records import Candidate


def test_unknown_values_count_as_the_mean() -> None:
    scores = standardise(np.array([1.0, 3.0, np.nan]))
    assert scores.tolist() == [-1.0, 1.0, 0.0]


def test_a_signal_that_is_the_same_for_all_says_nothing() -> None:
    assert standardise(np.array([2.0, 2.0, 2.0])).tolist() == [0.0, 0.0, 0.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_standardised_scores_stay_within_three_deviations(values: list[float]) -> None:
    scores = standardise(np.array(values))
    assert np.all(np.abs(scores) <= 3.0)
    assert np.isfinite(scores).all()


def test_the_total_is_the_weighted_sum_and_every_score_is_kept() -> None:
    signals = Signals(("a", "b"), {"search": np.array([1.0, 0.0]), "reviews": np.array([1.0, 5.0])})
    best, second = rank(signals, RankingWeights(search=1.0, reviews=0.25))
    assert (best.item_id, best.total) == ("a", 0.75)
    assert best.scores == {"search": 1.0, "reviews": -1.0}
    assert second.total == -0.75


def stars_of_three(search: float) -> Signals:
    values = {"search": np.array([search, 2.0, 0.0]), "reviews": np.array([2.7, 4.2, 4.4])}
    return Signals(("poor", "good", "far"), values)


def test_what_buyers_rate_clearly_worse_is_not_first_where_another_fits_as_well() -> None:
    order = [candidate.item_id for candidate in rank(stars_of_three(2.4), RankingWeights(reviews=0.01))]
    assert order == ["good", "poor", "far"]


def test_a_poor_rating_does_not_cost_the_first_place_where_nothing_else_fits_as_well() -> None:
    order = [candidate.item_id for candidate in rank(stars_of_three(9.0), RankingWeights())]
    assert order == ["poor", "good", "far"]


def test_a_rating_slightly_below_the_others_changes_nothing() -> None:
    signals = Signals(
        ("a", "b", "c"), {"search": np.array([2.1, 2.0, 0.0]), "reviews": np.array([4.4, 4.5, 4.6])}
    )
    assert rank(signals, RankingWeights(reviews=0.0))[0].item_id == "a"


def test_ties_are_broken_by_id_so_that_an_answer_can_be_repeated() -> None:
    signals = Signals(("b", "a"), {"search": np.array([1.0, 1.0])})
    assert [candidate.item_id for candidate in rank(signals, RankingWeights())] == ["a", "b"]


def test_a_boost_is_not_blown_up_by_standardising_it() -> None:
    signals = Signals(
        ("fits", "sponsored", "neither"),
        {"search": np.array([3.0, 1.0, 0.9]), "boost": np.array([0.0, 0.5, 0.0])},
    )
    order = [candidate.item_id for candidate in rank(signals, RankingWeights())]
    assert order == ["fits", "sponsored", "neither"]


def test_variety_puts_something_else_before_the_third_of_the_same() -> None:
    vectors = {"a": [1, 0], "b": [0.96, 0.28], "c": [0.95, 0.31], "d": [0, 1]}
    ranked = [Candidate(item_id=i, total=t) for i, t in (("a", 1.0), ("b", 0.9), ("c", 0.8), ("d", 0.7))]
    chosen = diversify(ranked, 3, lambda i: np.array(vectors[i], dtype=np.float32), variety=3.0)
    assert [c.item_id for c in chosen][:2] == ["a", "d"]


def test_without_variety_the_order_is_that_of_the_totals() -> None:
    ranked = [Candidate(item_id=i, total=t) for i, t in (("a", 1.0), ("b", 0.9), ("c", 0.8))]
    vector = np.array([1.0, 0.0], dtype=np.float32)
    turned = {"a": vector, "b": vector[::-1], "c": -vector}
    chosen = diversify(ranked, 3, turned.__getitem__, variety=0.0)
    assert [c.item_id for c in chosen] == ["a", "b", "c"]


def _turns(count: int, seed: int) -> list[tuple[dict[str, np.ndarray], int]]:
    """Choices of shoppers who weigh collaborative filtering twice as much as search, and stars not at all."""
    generator = np.random.default_rng(seed)
    turns = []
    for _ in range(count):
        values = {name: generator.normal(size=30) for name in ("search", "cf", "reviews")}
        utility = standardise(values["search"]) + 2.0 * standardise(values["cf"])
        turns.append((values, int((utility + generator.gumbel(size=30)).argmax())))
    return turns


def test_weights_learned_from_choices_are_those_the_choices_were_made_by() -> None:
    weights = fit_weights(_turns(600, seed=3), shrinkage=0.0)
    assert weights.cf == pytest.approx(2.0, abs=0.35)
    assert weights.search == pytest.approx(1.0, abs=0.25)
    assert weights.reviews < 0.2


def test_few_choices_change_the_weights_little() -> None:
    start = RankingWeights()
    learned = fit_weights(_turns(1, seed=1), start=start, shrinkage=10.0)
    assert learned.cf == pytest.approx(start.cf, abs=0.1)


def test_learning_leaves_the_boost_to_the_shop_and_no_weight_below_nothing() -> None:
    learned = fit_weights(_turns(50, seed=2), start=RankingWeights(boost=0.7))
    assert learned.boost == 0.7
    assert min(learned.of(name) for name in RankingWeights.signals()) >= 0.0


def test_learning_from_nothing_is_an_error_that_says_what_is_needed() -> None:
    with pytest.raises(ValueError, match="at least one turn"):
        fit_weights([])
