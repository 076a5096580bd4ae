"""Rows that no rule can repair: moved to a sheet of their own with the reason, and brought back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book import cells, journal
from sheets_schema.book.columns import RULE_MASK, templates
from sheets_schema.book.examine import read_sheets
from sheets_schema.book.journal import Line
from sheets_schema.book.live import Ask, look
from sheets_schema.book.plan import Plan, Signature, key_ranges
from sheets_schema.book.save import new_save
from sheets_schema.book.send import send
from sheets_schema.doctor import Finding, Sheet
from sheets_schema.errors import HeaderFault, MissingRow, UnknownTable
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text, blank, column_letters

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Restored", "entry", "fits", "restore", "taken_away"]

Json = dict[str, Any]
LONGEST: Final = 50_000
"""Characters that a cell takes; a row that needs more stays where it is."""
READABLE: Final = 500

Restored = tuple[str, ...]
"""The ids under which rows are in their sheets again."""


def fits(sheet: Sheet, row: int) -> bool:
    """Say whether a row's cells fit into the cell that keeps them."""
    return len(_kept(sheet, row)) <= LONGEST


def entry(sheet: Sheet, finding: Finding, language: str, signature: Signature, table: Table) -> Json:
    """Return the record that keeps a row in quarantine.

    Args:
        sheet: The sheet that it stands in.
        finding: Why it goes.
        language: Of the reason.
        signature: Whose save it is, and when.
        table: The table `quarantine`.
    """
    row = finding.fault.row
    texts = [as_text(cell) for cell in sheet.rows[row - 1]]
    return {
        "id": workbook.new_id(table, signature.now.tz_convert(signature.time_zone)),
        "at": signature.now,
        "sheet": sheet.name,
        "row": row,
        "row_id": sheet.row_id(row) or None,
        "reason": finding.what(language),
        "said": " · ".join(text for text in texts if text)[:READABLE],
        "cells": _kept(sheet, row),
    }


def taken_away(sheet: Sheet, row: int) -> list[Line]:
    """Return the journal's lines of a row that is taken away: all that it held.

    They name no id where another row has it too, for that row stays.
    """
    places = {**sheet.header.unknown, **sheet.header.places}
    held = {name: sheet.cell(row, at) for name, at in places.items() if not blank(sheet.cell(row, at))}
    own = pd.notna(sheet.reading.frame[sheet.table.key].get(row))
    return journal.taken(sheet.table, sheet.row_id(row) if own else "", held)


def _kept(sheet: Sheet, row: int) -> str:
    """Return a row's cells as JSON, by their headers; a column without one goes by its letters."""
    names = [as_text(cell) for cell in sheet.header.cells]
    held: dict[str, Any] = {}
    for place, cell in enumerate(sheet.rows[row - 1]):
        if not blank(cell):
            name = names[place] if place < len(names) and names[place] else column_letters(place)
            held[name if name not in held else f"{name} ({column_letters(place)})"] = cell
    return json.dumps(held, ensure_ascii=False)


def restore(book: Book, ids: Sequence[str], *, who: str, source: str, now: pd.Timestamp) -> Restored:
    """Bring rows back from quarantine, as they were; all of them, or none.

    A row whose id is another row's by now gets a new one. What was wrong with it still is.

    Args:
        book: The workbook.
        ids: Ids of `quarantine`.
        who: The person's id, or the service.
        source: The page or command that it comes from.
        now: The moment, with a time zone.

    Raises:
        MissingRow: No row of the quarantine has such an id, or it went back already.
        HeaderFault: A column that the row had is gone.
        BookError: The workbook cannot be reached.
    """
    kept = read_sheets(book, ["quarantine"])["quarantine"]
    frame = kept.reading.frame
    entries = frame[frame["id"].isin(list(ids)) & frame["restored_at"].isna()]
    for id_ in ids:
        if id_ not in set(entries["id"]):
            raise MissingRow(sheet="quarantine", id=id_)
    for name in entries["sheet"]:
        if name not in book.tables:
            raise UnknownTable(table=name, tables=", ".join(book.tables))
    signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
    names = list(dict.fromkeys(entries["sheet"]))
    asks = [*(Ask(book.tables[name], every_id=True) for name in names), Ask(book.tables["journal"])]
    lives = look(asks, book.read)
    requests: list[Json] = []
    lines: list[Line] = []
    back: list[str] = []
    stamp = kept.table.field("restored_at").format(now, book.time_zone)
    for number, held in entries.iterrows():
        table, live = book.tables[held["sheet"]], lives[held["sheet"]]
        row, id_ = _row(table, live.header.cells, json.loads(held["cells"]), {*live.rows, *back}, signature)
        like = templates(table, live.header.places, len(live.header.cells), key_ranges(book))
        requests.append(cells.append_rows(book.grid(table.name).id, [row], like, RULE_MASK))
        named = {name: row[place] for name, place in live.header.places.items() if row[place] is not None}
        lines += journal.added(table, id_, named)
        lines.append(journal.changed(kept.table, held["id"], "restored_at", "", stamp))
        there = {kept.header.places["restored_at"]: stamp}
        requests += cells.write_cells(book.grid("quarantine").id, int(str(number)), there)
        back.append(id_)
    claims = [("restore", id_) for id_ in entries["id"]]
    requests.append(Plan(lines=lines).journal_rows(book, lives["journal"], signature))
    send(book, requests, claims, signature.save)
    return tuple(back)


def _row(
    table: Table, header: Sequence[str], held: Mapping[str, Any], taken: set[str], signature: Signature
) -> tuple[list[Any], str]:
    """Return a kept row by the header that its sheet has now, and its id.

    Raises:
        HeaderFault: A column is gone.
    """
    places = {name: place for place, name in reversed(list(enumerate(header))) if name}
    lost = [name for name in held if name not in places]
    if lost:
        raise HeaderFault(sheet=table.name, missing=", ".join(lost))
    row: list[Any] = [None] * len(header)
    for name, cell in held.items():
        row[places[name]] = cell
    key = table.place(table.key, header)
    id_ = "" if key is None else as_text(row[key])
    if key is not None and id_ in taken | {""}:
        id_ = workbook.new_id(table, signature.now.tz_convert(signature.time_zone))
        row[key] = id_
    return row, id_
