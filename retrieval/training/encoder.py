"""Training of Aisle's own encoder: a small one brought nearer to what people say when they need something.

Softmax over the documents of a batch, hard ones among them (``choices``); a need that any product of its kind
serves is right with any (marginal likelihood). Several encoders together teach how like the texts of a batch are
(``likeness``), and hold the scale of cosines, so that thresholds on them keep their meaning. Word embeddings
stay as they are.
"""

from __future__ import annotations

import hashlib
import math
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder import load_reference
from retrieval.inference.encoder_weights import SHIPPED, materialise, save_encoder
from retrieval.naming.needs import known_needs
from retrieval.ranking.asked import SHIPPED as ASKED
from retrieval.training.asks import own_shops
from retrieval.training.choices import Choice, Material, Neighbours, called, drawn, gathered
from retrieval.training.contrastive import Progress, descend, divergence, pooled, unit_vectors
from retrieval.training.fine_tuning import FineTuning
from retrieval.training.likeness import Likenesses, vectors_of
from retrieval.training.need_pairs import Kind, name_pairs, own_kinds, query_pairs, read_kinds
from retrieval.training.remembering import remember

_NEAR_KINDS, _NEAR_NAMES, _NEAR_DOCUMENTS = 15, 40, 12
"""Neighbours that batches draw from: set once, not tuned."""
_CENTRED_BY = 2_000
"""Texts by whose pairs the scale of cosines is compared."""
_SHARES = tuple(step / 100 for step in range(31))
"""Of the mean vector, that may be taken away."""
_SHIFT = 10.0
"""Weight of how far the mean cosine has moved from the teachers', squared."""


@dataclass(frozen=True)
class EncoderTraining:
    """Settings. ``labelled`` and ``teaching``: the weights of what is known to be right and of the teachers;
    ``labelled_whole`` and ``teaching_whole``: the same where a whole shop was judged, so that teachers add little.
    """

    steps: int = 1_000
    learning_rate: float = 1e-4
    layer_decay: float = 0.92
    warmup: float = 0.06
    dropout: float = 0.05
    temperature: float = 0.05
    labelled: float = 0.5
    teaching: float = 1.0
    labelled_whole: float = 1.0
    teaching_whole: float = 0.4
    max_tokens: int = 64
    queries: int = 2_500
    seed: int = 1


