"""Ways to hide a part of the log and ask a model for it: leave one out, global time cuts, cold items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cf_engine.base import IntArray
from cf_engine.interactions import Interactions

LEAVE_ONE_OUT: Final = "leave one out"


@dataclass(frozen=True)
class Split:
    """What a model may learn from, what it is told of each shopper, and what it should find.

    ``histories`` and ``targets`` run parallel to ``users``. Targets are distinct and new to the shopper (an
    item already in the history is no target, since lists leave those out); everybody here has at least one.
    """

    name: str
    train: Interactions
    users: IntArray  # (n,)
    histories: tuple[IntArray, ...]
    targets: tuple[IntArray, ...]

    def __len__(self) -> int:
        return len(self.users)

    @property
    def n_relevant(self) -> IntArray:
        return np.array([len(items) for items in self.targets], dtype=np.int64)

    def select(self, keep: npt.ArrayLike) -> Split:
        """The same training part, asked for fewer shoppers: those at the positions ``keep`` (or its mask)."""
        chosen = np.arange(len(self))[np.asarray(keep)]
        return Split(
            self.name,
            self.train,
            self.users[chosen],
            tuple(self.histories[n] for n in chosen),
            tuple(self.targets[n] for n in chosen),
        )

    def sample(self, most: int, seed: int = 0) -> Split:
        """At most so many of the shoppers, drawn at random."""
        if len(self) <= most:
            return self
        return self.select(np.sort(np.random.default_rng(seed).choice(len(self), most, replace=False)))


def leave_one_out(interactions: Interactions, *, last: int = 0, train_without: int | None = None) -> Split:
    """Hides one item a shopper: the newest (``last=0``, the test) or the one before (``last=1``, validation).

    ``train_without`` newest rows of each shopper stay out of training, by default all from the target on;
    2 with ``last=0`` is the test of the published tables (trained as for validation, asked with the full
    history). Other shoppers' later events may be in training, so it flatters; `time_cut` does not.
    """
    without = last + 1 if train_without is None else train_without
    if last < 0 or without <= last:
        raise ValueError(f"the target must stay out of training: got last={last}, train_without={without}")
    from_end = interactions.rank_from_end()
    return _split(
        LEAVE_ONE_OUT,
        interactions.select(from_end >= without),
        interactions,
        from_end > last,
        from_end == last,
    )


def time_cut(
    interactions: Interactions, cut: float, until: float = np.inf, *, name: str = "time cut"
) -> Split:
    """Trains on all before ``cut`` and hides what happened from ``cut`` to before ``until``, as in real use.

    Shoppers who first appear after the cut have empty histories. Times are those of ``interactions``.
    """
    before = interactions.time < cut
    hidden = ~before & (interactions.time < until)
    return _split(name, interactions.select(before), interactions, before, hidden)


def cut_at_share(interactions: Interactions, share: float = 0.9) -> float:
    """The time before which ``share`` of all rows happened; infinity for an empty log."""
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1; got {share}")
    return float(np.quantile(interactions.time, share)) if len(interactions) else np.inf


def time_folds(interactions: Interactions, n_folds: int = 3, *, test_share: float = 0.1) -> Iterator[Split]:
    """Consecutive windows at the end of the log, each holding ``test_share`` of the rows, oldest first.

    Each trains on all before its window (expanding).

    Raises:
        ValueError: the folds leave no training part.
    """
    if n_folds < 1 or not 0 < n_folds * test_share < 1:
        raise ValueError(
            f"{n_folds} folds of {test_share} leave nothing to train on: their sum must be below 1"
        )
    for fold in range(n_folds):
        share = 1 - (n_folds - fold) * test_share
        end = share + test_share
        until = np.inf if fold == n_folds - 1 else cut_at_share(interactions, end)
        yield time_cut(interactions, cut_at_share(interactions, share), until, name=f"fold {fold + 1}")


def cold_items(interactions: Interactions, share: float = 0.1, seed: int = 0) -> Split:
    """Hides ``share`` of the items from training altogether; only content can find them.

    Histories keep each shopper's other items, targets are the hidden ones.
    """
    rng = np.random.default_rng(seed)
    cold = np.zeros(interactions.n_items, dtype=np.bool_)
    seen = np.unique(interactions.item)
    cold[rng.choice(seen, size=round(share * len(seen)), replace=False)] = True
    hidden = cold[interactions.item]
    return _split("cold items", interactions.select(~hidden), interactions, ~hidden, hidden)


def questions(split: Split, most: int, seed: int) -> tuple[list[IntArray], IntArray]:
    """A history and one target each; a shopper with several targets is asked for the first five of them."""
    histories, targets = [], []
    for history, wanted in zip(split.histories, split.targets, strict=True):
        for target in wanted[:5] if len(history) else ():
            histories.append(history)
            targets.append(int(target))
    if len(targets) > most:
        chosen = np.sort(np.random.default_rng(seed).choice(len(targets), most, replace=False))
        return [histories[n] for n in chosen], np.array(targets, np.int64)[chosen]
    return histories, np.array(targets, np.int64)


def _split(
    name: str,
    train: Interactions,
    interactions: Interactions,
    known: npt.NDArray[np.bool_],
    hidden: npt.NDArray[np.bool_],
) -> Split:
    histories = interactions.select(known).to_sequences()
    hidden_items = interactions.select(hidden).to_sequences()
    users, targets = [], []
    for user in np.flatnonzero([len(items) for items in hidden_items]):
        new = _distinct(hidden_items[user], histories[user])
        if len(new):
            users.append(int(user))
            targets.append(new)
    return Split(
        name, train, np.array(users, dtype=np.int64), tuple(histories[user] for user in users), tuple(targets)
    )


def _distinct(items: Sequence[int] | IntArray, known: IntArray) -> IntArray:
    fresh = dict.fromkeys(int(item) for item in items)
    for item in known:
        fresh.pop(int(item), None)
    return np.fromiter(fresh, np.int64, len(fresh))
