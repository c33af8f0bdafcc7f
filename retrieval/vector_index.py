"""Vectors in Chroma (HNSW), and exact scans where they are cheaper or a filter must hold.

The one place that knows Chroma. ``VectorCollection`` is a set of rows with vectors and flat metadata,
written once, in a folder of its own or on a Chroma server; ``VectorIndex`` adds the vectors as a memory-
mapped file, exact scans, and the choice between the two by cost.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import tempfile
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from retrieval.arrays import open_array

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Metadata = Mapping[str, str | int | float | bool]
Progress = Callable[[str, int, int | None], None]

# Recall@10 >= 0.98 against exact search at 54,667 product titles (benchmarks/search.py); Chroma's defaults
# (16 neighbours, 100 to build, 100 to search) lose results between clusters.
_HNSW = {"space": "ip", "ef_construction": 128, "max_neighbors": 32, "ef_search": 256}
_log = logging.getLogger(__name__)

VECTORS_FILE = "vectors.npy"
_PERSISTED = "index_metadata.pickle"  # what Chroma writes with an index of 1,000 vectors and more
_BATCH = 5000  # Chroma takes at most 5,461 a call

# Microseconds, one thread, as benchmarks/search.py sees them: they only need the right order of magnitude.
_SCAN_US = 0.10  # one row of an exact scan over the whole matrix, 384 dimensions
_GATHER_US = 0.25  # one row picked out of it
_HNSW_US = 4_000.0  # one query to Chroma for up to a few hundred neighbours


class VectorIndexError(RuntimeError):
    """Chroma can't be reached or lacks the collection; the message says what to do."""


class VectorCollection:
    """One written-once collection in Chroma; rows are 0..n-1. Opened lazily: importing Chroma costs about 1
    s."""

    def __init__(self, folder: Path, *, server: str = "") -> None:
        facts = json.loads((folder / "collection.json").read_text(encoding="utf-8"))
        self.size: int = facts["size"]
        self._name: str = facts["name"]
        self._folder, self._server = folder, server
        if bool(server) != bool(facts["on_server"]):
            where = "on a Chroma server" if facts["on_server"] else "in the build's folder"
            raise VectorIndexError(
                f"this build keeps its vectors {where}; build again with the present setting"
            )
        self._lock = threading.Lock()
        self._opened: Any = None

    @classmethod
    def create(
        cls,
        folder: Path,
        name: str,
        vectors: FloatArray,
        metadata: Sequence[Metadata] | None = None,
        *,
        server: str = "",
        progress: Progress | None = None,
    ) -> VectorCollection:
        """Write unit vectors, shape (n, d), with flat metadata by row. HNSW grows like n log n.

        ``server``: ``http://host:port`` of a Chroma server; empty: files in ``folder``.

        Raises:
            VectorIndexError: the server can't be reached or refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{name}-{uuid.uuid4().hex[:12]}"  # a server holds the collections of many builds
        try:
            client = _client(folder / name, server)
            collection = client.create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            for start in range(0, len(vectors), _BATCH):
                rows = range(start, min(start + _BATCH, len(vectors)))
                collection.add(
                    ids=[str(row) for row in rows],
                    embeddings=np.ascontiguousarray(vectors[rows.start : rows.stop]),
                    metadatas=[dict(metadata[row]) for row in rows] if metadata else None,
                )
                if progress:
                    progress("vector index", rows.stop, len(vectors))
            client.close()
            if not server:
                _compact(folder / name)
                _clear_unused(folder / name)
        except VectorIndexError:
            raise
        except Exception as error:
            raise VectorIndexError(f"Chroma refused the vectors of {name}: {error}") from error
        facts = {"name": name, "size": len(vectors), "on_server": bool(server)}
        (folder / "collection.json").write_text(json.dumps(facts), encoding="utf-8")
        return cls(folder, server=server)

    def query(
        self, vector: FloatArray, k: int, where: dict[str, Any] | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Rows nearest to ``vector``, shape (d,), by cosine, best first, and their cosines; approximate.

        Raises:
            VectorIndexError: Chroma fails.
        """
        if not self.size:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        try:
            found = self._collection().query(
                query_embeddings=np.asarray(vector, dtype=np.float32)[None, :],
                n_results=min(k, self.size),
                where=where,
                include=["distances"],
            )
        except VectorIndexError:
            raise
        except Exception as error:
            raise VectorIndexError(f"Chroma failed to search {self._name}: {error}") from error
        rows = np.fromiter(map(int, found["ids"][0]), dtype=np.int64)
        return rows, 1.0 - np.asarray(found["distances"][0], dtype=np.float32)

    def drop(self) -> None:
        """Remove the collection from the server or the folder (when its build is deleted).

        Raises:
            VectorIndexError: Chroma does not answer, or has no such collection.
        """
        try:
            _client(self._files(), self._server).delete_collection(self._name)
        except VectorIndexError:
            raise
        except Exception as error:
            raise VectorIndexError(f"Chroma could not delete {self._name}: {error}") from error

    def _collection(self) -> Any:
        with self._lock:
            if self._opened is None:
                folder = self._files() if self._server else self._working_copy()
                self._opened = _client(folder, self._server).get_collection(
                    self._name, embedding_function=None
                )
            return self._opened

    def _files(self) -> Path:
        # A folder of its own name: Chroma keeps a client by path as long as the process lives, and the path
        # of a build under way is that of the next one, too.
        own = self._folder / self._name
        return own if own.is_dir() else self._folder

    def _working_copy(self) -> Path:
        """A folder for Chroma to write to, which it does even when it only reads: a build never changes.

        Its database is copied; an index on disk is linked, for that it leaves alone. Gone with this object.
        """
        copy = tempfile.TemporaryDirectory(prefix="aisle-chroma-", ignore_cleanup_errors=True)
        self._copy = copy
        for path in self._files().iterdir():
            target = Path(copy.name) / path.name
            if not path.is_dir():
                shutil.copyfile(path, target)
            elif (path / _PERSISTED).exists():
                target.symlink_to(path.resolve(), target_is_directory=True)
            else:  # too small for an index yet: Chroma makes it anew at every opening
                shutil.copytree(path, target)
        return Path(copy.name)


