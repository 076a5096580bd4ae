"""What is to be saved, and whether it may stand in its sheet: asked before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sheets_schema.book.journal import text_of
from sheets_schema.errors import CellFault, Conflict, UnknownField, UnknownTable
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text
from sheets_schema.words import Message

__all__ = ["KEPT", "Change", "Draft", "Saved", "drafts", "fault_of", "settled"]

KEPT = ("created_at", "created_by", "updated_at", "updated_by", "version")
"""Columns that the book fills; what a change says of them is left out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one row is to hold.

    Args:
        table: The table's name.
        values: Field -> value, as a form or a rule has it; None clears a cell.
        id: The row; None for a new one, whose id is `values["id"]` or made by the book.
        before: Field -> what its writer saw there. Where the sheet holds something else by now, and
            the writer changes it too, the save is a `Conflict`; without it the last writer wins.
        gone: The row is to be taken away; `values` is empty. The journal keeps all that stood in it.
        back: `values` are texts of the journal, `before` cells as the sheet answers them: what stood there
            is put back as it was, and whether it may stand there is not asked. A row that is brought
            back has no `id` here.
    """

    table: str
    values: Mapping[str, object]
    id: str | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False
    back: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did.

    Args:
        ids: The id of each change's row, in their order.
        save: The save's own id.
        kept: Blank for a save that is in the workbook; for one that is kept on this machine, because
            the workbook does not answer, the sentence that says so.
    """

    ids: tuple[str, ...]
    save: str
    kept: Message | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that may stand in its sheet, as cells.

    Args:
        table: The table, with the team's fields.
        id: The row; None for a new one without an id yet.
        new: Whether the row is to be added.
        cells: Field -> what is written: text, number, boolean; an empty text clears.
        before: Field -> the cell that its writer saw.
        own_id: The book made its id, and may make another.
        gone: The row is to be taken away.
        back: What stood there is put back; whether it may stand there is not asked.
        kept: Columns that the book fills -> their cells, for a row that is brought back.
    """

    table: Table
    id: str | None
    new: bool
    cells: Mapping[str, object]
    before: Mapping[str, object]
    own_id: bool = False
    gone: bool = False
    back: bool = False
    kept: Mapping[str, object] = field(default_factory=dict)


def drafts(tables: Mapping[str, Table], changes: Sequence[Change], time_zone: str) -> list[Draft]:
    """Return the changes as cells.

    Raises:
        UnknownTable, UnknownField: A name that the workbook does not declare.
        CellFault: A value that may not stand in its field; `facts["faults"]` has all of them.
    """
    faults: list[CellFault] = []
    made = [_draft(tables, change, time_zone, faults) for change in changes]
    if faults:
        faults[0].facts["faults"] = tuple(faults)
        raise faults[0]
    return made


def _draft(tables: Mapping[str, Table], change: Change, time_zone: str, faults: list[CellFault]) -> Draft:
    """Return one change as cells; what is wrong with it is added to *faults*."""
    if change.table not in tables:
        raise UnknownTable(table=change.table, tables=", ".join(tables))
    table, new = tables[change.table], change.id is None
    if change.gone or change.back:
        return _as_it_was(table, change, time_zone)
    values = {name: value for name, value in change.values.items() if name not in KEPT}
    for name in values:
        if name not in table.names:
            raise UnknownField(table=table.name, field=name)
    if new:
        values = _filled(table, values)
    else:
        values.pop(table.key, None)
    cells = {name: _cell(table, name, value, time_zone, faults) for name, value in values.items()}
    before = {
        name: _seen(table, name, value, time_zone) for name, value in change.before.items() if name in cells
    }
    own = as_text(cells.get(table.key)) or None
    return Draft(table, own if new else as_text(change.id), new, cells, before)


def _as_it_was(table: Table, change: Change, time_zone: str) -> Draft:
    """Return a row that is taken away, or what is put back as the journal has it."""
    cells = {name: _told(table, name, text, time_zone) for name, text in change.values.items()}
    kept = {name: cell for name, cell in cells.items() if name in KEPT}
    own = {name: cell for name, cell in cells.items() if name not in KEPT}
    new = change.id is None
    id_ = as_text(own.get(table.key)) if new else as_text(change.id)
    return Draft(table, id_, new, own, change.before, gone=change.gone, back=change.back, kept=kept)


def _told(table: Table, name: str, text: object, time_zone: str) -> object:
    """Return the cell of which the journal has a text; the text itself where it is not of its kind."""
    if name not in table.names:
        return text
    try:
        cell = table.field(name).format(table.field(name).parse(text, time_zone), time_zone)
    except CellFault:
        return text
    return cell if text_of(table.field(name), cell) == text else text


def _seen(table: Table, name: str, value: object, time_zone: str) -> object:
    """Return the cell of a value that was seen; what no field's value is, was seen as it stands there."""
    try:
        return table.field(name).format(value, time_zone)
    except CellFault:
        return value


