"""Whether `shop.db` is a shop's database, seen from its header and its tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from agent.errors import ShopError
from agent.faults import explained

_MAGIC = b"SQLite format 3\x00"
_MEND = "put a backup in its place, or move it away and run `aisle import` again"


def check_database(path: Path) -> None:
    """Look at a database file that is there.

    SQLite alone opens it: to close a file by any other way drops the locks that this process holds on it,
    and another process then takes the log away under an open shop (https://www.sqlite.org/howtocorrupt.html, 2.2).

    Raises:
        ShopError: it is empty, damaged, no SQLite database, some other program's, or can't be opened.
    """
    if not path.stat().st_size:
        raise ShopError(f"{path} is empty: {_MEND}")
    tables = _tables(path)
    if tables and "products" not in tables:
        some = ", ".join(sorted(tables)[:5])
        raise ShopError(f"{path} is another program's database, it has the tables {some}: {_MEND}")


def _tables(path: Path) -> set[str]:
    try:
        with closing(sqlite3.connect(path, timeout=30)) as database:
            return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    except sqlite3.OperationalError as error:  # busy or read-only: no word on what is in it
        raise ShopError(f"{path}: {explained(error)}") from error
    except sqlite3.DatabaseError as error:  # SQLite sees a file that was cut short, too
        header = _header(path)
        if header.startswith(_MAGIC):
            raise ShopError(f"{path} is damaged ({error}): {_MEND}") from error
        raise ShopError(f"{path} is no SQLite database, it begins with {header!r}: {_MEND}") from error


def _header(path: Path) -> bytes:
    with path.open("rb") as file:  # nobody has it open: SQLite has just refused it
        return file.read(len(_MAGIC))
