"""Categories that the shop does not tell, read out of titles: "Kettle" of "Fern 1.7 l Kettle, white".

Precision comes first. A title is believed where its head is a known thing that other titles of the shop name as
well; where the shop's own categories already hold such things, theirs is taken. A shop whose titles mostly name
nothing (books, records) gets no categories at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from retrieval.naming.heads import COLORS, CONTAINERS, Head, HeadReader
from retrieval.naming.labels import category_names
from retrieval.naming.thesaurus import Phrase, phrase_of, thesaurus
from retrieval.text.normalization import stem
from retrieval.text.spelling import english_ranks, english_stems
from retrieval.text_attributes.properties import general_properties

Path = tuple[str, ...]

_AGREEING = 3  # titles that name a kind before it is one
_OWN = 0.9  # of the products of a kind that are in one category: the others go there, too
_NAMED_ALIKE = 0.5  # of the products whose category the shop states: by the head of their title
_TELLING = 0.4  # of the titles without a category that must name a kind, else none is believed
_MOST = 0.5  # of all products in one category: it may tell nothing
_KINDS, _ALIKE = (
    5,
    0.3,
)  # kinds in such a category, and the share of the commonest: more is a shop of one kind
_BESIDE = 0.6  # of the places of a word before heads that are before this one: "toner" before "cartridge"
_WHOLE = 0.8  # of the places of two words at an end that are after this one: "power" before "supply unit"
_COMMON_WORD = 30_000  # rank of an English word that may be part of a kind's name
_NEW_WORD, _NEW_TITLES = 5, 5  # letters, and titles, of a word that may name a kind though no list knows it
_WIDE = """
item product part piece accessory thing model series set kit unit system pack device machine tool control holder
component module supply service support rest light type body cover base
warranty ram photo page inkjet laser hardware weight head band option extra gaming spf season
"""
_TOO_WIDE = frozenset(map(stem, _WIDE.split()))
"""Heads that say too little alone ("kit"), but for compounds ("first aid kit")."""


@dataclass(frozen=True)
class CategoryReader:
    """Reads the category of a product out of its title; learned from a shop's products."""

    heads: HeadReader
    kinds: Mapping[Phrase, Path] = field(default_factory=dict)
    """What titles name (stems, the head last) -> the category: the shop's own path, or one of that name."""
    vague: frozenset[Path] = frozenset()
    """Categories of most products that tell nothing of what they are."""

    def is_wanting(self, stated: Path) -> bool:
        """Whether a category as the shop states it tells nothing of the product."""
        return not stated or stated in self.vague

    def read(self, title: str, stated: Path) -> Path:
        """The category that a title tells of a product whose own is ``stated``; the same where it tells none."""
        if not self.is_wanting(stated) or (head := self.heads.sure(title)) is None:
            return stated
        path = next((self.kinds[kind] for kind in _suffixes(head) if kind in self.kinds), ())
        return (*stated, *path[-1:]) if stated and path else path or stated

    @classmethod
    def learn(cls, products: Iterable[tuple[str, Path, str]]) -> CategoryReader:
        """Learned from (title, stated category, brand) of a shop's products, or of a fair sample of them."""
        found = list(products)
        brands = {word for _, _, brand in found for word in phrase_of(brand)}
        reader = HeadReader.of([title for title, _, _ in found], thesaurus().things).only(
            lambda word: word in thesaurus().things or _is_new(word, brands)
        )
        sample = _Sample([(reader.sure(title), path, brand) for title, path, brand in found], brands)
        vague = sample.vague()
        kinds = sample.kinds(vague)
        wanting = [head for head, path, _ in sample.heads if not path or path in vague]
        if not wanting or sum(sample.names_a_kind(head) for head in wanting) < _TELLING * len(wanting):
            return cls(reader)
        return cls(reader, kinds, vague)


