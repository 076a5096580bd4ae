"""What a finding needs besides cells of a known row: headers, layout, ids, rows that go.

One request, all or nothing, with its lines in the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sheets_schema.book import cells, examine, journal, layout, quarantine
from sheets_schema.book.columns import RULE_MASK, templates
from sheets_schema.book.journal import HEADER, LAYOUT, Line
from sheets_schema.book.layout import Standing
from sheets_schema.book.live import Ask, look
from sheets_schema.book.lost_rows import put_back
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.send import send
from sheets_schema.book.titles import quoted
from sheets_schema.book.work import Work, add_cell, new_ids, number_format_at, stamp
from sheets_schema.doctor import Finding, Sheet
from sheets_schema.language.cells import address

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["carry_out", "make_sheets"]

Json = dict[str, Any]


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
    new_ids(book, seen, findings, work, signature)
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
            add_cell(work, sheet, finding)
        else:
            _about_the_sheet(book, work, sheet, finding)
        done.append(finding)
    _lay_out(book, work, done)
    stamp(work, seen, signature)
    _send(book, seen, work, signature)
    put_back(book, seen, work, signature)
    return done


def _about_the_sheet(book: Book, work: Work, sheet: Sheet, finding: Finding) -> None:
    """Add what changes a header, or takes blank rows away."""
    name, action, value = sheet.name, finding.fix.action, finding.fix.value
    number = book.grid(name).id
    if action == "header":
        work.before += cells.write_cells(number, 1, {finding.place: value})
        old = sheet.header.shown(sheet.table, finding.place)
        work.lines.append(Line(name, address(finding.place, 1), HEADER, old, str(value)))
    elif action == "headers":
        if value:
            rows = {"sheetId": number, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
            work.before.append({"insertDimension": {"range": rows, "inheritFromBefore": False}})
        work.before += cells.write_cells(number, 1, dict(enumerate(sheet.table.names)))
        work.lines.append(Line(name, "", HEADER, "", ", ".join(sheet.table.names)))
    elif action == "close":
        first, last = finding.fix.rows
        work.gone.setdefault(name, set()).update(range(first, last + 1))
        work.lines.append(Line(name, "", LAYOUT, f"{first}:{last}", ""))


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
                work.lines.append(Line(name, "", LAYOUT, "", said))
        work.before += _columns(book, name, added, now)
        work.lines += [Line(name, "", HEADER, "", each) for each in added]


def _columns(book: Book, name: str, added: Sequence[str], now: Standing) -> list[Json]:
    """Return what adds columns at the end of a sheet."""
    if not added:
        return []
    rows = book.read([quoted(name)])[0]
    start = max((len(row) for row in rows), default=0)
    return layout.add_columns(book.tables[name], added, start, now, {})


def make_sheets(book: Book, names: Sequence[str], signature: Signature) -> None:
    """Make sheets that are gone, laid out and without rows; the journal says so."""
    now = layout.standing(book.workbook, list(book.tables))
    keys = {name: where for name, where in layout.key_ranges(book.tables, now).items() if name in now}
    taken = frozenset(grid.id for grid in book.workbook.grids.values())
    order = list(book.tables)
    book.write(
        [
            request
            for name in names
            for request in layout.new_sheet(book.tables[name], order.index(name), taken, keys)
        ]
    )
    book.workbook.refresh()
    lives = look([Ask(book.tables["journal"])], book.read)
    lines = [Line(name, "", LAYOUT, "", "missing_sheet") for name in names]
    send(book, [Plan(lines=lines).journal_rows(book, lives["journal"], signature)], (), signature.save)


def _send(book: Book, seen: Examination, work: Work, signature: Signature) -> None:
    """Send it all: headers and layout first, then cells and new rows; rows that go come last."""
    names = ["journal", *(["quarantine"] if work.kept else [])]
    lives = look([Ask(book.tables[name]) for name in names], book.read)
    requests = [*work.before, *_writes(book, seen, work)]
    if work.kept:
        requests.append(_keeping(book, work, lives["quarantine"].header.cells, signature))
    requests.append(Plan(lines=work.lines).journal_rows(book, lives["journal"], signature))
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
    return [
        request
        for (name, row), written in work.cells.items()
        for some in (
            cells.write_cells(book.grid(name).id, row, written),
            *(number_format_at(book, seen.sheets[name], row, place) for place in written),
        )
        for request in some
    ]


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
