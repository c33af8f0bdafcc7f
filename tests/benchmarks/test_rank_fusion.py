"""Rankings joined by ranks alone."""

from __future__ import annotations

import pytest

from benchmarks.rank_fusion import reciprocal_rank_fusion


def test_reciprocal_ranks_sum_up() -> None:
    fused = reciprocal_rank_fusion([[2, 0], [2, 1]], size=4)
    assert fused == pytest.approx([1 / 62, 1 / 62, 2 / 61, 0])


def test_no_rankings_fuse_to_zeros() -> None:
    assert reciprocal_rank_fusion([], size=2).tolist() == [0, 0]
