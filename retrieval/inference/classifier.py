"""Polarity of texts by a transformer: the fast path (ONNX int8, no torch) and the torch reference behind one
protocol.

A text may come with a term ("the sound is great but the strap broke", "strap"): then the polarity is that of
the term.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.inference.onnx_session import open_session

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["Classifier", "OnnxClassifier", "TorchClassifier", "softmax"]

FloatMatrix = npt.NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

MAX_TOKENS = 128
"""Longer sentences are cut: polarity is asked sentence by sentence."""
BATCH = 32


class Classifier(Protocol):
    """Texts to calibrated probabilities. ``model_id`` changes whenever the probabilities would."""

    model_id: str

    def classify(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        """Probabilities of (negative, neutral, positive), shape (len(texts), 3), each row summing to 1."""
        ...


class OnnxClassifier:
    """An exported classifier, opened with onnxruntime and tokenizers alone; about 500 short sentences a
    second a core.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        self.model_id: str = facts["model_id"]
        self._temperature = float(facts["temperature"])
        self._label_map = np.asarray(facts["label_map"], dtype=np.float32)
        self._pad_id: int = facts["pad_id"]
        self._inputs: list[str] = facts["inputs"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(facts["max_length"])
        self._session = open_session(folder / "model.onnx", threads=threads)

    def classify(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        """See ``Classifier``. Batches hold texts of like length, so that little is spent on padding."""
        pairs: list[Any] = list(texts) if terms is None else list(zip(texts, terms, strict=True))
        encodings = self._tokenizer.encode_batch(pairs)
        probabilities = np.zeros((len(pairs), 3), dtype=np.float32)
        order = sorted(range(len(pairs)), key=lambda row: len(encodings[row].ids))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            logits = self._run([encodings[row] for row in rows])
            probabilities[rows] = softmax(logits / self._temperature) @ self._label_map
            if progress:
                progress("sentiment", min(start + BATCH, len(order)), len(order))
        return probabilities

    def _run(self, batch: Sequence[Any]) -> FloatMatrix:
        shape = (len(batch), max(len(encoding.ids) for encoding in batch))
        arrays = {
            "input_ids": np.full(shape, self._pad_id, dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.zeros(shape, dtype=np.int64),
        }
        for row, encoding in enumerate(batch):
            width = len(encoding.ids)
            arrays["input_ids"][row, :width] = encoding.ids
            arrays["attention_mask"][row, :width] = 1
            arrays["token_type_ids"][row, :width] = encoding.type_ids
        logits: FloatMatrix = self._session.run(None, {name: arrays[name] for name in self._inputs})[0]
        return logits


class TorchClassifier:
    """The same model in float32 through transformers: the reference, and the way of models that can't be
    exported.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        model_id: str,
        label_map: Sequence[Sequence[float]],
        temperature: float = 1.0,
    ) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.model_id = model_id
        self.label_map = np.asarray(label_map, dtype=np.float32)
        self.temperature = temperature

    def classify(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        """See ``Classifier``."""
        import torch

        probabilities = np.zeros((len(texts), 3), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            pairs = None if terms is None else [terms[row] for row in rows]
            batch = self.tokenizer(
                [texts[row] for row in rows],
                pairs,
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            with torch.inference_mode():
                logits = self.model(**batch).logits.float().numpy()
            probabilities[rows] = softmax(logits / self.temperature) @ self.label_map
            if progress:
                progress("sentiment", min(start + BATCH, len(order)), len(order))
        return probabilities


def softmax(logits: npt.NDArray[np.floating]) -> FloatMatrix:
    """Probabilities of each row of ``logits``."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)
