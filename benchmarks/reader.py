"""How well the reader reads: annotated dialogues, two sets of real conversations, and how fast.

Run with `python -m benchmarks.reader [--weights DIR]`. Data come from `AISLE_DATA` and from `dialogues`
beside it; what is absent is skipped, and said so. None of it is in any training. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from agent.understanding.encoding import CONTEXT_TURNS
from agent.understanding.labels import Move
from agent.understanding.learning.annotated import Annotated, read_files
from agent.understanding.reader import Read, Reader
from agent.understanding.weights import ReaderFiles
from benchmarks.demo import DEMO, ROOT
from benchmarks.reader_scores import score

DATA = Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data"))
ASKS = frozenset((Move.ASK_PRODUCT, Move.ASK_BUYERS, Move.ASK_SHOP, Move.ADVICE, Move.COMPARE))
TALKS = frozenset((Move.SOCIAL, Move.ABUSIVE, Move.OUT_OF_SCOPE))
REVISES = frozenset((Move.UNDO, Move.START_OVER))
GOALS = {"recommendation": "need", "search": "need", "qa": "ask", "meta": "talk"}
"""What MGShopDial's people say an utterance is for, in three classes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=None, help="folder of a reader that is not delivered")
    weights = parser.parse_args().weights
    files = ReaderFiles.find(weights)
    reader = Reader.open(DEMO / "exports", weights=weights)
    result: dict[str, Any] = {
        "weights_mb": round(files.weights.stat().st_size / 1e6, 1),
        "trained_on": files.config["utterances"],
        "held_out": {
            name: files.config["held_out"][name]
            for name in ("utterances", "main_move", "main_move_but_seek_refine", "all_moves", "spans_overlap")
        },
    }
    parts = {
        "dialogues": (DATA / "utterances" / "dev_annotated.txt", annotated_dialogues),
        "mgshopdial": (DATA / "mgshopdial" / "MGShopDial.json", shop_dialogues),
        "pscon": (DATA / "pscon" / "conversations.json", conversations),
    }
    for name, (path, measure) in parts.items():
        if path.is_file():
            result[name] = measure(reader, path)
        else:
            sys.stderr.write(f"skipped {name}: no {path}; set AISLE_DATA\n")
    print(json.dumps(result))


def annotated_dialogues(reader: Reader, path: Path) -> dict[str, Any]:
    """Moves and spans of annotated turns, each after the turns before it, and how long reading takes."""
    before = dict(_turns_before(path.parents[2] / "dialogues"))
    utterances = [replace(u, context=before.get(_letters(u.text), u.context)) for u in read_files([path])]
    lost = sum(_letters(u.text) not in before for u in utterances)
    if lost:
        sys.stderr.write(
            f"{lost} turns of {path.name} stand in no dialogue; their context is the line before\n"
        )
    read, ms = [], []
    for utterance in utterances:
        started = time.perf_counter()
        read.append(reader.read(utterance.text, utterance.context))
        ms.append(1000 * (time.perf_counter() - started))
    return {
        **asdict(_score(utterances, read)),
        "p50_ms": round(float(np.percentile(ms, 50)), 1),
        "p95_ms": round(float(np.percentile(ms, 95)), 1),
    }


def _score(utterances: Sequence[Annotated], read: Sequence[Read]) -> Any:
    return score(
        utterances,
        [[scored.move for scored in one.moves] for one in read],
        [[(span.start, span.end, span.label) for span in one.spans] for one in read],
    )


def _turns_before(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The letters of each turn of the dialogues in ``folder``, with the turns before it."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = [turn["say"] for turn in json.loads(line)["turns"]]
            for place, text in enumerate(said):
                yield _letters(text), tuple(said[max(0, place - CONTEXT_TURNS) : place])


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def shop_dialogues(reader: Reader, path: Path) -> dict[str, Any]:
    """MGShopDial: is an utterance a need, a question or talk? Macro-F1 against the annotators' goals."""
    wanted, got = [], []
    for dialogue in json.loads(path.read_text(encoding="utf-8")):
        said: list[str] = []
        for turn in dialogue["utterances"]:
            if turn["participant"] != "Client":
                continue
            read = reader.read(turn["utterance"], said)
            said.append(turn["utterance"])
            wanted.append(GOALS[turn["goal"]])
            got.append("ask" if read.main in ASKS else "talk" if read.main in TALKS else "need")
    names = ["need", "ask", "talk"]
    each = f1_score(wanted, got, labels=names, average=None)
    return {
        "utterances": len(wanted),
        "macro_f1": round(float(np.mean(each)), 4),
        "f1": {name: round(float(f1), 4) for name, f1 in zip(names, each, strict=True)},
    }


def conversations(reader: Reader, path: Path) -> dict[str, Any]:
    """PSCon: the acts people gave. ``without_words`` knows the turn's number and the shop's last action."""
    pairs: list[tuple[str, str]] = []
    blind: list[tuple[str, str]] = []
    for conversation in json.loads(path.read_text(encoding="utf-8")):
        said: list[str] = []
        sought = False
        action = ""
        for message in conversation["conversation"]:
            if message["role"] != "user":
                action = message.get("action") or ""
                continue
            text = message["content"] or ""
            read = reader.read(text, said)
            if message.get("intent"):
                pairs.append((message["intent"], _intent(read, sought, action)))
                first = not said or action == "Chitchat"
                blind.append((message["intent"], "Reveal" if first else "Interpret"))
            sought = sought or read.main not in TALKS
            said.append(text)
    counts = Counter(wanted for wanted, _ in pairs)
    return {
        "acts": len(pairs),
        "accuracy": _accuracy(pairs),
        "without_words": _accuracy(blind),
        "recall": {name: _accuracy([pair for pair in pairs if pair[0] == name]) for name in counts},
    }


def _intent(read: Read, sought: bool, action: str) -> str:
    """Our main move in PSCon's terms. The first need reveals; what answers a question or reacts to what was
    shown, thanks and refusals among it, interprets."""
    if read.main in TALKS:
        return "Interpret" if sought and action == "Recommend" else "Chitchat"
    if not sought:
        return "Reveal"
    if read.main in ASKS:
        return "Inquire"
    return "Revise" if read.main in REVISES else "Interpret"


def _accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    return round(sum(wanted == got for wanted, got in pairs) / max(1, len(pairs)), 4)


if __name__ == "__main__":
    main()
