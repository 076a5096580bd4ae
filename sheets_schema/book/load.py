"""Loading: all tables that a page needs, in one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book import arrange
from sheets_schema.book.live import Seen
from sheets_schema.book.snapshot import Snapshot
from sheets_schema.book.titles import quoted
from sheets_schema.errors import MissingSheet, UnknownTable
from sheets_schema.language import Reading, Table

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["load"]

Values = list[list[Any]]


def load(book: Book, names: Sequence[str], version: str) -> Snapshot:
    """Read tables; see `Book.load`.

    The team's fields and the time zone come with the same answer and are understood first. A field
    that has no column yet gets one.
    """
    known = workbook.tables()
    for name in names:
        if name not in known:
            raise UnknownTable(table=name, tables=", ".join(known))
    values = dict(zip(names, _values(book, names), strict=True))
    settings = known["settings"].read(values["settings"], time_zone="UTC").frame
    fields = known["fields"].read(values["fields"], time_zone="UTC").frame
    has_zone = bool((settings["id"] == "time_zone").any())
    tables = workbook.with_team_fields(known, fields)
    book.learn(tables, workbook.time_zone(settings) if has_zone else None)
    arrange.team_columns(book, values, known, tables)
    readings = {name: tables[name].read(values[name], time_zone=book.time_zone) for name in names}
    for name, reading in readings.items():
        _remember(book, tables[name], reading)
    faults = [fault for reading in readings.values() for fault in reading.faults]
    between = workbook.check(readings, tables)
    return Snapshot(version, pd.Timestamp.now("UTC"), readings, (*faults, *between))


def _values(book: Book, names: Sequence[str]) -> list[Values]:
    """Return the sheets' values in one request; look for the sheets again where one is not found."""
    try:
        return book.read([quoted(name) for name in names])
    except MissingSheet:
        book.workbook.refresh()
        for name in names:
            book.grid(name)
        raise


def _remember(book: Book, table: Table, reading: Reading) -> None:
    """Keep where the rows of a table were, for the next save."""
    place = table.place(table.key, reading.header)
    if place is not None and table.name != "journal":
        ids = reading.frame[table.key]
        there = ids.notna()
        book.seen[table.name] = Seen(place, dict(zip(ids[there], reading.frame.index[there], strict=True)))
