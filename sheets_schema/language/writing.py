"""Records become rows, ordered by the sheet's live header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sheets_schema.errors import HeaderFault, UnknownField
from sheets_schema.language.header import match

if TYPE_CHECKING:
    from sheets_schema.language.table import Table

__all__ = ["write"]


def write(
    table: Table, records: Sequence[Mapping[str, object]], header: Sequence[str], time_zone: str
) -> list[list[object]]:
    """Lay out records as rows; see `Table.write`."""
    places = match(table, header).places
    _all_known(table, records)
    _all_placed(table, records, places)
    rows: list[list[object]] = [[None] * len(header) for _ in records]
    for name, place in places.items():
        holders = [number for number, record in enumerate(records) if name in record]
        values = [records[number][name] for number in holders]
        for number, cell in zip(holders, table.field(name).format_all(values, time_zone), strict=True):
            rows[number][place] = cell
    return rows


def _all_known(table: Table, records: Sequence[Mapping[str, object]]) -> None:
    """Raise UnknownField for a name that the table does not have."""
    known = frozenset(table.names)
    for record in records:
        if not known.issuperset(record):
            strange = next(name for name in record if name not in known)
            raise UnknownField(table=table.name, field=strange)


def _all_placed(table: Table, records: Sequence[Mapping[str, object]], places: Mapping[str, int]) -> None:
    """Raise HeaderFault where a value has no column to go to."""
    absent = [name for name in table.names if name not in places]
    lost = [
        name
        for name in absent
        if any(name in record and table.field(name).format(record[name]) != "" for record in records)
    ]
    if lost:
        raise HeaderFault(sheet=table.name, missing=", ".join(lost))
