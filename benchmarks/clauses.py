"""Who is blamed in a sentence of two clauses: each thing judged by its sentence, its clause, or the pair model.

Run with `python -m benchmarks.clauses [--wrong]`. The sentences (`two_clauses.tsv`: sentence, then twice a thing and
`+`, `-` or `0`) were written before any result of the splitter was seen. `held_out` are the even rows: the splitter was
mended on the odd ones alone. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.aspect_sentiment import clause_about, open_aspect_sentiment, open_clause_pairs
from retrieval.reviews.negated_defects import corrected
from retrieval.reviews.opinions import polarity
from retrieval.reviews.text import words_for_model
from retrieval.sentiment import SentimentModel, open_sentiment

SENTENCES = Path(__file__).with_name("two_clauses.tsv")
CACHE = Path(os.environ.get("AISLE_BENCHMARK_CACHE", ".demo/benchmarks"))
_SIDES = {"+": "positive", "-": "negative", "0": "neutral"}


@dataclass(frozen=True)
class Judged:
    """A thing in a sentence, and what the buyer says of it."""

    sentence: str
    thing: str
    side: str
    held_out: bool


Way = Callable[[Sequence[tuple[str, str]]], list[float]]
"""(sentence, thing) pairs to signed scores in [-1, 1]."""


def read_sentences(path: Path = SENTENCES) -> list[Judged]:
    judged = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        sentence, *rest = line.split("\t")
        for thing, side in zip(rest[::2], rest[1::2], strict=True):
            judged.append(Judged(sentence, thing, _SIDES[side], number % 2 == 1))
    return judged


def ways() -> dict[str, Way]:
    model = open_sentiment(cache_folder=CACHE)
    pairs = open_aspect_sentiment(sentiment=model, cache_folder=CACHE)
    pairs_of_clauses = open_clause_pairs(cache_folder=CACHE, exports_folder=CACHE)

    def by_pair(asked: Sequence[tuple[str, str]]) -> list[float]:
        scores = pairs.predict(asked)
        return [float(row[2] - row[0]) for row in scores]

    def as_builds(asked: Sequence[tuple[str, str]]) -> list[float]:
        clauses = [words_for_model(clause_about(sentence, thing)) for sentence, thing in asked]
        read = pairs_of_clauses.predict(
            [(clause, thing) for clause, (_, thing) in zip(clauses, asked, strict=True)]
        )
        alone = _scores(model, clauses)
        joined = [(score + float(row[2] - row[0])) / 2 for score, row in zip(alone, read, strict=True)]
        return [corrected(clause, score) for clause, score in zip(clauses, joined, strict=True)]

    return {
        "sentence": lambda asked: _scores(model, [sentence for sentence, _ in asked]),
        "clause": lambda asked: _scores(model, [clause_about(sentence, thing) for sentence, thing in asked]),
        "pair_model": by_pair,
        "as_builds": as_builds,
    }


def _scores(model: SentimentModel, texts: Sequence[str]) -> list[float]:
    """As a build reads them."""
    rows = model.predict([words_for_model(text) for text in texts])
    return [corrected(text, float(row[2] - row[0])) for text, row in zip(texts, rows, strict=True)]


def figures(judged: Sequence[Judged], scores: Sequence[float]) -> dict[str, float]:
    """Shares: called right; of what is praised, called blamed; of what is blamed, called praised."""
    said = [polarity(score) for score in scores]
    rows = list(zip(judged, said, strict=True))

    def share(of: str, called: str) -> float:
        own = [call for row, call in rows if row.side == of]
        return round(sum(call == called for call in own) / len(own), 4)

    return {
        "accuracy": round(sum(row.side == call for row, call in rows) / len(rows), 4),
        "praise_called_blame": share("positive", "negative"),
        "blame_called_praise": share("negative", "positive"),
        "neutral_called_blame": share("neutral", "negative"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wrong", action="store_true", help="print the odd rows that clauses get wrong")
    asked = parser.parse_args()
    judged = read_sentences()
    result: dict[str, dict[str, dict[str, float]]] = {}
    for name, way in ways().items():
        scores = way([(row.sentence, row.thing) for row in judged])
        halves = {"mended_on": False, "held_out": True}
        result[name] = {
            half: figures(
                [row for row in judged if row.held_out == held],
                [score for row, score in zip(judged, scores, strict=True) if row.held_out == held],
            )
            for half, held in halves.items()
        }
        print(json.dumps({name: result[name]}), flush=True)
        if asked.wrong and name == "clause":
            for row, score in zip(judged, scores, strict=True):
                if not row.held_out and polarity(score) != row.side:
                    print(
                        f"{row.side:8} {score:+.2f} {row.thing!r} in {clause_about(row.sentence, row.thing)!r}"
                    )
    print(json.dumps({"sentences": len(judged) // 2, **result}))


if __name__ == "__main__":
    main()
