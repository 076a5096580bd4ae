"""Bringing a workbook's sheets into order: lay it out, and give the team's fields their columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_schema import workbook
from sheets_schema.book import before, claims, layout, protect
from sheets_schema.book.failures import Taken
from sheets_schema.book.layout import Standing
from sheets_schema.book.snapshot import ALWAYS
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError, CredentialFault, NotProtected
from sheets_schema.language import Table
from sheets_schema.language.header import Header, match
from sheets_schema.language.kinds.zone import is_zone

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["lay_out", "team_columns"]

Json = dict[str, Any]
Values = list[list[Any]]


def lay_out(book: Book, time_zone: str | None) -> tuple[str, ...]:
    """Lay out all sheets; see `Book.lay_out`.

    Raises:
        NotProtected: All is laid out but the protected columns.
    """
    book.workbook.refresh()
    others = [grid for title, grid in book.workbook.grids.items() if title not in workbook.tables()]
    fresh = len(others) == len(book.workbook.grids)
    tables = _tables(book)
    zone = time_zone or (book.time_zone if "settings" in book.workbook.grids else None)
    now = layout.standing(book.workbook, list(tables))
    tables = _without_asked(book, tables, now)
    keys = layout.key_ranges(tables, now)
    taken = frozenset(grid.id for grid in book.workbook.grids.values())
    requests: list[Json] = _zone(book, zone)
    changed: list[str] = []
    for index, (name, table) in enumerate(tables.items()):
        more = (
            layout.requests_for(table, now[name], _free(book, table, now[name]), keys)
            if name in now
            else layout.new_sheet(table, index, taken, {})
        )
        if more:
            requests += more
            changed.append(name)
    if fresh and len(others) == 1 and not any(book.read([quoted(others[0].title)])):
        requests.append({"deleteSheet": {"sheetId": others[0].id}})
    if before.TITLE not in book.workbook.grids:
        requests.append(before.new_sheet())
    refused = _write(book, requests) if requests else None
    if any(name not in now for name in tables):
        _offer_ids(book, tables)
    if refused is not None:
        raise refused
    return tuple(changed)


def _write(book: Book, requests: list[Json]) -> NotProtected | None:
    """Send requests; those that protect are left out where they are refused, and the error is returned."""
    rest = protect.without(requests)
    refused = None
    try:
        book.write(requests)
    except BookError as error:
        if len(rest) == len(requests) or type(error) not in (BookError, CredentialFault):
            raise
        if rest:
            book.write(rest)
        refused = NotProtected(address=book.address)
    book.workbook.refresh()
    return refused


def _offer_ids(book: Book, tables: Mapping[str, Table]) -> None:
    """Give new sheets their dropdowns of ids, now that the sheets with the ids are there."""
    now = layout.standing(book.workbook, list(tables))
    keys = layout.key_ranges(tables, now)
    requests = [
        request
        for name, table in tables.items()
        for request in protect.without(layout.requests_for(table, now[name], now[name].columns, keys))
    ]
    if requests:
        book.write(requests)


def _tables(book: Book) -> Mapping[str, Table]:
    """Return the tables with the team's fields, as far as the workbook says already."""
    if set(ALWAYS) <= book.workbook.grids.keys():
        book.load()
        return book.tables
    return workbook.tables()


def _without_asked(
    book: Book, tables: Mapping[str, Table], now: Mapping[str, Standing]
) -> Mapping[str, Table]:
    """Return the tables without the fields whose column seems to be there under another name.

    A second one, blank, would answer the question whether it is, and leave the pages nothing to show.
    """
    lacking = [
        name
        for name, there in now.items()
        if len(match(tables[name], there.names).places) < len(tables[name].names)
    ]
    if not lacking or not set(ALWAYS) <= book.workbook.grids.keys():
        return tables
    book.load(*lacking)
    taken = {name: book.shown[name].taken for name in lacking if name in book.shown}
    return {
        name: replace(
            table,
            fields=tuple(each for each in table.fields if each.name not in taken.get(name, ())),
            carried=0,
        )
        if taken.get(name)
        else table
        for name, table in tables.items()
    }


def _zone(book: Book, time_zone: str | None) -> list[Json]:
    """Return the request that sets the spreadsheet's time zone, if it is another."""
    if time_zone is None or time_zone == book.workbook.timezone:
        return []
    if not is_zone(time_zone):
        raise BookError("book.time_zone", zone=time_zone)
    about = {"properties": {"timeZone": time_zone}, "fields": "timeZone"}
    return [{"updateSpreadsheetProperties": about}]


def _free(book: Book, table: Table, now: Standing) -> int:
    """Return the position of the first column of a sheet with nothing in it or right of it."""
    if all(name in match(table, now.names).places for name in table.names):
        return now.columns
    rows = book.read([quoted(table.name)])[0]
    return max((len(row) for row in rows), default=0)


def team_columns(
    book: Book,
    values: Mapping[str, Values],
    before: Mapping[str, Table],
    after: Mapping[str, Table],
    header_of: Callable[[Table], Header],
) -> None:
    """Give the team's fields that have no column one, in the sheet and in the values just read.

    Args:
        book: The book.
        values: Table -> its sheet's values; a new header cell is added to them.
        before: The tables without the team's fields.
        after: The tables with them.
        header_of: Understands a table's first row; a column that was renamed is one.
    """
    for name, rows in values.items():
        if not rows or after[name] is before[name]:
            continue
        there = header_of(after[name]).places
        own = before[name].names
        missing = [each for each in after[name].names if each not in own and each not in there]
        if missing:
            _add(book, after[name], missing, rows)


def _add(book: Book, table: Table, missing: Sequence[str], rows: Values) -> None:
    """Add columns at the end of a sheet; another process that does the same at once is let through."""
    start = max(len(row) for row in rows)
    grid = book.grid(table.name)
    now = Standing(grid.id, grid.rows, grid.columns, 1)
    seconds = time.time()
    claimed = [claims.claim(seconds, "columns", "column", table.name, start)]
    try:
        book.write([*claimed, *layout.add_columns(table, missing, start, now, {})])
    except Taken:
        return
    rows[0] = [*rows[0], *[""] * (start - len(rows[0])), *missing]
