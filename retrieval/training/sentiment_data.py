"""Texts with a known polarity to train and to measure sentiment on.

Sources: SST-2 (Socher et al. 2013; film sentences, two classes), snippets rated from -4 to 4 by twenty people
each (Hutto & Gilbert 2014: product reviews, tweets, editorials; their film snippets are left out, for 2,120
of them stand in SST-2's dev and test files) and star ratings as weak labels of review titles.
"""

from __future__ import annotations

import io
import math
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.inference.classifier_weights import ModelFilesError
from retrieval.training.fine_tuning import Example

__all__ = [
    "RatedSnippet",
    "binary_examples",
    "fetch_snippets",
    "lexicon_words",
    "rated_examples",
    "read_snippets",
    "read_sst2",
    "split_amazon",
]

NEUTRAL_BAND = 0.5
"""A mean rating within this distance of 0 (on -4..4) is called neutral."""
_RATING_NOISE = 0.45
"""Standard error of a mean of twenty ratings, on the same scale: how far a label may be off."""
_SNIPPETS = {"amazon": "amazonReviewSnippets", "tweets": "tweets", "news": "nytEditorialSnippets"}


@dataclass(frozen=True, slots=True)
class RatedSnippet:
    """A sentence, its mean human rating from -4 to 4, and the id of the text that it was taken from."""

    text: str
    rating: float
    group: str

    @property
    def label(self) -> int:
        """0 negative, 1 neutral, 2 positive."""
        return 0 if self.rating < -NEUTRAL_BAND else 2 if self.rating > NEUTRAL_BAND else 1


def read_sst2(path: Path) -> list[tuple[str, int]]:
    """Sentences with 0 (negative) or 1 (positive) of a tab-separated file; ``ValueError`` names a bad row."""
    if not path.is_file():
        raise ModelFilesError(f"{path} does not exist; expected lines of `sentence<TAB>0 or 1` (SST-2) there")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text, _, label = line.rpartition("\t")
        if label not in {"0", "1"} or not text.strip():
            raise ValueError(f"{path}, row {number}: expected `sentence<TAB>0 or 1`, got {line[:80]!r}")
        rows.append((text, int(label)))
    return rows


def fetch_snippets(cache_folder: Path) -> Path:
    """The source package of vaderSentiment 2.5, which carries the rated snippets; downloaded once with pip
    (0.3 MB).
    """
    archive = cache_folder / "vaderSentiment-2.5.tar.gz"
    if not archive.is_file():
        cache_folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run(
            [*command, "vaderSentiment==2.5", "-d", str(cache_folder)],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode or not archive.is_file():
            raise ModelFilesError(
                f"pip could not download the source package vaderSentiment==2.5 into {cache_folder} "
                f"({done.stderr.strip()[-200:]}); put vaderSentiment-2.5.tar.gz there by hand"
            )
    return archive


def read_snippets(archive: Path, source: str) -> list[RatedSnippet]:
    """The snippets of ``source`` ("amazon", "tweets" or "news") in the package ``archive``."""
    if source not in _SNIPPETS:
        raise ValueError(f"source must be one of {', '.join(_SNIPPETS)}, got {source!r}")
    inner = _member(archive.read_bytes(), "hutto_ICWSM_2014.tar.gz")
    text = _member(inner, f"/{_SNIPPETS[source]}_GroundTruth.txt").decode("utf-8", errors="replace")
    rows = (line.split("\t") for line in text.splitlines() if line.strip())
    return [RatedSnippet(snippet, float(rating), key.split("_")[0]) for key, rating, snippet in rows]


def lexicon_words(archive: Path) -> list[str]:
    """The words of VADER's lexicon in the package ``archive``: what opinions are made of."""
    text = _member(archive.read_bytes(), "/vader_lexicon.txt").decode("utf-8", errors="replace")
    words = {line.partition("\t")[0] for line in text.splitlines()}
    return sorted(word for word in words if re.fullmatch("[a-z]{3,}", word))


def split_amazon(
    snippets: Sequence[RatedSnippet], seed: int = 0, share: float = 0.2
) -> tuple[list[RatedSnippet], list[RatedSnippet]]:
    """(train, held out): ``share`` of the reviews is held out with all their snippets (707 by default)."""
    from sklearn.model_selection import GroupShuffleSplit

    splitter = GroupShuffleSplit(1, test_size=share, random_state=seed)
    train, test = next(splitter.split(snippets, groups=[snippet.group for snippet in snippets]))
    return [snippets[row] for row in train], [snippets[row] for row in test]


def rated_examples(snippets: Iterable[RatedSnippet], weight: float = 1.0) -> list[Example]:
    """Soft targets: the chance that the true mean lies below, within and above the neutral band."""
    return [Example(snippet.text, _soft_target(snippet.rating), weight=weight) for snippet in snippets]


def binary_examples(
    rows: Iterable[tuple[str, int]], *, certainty: float = 1.0, weight: float = 1.0
) -> list[Example]:
    """Two-class rows; ``certainty`` is the chance that a label is right (1 for people, less for stars)."""
    sides = {1: (1 - certainty, 0.0, certainty), 0: (certainty, 0.0, 1 - certainty)}
    return [Example(text, sides[label], polar=True, weight=weight) for text, label in rows]


def _soft_target(rating: float) -> tuple[float, float, float]:
    def below(bound: float) -> float:
        return 0.5 * (1 + math.erf((bound - rating) / (_RATING_NOISE * math.sqrt(2))))

    negative, not_positive = below(-NEUTRAL_BAND), below(NEUTRAL_BAND)
    return float(negative), float(not_positive - negative), float(1 - not_positive)


def _member(archive: bytes, ending: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as files:
        for member in files.getmembers():
            handle = files.extractfile(member) if member.name.endswith(ending) else None
            if handle is not None:
                return handle.read()
    raise ModelFilesError(f"the package holds no file {ending!r}; expected vaderSentiment 2.5")
