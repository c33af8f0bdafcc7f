"""What a sentence claims, and whether this turn's evidence backs it: products, prices, numbers, quotes,
attributes.

The vocabulary is closed: a word that is neither glue (`agent.checks.allowed_words`) nor stands in the evidence
of the product it is said of is an unsupported claim. That is stricter than a search for known lies, and needs
no list of them.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from agent.understanding.language.numbers import NUMBER_VALUES, ORDINAL_WORDS
from retrieval.text.word_set import word_set

ClaimKind = Literal["product", "price", "number", "quote", "attribute", "link", "promise", "instruction"]
Words = Literal["all", "names", "none"]
"""Which words of a sentence are checked beside its numbers, prices, quotes and handles: all of them against a
closed vocabulary; capitalised names, visible properties and promises; or none."""

CURRENCY_WORDS = r"(?:dollars?|bucks|euros?|pounds?|usd|eur|gbp|cents?|[A-Z]{3}(?![\\w-]))"
TOKEN = re.compile(
    r"(?P<mention>⟦\d+⟧)"
    rf"|(?P<amount>(?:[A-Z]{{1,3}})?[$€£¥₹]\s?\d[\d,]*(?:\.\d+)?|\b(?:USD|EUR|GBP|CHF|SEK)\s\d[\d,]*(?:\.\d+)?"
    rf"|\b\d[\d,]*(?:\.\d+)?\s?{CURRENCY_WORDS}\b)"
    r"|(?P<code>\b(?=[\w-]*\d)(?=[\w-]*[^\W\d_])\w[\w-]*\b|\b\d+-\d+\b)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)?%?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<mark>;)"
)
NUMBER_WORDS = {
    word: float(value)
    for word, value in {"zero": 0, **NUMBER_VALUES, "dozen": 12, "hundred": 100, "thousand": 1000}.items()
}
ORDINALS = {word: rank for rank, word in enumerate(ORDINAL_WORDS[:7], 1)}
NEGATORS = word_set(
    "not no never without isn't aren't wasn't doesn't don't didn't can't cannot won't lacks lacking "
    "lack neither nor non unlike hardly"
)
BELOW = frozenset(["under", "below", "less", "within", "max", "maximum", "fewer", "beneath"])
ABOVE = frozenset(["over", "above", "more", "exceeding", "beyond", "minimum"])
DIFFERENCE = frozenset(["more", "less", "cheaper", "extra", "dearer"])
GROUPING = frozenset(["and", "or", "both", "as", "well"])
SHARE = re.compile(r"\b(\d+(?:\.\d+)?) (?:out )?of (?:the )?(\d+)\b")
"""Parts of a whole: "11 of 12 buyers"."""
TALLY = re.compile(r"\b(?:\d+|no|one) (?:more )?buyers?\b[^.;“\"]*")
"""How many buyers are for and against: "no buyer speaks well of its memory and 5 badly"."""
_LOCAL = threading.local()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem of a word, lower case. PyStemmer's stemmers are not shared between threads."""
    stemmer = getattr(_LOCAL, "stemmer", None)
    if stemmer is None:
        import Stemmer

        stemmer = _LOCAL.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word.lower().replace("’", "'")))


def plain(text: str) -> str:
    """Compatibility-normalised, without invisible characters, quotes and dashes made straight."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")
    return _inches(text).translate(str.maketrans("“”„«»‘’‚–—", '"""""\'\'\'--'))


def _inches(text: str) -> str:
    """With the marks behind a number that close no quotation as the unit that they are: 7” and 7" are 7 inch."""
    opened, told = False, []
    for at, char in enumerate(text):
        if char in "“„":
            opened = True
        elif char in '"”':
            if not opened and at and text[at - 1].isdigit():
                told.append(" inch")
                continue
            opened = char == '"' and not opened
        told.append(char)
    return "".join(told)


def squeeze(text: str) -> str:
    """For verbatim comparison: normalised, lower case, single spaces."""
    return " ".join(plain(text).lower().split())


@dataclass(frozen=True)
class Violation:
    kind: ClaimKind
    text: str


@dataclass(frozen=True)
class Token:
    kind: str
    text: str

    @property
    def value(self) -> float | None:
        digits = re.sub(r"[^\d.]", "", self.text.replace(",", "")).strip(".")
        if self.kind in ("amount", "number") and digits:
            return float(digits)
        return NUMBER_WORDS.get(self.text.lower()) if self.kind == "word" else None


def tokens(text: str) -> list[Token]:
    return [Token(str(match.lastgroup), match.group()) for match in TOKEN.finditer(text)]


