"""A damaged build is seen before it is used, made again where it must be, and then answers as before."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from agent.errors import ShopError
from agent.integrity import first_damaged, inventory
from agent.operations import commands
from agent.settings import Settings
from agent.shop import CURRENT, MANIFEST, Shop
from benchmarks.damage import Case, cases, copied, damage, run, served
from retrieval import vector_index

# benchmarks.damage does every file; a test takes some, other ones of each stage and kind.
SEEN, REMADE = 30, ("reviews/reviews.db", "search/table/table.json", "cf/cf.json", "documents/passages.json")


@pytest.fixture
def shop(demo_shop: Path, tmp_path: Path) -> Path:
    """A copy to damage; builds are shared with the demo shop, whose files never change."""
    return copied(demo_shop, tmp_path / "shop")


def _some_cases(demo_shop: Path) -> list[Case]:
    found = cases(Shop.open(demo_shop).build_folder, seeds=3)
    return random.Random(13).sample(found, SEEN)


def test_every_kind_of_damage_is_seen_when_a_build_is_opened(demo_shop: Path, tmp_path: Path) -> None:
    for number, case in enumerate(_some_cases(demo_shop)):
        shop = copied(demo_shop, tmp_path / str(number))
        damage(Shop(shop).build_folder / case[0], *case[1:])
        with pytest.raises(ShopError, match="is damaged"):
            Shop.open(shop).open_build()


@pytest.mark.parametrize("seed", range(8))
def test_a_bit_of_the_manifest_itself_is_seen(demo_shop: Path, tmp_path: Path, seed: int) -> None:
    shop = copied(demo_shop, tmp_path / "shop")
    damage(Shop(shop).build_folder / MANIFEST, "flipped", seed)
    with pytest.raises(ShopError, match="is damaged"):
        _ = Shop.open(shop).build_folder


@pytest.mark.parametrize("name", REMADE)
def test_a_damaged_stage_alone_is_made_again(shop: Path, name: str) -> None:
    damage(Shop.open(shop).build_folder / name, "flipped", 1)
    summary = commands.build(shop)
    made = [stage for stage, facts in summary.stages.items() if not facts["reused"]]
    assert made == [name.split("/")[0]]


@pytest.mark.slow
def test_a_damaged_shop_answers_as_before_after_one_build(
    demo_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "_HNSW_US", 0.0)  # so that Chroma is asked in so small a shop
    whole = copied(demo_shop, tmp_path / "whole")
    commands.build(whole, settings=Settings(effort="quick"))
    _, answers = served(whole)
    came = [run(whole, case, answers) for case in [(REMADE[2], "removed", 0), (MANIFEST, "halved", 0)]]
    assert came == [["seen", "one_rebuild"]] * 2


def test_a_build_does_not_change_when_it_is_used(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "_HNSW_US", 0.0)
    opened = Shop.open(shop)
    before = inventory(opened.build_folder)
    assert opened.search.search("a tent", k=3).hits
    assert opened.search.index.collection is not None
    assert opened.search.index.collection.query(opened.search.vectors(opened.search.item_ids[:1])[0], 3)
    assert first_damaged(opened.build_folder, before) is None


def test_a_copy_is_written_to_without_a_trace_in_what_it_was_copied_from(shop: Path, demo_shop: Path) -> None:
    before = (demo_shop / CURRENT).read_bytes()
    (shop / CURRENT).write_bytes(b"elsewhere")
    assert (demo_shop / CURRENT).read_bytes() == before


@pytest.mark.parametrize("pointer", [b"", b"\xff\xfe\x00", b"../..\n", b"20990101T000000-abcdef\n"])
def test_a_pointer_to_no_build_costs_one_build_and_no_stage(shop: Path, pointer: bytes) -> None:
    (shop / CURRENT).write_bytes(pointer)
    told: list[str] = []
    ready = commands.ready_shop(shop, tell=told.append)
    assert len(told) == 1
    assert all(stage["reused"] for stage in ready.manifest["stages"].values())


def test_an_owner_is_told_which_file_is_damaged(shop: Path) -> None:
    damage(Shop.open(shop).build_folder / "documents/passages.npy", "flipped", 0)
    told: list[str] = []
    commands.ready_shop(shop, tell=told.append)
    assert "documents/passages.npy" in told[0]


def test_a_finished_stage_of_a_stopped_build_is_checked_before_it_is_taken(shop: Path) -> None:
    opened = Shop.open(shop)
    work = shop / "builds" / "work"
    opened.build_folder.rename(work)
    (work / MANIFEST).unlink()
    damage(work / "cf" / "cf.json", "flipped", 2)
    summary = commands.build(shop)
    assert summary.stages["cf"]["seconds"] > 0
    assert commands.ready_shop(shop, tell=pytest.fail).cf.recommend([], 3)
