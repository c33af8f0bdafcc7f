"""Training of Aisle's own encoder: MiniLM brought nearer to what people say when they need something.

Contrastive learning within batches (Henderson et al. 2017, multiple negatives ranking), each batch from one
source, so that its negatives are hard; pairs of one group are no negatives of each other. A larger encoder
teaches how like the texts of a batch are (Hinton et al. 2015), which keeps what MiniLM knew. Word
embeddings stay as they are: the weights that are kept are the layers above. A second stage tells the products
of one kind apart (``within_kinds``).
"""

from __future__ import annotations

import hashlib
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder import load_reference
from retrieval.inference.classifier_weights import base_folder
from retrieval.inference.encoder_weights import materialise, save_layers
from retrieval.naming.needs import known_needs
from retrieval.training.contrastive import Progress, descend, divergence, pooled
from retrieval.training.fine_tuning import FineTuning
from retrieval.training.need_pairs import (
    Kind,
    Pair,
    name_pairs,
    need_pairs,
    own_kinds,
    query_pairs,
    read_kinds,
)
from retrieval.training.within_kinds import WithinKinds, first_within_kind, tell_apart


@dataclass(frozen=True)
class EncoderTraining:
    """Settings of the first stage. ``teaching``: weight of the teacher's likenesses against the pairs;
    ``second``: the settings of the stage that tells products of a kind apart.
    """

    epochs: int = 3
    batch_size: int = 48
    learning_rate: float = 6e-5
    layer_decay: float = 0.85
    warmup: float = 0.1
    temperature: float = 0.05
    teaching: float = 2.0
    max_tokens: int = 48
    queries: int = 2_500
    seed: int = 0
    second: WithinKinds = field(default_factory=WithinKinds)