class VectorIndex:
    """All vectors of a shop: memory-mapped for exact work, and in Chroma for large unfiltered search."""

    def __init__(self, vectors: FloatArray, collection: VectorCollection | None) -> None:
        self.vectors = vectors
        self.collection = collection

    @classmethod
    def build(
        cls,
        folder: Path,
        vectors: FloatArray,
        metadata: Sequence[Metadata] | None = None,
        *,
        server: str = "",
        progress: Progress | None = None,
    ) -> None:
        """Write vectors, shape (n, d), rows of length 1, into ``folder`` (unless allocated there) and
        Chroma."""
        folder.mkdir(parents=True, exist_ok=True)
        if not cls._is_in(folder, vectors):
            np.save(folder / VECTORS_FILE, np.ascontiguousarray(vectors, dtype=np.float32))
        VectorCollection.create(
            folder / "chroma", "products", vectors, metadata, server=server, progress=progress
        )

    @classmethod
    def allocate(cls, folder: Path, size: int, dimensions: int) -> FloatArray:
        """A matrix of zeros, shape (size, dimensions), kept in the index's file: to fill, then to
        ``build``."""
        folder.mkdir(parents=True, exist_ok=True)
        if not size:
            return np.zeros((0, dimensions), dtype=np.float32)
        return np.lib.format.open_memmap(folder / VECTORS_FILE, "w+", np.float32, (size, dimensions))

    @staticmethod
    def _is_in(folder: Path, vectors: FloatArray) -> bool:
        if (
            not isinstance(vectors, np.memmap)
            or Path(str(vectors.filename)) != (folder / VECTORS_FILE).resolve()
        ):
            return False
        vectors.flush()
        return True

    @classmethod
    def open(cls, folder: Path, *, server: str = "") -> VectorIndex:
        """Open what ``build`` wrote; Chroma itself only wakes at the first search that needs it.

        Raises:
            VectorIndexError: the build keeps its vectors elsewhere than the setting says.
        """
        return cls(open_array(folder / VECTORS_FILE), VectorCollection(folder / "chroma", server=server))

    def search(self, query: FloatArray, k: int, mask: BoolArray | None = None) -> tuple[IntArray, FloatArray]:
        """The ``k`` rows nearest to ``query``, shape (d,), within ``mask``, best first, with their cosines.

        Exact under a mask and for shops that scan faster than Chroma answers; else Chroma's HNSW. Where
        Chroma does not answer, all vectors are scanned, and the log says so.
        """
        plan = self.plan(k, None if mask is None else int(np.count_nonzero(mask)))
        if plan == "chroma" and self.collection is not None:
            try:
                return self.collection.query(query, k)
            except VectorIndexError as error:  # the vectors are here too: slower, but right
                _log.warning("searching without Chroma: %s", error)
        if plan == "gather" and mask is not None:
            rows = np.flatnonzero(mask)
            return self._best(rows, self.vectors[rows] @ query, k)
        scores = self.vectors @ query
        if mask is None:
            return self._best(np.arange(len(scores)), scores, k)
        rows = np.flatnonzero(mask)
        return self._best(rows, scores[rows], k)

    def plan(self, k: int, matching: int | None) -> str:
        """``scan`` (all rows), ``gather`` (the matching rows) or ``chroma``: the cheapest that is right."""
        costs = {"scan": _SCAN_US * len(self.vectors) * self.vectors.shape[1] / 384}
        if matching is not None:
            costs["gather"] = _GATHER_US * matching * self.vectors.shape[1] / 384
        elif self.collection is not None and k <= 500:
            costs["chroma"] = _HNSW_US
        return min(costs, key=lambda plan: costs[plan])

    @staticmethod
    def _best(rows: IntArray, scores: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
        if len(rows) > k:
            best = np.argpartition(-scores, k - 1)[:k]
            rows, scores = rows[best], scores[best]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def _compact(folder: Path) -> None:
    """Give back the room of the vectors that Chroma kept in its database until they were in the index."""
    with closing(sqlite3.connect(folder / "chroma.sqlite3", isolation_level=None)) as database:
        database.execute("VACUUM")


def _clear_unused(folder: Path) -> None:
    """Zero the files of an index that holds no rows yet (Chroma keeps the first thousand in its database).

    They are memory that was set aside and never written to: whatever lay there before, a shopper's words too.
    """
    for name in ("data_level0.bin", "length.bin"):
        for file in folder.rglob(name):
            if not (file.parent / _PERSISTED).exists():
                file.write_bytes(bytes(file.stat().st_size))


def _client(folder: Path, server: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not server:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    address = urlsplit(server)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise VectorIndexError(
            f"the Chroma server is {server!r}; expected an address such as http://localhost:8000"
        )
    secure = address.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=address.hostname,
            port=address.port or (443 if secure else 8000),
            ssl=secure,
            settings=settings,
        )
    except Exception as error:
        raise VectorIndexError(
            f"no Chroma server answers at {server} ({error}); start `chroma run`"
        ) from error
