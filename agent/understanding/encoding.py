"""Utterance and context as the network takes them: ``[CLS] earlier turns [SEP] utterance [SEP]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["CONTEXT_TURNS", "MAX_CONTEXT", "MAX_UTTERANCE", "Encoded", "TextEncoder"]

CONTEXT_TURNS = 2
"""How many of the shopper's earlier turns come with an utterance."""
MAX_CONTEXT = 64
"""Tokens of the context; of a longer one the end counts."""
MAX_UTTERANCE = 128
"""Tokens of the utterance in one window; a longer one is read in several."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window. ``words`` are character offsets (start, end) into the utterance, ``first`` the place of
    each word's first piece in ``ids``. The utterance's pieces have ``segments`` 1."""

    ids: list[int]
    segments: list[int]
    words: list[tuple[int, int]]
    first: list[int]


class TextEncoder:
    """Splits texts with the encoder's own WordPiece vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        vocabulary = tokenizer.get_vocab()
        self._cls, self._sep, self.pad_id = (vocabulary[token] for token in ("[CLS]", "[SEP]", "[PAD]"))

    def encode(self, text: str, context: Sequence[str] = (), *, windows: int = 1) -> list[Encoded]:
        """At most ``windows`` windows over ``text``, all with the same context; at least one."""
        before = self._context(context)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [self._window(encoding, before, *bounds) for bounds in _bounds(encoding.word_ids, windows)]

    def _context(self, context: Sequence[str]) -> list[int]:
        ids: list[int] = []
        for turn in context:
            ids += [*self._tokenizer.encode(turn, add_special_tokens=False).ids, self._sep]
        return ids[-MAX_CONTEXT:] or [self._sep]

    def _window(self, encoding: Encoding, before: list[int], start: int, end: int) -> Encoded:
        words: list[tuple[int, int]] = []
        first: list[int] = []
        lead = 1 + len(before)
        previous = None
        for place in range(start, end):
            word, (left, right) = encoding.word_ids[place], encoding.offsets[place]
            if word == previous:
                words[-1] = (words[-1][0], right)
            else:
                words.append((left, right))
                first.append(lead + place - start)
            previous = word
        ids = [self._cls, *before, *encoding.ids[start:end], self._sep]
        return Encoded(ids, [0] * lead + [1] * (end - start + 1), words, first)


def _bounds(word_ids: Sequence[int | None], windows: int) -> list[tuple[int, int]]:
    """Windows (start, end) over the pieces that never cut a word, unless it is longer than a window."""
    bounds: list[tuple[int, int]] = []
    start, total = 0, len(word_ids)
    while len(bounds) < windows and (start < total or not bounds):
        end = min(start + MAX_UTTERANCE, total)
        cut = end
        while start < cut < total and word_ids[cut] == word_ids[cut - 1]:
            cut -= 1
        end = cut if cut > start else end
        bounds.append((start, end))
        start = end
    return bounds
