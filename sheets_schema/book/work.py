"""What is to be done to put findings right, gathered before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets_schema import workbook
from sheets_schema.book import columns, journal
from sheets_schema.book.journal import LONGEST, Line
from sheets_schema.book.plan import Signature
from sheets_schema.doctor import Finding, Sheet

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["Place", "Work", "add_cell", "new_ids", "number_format_at", "stamp"]

Json = dict[str, Any]
Place = tuple[str, int]
"""A sheet and the number of a row."""


@dataclass
class Work:
    """What one request is to do.

    Args:
        cells: Sheet and row -> position of the column -> cell.
        before: Requests that come first: headers, layout, new rows.
        gone: Sheet -> rows to be deleted, with no content that is not kept.
        kept: Records for the quarantine.
        lines: What the journal will say.
        claims: What is claimed: the version of each row that is changed.
        ids: Sheet and row -> the id that the row gets.
    """

    cells: dict[Place, dict[int, object]] = field(default_factory=dict)
    before: list[Json] = field(default_factory=list)
    gone: dict[str, set[int]] = field(default_factory=dict)
    kept: list[Json] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    claims: list[tuple[object, ...]] = field(default_factory=list)
    ids: dict[Place, str] = field(default_factory=dict)


def new_ids(
    book: Book, seen: Examination, findings: Sequence[Finding], work: Work, signature: Signature
) -> None:
    """Give an id to each row that is to get one."""
    day = signature.now.tz_convert(book.time_zone)
    taken = {name: {sheet.row_id(row) for row in sheet.numbers} for name, sheet in seen.sheets.items()}
    for finding in findings:
        if finding.fix.action == "new_id":
            name = finding.fault.sheet
            while (made := workbook.new_id(book.tables[name], day)) in taken[name]:
                pass
            taken[name].add(made)
            work.ids[name, finding.fault.row] = made


def add_cell(work: Work, sheet: Sheet, finding: Finding) -> None:
    """Add a cell that is written, and its line."""
    place = (sheet.name, finding.fault.row)
    new = work.ids[place] if finding.fix.action == "new_id" else finding.fix.value
    work.cells.setdefault(place, {})[finding.place] = new
    declared = sheet.table.field(finding.fault.field)
    cell = sheet.cell(finding.fault.row, finding.place)
    old = finding.formula or (cell if isinstance(cell, str) else journal.text_of(declared, cell))
    said = new if isinstance(new, str) else journal.text_of(declared, new)
    row_id = work.ids.get(place) or sheet.row_id(finding.fault.row)
    work.lines.append(Line(sheet.name, row_id, declared.name, old[:LONGEST], said[:LONGEST]))


def stamp(work: Work, seen: Examination, signature: Signature) -> None:
    """Say in each row that is changed who changed it, and claim its version."""
    for (name, row), written in work.cells.items():
        sheet = seen.sheets[name]
        id_ = work.ids.get((name, row)) or sheet.row_id(row)
        version = _version(sheet, row)
        values = {"updated_at": signature.now, "updated_by": signature.who, "version": version + 1}
        for each, value in values.items():
            place = sheet.header.places.get(each)
            if place is not None and place not in written and (row, place) not in sheet.formulas:
                written[place] = sheet.table.field(each).format(value, signature.time_zone)
        if id_:
            work.claims.append(("row", name, id_, 0 if (name, row) in work.ids else version))


def _version(sheet: Sheet, row: int) -> int:
    """Return a row's version; 0 where something else stands there."""
    place = sheet.header.places.get("version")
    cell = None if place is None else sheet.cell(row, place)
    return int(cell) if isinstance(cell, int | float) else 0


def number_format_at(book: Book, sheet: Sheet, row: int, place: int) -> list[Json]:
    """Return the request that gives a cell the number format of its column; none where that has none.

    A date in a cell that somebody has formatted as text would be shown as a number.
    """
    names = {position: name for name, position in sheet.header.places.items()}
    form = columns.number_format(sheet.table.field(names[place]))
    if form is None:
        return []
    where = columns.span(book.grid(sheet.name).id, place, row - 1, row)
    cell = {"userEnteredFormat": {"numberFormat": form}}
    return [{"repeatCell": {"range": where, "cell": cell, "fields": columns.FORMAT_MASK}}]
