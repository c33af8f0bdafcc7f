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

    Raises:
        ShopError: it is empty, damaged, no SQLite database, some other program's, or can't be opened.
    """
    with path.open("rb") as file:
        header = file.read(len(_MAGIC))
    if not header:
        raise ShopError(f"{path} is empty: {_MEND}")
    if not header.startswith(_MAGIC):
        raise ShopError(f"{path} is no SQLite database, it begins with {header!r}: {_MEND}")
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
        raise ShopError(f"{path} is damaged ({error}): {_MEND}") from error
