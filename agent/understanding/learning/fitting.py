"""One training run of the reader: every epoch draws its own changed copies; stopped, it goes on after the
last whole epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

from agent.understanding.decoding import word_tags
from agent.understanding.encoding import Encoded, TextEncoder
from agent.understanding.labels import MOVES
from agent.understanding.learning.annotated import Annotated
from agent.understanding.learning.augmentation import Augmenter, balanced, follows, joined
from agent.understanding.learning.network import ReaderNetwork
from retrieval.training.fine_tuning import (
    FineTuning,
    accumulate,
    parameter_groups,
    similar_batches,
    warmup_and_decay,
)

__all__ = ["ReaderTraining", "fit"]

Progress = Callable[[str, int, int | None], None]
_IGNORED = -100


@dataclass(frozen=True)
class ReaderTraining:
    """Settings of the reader's training."""

    fine_tuning: FineTuning = field(
        default_factory=lambda: FineTuning(
            epochs=8,
            batch_size=32,
            learning_rate=2e-4,
            head_learning_rate=1e-3,
            layer_decay=0.9,
            average_from=0.65,
        )
    )
    finishing: FineTuning = field(
        default_factory=lambda: FineTuning(
            epochs=3,
            batch_size=32,
            learning_rate=1e-4,
            head_learning_rate=5e-4,
            layer_decay=0.9,
            warmup=0.1,
            average_from=0.5,
        )
    )
    """Second stage: on the hands that label most fully, and some of the others' utterances."""
    finish_on: tuple[str, ...] = ("train", "extra", "talk")
    """How the names of their files begin."""
    finish_others: float = 0.1
    """Share of the others' utterances that the second stage sees."""
    strength: float = 1.0
    """How much is changed in the copies (see ``Augmenter``)."""
    joined: float = 0.08
    """Share of the turns that are also said in one breath with the next."""
    terse: float = 0.0
    """Share of the first requests that are cut down to keywords; the second stage has its own."""
    finish_joined: float = 0.2
    finish_terse: float = 0.3
    clean_epochs: int = 2
    """The last epochs see the utterances nearly as they were written."""
    main_weight: float = 1.0
    moves_weight: float = 2.0
    held_out: float = 0.06
    """Share of the authors whose utterances are kept for the report."""
    runs: int = 1
    """Runs whose weights are averaged."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Example:
    window: Encoded
    tags: list[int]
    """One for each piece; the pieces of one word share theirs."""
    moves: list[int]


def fit(
    network: ReaderNetwork,
    encoder: TextEncoder,
    utterances: Sequence[Annotated],
    settings: ReaderTraining,
    *,
    checkpoint: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> ReaderNetwork:
    """Train ``network`` in place and return it in evaluation mode. About 8 ms an utterance and epoch on one
    core with bfloat16 instructions. Stopped, it goes on from ``checkpoint``."""
    run = _Run(network, settings, checkpoint)
    augmenters = [
        Augmenter(utterances, strength=settings.strength * share, terse=settings.terse)
        for share in (1.0, 1 / 3)
    ]
    epochs = settings.fine_tuning.epochs
    while run.epoch < epochs:
        order = random.Random(f"{settings.seed}-{run.epoch}")
        torch.manual_seed(settings.seed * 1000 + run.epoch)
        drawn = _draw(utterances, augmenters[run.epoch >= epochs - settings.clean_epochs], settings, order)
        examples = [_example(encoder, utterance) for utterance in drawn]
        lengths = [len(example.window.ids) for example in examples]
        batches = list(similar_batches(lengths, settings.fine_tuning.batch_size, order))
        for number, rows in enumerate(batches):
            run.step(
                _loss(network, encoder, [examples[row] for row in rows], settings), number / len(batches)
            )
            progress("reader", run.epoch * len(batches) + number + 1, epochs * len(batches))
        run.close_epoch()
    network.load_state_dict(run.average, strict=False)
    return network.eval()


class _Run:
    """What a training run carries from step to step, kept on disk after every epoch."""

    def __init__(self, network: ReaderNetwork, settings: ReaderTraining, checkpoint: Path | None) -> None:
        self._network, self._plan, self._checkpoint = network, settings.fine_tuning, checkpoint
        torch.manual_seed(settings.seed)
        groups = parameter_groups(network, self._plan)
        self._rates = [group["lr"] for group in groups]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=self._plan.weight_decay, fused=True)
        self.epoch = self._averaged = 0
        self.average: dict[str, torch.Tensor] = {}
        if checkpoint is not None and checkpoint.is_file():
            saved = torch.load(checkpoint, weights_only=True)
            network.load_state_dict(saved["network"])
            self._optimizer.load_state_dict(saved["optimizer"])
            self.epoch, self._averaged, self.average = saved["epoch"], saved["averaged"], saved["average"]
        network.train()

    def step(self, loss: torch.Tensor, share: float) -> None:
        """One step down ``loss``; ``share`` of the epoch is over."""
        done = (self.epoch + share) / self._plan.epochs
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * warmup_and_decay(done, self._plan.warmup)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        if done >= self._plan.average_from:
            self._averaged += 1
            accumulate(self.average, self._network, self._averaged)

    def close_epoch(self) -> None:
        self.epoch += 1
        if self._checkpoint is None:
            return
        state = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "epoch": self.epoch,
            "averaged": self._averaged,
            "average": self.average,
        }
        staging = self._checkpoint.with_suffix(".part")
        torch.save(state, staging)
        staging.replace(self._checkpoint)


def collate(windows: Sequence[Encoded], pad_id: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids, mask and segments, each (b, n)."""
    width = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), width), pad_id)
    mask, segments = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        segments[row, : len(window.ids)] = torch.tensor(window.segments)
    return ids, mask, segments


