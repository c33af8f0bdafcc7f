"""The batches that the encoder learns from: what is said, and documents of which some are right for it.

A whole invented shop with what people ask of it teaches which of many products serves, each of them judged; products
of some kinds at once, neighbours among them, which kind serves a need and which product of it; sentences against
the names of kinds near each other teach the kind; other names and judged queries keep what search needs. Of what
people say otherwise nobody knows the right product: there the teachers' likenesses to the products nearest to it
are all that is learnt.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from retrieval.naming.needs import Need
from retrieval.training.need_pairs import Kind, Pair

T = TypeVar("T")

SENTENCES = 6
"""Of each kind's sentences, so many are learnt from."""
_SHARES = {"shops": 0.65, "products": 0.15, "names": 0.05, "pairs": 0.05, "free": 0.1}
_KINDS, _NEIGHBOURS = 5, 2
_NEEDS = 80
_NEAR_NAMES, _FAR_NAMES = 18, 8
_PAIRS = 56
_FREE, _NEAR_DOCUMENTS, _FAR_DOCUMENTS = 44, 2, 8
"""The sorts of batches and how many of what stand in one, about 120 texts: set once by what a step costs, not tuned."""


@dataclass(frozen=True)
class Choice:
    """One batch: what is said, each with the rows of ``documents`` that are right for it (empty: nobody knows)."""

    said: tuple[tuple[str, tuple[int, ...]], ...]
    documents: tuple[str, ...]
    whole_shop: bool = False
    """Whether every document was judged for each thing that is said."""

    @property
    def judged(self) -> bool:
        return all(right for _, right in self.said)


@dataclass(frozen=True)
class Material:
    """All that batches are drawn from. ``shops`` and ``kinds`` have products; ``said``: what people say, of no known
    product.
    """

    shops: tuple[Kind, ...]
    kinds: tuple[Kind, ...]
    needs: tuple[Need, ...]
    pairs: tuple[Pair, ...]
    said: tuple[str, ...]

    @cached_property
    def documents(self) -> list[str]:
        """All products, each once."""
        return list(
            dict.fromkeys(product for kind in (*self.shops, *self.kinds) for product in kind.products)
        )

    @cached_property
    def utterances(self) -> list[str]:
        """All that somebody says, needs and sentences included, each once."""
        needs = [need for kind in (*self.shops, *self.kinds) for need, _ in kind.needs]
        return list(dict.fromkeys([*needs, *(said for need in self.needs for said in need.said), *self.said]))

    @cached_property
    def texts(self) -> list[str]:
        """Every text that a batch may hold, each once, the shortest first."""
        names = [called(need) for need in self.needs]
        paired = [text for pair in self.pairs for text in (pair.said, pair.document)]
        return sorted(
            {*self.documents, *self.utterances, *names, *paired}, key=lambda text: (len(text), text)
        )


@dataclass(frozen=True)
class Neighbours:
    """What teachers take for near: kinds of each kind, names of each name, documents of what is said freely."""

    kinds: Sequence[Sequence[int]]
    names: Sequence[Sequence[int]]
    documents: dict[str, list[str]]


def gathered(
    shops: Sequence[Kind],
    kinds: Sequence[Kind],
    needs: Sequence[Need],
    pairs: Sequence[Pair],
    said: Sequence[str],
    seed: int,
) -> Material:
    """Material from what was read: half of the products with the name of their kind, as shops write them."""
    order = random.Random(seed)
    return Material(
        tuple(shops),
        tuple(
            Kind(
                kind.path, tuple(_document(each, kind.path[-1], order) for each in kind.products), kind.needs
            )
            for kind in kinds
            if kind.products and kind.needs
        ),
        tuple(
            Need(need.names, tuple(order.sample(need.said, min(SENTENCES, len(need.said))))) for need in needs
        ),
        tuple(pairs),
        tuple(said),
    )


