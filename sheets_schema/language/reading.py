"""A sheet's values become a typed frame, and a list of all that is wrong, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sheets_schema.language.cells import address, blank, column_letters
from sheets_schema.language.fault import Fault, Reading
from sheets_schema.language.header import Header, match
from sheets_schema.language.kinds.base import Values, is_missing
from sheets_schema.language.rules import broken, violation
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.field import Field
    from sheets_schema.language.table import Table

__all__ = ["read"]

Row = Sequence[object]


def read(table: Table, values: Sequence[Row], time_zone: str) -> Reading:
    """Read a sheet; see `Table.read`."""
    header = match(table, values[0] if values else ())
    rows, numbers = _rows(values[1:])
    faults = list(header.faults)
    columns: dict[str, Values] = {}
    for field in table.fields:
        place = header.places.get(field.name)
        if place is None:
            columns[field.name] = field.kind.array([None] * len(rows))
            continue
        column = _Column(table, field, place, _cells(rows, place), numbers)
        columns[field.name], wrong = column.typed(time_zone)
        faults += column.faults(wrong)
    nameless = _nameless(rows, header)
    unknown = {**header.unknown, **nameless}
    for name, place in unknown.items():
        columns[name] = np.fromiter(_cells(rows, place), dtype=object, count=len(rows))
    faults += [_needs_name(table, place) for place in nameless.values()]
    faults.sort(key=lambda fault: (fault.row, len(fault.cell), fault.cell))
    index = pd.Index(numbers, name="row", dtype="int64")
    frame = pd.DataFrame(columns, index=index, copy=False)
    return Reading(frame, tuple(faults), header.cells, tuple(unknown))


def _rows(body: Sequence[Row]) -> tuple[list[Row], list[int]]:
    """Return the rows that are not blank, and their numbers in the sheet.

    A row of nothing but unticked boxes is blank: Google answers FALSE for each of them.
    """
    kept: list[Row] = []
    numbers: list[int] = []
    for number, row in enumerate(body, start=2):
        begun = row and type(row[0]) is str and row[0] and not row[0].isspace()
        if begun or not all(cell is False or blank(cell) for cell in row):
            kept.append(row)
            numbers.append(number)
    return kept, numbers


def _cells(rows: Sequence[Row], place: int) -> list[object]:
    """Return one column of ragged rows; None where a row ends before it."""
    try:
        return [row[place] for row in rows]
    except IndexError:
        return [row[place] if len(row) > place else None for row in rows]


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a sheet, before it is typed."""

    table: Table
    field: Field
    place: int
    cells: list[object]
    numbers: Sequence[int]

    def typed(self, time_zone: str) -> tuple[Values, dict[int, Message]]:
        """Return the typed values, and what the wrong ones must be; those are missing."""
        field = self.field
        values, unfit = field.kind.column(self.cells, time_zone, self.table.missing)
        musts = dict(unfit)
        for position in broken(field, values):
            value = values[position]
            found = violation(field, None if is_missing(value) else value)
            if found is not None:
                musts.setdefault(position, found)
        if field.unique:
            musts |= dict(self._repeated(values))
        if musts:
            wrong = list(musts)
            values[wrong] = field.kind.array([None] * len(wrong))
        return values, musts

    def _repeated(self, values: Values) -> Iterator[tuple[int, Message]]:
        """Yield the positions of values that stand higher up already, and where that is."""
        held = values.tolist()
        if len(set(held)) == len(held):
            return
        first: dict[object, int] = {}
        for position, value in enumerate(held):
            if is_missing(value):
                continue
            there = first.setdefault(value, position)
            if there != position:
                facts = {"first": address(self.place, self.numbers[there])}
                yield position, Message("language.must.unique", facts)

    def faults(self, musts: Mapping[int, Message]) -> Iterator[Fault]:
        """Yield the fault of each position that is wrong."""
        for position, must in musts.items():
            row = self.numbers[position]
            cell, found = address(self.place, row), self.cells[position]
            yield Fault(self.table.name, cell, self.field.name, row, found, must)


def _nameless(rows: Sequence[Row], header: Header) -> Mapping[str, int]:
    """Return the columns that hold something under a blank header cell, named by their letters."""
    used = {*header.places.values(), *header.unknown.values()}
    width = max(map(len, rows), default=0)
    return {
        column_letters(place): place
        for place in range(width)
        if place not in used and not all(cell is False or blank(cell) for cell in _cells(rows, place))
    }


def _needs_name(table: Table, place: int) -> Fault:
    """Return the fault of a column without a name."""
    return Fault(table.name, address(place, 1), "", 1, "", Message("language.must.name_column"))
