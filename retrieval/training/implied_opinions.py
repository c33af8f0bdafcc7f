"""Opinions that name no judgement: "I hardly hear it" praises a kettle, "I hear it two rooms away" does not.

Films and rated snippets hold few of these, and reviews of things are full of them. ``implied_opinions.txt``
holds frames of our own, each with its side and with alternatives in braces.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.training.fine_tuning import Example

__all__ = ["Frame", "expand", "implied_examples", "read_frames", "split_frames"]

FRAMES = Path(__file__).with_name("implied_opinions.txt")
_SIDES = {"-": 0, "=": 1, "+": 2}
_CERTAINTY = 0.9
"""How sure a frame is of its side: what one buyer praises another may not mind."""
_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with alternatives in braces, and what it says: 0 negative, 1 neutral, 2 positive."""

    text: str
    label: int


def read_frames(path: Path = FRAMES) -> list[Frame]:
    """The frames of a file: lines of a side (``+``, ``-`` or ``=``) and a sentence; ``#`` begins a remark.

    Raises:
        ValueError: a line begins otherwise, or its braces don't match; names file and row.
    """
    frames = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        side, _, text = line.partition(" ")
        if not line.strip() or side.startswith("#"):
            continue
        if side not in _SIDES or re.search(r"[{}]", _SLOT.sub("", text)):
            raise ValueError(f"{path}, row {number}: expected `+`, `-` or `=` and a sentence, got {line!r}")
        frames.append(Frame(text.strip(), _SIDES[side]))
    return frames


def split_frames(
    frames: Sequence[Frame], seed: int = 0, share: float = 0.2
) -> tuple[list[Frame], list[Frame]]:
    """(train, development): whole frames, so that no sentence of a frame is on both sides."""
    order = random.Random(seed).sample(range(len(frames)), len(frames))
    held = set(order[: round(share * len(frames))])
    return (
        [frame for place, frame in enumerate(frames) if place not in held],
        [frame for place, frame in enumerate(frames) if place in held],
    )


def expand(frames: Iterable[Frame], each: int, seed: int = 0) -> list[tuple[str, int]]:
    """Up to ``each`` different sentences of every frame, with its label."""
    order = random.Random(seed)
    sentences: dict[str, int] = {}
    for frame in frames:
        for _ in range(each):
            text = _SLOT.sub(lambda slot: order.choice(slot.group(1).split("|")), frame.text)
            text = re.sub(r"\s+([.,?])", r"\1", text)
            sentences[text[0].upper() + text[1:]] = frame.label
    return list(sentences.items())


def implied_examples(sentences: Iterable[tuple[str, int]], weight: float = 1.0) -> list[Example]:
    """The side of a sentence as a target; what is not sure of a side is most likely neither."""
    rest = 1 - _CERTAINTY
    targets = {
        0: (_CERTAINTY, 0.8 * rest, 0.2 * rest),
        1: (0.5 * rest, _CERTAINTY, 0.5 * rest),
        2: (0.2 * rest, 0.8 * rest, _CERTAINTY),
    }
    return [Example(text, targets[label], weight=weight) for text, label in sentences]
