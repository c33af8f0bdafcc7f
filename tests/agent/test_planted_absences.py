"""Products planted with what sellers say of them, in English and German, and every claim that may be made on them."""

from __future__ import annotations

import itertools
from typing import Literal

import pytest

from agent.checks.absence_claims import unbacked_absences
from agent.checks.claims import Subject
from agent.understanding.language.absence import ruled_out
from retrieval.absence.rule import about, keys_of
from retrieval.absence.verdict import verdict
from retrieval.filtering.table import FilterTable
from retrieval.filters import Absent
from retrieval.records import Product

Status = Literal["free", "contains", "unknown", "traces"]

THINGS = {
    # key: (English name, German name, a part of it, the part in German, a list without it, sort of list)
    "nuts": ("nuts", "Nüsse", "pecans", "Haselnüsse", "rice, dates, cocoa, salt", "ingredients"),
    "peanuts": (
        "peanuts",
        "Erdnüsse",
        "peanut butter",
        "Erdnussbutter",
        "rice, almonds, salt",
        "ingredients",
    ),
    "gluten": ("gluten", "Gluten", "barley malt", "Weizenmehl", "rice, corn starch, salt", "ingredients"),
    "dairy": (
        "milk",
        "Milch",
        "whey powder",
        "Molkenpulver",
        "coconut milk, cocoa butter, sugar",
        "ingredients",
    ),
    "eggs": ("eggs", "Eier", "egg white", "Eigelb", "flour, butter, sugar", "ingredients"),
    "soy": ("soy", "Soja", "tofu", "Sojalecithin", "wheat, oil, salt", "ingredients"),
    "sesame": ("sesame", "Sesam", "tahini", "Sesamöl", "chickpeas, lemon juice, salt", "ingredients"),
    "fragrance": (
        "perfume",
        "Parfüm",
        "limonene",
        "Duftstoffe",
        "aqua, glycerin, squalane, tocopherol",
        "ingredients",
    ),
    "parabens": (
        "parabens",
        "Parabene",
        "methylparaben",
        "Propylparaben",
        "aqua, glycerin, phenoxyethanol",
        "ingredients",
    ),
    "sulfates": (
        "sulfates",
        "Sulfate",
        "sodium laureth sulfate",
        "Sodium Lauryl Sulfate",
        "aqua, coco-glucoside, glycerin",
        "ingredients",
    ),
    "leather": ("leather", "Leder", "suede", "Wildleder", "70% canvas, 30% cork", "composition"),
    "wool": ("wool", "Wolle", "merino", "Merinowolle", "60% cotton, 40% linen", "composition"),
}
FREE_WORDS = (
    "nut",
    "peanut",
    "gluten",
    "milk",
    "egg",
    "soy",
    "sesame",
    "perfume",
    "paraben",
    "sulfate",
    "leather",
    "wool",
)
SELLERS: tuple[tuple[str, Status], ...] = (
    ("A treat for everyone, {x}-free and proud of it.", "free"),
    ("Our kitchen makes it entirely without {n}.", "free"),
    ("It contains no {n} whatsoever.", "free"),
    ("We promise: free of {n}, colours and palm oil.", "free"),
    ("Hergestellt ohne {g}.", "free"),
    ("Garantiert frei von {g} und Zusätzen.", "free"),
    ("Enthält keine {g}.", "free"),
    ("Made with real {p} for a rich finish.", "contains"),
    ("Mit {q} verfeinert.", "contains"),
    ("Lovingly made. Contains {n}.", "contains"),
    ("No preservatives, but plenty of {p}.", "contains"),
    ("Good for you and good to have.", "unknown"),
    ("A fine gift for a friend.", "unknown"),
    ("Unlike things with {n}, this one keeps for long.", "unknown"),
    ("We are not able to say that it is {x}-free, it is not {x}-free by law.", "traces"),
    ("May contain {n}.", "traces"),
    ("Kann Spuren von {g} enthalten.", "traces"),
)
LISTS: tuple[tuple[str, Status], ...] = (
    ("{l}", "free"),
    ("{l}, {p}", "contains"),
    ("{q}, {l}", "contains"),
    ("{l} …", "unknown"),
    ("see label", "unknown"),
)
SHOPPERS = (
    "something without {n}",
    "{x}-free please",
    "it must not contain {n}",
    "no {n}",
    "I'm allergic to {n}",
    "I have a {x} allergy",
    "free from {n}, please",
    "my daughter can't have {n}",
    "one that is free of {n}",
    "does it come {x} free?",
    "I avoid {n}",
    "ohne {g}",
    "I am intolerant to {n}",
)
CLAIMS = ("[P1] is {x}-free.", "[P1] is made without {n}.", "It contains no {n}.", "There are no {n} in it.")


