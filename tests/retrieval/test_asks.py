"""Invented shops, and which of their products serve what people ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.training.asks import own_shops, read_shop
from retrieval.training.need_pairs import NeedPairsError

SHOP = """@Camping shop
=1 Arctic 20 | Sleep > Sleeping bags | Down to minus 20.
=2 Wisp | Sleep > Sleeping bags | Only 400 g.

=3 Billy | Kitchen > Pots | Steel, 1 litre.
2> my back is done with loads
1, 2> somewhere to sleep
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "camping.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_ask_names_the_rows_of_all_products_that_serve(tmp_path: Path) -> None:
    shop = read_shop(written(tmp_path, SHOP))
    assert shop.path == ("Camping shop",)
    assert shop.needs == (("my back is done with loads", (1,)), ("somewhere to sleep", (0, 1)))


def test_products_stand_with_and_without_the_name_of_their_kind(tmp_path: Path) -> None:
    assert read_shop(written(tmp_path, SHOP)).products == (
        "Arctic 20. Down to minus 20.",
        "Wisp. Sleeping bags. Only 400 g.",
        "Billy. Steel, 1 litre.",
    )


@pytest.mark.parametrize("line", ["9> who sells this", "a tent please", "=4 Tent without a kind"])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(NeedPairsError, match=r"camping\.txt, line 8: expected .* got"):
        read_shop(written(tmp_path, SHOP + line))


def test_the_shops_that_ship_are_whole() -> None:
    shops = own_shops()
    assert len(shops) > 190
    assert sum(len(shop.needs) for shop in shops) > 27_000
    for shop in shops:
        asked = {row for _, serves in shop.needs for row in serves}
        assert asked == set(range(len(shop.products))), shop.path
    assert any(shop.held_out for shop in shops)
