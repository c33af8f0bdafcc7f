"""What people asked for in other shops and what served them there, by which a need is searched for, too.

The encoder knows much of what serves a need, and not all of it; some 39,000 asks that people wrote for invented shops
(`retrieval.training.asks`) know more. A need's vector moves towards the products that served the asks nearest to
it: Rocchio's feedback (1971), with what others were served in place of documents that were judged.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.inference.checksums import damaged
from retrieval.inference.classifier_weights import MODELS_FOLDER
from retrieval.inference.encoders import EncoderError

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

SHIPPED = MODELS_FOLDER / "asked.safetensors"
NEAREST, SHARPNESS, WEIGHT = 20, 30.0, 0.5
"""How many asks are looked at, how steeply the nearer count more (e to it times the cosine), and what they weigh beside
the need itself. By vectors alone the first product fits .64 instead of .62 of 838 first turns of dialogues, one of three
.80 instead of .77; any of 10 to 100, 30 to 50 and .4 to .8 does about as well."""


class Asked:
    """Asks and what served them, in few dimensions and 8 bits; safe for threads."""

    def __init__(self, tensors: dict[str, npt.NDArray[Any]]) -> None:
        """``tensors``: as `retrieval.training.remembering.compressed` makes them."""
        self._towards: FloatArray = tensors["asks.basis"].astype(np.float32)
        self._asks = tensors["asks"].astype(np.float32) * tensors["asks.scale"]
        self._back: FloatArray = tensors["products.basis"].astype(np.float32).T
        self._products = tensors["products"].astype(np.float32) * tensors["products.scale"]
        self._served = tensors["served"].astype(np.int64)
        self._ends = np.cumsum(tensors["served.count"], dtype=np.int64)

    @classmethod
    def of(cls, model_id: str, path: Path = SHIPPED) -> Asked | None:
        """What ships with Aisle, for its own encoder; None for another, whose vectors mean something else.

        Raises:
            EncoderError: the file is not what was delivered.
        """
        return _open(model_id, path)

    def widened(self, vector: FloatArray) -> FloatArray:
        """A need's unit vector, shape (d,), moved towards what served others; unit length. O(asks), 1.4 ms."""
        near = self._asks @ (vector @ self._towards)
        nearest = np.argpartition(-near, NEAREST)[:NEAREST] if len(near) > NEAREST else np.arange(len(near))
        weights = np.exp(SHARPNESS * (near[nearest] - near[nearest].max()))
        served = sum(
            weight * self._products[self._served_by(ask)].mean(axis=0)
            for ask, weight in zip(nearest.tolist(), weights, strict=True)
        )
        found = served @ self._back
        moved = vector + np.float32(WEIGHT) * found / np.linalg.norm(found)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)

    def _served_by(self, ask: int) -> IntArray:
        """Rows of the products that served an ask."""
        return self._served[self._ends[ask - 1] if ask else 0 : self._ends[ask]]


@lru_cache(maxsize=2)
def _open(model_id: str, path: Path) -> Asked | None:
    from safetensors import safe_open

    if not path.is_file():
        return None
    if wrong := damaged(path.parent, path.name):
        raise EncoderError(wrong)
    with safe_open(path, framework="numpy") as file:
        if (file.metadata() or {})["encoder"] not in model_id:
            return None
        return Asked({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
