"""The learned reader: what an utterance does (moves) and what its words are for (spans), in one pass.

A fine-tuned sentence encoder as ONNX int8, opened with onnxruntime and tokenizers alone; 2 to 8 ms for an
ordinary utterance on one thread. It reads, it does not resolve: what a span means in a shop is decided by
others, who weigh it by its confidence.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.understanding.decoding import best_tags, tag_spans
from agent.understanding.encoding import CONTEXT_TURNS, Encoded, TextEncoder
from agent.understanding.labels import MOVES, SPAN_LABELS, Move, SpanLabel
from agent.understanding.weights import ReaderFiles
from retrieval.inference.onnx_session import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["Read", "Reader", "ScoredMove", "Span"]

FloatMatrix = npt.NDArray[np.float32]

_log = logging.getLogger(__name__)

MAX_CHARACTERS = 4000
"""What is said after that is not read; doors cut far earlier."""
MAX_WINDOWS = 10
_SAID = 0.4
"""Probability from which a further move counts as made: of .15 to .6, where held-out authors' moves are found best."""


@dataclass(frozen=True, slots=True)
class ScoredMove:
    """A move and how likely it is made."""

    move: Move
    probability: float


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words; ``start`` and ``end`` are character offsets into the utterance."""

    label: SpanLabel
    start: int
    end: int
    text: str
    confidence: float
    """Mean probability of the label over the words of the span."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader makes of one utterance: ``moves`` with the main one first, ``spans`` in their order."""

    moves: tuple[ScoredMove, ...]
    spans: tuple[Span, ...]

    @property
    def main(self) -> Move:
        return self.moves[0].move

    def of(self, *labels: SpanLabel) -> tuple[Span, ...]:
        """The spans with one of ``labels``."""
        return tuple(span for span in self.spans if span.label in labels)


class Reader:
    """Reads utterances; holds one model and no state."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Open an exported reader; see ``open`` for the usual way."""
        from tokenizers import Tokenizer

        facts = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        self.model_id: str = facts["model_id"]
        self._tag_temperature = float(facts["tag_temperature"])
        self._main_temperature = float(facts["main_temperature"])
        self._encoder = TextEncoder(Tokenizer.from_file(str(folder / "tokenizer.json")))
        self._session: InferenceSession = open_session(folder / "model.onnx", threads=threads)

    @classmethod
    def open(cls, exports_folder: Path, *, weights: Path | None = None, threads: int = 1) -> Reader:
        """Open the reader that comes with Aisle, or the one whose files lie in the folder ``weights``.

        The first opening exports it into ``exports_folder`` (about 10 s, with torch); later ones take 0.2 s.

        Raises:
            ReaderFilesError: the weights are missing, don't fit the encoder or can't be exported.
        """
        files = ReaderFiles.find(weights)
        folder = exports_folder / "readers" / files.key
        if (folder / "reader.json").is_file():
            try:
                return cls(folder, threads=threads)
            except Exception as error:  # noqa: BLE001 - tokenizers and onnxruntime raise of their own
                _log.warning("the exported reader in %s is damaged and made again: %s", folder, error)
                shutil.rmtree(folder)
        from agent.understanding.learning.export import export_reader

        export_reader(files, folder)
        return cls(folder, threads=threads)

    def read(self, text: str, context: Sequence[str] = ()) -> Read:
        """What ``text`` does and what its words are for; ``context`` are the shopper's turns before it, the
        latest last, of which two count."""
        text = text[:MAX_CHARACTERS]
        windows = self._encoder.encode(text, tuple(context)[-CONTEXT_TURNS:], windows=MAX_WINDOWS)
        tags, main, made = self._run(windows)
        spans = [span for row, window in enumerate(windows) for span in self._spans(text, window, tags[row])]
        return Read(moves=self._moves(main, made), spans=tuple(spans))

    def _run(self, windows: Sequence[Encoded]) -> tuple[FloatMatrix, FloatMatrix, FloatMatrix]:
        """Logits of tags (w, n, tags), of the main move (w, moves) and of all moves (w, moves)."""
        shape = (len(windows), max(len(window.ids) for window in windows))
        ids = np.full(shape, self._encoder.pad_id, dtype=np.int64)
        mask, segments = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
            segments[row, : len(window.ids)] = window.segments
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
        tags, main, made = self._session.run(None, given)
        return tags, main, made

    def _moves(self, main: FloatMatrix, made: FloatMatrix) -> tuple[ScoredMove, ...]:
        """Over the windows of a long text the main move is that of their mean, a move made in any is made."""
        first = _softmax(main / self._main_temperature).mean(axis=0)
        each = (1 / (1 + np.exp(-made))).max(axis=0)
        best = int(first.argmax())
        further = [m for m in np.argsort(-each) if each[m] >= _SAID and m != best]
        return (
            ScoredMove(MOVES[best], round(float(first[best]), 4)),
            *(ScoredMove(MOVES[m], round(float(each[m]), 4)) for m in further),
        )

    def _spans(self, text: str, window: Encoded, logits: FloatMatrix) -> list[Span]:
        probabilities = _softmax(logits[window.first] / self._tag_temperature)  # (words, tags)
        found = []
        for first, last, label in tag_spans(best_tags(np.log(probabilities + 1e-9))):
            start, end = window.words[first][0], window.words[last - 1][1]
            begins = 2 * SPAN_LABELS.index(label) + 1
            confidence = probabilities[first:last, begins : begins + 2].sum(axis=1).mean()
            found.append(Span(label, start, end, text[start:end], round(min(1.0, float(confidence)), 4)))
        return found


def _softmax(logits: FloatMatrix) -> FloatMatrix:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)
