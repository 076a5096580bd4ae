"""The one request that puts findings right: cells, headers, layout, rows that go, and the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sheets_schema import workbook
from sheets_schema.book import cells, columns, examine, journal, layout, quarantine
from sheets_schema.book.columns import RULE_MASK, templates
from sheets_schema.book.journal import LONGEST, Line
from sheets_schema.book.layout import Standing
from sheets_schema.book.live import Ask, look
from sheets_schema.book.plan import Signature, journal_rows
from sheets_schema.book.save import new_save
from sheets_schema.book.send import send
from sheets_schema.book.titles import quoted
from sheets_schema.doctor import Finding, Sheet
from sheets_schema.language.cells import as_text, blank, column_letters

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["carry_out"]

Json = dict[str, Any]
Place = tuple[str, int]
"""A sheet and the number of a row."""

LAID_OUT: Final = "#layout"
HEADER: Final = "#header"


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


def carry_out(
    book: Book, seen: Examination, findings: Sequence[Finding], signature: Signature, language: str
) -> list[Finding]:
    """Put findings right in one request; return those that were."""
    work, done = Work(), []
    moved = {
        (each.fault.sheet, each.fault.row)
        for each in findings
        if each.fix.action == "quarantine" and quarantine.fits(seen.sheets[each.fault.sheet], each.fault.row)
    }
    _new_ids(book, seen, findings, work, signature)
    for finding in findings:
        sheet, place = seen.sheets[finding.fault.sheet], (finding.fault.sheet, finding.fault.row)
        if place in moved and finding.fix.action != "quarantine":
            continue
        if finding.fix.action == "quarantine":
            if place not in moved:
                continue
            work.kept.append(quarantine.entry(sheet, finding, language, signature, book.tables["quarantine"]))
            work.gone.setdefault(sheet.name, set()).add(finding.fault.row)
            work.lines += quarantine.taken_away(sheet, finding.fault.row)
            work.claims.append(("quarantine", signature.save, *place))
        elif finding.fix.action in {"write", "new_id"}:
            _cell(work, sheet, finding)
        else:
            _about_the_sheet(book, work, sheet, finding)
        done.append(finding)
    _lay_out(book, work, done)
    _stamp(work, seen, signature)
    _send(book, seen, work, signature)
    _put_back(book, seen, work, signature)
    return done


def _new_ids(
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


def _cell(work: Work, sheet: Sheet, finding: Finding) -> None:
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


def _about_the_sheet(book: Book, work: Work, sheet: Sheet, finding: Finding) -> None:
    """Add what changes a header, or takes blank rows away."""
    name, action, value = sheet.name, finding.fix.action, finding.fix.value
    number = book.grid(name).id
    if action == "header":
        work.before += cells.write_cells(number, 1, {finding.place: value})
        old = sheet.header.cells[finding.place] if finding.place < len(sheet.header.cells) else ""
        work.lines.append(Line(name, "", HEADER, old, str(value)))
    elif action == "headers":
        if value:
            rows = {"sheetId": number, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
            work.before.append({"insertDimension": {"range": rows, "inheritFromBefore": False}})
        work.before += cells.write_cells(number, 1, dict(enumerate(sheet.table.names)))
        work.lines.append(Line(name, "", HEADER, "", ", ".join(sheet.table.names)))
    elif action == "close":
        first, last = finding.fix.rows
        work.gone.setdefault(name, set()).update(range(first, last + 1))
        work.lines.append(Line(name, "", LAID_OUT, f"{first}:{last}", ""))


def _lay_out(book: Book, work: Work, findings: Sequence[Finding]) -> None:
    """Add what lays sheets out anew where that was ticked, and what adds columns that are missing."""
    wanted = [finding for finding in findings if finding.fix.action == "lay_out"]
    if not wanted:
        return
    names = list(dict.fromkeys(finding.fault.sheet for finding in wanted))
    for name, (now, changes) in examine.changes_of_layout(book, names).items():
        mine = [finding for finding in wanted if finding.fault.sheet == name]
        added = [finding.fault.field for finding in mine if finding.kind == "missing_column"]
        for finding in mine:
            requests = changes.get((finding.kind, finding.place), [])
            work.before += [request for request in requests if request not in work.before]
            said = f"{finding.kind} {finding.fault.field}".strip()
            if finding.kind != "missing_column":
                work.lines.append(Line(name, "", LAID_OUT, "", said))
        work.before += _columns(book, name, added, now)
        work.lines += [Line(name, "", HEADER, "", each) for each in added]


def _columns(book: Book, name: str, added: Sequence[str], now: Standing) -> list[Json]:
    """Return what adds columns at the end of a sheet."""
    if not added:
        return []
    rows = book.read([quoted(name)])[0]
    start = max((len(row) for row in rows), default=0)
    return layout.add_columns(book.tables[name], added, start, now, {})


def _stamp(work: Work, seen: Examination, signature: Signature) -> None:
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


def _send(book: Book, seen: Examination, work: Work, signature: Signature) -> None:
    """Send it all: headers and layout first, then cells and new rows; rows that go come last."""
    lives = look([Ask(book.tables["journal"]), Ask(book.tables["quarantine"])], book.read)
    requests = [*work.before, *_writes(book, seen, work)]
    if work.kept:
        requests.append(_keeping(book, work, lives["quarantine"].header.cells, signature))
    requests.append(journal_rows(book, work.lines, lives["journal"], signature))
    for name, gone in work.gone.items():
        number = book.grid(name).id
        for row in sorted(gone, reverse=True):
            rows = {"sheetId": number, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
            requests.append({"deleteDimension": {"range": rows}})
    send(book, requests, work.claims, signature.save)
    for name in {*(each for each, _ in work.cells), *work.gone}:
        book.seen.pop(name, None)


def _writes(book: Book, seen: Examination, work: Work) -> list[Json]:
    """Return the requests that write cells, each in the number format of its column."""
    requests = []
    for (name, row), written in work.cells.items():
        names = {place: each for each, place in seen.sheets[name].header.places.items()}
        for place, cell in written.items():
            data: Json = cells.cell_data(cell)
            mask = "userEnteredValue"
            form = columns.number_format(book.tables[name].field(names[place]))
            if form is not None:
                data["userEnteredFormat"] = {"numberFormat": form}
                mask += f",{columns.FORMAT_MASK}"
            start = {"sheetId": book.grid(name).id, "rowIndex": row - 1, "columnIndex": place}
            requests.append({"updateCells": {"start": start, "rows": [{"values": [data]}], "fields": mask}})
    return requests


def _keeping(book: Book, work: Work, header: Sequence[str], signature: Signature) -> Json:
    """Return the request that adds rows to the quarantine, and add their lines."""
    kept, zone = book.tables["quarantine"], signature.time_zone
    for record in work.kept:
        held = {name: kept.field(name).format(value, zone) for name, value in record.items()}
        work.lines += journal.added(kept, str(record["id"]), held)
    carried: Json = {"created_at": signature.now, "created_by": signature.who}
    carried |= {"updated_at": signature.now, "updated_by": signature.who, "version": 1}
    rows = kept.write([{**record, **carried} for record in work.kept], header, time_zone=zone)
    places = {name: place for name in kept.names if (place := kept.place(name, header)) is not None}
    like = templates(kept, places, len(header), {})
    return cells.append_rows(book.grid("quarantine").id, rows, like, RULE_MASK)


def _put_back(book: Book, seen: Examination, work: Work, signature: Signature) -> None:
    """Bring back what somebody moved, in the instant before the request, to where a row was taken away.

    A row number is known from reading; a person who sorts between that and the request puts another
    row there. So the ids that should still be there are looked for, and what is missing is added again.
    """
    names = [name for name in work.gone if seen.sheets[name].table.key in seen.sheets[name].header.places]
    if not names:
        return
    places = {name: seen.sheets[name].header.places[seen.sheets[name].table.key] for name in names}
    ranges = [f"{quoted(name)}!{(letters := column_letters(places[name]))}2:{letters}" for name in names]
    for name, found in zip(names, book.read(ranges), strict=True):
        sheet = seen.sheets[name]
        there = Counter(as_text(row[0]) for row in found if row and not blank(row[0]))
        kept = [row for row in sheet.numbers if row not in work.gone[name]]
        lost = [row for row in kept if (id_ := _id(work, sheet, row)) and there[id_] < 1]
        if lost:
            _add_again(book, sheet, lost, work, signature)


def _id(work: Work, sheet: Sheet, row: int) -> str:
    """Return the id that a row has after the request."""
    return work.ids.get((sheet.name, row)) or sheet.row_id(row)


def _add_again(book: Book, sheet: Sheet, lost: Sequence[int], work: Work, signature: Signature) -> None:
    """Add rows again that were taken away in place of others."""
    lives = look([Ask(book.tables["journal"])], book.read)
    rows, lines = [], []
    for row in lost:
        held = [cell if not blank(cell) else None for cell in sheet.rows[row - 1]]
        for place, cell in work.cells.get((sheet.name, row), {}).items():
            held += [None] * (place + 1 - len(held))
            held[place] = cell
        rows.append(held)
        named = {name: held[place] for name, place in sheet.header.places.items() if place < len(held)}
        lines += journal.added(sheet.table, _id(work, sheet, row), named)
    again = Signature(
        new_save(signature.now.tz_convert(book.time_zone)),
        signature.who,
        signature.source,
        signature.now,
        signature.time_zone,
    )
    like = templates(sheet.table, sheet.header.places, max(map(len, rows)), {})
    rows = [[*held, *[None] * (len(like) - len(held))] for held in rows]
    requests = [cells.append_rows(book.grid(sheet.name).id, rows, like, RULE_MASK)]
    send(book, [*requests, journal_rows(book, lines, lives["journal"], again)], (), again.save)
