"""updateCells, appendCells, repeatCell, setDataValidation: CellData written into rows."""

from typing import Any

from local_sheets import fields, places
from local_sheets.a1 import Box
from local_sheets.api_values import grow
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.fields import Mask
from local_sheets.formulas.rewriting import copying, rewrite
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMAT, FORMULA, MORE, NOTE, RULE
from local_sheets.values import cells

_FIELDS = frozenset({
    "userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns",
    "hyperlink", "chipRuns", "pivotTable",
})  # fmt: skip
_BESIDE = ("textFormatRuns", "hyperlink", "chipRuns")


def put_cell(book: Book, row: Row, column: int, cell: Json, mask: Mask) -> None:
    """Write what the mask names of a CellData into a cell; absent there is taken away."""
    if not mask or "userEnteredValue" in mask:
        _put_value(book, row, column, cell.get("userEnteredValue"))
    if not mask or "userEnteredFormat" in mask:
        below = mask.get("userEnteredFormat", {}) if mask else {}
        new = cell.get("userEnteredFormat") or {}
        look = fields.merge(cells.format_of(book, row, column), new, below)
        row.put_extra(FORMAT, column, book.styles.key(_with_styles(look)))
    if not mask or "note" in mask:
        row.put_extra(NOTE, column, cell.get("note") or None)
    if not mask or "dataValidation" in mask:
        rule = cell.get("dataValidation")
        row.put_extra(RULE, column, book.styles.key(rule) if rule else None)
    for name in _BESIDE:
        if not mask or name in mask:
            more = dict(row.extra(MORE, column) or {})
            more.pop(name, None)
            if cell.get(name):
                more[name] = cell[name]
            row.put_extra(MORE, column, more or None)


def _with_styles(look: Json) -> Json:
    """Add to a colour the ColorStyle that says the same, as Google's answers have both."""
    result = {}
    for name, value in look.items():
        result[name] = _with_styles(value) if isinstance(value, dict) and name == "textFormat" else value
    for name in ("backgroundColor", "foregroundColor"):
        style = f"{name}Style"
        if name in result:
            result[style] = {"rgbColor": result[name]}
        elif "rgbColor" in (result.get(style) or {}):
            result[name] = result[style]["rgbColor"]
    return result


def _put_value(book: Book, row: Row, column: int, value: Json | None) -> None:
    """Write an ExtendedValue."""
    kinds = [name for name in value if value[name] is not None] if value else []
    if len(kinds) > 1:
        raise BadRequest(f"oneof field 'value' is already set. Cannot set '{kinds[1]}'")
    if not kinds or value is None:
        cells.put(book, row, column, "", "RAW")
        return
    kind = kinds[0]
    content: Any = value[kind]
    wanted: dict[str, Any] = {
        "numberValue": (int, float),
        "boolValue": bool,
        "stringValue": str,
        "formulaValue": str,
    }
    if kind not in wanted:
        raise BadRequest(f"Unknown name \"{kind}\" at 'userEnteredValue': Cannot find field.")
    if not isinstance(content, wanted[kind]) or (kind == "numberValue" and isinstance(content, bool)):
        raise BadRequest(f"Invalid value at 'userEnteredValue.{kind}', {content!r}")
    if kind == "formulaValue":
        if not content.startswith("="):
            raise BadRequest(f"Invalid formula: {content}. A formula must start with '='.")
        if row.extra(FORMULA, column) != content:
            cells.put(book, row, column, "", "RAW")
            cells.put_formula(row, column, content)
    else:
        cells.put(book, row, column, content, "RAW")


def _mask(request: Json) -> Mask:
    """Return the fields of a request that writes CellData."""
    mask = update_mask(request, "CellData")
    for name in mask:
        if name not in _FIELDS and name not in ("effectiveValue", "formattedValue"):
            raise BadRequest(f"Invalid field: {name}. The cell data has no such field that can be written.")
    return mask


