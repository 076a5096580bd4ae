"""Workbooks of others as rows: xlsx, xls, xlsb and ods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import python_calamine as calamine

from opsline.imports.errors import UnreadableFile

__all__ = ["rows_of_sheet", "sheet_names"]

EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's serial numbers have no zone
DAY: Final = 86_400


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets of cells; raise UnreadableFile."""
    cells = calamine.SheetTypeEnum.WorkSheet
    return tuple(sheet.name for sheet in _book(path).sheets_metadata if sheet.typ == cells)


def rows_of_sheet(path: Path, sheet: str) -> Iterator[list[object]]:
    """Yield a sheet's rows from its row 1 and column A, with serial numbers for dates and times.

    What stands in cells merged over several rows is the value of each of those rows.
    """
    found = _book(path).get_sheet_by_name(sheet)
    ranges = sorted(found.merged_cell_ranges or [])
    tall = {top: last for top, last in ranges if last[0] > top[0]}
    held: dict[int, tuple[object, int]] = {}
    for number, row in enumerate(found.to_python(skip_empty_area=False)):
        cells = [_plain(cell) for cell in row]
        for column, (value, last) in held.items():
            if number <= last and cells[column] is None:
                cells[column] = value
        for (top, column), (last, _) in tall.items():
            if top == number and column < len(cells):
                held[column] = (cells[column], last)
        yield cells


@cache
def _book(path: Path) -> calamine.CalamineWorkbook:
    """Open a workbook once."""
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(file=path.name, reason=str(error)) from None


def _plain(cell: object) -> object:
    """Return a cell as the Sheets API would answer it: text, number, boolean, serial number, None."""
    if cell == "":
        return None
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)
    if isinstance(cell, dt.date):
        return (dt.datetime.combine(cell, dt.time()) - EPOCH).days
    if isinstance(cell, dt.time):
        return (cell.hour * 3600 + cell.minute * 60 + cell.second) / DAY
    if isinstance(cell, dt.timedelta):
        return cell / dt.timedelta(days=1)
    return cell
