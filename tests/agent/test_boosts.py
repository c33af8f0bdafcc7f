"""The shop's boosts: small, labelled, and an error that names the file when it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent.errors import ShopError
from agent.recommending.boosts import Boosts
from retrieval.records import Product

MUG = Product(item_id="m1", title="Red mug", brand="Tavo", category=("Kitchen", "Mugs"), tags=("tea",))
TODAY = date(2026, 11, 22)


def boosts(tmp_path: Path, text: str) -> Boosts:
    path = tmp_path / "boosts.toml"
    path.write_text(text, encoding="utf-8")
    return Boosts.read(path)


def test_a_shop_without_a_file_boosts_nothing(tmp_path: Path) -> None:
    assert Boosts.read(tmp_path / "boosts.toml").strongest(MUG) is None


@pytest.mark.parametrize(
    "names", ['items = ["m1"]', 'brands = ["TAVO"]', 'categories = ["mugs"]', 'tags = ["Tea"]']
)
def test_a_rule_covers_by_id_brand_category_or_tag(tmp_path: Path, names: str) -> None:
    rule = boosts(tmp_path, f'[[boost]]\nkind = "sponsored"\n{names}\n').strongest(MUG, TODAY)
    assert rule is not None
    assert rule.label == "Sponsored"


def test_a_rule_ends_with_its_last_day(tmp_path: Path) -> None:
    text = '[[boost]]\nkind = "clearance"\nitems = ["m1"]\nuntil = 2026-11-22\n'
    read = boosts(tmp_path, text)
    assert read.strongest(MUG, date(2026, 11, 22)) is not None
    assert read.strongest(MUG, date(2026, 11, 23)) is None


def test_of_several_rules_the_strongest_holds_and_they_do_not_add_up(tmp_path: Path) -> None:
    text = (
        '[[boost]]\nkind = "margin"\nstrength = 0.1\nitems = ["m1"]\n'
        '[[boost]]\nkind = "sponsored"\nstrength = 0.3\nitems = ["m1"]\n'
    )
    rule = boosts(tmp_path, text).strongest(MUG, TODAY)
    assert rule is not None
    assert (rule.kind, rule.strength) == ("sponsored", 0.3)


@pytest.mark.parametrize(
    "text",
    [
        '[[boost]]\nkind = "sponsored"\nstrength = 2\nitems = ["m1"]\n',
        '[[boost]]\nkind = "bribe"\nitems = ["m1"]\n',
        '[[boost]]\nkind = "sponsored"\n',
        "not toml at all [",
        "boost = 3\n",
    ],
)
def test_a_wrong_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(ShopError, match=r"boosts\.toml"):
        boosts(tmp_path, text)
