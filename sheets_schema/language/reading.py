"""A sheet's values become a typed frame, and a list of all that is wrong, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sheets_schema.language.cells import address, blank, column_letters
from sheets_schema.language.fault import Fault, Reading
from sheets_schema.language.header import Header, match
from sheets_schema.language.rules import broken, violation
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.field import Field
    from sheets_schema.language.table import Table

__all__ = ["read"]


def read(table: Table, values: Sequence[Sequence[object]], time_zone: str) -> Reading:
    """Read a sheet; see `Table.read`."""
    header = match(table, values[0] if values else ())
    rows, numbers = _rows(values[1:])
    index = pd.Index(numbers, name="row", dtype="int64")
    faults = list(header.faults)
    columns: dict[str, pd.Series] = {}
    for field in table.fields:
        place = header.places.get(field.name)
        cells = _cells(rows, place)
        values_read, wrong = _column(table, field, cells, time_zone, numbers, place)
        columns[field.name] = values_read
        faults += wrong
    unknown = {**header.unknown, **_nameless(rows, header)}
    for name, place in unknown.items():
        columns[name] = pd.Series(_cells(rows, place), dtype=object)
        if not header.cells[place : place + 1] or not header.cells[place]:
            faults.append(_needs_name(table, place))
    frame = pd.DataFrame(columns)
    frame.index = index
    faults.sort(key=lambda fault: (fault.row, len(fault.cell), fault.cell))
    return Reading(frame, tuple(faults), header.cells, tuple(unknown))


def _rows(body: Sequence[Sequence[object]]) -> tuple[list[Sequence[object]], list[int]]:
    """Return the rows that are not blank, and their numbers in the sheet.

    A row of nothing but unticked boxes is blank: Google answers FALSE for each of them.
    """
    kept: list[Sequence[object]] = []
    numbers: list[int] = []
    for number, row in enumerate(body, start=2):
        if row and (
            (row[0] and row[0] != " ") or not all(cell is False or blank(cell) for cell in row)
        ):
            kept.append(row)
            numbers.append(number)
    return kept, numbers


def _cells(rows: Sequence[Sequence[object]], place: int | None) -> list[object]:
    """Return one column of ragged rows; None where a row ends before it, or there is no column."""
    if place is None:
        return [None for _ in rows]
    try:
        return [row[place] for row in rows]
    except IndexError:
        return [row[place] if len(row) > place else None for row in rows]


def _column(
    table: Table,
    field: Field,
    cells: list[object],
    time_zone: str,
    numbers: Sequence[int],
    place: int | None,
) -> tuple[pd.Series, list[Fault]]:
    """Type one column; a value that is not of its kind or breaks a rule is missing and a fault."""
    values, unfit = field.kind.column(cells, time_zone, table.missing)
    if place is None:
        return values, []
    wrong = broken(field, values)
    musts: dict[int, Message] = dict(unfit)
    for position in np.flatnonzero(wrong).tolist():
        value = values.iloc[position]
        found = violation(field, None if pd.isna(value) else value)
        if found is not None:
            musts.setdefault(position, found)
    values = values.mask(wrong) if wrong.any() else values
    if field.unique:
        values = _unique(values, musts, numbers, place)
    faults = [
        Fault(
            table.name,
            address(place, numbers[position]),
            field.name,
            numbers[position],
            cells[position],
            must,
        )
        for position, must in musts.items()
    ]
    return values, faults


def _unique(
    values: pd.Series, musts: dict[int, Message], numbers: Sequence[int], place: int
) -> pd.Series:
    """Leave out every value that stands higher up already, and say where."""
    again = (values.duplicated() & values.notna()).to_numpy()
    if not again.any():
        return values
    first = {value: position for position, value in reversed(list(enumerate(values)))}
    for position in np.flatnonzero(again).tolist():
        there = address(place, numbers[first[values.iloc[position]]])
        musts[position] = Message("language.must.unique", {"first": there})
    return values.mask(again)


def _nameless(rows: Sequence[Sequence[object]], header: Header) -> Mapping[str, int]:
    """Return the columns that hold something under a blank header cell, named by their letters."""
    used = {*header.places.values(), *header.unknown.values()}
    width = max((len(row) for row in rows), default=0)
    free = [place for place in range(width) if place not in used]
    return {
        column_letters(place): place
        for place in free
        if not all(cell is False or blank(cell) for cell in _cells(rows, place))
    }


def _needs_name(table: Table, place: int) -> Fault:
    """Return the fault of a column without a name."""
    return Fault(table.name, address(place, 1), "", 1, "", Message("language.must.name_column"))
