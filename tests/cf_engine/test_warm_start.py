"""Going on from an earlier model: what it learned stays, new items start from their texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cf_engine.interactions import Interactions
from cf_engine.models.sasrec import SASRec

N, GROWN = 12, 14
SMALL: dict[str, Any] = {"d": 16, "blocks": 1, "max_length": 10, "batch": 32, "negatives": 16, "dropout": 0.1}


def walks(n_items: int, seed: int = 0) -> Interactions:
    starts = np.random.default_rng(seed).integers(0, n_items, 150)
    return Interactions.from_sequences([[(s + n) % n_items for n in range(6)] for s in starts], n_items)


def vectors(n_items: int) -> np.ndarray:
    angle = 2 * np.pi * np.arange(n_items) / n_items
    return np.stack([np.cos(angle), np.sin(angle), np.cos(2 * angle)], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def earlier() -> SASRec:
    return SASRec(stop_at=12, **SMALL).fit(walks(N))


def test_one_epoch_goes_further_from_an_earlier_model_than_from_nothing(earlier: SASRec) -> None:
    def loss(model: SASRec) -> float:
        fitted = model.fit(walks(N, seed=1))
        assert fitted.curve is not None
        return fitted.curve.loss[0]

    assert loss(SASRec(stop_at=1, start=earlier, **SMALL)) < 0.8 * loss(SASRec(stop_at=1, **SMALL))


def test_known_items_keep_what_they_learned_and_new_ones_start_from_text(earlier: SASRec) -> None:
    grown = SASRec(vectors(GROWN), stop_at=1, start=earlier, **{**SMALL, "lr": 1e-9}).fit(walks(GROWN))
    assert grown.items is not None
    assert earlier.items is not None
    assert np.allclose(grown.items[:N], earlier.items, atol=1e-5)
    texts = SASRec(vectors(GROWN), stop_at=1, **{**SMALL, "lr": 1e-9}).fit(walks(GROWN))
    assert texts.items is not None
    assert np.allclose(grown.items[N:], texts.items[N:], atol=1e-5)


def test_an_earlier_model_of_another_shape_is_not_gone_on_from(earlier: SASRec) -> None:
    other = {**SMALL, "d": 8}
    fresh, tried = (SASRec(stop_at=1, start=start, **other).fit(walks(N)) for start in (None, earlier))
    assert np.array_equal(fresh.score([1, 2]), tried.score([1, 2]))


def test_a_saved_model_can_be_gone_on_from(earlier: SASRec, tmp_path: Path) -> None:
    earlier.save(tmp_path)
    opened = SASRec.load(tmp_path)
    assert np.allclose(opened.score([3, 4]), earlier.score([3, 4]), atol=1e-3)
    one, two = (SASRec(stop_at=1, start=start, **SMALL).fit(walks(N)) for start in (earlier, opened))
    assert np.allclose(one.score([3, 4]), two.score([3, 4]), atol=1e-4)
