"""Rows that were taken away in place of others come back.

A row number is known from reading; a person who sorts in the instant before a row is deleted puts
another row there. So the ids that should still be there are looked for afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sheets_schema.book import cells, journal
from sheets_schema.book.columns import RULE_MASK, templates
from sheets_schema.book.live import Ask, look
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.save import new_save
from sheets_schema.book.send import send
from sheets_schema.book.titles import quoted
from sheets_schema.book.work import Work
from sheets_schema.doctor import Sheet
from sheets_schema.language.cells import as_text, blank, column_letters

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["put_back"]


def put_back(book: Book, seen: Examination, work: Work, signature: Signature) -> None:
    """Bring back what somebody moved, in the instant before the request, to where a row was taken away.

    Args:
        book: The workbook.
        seen: The sheets as they were when the request was made.
        work: What it did.
        signature: Whose it was.
    """
    names = [name for name in work.gone if seen.sheets[name].table.key in seen.sheets[name].header.places]
    if not names:
        return
    places = {name: seen.sheets[name].header.places[seen.sheets[name].table.key] for name in names}
    ranges = [f"{quoted(name)}!{(letters := column_letters(places[name]))}2:{letters}" for name in names]
    for name, found in zip(names, book.read(ranges), strict=True):
        sheet = seen.sheets[name]
        there = {as_text(row[0]) for row in found if row and not blank(row[0])}
        kept = [row for row in sheet.numbers if row not in work.gone[name]]
        lost = [row for row in kept if (id_ := _id(work, sheet, row)) and id_ not in there]
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
    again = replace(signature, save=new_save(signature.now.tz_convert(book.time_zone)))
    like = templates(sheet.table, sheet.header.places, max(map(len, rows)), {})
    rows = [[*held, *[None] * (len(like) - len(held))] for held in rows]
    requests = [cells.append_rows(book.grid(sheet.name).id, rows, like, RULE_MASK)]
    send(book, [*requests, Plan(lines=lines).journal_rows(book, lives["journal"], again)], (), again.save)