def _draw(
    utterances: Sequence[Annotated], augmenter: Augmenter, settings: ReaderTraining, order: random.Random
) -> list[Annotated]:
    drawn = [augmenter.draw(utterance, order) for utterance in balanced(utterances, order)]
    for first, second in pairwise(utterances):
        if order.random() < settings.joined and follows(first, second):
            drawn.append(augmenter.draw(joined(first, second), order))
    return drawn


def _example(encoder: TextEncoder, utterance: Annotated) -> _Example:
    window = encoder.encode(utterance.text, utterance.context)[0]
    tags = [_IGNORED] * len(window.ids)
    ends = [*window.first[1:], len(window.ids) - 1]
    for word, tag in enumerate(word_tags(window.words, utterance.spans)):
        first = window.first[word]
        tags[first] = tag
        going_on = tag + 1 if tag % 2 else tag
        tags[first + 1 : ends[word]] = [going_on] * (ends[word] - first - 1)
    return _Example(window, tags, [MOVES.index(move) for move in utterance.moves])


def _loss(
    network: ReaderNetwork, encoder: TextEncoder, examples: Sequence[_Example], settings: ReaderTraining
) -> torch.Tensor:
    """Cross entropy of tags (mean over pieces) and main move, binary cross entropy of all moves."""
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    ids, mask, segments = collate([example.window for example in examples], encoder.pad_id)
    tags = torch.full_like(ids, _IGNORED)
    made = torch.zeros(len(examples), len(MOVES))
    for row, example in enumerate(examples):
        tags[row, : len(example.tags)] = torch.tensor(example.tags)
        made[row, example.moves] = 1.0
    with torch.autocast("cpu", torch.bfloat16):
        tag_logits, main_logits, move_logits = network(ids, mask, segments)
    first = torch.tensor([example.moves[0] for example in examples])
    loss: Any = cross_entropy(tag_logits.float().flatten(0, 1), tags.flatten(), ignore_index=_IGNORED)
    loss = loss + settings.main_weight * cross_entropy(main_logits.float(), first, label_smoothing=0.03)
    binary = binary_cross_entropy_with_logits(move_logits.float(), made, reduction="none").sum(dim=1).mean()
    return torch.as_tensor(loss + settings.moves_weight / 10 * binary)
