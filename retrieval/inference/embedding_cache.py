"""Vectors kept by the hash of their text, in one SQLite file that may be deleted at any time."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_LOOKUP = 500
_log = logging.getLogger(__name__)


class EmbeddingCache:
    """Half-precision vectors (768 bytes at 384 dimensions) by model and text; safe to share between
    processes.

    What ``put`` returns is what ``get`` will return later: rounded to half precision, then float32.
    """

    def __init__(self, folder: Path, model_id: str, dimensions: int) -> None:
        self._model_id, self._dimensions = model_id, dimensions
        self._path = folder / "embeddings.db"

    def get(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[int]]:
        """Known vectors, shape (len(texts), dimensions), and the rows that are not known (zeros).

        A damaged file is deleted: all that it held can be made again.
        """
        try:
            return self._get(texts)
        except (sqlite3.DatabaseError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError):  # busy, full, read-only: no damage
                raise
            _log.warning("%s was damaged and begins anew: %s", self._path, error)
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
            return self._get(texts)

    def _get(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[int]]:
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        rows: dict[bytes, list[int]] = {}
        for row, text in enumerate(texts):
            rows.setdefault(self._key(text), []).append(row)
        known: set[int] = set()
        keys = list(rows)
        with self._connect() as connection:
            for start in range(0, len(keys), _LOOKUP):
                part = keys[start : start + _LOOKUP]
                marks = ",".join("?" * len(part))
                found = connection.execute(f"SELECT key, vector FROM embeddings WHERE key IN ({marks})", part)  # noqa: S608 - only question marks
                for key, blob in found:
                    vectors[rows[key]] = np.frombuffer(blob, dtype=np.float16)
                    known.update(rows[key])
        return vectors, [row for row in range(len(texts)) if row not in known]

    def put(self, texts: Sequence[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Keep the vectors, shape (len(texts), dimensions), and return them as they will be read."""
        halves = vectors.astype(np.float16)
        with self._connect() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings (key, vector) VALUES (?, ?)",
                [(self._key(text), half.tobytes()) for text, half in zip(texts, halves, strict=True)],
            )
        return halves.astype(np.float32)

    def forget(self, texts: Sequence[str]) -> None:
        """Delete the vectors of these texts for good: from the file's free pages and its log, too."""
        with self._connect() as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.executemany(
                "DELETE FROM embeddings WHERE key = ?", [(self._key(text),) for text in texts]
            )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(
            f"{self._model_id}\0{text}".encode("utf-8", "replace"), digest_size=16
        ).digest()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=60)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
        )
        return connection
