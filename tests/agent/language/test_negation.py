"""Which mentions are denied."""

from __future__ import annotations

import re

import pytest

from agent.language.negation import Denials, polarities

SLOTS = {
    "nike": "brand", "adidas": "brand", "leather": "material", "wool": "material",
    "black": "color", "white": "color",
    "red": "color", "blue": "color", "waterproof": "waterproof", "pockets": "pockets", "shoes": "category",
}  # fmt: skip


def denied(text: str) -> set[str]:
    return {word for word, polarity in read(text) if polarity == "unwanted"}


def read(text: str) -> list[tuple[str, str]]:
    found = list(re.finditer(rf"\b(?:{'|'.join(SLOTS)})\b", text.lower()))
    spans = [(m.start(), m.end(), SLOTS[m.group()]) for m in found]
    return list(zip([m.group() for m in found], polarities(text, Denials(text), spans), strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing from Nike", {"nike"}),
        ("without leather", {"leather"}),
        ("anything but black", {"black"}),
        ("not black, white or red", {"black", "white", "red"}),
        ("not black, white", {"black"}),
        ("no leather and waterproof", {"leather"}),
        ("without leather and wool", {"leather", "wool"}),
        ("neither black nor white", {"black", "white"}),
        ("I don't want Nike or Adidas", {"nike", "adidas"}),
        ("leather-free shoes", {"leather"}),
        ("non-leather shoes", {"leather"}),
        ("no Nike shoes", {"nike"}),
        ("blue instead of red", {"red"}),
        ("I'd rather have blue than red", {"red"}),
        ("blue, not red", {"red"}),
        ("any brand other than Nike", {"nike"}),
        ("I hate wool but want leather", {"wool"}),
        ("can't stand leather", {"leather"}),
        ("everything except red", {"red"}),
        ("shoes that aren't black", {"black"}),
        ("don't show me anything from nike again", {"nike"}),
    ],
)
def test_denies(text: str, words: set[str]) -> None:
    assert denied(text) == words


@pytest.mark.parametrize(
    "text",
    ["not only Nike", "nothing without pockets", "no, black", "don't you have black ones?",
     "nothing but Nike",
     "do you not have it in black?", "isn't it available in black", "no problem, black", "why not black"],
)  # fmt: skip
def test_what_looks_like_a_denial_and_is_none(text: str) -> None:
    assert denied(text) == set()


@pytest.mark.parametrize(
    "text", ["it doesn't have to be black", "I don't mind black", "not necessarily black"]
)
def test_indifference(text: str) -> None:
    assert read(text) == [("black", "indifferent")]


@pytest.mark.parametrize(
    "text", ["preferably black", "black if possible", "ideally black", "black would be nice"]
)
def test_wishes(text: str) -> None:
    assert read(text) == [("black", "wished")]
