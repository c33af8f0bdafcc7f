"""Whether a sentence calls a product free of something that its listing does not show it to be free of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agent.checks.claims import Subject, Violation
from agent.understanding.language.absence import is_allergen, ruled_out
from retrieval.absence.rule import about, holds
from retrieval.filters import Absent


def unbacked_absences(sentence: str, scope: list[Subject], *, doubts: bool = False) -> Iterator[Violation]:
    """The substances that a sentence says are not in its products, where one of those products does not show it.

    A question claims nothing, nor does what says that a thing is not stated (``doubts``), unless it may hurt somebody.
    """
    if sentence.rstrip().endswith("?"):
        return
    for thing in ruled_out(sentence):
        if doubts and not is_allergen(thing):
            continue
        if not all(_is_free(subject, thing) for subject in scope):
            yield Violation("attribute", f"without {thing}")


def _is_free(subject: Subject, thing: str) -> bool:
    keys = subject.absence
    return bool(
        holds(
            Absent(**about(thing), sure=True),
            lambda key: np.bool_(key in keys),
            lambda word: np.bool_(word in subject.vocabulary.affirmed),
            np.bool_(False),
        )
    )
