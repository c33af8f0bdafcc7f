"""Frames of implied opinions: how they are read, split and made into sentences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from retrieval.training.implied_opinions import (
    Frame,
    expand,
    implied_examples,
    read_frames,
    split_frames,
)
from retrieval.training.sentiment_data import read_sst2


def test_a_frame_becomes_its_sentences() -> None:
    frame = Frame("{it|the fan} {hums|rattles} .", 0)
    assert dict(expand([frame], each=50)) == dict.fromkeys(
        ("It hums.", "It rattles.", "The fan hums.", "The fan rattles."), 0
    )


def test_equal_seeds_draw_equal_sentences() -> None:
    assert expand(read_frames(), 3, seed=4) == expand(read_frames(), 3, seed=4)
    assert expand(read_frames(), 3, seed=4) != expand(read_frames(), 3, seed=5)


@pytest.mark.parametrize("line", ["* It hums.", "It hums.", "+ It {hums|rattles.", "- It hums}."])
def test_a_line_that_is_no_frame_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "frames.txt"
    path.write_text(f"# remark\n+ It hums.\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"frames\.txt, row 3: expected"):
        read_frames(path)


def test_no_frame_is_on_both_sides_of_the_split() -> None:
    frames = read_frames()
    train, held = split_frames(frames)
    assert not set(train) & set(held)
    assert sorted(map(repr, train + held)) == sorted(map(repr, frames))
    assert len(held) == round(0.2 * len(frames))


def test_the_delivered_frames_praise_and_blame_alike() -> None:
    sides = Counter(frame.label for frame in read_frames())
    assert set(sides) == {0, 1, 2}
    assert 0.6 < sides[2] / sides[0] < 1.6
    texts = [text for text, _ in expand(read_frames(), 30)]
    assert not any(mark in text for text in texts for mark in ("{", "}", "|", "  "))


def test_nothing_that_is_measured_can_be_trained_on() -> None:
    sentences = Path(__file__).parents[2] / "benchmarks" / "implied_sentences.tsv"
    measured = {_bare(text) for text, _ in read_sst2(sentences)}
    trained = {_bare(text) for text, _ in expand(read_frames(), 3000)}
    assert len(measured) > 40
    assert not measured & trained


def _bare(text: str) -> str:
    return text.lower().strip(" .?!")


@pytest.mark.parametrize("label", [0, 1, 2])
def test_a_sentence_is_taught_its_side(label: int) -> None:
    (example,) = implied_examples([("x", label)], weight=3.0)
    assert max(range(3), key=lambda side: example.target[side]) == label
    assert sum(example.target) == pytest.approx(1)
    assert example.weight == 3.0
