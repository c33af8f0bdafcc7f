"""What turns texts into unit vectors: the protocol, an exported model on the CPU, and the torch reference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from retrieval.inference.onnx_session import open_session

FloatMatrix = npt.NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

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


class OnnxEncoder:
    """An exported model: int8 MatMuls, pooling and prompts included, no torch. On one thread a query costs 5 to 8 ms
    with the encoder that ships, half with MiniLM."""

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


def model_key(source: str) -> str:
    """A name for the exported model: changes with the model's files (sizes, settings, ends of the
    weights)."""
    folder = Path(source)
    digest = hashlib.blake2b(digest_size=8)
    if not folder.is_dir():
        digest.update(source.encode())
        return f"{folder.name}-{digest.hexdigest()}"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in (".json", ".txt", ".model", ".safetensors", ".bin"):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                digest.update(file.read(1 << 16))
                file.seek(max(0, path.stat().st_size - (1 << 16)))
                digest.update(file.read())
    return f"{folder.name}-{digest.hexdigest()}"
