"""Labelled aspects: terms in sentences with what is said of them, as SemEval-2014 task 4 gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.aspect_sentiment import clause_about
from retrieval.inference.classifier_weights import ModelFilesError
from retrieval.training.fine_tuning import Example

__all__ = ["AspectLabel", "aspect_examples", "read_aspect_labels", "split_by_sentence"]

_CLAUSE = 0.5
"""What a term in its clause counts, beside the same term in its sentence."""


@dataclass(frozen=True, slots=True)
class AspectLabel:
    """A sentence, a term in it, and what is said of it: 0 negative, 1 neutral, 2 positive."""

    sentence: str
    term: str
    label: int


def read_aspect_labels(path: Path) -> list[AspectLabel]:
    """Labels of a ``.seg`` file: three lines each, a sentence with ``$T$``, the term, and -1, 0 or 1.

    Raises:
        ModelFilesError: there is no such file.
        ValueError: names the file and the line that is not so.
    """
    if not path.is_file():
        raise ModelFilesError(f"{path} does not exist; expected a .seg file: sentence with $T$, term, -1/0/1")
    lines = path.read_text(encoding="utf-8").splitlines()
    labels = []
    for start in range(0, len(lines) - len(lines) % 3, 3):
        sentence, term, polarity = (line.strip() for line in lines[start : start + 3])
        if "$T$" not in sentence or polarity not in {"-1", "0", "1"}:
            raise ValueError(
                f"{path}, line {start + 1}: expected a sentence with $T$, its term, and -1, 0 or 1, "
                f"got {sentence[:60]!r}, {term[:30]!r}, {polarity[:10]!r}"
            )
        labels.append(AspectLabel(sentence.replace("$T$", term), term, int(polarity) + 1))
    return labels


def aspect_examples(labels: Sequence[AspectLabel]) -> list[Example]:
    """Each term in its sentence and, where that is another text, in its clause: as a shop reads it."""
    examples = []
    for label in labels:
        target = [0.0, 0.0, 0.0]
        target[label.label] = 1.0
        whole = Example(label.sentence, (target[0], target[1], target[2]), label.term)
        clause = clause_about(label.sentence, label.term)
        examples += (
            [whole] if clause == label.sentence else [whole, replace(whole, text=clause, weight=_CLAUSE)]
        )
    return examples


def split_by_sentence(
    labels: Sequence[AspectLabel], share: float, parts: Sequence[int], seed: int = 0
) -> tuple[list[AspectLabel], list[AspectLabel]]:
    """(train, held out): held out are ``parts``, numbered from 0, each ``share`` of the sentences; terms of
    one sentence stay together.
    """
    sentences = sorted({label.sentence for label in labels})
    order = np.random.default_rng(seed).permutation(len(sentences))
    size = int(len(sentences) * share)
    held = {sentences[row] for part in parts for row in order[part * size : (part + 1) * size]}
    return [x for x in labels if x.sentence not in held], [x for x in labels if x.sentence in held]
