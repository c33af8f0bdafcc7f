from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reviews.opinions import aspect_scores
from retrieval.reviews.priors import (
    BetaPrior,
    PriorCounts,
    Priors,
    fit_beta_prior,
    priors_from_json,
    priors_to_json,
)
from retrieval.reviews.records import Opinion, Sentence, StoredReview, from_json, to_json
from retrieval.reviews.signals import (
    ProductSignals,
    beta_interval,
    expected_dispute,
    fit_trend,
    product_signals,
)

YEAR = 365.25 * 86400
NO_PRIORS = Priors({}, 4.0, 5.0)


def stored(number: int, score: float, *, aspect: str = "lid", **facts: object) -> StoredReview:
    sentence = Sentence(0, 12, score, (Opinion(aspect, aspect, score),))
    values = {"item_id": "kettle", "text": "The lid: so.", "stars": 5.0 if score > 0 else 1.0} | facts
    return StoredReview(review_id=f"r{number}", sentences=(sentence,), **values)  # type: ignore[arg-type]


# --- shares


def test_the_interval_is_that_of_the_posterior_beta() -> None:
    mean, low, high = beta_interval(8, 2, BetaPrior(0.5, 2.0))
    assert mean == pytest.approx(9 / 12)
    draws = np.random.default_rng(0).beta(9, 3, 200_000)
    assert (low, high) == pytest.approx(tuple(np.quantile(draws, [0.05, 0.95])), abs=0.005)


def test_few_opinions_stay_near_their_category_and_many_speak_for_themselves() -> None:
    prior = BetaPrior(0.9, 10.0)
    assert beta_interval(0, 2, prior)[0] > 0.7
    assert beta_interval(0, 200, prior)[0] < 0.1


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99), st.floats(2, 30))
def test_the_share_lies_in_its_interval(positive: int, negative: int, mean: float, strength: float) -> None:
    share, low, high = beta_interval(positive, negative, BetaPrior(mean, strength))
    assert 0 <= low <= high <= 1
    assert 0 <= share <= 1


def test_the_priors_strength_follows_how_much_products_differ() -> None:
    alike = fit_beta_prior([(8, 10)] * 30, BetaPrior())
    differing = fit_beta_prior([(10, 10), (0, 10)] * 15, BetaPrior())
    assert alike.mean == pytest.approx(0.8, abs=0.01)
    assert alike.strength > 20
    assert differing.strength < 3


def test_a_prior_is_that_of_the_nearest_department_with_opinions() -> None:
    priors = Priors({((), "lid"): BetaPrior(0.2), (("Kitchen",), "lid"): BetaPrior(0.9)})
    assert priors.of(("Kitchen", "Kettles"), "lid").mean == 0.9
    assert priors.of(("Garden",), "lid").mean == 0.2
    assert priors.of((), "spout") == BetaPrior()


# --- one product


def test_a_review_is_one_opinion_however_often_it_says_it() -> None:
    sentences = tuple(Sentence(0, 3, 0.9, (Opinion("lid", "lid", 0.9),)) for _ in range(5))
    review = StoredReview("r", "kettle", "lid", sentences=sentences)
    signals = product_signals("kettle", (), [review, stored(2, -0.9)], NO_PRIORS)
    lid = signals.aspect("lid")
    assert lid is not None
    assert (lid.positive, lid.negative) == (1, 1)


def test_a_neutral_mention_does_not_water_down_an_opinion() -> None:
    opinions = (Opinion("lid", "lid", 0.0), Opinion("lid", "lid", -0.8))
    review = StoredReview("r", "kettle", "lid", sentences=(Sentence(0, 3, -0.4, opinions),))
    assert aspect_scores(review)["lid"] == -0.8


def test_counts_stars_and_complaint() -> None:
    reviews = [stored(i, 0.9) for i in range(6)] + [stored(i, -0.9) for i in range(6, 9)]
    signals = product_signals("kettle", (), reviews, NO_PRIORS)
    assert (signals.positive, signals.negative, signals.review_count) == (6, 3, 9)
    assert signals.stars_mean == pytest.approx(33 / 9, abs=1e-3)
    assert signals.stars_adjusted == pytest.approx((33 + 5 * 4.0) / 14, abs=1e-3)
    assert signals.stars_counts == (3, 0, 0, 0, 6)
    assert signals.complaint is not None
    assert (signals.complaint.aspect, signals.complaint.count, signals.complaint.of) == ("lid", 3, 9)


