"""spreadsheets.values: get, update, append, clear, and their batches."""

import re
from collections.abc import Sequence
from typing import Any

from local_sheets import a1, places
from local_sheets.a1 import Box, Span
from local_sheets.errors import BadRequest, Json
from local_sheets.schema.reader import only_plain
from local_sheets.schema.struct import proto_text
from local_sheets.store import Book, Sheet
from local_sheets.store.lines import row_of
from local_sheets.store.row import dumps
from local_sheets.values import cells
from local_sheets.values.tables import table_at

_MOST_KNOWN = 300_000
"""So many rows are remembered as they are shown, at most, for each sheet."""


def option(query: Json, name: str, default: str) -> str:
    """Return an enum option of a query or body, *default* when it is left open."""
    given = str(query.get(name) or "")
    return default if not given or given.endswith("_UNSPECIFIED") else given


def get(book: Book, sheet: Sheet, box: Box, query: Json) -> str:
    """Return a ValueRange as JSON text."""
    render = option(query, "valueRenderOption", "FORMATTED_VALUE")
    moments = option(query, "dateTimeRenderOption", "SERIAL_NUMBER")
    major = option(query, "majorDimension", "ROWS")
    head = f'{{"range":{dumps(a1.write(sheet.title, box))},"majorDimension":"{major}"'
    whole_rows = box.left == 0 and box.right >= sheet.columns
    if whole_rows and major == "ROWS" and render == "UNFORMATTED_VALUE" and moments == "SERIAL_NUMBER":
        texts = sheet.lines.texts(box.top, min(box.bottom, filled(sheet, box)))
        return _range_text(head, texts)
    if whole_rows and major == "ROWS":
        return _range_text(head, _texts(book, sheet, box, render, moments))
    rows = read(book, sheet, box, render, moments)
    if major == "COLUMNS":
        rows = cells.trim(cells.transpose(rows))
    return head + (f',"values":{dumps(rows)}}}' if rows else "}")


def _range_text(head: str, texts: list[str]) -> str:
    """Return a ValueRange of rows that are JSON already; all of it is copied once, as it can be large."""
    if not texts:
        return head + "}"
    texts[0] = f'{head},"values":[{texts[0]}'
    texts[-1] += "]}"
    return ",".join(texts)


_ONLY_TEXT = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"(?:,(?=")|(?=\])))*\]')


def _texts(book: Book, sheet: Sheet, box: Box, render: str, moments: str) -> list[str]:
    """Return whole rows as JSON text; what needs no work is handed on as it is kept."""
    show, lines = cells.shower(book, render, moments), sheet.lines
    formatted = render == "FORMATTED_VALUE"
    known = lines.shown if formatted else {}
    if len(known) > _MOST_KNOWN:
        known.clear()
    result = []
    for key, values, extras in lines.raw(box.top, filled(sheet, box)):
        text = known.get(key)
        if text is None:
            if extras is None and (not formatted or _ONLY_TEXT.fullmatch(values)):
                text = values
            else:
                text = dumps(cells.trimmed(show(row_of(key, values, extras), 0, box.right)))
                if formatted:
                    known[key] = text
        result.append(text)
    return result


def filled(sheet: Sheet, box: Box) -> int:
    """Return the index after the last row of the box that has a value in it."""
    masks = sheet.lines.masks
    columns = ((1 << box.right) - 1) & ~((1 << box.left) - 1)
    end = min(box.bottom, len(masks))
    while end > box.top and not masks[end - 1] & columns:
        end -= 1
    return end


def read(book: Book, sheet: Sheet, box: Box, render: str, moments: str) -> list[list[Any]]:
    """Return the values of a box, trimmed."""
    show = cells.shower(book, render, moments)
    end = filled(sheet, box)
    return cells.trim([show(row, box.left, box.right) for row in sheet.lines.rows(box.top, end)])


def batch_get(book: Book, ranges: Sequence[str], query: Json) -> str:
    """Return several ValueRanges as JSON text; one bad range fails all."""
    found = [places.box(book, address) for address in ranges]
    answers = [get(book, sheet, box, query) for sheet, box in found]
    return f'{{"spreadsheetId":"{book.id}","valueRanges":[{",".join(answers)}]}}'


def rows_of(body: Json, place: str = "") -> list[list[Any]]:
    """Return the rows of a ValueRange that was sent; *place* (`data[0].`) stands in errors."""
    values: list[list[Any]] = body.get("values", [])
    for number, row in enumerate(values):
        if not only_plain(row):
            column = next(n for n, value in enumerate(row) if isinstance(value, (list, dict)))
            raise BadRequest(f"Invalid {place}values[{number}][{column}]: {proto_text(row[column])}")
    return cells.transpose_nulls(values) if body.get("majorDimension") == "COLUMNS" else values


