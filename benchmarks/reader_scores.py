"""How well utterances are read: moves and spans against what people annotated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.understanding.labels import MOVES, SPAN_LABELS, Move, SpanLabel
from agent.understanding.learning.annotated import Annotated

__all__ = ["Counts", "ReaderScores", "markdown", "score"]

Spans = Sequence[tuple[int, int, SpanLabel]]


@dataclass(frozen=True)
class Counts:
    """Precision, recall and F1 of one label, and how often people gave it."""

    precision: float
    recall: float
    f1: float
    count: int

    @classmethod
    def of(cls, hits: int, hit: int, given: int, wanted: int) -> Counts:
        """``hits`` of the ``given`` are right, ``hit`` of the ``wanted`` are found."""
        precision, recall = hits / max(1, given), hit / max(1, wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return cls(round(precision, 4), round(recall, 4), round(f1, 4), wanted)


@dataclass(frozen=True)
class ReaderScores:
    """Shares over all utterances. A span overlaps where one of the same label shares a character with it."""

    utterances: int
    main_move: float
    main_move_but_seek_refine: float
    """With seek and refine taken for one: which of them it is, the dialogue's state tells better."""
    all_moves: float
    moves: Counts
    spans_overlap: Counts
    spans_exact_f1: float
    by_move: dict[str, Counts]
    by_label: dict[str, Counts]
    confusions: dict[str, int]
    """The ten most frequent mistakes of the main move, "wanted > got"."""


def score(
    utterances: Sequence[Annotated], moves: Sequence[Sequence[Move]], spans: Sequence[Spans]
) -> ReaderScores:
    """Compare ``moves`` (main first) and ``spans`` of each utterance with what is annotated."""
    mains = [(u.moves[0], m[0]) for u, m in zip(utterances, moves, strict=True)]
    exact = sum(len(set(u.spans) & set(s)) for u, s in zip(utterances, spans, strict=True))
    total = sum(len(u.spans) + len(s) for u, s in zip(utterances, spans, strict=True))
    return ReaderScores(
        utterances=len(utterances),
        main_move=_share(wanted is got for wanted, got in mains),
        main_move_but_seek_refine=_share(_merged(wanted) is _merged(got) for wanted, got in mains),
        all_moves=_share(set(u.moves) == set(m) for u, m in zip(utterances, moves, strict=True)),
        moves=_move_counts(utterances, moves, MOVES),
        spans_overlap=_span_counts(utterances, spans, SPAN_LABELS),
        spans_exact_f1=round(2 * exact / max(1, total), 4),
        by_move={str(move): _move_counts(utterances, moves, (move,)) for move in MOVES},
        by_label={str(label): _span_counts(utterances, spans, (label,)) for label in SPAN_LABELS},
        confusions={
            f"{wanted} > {got}": count
            for (wanted, got), count in Counter(pair for pair in mains if pair[0] is not pair[1]).most_common(
                10
            )
        },
    )


def markdown(scores: ReaderScores) -> str:
    """A short table of ``scores`` for people."""
    rows = [
        "| | |",
        "|---|---|",
        f"| utterances | {scores.utterances} |",
        f"| main move right | {scores.main_move:.3f} |",
        f"| the same, seek and refine taken for one | {scores.main_move_but_seek_refine:.3f} |",
        f"| all moves right | {scores.all_moves:.3f} |",
        f"| spans, overlap F1 | {scores.spans_overlap.f1:.3f} |",
        f"| spans, exact F1 | {scores.spans_exact_f1:.3f} |",
        "",
        "| span | F1 | precision | recall | count |",
        "|---|---|---|---|---|",
        *_rows(scores.by_label),
        "",
        "| move | F1 | precision | recall | count |",
        "|---|---|---|---|---|",
        *_rows(scores.by_move),
    ]
    return "\n".join(rows) + "\n"


def _rows(counts: dict[str, Counts]) -> list[str]:
    return [
        f"| {name.replace('_', ' ')} | {c.f1:.2f} | {c.precision:.2f} | {c.recall:.2f} | {c.count} |"
        for name, c in counts.items()
        if c.count
    ]


def _share(right: Iterable[bool]) -> float:
    told = list(right)
    return round(sum(told) / max(1, len(told)), 4)


def _merged(move: Move) -> Move:
    return Move.SEEK if move is Move.REFINE else move


def _move_counts(
    utterances: Sequence[Annotated], moves: Sequence[Sequence[Move]], of: Sequence[Move]
) -> Counts:
    hits = given = wanted = 0
    for utterance, got in zip(utterances, moves, strict=True):
        theirs, ours = set(utterance.moves) & set(of), set(got) & set(of)
        hits, given, wanted = hits + len(theirs & ours), given + len(ours), wanted + len(theirs)
    return Counts.of(hits, hits, given, wanted)


def _span_counts(utterances: Sequence[Annotated], spans: Sequence[Spans], of: Sequence[SpanLabel]) -> Counts:
    hits = hit = given = wanted = 0
    for utterance, got in zip(utterances, spans, strict=True):
        theirs = [span for span in utterance.spans if span[2] in of]
        ours = [span for span in got if span[2] in of]
        given, wanted = given + len(ours), wanted + len(theirs)
        hits += sum(_overlaps(span, theirs) for span in ours)
        hit += sum(_overlaps(span, ours) for span in theirs)
    return Counts.of(hits, hit, given, wanted)


def _overlaps(span: tuple[int, int, SpanLabel], others: Spans) -> bool:
    return any(span[2] is label and span[0] < end and start < span[1] for start, end, label in others)
