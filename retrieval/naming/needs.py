"""Which kind serves a need: what people say when they need a thing whose name they do not say.

`knowledge/needs.txt` holds some 2,000 kinds of product under the names that shops give them, each with what
people said who needed just that. A build keeps those that the shop sells, with a vector of every sentence
and of the names, and BM25 of their words; a need is compared with all of them by meaning (soft nearest
neighbours) and by the words it shares, of which a rare one tells what the vectors miss.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder
from retrieval.keyword_index import KeywordIndex
from retrieval.knowledge import read_text
from retrieval.text.natural import PLAIN, TELLING
from retrieval.text.normalization import tokenize

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

_SHARPNESS = 20.0
"""How much nearer sentences count for more: of a kind's sentences, mostly the nearest."""
_NAME = 0.5
"""What the likeness to the kind's names counts beside that to the sentences."""
_MANY = 0.5
"""How much of the head start that more sentences give is taken back."""
_WORDS = {"said": 0.2, "names": 0.1}
"""What the words that a need shares count, of the most that any kind shares. Of 396 first turns of development
dialogues the kind was first for .657 without them, for .682 with them.
"""
_K1, _B = 1.2, 0.6  # longer texts than titles: a word said twice tells more

_GRAMMAR = frozenset(token for word in TELLING | PLAIN for token in tokenize(word))

_AT_ONCE = 512


class NeedsError(ValueError):
    """The file of needs can't be read; the message names the line."""


@dataclass(frozen=True)
class Need:
    """A kind of product by its names, and what people say who need one."""

    names: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Served:
    """A kind that may serve a need. ``names``: as ``KindIndex.filter_of`` understands them; ``score``: about 0
    to 1.5, comparable within one need.
    """

    names: tuple[str, ...]
    score: float


@lru_cache(maxsize=1)
def known_needs() -> tuple[Need, ...]:
    """Those that ship with Aisle; read once, 30 ms."""
    return read_needs(read_text("needs.txt"))


def read_needs(text: str) -> tuple[Need, ...]:
    """Read ``@name; other name`` and below it ``-what is said`` lines; ``#`` is a comment.

    Raises:
        NeedsError: a line is none of these, or a sentence stands before any name.
    """
    blocks: list[tuple[tuple[str, ...], list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        mark, rest = line[:1], line[1:].strip()
        if not line.strip() or mark == "#":
            continue
        if mark == "@" and rest:
            blocks.append((tuple(name.strip() for name in rest.split(";") if name.strip()), []))
        elif mark == "-" and rest and blocks:
            blocks[-1][1].append(rest)
        else:
            raise NeedsError(f"needs, line {number}: expected `@name; name` or `-what is said`, got {line!r}")
    return tuple(Need(names, tuple(said)) for names, said in blocks)


def build_needs(
    folder: Path,
    needs: Iterable[Need],
    resolve: Callable[[str], tuple[str, ...]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> None:
    """Write what the kinds of this shop serve. ``resolve``: a name to the shop's kinds; empty where it sells
    none. About 3 ms a sentence of those that serve.
    """
    said: dict[tuple[str, ...], list[str]] = {}
    called: dict[tuple[str, ...], list[str]] = {}
    for need in needs:
        for name in need.names:
            if kinds := resolve(name):
                said.setdefault(kinds, []).extend(need.said)
                called.setdefault(kinds, []).extend(need.names)
                break
    lines = {kinds: list(dict.fromkeys(own)) for kinds, own in said.items()}
    names = [", ".join(dict.fromkeys(called[kinds])) for kinds in lines]
    texts = [*names, *(line for own in lines.values() for line in own)]
    np.save(folder / "needs.npy", _encoded(texts, encoder, progress))
    words = [f"{name} {' '.join(own)}" for name, own in zip(names, lines.values(), strict=True)]
    for part, documents in (("said", words), ("names", names)):
        KeywordIndex.build(folder / f"needs_{part}", map(_telling, documents), k1=_K1, b=_B)
    facts = {"kinds": list(lines), "counts": [len(own) for own in lines.values()]}
    (folder / "needs.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _encoded(texts: list[str], encoder: Encoder, progress: Progress | None) -> npt.NDArray[np.float16]:
    """Their vectors, shape (n, d): of queries, as what is compared with them is one."""
    vectors = np.zeros((len(texts), encoder.dimensions), dtype=np.float16)
    for start in range(0, len(texts), _AT_ONCE):
        if progress is not None:
            progress("needs", start, len(texts))
        vectors[start : start + _AT_ONCE] = encoder.encode_query(texts[start : start + _AT_ONCE])
    return vectors


def _telling(text: str) -> list[str]:
    return [token for token in tokenize(text) if token not in _GRAMMAR]


class Needs:
    """The needs that one shop's kinds serve, opened read-only."""

    def __init__(self, folder: Path) -> None:
        facts = json.loads((folder / "needs.json").read_text(encoding="utf-8"))
        self._kinds: list[tuple[str, ...]] = [tuple(names) for names in facts["kinds"]]
        self._starts = np.cumsum([0, *facts["counts"]])[:-1]
        self._handicap = _MANY * np.log(np.maximum(facts["counts"], 1)) / _SHARPNESS
        vectors = np.load(folder / "needs.npy")
        self._names, self._lines = vectors[: len(self._kinds)], vectors[len(self._kinds) :]
        self._words = {part: KeywordIndex.open(folder / f"needs_{part}") for part in _WORDS}

    def serving(self, vector: FloatArray, tokens: Sequence[str] = ()) -> list[Served]:
        """All kinds, the likeliest first. ``vector``: of the need, shape (d,); ``tokens``: its stemmed words.
        O(sentences).
        """
        if not self._kinds:
            return []
        near = np.exp(_SHARPNESS * (self._lines.astype(np.float32) @ vector))
        lines = np.log(np.add.reduceat(near, self._starts)) / _SHARPNESS - self._handicap
        scores = lines + _NAME * (self._names.astype(np.float32) @ vector)
        asked = dict.fromkeys((token for token in tokens if token not in _GRAMMAR), 1.0)
        for part, weight in _WORDS.items():
            shared = self._words[part].scores(asked)
            scores += weight * shared / max(float(shared.max()), 1e-9)
        return [Served(self._kinds[at], float(scores[at])) for at in np.argsort(-scores, kind="stable")]
