"""An utterance may ask several things; each is a question of its own."""

from __future__ import annotations

import pytest

from agent.understanding.language.clauses import questions_in


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("how heavy is it and does it fold up", ["how heavy is it", "does it fold up"]),
        ("is it firm? how thick is it", ["is it firm", "how thick is it"]),
        (
            "how much does it hold, how loud is it and how fast does it spin",
            ["how much does it hold", "how loud is it", "how fast does it spin"],
        ),
        ("what are they made of n what sizes", ["what are they made of", "what sizes"]),
        ("The white one, is it heavy? And the price?", ["is it heavy", "And the price"]),
        ("fair enough. how loud is it?", ["how loud is it"]),
    ],
)
def test_questions_are_parted(said: str, asked: list[str]) -> None:
    assert questions_in(said) == asked


@pytest.mark.parametrize(
    "said", ["how fast does it read and write", "is it steel or is it plastic", "bread and butter"]
)
def test_what_asks_one_thing_stays_whole(said: str) -> None:
    assert questions_in(said) == [said]
