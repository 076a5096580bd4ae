"""CSV and TSV: one sheet as text, as its cells show it, and back."""

import csv
import io

from local_sheets.errors import BadRequest
from local_sheets.store import Book
from local_sheets.values import cells

_LONGEST = 50_000
_COLUMNS = 18_278


def write(book: Book, number: int | None, mark: str) -> bytes:
    """Return a sheet (the first where *number* is None) as text; call it in the store's thread.

    Raises:
        BadRequest: There is no sheet of that id.
    """
    sheet = book.sheets[0] if number is None else book.sheet(number)
    show = cells.shower(book, "FORMATTED_VALUE", "SERIAL_NUMBER")
    rows = cells.trim([show(row, 0, sheet.columns) for row in sheet.lines.rows(0, len(sheet.lines))])
    width = max((len(row) for row in rows), default=0)
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(
        [*row, *[""] * (width - len(row))] for row in rows
    )
    return text.getvalue().removesuffix("\r\n").encode()


def read(body: bytes, mark: str) -> list[list[str]]:
    """Return the rows of a text.

    Raises:
        BadRequest: It is no UTF-8, or no table that a spreadsheet can hold.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The file is not UTF-8 text (byte {error.start} is none).") from error
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            _check(row, reader.line_num)
            rows.append(row)
    except csv.Error as error:
        raise BadRequest(f"The file is not a table: line {reader.line_num}: {error}.") from error
    return rows


def _check(row: list[str], line: int) -> None:
    """Refuse what a spreadsheet cannot hold."""
    if len(row) > _COLUMNS:
        raise BadRequest(f"Line {line} of the file has {len(row)} columns; at most {_COLUMNS} are taken.")
    if any(len(text) > _LONGEST for text in row):
        raise BadRequest(f"Line {line} of the file has a cell of more than {_LONGEST} characters.")