def train_encoder(
    data: Path,
    out: Path,
    *,
    teacher: str | None = None,
    start: Path | None = None,
    settings: EncoderTraining = EncoderTraining(),
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on ``data`` (``needs/*.txt``; ``home_depot/`` where it is there) and write ``out``, the weights.

    ``teacher``: a sentence-transformers folder or name; without it MiniLM itself holds the likenesses.
    ``start``: weights to go on from with the second stage. Returns the report that stands beside the weights.
    Some 25 minutes on two cores, 14 of them for the second stage.

    Raises:
        NeedPairsError: a file of needs can't be read. OSError: there is none.
        EncoderError: the teacher can't be loaded, or ``start`` fits no MiniLM.
    """
    files = sorted((data / "needs").glob("pairs*.txt")) + sorted((data / "needs").glob("more*.txt"))
    if not files:
        raise OSError(f"no needs/pairs*.txt in {data}; the encoder learns from needs with their products")
    kinds = [kind for file in files for kind in read_kinds(file)]
    judged = data / "home_depot"
    queries = query_pairs(judged, settings.queries) if judged.is_dir() else []
    pairs = [*need_pairs(_taught(kinds)), *name_pairs(), *queries]
    with tempfile.TemporaryDirectory() as folder:
        model = load_reference(str(materialise(Path(folder), start) if start else base_folder()))
    before = first_of_kind(model, kinds)
    if start is None:
        likenesses = _vectors(load_reference(teacher) if teacher else model, pairs, progress)
        _fit(model, pairs, likenesses, settings, progress)
    every = [*kinds, *own_kinds()]
    parted = first_within_kind(model, every)
    tell_apart(model, _taught(every), known_needs(), [*name_pairs(), *queries], settings.second, progress)
    report = {
        "pairs": {source: sum(p.source == source for p in pairs) for source in ("needs", "names", "queries")},
        "kinds": {"trained": len(_taught(every)), "held_out": len(every) - len(_taught(every))},
        "needs": sum(len(kind.needs) for kind in _taught(every)),
        "teacher": Path(teacher).name if teacher else None,
        "start": hashlib.sha256(start.read_bytes()).hexdigest()[:16] if start else None,
        "first_of_kind_held_out": {"before": before, "after": first_of_kind(model, kinds)},
        "first_within_kind_held_out": {"before": parted, "after": first_within_kind(model, every)},
        "settings": asdict(settings),
        "digest": _digest(pairs, every),
    }
    save_layers(model[0].auto_model, out, report)
    return report


def first_of_kind(model: Any, kinds: Sequence[Kind]) -> float:
    """Of the held-out kinds' needs: how often the nearest of all kinds' products is of that kind."""
    documents = [(product, kind.path) for kind in kinds for product in kind.products]
    needs = [(need, kind.path) for kind in kinds if kind.held_out and kind.products for need, _ in kind.needs]
    if not needs or not documents:
        return math.nan
    known = model.encode([text for text, _ in documents], normalize_embeddings=True, show_progress_bar=False)
    said = model.encode([text for text, _ in needs], normalize_embeddings=True, show_progress_bar=False)
    nearest = np.argmax(said @ known.T, axis=1)
    hits = [documents[at][1] == path for at, (_, path) in zip(nearest, needs, strict=True)]
    return round(float(np.mean(hits)), 4)


def _taught(kinds: Sequence[Kind]) -> list[Kind]:
    return [kind for kind in kinds if not kind.held_out]


def _digest(pairs: Sequence[Pair], kinds: Sequence[Kind]) -> str:
    lines = [f"{pair.said}\t{pair.document}" for pair in pairs] + [repr(kind) for kind in kinds]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _vectors(model: Any, pairs: Sequence[Pair], progress: Progress) -> dict[str, Any]:
    """The teacher's unit vector of each text."""
    import torch

    texts = sorted({text for pair in pairs for text in (pair.said, pair.document)}, key=len)
    found: dict[str, Any] = {}
    model.max_seq_length = min(model.max_seq_length or 512, 64)
    for start in range(0, len(texts), 256):
        part = texts[start : start + 256]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            vectors = model.encode(
                part, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False
            )
        found.update(zip(part, vectors.float().clone(), strict=True))
        progress("teacher", start + len(part), len(texts))
    return found


def _fit(
    model: Any, pairs: Sequence[Pair], taught: dict[str, Any], settings: EncoderTraining, progress: Progress
) -> None:
    import torch

    torch.manual_seed(settings.seed)
    order = random.Random(settings.seed)
    batches = [batch for _ in range(settings.epochs) for batch in _batches(pairs, settings.batch_size, order)]
    plan = FineTuning(
        learning_rate=settings.learning_rate, layer_decay=settings.layer_decay, warmup=settings.warmup
    )
    descend(
        model, batches, lambda batch: _loss(model, batch, taught, settings), plan, "fine-tuning", progress
    )


def _batches(pairs: Sequence[Pair], size: int, order: random.Random) -> list[list[Pair]]:
    """Batches of one source each, shuffled."""
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    batches = []
    for source in by_source.values():
        mixed = order.sample(source, len(source))
        batches += [mixed[start : start + size] for start in range(0, len(mixed), size)]
    order.shuffle(batches)
    return [batch for batch in batches if len(batch) > 1]


def _loss(model: Any, batch: Sequence[Pair], taught: dict[str, Any], settings: EncoderTraining) -> Any:
    """Cross-entropy over the batch's documents plus the divergence from the teacher's likenesses."""
    import torch
    from torch.nn.functional import cross_entropy

    said, documents = [pair.said for pair in batch], [pair.document for pair in batch]
    vectors = pooled(model, [*said, *documents], settings.max_tokens)  # (2b, d)
    own, other = vectors[: len(batch)], vectors[len(batch) :]
    scores = own @ other.T / settings.temperature  # (b, b)
    same = torch.tensor([[a.group == b.group for b in batch] for a in batch])
    same.fill_diagonal_(False)
    right = torch.arange(len(batch))
    masked = scores.masked_fill(same, -1e4)
    contrast = (cross_entropy(masked, right) + cross_entropy(masked.T, right)) / 2
    teacher = torch.stack([taught[text] for text in (*said, *documents)])
    return contrast + settings.teaching * divergence(vectors, teacher, settings.temperature)
