"""Cells of rows that have an id, written as any save writes them: checked in the answer, and put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sheets_schema.book.deliver import deliver
from sheets_schema.book.live import Ask, look
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.putright import put_right
from sheets_schema.book.work import Work, add_cell, number_format_at, stamp
from sheets_schema.doctor import Finding

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["can_mend", "mend"]


def can_mend(seen: Examination, finding: Finding) -> bool:
    """Say whether a finding is a cell to be written, in a row that is found by its own id."""
    sheet, key = seen.sheets[finding.fault.sheet], seen.sheets[finding.fault.sheet].table.key
    if finding.fix.action != "write" or finding.fault.field == key:
        return False
    ids = sheet.reading.frame[key]
    return finding.fault.row in ids.index and ids.notna()[finding.fault.row]


def mend(
    book: Book, seen: Examination, findings: Sequence[Finding], signature: Signature
) -> list[Finding] | None:
    """Write cells in one request; return the findings that were put right.

    None means that nothing was done, because somebody else was first: look again.
    """
    work = Work()
    for finding in findings:
        add_cell(work, seen.sheets[finding.fault.sheet], finding)
    stamp(work, seen, signature)
    plan = Plan(lines=work.lines, claims=work.claims)
    for (name, row), written in work.cells.items():
        sheet = seen.sheets[name]
        id_ = sheet.row_id(row)
        plan.writes.setdefault(name, {})[row] = written
        plan.ids[name, row] = id_
        names = {place: each for each, place in sheet.header.places.items()}
        plan.old[name, id_] = {names[place]: sheet.cell(row, place) for place in written}
        for place in written:
            plan.more += number_format_at(book, sheet, row, place)
    asked = dict.fromkeys((*plan.writes, "journal"))
    asks = [Ask(book.tables[name], seen=book.seen.get(name)) for name in asked]
    landed = deliver(book, [(signature, plan)], look(asks, book.read, afresh=True))
    if landed is None:
        return None
    wrong = {str(error.facts["id"]) for error in put_right(book, landed, plan, signature)}
    return [finding for finding in findings if finding.row_id not in wrong]
