"""Categories that titles tell where the shop's own says nothing: precise, marked, and nothing lost."""

from __future__ import annotations

import pytest

from retrieval.naming.categories import CategoryReader
from retrieval.records import Product
from tests.retrieval.importing import Target, by_title

NAMES = ("Alba", "Boro", "Cirrus", "Dune", "Elm", "Fjord", "Gala")
THINGS = ("Dining Chair", "Desk", "Floor Lamp", "Bookcase", "Sofa", "Coffee Table")
TITLES = [f"{name} {thing}" for thing in THINGS for name in NAMES]


def learned(*products: tuple[str, str]) -> CategoryReader:
    """From (title, category with levels between " > ")."""
    return CategoryReader.learn([(title, path_of(category), "") for title, category in products])


def path_of(category: str) -> tuple[str, ...]:
    return tuple(filter(None, category.split(" > ")))


def table(*rows: tuple[str, str]) -> str:
    lines = [f"{number},{title},{category},9" for number, (title, category) in enumerate(rows)]
    return "\n".join(["id,title,category,price", *lines, ""])


def test_a_title_tells_its_kind_where_other_titles_name_it_too() -> None:
    reader = learned(*((title, "") for title in TITLES))
    assert reader.read("Hera Dining Chair, Oak", ()) == ("Dining chair",)
    assert reader.read("Hera Desk 120 x 60 cm", ()) == ("Desk",)


def test_a_kind_that_one_title_names_alone_is_none() -> None:
    reader = learned(*((title, "") for title in TITLES), ("Hera Trampoline", ""))
    assert reader.read("Hera Trampoline", ()) == ()


def test_a_title_that_names_two_things_tells_nothing() -> None:
    reader = learned(*((title, "") for title in TITLES))
    assert reader.read("Alba Desk 12 Lamp", ()) == ()


def test_where_the_shop_has_such_things_its_own_category_is_taken() -> None:
    chairs = [(f"{name} Dining Chair", "Dining > Chairs") for name in NAMES]
    reader = learned(*chairs, ("Hera Dining Chair", ""))
    assert reader.read("Hera Dining Chair", ()) == ("Dining", "Chairs")


def test_where_the_shop_has_such_things_all_over_nothing_is_told() -> None:
    creams = [(f"{name} Cream", category) for name, category in zip(NAMES, "ABCDEFG", strict=True)]
    assert learned(*creams, ("Hera Cream", "")).read("Hera Cream", ()) == ()


def test_a_shop_whose_titles_name_no_things_gets_no_categories() -> None:
    titles = ("Pet Sounds", "Memory of Trees", "Changing Faces", "Jazz Samba", "Abbey Road", "Kind of Blue")
    assert not learned(*((title, "") for title in titles)).kinds


def test_a_category_of_most_products_of_all_kinds_is_kept_with_the_kind_below_it() -> None:
    reader = learned(*((title, "Home page") for title in TITLES))
    assert reader.vague == {("Home page",)}
    assert reader.read("Hera Desk", ("Home page",)) == ("Home page", "Desk")


def test_a_category_of_most_products_of_one_kind_is_a_good_one() -> None:
    reader = learned(*((f"{name} {size} Desk", "Office") for name in NAMES for size in ("S", "M", "L")))
    assert not reader.vague


def test_a_colour_or_a_material_is_no_kind() -> None:
    reader = learned(*((title, "") for title in TITLES), *((f"{name} Denim", "") for name in NAMES))
    assert reader.read("Hera Denim", ()) == ()


def test_an_import_completes_what_has_no_category_or_a_senseless_one(target: Target) -> None:
    rows = [(title, "Combinations" if number % 2 else "") for number, title in enumerate(TITLES)]
    summary = target.read(table(*rows))
    products = by_title(target)
    assert {p.category for p in products.values()} == {
        ("Dining chair",), ("Desk",), ("Floor lamp",), ("Bookcase",), ("Sofa",), ("Coffee table",),
    }  # fmt: skip
    assert all(p.category_is_read for p in products.values())
    assert products["Boro Dining Chair"].stated_category == ("Combinations",)
    assert products["Alba Dining Chair"].stated_category == ()
    assert any("42 categories were read from titles" in notice for notice in summary.notices)


def test_a_category_of_the_shop_is_never_touched(target: Target) -> None:
    rows = [(title, "Seats" if "Chair" in title else "") for title in TITLES]
    target.read(table(*rows))
    chairs = [p for title, p in by_title(target).items() if "Chair" in title]
    assert all(p.category == ("Seats",) and not p.category_is_read for p in chairs)


def test_the_same_file_again_changes_nothing(target: Target) -> None:
    file = table(*((title, "") for title in TITLES))
    target.read(file)
    before = target.catalog.content_hash()
    again = target.read(file).files[0]
    assert (again.added, again.updated, again.unchanged) == (0, 0, len(TITLES))
    assert target.catalog.content_hash() == before
    assert all(p.category for p in target.catalog.products())


def test_a_small_file_that_updates_a_product_keeps_what_its_title_tells(target: Target) -> None:
    target.read(table(*((title, "") for title in TITLES)))
    target.read("id,title,category,price\n0,Alba Dining Chair,,12\n")
    chair = target.catalog.product("0")
    assert chair is not None
    assert chair.price == 12
    assert chair.category == ("Dining chair",)


def test_a_category_that_the_shop_states_later_takes_the_place_of_the_one_read(target: Target) -> None:
    target.read(table(*((title, "") for title in TITLES)))
    target.read("id,title,category,price\n0,Alba Dining Chair,Seating,9\n")
    chair = target.catalog.product("0")
    assert chair is not None
    assert chair.category == ("Seating",)
    assert not chair.category_is_read


def test_completing_changes_the_hash_of_the_catalogue_and_tells_of_the_change(target: Target) -> None:
    target.read(table(("Alba Dining Chair", "")))
    before, revision = target.catalog.content_hash(), target.catalog.revision()
    chair = next(target.catalog.products())
    read = chair.model_copy(update={"category": ("Chair",), "stated_category": ()})
    assert target.catalog.complete_products([read]) == 1
    assert target.catalog.content_hash() != before
    assert target.catalog.revision() > revision


@pytest.mark.parametrize(
    ("category", "stated", "own"),
    [
        (("Chairs",), None, ("Chairs",)),
        (("Chair",), (), ()),
        (("Chair",), ("Combinations",), ()),
        (("Sale", "Chair"), ("Sale",), ("Sale",)),
        ((), ("Combinations",), ()),
    ],
)
def test_the_shops_own_category_can_always_be_told_from_the_one_read(
    category: tuple[str, ...], stated: tuple[str, ...] | None, own: tuple[str, ...]
) -> None:
    assert Product(item_id="1", title="A", category=category, stated_category=stated).own_category == own


def test_search_takes_a_category_that_a_title_told_only_where_the_shop_has_it() -> None:
    desk = Product(item_id="1", title="Alba Desk", category=("Office", "Desks"), stated_category=())
    assert desk.as_searched({("Office", "Desks")}) == desk
    assert desk.as_searched({("Sofas",)}).category == ()