@dataclass
class _Sample:
    heads: Sequence[tuple[Head | None, Path, str]]
    """Head of the title, category and brand of each product."""
    brands: Set[str]

    def vague(self) -> frozenset[Path]:
        """Categories that most products share, with things of many kinds that are none of what it says."""
        counts = Counter(path for _, path, _ in self.heads if path)
        found = set()
        for path, count in counts.items():
            if count < max(10, _MOST * len(self.heads)):
                continue
            words = Counter(head.phrase[-1] for head, own, _ in self.heads if head and own == path)
            named = {name[-1] for name in category_names(path[-1])}
            usual = words.most_common(1)[0][1] if words else 0
            several = sum(n >= _AGREEING for n in words.values()) >= _KINDS
            if several and usual <= _ALIKE * count and sum(words[w] for w in named) < 0.1 * count:
                found.add(path)
        return frozenset(found)

    @cached_property
    def _counted(self) -> Mapping[Phrase, _Kind]:
        counted: dict[Phrase, _Kind] = defaultdict(_Kind)
        for head, path, brand in self.heads:
            if head is None or len(head.phrase) != len(head.surface.split()):
                continue
            for kind in _suffixes(head):
                counted[kind].add(head, len(kind), path, brand)
        return counted

    @cached_property
    def _before(self) -> Counter[str]:
        """How often each word stands right before a head."""
        found: Counter[str] = Counter()
        for kind, seen in self._counted.items():
            if len(kind) == 2:
                found[kind[0]] += seen.count
        return found

    def names_a_kind(self, head: Head | None) -> bool:
        """Whether other titles name the same kind."""
        return head is not None and any(self._is_kind(kind) for kind in _suffixes(head))

    def kinds(self, vague: Set[Path]) -> dict[Phrase, Path]:
        """What titles name, with the shop's own category of such, or else one of that name.

        New names are made only where the shop's own categories, if it has any, are called as titles call things.
        """
        found: dict[Phrase, Path] = {}
        alike = stated = 0
        unplaced = []
        for kind, seen in self._counted.items():
            if not self._is_kind(kind):
                continue
            own = seen.own(vague)
            if not own:
                unplaced.append(kind)
                continue
            if len(kind) == 1:
                stated += own.total()
                alike += sum(n for path, n in own.items() if _is_called(path, kind[0]))
            if path := _agreed(own, kind[-1]):
                found[kind] = path
        if alike >= _NAMED_ALIKE * stated:
            found.update((kind, (self._counted[kind].label,)) for kind in unplaced)
        return found

    def _is_kind(self, kind: Phrase) -> bool:
        """Whether this is the whole name of a kind, as enough titles have it."""
        seen = self._counted.get(kind)
        if seen is None or seen.count < _AGREEING or not all(map(str.isalpha, kind)) or len(kind[-1]) < 3:
            return False
        brands = {word for brand in seen.brands for word in phrase_of(brand)}
        if kind[-1] in CONTAINERS or kind[-1] in brands:
            return False
        several = len(seen.brands) > 1 or len(self.brands) < 2
        if kind[-1] not in thesaurus().things and (seen.count < _NEW_TITLES or not several):
            return False
        if len(kind) == 1:
            return kind[0] not in _TOO_WIDE and not _is_quality(kind[0])
        if thesaurus().knows(kind):
            return True
        if len(kind) == 2 and seen.count < _BESIDE * self._before[kind[0]]:
            return False
        if len(kind) > 2 and seen.count < _WHOLE * self._counted[kind[1:]].count:
            return False
        return several and kind[0] not in brands and _qualifies(kind[0], seen.name.split()[0])


@dataclass
class _Kind:
    """What was seen of the products whose titles name one kind."""

    count: int = 0
    written: Counter[str] = field(default_factory=Counter)
    paths: Counter[Path] = field(default_factory=Counter)
    brands: set[str] = field(default_factory=set)

    def add(self, head: Head, words: int, path: Path, brand: str) -> None:
        self.count += 1
        self.written[" ".join(head.surface.split()[-words:])] += 1
        self.brands.add(brand)
        if path:
            self.paths[path] += 1

    @property
    def name(self) -> str:
        return self.written.most_common(1)[0][0]

    @property
    def label(self) -> str:
        return self.name[:1].upper() + self.name[1:]

    def own(self, vague: Set[Path]) -> Counter[Path]:
        """The categories in which the shop has these."""
        return Counter({path: count for path, count in self.paths.items() if path not in vague})


def _agreed(own: Counter[Path], head: str) -> Path:
    """The category, or the innermost level, that nearly all of a kind are in; () where they differ, or are few
    and it is not called so."""
    leaves: Counter[Path] = Counter()
    for path, count in own.items():
        leaves[path[-1:]] += count
    for counts in (own, leaves):
        path, most = counts.most_common(1)[0]
        if most >= _OWN * counts.total() and (most >= _AGREEING or _is_called(path, head)):
            return path
    return ()


def _is_called(path: Path, head: str) -> bool:
    return any(name[-1] == head for level in path for name in category_names(level))


def _is_new(word: str, brands: Set[str]) -> bool:
    """Whether a word that no list of things knows may be one: no English word, which would be in the list."""
    return len(word) >= _NEW_WORD and word.isalpha() and word not in english_stems() and word not in brands


def _is_quality(word: str) -> bool:
    """Whether a word tells a colour, a material, a shape or the like: "plush", "oak", "round"."""
    return word in COLORS or any((word,) in one.values for one in general_properties().values())


def _qualifies(word: str, written: str) -> bool:
    """Whether a word before a head may be part of a kind's name: a common one that is no colour or the like."""
    if _is_quality(word) or not written.isalpha() or len(written) < 3:
        return False
    return english_ranks().get(written, _COMMON_WORD) < _COMMON_WORD


def _suffixes(head: Head) -> list[Phrase]:
    return [head.phrase[start:] for start in range(len(head.phrase))]
