"""Are annotated utterances labelled alike? ``python -m agent.understanding.learning.check_labels FOLDER [--write]``.

What is mechanical is mended (with ``--write`` in the files themselves): where a span begins and ends. What
takes judgement is told: words that are labelled this way here and that way there, utterances twice.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.understanding.labels import MOVE_CODES, SPAN_CODES, Move, SpanLabel
from agent.understanding.learning.annotated import Annotated, AnnotationError, parse_line

__all__ = ["Review", "mended", "review_file", "split_labels", "written"]

SpanTuple = tuple[int, int, SpanLabel]

_EDGES = " \t,.;:!?…–—-"
_ARTICLE = re.compile(
    r"(?:the|an?(?!\s+(?:hundred|thousand|dozen|few|couple|pair)\b))\s+(?=\S)", re.IGNORECASE
)
_NEGATION = re.compile(r"(?:no|not|never|don'?t want|nothing)\s+(?=\S)", re.IGNORECASE)
_FOR = re.compile(r"for\s+(?=\S)", re.IGNORECASE)
_COURTESY = re.compile(r"[\s,]+(?:please|pls|thanks|thank you)$", re.IGNORECASE)
_POINTER = re.compile(r"\b(?:the|that|this|those|these)\s+$", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:under|over|below|above|at least|at most|at max|up to|no more than|not more than|less than"
    r"|more than|no less than|max(?:imum)?|min(?:imum)?|around|about|roughly|between|nothing over"
    r"|nothing under|nothing above|not over|not above)\s+$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[$£€]?\s?\d|(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred)\b",
    re.IGNORECASE,
)
_LEADERS: dict[SpanLabel, tuple[tuple[re.Pattern[str], str], ...]] = {
    SpanLabel.THING: ((_ARTICLE, "article"),),
    SpanLabel.CONDITION: ((_ARTICLE, "article"),),
    SpanLabel.WISH: ((_ARTICLE, "article"),),
    SpanLabel.EXCLUDED: ((_NEGATION, "negation"), (_ARTICLE, "article")),
    SpanLabel.RECIPIENT: ((_FOR, "for"),),
}
"""What stands before the span it leads, not in it."""
_DENIED = frozenset((SpanLabel.EXCLUDED, SpanLabel.TAKEN_BACK))
"""What is excluded in one place may be wanted in another."""
_CODE_OF_SPAN = {label: code for code, label in SPAN_CODES.items()}
_CODE_OF_MOVE = {move: code for code, move in MOVE_CODES.items()}
_SEVERAL = 3
"""A phrase labelled in two ways is told from this many times on."""


@dataclass(frozen=True)
class Review:
    """One file: its lines as they should be, and what was changed or can't be read."""

    lines: tuple[str, ...]
    changes: Counter[str]
    errors: tuple[str, ...]
    utterances: tuple[Annotated, ...]


def review_file(path: Path) -> Review:
    """Read one file line by line; comments and blank lines stay."""
    lines: list[str] = []
    changes: Counter[str] = Counter()
    errors: list[str] = []
    utterances: list[Annotated] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            lines.append(line.strip())
            continue
        try:
            utterance = replace(parse_line(line), author=path.stem)
        except AnnotationError as error:
            errors.append(f"{path}, line {number}: {error}")
            lines.append(line)
            continue
        better, told = mended(utterance)
        changes.update(told)
        utterances.append(better)
        lines.append(written(better) if told else line.strip())
    return Review(tuple(lines), changes, tuple(errors), tuple(utterances))


def mended(utterance: Annotated) -> tuple[Annotated, list[str]]:
    """``utterance`` with the edges of its spans where the rules put them, and what was done."""
    told: list[str] = []
    spans: list[SpanTuple] = []
    for span in utterance.spans:
        previous = spans[-1][1] if spans else 0
        better = _edges(utterance.text, span, previous, told)
        if better[0] < better[1]:
            spans.append(better)
        else:
            told.append("empty span")
    return replace(utterance, spans=tuple(spans)), told


