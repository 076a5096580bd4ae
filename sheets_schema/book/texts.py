"""A reading by the ids of its rows, its cells as the journal has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sheets_schema.book import journal
from sheets_schema.errors import CellFault
from sheets_schema.language import Fault, Reading, Table
from sheets_schema.language.cells import as_text, column_letters, column_position
from sheets_schema.language.header import Header, match
from sheets_schema.language.kinds.base import is_missing

__all__ = ["Texts", "equal", "place_of"]


@dataclass
class Texts:
    """A reading by id, its cells as the journal has them."""

    table: Table
    reading: Reading
    time_zone: str
    _columns: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows that have an id, by id."""
        frame = self.reading.frame
        keys = frame[self.table.key]
        ours = (keys.notna() & ~keys.duplicated()).to_numpy()
        keyed = frame if ours.all() else frame[ours]
        return keyed.set_axis(pd.Index(keyed[self.table.key].astype(object), name=None))

    @cached_property
    def columns(self) -> list[str]:
        """The columns that the sheet has: declared ones, and the others."""
        return [*(name for name in self.table.names if name in self.header.places), *self.reading.unknown]

    @cached_property
    def header(self) -> Header:
        """The first row, as the reading understands it."""
        return match(self.table, self.reading.header, self.reading.taken)

    @cached_property
    def odd(self) -> dict[tuple[str, str], str]:
        """What stands in the cells that cannot be typed, by id and field."""
        rows = {fault.row for fault in self.reading.faults} & set(self.reading.frame.index)
        ids = self.reading.frame[self.table.key].loc[sorted(rows)].to_dict()
        return {
            (str(ids[fault.row]), fault.field): as_text(fault.found)
            for fault in self.reading.faults
            if fault.row > 1 and isinstance(ids.get(fault.row), str)
        }

    def text(self, id_: str, name: str) -> str:
        """Return a cell's text, as the journal has it."""
        if (id_, name) in self.odd:
            return self.odd[id_, name]
        value = self._column(name)[self._places[id_]]
        if is_missing(value):
            return ""
        if name not in self.table.names:
            return as_text(value)
        declared = self.table.field(name)
        try:
            return journal.text_of(declared, declared.format(value, self.time_zone))
        except CellFault:
            return as_text(value)

    @cached_property
    def _places(self) -> dict[str, int]:
        """Id -> position of its row."""
        return {id_: place for place, id_ in enumerate(self.frame.index)}

    def _column(self, name: str) -> Any:
        """Return the values of a column."""
        if name not in self._columns:
            self._columns[name] = self.frame[name].array
        return self._columns[name]

    def row(self, id_: str) -> dict[str, str]:
        """Return the texts of a row."""
        return {name: self.text(id_, name) for name in self.columns}

    def with_names(self, renamed: Mapping[str, str]) -> Texts:
        """Return the reading with some of its columns under other names; a declared one is typed."""
        header, frame, faults = list(self.reading.header), self.reading.frame, list(self.reading.faults)
        columns = {
            renamed.get(str(name), str(name)): frame[name] for name in frame if name not in renamed.values()
        }
        for old, new in renamed.items():
            place = place_of(self, old)
            header += [""] * (place + 1 - len(header))
            header[place] = "" if new == column_letters(place) else new
            if new in self.table.names:
                cells = frame[old].tolist()
                values, unfit = self.table.field(new).kind.column(cells, self.time_zone, self.table.missing)
                columns[new] = pd.Series(values, index=frame.index)
                rows = {position: int(frame.index[position]) for position in unfit}
                faults += [
                    Fault(self.table.name, "", new, rows[position], cells[position], must)
                    for position, must in unfit.items()
                ]
        names = (renamed.get(name, name) for name in self.reading.unknown)
        unknown = tuple(name for name in names if name not in self.table.names)
        reading = Reading(pd.DataFrame(columns), tuple(faults), tuple(header), unknown, self.reading.taken)
        return Texts(self.table, reading, self.time_zone)


def place_of(texts: Texts, name: str) -> int:
    """Return the position of a column that is not declared; one without a name goes by its letters."""
    place = texts.header.unknown.get(name)
    return column_position(name) if place is None else place


def equal(one: Any, other: Any) -> np.ndarray:
    """Say for each pair of values whether they are the same, or both are missing."""
    if one.dtype != other.dtype or one.dtype == object:
        one, other = (np.asarray(each, dtype=object) for each in (one, other))
    same = one == other
    equal = same if isinstance(same, np.ndarray) else same.to_numpy(dtype=bool, na_value=False)
    missing = np.asarray(pd.isna(one)) & np.asarray(pd.isna(other))
    both: np.ndarray = np.asarray(equal, dtype=bool) | missing
    return both
