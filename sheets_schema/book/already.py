"""Saves whose answers were lost long ago: the journal says whether they were done."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sheets_schema.book.titles import quoted
from sheets_schema.language.cells import as_text, column_letters
from sheets_schema.language.header import match

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["journalled"]


def journalled(book: Book, saves: Collection[str]) -> frozenset[str]:
    """Return which of some saves have been done: the journal, or an archive of it, has their lines.

    A claim says so too, but only for minutes (`claims.py`).

    Raises:
        BookError: The workbook cannot be read.
    """
    if not saves:
        return frozenset()
    table = book.tables["journal"]
    titles = [title for title in book.workbook.grids if title.startswith(table.name)] or [table.name]
    headers = book.read([f"{quoted(title)}!1:1" for title in titles])
    columns = []
    for title, values in zip(titles, headers, strict=True):
        place = match(table, values[0] if values else ()).places.get("save")
        if place is not None:
            letters = column_letters(place)
            columns.append(f"{quoted(title)}!{letters}2:{letters}")
    found = book.read(columns) if columns else []
    there = {as_text(row[0]) for column in found for row in column if row}
    return frozenset(there & set(saves))
