"""Which column is which field: the header tables of the shop systems, in every language that they write.

A table is a data file (``tables/headers/*.toml``): for each field the headers it goes by, best first, ``{n}``
for a number in the name and ``{u}`` for a unit; ``columns_pattern`` has patterns of what a header is compared as,
for names that translations word in many ways; what the system writes for itself
is under ``left_out``, by reason.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from retrieval.importers.values import unwrapped

_FOLDER = Path(__file__).parent / "tables" / "headers"
_DECORATION = re.compile(r"^\ufeff|\[[^\]]*\]|#\d+\.\w+$|\([^()]*=[^()]*\)|^[gc]:(?=\w)|\*")
_PLACES = {"{n}": r"(\d+)", "{u}": r"(kg|g|lbs?|oz|mm|cm|m|in|ft|yd)?"}
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=20_000)
def key(column: str) -> str:
    """A header as it is compared: ``*Title``, ``g:title`` and ``title[lang=en]`` are ``title``."""
    plain = _DECORATION.sub("", column.strip()).casefold().translate(_LETTERS)
    return re.sub(
        r"[\W_]+", "", unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode() or plain
    )


@dataclass(frozen=True)
class Binding:
    """The columns of one file: ``fields`` (column -> fields), ``left_out`` (column -> reason), the others."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """Column -> the attribute or text (``attributes.x``, ``texts.x``) that ``--map`` makes of it."""

    def split(self, row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A row's filled cells by field, and those of columns that are no field by column."""
        known: dict[str, Any] = {}
        others: dict[str, Any] = {}
        fields, left_out, named = self.fields, self.left_out, self.named
        for column, cell in row.items():
            if not cell and cell is not False and cell != 0:
                continue
            if type(cell) is str and cell[0] == "{":
                cell = unwrapped(cell)
            if column in fields:
                for name in fields[column]:
                    if name not in known:
                        known[name] = cell
            elif column not in left_out and column not in named:
                others[column] = cell
            if column in named:
                others[named[column]] = cell
        return known, others

    @property
    def found(self) -> set[str]:
        return {name for names in self.fields.values() for name in names}


class HeaderTable:
    """One system's headers."""

    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.name = name
        self.title: str = table.get("title", name)
        self.needs: tuple[frozenset[str], ...] = tuple(frozenset(names) for names in table.get("needs", ()))
        self.fallback: bool = table.get("fallback", False)
        """Whether a field is read from whichever of its columns a row fills."""
        self._names: dict[str, tuple[str, int]] = {}
        self._numbered: list[tuple[re.Pattern[str], str, int]] = []
        self._first = {canonical: headers[0] for canonical, headers in table.get("columns", {}).items()}
        for canonical, headers in table.get("columns", {}).items():
            for rank, header in enumerate(headers):
                self._enter(header, canonical, rank)
        self._numbered += [
            (re.compile(pattern), canonical, 99)
            for canonical, patterns in table.get("columns_pattern", {}).items()
            for pattern in patterns
        ]
        self._raw = [
            (re.compile(pattern), reason)
            for reason, patterns in table.get("left_out_pattern", {}).items()
            for pattern in patterns
        ]
        self._left_out = [
            (_pattern(header), reason)
            for reason, names in table.get("left_out", {}).items()
            for header in names
        ]

    def _enter(self, header: str, canonical: str, rank: int) -> None:
        if "{" in header:
            self._numbered.append((_pattern(header), canonical, rank))
        else:
            self._names.setdefault(key(header), (canonical, rank))

    def field(self, column: str) -> tuple[str, int] | None:
        """The field that a column's name stands for, and its rank among that field's names."""
        wanted = key(column)
        if wanted in self._names:
            return self._names[wanted]
        for pattern, canonical, rank in self._numbered:
            if match := pattern.fullmatch(wanted):
                filled = canonical
                for place, part in zip(re.findall(r"\{.\}", canonical), match.groups(), strict=False):
                    filled = filled.replace(place, part or "", 1)
                return filled, rank
        return None

    def reason(self, column: str) -> str | None:
        """Why a column is left out, where it is one that the system writes for itself."""
        wanted = key(column)
        raw = (reason for pattern, reason in self._raw if pattern.fullmatch(column))
        return next(
            raw, next((reason for pattern, reason in self._left_out if pattern.fullmatch(wanted)), None)
        )

    def matches(self, columns: Iterable[str]) -> bool:
        """Whether these may be the columns of this system's export."""
        found = {entry[0] for column in columns if (entry := self.field(column))}
        return any(needed <= found for needed in self.needs)

    def header(self, canonical: str) -> str:
        """The first header of a field, as the system writes it."""
        return self._first.get(canonical, canonical)

    def knows(self, column: str) -> bool:
        return self.field(column) is not None or self.reason(column) is not None

    def bind(self, columns: Sequence[str], mapping: Sequence[tuple[str, str]] = ()) -> Binding:
        """Columns to fields: what ``mapping`` (column, target) says, then by name; one column a field."""
        fields: dict[str, tuple[str, ...]] = {}
        left_out: dict[str, str] = {}
        named: dict[str, str] = {}
        taken: set[str] = set()
        for column, target in mapping:
            if target == "-":
                left_out[column] = "--map says so"
            elif target.partition(".")[0] in ("attributes", "texts"):
                named[column] = target
            else:
                fields[column] = (*fields.get(column, ()), target)
                taken.add(target)
        ranked = []
        for place, column in enumerate(columns):
            if column not in fields and column not in left_out and column not in named:
                entry = self.field(column)
                if entry and entry[0] not in taken:
                    ranked.append((entry[1], place, entry[0], column))
        for _, _, canonical, column in sorted(ranked):
            if canonical not in taken or self.fallback:
                taken.add(canonical)
                fields[column] = (canonical,)
        for column in columns:
            if column not in fields and column not in left_out and column not in named:
                reason = self.reason(column) or common().reason(column)
                if reason:
                    left_out[column] = reason
        return Binding(fields, left_out, named)


def _pattern(header: str) -> re.Pattern[str]:
    """``{n}``, ``{u}`` and ``*`` (anything) in a header."""
    parts = re.split(r"(\{[nu]\}|\*)", header)
    return re.compile(
        "".join(_PLACES.get(part) or (".*" if part == "*" else re.escape(key(part))) for part in parts)
    )


@cache
def table(name: str) -> HeaderTable:
    """The table of a shop system (``shopify``) or of a kind of file (``products``, ``reviews``)."""
    return HeaderTable(name, tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


@cache
def common() -> HeaderTable:
    """What shop systems of all kinds write for themselves."""
    return table("common")


@cache
def tables() -> tuple[HeaderTable, ...]:
    return tuple(table(path.stem) for path in sorted(_FOLDER.glob("*.toml")))


@lru_cache(maxsize=5000)
def known(column: str) -> bool:
    """Whether any system knows a column of this name: what tells a header from other rows."""
    return any(each.knows(column) for each in tables())
