"""GridData: cells with their values, formats, notes and rules, and the sizes of rows and columns."""

from typing import Any

from local_sheets import fields
from local_sheets.a1 import Box
from local_sheets.defaults import DEFAULT_FORMAT
from local_sheets.errors import Json
from local_sheets.fields import Mask
from local_sheets.filtering import hider
from local_sheets.requests.metadata import at_lines
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import ERROR, FORMAT, FORMULA, MORE, NOTE, PROPERTIES, RULE, SPILLED
from local_sheets.values import cells
from local_sheets.values.locales import Locale, locale

ROW_PIXELS, COLUMN_PIXELS = 21, 100
ERROR_TYPES = {
    "#DIV/0!": "DIVIDE_BY_ZERO", "#N/A": "N_A", "#NAME?": "NAME", "#NULL!": "NULL_VALUE", "#NUM!": "NUM",
    "#REF!": "REF", "#VALUE!": "VALUE",
}  # fmt: skip
"""ErrorType by the text of an error; any other is an ERROR."""


def grid_data(book: Book, sheet: Sheet, box: Box, mask: Mask) -> Json:
    """Return the GridData of a box; only what the mask wants is worked out."""
    answer: Json = {}
    if box.top:
        answer["startRow"] = box.top
    if box.left:
        answer["startColumn"] = box.left
    if fields.wants(mask, "rowData"):
        rows = row_data(book, sheet, box, mask.get("rowData", {}).get("values", {}))
        if rows:
            answer["rowData"] = rows
    if fields.wants(mask, "rowMetadata"):
        answer["rowMetadata"] = _lines(book, sheet, box)
    if fields.wants(mask, "columnMetadata"):
        marks = at_lines(book, sheet, "COLUMNS")
        answer["columnMetadata"] = [
            column_metadata(sheet, column, marks.get(column)) for column in range(box.left, box.right)
        ]
    return answer


def _lines(book: Book, sheet: Sheet, box: Box) -> list[Json]:
    """Return DimensionProperties of the rows of a box."""
    marks, hides = at_lines(book, sheet, "ROWS"), hider(book, sheet)
    result = []
    for index, row in enumerate(_all(sheet, box), box.top):
        line = row_metadata(row, marks.get(index))
        result.append(line | {"hiddenByFilter": True} if hides and hides(index, row) else line)
    return result


def _all(sheet: Sheet, box: Box) -> list[Row]:
    """Return every row of a box, those that do not exist as blank ones."""
    found = list(sheet.lines.rows(box.top, box.bottom))
    return found + [Row(0)] * (box.bottom - box.top - len(found))


def row_metadata(row: Row, marks: list[Json] | None = None) -> Json:
    """Return DimensionProperties of a row, with the developer metadata that hangs on it."""
    found = {"pixelSize": ROW_PIXELS} | row.extras.get(PROPERTIES, {})
    return found | {"developerMetadata": marks} if marks else found


def column_metadata(sheet: Sheet, column: int, marks: list[Json] | None = None) -> Json:
    """Return DimensionProperties of a column, with the developer metadata that hangs on it."""
    kept: Json = sheet.about.get("columns", {}).get(str(column), {})
    found = {"pixelSize": COLUMN_PIXELS} | kept
    return found | {"developerMetadata": marks} if marks else found


def row_data(book: Book, sheet: Sheet, box: Box, mask: Mask) -> list[Json]:
    """Return RowData of a box, trailing cells and rows with nothing to say left out."""
    words = locale(book.locale)
    result = []
    for row in sheet.lines.rows(box.top, box.bottom):
        values = [
            fields.pick(cell(book, row, column, mask, words), mask)
            for column in range(box.left, min(box.right, row.width()))
        ]
        while values and not values[-1]:
            values.pop()
        result.append({"values": values} if values else {})
    while result and not result[-1]:
        result.pop()
    return result


def cell(book: Book, row: Row, column: int, mask: Mask, words: Locale) -> Json:
    """Return CellData."""
    value, formula = row.get(column), row.extra(FORMULA, column)
    look = cells.format_of(book, row, column)
    answer: Json = {}
    shown = cells.look_of(book, row, column)
    filled = value != "" or type(value) is not str
    if formula is not None:
        answer["userEnteredValue"] = {"formulaValue": formula}
    elif filled and row.extra(SPILLED, column) is None:
        answer["userEnteredValue"] = extended(value)
    if filled:
        message = row.extra(ERROR, column)
        answer["effectiveValue"] = extended(value) if message is None else error(str(value), message)
        answer["formattedValue"] = cells.show(value, shown, words)
    if look:
        answer["userEnteredFormat"] = look
    if answer and fields.wants(mask, "effectiveFormat"):
        answer["effectiveFormat"] = effective(shown)
    note, rule = row.extra(NOTE, column), row.extra(RULE, column)
    if note:
        answer["note"] = note
    if rule is not None:
        answer["dataValidation"] = book.styles.get(rule)
    more = row.extra(MORE, column)
    if more:
        answer |= more
    return answer


def error(text: str, message: str) -> Json:
    """Return ExtendedValue of a formula's error."""
    return {"errorValue": {"type": ERROR_TYPES.get(text, "ERROR"), "message": message}}


def extended(value: Any) -> Json:
    """Return ExtendedValue of a value that is not a formula."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": value}


def effective(look: Json) -> Json:
    """Return a format on top of the default one."""
    return _over(DEFAULT_FORMAT, look)


def _over(below: Json, above: Json) -> Json:
    """Lay one JSON object over another."""
    result = dict(below)
    for name, value in above.items():
        old = result.get(name)
        result[name] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


__all__ = ["FORMAT", "cell", "column_metadata", "effective", "grid_data", "row_data", "row_metadata"]
