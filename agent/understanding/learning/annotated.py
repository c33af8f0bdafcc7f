"""Annotated utterances as people write them down: ``sk+ca: a [T kettle] [B under 40], and add [P it]``.

A blank line begins a new dialogue; a line that begins with ``#`` says who writes. Moves are joined by ``+``
(or ``,``), the most important first; spans are not nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.understanding.encoding import CONTEXT_TURNS
from agent.understanding.labels import MOVE_CODES, SPAN_CODES, Move, SpanLabel

__all__ = ["Annotated", "AnnotationError", "parse_line", "read_files", "read_text", "wishes"]

OWN = Path(__file__).parents[1] / "training"
"""The utterances that the reader which ships learnt from."""

_LINE = re.compile(r"(?P<moves>[a-z]+(?:\s*[+,]\s*[a-z]+)*)\s*:\s?(?P<text>.*)", re.DOTALL)
_BRACKET = re.compile(r"\[(?P<tag>[A-Za-z]+) |[\[\]]")


class AnnotationError(ValueError):
    """A line that can't be read; the message says what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An utterance with its moves (main first), its spans (start, end, label) and the turns before it."""

    text: str
    moves: tuple[Move, ...]
    spans: tuple[tuple[int, int, SpanLabel], ...] = ()
    context: tuple[str, ...] = ()
    author: str = ""
    """The file it comes from: one file is one hand."""


def parse_line(line: str) -> Annotated:
    """Read ``moves: text with [X spans]``.

    Raises:
        AnnotationError: an unknown move or span label, or brackets that do not match.
    """
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise AnnotationError(f"expected `moves: text`, got {line.strip()[:60]!r}")
    moves = tuple(dict.fromkeys(_move(code.strip()) for code in re.split(r"[+,]", match["moves"])))
    text, spans = _without_brackets(match["text"].strip())
    if not text.strip():
        raise AnnotationError("there is no text after the moves")
    return Annotated(text=text, moves=moves, spans=spans)


def read_text(text: str, source: str) -> list[Annotated]:
    """Every utterance of one file with the turns before it in its dialogue.

    Raises:
        AnnotationError: names ``source`` and the line.
    """
    found: list[Annotated] = []
    dialogue: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        if not line.strip():
            dialogue = []
            continue
        try:
            read = parse_line(line)
        except AnnotationError as error:
            raise AnnotationError(f"{source}, line {number}: {error}") from error
        found.append(
            Annotated(read.text, read.moves, read.spans, tuple(dialogue[-CONTEXT_TURNS:]), author=source)
        )
        dialogue.append(read.text)
    return found


def read_files(paths: Sequence[Path]) -> list[Annotated]:
    """The utterances of files, and of all ``*.txt`` of folders, in the order of their names.

    Raises:
        AnnotationError: a path holds nothing to read, or a line can't be read.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    missing = [str(path) for path in paths if not path.exists()]
    if missing or not files:
        raise AnnotationError(
            f"no annotated utterances in {', '.join(missing or map(str, paths))}; "
            "give a .txt file or a folder of them"
        )
    return [
        utterance for file in files for utterance in read_text(file.read_text(encoding="utf-8"), file.stem)
    ]


def wishes(folder: Path = OWN, least_words: int = 4) -> list[str]:
    """What people say who look for something or narrow it down, each text once, in ``least_words`` words or more.

    Raises:
        AnnotationError: as ``read_files``.
    """
    found = (
        utterance.text
        for utterance in read_files([folder])
        if {Move.SEEK, Move.REFINE} & set(utterance.moves) and len(utterance.text.split()) >= least_words
    )
    return list(dict.fromkeys(found))


def _move(code: str) -> Move:
    if code not in MOVE_CODES:
        raise AnnotationError(f"unknown move {code!r}; expected one of {' '.join(MOVE_CODES)}")
    return MOVE_CODES[code]


def _without_brackets(marked: str) -> tuple[str, tuple[tuple[int, int, SpanLabel], ...]]:
    """The plain text and the character spans that its brackets marked."""
    plain: list[str] = []
    spans: list[tuple[int, int, SpanLabel]] = []
    opened: tuple[int, SpanLabel] | None = None
    length = 0
    for piece, bracket in _pieces(marked):
        plain.append(piece)
        length += len(piece)
        if bracket is None:
            continue
        if bracket == "]":
            if opened is None:
                raise AnnotationError(f"`]` closes nothing in {marked[:80]!r}")
            if length > opened[0]:
                spans.append((opened[0], length, opened[1]))
            opened = None
        elif opened is not None:
            raise AnnotationError(f"a span begins inside another in {marked[:80]!r}; spans are not nested")
        elif bracket not in SPAN_CODES:
            raise AnnotationError(f"unknown span label {bracket!r}; expected one of {' '.join(SPAN_CODES)}")
        else:
            opened = (length, SPAN_CODES[bracket])
    if opened is not None:
        raise AnnotationError(f"a span is never closed in {marked[:80]!r}")
    return "".join(plain), tuple(spans)


def _pieces(marked: str) -> Iterator[tuple[str, str | None]]:
    """Runs of text, each with the label that opens after it, ``]``, or None at the end."""
    place = 0
    for match in _BRACKET.finditer(marked):
        yield marked[place : match.start()], match["tag"] or match.group()
        place = match.end()
    yield marked[place:], None
