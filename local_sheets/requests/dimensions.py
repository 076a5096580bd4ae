"""insertDimension, deleteDimension, appendDimension, moveDimension, their properties and groups."""

from local_sheets import fields
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.formulas import following
from local_sheets.requests import metadata
from local_sheets.requests.shifting import move, shift
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMAT, PROPERTIES, RULE
from local_sheets.store.steps import MOVE, Step

ROWS, COLUMNS = "ROWS", "COLUMNS"


def side(book: Book, given: Json) -> tuple[Sheet, str, int, int]:
    """Return the sheet, the dimension, and start and end of a DimensionRange."""
    sheet = book.sheet(given.get("sheetId"))
    dimension = given.get("dimension", "")
    if dimension not in (ROWS, COLUMNS):
        raise BadRequest("No dimension specified.")
    size = sheet.rows if dimension == ROWS else sheet.columns
    start, end = given.get("startIndex", 0), given.get("endIndex", size)
    if start < 0 or end < start:
        raise BadRequest(f"The range [{start}, {end}) of {dimension} is not a range.")
    return sheet, dimension, start, end


def insert_dimension(book: Book, request: Json) -> None:
    """Open rows or columns before one."""
    sheet, dimension, start, end = side(book, request["range"])
    if end <= start:
        raise BadRequest("No dimensions were specified to insert.")
    size = sheet.rows if dimension == ROWS else sheet.columns
    inherit = bool(request.get("inheritFromBefore"))
    if start > size or (start == size and not inherit):
        raise BadRequest(
            f"range.startIndex[{start}] is too large to insert a dimension. Are you trying to append to"
            " the end of the sheet? (Use appendDimension, or set inheritFromBefore.)"
        )
    if inherit and start == 0:
        raise BadRequest("inheritFromBefore cannot be true when inserting at the start.")
    if dimension == ROWS:
        open_rows(book, sheet, start, end - start, inherit=inherit)
    else:
        open_columns(book, sheet, start, end - start, inherit=inherit)


def open_rows(book: Book, sheet: Sheet, start: int, count: int, *, inherit: bool = True) -> None:
    """Open blank rows before row *start*; they look like the row before (or the one after)."""
    book.check_size(sheet, rows=count)
    model = start - 1 if inherit and start else start
    kinds = _look(sheet.lines.row(model)) if model < len(sheet.lines) else {}
    sheet.lines.insert(start, count)
    sheet.grid["rowCount"] = sheet.rows + count
    if kinds:
        for row in sheet.lines.edits(start, start + count):
            row.extras = {kind: dict(kept) for kind, kept in kinds.items()}
    shift(book, sheet, ROWS, start, opens=count)


def _look(row: Row) -> dict[str, dict[str, object]]:
    """Return the formats and validation rules of a row."""
    return {kind: row.extras[kind] for kind in (FORMAT, RULE) if kind in row.extras}


def open_columns(book: Book, sheet: Sheet, start: int, count: int, *, inherit: bool = True) -> None:
    """Open blank columns before column *start*; they look like the one before (or after)."""
    book.check_size(sheet, columns=count)
    model = start - 1 if inherit and start else start + count
    for row in sheet.lines.edits(0, len(sheet.lines)):
        row.shift(start, start, count)
        for kind in (FORMAT, RULE):
            look = row.extra(kind, model)
            if look is not None:
                for column in range(start, start + count):
                    row.put_extra(kind, column, look)
    sheet.grid["columnCount"] = sheet.columns + count
    shift(book, sheet, COLUMNS, start, opens=count)


def delete_dimension(book: Book, request: Json) -> None:
    """Take rows or columns away."""
    sheet, dimension, start, end = side(book, request["range"])
    size = sheet.rows if dimension == ROWS else sheet.columns
    word = _word(dimension)
    if start >= size:
        raise BadRequest(
            f"Cannot delete a {word} that doesn't exist. Tried to delete {word} index {start}"
            f" but there are only {size} {word}s."
        )
    end = min(end, size)
    if end - start >= size:
        raise BadRequest(f"You can't delete all the {word}s on the sheet.")
    frozen = sheet.grid.get("frozenRowCount" if dimension == ROWS else "frozenColumnCount", 0)
    if frozen and size - (end - start) <= max(frozen - max(min(end, frozen) - start, 0), 0):
        raise BadRequest(
            "You can't delete all the rows that are not frozen."
            if dimension == ROWS
            else "You can't delete all the columns that are not frozen."
        )
    remove(book, sheet, dimension, start, end)
    if start < frozen:
        left = frozen - (min(end, frozen) - start)
        sheet.grid["frozenRowCount" if dimension == ROWS else "frozenColumnCount"] = left


