"""From scores of word tags to spans: the best path on which I-X follows only B-X or I-X (Viterbi)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agent.understanding.labels import SPAN_LABELS, SpanLabel

__all__ = ["OUTSIDE", "TAGS", "best_tags", "tag_spans", "word_tags"]

FloatMatrix = npt.NDArray[np.float32]

OUTSIDE = 0
TAGS = ("O", *(f"{part}-{label}" for label in SPAN_LABELS for part in "BI"))
"""Tag numbers: 0 is outside, 2k + 1 begins a span of label k, 2k + 2 goes on with it."""
_IMPOSSIBLE = np.float32(-1e4)


def _allowed() -> FloatMatrix:
    """0 where a tag (row) may be followed by another (column), else a score that never wins."""
    step = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    inside = np.arange(2, len(TAGS), 2)
    step[:, inside] = _IMPOSSIBLE
    step[inside, inside] = 0
    step[inside - 1, inside] = 0
    return step


_STEP = _allowed()


def best_tags(scores: FloatMatrix) -> list[int]:
    """The best legal sequence of tags for ``scores``, log probabilities of shape (words, tags)."""
    if not len(scores):
        return []
    reached = scores[0] + np.where(np.arange(len(TAGS)) % 2 | (np.arange(len(TAGS)) == 0), 0, _IMPOSSIBLE)
    back = np.zeros(scores.shape, dtype=np.int64)
    for word in range(1, len(scores)):
        ways = reached[:, None] + _STEP  # (from, to)
        back[word] = ways.argmax(axis=0)
        reached = ways.max(axis=0) + scores[word]
    tag = int(reached.argmax())
    path = [tag]
    for word in range(len(scores) - 1, 0, -1):
        tag = int(back[word, tag])
        path.append(tag)
    return path[::-1]


def tag_spans(tags: Sequence[int]) -> list[tuple[int, int, SpanLabel]]:
    """Runs of words (first, one past the last, label) that a legal sequence of tags marks."""
    spans: list[tuple[int, int, SpanLabel]] = []
    for word, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        label = SPAN_LABELS[(tag - 1) // 2]
        if tag % 2:
            spans.append((word, word + 1, label))
        else:
            spans[-1] = (spans[-1][0], word + 1, label)
    return spans


def word_tags(words: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, SpanLabel]]) -> list[int]:
    """The tag of each word (start, end): the way back from character spans."""
    tags = []
    previous: tuple[int, int, SpanLabel] | None = None
    for start, end in words:
        span = next((s for s in spans if s[0] < end and start < s[1]), None)
        tag = OUTSIDE
        if span is not None:
            tag = 2 * SPAN_LABELS.index(span[2]) + (2 if span is previous else 1)
        tags.append(tag)
        previous = span
    return tags
