"""Which column holds a table's ids: by fill and uniqueness, not by its name alone."""

from __future__ import annotations

import pytest

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target

TITLES = (
    "Alba Desk",
    "Boro Desk",
    "Cirrus Desk",
    "Dune Desk",
    "Elm Desk",
    "Fjord Desk",
    "Gala Desk",
    "Hera Desk",
)


def table(header: str, *columns: list[str]) -> str:
    """A table with a title in the last column."""
    rows = zip(*columns, TITLES, strict=True)
    return "\n".join([f"{header},title", *(",".join(row) for row in rows), ""])


def some(prefix: str, filled: int) -> list[str]:
    return [f"{prefix}{n}" if n < filled else "" for n in range(len(TITLES))]


def test_a_code_that_few_rows_have_is_no_id_and_no_row_is_rejected_for_it(target: Target) -> None:
    summary = target.read(table("Barcode", some("400638133393", 2)))
    assert target.titles()["alba-desk"] == "Alba Desk"
    assert len(target.titles()) == len(TITLES)
    assert summary.files[0].rejected == 0
    assert any("--id-from title" in notice for notice in summary.notices)


def test_what_the_code_says_is_kept_and_may_name_the_product(target: Target) -> None:
    target.read(table("Barcode", some("400638133393", 2)))
    desk = target.catalog.product("alba-desk")
    assert desk is not None
    assert desk.attributes["barcode"] == "4006381333930"
    assert target.catalog.aliases(["4006381333930"]) == {"4006381333930": "alba-desk"}


def test_a_fuller_column_is_taken_instead(target: Target) -> None:
    summary = target.read(table("SKU,Barcode", some("s", 3), some("400638133393", 8)))
    assert set(target.titles()) == {f"400638133393{n}" for n in range(8)}
    assert any("--map Barcode=item_id" in notice for notice in summary.notices)


def test_a_column_that_repeats_gives_way_to_one_that_tells_products_apart(target: Target) -> None:
    target.read(table("id,SKU", ["a", "b"] * 4, some("s", 8)))
    assert set(target.titles()) == {f"s{n}" for n in range(8)}


def test_a_full_code_with_a_gap_is_the_id_and_the_gap_is_filled_by_the_title(target: Target) -> None:
    codes = [f"s{n}" for n in range(8)]
    rows = "\n".join(
        f"{code},{title} {n}" for n in range(2) for code, title in zip(codes, TITLES, strict=True)
    )
    unique = "\n".join(f"{n}{row}" for n, row in enumerate(rows.splitlines()))
    summary = target.read(f"SKU,title\n{unique}\n,Hall Stand\n")
    assert target.titles()["hall-stand"] == "Hall Stand"
    assert any("1 row has none in 'SKU'" in notice for notice in summary.notices)


def test_what_map_says_is_the_id_whatever_is_in_it(target: Target) -> None:
    summary = target.read(table("Barcode", some("400638133393", 2)), mapping={"Barcode": "item_id"})
    assert summary.files[0].added == 2


@pytest.mark.parametrize("name", ["gtin", "ean", "barcode", "mpn", "ISBN13"])
def test_a_code_may_be_mapped_by_its_name_alone(target: Target, name: str) -> None:
    target.read(table("id,Nummer", some("p", 8), some("00", 8)), mapping={"Nummer": name})
    desk = target.catalog.product("p0")
    assert desk is not None
    assert desk.attributes == {name.lower(): "000"}


@pytest.mark.parametrize(("wrong", "meant"), [("id", "item_id"), ("name", "title"), ("brnd", "brand")])
def test_a_target_that_is_none_brings_the_nearest(target: Target, wrong: str, meant: str) -> None:
    with pytest.raises(ImportFileError, match=f"did you mean {meant}"):
        target.read(table("id,Nummer", some("p", 8), some("00", 8)), mapping={"Nummer": wrong})


def test_no_column_is_suggested_that_would_not_work(target: Target) -> None:
    with pytest.raises(ImportFileError) as failure:
        target.read(table("Item ID (old),Item IDs", some("p", 2), ["same"] * 8))
    assert "Nearest" not in str(failure.value)