class Vocabulary:
    """The words, numbers and number-with-unit pairs of some texts; words with their polarity."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.verbatim = tuple(squeeze(text) for text in texts)
        self.numbers: set[float] = set()
        self.amounts: set[float] = set()
        """Of the numbers those that are money."""
        self.pairs: set[tuple[float, str]] = set()
        self.affirmed: set[str] = set()
        self.denied: set[str] = set()
        self.codes: set[str] = set()
        self.shares: set[tuple[float, float]] = set()
        self.tallied: set[float] = set()
        """Numbers that count buyers: in "28 buyers are happy and 6 not", and parts and wholes of shares."""
        for text in self.verbatim:
            shares = {(float(part), float(whole)) for part, whole in SHARE.findall(text)}
            self.shares |= shares
            self.tallied.update(number for share in shares for number in share)
            if tally := TALLY.search(text):
                self.tallied.update(float(number) for number in re.findall(r"\d+", tally.group()))
            for clause in re.split(r"[.;!?\n]\s|,\s", text):
                self._read(tokens(clause))

    def _read(self, clause: Sequence[Token]) -> None:
        denied_for = 0
        for at, token in enumerate(clause):
            value = token.value
            if value is not None:
                self.numbers.add(value)
                if token.kind == "amount":
                    self.amounts.add(value)
                for neighbour in (
                    clause[at - 1] if at else None,
                    clause[at + 1] if at + 1 < len(clause) else None,
                ):
                    if neighbour is not None and neighbour.kind == "word":
                        self.pairs.add((value, stem(neighbour.text)))
            if token.kind == "code":
                self._read_code(token.text.lower())
            if token.kind != "word":
                continue
            if token.text in NEGATORS:
                denied_for = 4
                continue
            (self.denied if denied_for else self.affirmed).add(stem(token.text))
            denied_for = max(denied_for - 1, 0)

    def _read_code(self, code: str) -> None:
        self.codes.add(code)
        self.codes.update((*code.split("-"), code.removesuffix("s")))
        self.numbers.update(float(part) for part in code.split("-") if part.isdigit())
        if split := re.fullmatch(r"(\d[\d.]*)[-]?([a-z]+)", code):  # 500ml is also 500 ml
            self.numbers.add(float(split[1].strip(".")))
            self.pairs.add((float(split[1].strip(".")), stem(split[2])))

    def says(self, word: str) -> bool:
        return word in self.affirmed or word in self.denied

    def quotes(self, quote: str) -> bool:
        """Whether the quote stands in one of the texts word for word (an ellipsis may open or close it)."""
        wanted = squeeze(quote).strip(" .,…!?;:")
        return bool(wanted) and any(wanted in text for text in self.verbatim)


@dataclass(frozen=True, eq=False)
class Subject:
    """A product that may be spoken of, with all that the shop and its buyers say about it."""

    handle: str
    title: str
    names: tuple[str, ...] = ()
    """Further names it goes by in prose, e.g. its shortened title."""
    price: float | None = None
    price_max: float | None = None
    stars: float | None = None
    review_count: int | None = None
    stock: int | None = None
    texts: tuple[str, ...] = ()
    absence: frozenset[str] = frozenset()
    """What it is said to contain and to be free of, as `retrieval.absence.rule.keys_of` tells it."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary((self.title, *self.names, *self.texts))

    def costs(self, amount: float) -> bool:
        return any(
            price is not None and abs(price - amount) < 0.005 for price in (self.price, self.price_max)
        )


@dataclass(frozen=True, eq=False)
class Backing:
    """The evidence of one turn."""

    subjects: tuple[Subject, ...] = ()
    facts: tuple[str, ...] = ()
    """Texts that belong to no single product: counts, passages of the shop's documents, notices."""
    request: str = ""
    """What the shopper said and what is in force. It may be echoed; it proves nothing about a product."""
    terms: frozenset[str] = frozenset()
    """Stems of the shop's attribute values; in the request alone they back no claim."""
    values: frozenset[str] = frozenset()
    """Of the terms those that are colors and materials: a product that has one need not have another."""
    words: Words = "all"
    shown: tuple[str, ...] = ()
    """Handles of what is on offer, which "the cheapest" is said among; empty: all subjects."""
    extremes: frozenset[tuple[str, str]] = frozenset()
    """Handles with the order (``price asc``) in which they come first of all that fits."""
    said: tuple[str, ...] = ()
    """Earlier answers, which were checked then: what they quoted may be quoted again."""

    @cached_property
    def common(self) -> Vocabulary:
        return Vocabulary(self.facts)

    @cached_property
    def told(self) -> Vocabulary:
        return Vocabulary(self.said)

    @cached_property
    def asked(self) -> Vocabulary:
        return Vocabulary((self.request,))

    @cached_property
    def offered(self) -> tuple[Subject, ...]:
        return tuple(s for s in self.subjects if s.handle in self.shown) or self.subjects

    @cached_property
    def _names(self) -> list[tuple[str, int]]:
        named = [
            (name, at)
            for at, subject in enumerate(self.subjects)
            for name in (subject.title, *subject.names)
            if name
        ]
        return sorted(((plain(name), at) for name, at in named), key=lambda pair: -len(pair[0]))

    def with_mentions(self, text: str) -> tuple[str, list[Violation]]:
        """Handles and shown titles replaced by ``⟦i⟧``; a handle that names nothing is a violation."""
        handles = {subject.handle.upper(): at for at, subject in enumerate(self.subjects)}
        missing: list[Violation] = []

        def replace(match: re.Match[str]) -> str:
            at = handles.get(match.group(1).upper())
            if at is None:
                missing.append(Violation("product", match.group()))
                return " "
            return f"⟦{at}⟧"

        text = re.sub(r"\[?\b(P\d{1,3})\b\]?", replace, plain(text))
        for name, at in self._names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f"⟦{at}⟧", text, flags=re.IGNORECASE)
        return text, missing


def sentences(text: str) -> Iterator[str]:
    """The sentences and lines of a text, in order, nothing lost but the white space between them."""
    for line in text.splitlines():
        start = 0
        for end in re.finditer(r"[.!?][\"')\]*”’»]*\s+(?=[A-Z\"'(\[*⟦•“‘«-])", line):
            yield line[start : end.end()].strip()
            start = end.end()
        if line[start:].strip():
            yield line[start:].strip()