def planted() -> list[tuple[str, Status, Product]]:
    found = []
    for (key, values), free_word in zip(THINGS.items(), FREE_WORDS, strict=True):
        n, g, p, q, listed, field = values
        filled = {"n": n, "g": g, "p": p, "q": q, "x": free_word, "l": listed}
        for text, status in SELLERS:
            found.append((key, status, {"description": text.format(**filled)}))
        for text, status in LISTS:
            said = text.format(**filled)
            if field == "composition":  # shares must add up to a whole
                part = p if p in said else q
                said = said.replace(part, f"5% {part}").replace("70%", "65%" if part in said else "70%")
                said = said.replace("60%", "55%" if part in said else "60%")
            found.append((key, status, {"texts": {field: said}}))
        for name, value, status in (
            (f"{free_word}_free", True, "free"),
            (f"contains_{n}", True, "contains"),
            (f"{free_word}_free", False, "contains"),
        ):
            found.append((key, status, {"attributes": {name: value}}))
    return [
        (key, status, Product(item_id=f"{at}", title="Fine thing", **given))  # type: ignore[arg-type]
        for at, (key, status, given) in enumerate(found)
    ]


PLANTED = planted()


def test_three_hundred_products_are_planted() -> None:
    assert len(PLANTED) >= 300
    assert {status for _, status, _ in PLANTED} == {"free", "contains", "unknown", "traces"}


@pytest.mark.parametrize("key", THINGS)
def test_every_planted_product_is_judged_as_planted(key: str) -> None:
    wrong = []
    for own, status, item in PLANTED:
        found = verdict(item, Absent(**about(key), sure=True))
        told = "traces" if found.traces else found.status
        if own == key and told != status:
            wrong.append((told, status, item.description, item.texts, item.attributes))
    assert wrong == []


@pytest.mark.parametrize("key", THINGS)
def test_what_fits_is_exactly_what_is_planted_as_free(key: str) -> None:
    mine = [(status, item) for own, status, item in PLANTED if own == key]
    table = FilterTable.build([item for _, item in mine])
    sure = table.mask(Absent(**about(key), sure=True))
    assert sure.tolist() == [status == "free" for status, _ in mine]
    possible = table.mask(Absent(**about(key)))
    allergen = about(key)["allergen"]
    hidden = {"contains", "traces"} if allergen else {"contains"}
    assert possible.tolist() == [status not in hidden for status, _ in mine]


@pytest.mark.parametrize(("key", "phrase"), list(itertools.product(THINGS, SHOPPERS)))
def test_however_a_shopper_says_it_the_thing_is_ruled_out(key: str, phrase: str) -> None:
    n, g, *_ = THINGS[key]
    free_word = FREE_WORDS[list(THINGS).index(key)]
    assert ruled_out(phrase.format(n=n, g=g, x=free_word)) == (key,)


@pytest.mark.parametrize(
    "text",
    [
        "does it contain nuts?",
        "a cake with walnuts",
        "a leather bag",
        "I love wool",
        "hands-free headset",
        "free shipping?",
        "not just leather",
        "no problem, a milk frother",
        "nothing but wool",
        "I don't mind leather",
        "the nut brown one",
    ],
)
def test_what_is_wanted_or_only_asked_is_not_ruled_out(text: str) -> None:
    assert ruled_out(text) == ()


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_claim_of_absence_passes_but_of_what_is_planted_as_free(claim: str) -> None:
    wrong = []
    for key, status, item in PLANTED:
        n, *_ = THINGS[key]
        sentence = claim.format(n=n, x=FREE_WORDS[list(THINGS).index(key)])
        subject = Subject(handle="P1", title=item.title, absence=keys_of(item))
        passed = not list(unbacked_absences(sentence, [subject]))
        if passed != (status == "free"):
            wrong.append((sentence, status, item.description, item.texts))
    assert wrong == []


@pytest.mark.parametrize("said", ["she doesnt drink, though", "we don't drink", "he's teetotal"])
def test_who_takes_no_alcohol_is_to_have_none(said: str) -> None:
    assert ruled_out(said) == ("alcohol",)


@pytest.mark.parametrize("said", ["i don't drink coffee", "he doesn't drink tea in the morning"])
def test_who_takes_no_coffee_may_have_alcohol(said: str) -> None:
    assert "alcohol" not in ruled_out(said)
