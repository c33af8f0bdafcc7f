"""What a thing must fit: "toner for a LaserJet P1102", "my DeskJet 2700 is out of black, which cartridge does it take"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from agent.conditions import ANYWHERE, TITLE, Where
from agent.understanding.conditions import Resolver
from agent.understanding.labels import SpanLabel
from agent.understanding.language.amounts import find_amounts
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.utterance import Utterance
from retrieval.filters import And, Items, Not, Words
from retrieval.kinds import KindIndex

_OWNER = r"(?:(?:my|our|his|her|their|the|an?|this|mum'?s|dad'?s)\s+)"
_END = (
    r"(?=\s*(?:$|[,.;:?!]|\b(?:please|pls|plz|under|below|around|and|or|that|which|with|without|i|it|he|she|we|"
    r"cheap\w*)\b))"
)
_FOR = re.compile(
    r"\b(?:for|fits?|fitting|compatible with|works? (?:with|in|on)|working with|goes? (?:in|into|on|with)|"
    rf"to (?:fit|go (?:in|into|on|with))|to use (?:in|with))\s+{_OWNER}?(?P<host>[^,.;:?!]{{2,60}}?){_END}(?P<other>)",
    re.I,
)
_STATE = (
    r"\s+(?:(?:in|on|at) (?:the|my|our) [\w ]{2,20} )?"
    r"(?:needs?|wants?|takes?|is out|are out|is (?:running )?low|ran out|runs|went)\b"
)
_OWNED = re.compile(
    r"\b(?:my|our|his|her|i have|i've got|i got|i own|we have|we've got|got)\s+(?:an?\s+|the\s+)?"
    rf"(?P<host>[^,.;:?!]{{2,40}}?)(?=\s*[,.;:?!]|{_STATE}|\s+(?:is|are|has|keeps|and)\b)"
    rf"|\bthe\s+(?P<other>[^,.;:?!]{{2,40}}?)(?={_STATE})",
    re.I,
)
_NUMBER = re.compile(r"\d{2,5}[a-z]{0,2}|\d", re.I)
_CODE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[a-z])[a-z0-9][\w+-]*", re.I)
_ASKING = re.compile(r"\W*(?:and |so |but )?(?:does|do|did|is|are|can|could|will|would|has|have)\b", re.I)
"""A question on what is named: "does the HL-2140 take A3 paper"."""
_AGE = re.compile(r"\b(?:year|month|yr)s?\b|\bof \d", re.I)
_THAT = re.compile(
    r"\b(?:fits?|for|in|into|with|on|take[s]?)\s+(?:that|this|my|the|our)\s+(?:[\w-]+\s+)?$", re.I
)
_MARKS = frozenset((SpanLabel.THING, SpanLabel.CONDITION, SpanLabel.ASKED, SpanLabel.WISH))


@dataclass(frozen=True)
class Host:
    """What is owned, as said, and the utterance without it."""

    name: str
    said: Utterance


def host_in(said: Utterance, kinds: KindIndex) -> Host | None:
    """The model that something is sought for; None where none is named, or nothing that might go with it."""
    owned = () if _ASKING.match(said.text) else _OWNED.finditer(said.text)
    for match in (*_FOR.finditer(said.text), *owned):
        start, end = match.span("host" if match["host"] else "other")
        persons = [s for s in said.marked(SpanLabel.RECIPIENT) if s.start < end and start < s.end]
        if persons or not _is_model(said.text[start:end]):
            continue
        text = f"{said.text[:start]}{' ' * (end - start)}{said.text[end:]}"
        outside = [s for s in said.spans if s.end <= start or end <= s.start]
        things = [s for s in outside if s.label in _MARKS and _may_fit(s, said.text, kinds)]
        if not things:
            continue
        kept = [
            s for s in outside if s not in things and s.label not in (SpanLabel.REFERENCE, SpanLabel.THING)
        ]
        spans = (*kept, *(replace(s, label=SpanLabel.THING) for s in things))
        return Host(said.text[start:end], Utterance(text, tuple(sorted(spans, key=lambda s: s.start))))
    return None


def fitting(host: Host, resolver: Resolver) -> tuple[Resolved, bool]:
    """The condition that a product speaks of the host: of its whole name, else of its code; what none speaks of is
    told. With whether only products say so that are not called by the kind ("HP 67 Original Black").
    """
    spellings = list(dict.fromkeys(_spellings(host.name)))
    if told := tuple(words for words in spellings if resolver.fields.count(Words(words))):
        value = told if len(told) > 1 else told[0]
        return Resolved((Where(field=ANYWHERE, op="has", value=value),), words=host.name), False
    search, series = resolver.desk.shop.search, _series(host.name, resolver.desk.schema.brands)
    for words in (
        s for s in spellings if s == spellings[0] or _CODE.search(s)
    ):  # what has it in its title is the host itself, or one of its series
        own = dict.fromkeys((words, *((series,) if series else ())))
        named = tuple(item for name in own for item in search.titled(name))
        if search.count(And((Words(words), Not(Items(named))))):
            itself = (Where(field=TITLE, op="lacks", value=name) for name in own)
            return Resolved((Where(field=ANYWHERE, op="has", value=words), *itself), words=host.name), True
    return Resolved(words=host.name, unmet=(host.name,)), False


def _series(name: str, brands: Iterable[str]) -> str:
    """The words of a model's name that are neither a code nor a brand: "galaxy watch"."""
    makers = {part for brand in brands for part in brand.lower().split()}
    words = re.findall(r"[\w+-]+", name.lower())
    return " ".join(w for w in words if not any(c.isdigit() for c in w) and w not in makers | FUNCTION_WORDS)