def drawn(material: Material, near: Neighbours, count: int, seed: int) -> list[Choice]:
    """``count`` batches at random, of each sort its share."""
    order = random.Random(seed)
    sorts = {
        "shops": bool(material.shops),
        "products": bool(material.kinds),
        "names": len(material.needs) > 1,
        "pairs": bool(material.pairs),
        "free": bool(material.kinds and material.said),
    }
    open_sorts = [sort for sort, any_there in sorts.items() if any_there]
    chosen = order.choices(open_sorts, [_SHARES[sort] for sort in open_sorts], k=count)
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in material.pairs:
        by_source[pair.source].append(pair)
    free = [*(said for need in material.needs for said in need.said), *material.said * 2]
    makers = {
        "shops": lambda: _of_shop(order.choice(material.shops), order),
        "products": lambda: _of_products(material.kinds, near.kinds, order),
        "names": lambda: _of_names(material.needs, near.names, order),
        "pairs": lambda: _of_pairs(_some(by_source[order.choice(list(by_source))], _PAIRS, order)),
        "free": lambda: _free(_some(free, _FREE, order), material.documents, near.documents, order),
    }
    return [makers[sort]() for sort in chosen]


def called(need: Need) -> str:
    """The names of a kind as one text."""
    return ", ".join(need.names)


def _some(items: Sequence[T], most: int, order: random.Random) -> list[T]:
    return order.sample(list(items), min(most, len(items)))


def _document(product: str, leaf: str, order: random.Random) -> str:
    """As shops write it, with the kind behind the title, or without."""
    title, _, text = product.partition(". ")
    return f"{title}. {leaf}. {text}" if order.random() < 0.5 else product


def _of_shop(shop: Kind, order: random.Random) -> Choice:
    """Some of what is asked of a shop against all that it sells."""
    return Choice(tuple(_some(shop.needs, _NEEDS, order)), shop.products, whole_shop=True)


def _of_products(kinds: Sequence[Kind], near: Sequence[Sequence[int]], order: random.Random) -> Choice:
    """Needs against all products of some kinds and of neighbours of theirs."""
    chosen = []
    for at in _some(range(len(kinds)), _KINDS, order):
        chosen += [at, *_some(near[at], _NEIGHBOURS, order)]
    said: list[tuple[str, tuple[int, ...]]] = []
    documents: list[str] = []
    for at in dict.fromkeys(chosen):
        kind, first = kinds[at], len(documents)
        documents += kind.products
        said += [
            (need, tuple(first + row for row in serves or range(len(kind.products))))
            for need, serves in kind.needs
        ]
    order.shuffle(said)
    return Choice(tuple(said[:_NEEDS]), tuple(documents))


def _of_names(needs: Sequence[Need], near: Sequence[Sequence[int]], order: random.Random) -> Choice:
    """Two sentences of each of some kinds, most of them near one kind, against their names."""
    one = order.randrange(len(needs))
    others = [*_some(near[one], _NEAR_NAMES, order), *_some(range(len(needs)), _FAR_NAMES, order)]
    chosen = [needs[at] for at in dict.fromkeys([one, *others])]
    said = [(sentence, (at,)) for at, need in enumerate(chosen) for sentence in _some(need.said, 2, order)]
    return Choice(tuple(said), tuple(called(need) for need in chosen))


def _of_pairs(pairs: Sequence[Pair]) -> Choice:
    """What is said against all documents of the batch; right are those of its group."""
    documents = list(dict.fromkeys(pair.document for pair in pairs))
    row = {document: at for at, document in enumerate(documents)}
    right: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        right[pair.group].add(row[pair.document])
    return Choice(tuple((pair.said, tuple(sorted(right[pair.group]))) for pair in pairs), tuple(documents))


def _free(
    said: Sequence[str], documents: Sequence[str], near: dict[str, list[str]], order: random.Random
) -> Choice:
    """What is said of no known product, against some of the documents nearest to each and some of all."""
    said = list(dict.fromkeys(said))
    beside = [document for text in said for document in _some(near[text], _NEAR_DOCUMENTS, order)]
    every = dict.fromkeys([*beside, *_some(documents, _FAR_DOCUMENTS, order)])
    return Choice(tuple((text, ()) for text in said), tuple(every))
