"""What is bought together, counted by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_engine.models.copurchase import BASKET_LIMIT, CoPurchases, choose_basis, log_likelihood_ratio
from cf_engine.storage import ModelFileError

# Shoppers 0 to 3 buy tea (0) and pot (1); 0 and 1 also cup (2); 4 to 7 buy a bike (3), 4 with tea.
PAIRS = [(u, 0) for u in (0, 1, 2, 3, 4)] + [(u, 1) for u in (0, 1, 2, 3)] + [(0, 2), (1, 2), (1, 2)]
PAIRS += [(u, 3) for u in (4, 5, 6, 7)]


@pytest.fixture
def together() -> CoPurchases:
    users, items = zip(*PAIRS, strict=True)
    return CoPurchases.from_pairs(users, items, n_items=5, basis="purchase")


def test_counts_are_of_shoppers_not_of_events(together: CoPurchases) -> None:
    assert together.count(0, 1) == together.count(1, 0) == 4
    assert together.count(1, 2) == 2
    assert together.count(2, 3) == together.count(2, 2) == together.count(4, 0) == 0
    assert together.buyers.tolist() == [5, 4, 2, 4, 0]
    assert together.n_shoppers == 8


def test_the_surest_company_comes_first_with_its_lift(together: CoPurchases) -> None:
    assert together.goes_well_with(0, 5) == [
        (1, 4, pytest.approx(4 * 8 / (5 * 4))),
        (2, 2, pytest.approx(1.6)),
    ]
    assert together.goes_well_with(0, 1)[0][0] == 1


def test_pairs_at_or_below_chance_are_no_company(together: CoPurchases) -> None:
    assert 3 not in [item for item, _, _ in together.goes_well_with(0, 5, min_count=1)]
    assert together.goes_well_with(4, 5) == []


def test_a_shopper_who_buys_everything_makes_pairs_of_the_newest_only() -> None:
    n = BASKET_LIMIT + 10
    made = CoPurchases.from_pairs([0] * n, range(n), n_items=n, basis="purchase")
    assert made.counts.nnz == BASKET_LIMIT * (BASKET_LIMIT - 1)
    assert made.count(n - 1, n - 2) == 1
    assert made.count(0, n - 1) == 0


def test_the_likelihood_ratio_by_hand() -> None:
    # Two of four shoppers took each item, always together: 2 * 4 * ln 2.
    assert log_likelihood_ratio(2, 2, 2, 4) == pytest.approx(8 * math.log(2))
    assert log_likelihood_ratio(1, 2, 2, 4) == pytest.approx(0)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6)), min_size=1, max_size=60))
def test_counts_match_sets_of_shoppers(pairs: list[tuple[int, int]]) -> None:
    users, items = zip(*pairs, strict=True)
    made = CoPurchases.from_pairs(users, items, n_items=7, basis="purchase")
    takers = [{user for user, item in pairs if item == wanted} for wanted in range(7)]
    for a in range(7):
        for b in range(7):
            assert made.count(a, b) == (len(takers[a] & takers[b]) if a != b else 0)


def test_counts_survive_saving(together: CoPurchases, tmp_path: Path) -> None:
    together.save(tmp_path)
    opened = CoPurchases.load(tmp_path)
    assert opened.goes_well_with(0, 5) == together.goes_well_with(0, 5)
    assert (opened.basis, opened.n_shoppers) == ("purchase", 8)
    with pytest.raises(ModelFileError):
        CoPurchases.load(tmp_path / "nowhere")


def test_no_shopper_no_counts() -> None:
    empty = CoPurchases.from_pairs(np.empty(0), np.empty(0), n_items=3, basis="purchase")
    assert empty.count(0, 1) == 0
    assert empty.goes_well_with(0, 5) == []


@pytest.mark.parametrize(
    ("counts", "basis"),
    [
        ({"view": 9000, "purchase": 60}, "purchase"),
        ({"view": 9000, "purchase": 3, "cart": 80}, "cart"),
        ({"rating": 500}, "rating"),
        ({"purchase": 3}, "purchase"),
        ({}, "purchase"),
    ],
)
def test_the_basis_is_the_strongest_kind_there_is_enough_of(counts: dict[str, int], basis: str) -> None:
    assert choose_basis(counts) == basis
