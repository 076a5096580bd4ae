"""A snapshot as it will be once what waits on this machine is sent, so that nobody types a thing twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from sheets_schema.book.entry import Body
from sheets_schema.book.snapshot import Snapshot
from sheets_schema.language import Reading, Table

__all__ = ["with_waiting"]


@dataclass(slots=True)
class _Rows:
    """What waits for one table: id -> field -> cell, for rows that are there, new ones, and those to go."""

    changed: dict[str, dict[str, object]] = field(default_factory=dict)
    new: dict[str, dict[str, object]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def with_waiting(
    snapshot: Snapshot, bodies: Iterable[Body], tables: Mapping[str, Table], time_zone: str
) -> Snapshot:
    """Return a snapshot with the saves that wait to be sent, in order.

    Args:
        snapshot: What the sheet held when it was last read.
        bodies: The saves; those that need a person are left out.
        tables: The tables, with the team's fields.
        time_zone: The workbook's time zone.

    Returns:
        The snapshot; its `waiting` names the rows that are not in the sheet as they are shown. Its
        faults are those of the sheet.
    """
    waits: dict[str, _Rows] = {}
    for body in bodies:
        for draft in body.drafts if body.error is None else ():
            if draft["table"] in snapshot.readings:
                rows = waits.setdefault(draft["table"], _Rows())
                _add(rows, draft, _audit(tables[draft["table"]], body, time_zone, new=draft["new"]))
    if not waits:
        return snapshot
    readings = {
        name: _shown(snapshot.readings[name], tables[name], rows, time_zone) for name, rows in waits.items()
    }
    waiting = {name: frozenset({*rows.changed, *rows.new, *rows.gone}) for name, rows in waits.items()}
    return replace(snapshot, readings={**snapshot.readings, **readings}, waiting=waiting)


def _add(rows: _Rows, draft: Mapping[str, object], audit: Mapping[str, object]) -> None:
    """Add a draft to what waits for its table."""
    id_, cells = str(draft["id"]), draft["cells"]
    if draft["gone"]:
        rows.gone.add(id_)
        return
    rows.gone.discard(id_)
    held = rows.new if draft["new"] or id_ in rows.new else rows.changed
    held.setdefault(id_, {}).update({**audit, **cells})  # type: ignore[dict-item]


def _audit(table: Table, body: Body, time_zone: str, *, new: bool) -> dict[str, object]:
    """Return the cells that the book fills."""
    made = {"created_at": body.now, "created_by": body.who, "version": 1} if new else {}
    values = {**made, "updated_at": body.now, "updated_by": body.who}
    return {
        name: table.field(name).format(value, time_zone)
        for name, value in values.items()
        if name in table.names
    }


def _shown(reading: Reading, table: Table, rows: _Rows, time_zone: str) -> Reading:
    """Return a table with the rows that wait; a row that is not there any more stays away."""
    frame = _changed(reading.frame, table, rows.changed, time_zone)
    frame = frame[~frame[table.key].isin(rows.gone)]
    known = set(frame[table.key].dropna())
    new = {id_: cells for id_, cells in rows.new.items() if id_ not in known | rows.gone}
    if new:
        last = int(frame.index.max()) if len(frame) else 1
        added = _typed(table, new, time_zone)
        added = added.set_axis(range(last + 1, last + 1 + len(added))).rename_axis("row")
        added = added.reindex(columns=frame.columns)
        frame = pd.concat([frame, added.astype(frame.dtypes.to_dict())]) if len(frame) else added
    return replace(reading, frame=frame)


def _changed(
    frame: pd.DataFrame, table: Table, changed: Mapping[str, Mapping[str, object]], time_zone: str
) -> pd.DataFrame:
    """Return the rows that are there, with what waits for them."""
    keys = frame[table.key]
    places = {id_: keys.index[keys == id_] for id_ in changed}
    there = {id_: changed[id_] for id_, rows in places.items() if len(rows)}
    if not there:
        return frame
    typed = _typed(table, there, time_zone).set_index(table.key)
    columns = {
        name: frame[name].copy() for cells in there.values() for name in cells if name in frame.columns
    }
    for id_, cells in there.items():
        for name in cells.keys() & columns.keys() & set(typed.columns):
            columns[name].loc[places[id_][0]] = typed.loc[id_, name]
    return frame.assign(**columns)


def _typed(table: Table, rows: Mapping[str, Mapping[str, object]], time_zone: str) -> pd.DataFrame:
    """Return rows of cells as a typed frame, in their order."""
    names = [name for name in table.names if name != table.key]
    values = [[id_, *(cells.get(name, "") for name in names)] for id_, cells in rows.items()]
    return table.read([[table.key, *names], *values], time_zone=time_zone).frame
