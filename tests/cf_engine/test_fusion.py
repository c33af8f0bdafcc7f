"""How models are joined: a common scale, weights learned on held-out items, trees that order the best
candidates.
"""

from __future__ import annotations

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from cf_engine.ensemble import Ensemble
from cf_engine.interactions import Interactions
from cf_engine.joining import recipe
from cf_engine.joining.ensemble_fit import fit_ensemble, join
from cf_engine.joining.fusion import (
    CandidateTable,
    candidate_table,
    comparable,
    learn_weights,
    ndcg,
    standardised,
)
from cf_engine.joining.recipe import Member, quality, tuned
from cf_engine.joining.stacker import Stacker
from cf_engine.models.item_item import ItemItem
from cf_engine.models.popularity import Popularity
from tests.cf_engine.test_contract import N_ITEMS, VECTORS, ring


def table(users: int = 800, width: int = 20, seed: int = 0) -> CandidateTable:
    """Two models: the first knows the answer with noise, the second is noise alone."""
    rng = np.random.default_rng(seed)
    position = rng.integers(0, width, users)
    scores = rng.normal(size=(users, width, 2)).astype(np.float32)
    scores[np.arange(users), position, 0] += 2.0
    return CandidateTable(
        ("good", "noise"), np.tile(np.arange(width), (users, 1)), scores, position, np.full(users, 3)
    )


def test_the_common_scale_has_mean_zero_and_silence_for_the_ignorant() -> None:
    z = standardised(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]], np.float32))
    np.testing.assert_allclose(z, [[-1.2247, 0, 1.2247], [0, 0, 0]], atol=1e-4)


def test_the_common_scale_keeps_the_order() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 50)).astype(np.float32)
    np.testing.assert_array_equal(np.argsort(comparable(scores)), np.argsort(scores))


def test_ndcg_by_hand() -> None:
    assert ndcg(np.array([0, 1, 10])) == pytest.approx((1 + 1 / np.log2(3)) / 3)
    assert ndcg(np.array([], np.int64)) == 0.0


def test_ties_count_against_the_answer() -> None:
    same = CandidateTable(
        ("m",), np.array([[4, 5, 6]]), np.ones((1, 3, 1), np.float32), np.array([0]), np.array([1])
    )
    assert same.ranks(np.ones(1, np.float32)).tolist() == [2]


def test_noise_gets_little_weight() -> None:
    weights = learn_weights(table())
    assert weights["good"] == 1.0
    assert weights["noise"] < 0.3


def test_candidates_hold_the_best_of_every_model_and_no_history() -> None:
    data = ring()
    models = {"popularity": Popularity().fit(data), "item_item": ItemItem().fit(data)}
    found = candidate_table(models, [np.array([3, 4, 5])], np.array([6]), per_model=5)
    items = set(found.items[0].tolist()) - {-1}
    assert {6, 7} <= items
    assert not {3, 4, 5} & items
    assert found.items[0, found.position[0]] == 6


def test_trees_in_numpy_predict_what_lightgbm_predicts() -> None:
    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(2000, 4)), rng.integers(0, 2, 2000)
    booster = lightgbm.train(
        {"verbose": -1, "num_leaves": 7}, lightgbm.Dataset(rows, labels), num_boost_round=12
    )
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    ours = Stacker._from_trees(trees).predict(rows.astype(np.float64))
    np.testing.assert_allclose(ours, booster.predict(rows), rtol=1e-4, atol=1e-5)


def test_a_tree_that_never_asks_says_its_one_value() -> None:
    whole = {
        "split_feature": 0,
        "threshold": 1.0,
        "left_child": {"leaf_value": 2.0},
        "right_child": {"leaf_value": 3.0},
    }
    trees = Stacker._from_trees([{"leaf_value": 0.5}, whole])
    assert trees.predict(np.array([[0.0], [9.0]])).tolist() == [2.5, 3.5]


def test_too_few_shoppers_grow_no_trees() -> None:
    few = table(users=40)
    assert Stacker.fit(few.features(np.ones(2, np.float32)), few.position) is None