def test_one_complaint_is_not_typical() -> None:
    assert product_signals("kettle", (), [stored(1, -0.9)], NO_PRIORS).complaint is None


def test_a_suspicious_review_counts_but_weighs_less() -> None:
    honest = [stored(i, -0.9) for i in range(4)]
    paid = [stored(10 + i, 0.9, weight=0.2, suspicions=("copy",)) for i in range(4)]
    signals = product_signals("kettle", (), honest + paid, NO_PRIORS)
    lid = signals.aspect("lid")
    assert lid is not None
    assert (lid.positive, lid.negative) == (4, 4)
    assert lid.share_positive < 0.4
    assert signals.suspicious == 4
    assert signals.suspicious_reasons == {"copy": 4}
    assert signals.stars_adjusted is not None
    assert signals.stars_mean == 3.0
    assert signals.stars_adjusted < signals.stars_mean


def test_other_languages_are_counted_and_left_out_of_scoring() -> None:
    other = StoredReview("s", "kettle", "muy bueno", language="es", stars=5.0)
    signals = product_signals("kettle", (), [stored(1, 0.9), other], NO_PRIORS)
    assert (signals.review_count, signals.scored_count, signals.other_languages) == (2, 1, {"es": 1})
    assert signals.stars_counts[4] == 2  # its stars need no reading


def test_no_reviews_give_the_shops_stars_and_nothing_else() -> None:
    assert product_signals("new", (), [], NO_PRIORS) == ProductSignals(item_id="new", stars_adjusted=4.0)


def test_dispute_is_high_where_buyers_split_and_low_where_they_agree() -> None:
    assert expected_dispute(50, 50) > 0.95
    assert expected_dispute(100, 0) < 0.05


# --- trend


def test_a_falling_share_is_seen_and_noise_is_not() -> None:
    times = [i * YEAR / 8 for i in range(24)]
    falling = fit_trend(times, [1.0 if i < 12 else 0.0 for i in range(24)], [1.0] * 24)
    noise = fit_trend(times, [float(i % 2) for i in range(24)], [1.0] * 24)
    assert falling is not None
    assert falling.direction == "falling"
    assert falling.low < falling.per_year < falling.high < 0
    assert noise is not None
    assert noise.direction == "steady"


def test_too_few_or_too_close_opinions_have_no_trend() -> None:
    assert fit_trend([0.0, YEAR], [1.0, 0.0], [1.0, 1.0]) is None
    assert fit_trend([float(i) for i in range(20)], [1.0] * 20, [1.0] * 20) is None


# --- shop-wide


def test_star_credibility_grows_with_the_noise_inside_products() -> None:
    def shop(spread: float) -> Priors:
        counts = PriorCounts()
        random = np.random.default_rng(1)
        for item in range(30):
            centre = 2.0 + 2.0 * item / 29
            stars = np.clip(centre + spread * random.normal(size=20), 1, 5)
            counts.add((), [stored(100 * item + i, 0.9, stars=float(s)) for i, s in enumerate(stars)])
        return counts.fit()

    assert shop(0.1).stars_credibility < shop(2.0).stars_credibility
    assert shop(0.1).stars_mean == pytest.approx(3.0, abs=0.1)


def test_records_and_signals_read_back_as_they_were_written() -> None:
    review = stored(1, 0.9, suspicions=("copy",), weight=0.2)
    assert from_json(to_json(review)) == review
    signals = product_signals("kettle", (), [review, stored(2, -0.5)], NO_PRIORS)
    assert ProductSignals.model_validate_json(signals.model_dump_json()) == signals


def test_priors_read_back_as_they_were_written() -> None:
    priors = Priors({((), "lid"): BetaPrior(0.2, 7.0), (("Kitchen",), "lid"): BetaPrior(0.9)}, 4.2, 6.0)
    assert priors_from_json(priors_to_json(priors)) == priors
