"""Rankings joined: known sums, and what each fusion does with scale."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.fusion import scaled, weighted_fusion


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_scores_are_scaled_by_the_best() -> None:
    assert scaled(array(4, 2, 0)).tolist() == [1, 0.5, 0]


def test_a_source_without_a_hit_adds_nothing() -> None:
    assert weighted_fusion((array(0, 0), array(1, 2)), (0.7, 0.3)) == pytest.approx([0.15, 0.3])


def test_weighted_fusion_is_blind_to_the_scale_of_a_source() -> None:
    small, large = (array(1, 2, 3), array(3, 1, 2)), (array(100, 200, 300), array(3, 1, 2))
    assert weighted_fusion(small, (0.7, 0.3)) == pytest.approx(weighted_fusion(large, (0.7, 0.3)))