def train_encoder(
    data: Path,
    out: Path,
    *,
    base: Path | None = None,
    teachers: Sequence[str] = (),
    said: Sequence[str] = (),
    settings: EncoderTraining = EncoderTraining(),
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on ``data`` (``needs/*.txt``; ``home_depot/`` where it is there) and write ``out``, the weights.

    ``base``: the folder of a sentence-transformers model of BERT's build and vocabulary to start from; without
    it, the encoder that ships. ``teachers``: folders or names of others that teach beside the one that ships.
    ``said``: what shoppers say, of no known product. Returns the report that stands beside the weights.

    On two cores a step of twelve layers takes some 3 s, and each teacher some minutes before.

    Raises:
        NeedPairsError: a file of needs can't be read. OSError: there is none.
        EncoderError: the base or a teacher can't be loaded.
    """
    files = sorted((data / "needs").glob("pairs*.txt")) + sorted((data / "needs").glob("more*.txt"))
    if not files:
        raise OSError(f"no needs/pairs*.txt in {data}; the encoder learns from needs with their products")
    kinds, shops = [*(kind for file in files for kind in read_kinds(file)), *own_kinds()], own_shops()
    taught, asked = ([kind for kind in every if not kind.held_out] for every in (kinds, shops))
    judged = data / "home_depot"
    queries = query_pairs(judged, settings.queries) if judged.is_dir() else []
    material = gathered(asked, taught, known_needs(), [*name_pairs(), *queries], said, settings.seed)
    with tempfile.TemporaryDirectory() as folder:
        shipped = str(materialise(Path(folder)))
        vectors = [
            vectors_of(source, material.texts, settings.max_tokens, progress)
            for source in (shipped, *teachers)
        ]
        model = load_reference(str(base) if base else shipped)
    before = first_within(model, kinds), first_within(model, shops)
    learn(model, material, vectors, settings, progress)
    centred = centre(model, material.texts, vectors[0], settings.max_tokens, settings.seed)
    report = {
        "kinds": {"trained": len(taught), "held_out": len(kinds) - len(taught)},
        "shops": {"trained": len(asked), "held_out": len(shops) - len(asked)},
        "texts": {"products": len(material.documents), "said": len(material.utterances)},
        "base": base.name if base else None,
        "teachers": [Path(teacher).name for teacher in teachers],
        "first_within_kind_held_out": {"before": before[0], "after": first_within(model, kinds)},
        "first_within_shop_held_out": {"before": before[1], "after": first_within(model, shops)},
        "settings": asdict(settings) | {"centred": centred},
        "digest": hashlib.sha256("\n".join(material.texts).encode()).hexdigest()[:16],
    }
    save_encoder(model, out, report)
    if shops:
        remember_asks(out)
    return report


def remember_asks(weights: Path = SHIPPED) -> None:
    """Write beside an encoder's weights what people asked in the invented shops, as it sees it."""
    with tempfile.TemporaryDirectory() as folder:
        made = materialise(Path(folder), weights)
        remember(load_reference(str(made)), made.name, own_shops(), weights.with_name(ASKED.name))


def learn(
    model: Any, material: Material, vectors: Sequence[Any], settings: EncoderTraining, progress: Progress
) -> None:
    """Train ``model`` in place; ``vectors``: of each teacher, those of ``material.texts``. Grows with the steps."""
    import torch

    torch.manual_seed(settings.seed)
    row = {text: at for at, text in enumerate(material.texts)}
    likenesses = Likenesses(
        vectors,
        [row[text] for text in material.utterances],
        [row[text] for text in material.documents],
        settings.seed,
    )
    batches = drawn(material, _neighbours(material, likenesses, row), settings.steps, settings.seed)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = settings.dropout
    plan = FineTuning(
        learning_rate=settings.learning_rate, layer_decay=settings.layer_decay, warmup=settings.warmup
    )
    descend(
        model,
        batches,
        lambda batch: _loss(model, batch, likenesses, row, settings),
        plan,
        "training the encoder",
        progress,
    )


def centre(model: Any, texts: Sequence[str], scale: Any, max_tokens: int, seed: int) -> float:
    """Take so much of the mean vector from all vectors, in the bias of the last layer, that the likest pairs of texts
    have the cosines they have in ``scale``, the vectors of the encoder before: thresholds on them keep their
    meaning, and the order hardly changes. Returns the share taken.
    """
    import torch

    chosen = random.Random(seed).sample(range(len(texts)), min(_CENTRED_BY, len(texts)))
    parts = [[texts[at] for at in chosen[start : start + 128]] for start in range(0, len(chosen), 128)]
    with torch.no_grad():
        raw = torch.cat([pooled(model, part, max_tokens) for part in parts])
    before, mean = scale[chosen], raw.mean(0)
    wanted = _likest(before @ before.T)

    def off(share: float) -> float:
        moved = torch.nn.functional.normalize(raw - share * mean, dim=-1)
        return abs(_likest(moved @ moved.T) - wanted)

    share = min(_SHARES, key=off)
    with torch.no_grad():
        model[0].auto_model.encoder.layer[-1].output.LayerNorm.bias -= share * mean
    return share


def _likest(cosines: Any) -> float:
    """The cosine that one pair of a hundred has."""
    import torch

    rows, columns = torch.triu_indices(len(cosines), len(cosines), 1)
    return float(cosines[rows, columns].quantile(0.99))


def first_within(model: Any, kinds: Sequence[Kind]) -> float:
    """Of the held-out needs that not every product of their kind, or shop, serves: how often the nearest one does."""
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


def _neighbours(material: Material, likenesses: Likenesses, row: dict[str, int]) -> Neighbours:
    texts = material.texts
    kinds = [row[kind.products[0]] for kind in material.kinds]
    names = [row[called(need)] for need in material.needs]
    free = [row[said] for need in material.needs for said in need.said] + [
        row[text] for text in material.said
    ]
    near = likenesses.nearest(
        list(dict.fromkeys(free)), [row[text] for text in material.documents], _NEAR_DOCUMENTS
    )
    return Neighbours(
        _among(likenesses.nearest(kinds, kinds, _NEAR_KINDS), kinds),
        _among(likenesses.nearest(names, names, _NEAR_NAMES), names),
        {texts[said]: [texts[at] for at in documents] for said, documents in near.items()},
    )


def _among(near: dict[int, list[int]], rows: Sequence[int]) -> list[list[int]]:
    """Rows of texts as places in ``rows``."""
    place = {row: at for at, row in enumerate(rows)}
    return [[place[other] for other in near[row]] for row in rows]


def _loss(
    model: Any, batch: Choice, likenesses: Likenesses, row: dict[str, int], settings: EncoderTraining
) -> Any:
    """Negative log likelihood that a right document is chosen, plus the divergence from the teachers."""
    import torch

    texts, count = [*(text for text, _ in batch.said), *batch.documents], len(batch.said)
    vectors = unit_vectors(model, texts, settings.max_tokens)
    rows = torch.tensor([row[text] for text in texts])
    found, wanted = vectors @ vectors.T, likenesses.between(rows, rows)
    said, documents = slice(count), slice(count, None)
    kept = divergence(found, wanted, settings.temperature, own=True)
    chosen = divergence(found[said, documents], wanted[said, documents], settings.temperature, own=False)
    teaching, labelled = (
        (settings.teaching_whole, settings.labelled_whole)
        if batch.whole_shop
        else (settings.teaching, settings.labelled)
    )
    loss = teaching * (kept + chosen) + _SHIFT * _shift(found, wanted, count)
    if batch.judged:
        loss = loss + labelled * _choice(found[said, documents] / settings.temperature, batch)
    return loss


def _choice(scores: Any, batch: Choice) -> Any:
    import torch

    wrong = torch.full_like(scores, -1e4)
    for at, (_, right) in enumerate(batch.said):
        wrong[at, list(right)] = 0.0
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores + wrong, 1)).mean()


def _shift(found: Any, wanted: Any, said: int) -> Any:
    """How far mean cosines are from the teachers', squared: among what is said, among documents, and from one to the
    other. A softmax leaves a shift of all of them open, and then thresholds on cosines would mean something else.
    """
    first, rest = slice(said), slice(said, None)
    parts = ((first, first), (first, rest), (rest, rest))
    return sum((found[part].mean() - wanted[part].mean()) ** 2 for part in parts)
