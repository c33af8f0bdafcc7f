"""What is not wanted, told from words that only sound like it."""

import pytest

from agent.understanding.language.negation import Denials


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("anything but leather, please", "leather", "unwanted"),
        ("he owns everything but he's famous for his socks", "socks", "wanted"),
        ("I like everything but it must have sleeves", "sleeves", "wanted"),
    ],
)
def test_but_excludes_a_thing_and_joins_a_clause(text: str, word: str, meant: str) -> None:
    start = text.index(word)
    assert Denials(text).of(start, start + len(word)) == meant


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("water resistant is for me not enough", "water resistant", "indifferent"),
        ("water resistant isn't enough", "water resistant", "indifferent"),
        ("water resistant won't do", "water resistant", "indifferent"),
        ("water resistant is enough", "water resistant", "wanted"),
        ("red's enough", "red", "wanted"),
        ("red is just enough", "red", "wanted"),
        ("red wouldn't be good enough", "red", "indifferent"),
    ],
)
def test_what_is_not_enough_is_not_asked_for(text: str, word: str, meant: str) -> None:
    start = text.index(word)
    assert Denials(text).of(start, start + len(word)) == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("not Just Kidding please", "Just Kidding"),
        ("I don't want By Nora", "By Nora"),
        ("nothing From Afar", "From Afar"),
        ("no Only Us if you can", "Only Us"),
    ],
)
def test_a_name_that_opens_as_a_denial_ends_is_denied(text: str, name: str) -> None:
    start = text.index(name)
    assert Denials(text).of(start, start + len(name)) == "unwanted"
