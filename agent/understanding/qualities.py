"""What people mean who want a quality and do not call it by its name: "one you can get wet" is waterproof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

import agent.knowledge
from agent.understanding.language.text import content_words

if TYPE_CHECKING:
    from retrieval.encoder import Encoder

FILE = Path(agent.knowledge.__file__).with_name("qualities.txt")
ALIKE, ALIKE_ALONE = 0.58, 0.7
"""Cosines from which words mean a quality, and from which a single word does."""
_DENYING = re.compile(
    r"\b(?:nothing|nobody|none|never|not|no|without|w/o|cannot|can't|cant|won't|wont|"
    r"(?:do|does|did|is|are|was|were|has|have|had|need|must|should|could|would)n['’]?t)\b\s*",
    re.I,
)


@dataclass(frozen=True)
class Qualities:
    """Names of qualities with what is said for them. Made once an encoder, about 150 short texts, 0.5 s, or nothing where
    the encoder keeps the vectors of earlier times.
    """

    names: tuple[tuple[str, ...], ...]
    vectors: npt.NDArray[np.float32]
    """One row a text, shape (n, d)."""
    of: npt.NDArray[np.int64]
    """Which quality each text is of, shape (n,)."""
    denies: npt.NDArray[np.bool_]
    """Which texts deny something, shape (n,)."""

    @classmethod
    def made(cls, encoder: Encoder) -> Qualities:
        entries = _entries()
        texts = [(at, text) for at, (names, said) in enumerate(entries) for text in (names[0], *said)]
        return cls(
            tuple(names for names, _ in entries),
            encoder.encode_document([text for _, text in texts]),
            np.array([at for at, _ in texts]),
            np.array([is_denied(text) for _, text in texts]),
        )

    def meant(self, phrase: str, encoder: Encoder) -> list[tuple[str, ...]]:
        """The qualities that a phrase may mean, by their names, the likeliest first; one encoding. What is denied means
        only what a text says that denies as well: "no cable" is cordless, "no flowers" is not floral.
        """
        near = self.vectors @ encoder.encode_query([phrase])[0]
        scores = np.full(len(self.names), -1.0)
        np.maximum.at(scores, self.of, np.where(self.denies == is_denied(phrase), near, -1.0))
        least = ALIKE_ALONE if len(content_words(_DENYING.sub("", phrase))) == 1 else ALIKE
        return [self.names[at] for at in np.argsort(-scores) if scores[at] >= least]


@lru_cache(maxsize=4)
def qualities_of(encoder: Encoder) -> Qualities:
    """Those of the file as an encoder has them."""
    return Qualities.made(encoder)


def is_denied(phrase: str) -> bool:
    """Whether a phrase denies something, with or without the apostrophe: "doesnt drink"."""
    return _DENYING.search(phrase) is not None


@cache
def _entries() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Names and what is said, of each line of the file."""
    lines = (line for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    parts = ([part.strip() for part in line.split("|")] for line in lines)
    return tuple((tuple(name.strip() for name in own.split(";")), tuple(said)) for own, *said in parts)