def _edges(text: str, span: SpanTuple, previous: int, told: list[str]) -> SpanTuple:
    start, end, label = span
    before = (start, end)
    while start < end and text[start] in _EDGES and not text[start : start + 2].strip("-").isdigit():
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    if (start, end) != before:
        told.append("punctuation at the edge of a span")
    if courtesy := _COURTESY.search(text, start, end):
        end = courtesy.start()
        told.append("courtesy inside a span")
    for pattern, name in _LEADERS.get(label, ()):
        if match := pattern.match(text, start, end):
            start = match.end()
            told.append(f"{name} inside {label}")
    lead = _POINTER if label is SpanLabel.REFERENCE else None
    if label is SpanLabel.CONDITION and _AMOUNT.match(text, start, end):
        lead = _BOUND
    if lead and (match := lead.search(text, previous, start)):
        start = match.start()
        told.append(f"leading word outside {label}")
    return start, end, label


def written(utterance: Annotated) -> str:
    """The line that reads as ``utterance``."""
    parts: list[str] = []
    place = 0
    for start, end, label in utterance.spans:
        parts += [utterance.text[place:start], f"[{_CODE_OF_SPAN[label]} {utterance.text[start:end]}]"]
        place = end
    moves = "+".join(_CODE_OF_MOVE[move] for move in utterance.moves)
    return f"{moves}: {''.join(parts)}{utterance.text[place:]}"


def split_labels(utterances: Iterable[Annotated]) -> dict[str, Counter[SpanLabel]]:
    """Phrases that are labelled in several ways, each of them ``_SEVERAL`` times or more."""
    labels: dict[str, Counter[SpanLabel]] = defaultdict(Counter)
    for utterance in utterances:
        for start, end, label in utterance.spans:
            if label not in _DENIED:
                labels[utterance.text[start:end].lower()][label] += 1
    often = {phrase: Counter({k: n for k, n in c.items() if n >= _SEVERAL}) for phrase, c in labels.items()}
    return {phrase: counts for phrase, counts in often.items() if len(counts) > 1}


def repeated(utterances: Iterable[Annotated]) -> list[str]:
    """Texts of five words or more that stand there more than once."""
    texts = Counter(u.text.lower() for u in utterances if len(u.text.split()) >= 5)
    return [text for text, count in texts.items() if count > 1]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="files of annotated utterances, or folders")
    parser.add_argument("--write", action="store_true", help="mend the files")
    given = parser.parse_args(arguments)
    files = [f for path in given.paths for f in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    reviews = {file: review_file(file) for file in files}
    if given.write:
        for file, review in reviews.items():
            file.write_text("\n".join(review.lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(_report(list(reviews.values()), mended=given.write)) + "\n")
    return 1 if any(review.errors for review in reviews.values()) else 0


def _report(reviews: Sequence[Review], *, mended: bool) -> list[str]:
    utterances = [utterance for review in reviews for utterance in review.utterances]
    changes = sum((review.changes for review in reviews), Counter())
    moves: Counter[Move] = Counter(move for u in utterances for move in u.moves)
    labels: Counter[SpanLabel] = Counter(label for u in utterances for *_, label in u.spans)
    return [
        *(error for review in reviews for error in review.errors),
        f"{len(utterances)} utterances of {len(reviews)} authors",
        "moves: " + ", ".join(f"{move} {count}" for move, count in moves.most_common()),
        "spans: " + ", ".join(f"{label} {count}" for label, count in labels.most_common()),
        *(
            f"{'mended' if mended else 'to mend'}: {what}, {count} times"
            for what, count in changes.most_common()
        ),
        *(
            f"labelled in several ways: {phrase!r}: {', '.join(f'{k} {n}' for k, n in counts.most_common())}"
            for phrase, counts in sorted(split_labels(utterances).items())
        ),
        *(f"stands there more than once: {text!r}" for text in repeated(utterances)),
    ]


if __name__ == "__main__":
    sys.exit(main())
