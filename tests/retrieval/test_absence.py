"""What products say of having and not having: free of a thing, containing it, or unknown. Nothing else is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.absence.lists import complete_lists
from retrieval.absence.rule import about
from retrieval.absence.substances import substances
from retrieval.absence.verdict import Verdict, verdict
from retrieval.filtering.table import FilterTable
from retrieval.filters import Absent
from retrieval.records import Product


def product(text: str = "", title: str = "Snack", **fields: object) -> Product:
    return Product(item_id="1", title=title, description=text, **fields)  # type: ignore[arg-type]


def told(thing: str, item: Product) -> Verdict:
    return verdict(item, Absent(**about(thing), sure=True))


SAYS_FREE = [
    ("nuts", "Nut-free granola bar."),
    ("nuts", "Free from nuts, dairy and gluten."),
    ("nuts", "Contains no nuts."),
    ("nuts", "Nothing in the box contains nuts."),
    ("gluten", "Four cakes; none of them contains gluten."),
    ("nuts", "Made without nuts, eggs or dairy."),
    ("dairy", "Nut-, gluten- and dairy-free."),
    ("gluten", "Gluten and nut free."),
    ("nuts", "Ohne Nüsse."),
    ("nuts", "Nussfrei."),
    ("gluten", "Glutenfreies Brot, glutenfrei gebacken."),
    ("nuts", "Frei von Nüssen und Gluten."),
    ("dairy", "Enthält keine Milch."),
    ("fragrance", "Parfümfrei, ohne Farbstoffe."),
    ("nuts", "Not only nut-free but tasty."),
    ("dairy", "Dairy-free milk chocolate."),
    ("eggs", "Eggless cake."),
    ("sulfates", "Free of sulfates and parabens."),
    ("nuts", "No nuts and no gluten."),
    ("soy", "Does not contain nuts or soy."),
    ("leather", "Vegan leather boots."),
    ("lactose", "Dairy-free."),
    ("nuts", "0% nuts."),
    ("silicones", "Silikonfrei."),
]
CONTAINS = [
    ("nuts", "Carrot cake with walnuts."),
    ("nuts", "Contains: almonds, milk."),
    ("nuts", "Oats, almonds and gluten-free flour."),
    ("nuts", "No artificial flavours, almonds, oats and honey."),
    ("nuts", "Without sugar, almonds make it sweet."),
    ("nuts", "Free from artificial colours, with almonds."),
    ("gluten", "Wheat bread."),
    ("dairy", "Enthält Milchpulver."),
    ("nuts", "Mit gerösteten Haselnüssen."),
    ("leather", "Lederschuhe."),
    ("leather", "Leather upper."),
    ("wool", "Wollpullover."),
    ("eggs", "Ohne Nüsse, aber mit Ei."),
    ("fragrance", "Aqua, Parfum."),
    ("dairy", "Nut-free milk chocolate."),
]
UNKNOWN = [
    ("nuts", "Oat bar."),
    ("nuts", "May contain traces of nuts."),
    ("nuts", "Kann Spuren von Nüssen enthalten."),
    ("nuts", "Produced in a facility that also handles nuts."),
    ("nuts", "Not nut-free."),
    ("nuts", "Without nut pieces."),
    ("nuts", "Walnut-free."),
    ("nuts", "No almonds."),
    ("nuts", "Unlike nut bars, it is soft."),
    ("nuts", "Coconut with nutmeg."),
    ("nuts", "Pairs well with walnuts and honey."),
    ("gluten", "Buckwheat."),
    ("dairy", "Coconut milk and cocoa butter."),
    ("dairy", "Without milk chocolate coating."),
    ("sugar", "No added sugar."),
    ("fragrance", "No added fragrance."),
    ("nuts", "Nut-free option available."),
    ("nuts", "Not suitable for people with a nut allergy."),
    ("wool", "Baumwolle."),
    ("dairy", "Non-dairy creamer."),
    ("leather", "Aus Kunstleder."),
    ("dairy", "Vegan."),
    ("nuts", "Gluten-free oats."),
    ("nuts", "Ein Genuss, genussvoll."),
    ("gluten", "Mit Schmalz."),
    ("fish", "Spezifisch und grafisch."),
    ("nuts", "Made in a nut-free kitchen."),
]


@pytest.mark.parametrize(("thing", "text"), SAYS_FREE)
def test_what_says_that_it_is_free_of_a_thing_is_free(thing: str, text: str) -> None:
    assert told(thing, product(text)).status == "free"


@pytest.mark.parametrize(("thing", "text"), CONTAINS)
def test_what_names_a_thing_or_what_it_is_made_of_contains_it(thing: str, text: str) -> None:
    assert told(thing, product(text)).status == "contains"


@pytest.mark.parametrize(("thing", "text"), UNKNOWN)
def test_what_says_neither_is_unknown(thing: str, text: str) -> None:
    assert told(thing, product(text)).status == "unknown"


def test_traces_of_an_allergen_are_never_as_good_as_unknown() -> None:
    item = product("May contain traces of nuts.")
    assert told("nuts", item).traces
    assert not Absent(**about("nuts")).matches(item)
    assert Absent(**about("nuts")).matches(product("Oat bar."))


@pytest.mark.parametrize(
    ("thing", "field", "value", "status"),
    [
        ("nuts", "ingredients", "Oats, honey, dates, salt", "free"),
        ("nuts", "Zutaten", "Haferflocken, Honig, Salz", "free"),
        ("nuts", "ingredients", "Oats, honey, hazelnut paste (5%)", "contains"),
        ("nuts", "Zutaten", "Hafer, Haselnussmark", "contains"),
        ("nuts", "ingredients", "Oats, honey, …", "unknown"),
        ("nuts", "ingredients", "See pack.", "unknown"),
        ("nuts", "key_ingredients", "Oats, honey", "unknown"),
        ("fragrance", "INCI", "Aqua, Glycerin, Linalool, Tocopherol", "contains"),
        ("fragrance", "INCI", "Aqua, Glycerin, Tocopherol", "free"),
        ("oxybenzone", "ingredients", "Homosalate 10%, Oxybenzone 5.00%, Aqua", "contains"),
        ("oxybenzone", "ingredients", "Benzophenone-3, Aqua", "contains"),
        ("oxybenzone", "ingredients", "Zinc Oxide 20%, Aqua", "free"),
        ("nuts", "allergens", "None", "free"),
        ("nuts", "allergens", "Milk, Soy", "free"),
        ("nuts", "allergens", "Milk, Almond", "contains"),
        ("oxybenzone", "allergens", "None", "unknown"),
        ("leather", "composition", "80% cotton, 20% elastane", "free"),
        ("leather", "composition", "80% cotton, 15% leather", "contains"),
        ("wool", "composition", "60% cotton", "unknown"),
        ("plastic", "materials", "beech wood, steel", "free"),
        ("leather", "material", "canvas", "unknown"),
        ("nickel", "composition", "100% steel", "unknown"),
        ("nuts", "may_contain", "nuts", "unknown"),
        ("nuts", "free_from", "nuts, gluten", "free"),
        ("gluten", "dietary", "Gluten Free", "free"),
    ],
)
def test_a_complete_list_proves_what_is_not_on_it(thing: str, field: str, value: str, status: str) -> None:
    assert told(thing, product(attributes={field: value})).status == status
    assert told(thing, product(texts={field: value})).status == status


@pytest.mark.parametrize(
    ("thing", "attributes", "status"),
    [
        ("nuts", {"nut_free": True}, "free"),
        ("nuts", {"nut_free": False}, "contains"),
        ("nuts", {"contains_nuts": "yes"}, "contains"),
        ("nuts", {"contains_nuts": "no"}, "free"),
        ("gluten", {"glutenfrei": "ja"}, "free"),
        ("leather", {"vegan": True}, "free"),
        ("nuts", {"vegan": True}, "unknown"),
        ("dairy", {"vegan": True}, "unknown"),
        ("gluten", {"gluten": "no"}, "free"),
    ],
)
def test_a_yes_or_no_field_tells_it(thing: str, attributes: dict[str, object], status: str) -> None:
    assert told(thing, product(attributes=attributes)).status == status


def test_a_list_in_the_description_counts_where_it_is_whole() -> None:
    whole = product("Ingredients: oats, honey, dates, salt. Keep cool.")
    assert [sort for sort, _, _ in complete_lists(whole)] == ["ingredients"]
    assert told("nuts", whole).by_list
    assert not list(complete_lists(product("Key ingredients: aloe, vitamin E, shea.")))


def test_a_vegan_thing_has_nothing_of_an_animal_but_may_have_traces_of_an_allergen() -> None:
    assert told("animal products", product("A vegan cheese.")).status == "free"
    assert told("leather", product("Vegan option available.")).status == "unknown"
    assert told("dairy", product("Vegan.")).status == "unknown"


def test_a_part_of_a_substance_is_absent_where_the_whole_is() -> None:
    assert told("walnuts", product("Nut-free.")).status == "free"
    assert told("walnuts", product(attributes={"ingredients": "oats, mixed nuts"})).status == "unknown"
    assert told("walnuts", product("With walnuts.")).status == "contains"


def test_a_thing_of_no_known_substance_is_absent_where_the_text_says_so() -> None:
    assert told("hood", product("A jacket without a hood.")).status == "free"
    assert told("sleeves", product("Sleeveless top.")).status == "free"
    assert told("hood", product("With a hood.")).status == "contains"
    assert told("hood", product("A jacket.")).status == "unknown"


def test_the_shops_own_synonyms_extend_what_a_thing_is_made_of() -> None:
    item = product(attributes={"ingredients": "oats, turron, honey"})
    assert Absent(**about("nuts"), sure=True).matches(item)
    assert not Absent(**about("nuts", ("turron",))).matches(item)


@given(st.lists(st.sampled_from([text for _, text in (*SAYS_FREE, *CONTAINS, *UNKNOWN)]), max_size=4))
def test_whatever_else_is_said_what_contains_a_thing_is_not_free_of_it(texts: list[str]) -> None:
    item = product(" ".join([*texts, "It is made with hazelnuts."]))
    assert told("nuts", item).status == "contains"


@given(st.text(max_size=200), st.sampled_from([own.key for own in substances()]))
def test_any_text_is_read_and_never_both_free_and_contained(text: str, thing: str) -> None:
    item = product(text)
    free, possible = Absent(**about(thing), sure=True).matches(item), Absent(**about(thing)).matches(item)
    assert possible or not free


@given(
    st.lists(
        st.sampled_from([text for _, text in (*SAYS_FREE, *CONTAINS, *UNKNOWN)]), min_size=1, max_size=6
    ),
    st.sampled_from(["nuts", "gluten", "dairy", "leather", "hood", "walnut"]),
    st.booleans(),
)
def test_columns_agree_with_the_meaning(texts: list[str], thing: str, sure: bool) -> None:
    items = [Product(item_id=str(n), title="A hood", description=text) for n, text in enumerate(texts)]
    condition = Absent(**about(thing), sure=sure)
    mask = FilterTable.build(items).mask(condition)
    assert mask.tolist() == [condition.matches(item) for item in items]


def test_every_substance_has_names_of_its_own() -> None:
    names: dict[tuple[str, ...], str] = {}
    for own in substances():
        for name in own.asked:
            assert names.setdefault(name, own.key) == own.key or len(name) == 1, (name, own.key)
    assert len(names) > 200
