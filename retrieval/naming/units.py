"""The kinds of a built shop as points of meaning: a vector of each one's name, and the centre of its products."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

_NAME_SHARE = 0.6
"""What the name counts in how near a kind is; its products have the rest."""
INSTEAD = 0.52
"""Cosine from which on a kind is offered in place of one that is not sold. Of eighteen names looked at in four shops: a
grinder is offered coffee makers and a dress shirts, and neither a canoe nor a fridge is offered anything.
"""


class Units:
    """Opened read-only. Vectors of queries have shape (d,), answers shape (units,)."""

    def __init__(self, folder: Path) -> None:
        self.called: tuple[str, ...] = tuple(
            name for name, _ in json.loads((folder / "units.json").read_text("utf-8"))
        )
        self._names = np.load(folder / "unit_names.npy")
        self._centres = np.load(folder / "unit_centres.npy")

    def __len__(self) -> int:
        return len(self.called)

    def names(self, vector: FloatArray) -> FloatArray:
        """How near each one's name is."""
        cosines: FloatArray = self._names @ vector
        return cosines

    def likeness(self, vector: FloatArray) -> FloatArray:
        """How near each one is, by its name and its products."""
        return _NAME_SHARE * self.names(vector) + (1 - _NAME_SHARE) * (self._centres @ vector)

    def nearest(self, vector: FloatArray, most: int) -> tuple[str, ...]:
        """Those that may do in place of one that is not sold, the nearest first."""
        if not len(self):
            return ()
        score = self.likeness(vector)
        return tuple(self.called[at] for at in np.argsort(-score)[:most] if score[at] >= INSTEAD)
