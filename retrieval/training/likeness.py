"""How like texts are in the eyes of several encoders together: what a smaller one learns from them.

Encoders err in different places, so the mean of their cosines orders products better than any of them (Hinton et
al. 2015, distillation from an ensemble). Each has a scale of its own; here all are brought to the mean and
the spread of the first, so that a threshold on cosines means what it meant before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from retrieval.encoder import load_reference

Progress = Callable[[str, int, int | None], None]

_PAIRS = 20_000
"""Random pairs of something said and a document, by which the scales are compared."""
_AT_ONCE = 1024


class Likenesses:
    """Cosines of a fixed list of texts by several encoders, on the scale of the first."""

    def __init__(
        self, vectors: Sequence[Any], said: Sequence[int], documents: Sequence[int], seed: int
    ) -> None:
        """``vectors``: of each encoder the unit vectors of all texts, (n, d). ``said`` and ``documents``: rows."""
        import torch

        self._vectors = list(vectors)
        order = random.Random(seed)
        left = torch.tensor(order.choices(said, k=_PAIRS))
        right = torch.tensor(order.choices(documents, k=_PAIRS))
        cosines = [(each[left] * each[right]).sum(1) for each in self._vectors]
        self._scales = [(each.mean(), each.std().clamp(min=1e-6)) for each in cosines]
        joint = sum(
            (each - mean) / spread for each, (mean, spread) in zip(cosines, self._scales, strict=True)
        )
        self._spread = joint.std().clamp(min=1e-6)

    def between(self, rows: Any, columns: Any) -> Any:
        """Likeness of each text of ``rows`` to each of ``columns``, (r, c)."""
        joint = sum(
            (each[rows] @ each[columns].T - mean) / spread
            for each, (mean, spread) in zip(self._vectors, self._scales, strict=True)
        )
        mean, spread = self._scales[0]
        return mean + spread * joint / self._spread

    def nearest(self, rows: Sequence[int], columns: Sequence[int], most: int) -> dict[int, list[int]]:
        """For each of ``rows`` the ``most`` of ``columns`` that are most like it, itself left out."""
        import torch

        wide = torch.tensor(list(columns))
        found: dict[int, list[int]] = {}
        for start in range(0, len(rows), _AT_ONCE):
            part = list(rows[start : start + _AT_ONCE])
            best = self.between(torch.tensor(part), wide).topk(min(most + 1, len(columns)), dim=1).indices
            for row, places in zip(part, best.tolist(), strict=True):
                found[row] = [columns[at] for at in places if columns[at] != row][:most]
        return found


def vectors_of(source: str, texts: Sequence[str], max_tokens: int, progress: Progress) -> Any:
    """Unit vectors of the texts by a sentence-transformers model, (n, d). Texts of like length should be neighbours.

    Raises:
        EncoderError: the model can't be loaded.
    """
    import torch

    model = load_reference(source)
    model.max_seq_length = max_tokens
    parts = []
    for start in range(0, len(texts), _AT_ONCE):
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            part = model.encode(
                list(texts[start : start + _AT_ONCE]),
                convert_to_tensor=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        parts.append(part.float().clone())
        progress("teacher", min(start + _AT_ONCE, len(texts)), len(texts))
    return torch.cat(parts)
