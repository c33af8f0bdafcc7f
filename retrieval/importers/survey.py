"""What only the whole file shows: placeholder prices, boilerplate, columns that never vary, repeated ids."""

from __future__ import annotations

import hashlib
import re
import statistics
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from retrieval.importers import values
from retrieval.importers.columns import Column
from retrieval.importers.money import PLAIN, Numerals, decimal_mark, price
from retrieval.importers.records import BadValueError
from retrieval.reviews.text import ABBREVIATIONS

_LOOK_AT = 5000  # products whose texts and prices are looked at
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)\s*|\n\s*")
_POLICY = re.compile(
    r"\b(?:shipp?(?:ing|ed|s)?|deliver(?:y|ed|ies)|dispatch\w*|postage|returns?|returned|refund\w*|exchange[ds]?|"
    r"warrant(?:y|ies)|guarantee\w*|customs|pre-?order\w*|versand\w*|liefer\w*|rückgabe\w*|livraison|retours?|env[ií]os?|"
    r"devoluci\w+|spedizion\w+|verzend\w*|wysyłk\w*|zwrot\w*)\b",
    re.IGNORECASE,
)
"""What a shop's rules speak of, in the languages whose exports are read."""
_ON_THE_SHOP = re.compile(
    r"\b(?:our (?:shop|store|website|web ?site|team|showroom|newsletter|customer (?:service|support))"
    r"|(?:contact|follow|visit|call|email|write to) us|newsletter|demonstration store|thank you for"
    r"|(?:kontaktieren|besuchen|folgen) Sie uns|unser(?:em|en|e|er)? (?:shop|laden|team)"
    r"|contactez[- ]nous|notre (?:boutique|site)|contácten|contatt\w+|nuestra tienda)\b",
    re.IGNORECASE,
)
"""What speaks of the shop itself."""


@dataclass(frozen=True)
class Survey:
    """The traits of a file that the reading of each row depends on."""

    ids: array[int] = field(default_factory=lambda: array("Q"))
    """Fingerprints of the ids of all rows, those of rejected ones too."""
    repeated: frozenset[int] = frozenset()
    """Fingerprints of ids that stand in the file more than once."""
    placeholders: frozenset[float] = frozenset()
    """Prices that mean "unknown"."""
    boilerplate: frozenset[str] = frozenset()
    """Sentences that open descriptions all over the shop, and those on the shop itself that stand anywhere in them."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """What was seen of each column that is no field."""
    products: int = 0
    numerals: Numerals = PLAIN
    """How the file writes its prices."""
    looks_like_cents: bool = False

    def without_boilerplate(self, description: str) -> str:
        """A description from its first own sentence on."""
        while self.boilerplate and (sentence := first_sentence(description)).strip() in self.boilerplate:
            description = description[len(sentence) :]
        if not any(sentence in description for sentence in self.boilerplate):
            return description
        return "".join(s for s in _sentences(description) if s.strip() not in self.boilerplate).strip()


def fingerprint(*parts: str) -> int:
    """64 bits of a text; a million of them are 8 MB, and two alike come once in 10^7 files of that size."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "big")


def first_sentence(description: str) -> str:
    """The first sentence or line, with the space after it; "approx. 2.5 kg" ends none."""
    for match in _SENTENCE_END.finditer(description):
        word = re.search(r"\S*$", description[: match.start()])
        if "\n" in match.group() or not word or word.group().lower().lstrip("(") not in ABBREVIATIONS:
            return description[: match.end()]
    return description


def _sentences(description: str) -> Iterator[str]:
    while description:
        sentence = first_sentence(description)
        yield sentence
        description = description[len(sentence) :]


def is_policy(sentence: str) -> bool:
    """Whether a sentence tells of shipping, returns or the like: the shop's rules, not this product."""
    return bool(_POLICY.search(sentence))


def repeated(prints: array[int]) -> frozenset[int]:
    """Those that occur more than once. Memory: 8 bytes each."""
    import numpy as np

    ordered = np.sort(np.frombuffer(prints, dtype=np.uint64)) if prints else np.empty(0, np.uint64)
    return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


@dataclass
class _Sample:
    prices: list[Any] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    rows: int = 0