def _word(dimension: str) -> str:
    """Return `row` or `column`."""
    return dimension[:-1].lower()


def remove(book: Book, sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Take rows or columns away, and move what is kept beside them."""
    if dimension == ROWS:
        sheet.lines.delete(start, end)
        sheet.grid["rowCount"] = sheet.rows - (end - start)
    else:
        for row in sheet.lines.edits(0, len(sheet.lines)):
            row.shift(start, end, start - end)
        sheet.grid["columnCount"] = sheet.columns - (end - start)
    shift(book, sheet, dimension, start, end=end)


def append_dimension(book: Book, request: Json) -> None:
    """Add rows or columns at the end."""
    sheet = book.sheet(request.get("sheetId"))
    length = request.get("length", 0)
    if length < 1:
        raise BadRequest("length must be greater than 0.")
    name = {ROWS: "rowCount", COLUMNS: "columnCount"}.get(request.get("dimension", ""))
    if name is None:
        raise BadRequest("No dimension specified.")
    sheet.grid[name] += length
    sheet.touch()
    book.check_size()


def move_dimension(book: Book, request: Json) -> None:
    """Move rows or columns before another (counted before the move)."""
    sheet, dimension, start, end = side(book, request["source"])
    size = sheet.rows if dimension == ROWS else sheet.columns
    target, end = request.get("destinationIndex", 0), min(end, size)
    if target > size or start >= size:
        raise BadRequest("The destination lies outside of the sheet.")
    if start <= target <= end:
        return
    low, high = min(start, target), max(end, target)
    moved = list(range(start, end))
    others = [n for n in range(low, high) if not start <= n < end]
    order = moved + others if target < start else others + moved
    if dimension == ROWS:
        list(sheet.lines.edits(max(high - 1, 0), high))
        sheet.lines.arrange(low, order)
    else:
        for row in sheet.lines.edits(0, len(sheet.lines)):
            reorder(row, low, order)
        kept = sheet.about.get("columns", {})
        sheet.about["columns"] = {
            str(order.index(int(c)) + low if low <= int(c) < high else int(c)): v for c, v in kept.items()
        }
    metadata.follow(book, sheet, dimension, {old: low + place for place, old in enumerate(order)})
    step = Step(MOVE, dimension, start, end, target)
    sheet.steps.append(step)
    move(book, sheet, step)
    following.moved(book, sheet, dimension, start, end, target)
    sheet.touch()


def reorder(row: Row, low: int, order: list[int]) -> None:
    """Put the cells of a row from *low* on into *order* (old columns)."""
    values = [row.get(column) for column in order]
    extras = {
        kind: [kept.get(str(column)) for column in order]
        for kind, kept in row.extras.items()
        if kind != PROPERTIES
    }
    for offset, value in enumerate(values):
        row.put(low + offset, value)
        for kind, kept in extras.items():
            row.put_extra(kind, low + offset, kept[offset])


def update_dimension_properties(book: Book, request: Json) -> None:
    """Set the size of rows or columns, or hide them."""
    sheet, dimension, start, end = side(book, request["range"])
    mask, new = update_mask(request, "DimensionProperties"), request.get("properties") or {}
    if dimension == ROWS:
        for row in sheet.lines.edits(start, min(end, sheet.rows)):
            merged = _drop_false(fields.merge(row.extras.get(PROPERTIES, {}), new, mask))
            row.extras.pop(PROPERTIES, None)
            if merged:
                row.extras[PROPERTIES] = merged
        return
    kept = sheet.about.setdefault("columns", {})
    for column in range(start, min(end, sheet.columns)):
        merged = _drop_false(fields.merge(kept.get(str(column), {}), new, mask))
        kept.pop(str(column), None)
        if merged:
            kept[str(column)] = merged
    sheet.touch()


def _drop_false(properties: Json) -> Json:
    """Leave out what is false or zero, as answers do."""
    return {name: value for name, value in properties.items() if value}


def auto_resize(book: Book, request: Json) -> None:
    """Fit columns to their text (an estimate: seven pixels a character)."""
    sheet, dimension, start, end = side(book, request["dimensions"])
    if dimension == ROWS:
        return
    kept = sheet.about.setdefault("columns", {})
    rows = list(sheet.lines.rows(0, len(sheet.lines)))
    for column in range(start, min(end, sheet.columns)):
        longest = max((len(str(row.get(column))) for row in rows), default=0)
        if longest:
            pixels = max(21, 7 * longest + 7)
            kept[str(column)] = kept.get(str(column), {}) | {"pixelSize": pixels}
    sheet.touch()
