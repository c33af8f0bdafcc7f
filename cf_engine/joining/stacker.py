"""Learned fusion: boosted trees that put a shopper's best candidates in order, from every member's score and
rank.

LightGBM's LambdaRank (Burges 2010) grows the trees; serving sums them with numpy, so it needs no LightGBM.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray, IntArray

MIN_GROUPS = 300  # shoppers with the right item among the candidates; with fewer the trees learn noise
POOL = 100  # candidates of a shopper that are put in order anew


def candidate_features(scores: FloatArray, fused: FloatArray, lengths: IntArray) -> FloatArray:
    """What the trees see of a pool of candidates; nothing depends on the size of the shop or on an item's
    number.

    Args:
        scores: (users, pool, members) comparable scores. fused: (users, pool). lengths: (users,) of
            histories.

    Returns:
        (users, pool, 2 * members + 3): scores, log ranks within the pool, the fused score and its log rank,
        log length.
    """
    everything = np.concatenate([scores, fused[..., None]], axis=-1)
    order = np.argsort(-everything, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(order.shape[1])[None, :, None], axis=1)
    tied = np.where(everything == everything.min(axis=1, keepdims=True), everything.shape[1], ranks)
    length = np.broadcast_to(np.log1p(lengths)[:, None, None], (*fused.shape, 1))
    return np.concatenate([everything, np.log1p(tied), length], axis=-1).astype(np.float32)


LEAVES = 8  # of a tree: as many as a byte has bits
_ALL = np.uint8(255)
_LOWEST = np.array([0, *((byte & -byte).bit_length() - 1 for byte in range(1, 256))])  # bit that is set


@dataclass(frozen=True)
class Stacker:
    """Trees as arrays: node ``i`` of tree ``t`` sends rows with feature <= threshold left, others right.

    Children below 0 are leaves: leaf number = -child - 1, from left to right. Shapes: (trees, nodes) and
    (trees, leaves), at most `LEAVES` of these.
    """

    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    def predict(self, features: FloatArray) -> FloatArray:
        """Sum of the trees for rows (n, n_features) -> (n,). O(n x nodes), some 1 ms for 100 rows, 200 trees.

        No walk from node to node (QuickScorer, Lucchese et al. 2015): a node that sends a row to the right
        rules out the leaves on its left, and the leftmost leaf that is left is where the row ends.
        """
        possible = np.where(
            features[:, self.feature.ravel()] <= self.threshold.ravel(), _ALL, self._right_only.ravel()
        ).reshape(len(features), *self.feature.shape)
        leaf = _LOWEST[np.bitwise_and.reduce(possible, axis=2)]
        return self.value[np.arange(len(self.feature)), leaf].sum(axis=1).astype(np.float32)

    @cached_property
    def _right_only(self) -> npt.NDArray[np.uint8]:
        """(trees, nodes): a bit for each leaf that a row can still reach when the node sends it right."""
        masks = np.full(self.feature.shape, _ALL)

        def leaves(tree: int, node: int) -> int:
            if node < 0:
                return 1 << (-node - 1)
            left, right = leaves(tree, int(self.left[tree, node])), leaves(tree, int(self.right[tree, node]))
            masks[tree, node] = 255 & ~left | right
            return left | right

        for tree in range(len(self.feature)):
            leaves(tree, 0)
        return masks

    @classmethod
    def fit(cls, features: FloatArray, position: IntArray, *, seed: int = 0) -> Self | None:
        """Learns from shoppers whose right item is at ``position`` of their pool; None when there are too
        few.

        A fifth of the shoppers says when to stop. O(rows x features x trees): 1M rows take some 20 s on one
        core.
        """
        import lightgbm

        found = np.flatnonzero(position >= 0)
        if len(found) < MIN_GROUPS:
            return None
        found = np.random.default_rng(seed).permutation(found)
        cut = len(found) // 5
        parts = [_dataset(lightgbm, features, position, rows) for rows in (found[cut:], found[:cut])]
        booster = lightgbm.train(
            {
                "objective": "lambdarank",
                "metric": "ndcg",
                "eval_at": [10],
                "lambdarank_truncation_level": 20,
                "learning_rate": 0.05,
                "num_leaves": LEAVES,
                "min_data_in_leaf": 200,
                "feature_fraction": 0.6,
                "bagging_fraction": 0.7,
                "bagging_freq": 1,
                "lambda_l2": 5.0,
                "num_threads": 1,
                "deterministic": True,
                "seed": seed,
                "verbose": -1,
            },
            parts[0],
            num_boost_round=300,
            valid_sets=[parts[1]],
            callbacks=[lightgbm.early_stopping(40, verbose=False)],
        )
        trees = booster.dump_model(num_iteration=booster.best_iteration)["tree_info"]
        return cls._from_trees([tree["tree_structure"] for tree in trees])

    @classmethod
    def _from_trees(cls, trees: list[dict[str, Any]]) -> Self:
        flat = [_flatten(tree) for tree in trees]
        nodes = max(len(nodes) for nodes, _ in flat)
        leaves = max(len(leaves) for _, leaves in flat)
        table = np.zeros((len(flat), nodes, 4))
        table[:, :, 2:] = -1.0
        value = np.zeros((len(flat), leaves))
        for t, (internal, ends) in enumerate(flat):
            table[t, : len(internal)] = internal
            value[t, : len(ends)] = ends
        feature, left, right = (table[:, :, i].astype(np.int32) for i in (0, 2, 3))
        return cls(feature, table[:, :, 1].copy(), left, right, value)

    def arrays(self) -> dict[str, np.ndarray]:
        """For `save_model`."""
        names = ("feature", "threshold", "left", "right", "value")
        return {f"stacker_{name}": getattr(self, name) for name in names}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self | None:
        """The inverse of `arrays`; None when there is no stacker among them."""
        if "stacker_feature" not in arrays:
            return None
        names = ("feature", "threshold", "left", "right", "value")
        return cls(*(np.array(arrays[f"stacker_{name}"]) for name in names))


def _dataset(lightgbm: Any, features: FloatArray, position: IntArray, rows: IntArray) -> Any:
    pool, width = features.shape[1:]
    labels = np.zeros((len(rows), pool))
    labels[np.arange(len(rows)), position[rows]] = 1.0
    return lightgbm.Dataset(features[rows].reshape(-1, width), labels.ravel(), group=[pool] * len(rows))


def _flatten(tree: dict[str, Any]) -> tuple[list[tuple[float, float, float, float]], list[float]]:
    """Internal nodes (feature, threshold, left, right) and leaf values of one dumped tree."""
    nodes: list[tuple[float, float, float, float]] = []
    leaves: list[float] = []

    def visit(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        index = len(nodes)
        nodes.append((0, 0, 0, 0))
        left, right = visit(node["left_child"]), visit(node["right_child"])
        nodes[index] = (node["split_feature"], node["threshold"], left, right)
        return index

    if visit(tree) < 0:  # a tree that is one leaf
        nodes.append((0, 0.0, -1, -1))
    return nodes, leaves