def write_rows(book: Book, sheet: Sheet, top: int, left: int, rows: list[Json], mask: Mask) -> None:
    """Write RowData from a corner on."""
    width = max((len(row.get("values") or ()) for row in rows), default=0)
    grow(book, sheet, top + len(rows), left + width)
    for row, data in zip(sheet.lines.edits(top, top + len(rows)), rows, strict=True):
        for offset, cell in enumerate(data.get("values") or ()):
            put_cell(book, row, left + offset, cell or {}, mask)


def update_cells(book: Book, request: Json) -> None:
    """Write cells into a range (those it has no data for are cleared), or from a start on."""
    mask, rows = _mask(request), request.get("rows") or []
    if "start" in request:
        start = request["start"]
        sheet = book.sheet(start.get("sheetId"))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        _inside(sheet, top + len(rows), left + max((len(r.get("values") or ()) for r in rows), default=0))
        write_rows(book, sheet, top, left, rows, mask)
        return
    if "range" not in request:
        raise BadRequest("Must specify either start or range.")
    sheet, box = places.grid(book, request["range"])
    if len(rows) > box.bottom - box.top:
        raise BadRequest(
            f"Range ({sheet.title}) has {box.bottom - box.top} rows, but {len(rows)} rows were given."
        )
    _fill(book, sheet, box, rows, mask)


def _inside(sheet: Sheet, bottom: int, right: int) -> None:
    """Refuse to write outside of the grid."""
    if bottom > sheet.rows:
        raise BadRequest(f"Attempting to write row: {bottom - 1}, beyond the last row: {sheet.rows - 1}")
    if right > sheet.columns:
        raise BadRequest(
            f"Attempting to write column: {right - 1},"
            f" beyond the last requested column of: {sheet.columns - 1}"
        )


def _fill(book: Book, sheet: Sheet, box: Box, rows: list[Json], mask: Mask) -> None:
    """Write a whole range; cells without data lose the fields of the mask."""
    end = box.bottom if rows else min(box.bottom, len(sheet.lines))
    for index, row in enumerate(sheet.lines.edits(box.top, max(end, box.top))):
        values = (rows[index].get("values") or []) if index < len(rows) else []
        if len(values) > box.right - box.left:
            raise BadRequest(
                f"Attempting to write column: {box.left + len(values) - 1}, beyond the last requested"
                f" column of: {box.right - 1}"
            )
        width = box.right if index < len(rows) else min(box.right, row.width())
        for column in range(box.left, width):
            offset = column - box.left
            put_cell(book, row, column, values[offset] if offset < len(values) else {}, mask)


def append_cells(book: Book, request: Json) -> None:
    """Add rows after the last row that has data."""
    sheet, rows = book.sheet(request.get("sheetId")), request.get("rows") or []
    sheet.lines.flush()
    last = len(sheet.lines)
    while last and not sheet.lines.masks[last - 1]:
        last -= 1
    write_rows(book, sheet, last, 0, rows, _mask(request))


def repeat_cell(book: Book, request: Json) -> None:
    """Write one cell's data into every cell of a range; a formula is copied from its first cell."""
    mask = _mask(request)
    sheet, box = places.grid(book, request["range"])
    cell = request.get("cell") or {}
    formula = (cell.get("userEnteredValue") or {}).get("formulaValue")
    for down, row in enumerate(sheet.lines.edits(box.top, box.bottom)):
        for column in range(box.left, box.right):
            if isinstance(formula, str):
                text = rewrite(formula, copying(down, column - box.left))
                cell = cell | {"userEnteredValue": {"formulaValue": text}}
            put_cell(book, row, column, cell, mask)


def set_data_validation(book: Book, request: Json) -> None:
    """Set or take away the validation rule of a range."""
    sheet, box = places.grid(book, request["range"])
    rule = request.get("rule")
    if rule and not (rule.get("condition") or {}).get("type"):
        raise BadRequest("rule.condition.type must be specified.")
    key = book.styles.key(rule) if rule else None
    end = box.bottom if rule else max(min(box.bottom, len(sheet.lines)), box.top)
    for row in sheet.lines.edits(box.top, end):
        for column in range(box.left, box.right):
            row.put_extra(RULE, column, key)
