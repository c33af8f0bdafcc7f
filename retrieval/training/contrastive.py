"""What training an encoder by choices takes: vectors with gradients, divergence from a teacher, the descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from retrieval.training.fine_tuning import FineTuning, parameter_groups, warmup_and_decay

Progress = Callable[[str, int, int | None], None]
Batch = TypeVar("Batch")

_SHORT = 2 / 3
"""Share of the texts of a batch, the shortest, that are encoded apart, so that little is spent on padding."""


def unit_vectors(model: Any, texts: Sequence[str], max_tokens: int) -> Any:
    """Unit vectors of the texts, (n, d), with gradients."""
    import torch
    from torch.nn.functional import normalize

    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    cut = max(1, round(len(order) * _SHORT))
    parts = [
        pooled(model, [texts[at] for at in part], max_tokens) for part in (order[:cut], order[cut:]) if part
    ]
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return normalize(torch.cat(parts)[back], dim=-1)


def pooled(model: Any, texts: Sequence[str], max_tokens: int) -> Any:
    """The vectors of one batch of texts as the model pools them, of any length, (n, d)."""
    import torch

    tokens = model.tokenizer(
        list(texts), padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"
    )
    with torch.autocast("cpu", torch.bfloat16):
        states = model[0].auto_model(**tokens).last_hidden_state
    features = {"token_embeddings": states.float(), "attention_mask": tokens["attention_mask"]}
    return model[1](features)["sentence_embedding"]


def divergence(found: Any, wanted: Any, temperature: float, *, own: bool) -> Any:
    """How far each row of likenesses is from the teacher's (Kullback-Leibler); ``own``: the diagonal does not count."""
    import torch
    from torch.nn.functional import kl_div, log_softmax, softmax

    if own:
        eye = torch.eye(len(found), dtype=torch.bool)
        found, wanted = found.masked_fill(eye, -1e3), wanted.masked_fill(eye, -1e3)
    given = log_softmax(found / temperature, dim=-1)
    return kl_div(given, softmax(wanted / temperature, dim=-1), reduction="batchmean")


def descend(
    model: Any,
    batches: Sequence[Batch],
    loss_of: Callable[[Batch], Any],
    plan: FineTuning,
    stage: str,
    progress: Progress,
) -> None:
    """One step down the loss of each batch, over the layers alone; leaves ``model`` in evaluation mode."""
    import torch

    transformer = model[0].auto_model
    optimizer = torch.optim.AdamW(parameter_groups(transformer, plan), weight_decay=plan.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: warmup_and_decay(step / len(batches), plan.warmup)
    )
    model.train()
    for step, batch in enumerate(batches, start=1):
        loss_of(batch).backward()
        torch.nn.utils.clip_grad_norm_(transformer.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        progress(stage, step, len(batches))
    model.eval()
