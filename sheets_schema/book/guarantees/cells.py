"""What a cell holds: it comes back as what was written, and nothing else of it changes."""

from __future__ import annotations

from typing import Any, Final

from sheets_schema.book.cells import same_cell
from sheets_schema.book.columns import FORMATS
from sheets_schema.book.examine import RENDER
from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import Scratch, shown
from sheets_schema.book.titles import Grid, quoted
from sheets_schema.language.kinds.zone import is_zone

__all__ = ["clears", "dates", "formulas", "kinds", "text_stays"]

TEXTS: Final = ("=1+1", "+1", "-1", "@a", "0042", "1-2", "1e3", "TRUE", "'x")
VALUES: Final = (3, 2.5, 0.1 + 0.2, True, False, "3")
MOMENT: Final = 46349.375
EARLY: Final = 25569.25
MASK: Final = (
    "sheets(data(rowData(values(userEnteredValue,formattedValue,userEnteredFormat,dataValidation))))"
)


def text_stays(scratch: Scratch) -> Seen:
    """Write texts that look like formulas, numbers and days."""
    grid, row = scratch.line()
    scratch.book.write(scratch.put(grid, row, *TEXTS))
    return Seen(f"{_read(scratch, grid, row)}", f"{list(TEXTS)}")


def kinds(scratch: Scratch) -> Seen:
    """Write numbers, truths and a text that is a number."""
    grid, row = scratch.line()
    scratch.book.write(scratch.put(grid, row, *VALUES))
    found = _read(scratch, grid, row)
    is_same = len(found) == len(VALUES) and all(map(same_cell, found, VALUES))
    return Seen(f"{list(VALUES) if is_same else found}", f"{list(VALUES)}")


def clears(scratch: Scratch) -> Seen:
    """Clear one cell by writing nothing into it, and one as a range; format and dropdown stay."""
    grid, row = scratch.line()
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "showCustomUi": True}
    where = {"sheetId": grid.id, "startRowIndex": row - 1, "endRowIndex": row, "endColumnIndex": 2}
    cell = {"userEnteredFormat": {"numberFormat": FORMATS["date"]}, "dataValidation": rule}
    repeat = {"range": where, "cell": cell, "fields": "userEnteredFormat.numberFormat,dataValidation"}
    scratch.book.write([{"repeatCell": repeat}, *scratch.put(grid, row, "a", "a")])
    second = {"range": {**where, "startColumnIndex": 1}, "fields": "userEnteredValue"}
    scratch.book.write([*scratch.put(grid, row, ""), {"updateCells": second}])
    found = [_parts(each) for each in _cells(scratch, grid, f"A{row}:B{row}")]
    return Seen(f"{found}", f"{['dropdown, DATE', 'dropdown, DATE']}")


def dates(scratch: Scratch) -> Seen:
    """Write a moment as a serial number, and see what is read and what people see."""
    grid, row = scratch.line()
    where = {"sheetId": grid.id, "startRowIndex": row - 1, "endRowIndex": row, "endColumnIndex": 1}
    cell = {"userEnteredFormat": {"numberFormat": FORMATS["datetime"]}}
    repeat = {"range": where, "cell": cell, "fields": "userEnteredFormat.numberFormat"}
    scratch.book.write([{"repeatCell": repeat}, *scratch.put(grid, row, MOMENT)])
    read = _read(scratch, grid, row)
    (seen,) = _cells(scratch, grid, f"A{row}") or [{}]
    zone = str(scratch.book.workbook.timezone)
    found = f"{[*read, seen.get('formattedValue'), is_zone(zone)]}"
    return Seen(f"{found} ({zone})", f"{[MOMENT, '2026-11-23 09:00', True]} ({zone})")


def formulas(scratch: Scratch) -> Seen:
    """Read a formula, a moment and a text as they were entered, as the sheet doctor does."""
    grid, row = scratch.line()
    start = {"sheetId": grid.id, "rowIndex": row - 1, "columnIndex": 0}
    cells = [{"userEnteredValue": {"formulaValue": "=1+2"}}]
    update = {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}
    moment = {"sheetId": grid.id, "startRowIndex": row - 1, "endRowIndex": row, "startColumnIndex": 1}
    cell = {"userEnteredFormat": {"numberFormat": FORMATS["datetime"]}}
    repeat = {
        "range": {**moment, "endColumnIndex": 2},
        "cell": cell,
        "fields": "userEnteredFormat.numberFormat",
    }
    texts = scratch.put(grid, row, "", EARLY, "=x")
    scratch.book.write([{"repeatCell": repeat}, *texts, {"updateCells": update}])
    area = f"{quoted(grid.title)}!A{row}:C{row}"
    found = scratch.until(lambda: _entered(scratch, area), bool)
    held = [each.removeprefix("'") if isinstance(each, str) else each for each in found]
    return Seen(f"{held}", f"{['=1+2', EARLY, '=x']}")


def _entered(scratch: Scratch, area: str) -> list[Any]:
    """Return a row as it was entered."""
    book = scratch.book
    (answer,) = book.client.values_batch_get(book.workbook.id, [area], dict(RENDER))["valueRanges"]
    return list(answer.get("values", [[]])[0])


def _read(scratch: Scratch, grid: Grid, row: int) -> list[Any]:
    """Return a row as the book reads it, once something is there."""
    rows = scratch.until(lambda: scratch.read(grid, f"A{row}:L{row}"), bool)
    return list(rows[0]) if rows else []


def _cells(scratch: Scratch, grid: Grid, area: str) -> list[dict[str, Any]]:
    """Return the cells of a row with their formats and dropdowns."""
    params = {"fields": MASK, "ranges": [f"{quoted(grid.title)}!{area}"]}
    rows = shown(scratch.book.workbook.fetch_sheet_metadata(params)["sheets"])
    return rows[0] if rows else []


def _parts(cell: dict[str, Any]) -> str:
    """Return which parts a cell has."""
    form = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type")
    held = [str(cell["userEnteredValue"])] if "userEnteredValue" in cell else []
    return ", ".join([*held, *(["dropdown"] if "dataValidation" in cell else []), *([form] if form else [])])