def test_trees_are_kept_only_when_they_help_shoppers_they_never_saw() -> None:
    models = {"good": Popularity().fit(ring()), "noise": ItemItem().fit(ring())}
    model, validation = join(models, table(users=1200), seed=0)
    assert (model.stacker is not None) == (validation["stacked"] > validation["linear"])


def test_settings_are_searched_on_held_out_items() -> None:
    data = ring(users=500)
    histories = [s[:-1] for s in data.to_sequences()]
    targets = np.array([s[-1] for s in data.to_sequences()])
    wrong_way = Member(lambda **s: ItemItem(**{"backward": 50.0, **s}), {"backward": (50.0, 0.1)})
    model = tuned(wrong_way, data.without_last(1), histories, targets)
    assert isinstance(model, ItemItem)
    assert model.settings.backward == 0.1


@pytest.mark.parametrize("sequences", [[], [[]], [[0]], [[0, 1]], [[0, 1], [1, 2], [2, 0]]])
def test_tiny_shops_get_an_ensemble_that_answers(sequences: list[list[int]]) -> None:
    fit = fit_ensemble(Interactions.from_sequences(sequences, 5), item_vectors=VECTORS[:5])
    best, _ = fit.model.recommend([1], 3, exclude=[1])
    assert len(best) == 3
    assert fit.validation == {}


def test_a_stopped_build_goes_on_and_keeps_its_training_curves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "LEAST_EVENTS_TO_TRAIN", 100)
    settings = {"sasrec": {"d": 8, "epochs": 2, "blocks": 1, "negatives": 10}}
    first = fit_ensemble(ring(), settings=settings, checkpoint=tmp_path / "work")
    again = fit_ensemble(ring(), settings=settings, checkpoint=tmp_path / "work")
    np.testing.assert_allclose(again.model.score([3, 4]), first.model.score([3, 4]), atol=1e-5)
    assert (
        again.model.members["sasrec"].curves["final"].seconds
        == first.model.members["sasrec"].curves["final"].seconds
    )
    again.model.save(tmp_path / "model")
    assert (tmp_path / "model" / "training.png").exists()


def test_a_stranger_gets_what_is_popular_whatever_the_weights() -> None:
    data = ring()
    members = {"popularity": Popularity().fit(data), "item_item": ItemItem().fit(data)}
    model = Ensemble(members, {"popularity": 0.0, "item_item": 1.0})
    assert model.recommend([], 5)[0].tolist() == members["popularity"].recommend([], 5)[0].tolist()


def test_weights_of_their_own_serve_shoppers_of_whom_little_is_known(tmp_path: Path) -> None:
    data = ring()
    members = {"popularity": Popularity().fit(data), "item_item": ItemItem().fit(data)}
    apart = Ensemble(
        members,
        {"popularity": 0.0, "item_item": 1.0},
        few_weights={"popularity": 1.0, "item_item": 0.0},
    )
    apart.n_items = data.n_items
    apart.save(tmp_path / "model")
    for model in (apart, Ensemble.load(tmp_path / "model")):
        for history, expert in (([3], "popularity"), ([3, 4], "popularity"), ([3, 4, 5], "item_item")):
            alone = members[expert].recommend(history, 5, exclude=history)[0]
            assert model.recommend(history, 5, exclude=history)[0].tolist() == alone.tolist()


def test_one_event_weighs_little_where_it_foretells_nothing() -> None:
    rng = np.random.default_rng(0)
    drawn = [[int(i) for i in dict.fromkeys(rng.zipf(1.5, 8) % 40)] for _ in range(2400)]
    drawn = [items for items in drawn if len(items) > 2]
    known, later = drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]
    model = fit_ensemble(Interactions.from_sequences(known, 40), effort="quick").model
    one_event, targets = [np.array(items[-2:-1]) for items in later], np.array([items[-1] for items in later])
    popular = quality(model.members["popularity"], one_event, targets)
    assert quality(model, one_event, targets) > 0.95 * popular


def test_a_new_product_is_recommended_through_its_text() -> None:
    data = ring()
    without = data.select(data.item != 6)
    fit = fit_ensemble(without, item_vectors=VECTORS, effort="quick")
    best, _ = fit.model.members["content"].recommend([5], 4, exclude=[5])
    assert 6 in best
    assert fit.model.n_items == N_ITEMS
