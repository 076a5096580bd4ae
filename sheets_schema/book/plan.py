"""What one save will do, worked out from the rows as they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sheets_schema.book import cells, journal
from sheets_schema.book.changes import KEPT, Draft
from sheets_schema.book.columns import LISTED, RULE_MASK, id_range, templates
from sheets_schema.book.journal import Line
from sheets_schema.book.live import Live
from sheets_schema.book.send import Sender
from sheets_schema.errors import CellFault, Conflict, HeaderFault, MissingRow
from sheets_schema.language import Table
from sheets_schema.language.cells import address
from sheets_schema.words import Message

__all__ = ["Plan", "Signature", "change_row", "conflict", "merged", "new_row", "take_row", "version_of"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose save it is, when, where from, and by which clock the sheet's times are written."""

    save: str
    who: str
    source: str
    now: pd.Timestamp
    time_zone: str


@dataclass(slots=True)
class Plan:
    """What a save will do.

    Args:
        writes: Table -> row number -> position of the column -> cell.
        rows: Table -> new rows, laid out by the live header.
        claims: What it claims: the version of each row that it starts from.
        lines: What the journal will say.
        ids: Table and row number -> id of the row that is written there.
        old: Table and id -> field -> what stood there when the row was read.
        nameless: Table and row number of a row without an id -> position -> what stood there when it was
            read: by that it is known again.
        conflicts: Fields that others have changed too; with any, nothing is sent.
        more: Requests besides.
        bulk: Its new rows bring no formats along; *more* sees to them.
    """

    writes: dict[str, dict[int, dict[int, object]]] = field(default_factory=dict)
    rows: dict[str, list[list[object]]] = field(default_factory=dict)
    claims: list[tuple[object, ...]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ids: dict[tuple[str, int], str] = field(default_factory=dict)
    old: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    nameless: dict[tuple[str, int], dict[int, object]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    more: list[dict[str, Any]] = field(default_factory=list)
    bulk: bool = False

    def requests_for(
        self, book: Sender, lives: Mapping[str, Live], signature: Signature
    ) -> list[dict[str, Any]]:
        """Return the plan's requests, the journal's rows last."""
        requests = [
            request
            for name, rows in self.writes.items()
            for row, written in rows.items()
            for request in cells.write_cells(book.grid(name).id, row, written)
        ]
        for name, rows in self.rows.items():
            if name == "journal":
                continue
            table, header = book.tables[name], lives[name].header
            width = max(map(len, rows))
            like = templates(table, header.places, width, key_ranges(book))
            even = [[*row, *[None] * (width - len(row))] for row in rows]
            like, mask = ([], "") if self.bulk else (like, RULE_MASK)
            requests.append(cells.append_rows(book.grid(name).id, even, like, mask))
        journalled = [self.journal_rows(book, lives["journal"], signature)] if self.lines else []
        return [*requests, *self.more, *journalled]

    @property
    def does_anything(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.writes or self.rows or self.lines or self.more)

    def journal_rows(self, book: Sender, live: Live, signature: Signature) -> dict[str, Any]:
        """Return the request that adds the plan's lines to the journal."""
        table, header = book.tables["journal"], live.header
        records = journal.records(
            self.lines, save=signature.save, who=signature.who, source=signature.source, now=signature.now
        )
        rows = table.write(records, header.cells, time_zone=signature.time_zone)
        self.rows["journal"] = rows
        like = templates(table, header.places, len(header.cells), {})
        return cells.append_rows(book.grid("journal").id, rows, like, RULE_MASK)


def merged(plans: Sequence[Plan]) -> Plan:
    """Return what plans do that are sent in one request; of two that write one cell, the later holds."""
    whole = Plan()
    for plan in plans:
        for name, rows in plan.writes.items():
            for row, written in rows.items():
                whole.writes.setdefault(name, {}).setdefault(row, {}).update(written)
        for name, added in plan.rows.items():
            whole.rows.setdefault(name, []).extend(added)
        whole.ids |= plan.ids
        whole.nameless |= plan.nameless
        for key, cells_ in plan.old.items():
            whole.old[key] = {**cells_, **whole.old.get(key, {})}
        whole.claims += plan.claims
    return whole


def key_ranges(book: Sender) -> dict[str, str]:
    """Return table -> range of its ids, for the dropdowns of new rows; where they were last seen."""
    return {
        name: id_range(name, book.seen[name].place if name in book.seen else 0)
        for name in LISTED & book.tables.keys()
    }


def change_row(
    plan: Plan,
    live: Live,
    draft: Draft,
    signature: Signature,
    first: dict[tuple[str, str, str], object],
) -> None:
    """Add to a plan what changes in one row; nothing, if nothing does.

    Args:
        plan: The plan.
        live: The row's sheet as it stands now.
        draft: What the row is to hold.
        signature: Whose save it is.
        first: What stood in each cell when this save first looked; filled here.

    A field that somebody else has changed too is added to the plan's conflicts.

    Raises:
        MissingRow: No row has the draft's id.
        HeaderFault: A field has no column.
    """
    table, id_ = draft.table, str(draft.id)
    if id_ not in live.cells:
        raise MissingRow(sheet=table.name, id=id_)
    written: dict[str, object] = {}
    for name, new in draft.cells.items():
        old = live.cell(id_, name)
        base = draft.before.get(name, first.setdefault((table.name, id_, name), old))
        if cells.same_cell(old, new):
            continue
        if not cells.same_cell(old, base):
            plan.conflicts.append(conflict(table, id_, name, before=base, yours=new, theirs=old))
            continue
        written[name] = new
        plan.lines.append(journal.changed(table, id_, name, old, new))
    if not written:
        return
    version = version_of(live.cell(id_, "version"))
    written |= _kept(table, signature, ("updated_at", "updated_by"), version + 1)
    places = _places(table, live, written)
    plan.writes.setdefault(table.name, {})[live.rows[id_]] = {
        places[name]: cell for name, cell in written.items() if name in places
    }
    plan.ids[table.name, live.rows[id_]] = id_
    plan.old[table.name, id_] = {name: live.cell(id_, name) for name in written}
    plan.claims.append(("row", table.name, id_, version))


def new_row(plan: Plan, live: Live, draft: Draft, signature: Signature) -> None:
    """Add a new row to a plan.

    Raises:
        CellFault: Its id is taken.
        HeaderFault: A field has no column.
    """
    table, id_ = draft.table, str(draft.id)
    if id_ in live.rows:
        first = address(live.header.places[table.key], live.rows[id_])
        must = Message("language.must.unique", {"first": first})
        raise CellFault(field=dict(table.field(table.key).labels), found=id_, must=must, name=table.key)
    plan.lines.extend(journal.added(table, id_, draft.cells))
    kept = ("created_at", "created_by", "updated_at", "updated_by")
    last = version_of(draft.kept.get("version"))
    stayed = {name: cell for name, cell in draft.kept.items() if name.startswith("created")}
    written = {**draft.cells, **_kept(table, signature, kept, last + 1), **stayed}
    places = _places(table, live, written)
    row: list[object] = [None] * max(len(live.header.cells), *(place + 1 for place in places.values()))
    for name, place in places.items():
        row[place] = written[name]
    plan.rows.setdefault(table.name, []).append(row)
    plan.claims.append(("back", table.name, id_, last) if draft.kept else ("row", table.name, id_, 0))


def take_row(plan: Plan, live: Live, draft: Draft, first: dict[tuple[str, str, str], object]) -> None:
    """Add to a plan that a row is taken away: all its cells are cleared, and the journal has them.

    Its place stays, blank: no request can delete a row by its id, and its number may be another row's by
    the time it arrives. What is cleared by mistake in that instant is put right like any other cell.

    Raises:
        MissingRow: No row has the draft's id.
    """
    table, id_ = draft.table, str(draft.id)
    if id_ not in live.cells:
        raise MissingRow(sheet=table.name, id=id_)
    held = live.whole(id_)
    for name, cell in held.items():
        base = draft.before.get(name, first.setdefault((table.name, id_, name), cell))
        if name not in KEPT and not cells.same_cell(cell, base):
            plan.conflicts.append(conflict(table, id_, name, before=base, yours="", theirs=cell))
    plan.lines.extend(journal.taken(table, id_, held))
    row, width = live.rows[id_], max(len(live.cells[id_]), len(live.header.cells))
    plan.writes.setdefault(table.name, {})[row] = dict.fromkeys(range(width), "")
    plan.ids[table.name, row] = id_
    plan.old[table.name, id_] = held
    version = version_of(held.get("version"))
    plan.claims.append(("row", table.name, id_, version))


def _kept(table: Table, signature: Signature, names: tuple[str, ...], version: int) -> dict[str, object]:
    """Return the cells that the book fills."""
    moment = signature.now
    values = {name: moment if name.endswith("_at") else signature.who for name in names}
    return {
        name: table.field(name).format(value, signature.time_zone)
        for name, value in {**values, "version": version}.items()
        if name in table.names
    }


def _places(table: Table, live: Live, written: Mapping[str, object]) -> dict[str, int]:
    """Return where each cell goes; raise HeaderFault where one that holds something has no column."""
    found = {name: live.place(name) for name in written}
    places = {name: place for name, place in found.items() if place is not None}
    lost = [name for name, cell in written.items() if name not in places and cell != ""]
    if lost:
        raise HeaderFault(sheet=table.name, missing=", ".join(lost))
    return places


def version_of(cell: object) -> int:
    """Return a row's version; 0 where a person has put something else there."""
    try:
        return int(float(str(cell)))
    except (TypeError, ValueError, OverflowError):
        return 0


def conflict(table: Table, id_: str, name: str, *, before: object, yours: object, theirs: object) -> Conflict:
    """Return the error that shows all three."""
    said = {
        key: journal.cell_text(table, name, cell)
        for key, cell in (("before", before), ("yours", yours), ("theirs", theirs))
    }
    labels = dict(table.field(name).labels) if name in table.names else {}
    return Conflict(sheet=table.name, id=id_, field=labels or name, name=name, found=theirs, **said)
