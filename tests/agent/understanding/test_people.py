"""Who it is for: group and age, as far as the words tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.people import person_in, read_person


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
