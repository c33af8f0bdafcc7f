"""Who it is for: group and age, as far as the words tell."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.tools.schema import Field
from agent.understanding.kind_fields import KindFields
from agent.understanding.people import ages_told, is_grown, person_in, read_person
from agent.understanding.person_conditions import person_conditions


@pytest.mark.parametrize(
    ("phrase", "group", "age"),
    [
        ("my wife", "woman", None),
        ("him", "man", None),
        ("my six year old", "kid", 6),
        ("a toddler of 18 months", "kid", 1.5),
        ("my niece, she's turning 7", "kid", 7),
        ("my son, 19 years", "man", 19),
        ("my daughter who is 20", "woman", 20),
        ("grown-up children", "adult", None),
        ("the office", "", None),
        ("my nephew, turning eleven", "kid", 11),
        ("my goddaughter, 17", "woman", 17),
        ("my husband, 10 years married", "man", None),
    ],
)
def test_a_persons_words_tell_group_and_age(phrase: str, group: str, age: float | None) -> None:
    person = read_person(phrase)
    assert (person.group, person.age) == (group, age)


@pytest.mark.parametrize(("phrase", "is_self"), [("me", True), ("myself", True), ("my dad", False)])
def test_who_shops_for_themselves_is_known(phrase: str, is_self: bool) -> None:
    assert read_person(phrase).is_self is is_self


@given(st.integers(0, 12))
def test_under_thirteen_is_always_a_kid(age: int) -> None:
    assert read_person(f"my {age} year old nephew").group == "kid"


@pytest.mark.parametrize(
    ("phrase", "group"),
    [("her father", "man"), ("his little sister", "woman"), ("one men's one women's", ""), ("her", "woman")],
)
def test_the_last_noun_says_who_it_is(phrase: str, group: str) -> None:
    assert read_person(phrase).group == group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("my fella needs a grey jumper", "man"),
        ("warm gloves, ladies' please", "woman"),
        ("ladies' gloves, warm ones", "woman"),
        ("I'm a guy and new to climbing", "man"),
        ("something nice for our nan", "woman"),
        ("my brother's built like a barn door", "man"),
        ("a jumper for her, she is always cold", "woman"),
        ("mum says it has to be blue", ""),
        ("my wife will kill me if it is dear", ""),
        ("a lamp for the boys' room", "kid"),
    ],
)
def test_a_text_tells_who_needs_it_and_not_who_talks(text: str, group: str) -> None:
    person = person_in(text)
    assert (person.group if person else "") == group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("the wife's old running jacket has given up. She needs one that keeps the wet out.", "woman"),
        ("my dad's kettle broke and he could do with another", "man"),
    ],
)
def test_who_needs_something_may_only_have_been_spoken_of(text: str, group: str) -> None:
    person = person_in(text)
    assert person is not None
    assert person.group == group


def test_a_pronoun_of_nobody_is_no_person() -> None:
    assert person_in("the lamp is nice. she needs one") is None


@pytest.mark.parametrize("phrase", ["my son's coach", "our kids' nanny", "my daughter's best friend"])
def test_somebody_told_by_a_child_is_no_child(phrase: str) -> None:
    assert read_person(phrase).group == ""


@pytest.mark.parametrize("phrase", ["my grandson's room", "my niece's christening"])
def test_what_belongs_to_a_child_is_for_a_child(phrase: str) -> None:
    assert read_person(phrase).group == "kid"


def test_a_girl_gets_nothing_that_is_made_for_boys() -> None:
    values = read_person("my niece").values
    assert "girls" in values
    assert "boys" not in values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("something to draw with, hes 6", ["hes 6"]),
        ("she's thirty-odd? no, she is 41, and tall", ["she is 41"]),
        ("my brother turns forty in May", ["brother turns forty"]),
        ("her kids are 4 and 9, both mad on trains", ["kids are 4 and 9"]),
        ("my dad have 70 years", ["dad have 70 years"]),
    ],
)
def test_where_somebody_is_said_to_be_so_old_no_number_is_a_price(text: str, told: list[str]) -> None:
    assert [text[start:end] for start, end in ages_told(text)] == told


@pytest.mark.parametrize(
    "text",
    ["he's 6 foot 2", "she is 90 kg", "my budget is 50", "it is 12", "she's on 3 pills", "he has 4 dogs"],
)
def test_a_number_of_something_else_is_no_age(text: str) -> None:
    assert ages_told(text) == []


def kind_of(*fields: Field, share: float) -> KindFields:
    """A kind of which a share states each of the fields."""
    schema = SimpleNamespace(fields={field.name: field for field in fields})
    kind = SimpleNamespace(
        schema=schema, states=lambda field, least: share >= least, titled=lambda word: None
    )
    return cast(KindFields, kind)


MADE_FOR = Field("gender", "text", {"men": 5, "women": 2, "unisex": 4})


def test_what_few_state_only_keeps_out_what_is_made_for_others() -> None:
    (where,) = person_conditions(read_person("my aunt"), kind_of(MADE_FOR, share=0.1)).where
    assert (where.op, where.value) == ("not in", ("men",))


def test_what_most_state_must_be_made_for_her() -> None:
    (where,) = person_conditions(read_person("my aunt"), kind_of(MADE_FOR, share=0.9)).where
    assert (where.op, where.value) == ("in", ("women", "unisex"))


def test_what_is_nearest_to_an_age_comes_first() -> None:
    found = person_conditions(
        read_person("he's 9"), kind_of(Field("age_from", "number", {"3": 2}), share=0.5)
    )
    assert [(w.op, w.value) for w in found.where] == [("<=", 9)]
    assert [(p.aim, p.value) for p in found.prefer] == [("near", 9)]


def test_whoever_is_grown_is_old_enough_for_anything() -> None:
    found = person_conditions(
        read_person("she's 19"), kind_of(Field("age_from", "number", {"3": 2}), share=0.5)
    )
    assert found.where == ()


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("my boss", "a leaving present for my boss"),
        ("our neighbours", "something for our neighbours who fed the cat"),
        ("my girlfirend", "her birthday is on Friday"),
        ("the teachers at my son's school", "for the teachers at my son's school"),
        ("my father-in-law who's 70", "for my father-in-law who's 70"),
        ("my son's coach", "a thank you for my son's coach"),
    ],
)
def test_whoever_is_grown_is_known_by_any_name(phrase: str, text: str) -> None:
    assert is_grown(read_person(phrase), text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("my sister", "for my sister's baby, who is due in May"),
        ("my daughter's best friend", "for my daughter's best friend"),
        ("my aunt, 12", "for my aunt, 12"),
        ("me", "for me"),
        ("my colleague", "my colleague just had a little girl"),
        ("", "anything"),
    ],
)
def test_nobody_is_surely_grown_where_a_child_is_spoken_of(phrase: str, text: str) -> None:
    assert not is_grown(read_person(phrase), text)


@pytest.mark.parametrize("phrase", ["my wife, 1 yr aniversary", "my husband, 2 years anniversary"])
def test_the_years_of_a_marriage_are_no_age(phrase: str) -> None:
    assert read_person(phrase).age is None
