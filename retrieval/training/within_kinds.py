"""The encoder's second stage: which product of a kind serves a need, and which kind.

Softmax over all products of some kinds at once, those of the need's own kind among them: the first stage
takes them for alike, so it never learns to tell the warm sleeping bag from the light one. A need that any
product of its kind serves is right with any (marginal likelihood). Batches of sentences against the names of
kinds that are near each other teach the kind, other names and judged queries keep what search needs; the
encoder as it was before teaches how like the texts of a batch are (Hinton et al. 2015).
"""

from __future__ import annotations

import copy
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrieval.naming.needs import Need
from retrieval.training.contrastive import Progress, descend, divergence, pooled
from retrieval.training.fine_tuning import FineTuning
from retrieval.training.need_pairs import Kind, Pair

_NEAREST_KINDS = 40
"""Of so many kinds nearest to one, the wrong answers of a batch of names are drawn."""


@dataclass(frozen=True)
class WithinKinds:
    """Settings. ``kinds``: whose products stand in one batch; ``near`` and ``far``: kinds beside the right one
    in a batch of names, of its nearest and of all; ``name_batches``: such batches an epoch; ``queries`` the
    most in a batch; ``teaching``: weight of the former encoder's likenesses; ``scale``: of their mean;
    ``mixed``: share of the trained weights in those that are kept.
    """

    epochs: int = 2
    learning_rate: float = 8e-5
    layer_decay: float = 0.9
    warmup: float = 0.1
    temperature: float = 0.05
    teaching: float = 0.5
    scale: float = 20.0
    mixed: float = 0.5
    max_tokens: int = 96
    kinds: int = 10
    queries: int = 128
    pairs: int = 64
    name_batches: int = 60
    near: int = 20
    far: int = 12
    seed: int = 0


@dataclass(frozen=True)
class Choice:
    """One batch: what is said, each with the rows of ``documents`` that are right for it."""

    said: tuple[tuple[str, tuple[int, ...]], ...]
    documents: tuple[str, ...]


def tell_apart(
    model: Any,
    kinds: Sequence[Kind],
    needs: Sequence[Need],
    pairs: Sequence[Pair],
    settings: WithinKinds,
    progress: Progress,
) -> None:
    """Train ``model`` in place on ``kinds`` with two products or more, ``needs`` (kinds by their names) and
    ``pairs`` (names and queries). About seven minutes an epoch of 975 kinds on two cores.
    """
    import torch

    torch.manual_seed(settings.seed)
    order = random.Random(settings.seed)
    parted = [kind for kind in kinds if len(kind.products) > 1]
    near = _nearest(model, needs)
    teacher = copy.deepcopy(model).eval()
    batches = [
        batch for _ in range(settings.epochs) for batch in _epoch(parted, needs, near, pairs, settings, order)
    ]
    plan = FineTuning(
        learning_rate=settings.learning_rate, layer_decay=settings.layer_decay, warmup=settings.warmup
    )
    descend(
        model, batches, lambda batch: _loss(model, teacher, batch, settings), plan, "telling apart", progress
    )
    _mix(model[0].auto_model, teacher[0].auto_model, settings.mixed)


def _mix(transformer: Any, before: Any, share: float) -> None:
    """Weights between those from before and those that training found, which keep more of what was known than the latter
    (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """
    import torch

    with torch.no_grad():
        for own, was in zip(transformer.parameters(), before.parameters(), strict=True):
            own.copy_(was.lerp(own, share))


def first_within_kind(model: Any, kinds: Sequence[Kind]) -> float:
    """Of the held-out needs that one product serves: how often it is the nearest of its kind's."""
    hits = []
    for kind in kinds:
        needs = [(need, serves) for need, serves in kind.needs if serves]
        if not kind.held_out or len(kind.products) < 2 or not needs:
            continue
        texts = [*kind.products, *(need for need, _ in needs)]
        vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        known, said = vectors[: len(kind.products)], vectors[len(kind.products) :]
        nearest = np.argmax(said @ known.T, axis=1)
        hits += [int(at) in serves for at, (_, serves) in zip(nearest, needs, strict=True)]
    return round(float(np.mean(hits)), 4) if hits else math.nan


def _loss(model: Any, teacher: Any, batch: Choice, settings: WithinKinds) -> Any:
    """Negative log likelihood that a right document is chosen, plus the divergence from the teacher."""
    import torch

    texts = [*(text for text, _ in batch.said), *batch.documents]
    vectors = pooled(model, texts, settings.max_tokens)
    said, documents = vectors[: len(batch.said)], vectors[len(batch.said) :]
    scores = said @ documents.T / settings.temperature
    wrong = torch.full_like(scores, -1e4)
    for row, (_, right) in enumerate(batch.said):
        wrong[row, list(right)] = 0.0
    choice = (torch.logsumexp(scores, 1) - torch.logsumexp(scores + wrong, 1)).mean()
    with torch.no_grad():
        before = pooled(teacher, texts, settings.max_tokens)
    kept = divergence(vectors, before, settings.temperature)
    return choice + settings.teaching * kept + settings.scale * _shift(vectors, before, len(batch.said))