def survey_products(drafts: Iterable[tuple[int, Mapping[str, Any]]], *, minor_units: bool = False) -> Survey:
    """Reads all ids and columns, and the texts and prices of the first products."""
    prints, sample = array("Q"), _Sample()
    columns: dict[str, Column] = {}
    for _, draft in drafts:
        prints.append(fingerprint(values.text(draft.get("item_id"))))
        for name, cell in draft["columns"].items():
            if cell is not None:
                seen = columns.get(name)
                if seen is None:
                    seen = columns[name] = Column()
                seen.add(cell)
        if sample.rows < _LOOK_AT:
            _look_at(sample, draft)
    texts = [text for text in sample.prices if isinstance(text, str)]
    numerals = Numerals(decimal_mark(texts), minor_units)
    return Survey(
        prints,
        repeated(prints),
        placeholder_prices(_known(sample.prices, numerals)),
        boilerplate_openings(sample.descriptions) | sentences_on_the_shop(sample.descriptions),
        columns,
        len(prints),
        numerals,
        not minor_units and _look_like_cents(sample.prices),
    )


def _look_like_cents(prices: list[Any]) -> bool:
    """Whether whole prices end as prices in cents do: most in 95, 99 or a round ten, and many in 95 or 99."""
    known = [values.text(price) for price in prices if values.text(price) not in ("", "0")]
    whole = [text for text in known if re.fullmatch(r"\d{3,7}", text)]
    if len(whole) < 20 or len(whole) < len(known):
        return False
    ends = Counter(text[-2:] for text in whole)
    charming = ends["99"] + ends["95"] + ends["49"] + ends["45"] + ends["94"] + ends["90"]
    return charming >= 0.6 * len(whole) and statistics.median(map(int, whole)) >= 500


def _known(raw: list[Any], numerals: Numerals) -> list[float]:
    """The prices among the cells: both ends of a range, and not what is rejected later."""
    found: list[float] = []
    for cell in raw:
        try:
            read = price(cell, numerals)
        except BadValueError:
            continue
        found += [end for end in {read.low, read.high} if end is not None]
    return found


def _look_at(sample: _Sample, draft: Mapping[str, Any]) -> None:
    sample.rows += 1
    sample.prices += {
        cell if isinstance(cell, (int, float)) else values.text(cell) for cell in draft.get("prices", ())
    }
    sample.descriptions.append(values.plain(draft.get("description"))[:2000])


def placeholder_prices(prices: list[float]) -> frozenset[float]:
    """Prices that are made of nines or are a 1 with zeros, and far above all others.

    Far is ten times the 95th percentile of the other prices where several products carry it, a hundred
    times where one does: a single dear product of a cheap shop keeps its price.
    """
    shaped = {price for price in prices if re.fullmatch(r"9{4,}(\.9+)?|10{4,}(\.0)?", f"{price:.10g}")}
    others = sorted(price for price in prices if price not in shaped)
    if not others:
        return frozenset()
    usual = others[min(len(others) - 1, int(len(others) * 0.95))]
    counts = Counter(prices)
    return frozenset(p for p in shaped if p >= usual * (10 if counts[p] > 2 else 100) and p > others[-1])


def boilerplate_openings(descriptions: list[str], share: float = 0.3) -> frozenset[str]:
    """Sentences that many descriptions open with, word for word.

    Sentences are grouped by their first four words, since a shop's boilerplate may end differently
    ("sold by A", "sold by B"); a group counts when it opens over ``share`` of all descriptions, and a
    sentence of it when it opens at least 1% of them (and five), so that real openings are kept.
    """
    texts = [text for text in descriptions if text]
    found: set[str] = set()
    if len(texts) < 10:
        return frozenset()
    total = len(texts)
    for _ in range(4):
        openings = Counter(sentence for text in texts if (sentence := first_sentence(text).strip()))
        groups: Counter[str] = Counter()
        for sentence, count in openings.items():
            groups[_start(sentence)] += count
        new = {
            sentence
            for sentence, count in openings.items()
            if groups[_start(sentence)] > share * total and count >= max(5, total * 0.01)
        }
        if not new:
            break
        found |= new
        cut = Survey(boilerplate=frozenset(new))
        texts = [rest for text in texts if (rest := cut.without_boilerplate(text)) != text and rest]
    return frozenset(found)


def sentences_on_the_shop(descriptions: list[str], share: float = 0.3) -> frozenset[str]:
    """Sentences of over ``share`` of all descriptions that tell of the shop or its rules, wherever they stand.

    What is said of many products and tells of them ("Machine wash cold.") stays.
    """
    texts = [text for text in descriptions if text]
    if len(texts) < 10:
        return frozenset()
    counts = Counter(s for text in texts for s in {s.strip() for s in _sentences(text)} if s)
    often = (sentence for sentence, count in counts.items() if count >= 5 and count > share * len(texts))
    return frozenset(s for s in often if len(s.split()) >= 3 and (is_policy(s) or _ON_THE_SHOP.search(s)))


def _start(sentence: str) -> str:
    return " ".join(sentence.casefold().split()[:4])
