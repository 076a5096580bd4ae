"""Undoing a header that a save of ours has written: the name that stood there comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.book.cells import write_cells
from sheets_schema.book.journal import HEADER, Line
from sheets_schema.book.live import Ask, look
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.save import new_save
from sheets_schema.book.send import send
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError, OpslineError
from sheets_schema.language.cells import address, as_text, column_letters

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["undo_headers"]


def undo_headers(
    book: Book, own: pd.DataFrame, *, who: str, source: str, now: pd.Timestamp
) -> tuple[tuple[str, ...], list[OpslineError]]:
    """Write former names above the columns that still have the new ones, in one request, journalled.

    Args:
        book: The workbook.
        own: The lines of a save that wrote headers: sheet, old and new.
        who: The person's id, or the service.
        source: Where it comes from.
        now: The moment, with a time zone.

    Returns:
        The save that it took, if any, and the columns that were left alone: added ones, and those of which
        the name has changed since, or its former one is another's by now.
    """
    left: list[OpslineError] = []
    requests: list[dict[str, Any]] = []
    lines: list[Line] = []
    for sheet, some in own.groupby("sheet", sort=False):
        first = book.read([f"{quoted(str(sheet))}!1:1"])[0]
        header = [as_text(cell) for cell in first[0]] if first else []
        for old, new in zip(some["old"], some["new"], strict=True):
            place = header.index(new) if new and header.count(new) == 1 else None
            text = "" if place is None else _text(old, place)
            if not old or place is None or (text == old and text in header):
                facts = {"sheet": sheet, "old": old or "–", "new": new or "–"}
                left.append(BookError("history.left.header", **facts))
                continue
            requests += write_cells(book.grid(str(sheet)).id, 1, {place: text})
            lines.append(Line(str(sheet), address(place, 1), HEADER, new, old))
    if not requests:
        return (), left
    signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
    live = look([Ask(book.tables["journal"])], book.read)["journal"]
    send(book, [*requests, Plan(lines=lines).journal_rows(book, live, signature)], (), signature.save)
    return (signature.save,), left


def _text(called: str, place: int) -> str:
    """Return what stood above a column, of what the journal called it by (`Header.shown`).

    >>> _text("Prio", 5), _text("F", 5), _text("subject (F)", 5)
    ('Prio', '', 'subject')
    """
    letters = column_letters(place)
    return "" if called == letters else called.removesuffix(f" ({letters})")
