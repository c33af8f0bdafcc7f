"""Faults in one line that says what to do: a full disk, a read-only folder, a damaged database or file."""

from __future__ import annotations

import errno
import sqlite3
from functools import cache

from sqlalchemy.exc import DBAPIError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})  # says nothing of the file that was asked for
_TOO_MANY_FILES = "too many open files: raise the limit (`ulimit -n`), or open fewer shops in one process"
_FREE_SPACE = (
    "no space left{where}: free some and run the same command again; what was kept goes on from there"
)
_UNREADABLE = "the disk can't be read or written{where}: see that it is sound and has space, and try again"
_MAKE_WRITABLE = "can't write{where}: make the folder writable, or work on a copy of it"
_DAMAGED = "the database{where} is damaged: put a backup in its place, or move it away and import again"
_DATABASE = (  # part of SQLite's message, what to tell
    ("full", _FREE_SPACE),
    ("disk i/o", _UNREADABLE),
    ("readonly", _MAKE_WRITABLE),
    ("unable to open", _MAKE_WRITABLE),
    ("locked", "the database{where} is busy: wait for the other process to end, or stop it"),
    ("malformed", _DAMAGED),
    ("could not decode", _DAMAGED),
    ("connection", "the database{where} can't be reached: is its server up, and AISLE_DATABASE right?"),
    ("not a database", "{where} is no SQLite database: put a backup in its place, or move it away"),
)


def explained(error: BaseException) -> str | None:
    """One line for what a person can mend, from the machine or the lower rooms; None for anything else."""
    if isinstance(error, _said_to_a_person()):
        return str(error)
    if isinstance(error, DBAPIError) and error.orig is not None:
        return _of_database(error.orig)
    if isinstance(error, sqlite3.Error):
        return _of_database(error)
    if isinstance(error, MemoryError):
        return "out of memory: give this process more, or work with fewer products at a time"
    if not isinstance(error, OSError) or isinstance(error, BrokenPipeError):
        return None
    path = error.filename2 or error.filename  # where it was copied to, rather than from
    where = f": {path}" if path else ""
    if error.errno in _FULL or (error.errno is None and "free space" in str(error)):  # NumPy has no number
        return _FREE_SPACE.format(where=where.replace(":", " for", 1))
    if error.errno in _REFUSED:
        return _MAKE_WRITABLE.format(where=where)
    if error.errno in EXHAUSTED:
        return _TOO_MANY_FILES
    return f"{error.strerror or error}{where}"


def _of_database(error: BaseException) -> str:
    said = " ".join(str(error).split())
    for part, told in _DATABASE:
        if part in said.lower():
            return f"{told.format(where='')} ({said})"
    return f"the database refuses: {said}"


@cache
def _said_to_a_person() -> tuple[type[Exception], ...]:
    """The errors whose message is written for a person; imported late, for only a failure needs them."""
    from agent.errors import AisleError
    from cf_engine.storage import ModelFileError
    from retrieval.catalog_tables import DamagedRowError
    from retrieval.encoder import EncoderError
    from retrieval.filtering.parser import FilterSyntaxError
    from retrieval.importers.records import ImportFileError
    from retrieval.inference.classifier_weights import ModelFilesError
    from retrieval.reranker import RerankerError
    from retrieval.review_index import ReviewIndexError
    from retrieval.search import SearchBuildError
    from retrieval.text.query_analysis import SynonymError
    from retrieval.vector_index import VectorIndexError
    from speech.errors import SpeechError

    return (
        AisleError,
        DamagedRowError,
        EncoderError,
        FilterSyntaxError,
        ImportFileError,
        ModelFileError,
        ModelFilesError,
        RerankerError,
        ReviewIndexError,
        SearchBuildError,
        SpeechError,
        SynonymError,
        VectorIndexError,
    )
