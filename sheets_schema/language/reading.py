"""A sheet's values become a typed frame, and a list of all that is wrong, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sheets_schema.language.cells import address, blank, column_letters
from sheets_schema.language.fault import Fault, Reading
from sheets_schema.language.grid import Grid
from sheets_schema.language.header import Header, match
from sheets_schema.language.kinds.base import Values, is_missing
from sheets_schema.language.kinds.vectors import all_differ
from sheets_schema.language.rules import broken, violation
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.field import Field
    from sheets_schema.language.table import Table

__all__ = ["read"]


def read(
    table: Table, values: Sequence[Sequence[object]], time_zone: str, header: Header | None = None
) -> Reading:
    """Read a sheet; see `Table.read`."""
    if header is None:
        header = match(table, values[0] if values else ())
    grid = Grid.of(values[1:])
    faults = list(header.faults)
    columns: dict[str, Values] = {}
    for field in table.fields:
        place = header.places.get(field.name)
        if place is None:
            columns[field.name] = field.kind.array([None] * len(grid))
            continue
        column = _Column(table, field, place, grid.column(place), grid.numbers)
        columns[field.name], wrong = column.typed(time_zone)
        faults += column.faults(wrong)
    nameless = _nameless(grid, header)
    unknown = {**header.unknown, **nameless}
    for name, place in unknown.items():
        columns[name] = np.fromiter(_whole(grid.column(place)), dtype=object, count=len(grid))
    faults += [_needs_name(table, place) for place in nameless.values()]
    faults.sort(key=lambda fault: (fault.row, len(fault.cell), fault.cell))
    index = pd.Index(grid.numbers, name="row", dtype="int64")
    frame = pd.DataFrame(columns, index=index, copy=False)
    return Reading(frame, tuple(faults), header.cells, tuple(unknown), dict(header.taken))


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a sheet, before it is typed."""

    table: Table
    field: Field
    place: int
    cells: Sequence[object]
    numbers: np.ndarray

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
        if all_differ(values):
            return
        held = values.tolist()
        first: dict[object, int] = {}
        for position, value in enumerate(held):
            if is_missing(value):
                continue
            there = first.setdefault(value, position)
            if there != position:
                facts = {"first": address(self.place, int(self.numbers[there]))}
                yield position, Message("language.must.unique", facts)

    def faults(self, musts: Mapping[int, Message]) -> Iterator[Fault]:
        """Yield the fault of each position that is wrong."""
        for position, must in musts.items():
            row = int(self.numbers[position])
            cell, found = address(self.place, row), self.cells[position]
            yield Fault(self.table.name, cell, self.field.name, row, found, must)


def _whole(cells: list[object]) -> list[object]:
    """Return cells with whole characters: JSON can carry half of a surrogate pair, and Arrow cannot."""
    try:
        "".join(cell for cell in cells if isinstance(cell, str)).encode()
    except UnicodeEncodeError:
        return [cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell for cell in cells]
    return cells


def _nameless(grid: Grid, header: Header) -> Mapping[str, int]:
    """Return the columns that hold something under a blank header cell, named by their letters."""
    used = {*header.places.values(), *header.unknown.values()}
    return {
        column_letters(place): place
        for place in range(grid.width)
        if place not in used and not all(cell is False or blank(cell) for cell in grid.column(place))
    }


def _needs_name(table: Table, place: int) -> Fault:
    """Return the fault of a column without a name."""
    return Fault(table.name, address(place, 1), "", 1, "", Message("language.must.name_column"))
