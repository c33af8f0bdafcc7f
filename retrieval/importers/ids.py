"""Which column holds a table's ids: the first by name that is filled and tells products apart, else their titles."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.importers.fields import is_code, quoted
from retrieval.importers.headers import Binding, HeaderTable
from retrieval.importers.job import Numbered
from retrieval.importers.reading import Row
from retrieval.importers.records import told_of
from retrieval.importers.survey import fingerprint
from retrieval.importers.values import text

_FILLED, _CODED = (
    0.5,
    0.9,
)  # of the rows that fill a column of ids, and one of codes (SKU, EAN), which may be missing
_APART = 0.9  # of the ids that differ in a column that tells products apart
_REPEATED = 0.5  # below, most rows of a column repeat the id of another


@dataclass
class IdColumns:
    """What a first pass saw of the columns that may hold a table's ids. Memory: 8 bytes a cell."""

    candidates: tuple[str, ...]
    """By their names, likeliest first."""
    prints: dict[str, array[int]] = field(default_factory=dict)
    rows: int = 0

    @classmethod
    def of(cls, system: HeaderTable, columns: Sequence[str], mapping: Sequence[tuple[str, str]]) -> IdColumns:
        """Of a table; none where the export of a shop system or ``mapping`` says which column it is."""
        if system.name != "products" or any(target == "item_id" for _, target in mapping):
            return cls(())
        named = {column for column, _ in mapping}
        found = [
            (entry[1], place, column)
            for place, column in enumerate(columns)
            if column not in named and (entry := system.field(column)) and entry[0] == "item_id"
        ]
        return cls(tuple(column for _, _, column in sorted(found)))

    def counted(self, rows: Iterable[Numbered[Row]]) -> Iterator[Numbered[Row]]:
        """The rows, with their ids counted as they pass."""
        for number, row in rows:
            self.rows += 1
            for column in self.candidates:
                if cell := text(row.get(column)):
                    self.prints.setdefault(column, array("Q")).append(fingerprint(cell))
            yield number, row

    def filled(self, column: str) -> float:
        """Share of the rows that fill a column."""
        return len(self.prints.get(column, ())) / max(1, self.rows)

    def apart(self, column: str) -> float:
        """Share of a column's cells that differ from each other."""
        import numpy as np

        cells = np.frombuffer(self.prints[column], dtype=np.uint64) if column in self.prints else np.empty(0)
        return len(np.unique(cells)) / max(1, len(cells))

    def is_full(self, column: str) -> bool:
        return self.filled(column) >= (_CODED if is_code(column) else _FILLED)

    def gaps(self, column: str) -> int:
        """Rows whose id is made of the title, since the column is one of codes and they have none."""
        return self.rows - len(self.prints.get(column, ())) if column and is_code(column) else 0

    def chosen(self) -> str:
        """The column to take; ``""`` where none is filled enough."""
        full = [column for column in self.candidates if self.is_full(column)]
        if not full:
            return ""
        first = full[0]
        if self.apart(first) >= _REPEATED:
            return first
        return next((column for column in full if self.apart(column) >= _APART), first)

    def others(self, chosen: str) -> tuple[str, ...]:
        """Columns whose ids may name a product, too, where another column or the title has its own."""
        if not self.candidates or chosen == self.candidates[0]:
            return ()
        return tuple(c for c in self.candidates if c != chosen and self.apart(c) >= _APART)

    def notices(self, file: str, chosen: str) -> Iterator[str]:
        """What is told of the choice, where it is not just the column that its name says."""
        if self.candidates and chosen != self.candidates[0]:
            yield f"{file}: {self._why(self.candidates[0])}, so {_instead(chosen)}"
        if gaps := self.gaps(chosen):
            yield (
                f"{file}: {told_of(gaps, 'rows', f'have none in {chosen!r}')}, so ids are made of the titles there; "
                "--id-from title makes all of them so"
            )

    def _why(self, named: str) -> str:
        if self.is_full(named):
            return f"{named!r} repeats from row to row"
        empty = self.rows - len(self.prints.get(named, ()))
        return told_of(empty, "rows", f"have none in {named!r}")


def _instead(chosen: str) -> str:
    if chosen:
        return f"ids are taken from {chosen!r} (the same as --map {quoted(chosen)}=item_id)"
    return "ids are made of the titles (the same as --id-from title; --id-from row numbers the rows)"


def with_ids_of(binding: Binding, chosen: str, candidates: Sequence[str]) -> Binding:
    """The binding with ``chosen`` as the column of ids; the other candidates become attributes."""
    fields = {column: names for column, names in binding.fields.items() if column not in candidates}
    return Binding(fields | ({chosen: ("item_id",)} if chosen else {}), binding.left_out, binding.named)
