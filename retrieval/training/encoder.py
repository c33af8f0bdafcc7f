"""Training of Aisle's own encoder: MiniLM brought nearer to what people say when they need something.

Contrastive learning within batches (Henderson et al. 2017, multiple negatives ranking), each batch from one
source, so that its negatives are hard; pairs of one group are no negatives of each other. A larger encoder
teaches how like the texts of a batch are (Hinton et al. 2015), which keeps what MiniLM knew. Word
embeddings stay as they are: the weights that are kept are the layers above.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder import load_reference
from retrieval.inference.classifier_weights import base_folder
from retrieval.inference.encoder_weights import save_layers
from retrieval.training.need_pairs import Kind, Pair, name_pairs, need_pairs, query_pairs, read_kinds

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class EncoderTraining:
    """Settings. ``teaching``: weight of the teacher's likenesses against the pairs."""

    epochs: int = 3
    batch_size: int = 48
    learning_rate: float = 1.2e-4
    layer_decay: float = 0.9
    warmup: float = 0.1
    temperature: float = 0.05
    teaching: float = 0.3
    max_tokens: int = 48
    queries: int = 1_500
    seed: int = 0


def train_encoder(
    data: Path,
    out: Path,
    *,
    teacher: str | None = None,
    settings: EncoderTraining = EncoderTraining(),
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on ``data`` (``needs/*.txt``; ``home_depot/`` where it is there) and write ``out``, the weights.

    ``teacher``: a sentence-transformers folder or name; without it MiniLM itself holds the likenesses.
    Returns the report that stands beside the weights. About ten minutes on two cores.

    Raises:
        NeedPairsError: a file of needs can't be read. OSError: there is none.
        EncoderError: the teacher can't be loaded.
    """
    files = sorted((data / "needs").glob("pairs*.txt")) + sorted((data / "needs").glob("more*.txt"))
    if not files:
        raise OSError(f"no needs/pairs*.txt in {data}; the encoder learns from needs with their products")
    kinds = [kind for file in files for kind in read_kinds(file)]
    taught = [kind for kind in kinds if not kind.held_out]
    pairs = [*need_pairs(taught), *name_pairs()]
    judged = data / "home_depot"
    pairs += query_pairs(judged, settings.queries) if judged.is_dir() else []
    model = load_reference(str(base_folder()))
    before = first_of_kind(model, kinds)
    likenesses = _vectors(load_reference(teacher) if teacher else model, pairs, progress)
    _fit(model, pairs, likenesses, settings, progress)
    report = {
        "pairs": {source: sum(p.source == source for p in pairs) for source in ("needs", "names", "queries")},
        "kinds": {"trained": len(taught), "held_out": len(kinds) - len(taught)},
        "teacher": Path(teacher).name if teacher else None,
        "first_of_kind_held_out": {"before": before, "after": first_of_kind(model, kinds)},
        "settings": asdict(settings),
        "digest": hashlib.sha256("\n".join(f"{p.said}\t{p.document}" for p in pairs).encode()).hexdigest()[
            :16
        ],
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
    transformer = model[0].auto_model
    for parameter in transformer.embeddings.parameters():
        parameter.requires_grad = False
    layers = transformer.encoder.layer
    groups = [
        {
            "params": layer.parameters(),
            "lr": settings.learning_rate * settings.layer_decay ** (len(layers) - 1 - at),
        }
        for at, layer in enumerate(layers)
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    order = random.Random(settings.seed)
    batches = [batch for _ in range(settings.epochs) for batch in _batches(pairs, settings.batch_size, order)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _slope(step / len(batches), settings.warmup)
    )
    model.train()
    for step, batch in enumerate(batches, start=1):
        loss = _loss(model, batch, taught, settings)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(transformer.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        progress("fine-tuning", step, len(batches))
    model.eval()


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
    from torch.nn.functional import cross_entropy, kl_div, log_softmax, normalize, softmax

    said, documents = [pair.said for pair in batch], [pair.document for pair in batch]
    tokens = model.tokenizer(
        [*said, *documents],
        padding=True,
        truncation=True,
        max_length=settings.max_tokens,
        return_tensors="pt",
    )
    with torch.autocast("cpu", torch.bfloat16):
        states = model[0].auto_model(**tokens).last_hidden_state
    mask = tokens["attention_mask"].unsqueeze(-1).float()
    vectors = normalize((states.float() * mask).sum(1) / mask.sum(1), dim=-1)  # mean pooling: (2b, d)
    own, other = vectors[: len(batch)], vectors[len(batch) :]
    scores = own @ other.T / settings.temperature  # (b, b)
    same = torch.tensor([[a.group == b.group for b in batch] for a in batch])
    same.fill_diagonal_(False)
    right = torch.arange(len(batch))
    masked = scores.masked_fill(same, -1e4)
    contrast = (cross_entropy(masked, right) + cross_entropy(masked.T, right)) / 2
    teacher = torch.stack([taught[text] for text in (*said, *documents)])
    eye = torch.eye(len(vectors), dtype=torch.bool)
    wanted = softmax((teacher @ teacher.T / settings.temperature).masked_fill(eye, -1e4), dim=-1)
    given = log_softmax((vectors @ vectors.T / settings.temperature).masked_fill(eye, -1e4), dim=-1)
    return contrast + settings.teaching * kl_div(given, wanted, reduction="batchmean")


def _slope(done: float, warmup: float) -> float:
    return done / warmup if done < warmup else max(0.0, (1 - done) / (1 - warmup))