def update(book: Book, address: str, body: Json, how: str, query: Json) -> Json:
    """Write a ValueRange where *address* says; return an UpdateValuesResponse."""
    stated = body.get("range")
    if stated and stated != address and places.find(book, stated) != places.find(book, address):
        raise BadRequest(
            f"Requested range [{stated}] in the body does not match range [{address}] in the URL."
        )
    sheet, span = places.find(book, address)
    rows = rows_of(body)
    box = sheet.place(span)
    _check_fits(sheet, span, box, rows)
    return write(book, sheet, box.top, box.left, rows, how, query, asked=box)


def _check_fits(sheet: Sheet, span: Span, box: Box, rows: list[list[Any]]) -> None:
    """Refuse values that reach out of a stated range (one cell may be a corner)."""
    if span.single:
        return
    height, width = len(rows), max((len(row) for row in rows), default=0)
    asked = f"Requested writing within range [{a1.write(sheet.title, box)}]"
    if span.bottom is not None and box.top + height > span.bottom:
        raise BadRequest(f"{asked}, but tried writing to row [{span.bottom + 1}]")
    if span.right is not None and box.left + width > span.right:
        raise BadRequest(f"{asked}, but tried writing to column [{a1.letters(span.right)}]")


def write(
    book: Book,
    sheet: Sheet,
    top: int,
    left: int,
    rows: list[list[Any]],
    how: str,
    query: Json,
    asked: Box | None = None,
) -> Json:
    """Write rows from a corner on; return an UpdateValuesResponse."""
    width = max((len(row) for row in rows), default=0)
    grow(book, sheet, top + len(rows), left + width)
    touched_rows, touched_columns, count = 0, set(), 0
    if any(value is not None for row in rows for value in row):
        for row, values in zip(sheet.lines.edits(top, top + len(rows)), rows, strict=True):
            sent = [left + n for n, value in enumerate(values) if value is not None]
            if how != "RAW" or not cells.put_plain(row, left, values):
                for column in sent:
                    cells.put(book, row, column, values[column - left], how)
            touched_rows += bool(sent)
            touched_columns.update(sent)
            count += len(sent)
    box = Box(top, top + len(rows), left, left + width)
    if asked is not None and (box.empty or not count):
        box = asked
    answer: Json = {"spreadsheetId": book.id, "updatedRange": a1.write(sheet.title, box)}
    counts = {
        "updatedRows": touched_rows,
        "updatedColumns": len(touched_columns),
        "updatedCells": count,
    }
    answer |= {name: number for name, number in counts.items() if number}
    if query.get("includeValuesInResponse"):
        book.recalculate()
        sheet.lines.flush()
        answer["updatedData"] = Raw(get(book, sheet, box, _response_options(query)))
    return answer


class Raw(str):
    """Text that is JSON already."""

    __slots__ = ()


def _response_options(query: Json) -> Json:
    """Return how the values of an answer to a write are shown."""
    return {
        "valueRenderOption": query.get("responseValueRenderOption"),
        "dateTimeRenderOption": query.get("responseDateTimeRenderOption"),
    }


def grow(book: Book, sheet: Sheet, rows: int, columns: int) -> None:
    """Make the grid large enough."""
    if rows > sheet.rows or columns > sheet.columns:
        sheet.grid["rowCount"] = max(sheet.rows, rows)
        sheet.grid["columnCount"] = max(sheet.columns, columns)
        sheet.touch()
        book.check_size()


def append(book: Book, address: str, body: Json, how: str, query: Json) -> Json:
    """Add rows after the table that the range meets; return an AppendValuesResponse."""
    insert = option(query, "insertDataOption", "OVERWRITE")
    rows = rows_of(body)
    sheet, box = places.box(book, address)
    table = table_at(sheet, box)
    answer: Json = {"spreadsheetId": book.id}
    top, left = (table.bottom, table.left) if table else (box.top, box.left)
    if table:
        answer["tableRange"] = a1.write(sheet.title, table)
    if insert == "INSERT_ROWS" and top < sheet.rows and rows:
        from local_sheets.requests.dimensions import open_rows

        open_rows(book, sheet, top, len(rows))
    answer["updates"] = write(book, sheet, top, left, rows, how, query)
    if table:
        sheet.lines.flush()
        width = max((len(row) for row in rows), default=0)
        grown = Box(table.top, top + len(rows), table.left, max(table.right, left + width))
        sheet.lines.table = (grown.top, grown.bottom, grown.left, grown.right)
    return answer


def clear(book: Book, sheet: Sheet, box: Box) -> Json:
    """Empty the values of a box."""
    end = min(box.bottom, len(sheet.lines))
    columns = ((1 << box.right) - 1) & ~((1 << box.left) - 1)
    masks = sheet.lines.masks
    for index in range(box.top, end):
        if masks[index] & columns:
            cells.clear(sheet.lines.edit(index), box.left, box.right)
    return {"spreadsheetId": book.id, "clearedRange": a1.write(sheet.title, box)}