def _spellings(name: str) -> Iterator[str]:
    """A model's name in the ways that products write it: whole, by its codes, by their numbers."""
    words = [w for w in re.findall(r"[\w+-]+", name.lower()) if w not in FUNCTION_WORDS]
    codes = [w for w in words if _CODE.fullmatch(w)] or [w for w in words if _NUMBER.fullmatch(w)]
    series = next((w for w in reversed(words) if w not in codes), "")
    yield " ".join(words)
    if series and not _CODE.fullmatch(codes[0]):  # "2700" alone is no printer
        yield f"{series} {' '.join(codes)}"
        return
    yield " ".join(codes)
    yield " ".join(code.replace("-", "") for code in codes)
    yield " ".join(re.sub(r"[-_]?(?<=[a-z])-?(?=\d)|(?<=\d)(?=[a-z]{2,})", " ", code) for code in codes)
    numbers = [n for code in codes for n in re.findall(r"\d{4,}", code)]
    if numbers and series:
        yield f"{words[0]} {' '.join(numbers)}"


def _is_model(name: str) -> bool:
    """Whether words name a model: by a code, or by a number behind a name; no measure, and no age."""
    if _AGE.search(name) or len(name.split()) > 6:
        return False
    words = name.split()
    for at, word in enumerate(words):
        if _CODE.fullmatch(word) and not any(a.unit or a.is_money for a in find_amounts(word)):
            return True
        last = at > 1 and at == len(words) - 1  # "galaxy watch 4"
        named = at and words[at - 1].lower() not in FUNCTION_WORDS and not _everyday(words[at - 1])
        if (
            (named or last)
            and _NUMBER.fullmatch(word)
            and not any(a.unit for a in find_amounts(" ".join(words[at:])))
        ):
            return True
    return False


def _everyday(word: str) -> bool:
    return word.islower() and english_ranks().get(word, 100_000) < 8_000


def _may_fit(span: Span, text: str, kinds: KindIndex) -> bool:
    """Whether a span names a kind, and not once more what is owned ("which fits that printer")."""
    if _THAT.search(text[: span.start]):
        return False
    match = kinds.resolve(span.text)
    return match is not None and match.exact and match.confidence >= 0.5
