"""What must agree between the sheets of a workbook: foreign keys, unique keys, and no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sheets_schema.language.cells import address
from sheets_schema.language.fault import Fault, Reading
from sheets_schema.language.field import Field
from sheets_schema.language.kinds.vectors import stand_in
from sheets_schema.language.table import Table
from sheets_schema.words import Message

__all__ = ["disagreements"]


def disagreements(tables: Mapping[str, Table], readings: Mapping[str, Reading]) -> Iterator[Fault]:
    """Yield a fault for each cell that does not agree with another row or another sheet.

    Args:
        tables: The tables by name.
        readings: The sheets that were loaded; a key into a sheet that was not is left unjudged. The
            values stay in their frames, since a wrong code still tells a person something.
    """
    for name, reading in readings.items():
        table = tables[name]
        for field in table.fields:
            if field.foreign is not None and field.foreign in readings:
                yield from _dangling(table, field, reading, readings[field.foreign])
            if field.foreign == name:
                yield from _circles(table, field, reading)
        for names in table.unique_keys:
            yield from _repeated(table, names, reading)


def _fault(table: Table, field: str, reading: Reading, position: int, must: Message) -> Fault | None:
    """Return the fault of one cell of a reading; None if the sheet has no such column."""
    place = table.place(field, reading.header)
    if place is None:
        return None
    row = int(reading.frame.index[position])
    found = reading.frame[field].iloc[position]
    return Fault(table.name, address(place, row), field, row, None if pd.isna(found) else found, must)


def _faults(table: Table, field: str, reading: Reading, wrong: np.ndarray, must: Message) -> Iterator[Fault]:
    """Yield the faults of the cells of one column that are wrong in the same way."""
    for position in np.flatnonzero(wrong).tolist():
        if fault := _fault(table, field, reading, position, must):
            yield fault


def _dangling(table: Table, field: Field, reading: Reading, there: Reading) -> Iterator[Fault]:
    """Yield a fault for each key that names no row of the other sheet."""
    keys = reading.frame[field.name]
    wrong = keys.notna().to_numpy() & ~stand_in(keys.array, there.frame["id"].array)
    must = Message("language.must.exist", {"key": "id", "table": field.foreign})
    yield from _faults(table, field.name, reading, wrong, must)


def _circles(table: Table, field: Field, reading: Reading) -> Iterator[Fault]:
    """Yield a fault for each row that is above itself (a manager's manager, a team's team)."""
    frame = reading.frame[["id", field.name]].dropna()
    above = dict(zip(frame["id"], frame[field.name], strict=True))
    inside = {key for key in above if _returns(key, above)}
    if inside:
        wrong = reading.frame["id"].isin(inside).to_numpy()
        must = Message("language.must.no_circle")
        yield from _faults(table, field.name, reading, wrong, must)


def _returns(key: str, above: Mapping[str, str]) -> bool:
    """Say whether the way up from a key comes back to it."""
    seen: set[str] = set()
    here = above.get(key)
    while here is not None and here not in seen:
        if here == key:
            return True
        seen.add(here)
        here = above.get(here)
    return False


def _repeated(table: Table, names: tuple[str, ...], reading: Reading) -> Iterator[Fault]:
    """Yield a fault for each row that has a unique key of a row above it."""
    keys = reading.frame[list(names)]
    needed = [name for name in names if table.field(name).required]
    filled = keys[needed].notna().all(axis=1)
    again = np.flatnonzero((keys.duplicated() & filled).to_numpy())
    if not len(again):
        return
    groups = keys.groupby(list(names), dropna=False, sort=False).ngroup().to_numpy()
    first = pd.Series(keys.index, index=groups).groupby(level=0).first()
    for position in again.tolist():
        facts = {"fields": ", ".join(names[:-1]), "row": int(first[groups[position]])}
        must = Message("language.must.only_one", facts)
        if fault := _fault(table, names[-1], reading, position, must):
            yield fault
