"""Questions that every shop is asked, so that a shopper's own words meet the words of a shop's pages."""

from __future__ import annotations

import re
from functools import cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder

FloatArray = npt.NDArray[np.float32]
_TYPICAL = 2
_ABOUT = 0.44
"""A question is about the topic whose ways of asking are as near; what shops are never asked is less near to any."""
"""A topic is as near as the mean of so many of its nearest ways of asking: one alone may be chance."""


class ShopQuestions:
    """Topics with ways of asking, from ``text/shop_questions.txt``; encoded at first use, about 0.4 s, or
    nothing where the encoder keeps the vectors of earlier times.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def put_as_pages_do(self, question: FloatArray) -> tuple[FloatArray, float]:
        """The vector of a question, moved to how pages treat the topic nearest to it, and how near that is.

        A question about nothing that shops are usually asked is hardly moved. Shape (d,); unit length.
        """
        best, near = self._nearest(question)
        moved = question + max(0.0, near) * self._vectors[2][best]
        return (moved / np.linalg.norm(moved)).astype(np.float32), near

    def topic_of(self, question: FloatArray) -> str:
        """What a question is about, in a word or two ("returns"); empty where it is about nothing that shops are asked."""
        best, near = self._nearest(question)
        name = re.split(r"[:,.]", _topics()[best][0])[0]
        return name[:1].lower() + name[1:] if near >= _ABOUT else ""

    def _nearest(self, question: FloatArray) -> tuple[int, float]:
        """The topic whose ways of asking a question is nearest to, and how near."""
        asked, owner, treated = self._vectors
        cosines = asked @ question
        near = [float(np.sort(cosines[owner == topic])[-_TYPICAL:].mean()) for topic in range(len(treated))]
        best = int(np.argmax(near))
        return best, near[best]

    @staticmethod
    def words() -> frozenset[str]:
        """The words of all the ways of asking."""
        return frozenset(word for _, ways in _topics() for way in ways for word in way.split())

    def warm(self) -> None:
        """Encode now, while a build has the time."""
        _ = self._vectors

    @cached_property
    def _vectors(self) -> tuple[FloatArray, npt.NDArray[np.int64], FloatArray]:
        """Ways of asking (n, d), their topics (n,), and the pages' words of each topic (t, d)."""
        topics = _topics()
        asked = [(way, topic) for topic, (_, ways) in enumerate(topics) for way in ways]
        return (
            self._encoder.encode_document([way for way, _ in asked]),
            np.array([topic for _, topic in asked], dtype=np.int64),
            self._encoder.encode_document([words for words, _ in topics]),
        )


def _topics() -> list[tuple[str, list[str]]]:
    """Each topic in the words of pages, with the ways of asking about it."""
    text = (files("retrieval") / "text" / "shop_questions.txt").read_text("utf-8")
    topics: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("= "):
            topics.append((line[2:], []))
        elif not line.startswith("#"):
            topics[-1][1].append(line)
    return topics