def _shift(vectors: Any, before: Any, said: int) -> Any:
    """How far mean cosines have moved, squared: among what is said, among documents, and from one to the other. A
    softmax leaves a shift of all of them open, and then thresholds on cosines would mean something else.
    """
    total: Any = 0.0
    for rows, columns in (
        (slice(said), slice(said)),
        (slice(said), slice(said, None)),
        (slice(said, None),) * 2,
    ):
        now, was = vectors[rows] @ vectors[columns].T, before[rows] @ before[columns].T
        total = total + (now - was).mean() ** 2
    return total


def _epoch(
    kinds: Sequence[Kind],
    needs: Sequence[Need],
    near: Sequence[Sequence[int]],
    pairs: Sequence[Pair],
    settings: WithinKinds,
    order: random.Random,
) -> list[Choice]:
    mixed = order.sample(kinds, len(kinds))
    batches = [
        _of_products(mixed[start : start + settings.kinds], settings.queries, order)
        for start in range(0, len(mixed), settings.kinds)
    ]
    if needs:
        batches += [_of_names(needs, near, settings, order) for _ in range(settings.name_batches)]
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    for source in by_source.values():
        some = order.sample(source, len(source))
        batches += [
            _of_pairs(some[start : start + settings.pairs]) for start in range(0, len(some), settings.pairs)
        ]
    order.shuffle(batches)
    return [batch for batch in batches if len(batch.documents) > 1]


def _of_products(kinds: Sequence[Kind], most: int, order: random.Random) -> Choice:
    """Needs against all products of the kinds; half of those that one serves also with the kind's name."""
    said: list[tuple[str, tuple[int, ...]]] = []
    documents: list[str] = []
    for kind in kinds:
        first, leaf = len(documents), kind.path[-1]
        documents += [_document(product, leaf, order) for product in kind.products]
        for need, serves in kind.needs:
            right = tuple(first + at for at in serves or range(len(kind.products)))
            said.append((need, right))
            if serves and order.random() < 0.5:
                said.append((f"{leaf}, {need}" if order.random() < 0.5 else f"{leaf} {need}", right))
    order.shuffle(said)
    return Choice(tuple(said[:most]), tuple(documents))


def _document(product: str, leaf: str, order: random.Random) -> str:
    """As shops write it, with the kind behind the title, or without."""
    title, _, text = product.partition(". ")
    return f"{title}. {leaf}. {text}" if order.random() < 0.5 else product


def _of_names(
    needs: Sequence[Need], near: Sequence[Sequence[int]], settings: WithinKinds, order: random.Random
) -> Choice:
    """Two sentences of each of some kinds, most of them near one kind, against their names."""
    one = order.randrange(len(needs))
    others = [
        *order.sample(list(near[one]), min(settings.near, len(near[one]))),
        *order.sample(range(len(needs)), min(settings.far, len(needs))),
    ]
    chosen = [needs[at] for at in dict.fromkeys([one, *others])]
    names = [", ".join(need.names) if order.random() < 0.5 else order.choice(need.names) for need in chosen]
    said = [
        (sentence, (at,))
        for at, need in enumerate(chosen)
        for sentence in order.sample(need.said, min(2, len(need.said)))
    ]
    return Choice(tuple(said), tuple(names))


def _of_pairs(pairs: Sequence[Pair]) -> Choice:
    """What is said against all documents of the batch; right are those of its group."""
    documents = list(dict.fromkeys(pair.document for pair in pairs))
    row = {document: at for at, document in enumerate(documents)}
    right: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        right[pair.group].add(row[pair.document])
    return Choice(tuple((pair.said, tuple(sorted(right[pair.group]))) for pair in pairs), tuple(documents))


def _nearest(model: Any, needs: Sequence[Need]) -> list[list[int]]:
    """For each kind the others whose names are nearest, the nearest first."""
    if not needs:
        return []
    names = model.encode(
        [", ".join(need.names) for need in needs], normalize_embeddings=True, show_progress_bar=False
    )
    likeness = names @ names.T
    np.fill_diagonal(likeness, -np.inf)
    return [
        [int(at) for at in row[: min(_NEAREST_KINDS, len(needs) - 1)]]
        for row in np.argsort(-likeness, axis=1)
    ]
