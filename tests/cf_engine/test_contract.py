"""What every recommender promises, on a shop whose right answers are known: item i is always followed by i +
1.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cf_engine.base import HistoryModel, NotFittedError
from cf_engine.ensemble import Ensemble, load_any
from cf_engine.interactions import Interactions
from cf_engine.models.bpr import MatrixFactorisation
from cf_engine.models.content import Content
from cf_engine.models.graph import GraphFilter
from cf_engine.models.item_item import ItemItem
from cf_engine.models.popularity import Popularity
from cf_engine.models.ridge import EASE, PastFutureRidge
from cf_engine.models.sasrec import SASRec
from cf_engine.models.text_transition import TextTransition
from cf_engine.storage import ModelFileError

N_ITEMS = 30
ANGLES = np.arange(N_ITEMS)[:, None] * 2 * np.pi / N_ITEMS
VECTORS = np.hstack(
    [np.cos(ANGLES), np.sin(ANGLES), np.cos(2 * ANGLES), np.sin(2 * ANGLES)]
)  # neighbours are alike


def ring(users: int = 240) -> Interactions:
    """Each shopper walks a stretch of a ring of items, one step at a time."""
    rng = np.random.default_rng(0)
    walks = [
        [(start + step) % N_ITEMS for step in range(rng.integers(4, 8))]
        for start in rng.integers(0, N_ITEMS, users)
    ]
    return Interactions.from_sequences(walks, N_ITEMS)


MODELS: dict[str, Callable[[], HistoryModel]] = {
    "popularity": Popularity,
    "item_item": ItemItem,
    "ridge": lambda: PastFutureRidge(l2=1.0),
    "ease": lambda: EASE(l2=10.0),
    "content": lambda: Content(VECTORS),
    "text_transition": lambda: TextTransition(VECTORS),
    "graph_filter": lambda: GraphFilter(rank=8),
    "factors": lambda: MatrixFactorisation(d=16, epochs=12, batch=256, negatives=20),
    "factors_bpr": lambda: MatrixFactorisation(loss="bpr", d=16, epochs=12, batch=256, negatives=20),
    "sasrec": lambda: SASRec(VECTORS, d=16, epochs=15, batch=32, negatives=20, dropout=0.1, average=0.0),
    "ensemble": lambda: Ensemble(
        {"popularity": Popularity(), "item_item": ItemItem()}, {"popularity": 0.1, "item_item": 1.0}
    ),
}
ORDERED = ("item_item", "ridge", "factors", "sasrec", "ensemble")  # these know that 6 comes after 5
PERSONAL = [name for name in MODELS if name != "popularity"]


@pytest.fixture(scope="module")
def fitted() -> dict[str, HistoryModel]:
    return {name: make().fit(ring()) for name, make in MODELS.items()}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, fitted: dict[str, HistoryModel]) -> HistoryModel:
    return fitted[request.param]


@pytest.mark.parametrize("name", ORDERED)
def test_what_always_follows_comes_first(name: str, fitted: dict[str, HistoryModel]) -> None:
    best, _ = fitted[name].recommend([3, 4, 5], 3, exclude=[3, 4, 5])
    assert best[0] == 6


@pytest.mark.parametrize("name", PERSONAL)
def test_neighbours_on_the_ring_come_before_the_far_side(name: str, fitted: dict[str, HistoryModel]) -> None:
    scores = fitted[name].score([3, 4, 5])
    assert scores[6] > scores[20]


@pytest.mark.parametrize("name", PERSONAL)
def test_one_more_event_changes_the_next_answer(name: str, fitted: dict[str, HistoryModel]) -> None:
    before, _ = fitted[name].recommend([3, 4, 5], 15)
    after, _ = fitted[name].recommend([3, 4, 5, 20], 15)
    assert before.tolist() != after.tolist()


def test_scores_of_one_and_of_many_agree(model: HistoryModel) -> None:
    histories = [[1], [3, 4, 5], [20, 21, 22, 23, 24, 25], []]
    together = model.score_batch(histories)
    assert together.shape == (4, N_ITEMS)
    for row, history in zip(together, histories, strict=True):
        np.testing.assert_allclose(row, model.score(history), rtol=1e-3, atol=1e-4)


def test_scores_of_some_items_are_those_of_all(model: HistoryModel) -> None:
    some = np.array([7, 2, 11])
    np.testing.assert_allclose(model.score([3, 4], some), model.score([3, 4])[some], rtol=1e-5, atol=1e-5)


def test_the_best_come_first_and_none_twice(model: HistoryModel) -> None:
    best, scores = model.recommend([3, 4, 5], 10)
    assert len(set(best.tolist())) == len(best) == 10
    assert (np.diff(scores) <= 0).all()


def test_excluded_items_never_come_back(model: HistoryModel) -> None:
    best, _ = model.recommend([3, 4, 5], N_ITEMS, exclude=[6, 7, 8])
    assert not {6, 7, 8} & set(best.tolist())
    assert len(best) == N_ITEMS - 3


def test_candidates_bound_the_answer(model: HistoryModel) -> None:
    best, _ = model.recommend([3, 4, 5], 10, exclude=[6], candidates=np.array([6, 7, 20]))
    assert set(best.tolist()) == {7, 20}


def test_recommending_to_many_is_recommending_to_each(model: HistoryModel) -> None:
    histories = [[3, 4, 5], [10, 11]]
    lists = model.recommend_batch(histories, 3)
    for row, history in zip(lists, histories, strict=True):
        scores = model.score(history)
        assert not set(row.tolist()) & set(history)
        np.testing.assert_allclose(
            scores[row], model.recommend(history, 3, exclude=history)[1], rtol=1e-3, atol=1e-4
        )


@pytest.mark.parametrize("name", ["item_item", "ridge", "ease", "content", "text_transition", "graph_filter"])
def test_linear_models_explain_exactly(name: str, fitted: dict[str, HistoryModel]) -> None:
    history = [3, 9, 4, 5]
    parts = fitted[name].explain(history, 6)
    assert parts.shape == (4,)
    assert parts.sum() == pytest.approx(fitted[name].score(history)[6], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("name", ["sasrec", "ensemble", "factors"])
def test_the_near_event_explains_more_than_the_far_one(name: str, fitted: dict[str, HistoryModel]) -> None:
    parts = fitted[name].explain([20, 5], 6)
    assert parts[1] > parts[0]


def test_save_and_load_keep_every_score(model: HistoryModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    again = load_any(tmp_path / "model")
    np.testing.assert_allclose(again.score([3, 4, 5]), model.score([3, 4, 5]), rtol=1e-5, atol=1e-6)
    assert not list((tmp_path / "model").rglob("*.pkl"))


def test_another_version_is_refused_and_the_message_says_what_to_do(
    model: HistoryModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    header = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps({**header, "version": 99}))
    with pytest.raises(ModelFileError, match=r"version 99.*expected .* version.*train it again"):
        type(model).load(tmp_path)


def test_an_array_of_another_shape_is_refused(tmp_path: Path) -> None:
    Popularity().fit(ring()).save(tmp_path)
    np.save(tmp_path / "counts.npy", np.zeros(N_ITEMS + 1, np.float32))
    with pytest.raises(ModelFileError, match=r"found shape \[31\].*expected \[30\]"):
        Popularity.load(tmp_path)


def test_a_pickled_array_is_refused(tmp_path: Path) -> None:
    Popularity().fit(ring()).save(tmp_path)
    np.save(tmp_path / "counts.npy", np.array([{"a": 1}] * N_ITEMS, dtype=object), allow_pickle=True)
    with pytest.raises(ModelFileError, match="not readable"):
        Popularity.load(tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_asking_before_fit_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotFittedError, match="fit"):
        MODELS[name]().save(tmp_path)


@pytest.mark.parametrize("name", [n for n in MODELS if n not in ("factors_bpr", "graph_filter")])
def test_no_events_at_all_is_no_error(name: str) -> None:
    empty = Interactions.from_sequences([[]], N_ITEMS)
    model = MODELS[name]().fit(empty)
    assert np.isfinite(model.score([1, 2])).all()


def test_serving_needs_no_torch(fitted: dict[str, HistoryModel], tmp_path: Path) -> None:
    members = {name: fitted[name] for name in ("popularity", "item_item", "text_transition", "sasrec")}
    Ensemble(members, dict.fromkeys(members, 1.0)).save(tmp_path / "model")
    program = (
        "import sys; from pathlib import Path; from cf_engine.ensemble import Ensemble;"
        f"model = Ensemble.load(Path({str(tmp_path / 'model')!r}));"
        "print(model.recommend([3, 4, 5], 1, exclude=[3, 4, 5])[0][0]);"
        "assert not {'torch', 'lightgbm', 'sentence_transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("6", "")
