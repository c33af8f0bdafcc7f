"""Short queries for a thing: the products that are one come before what only goes with one.

Whether a product is the thing asked for is told by what titles and categories call it, by how typical it is
of the kind (near its centre), and by its price: a sleeve costs a fraction of a laptop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.naming.names import Lexical

FloatArray = npt.NDArray[np.float32]

_CHEAP = 0.2  # of the kind's median price: below, it is likely an accessory of the kind
_SAMPLE = 500  # products of the kind that its centre is drawn from
_FEW = 5  # products that do not tell what is typical
_FAR, _TYPICAL = 0.05, 0.5  # quantiles of nearness to the centre


@dataclass(frozen=True)
class Thing:
    """A kind that a query names; ``member``: how much each product is one, 0 to 1, shape (n,)."""

    rows: npt.NDArray[np.int32]
    member: FloatArray

    @classmethod
    def of(cls, named: Lexical, vectors: FloatArray, prices: npt.NDArray[np.float64]) -> Thing:
        """Membership of every product, from those that go under the name. Some ms for thousands of them."""
        sure = named.rows[named.weights >= 0.8 * named.weights.max()]
        step = max(1, len(sure) // _SAMPLE)
        sample = np.asarray(vectors[np.sort(sure)[::step]], dtype=np.float32)
        centre = sample.mean(axis=0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        far, typical = np.quantile(sample @ centre, (_FAR, _TYPICAL))
        nearness = np.asarray(vectors[named.rows] @ centre)
        near = np.clip((nearness - far) / max(float(typical - far), 1e-6), 0.0, 1.0)
        if len(sure) < _FEW:
            near = np.ones_like(near)
        member = np.zeros(len(prices), dtype=np.float32)
        member[named.rows] = named.weights * (0.5 + 0.5 * near) * _price_level(prices[named.rows])
        return cls(named.rows, member)


def _price_level(prices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 for the kind's usual prices and unknown ones, a half where far below."""
    known = prices[~np.isnan(prices)]
    if len(known) < 3:
        return np.ones(len(prices))
    return np.where(prices < _CHEAP * np.median(known), 0.5, 1.0)
