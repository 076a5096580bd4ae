"""Spreadsheets out as files, and in from Excel and CSV.

What takes time (reading and writing files) knows nothing of the store, so that the store goes on meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_sheets import copies, defaults, delimited, drive, ods
from local_sheets.errors import BadRequest, Json
from local_sheets.mime import CSV, OPEN_DOCUMENT, PDF, SHEETS, TSV, XLSX
from local_sheets.rights import Person
from local_sheets.store import Book, Row, Sheet, Store
from local_sheets.store.book import DEFAULT_COLUMNS, DEFAULT_ROWS
from local_sheets.store.row import FORMAT, RULE
from local_sheets.store.store import new_number
from local_sheets.values import cells
from local_sheets.xlsx.reading import BookIn, SheetIn, read
from local_sheets.xlsx.writing import write

_UPLOAD_ZONE = "America/Los_Angeles"
"""Drive gives a spreadsheet that was converted from a file this time zone."""

Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Export:
    """How a spreadsheet becomes a file: `take` in the store's thread, `write` in any."""

    take: Callable[[Book, int | None], Any]
    write: Callable[[Any], bytes]


_EXPORTS = {
    CSV: Export(lambda book, number: delimited.write(book, number, ","), bytes),
    TSV: Export(lambda book, number: delimited.write(book, number, "\t"), bytes),
    XLSX: Export(lambda book, _: copies.take(book), write),
    OPEN_DOCUMENT: Export(lambda book, _: copies.take(book), ods.write),
    "application/x-vnd.oasis.opendocument.spreadsheet": Export(lambda book, _: copies.take(book), ods.write),
}


def export(kind: str) -> Export:
    """Return how a spreadsheet becomes a file of a MIME type.

    Raises:
        BadRequest: Google does not export such files, or this server does not.
    """
    if kind == PDF:
        raise BadRequest(f"The requested conversion is not supported: this server does not export {kind}.")
    if kind not in _EXPORTS:
        raise BadRequest("The requested conversion is not supported.")
    return _EXPORTS[kind]


def parse(body: bytes, kind: str) -> BookIn | Table:
    """Read a file of a MIME type; call it in any thread.

    Raises:
        BadRequest: The file is damaged, too large, or of a kind that cannot be converted.
    """
    kind = kind.partition(";")[0].strip().lower()
    if kind == XLSX:
        return read(body)
    if kind in (CSV, TSV, "text/plain"):
        return delimited.read(body, "\t" if kind == TSV else ",")
    raise BadRequest(f"Content of type {kind or 'unknown'} cannot be converted by this server.")


def create(store: Store, given: Json, who: Person, content: BookIn | Table) -> Book:
    """Make a spreadsheet from a file; call it inside `store.writing()`."""
    book = drive.create(store, given | {"mimeType": SHEETS}, who)
    replace(book, content)
    return book


def replace(book: Book, content: BookIn | Table) -> None:
    """Put a file's content in the place of all sheets."""
    for sheet in list(book.sheets):
        book.remove(sheet)
    for name in ("namedRanges", "developerMetadata"):
        book.about.pop(name, None)
    if isinstance(content, BookIn):
        _fill_book(book, content)
    else:
        _fill_table(book, content)
    book.touch()
    book.check_size()


def _fill_table(book: Book, rows: Table) -> None:
    """Make one sheet of rows of text, as if they were typed."""
    book.about["properties"] = book.properties | {"timeZone": _UPLOAD_ZONE}
    width = max((len(row) for row in rows), default=0)
    grid = {"rowCount": max(len(rows), DEFAULT_ROWS), "columnCount": max(width, DEFAULT_COLUMNS)}
    given = {"title": book.title[:100], "gridProperties": grid}
    sheet = book.add({"properties": defaults.sheet_properties(given, new_number(set()), "Sheet1")})
    for row, texts in zip(sheet.lines.edits(0, len(rows)), rows, strict=True):
        for column, text in enumerate(texts):
            cells.put(book, row, column, text, "USER_ENTERED")


def _fill_book(book: Book, content: BookIn) -> None:
    """Make the sheets of an Excel file."""
    book.about["properties"] = book.properties | (content.properties or {"timeZone": _UPLOAD_ZONE})
    keys = [book.styles.key(item) for item in content.styles]
    for given in content.sheets:
        _fill_sheet(book.add(given.about), given, keys)
    for name, items in (("namedRanges", content.named), ("developerMetadata", content.metadata)):
        if items:
            book.about[name] = items


def _fill_sheet(sheet: Sheet, given: SheetIn, keys: list[int | None]) -> None:
    """Write a sheet's rows; formats and rules get the numbers that they have in this store."""
    made = []
    for values, extras in given.rows:
        for kind in (FORMAT, RULE):
            if kind in extras:
                extras[kind] = {column: keys[place] for column, place in extras[kind].items()}
        made.append(Row(0, values, extras))
    while made and not made[-1].values and not made[-1].extras:
        made.pop()
    sheet.lines.extend(made)
