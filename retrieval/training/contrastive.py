"""What both stages of the encoder's training share: vectors with gradients, what a teacher holds, the descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from retrieval.training.fine_tuning import FineTuning, parameter_groups, warmup_and_decay

Progress = Callable[[str, int, int | None], None]
Batch = TypeVar("Batch")


def pooled(model: Any, texts: Sequence[str], max_tokens: int) -> Any:
    """Unit vectors of the texts by mean pooling, shape (n, d), with gradients."""
    import torch
    from torch.nn.functional import normalize

    tokens = model.tokenizer(
        list(texts), padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"
    )
    with torch.autocast("cpu", torch.bfloat16):
        states = model[0].auto_model(**tokens).last_hidden_state
    mask = tokens["attention_mask"].unsqueeze(-1).float()
    return normalize((states.float() * mask).sum(1) / mask.sum(1), dim=-1)


def divergence(vectors: Any, teacher: Any, temperature: float) -> Any:
    """How far the likenesses of a batch, each text to the others, are from the teacher's (Kullback-Leibler)."""
    import torch
    from torch.nn.functional import kl_div, log_softmax, softmax

    eye = torch.eye(len(vectors), dtype=torch.bool)
    wanted = softmax((teacher @ teacher.T / temperature).masked_fill(eye, -1e4), dim=-1)
    given = log_softmax((vectors @ vectors.T / temperature).masked_fill(eye, -1e4), dim=-1)
    return kl_div(given, wanted, reduction="batchmean")


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
