"""Spreadsheets out as files and in from CSV."""

import csv
import io
from collections.abc import Callable

from local_sheets import defaults
from local_sheets.errors import BadRequest, Json
from local_sheets.exports_xlsx import XLSX, workbook
from local_sheets.mime import OPEN_DOCUMENT, PDF, SHEETS
from local_sheets.store import Book, Sheet
from local_sheets.store.book import DEFAULT_COLUMNS, DEFAULT_ROWS
from local_sheets.store.store import new_number
from local_sheets.values import cells

_UPLOAD_ZONE = "America/Los_Angeles"
"""Drive gives a spreadsheet that was converted from CSV this time zone."""


def _delimited(book: Book, mark: str) -> bytes:
    """Return the first sheet as text, as its cells show it."""
    sheet = book.sheets[0]
    show = cells.shower(book, "FORMATTED_VALUE", "SERIAL_NUMBER")
    rows = cells.trim([show(row, 0, sheet.columns) for row in sheet.lines.rows(0, len(sheet.lines))])
    width = max((len(row) for row in rows), default=0)
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(
        [*row, *[""] * (width - len(row))] for row in rows
    )
    return text.getvalue().removesuffix("\r\n").encode()


_KINDS: dict[str, Callable[[Book], bytes]] = {
    "text/csv": lambda book: _delimited(book, ","),
    "text/tab-separated-values": lambda book: _delimited(book, "\t"),
    XLSX: workbook,
    "application/x-vnd.oasis.opendocument.spreadsheet": lambda _book: _unsupported(OPEN_DOCUMENT),
    OPEN_DOCUMENT: lambda _book: _unsupported(OPEN_DOCUMENT),
    PDF: lambda _book: _unsupported(PDF),
}


def _unsupported(kind: str) -> bytes:
    """Refuse an export that Google has and this server has not."""
    raise BadRequest(f"The requested conversion is not supported: this server does not export {kind}.")


def export(book: Book, kind: str) -> bytes:
    """Return a spreadsheet as a file of a MIME type."""
    if kind not in _KINDS:
        raise BadRequest("The requested conversion is not supported.")
    return _KINDS[kind](book)


def upload(book: Book, body: bytes, kind: str) -> Json:
    """Replace all sheets by one that holds a CSV file; return the file's v2 resource."""
    if kind.split(";", maxsplit=1)[0].strip() not in ("text/csv", "text/tab-separated-values", "text/plain"):
        raise BadRequest(f"Content of type {kind} cannot be converted by this server.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest("The file is not UTF-8 text.") from error
    mark = "\t" if "tab" in kind else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    number = new_number({sheet.id for sheet in book.sheets})
    for sheet in list(book.sheets):
        book.remove(sheet)
    book.about = {"properties": book.properties | {"timeZone": _UPLOAD_ZONE}}
    grid = {
        "rowCount": max(len(rows), DEFAULT_ROWS),
        "columnCount": max((len(row) for row in rows), default=0),
    }
    grid["columnCount"] = max(grid["columnCount"], DEFAULT_COLUMNS)
    given = {"title": book.title[:100], "gridProperties": grid}
    fresh = book.add({"properties": defaults.sheet_properties(given, number, "Sheet1")})
    _fill(book, fresh, rows)
    book.check_size()
    return {"kind": "drive#file", "id": book.id, "title": book.title, "mimeType": SHEETS}


def _fill(book: Book, sheet: Sheet, rows: list[list[str]]) -> None:
    """Write rows of text as if typed."""
    for row, texts in zip(sheet.lines.edits(0, len(rows)), rows, strict=True):
        for column, text in enumerate(texts):
            cells.put(book, row, column, text, "USER_ENTERED")


__all__ = ["export", "upload"]