def _filled(table: Table, values: Mapping[str, object]) -> dict[str, object]:
    """Return a new row's values with the table's defaults, and None for what it must have and lacks."""
    made = {
        each.name: each.default
        for each in table.fields
        if each.name not in KEPT and (each.default is not None or each.required)
    }
    if table.key not in values:
        made.pop(table.key, None)
    return {**made, **values}


def _cell(table: Table, name: str, value: object, time_zone: str, faults: list[CellFault]) -> object:
    """Return what is written for a value; a fault is added where it may not stand there."""
    fault = fault_of(table, name, value, time_zone)
    if fault is not None:
        faults.append(fault)
        return ""
    return table.field(name).format(value, time_zone)


def settled(
    changes: Sequence[Change], conflicts: Sequence[Conflict], mine: Collection[tuple[str, str, str]]
) -> list[Change]:
    """Return changes as a person has settled their conflicts.

    Args:
        changes: What was to be saved.
        conflicts: What stood in the way: `Conflict.facts["conflicts"]`.
        mine: The fields, as (table, id, field), where the person's own value is to be written over the
            other one; in the others the other one stays. Where their own has been written over the other one
            already (`facts["stands"]`), it stays, and in the others the other one is put back.

    Returns:
        The changes to be saved now; none if nothing of the rows with conflicts is left.
    """
    over = {_cell_of(each): each for each in conflicts if "stands" in each.facts}
    theirs = {_cell_of(each): each.facts["found"] for each in conflicts if "stands" not in each.facts}
    found = []
    for change in changes:
        here = {name: (change.table, str(change.id), name) for name in change.values}
        values = {
            name: value
            for name, value in change.values.items()
            if here[name] not in over and (here[name] not in theirs or here[name] in mine)
        }
        seen = {name: theirs[key] for name, key in here.items() if key in theirs and name in values}
        found.append(replace(change, values=values, before={**change.before, **seen}))
    back = [_put_back(each) for key, each in over.items() if key not in mine]
    return [*(found if any(key in mine for key in theirs) else []), *back]


def _cell_of(conflict: Conflict) -> tuple[str, str, str]:
    """Return which cell a conflict is about."""
    return str(conflict.facts["sheet"]), str(conflict.facts["id"]), str(conflict.facts["name"])


def _put_back(conflict: Conflict) -> Change:
    """Return the change that gives a cell back what was typed there, if it still holds yours."""
    table, id_, name = _cell_of(conflict)
    stands = {name: conflict.facts["stands"]}
    return Change(table, {name: str(conflict.facts["theirs"])}, id=id_, before=stands, back=True)


def fault_of(table: Table, name: str, value: object, time_zone: str) -> CellFault | None:
    """Return the error for a value that may not stand in a field, None if it may."""
    declared = table.field(name)
    must = declared.check(value, time_zone)
    if must is None:
        return None
    labels = dict(declared.labels) or {"en": name}
    said = Message(must.key, must.facts)
    return CellFault(field=labels, found=as_text(value)[:60], must=said, name=name)
