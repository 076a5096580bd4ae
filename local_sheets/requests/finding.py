"""findReplace."""

import re
from collections.abc import Callable

from local_sheets import places
from local_sheets.a1 import Box
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMULA
from local_sheets.values import cells
from local_sheets.values.locales import locale

Replace = Callable[[str], tuple[str, int]]


def _replacer(request: Json) -> Replace:
    """Return a function text -> (text with replacements, their number)."""
    find, replacement = request.get("find", ""), request.get("replacement", "")
    if not find:
        raise BadRequest("find must not be empty.")
    flags = 0 if request.get("matchCase") else re.IGNORECASE
    source = find if request.get("searchByRegex") else re.escape(find)
    if request.get("matchEntireCell"):
        source = rf"\A(?:{source})\Z"
    try:
        pattern = re.compile(source, flags)
    except re.error as error:
        raise BadRequest(f"Invalid regular expression: {find} ({error})") from error
    if not request.get("searchByRegex"):
        return lambda text: pattern.subn(lambda _match: replacement, text)
    template = re.sub(r"\$(\d+)", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    return lambda text: pattern.subn(template, text)


def _places(book: Book, request: Json) -> list[tuple[Sheet, Box]]:
    """Return where to look."""
    if "range" in request:
        return [places.grid(book, request["range"])]
    if request.get("allSheets"):
        return [(sheet, sheet.whole()) for sheet in book.sheets]
    sheet = book.sheet(request.get("sheetId"))
    return [(sheet, sheet.whole())]


def find_replace(book: Book, request: Json) -> Json:
    """Replace text in a range, a sheet or everywhere."""
    replace = _replacer(request)
    counts = dict.fromkeys(
        ("valuesChanged", "formulasChanged", "rowsChanged", "sheetsChanged", "occurrencesChanged"), 0
    )
    for sheet, box in _places(book, request):
        rows = 0
        for index in range(box.top, min(box.bottom, len(sheet.lines))):
            if sheet.lines.masks[index]:
                values, formulas, times = _row(book, sheet, index, box, replace, request)
                counts["valuesChanged"] += values
                counts["formulasChanged"] += formulas
                counts["occurrencesChanged"] += times
                rows += bool(values or formulas)
        counts["rowsChanged"] += rows
        counts["sheetsChanged"] += bool(rows)
    return {"findReplace": {name: number for name, number in counts.items() if number}}


def _row(
    book: Book, sheet: Sheet, index: int, box: Box, replace: Replace, request: Json
) -> tuple[int, int, int]:
    """Replace in one row; return values and formulas changed, and occurrences."""
    row: Row = sheet.lines.row(index)
    values = formulas = times = 0
    words = locale(book.locale)
    for column in range(box.left, min(box.right, row.width())):
        formula = row.extra(FORMULA, column)
        if formula is not None and not request.get("includeFormulas"):
            continue
        value = row.get(column)
        text = formula or cells.show(value, cells.format_of(book, row, column), words)
        if not text:
            continue
        new, found = replace(text)
        if found:
            cells.put(book, sheet.lines.edit(index), column, new, "USER_ENTERED")
            times += found
            formulas += formula is not None
            values += formula is None
    return values, formulas, times
