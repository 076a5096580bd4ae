"""The values of a spreadsheet inside the engine: only the columns that formulas read, kept in step."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import formualizer

from local_sheets.formulas.google import register
from local_sheets.formulas.results import engine_kind
from local_sheets.store.book import Sheet
from local_sheets.store.row import ERROR, Row

LONGEST = 10_000
"""Milliseconds that one recalculation may take, or one formula where all together take longer."""


class Mirror:
    """An engine's workbook. Rows and columns are counted from 0 here, from 1 in the engine."""

    def __init__(self) -> None:
        how = formualizer.EvaluationConfig()
        how.enable_parallel = False  # the store has one thread, and functions in Python hold the lock anyway
        how.max_eval_time_ms = LONGEST
        self.workbook = formualizer.Workbook(
            config=formualizer.WorkbookConfig(
                mode=formualizer.WorkbookMode.Ephemeral, eval_config=how, enable_changelog=False
            )
        )
        self.workbook.set_temporal_egress("serial")
        register(self.workbook)
        self.titles: dict[int, str] = {}
        self.columns: dict[int, set[int]] = {}
        self.extent: dict[int, int] = {}
        """By the sheet's key: how many rows it had when it was last followed."""
        self._scratch = 0

    def add(self, sheet: Sheet) -> None:
        """Make a sheet known, without its values."""
        if sheet.key not in self.titles:
            self.workbook.add_sheet(sheet.title)
            self.titles[sheet.key] = sheet.title
            self.columns[sheet.key] = set()
            self.extent[sheet.key] = 0

    def scratch(self) -> str:
        """Add a sheet that is none of the spreadsheet's, and return its name."""
        self._scratch += 1
        name = f"\x01{self._scratch}"
        self.workbook.add_sheet(name)
        return name

    def need(self, sheet: Sheet, columns: Iterable[int]) -> set[int]:
        """Load the values of columns that are not there yet; return which were loaded."""
        fresh = {column for column in columns if column < sheet.columns} - self.columns[sheet.key]
        if fresh:
            self.load(sheet, fresh, 0)
            self.extent[sheet.key] = len(sheet.lines)
            self.columns[sheet.key] |= fresh
        return fresh

    def load(self, sheet: Sheet, columns: Iterable[int], low: int) -> None:
        """Write the values of columns from row *low* on; below the last row of the sheet all is blank."""
        lines, title = sheet.lines, self.titles[sheet.key]
        rows = _values(lines.texts(low, len(lines)))
        gone = max(self.extent[sheet.key] - low - len(rows), 0)
        chosen = sorted(columns)
        for first, last in _runs(chosen):
            width = last - first
            values = [row[first:last] if len(row) >= last else _padded(row, first, width) for row in rows]
            values += [[None] * width for _ in range(gone)]
            if values:
                self.workbook.set_values_batch(title, low + 1, first + 1, values)
        for index in lines.places(lines.formulas) if sheet.has_formulas else ():
            row = lines.row(index)
            if index >= low and ERROR in row.extras:
                for column in chosen:
                    self.put(sheet.key, index, column, seen(row, column))

    def get(self, sheet: int, row: int, column: int) -> Any:
        """Return what a cell holds in the engine."""
        return self.workbook.get_value(self.titles[sheet], row + 1, column + 1)

    def put(self, sheet: int, row: int, column: int, value: Any) -> bool:
        """Set a cell's value if it is another; say whether it was."""
        old = self.get(sheet, row, column)
        if type(old) is type(value) and old == value:
            return False
        self.workbook.set_value(self.titles[sheet], row + 1, column + 1, value)
        return True

    def error(self, text: str) -> Any:
        """Return an error as a value."""
        return literal_error(text)

    def set_time(self, now: datetime) -> None:
        """Say what time it is, in the spreadsheet's zone."""
        offset = now.utcoffset()
        seconds = int(offset.total_seconds()) if offset is not None else 0
        self.workbook.set_deterministic_clock(now.astimezone(UTC), seconds)


def _values(texts: list[str]) -> list[list[Any]]:
    """Return the rows of JSON texts, whole numbers as floats and blanks as None.

    >>> _values(['["a",1,""],[""]'])
    [['a', 1.0, None], [None]]
    """
    text = ",".join(texts).replace(',""', ",null").replace('[""', "[null")
    found: list[list[Any]] = json.loads(f"[{text}]", parse_int=float)
    return found


def _runs(columns: list[int]) -> list[tuple[int, int]]:
    """Return sorted columns as stretches.

    >>> _runs([1, 2, 5])
    [(1, 3), (5, 6)]
    """
    found: list[tuple[int, int]] = []
    for column in columns:
        if found and found[-1][1] == column:
            found[-1] = (found[-1][0], column + 1)
        else:
            found.append((column, column + 1))
    return found


def _padded(row: list[Any], first: int, width: int) -> list[Any]:
    """Return a part of a row that may end earlier."""
    part = row[first : first + width]
    return part + [None] * (width - len(part))


def literal_error(text: str) -> Any:
    """Return an error as a value of the engine's."""
    return formualizer.LiteralValue.error(engine_kind(text), None)


def seen(row: Row, column: int) -> Any:
    """Return a cell's value as the engine takes it."""
    value = row.get(column)
    if type(value) is str:
        if value == "":
            return None
        return literal_error(value) if row.extra(ERROR, column) is not None else value
    return value if type(value) is bool else float(value)
