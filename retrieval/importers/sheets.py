"""Workbooks (.xlsx, .xls, .ods): the sheet that holds the table, row by row."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from retrieval.importers.records import BadValueError, ImportFileError
from retrieval.importers.table_rows import Record, table_rows


def sheet_rows(
    path: Path, reject: Callable[[int, BadValueError], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of the sheet with the most filled rows; numbers count as the spreadsheet does.

    Raises:
        ImportFileError: the workbook can't be read, or is locked by a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            largest = max(
                sheets, key=lambda sheet: sheet.total_height * min(sheet.total_width, 2), default=None
            )
            if largest is None:
                return
            yield from table_rows(_records(largest), reject)
    except (CalamineError, OSError) as error:
        raise ImportFileError(
            f"{path.name}: the workbook can't be read ({error}); save it again without a password, or as CSV"
        ) from error


def _records(sheet: Any) -> Iterator[Record]:
    number = sheet.start[0] if sheet.start else 0
    for cells in sheet.iter_rows():
        number += 1
        yield number, [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Any:
    """Whole numbers are whole (a spreadsheet holds 12 as 12.0); a date is written out, as no price is one."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime.datetime) and not any((cell.hour, cell.minute, cell.second)):
        return cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        return str(cell)
    return cell
