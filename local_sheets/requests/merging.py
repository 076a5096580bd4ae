"""mergeCells and unmergeCells."""

from local_sheets import a1, places
from local_sheets.a1 import Box
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Sheet
from local_sheets.values import cells

_PARTLY = "You must select all cells in a merged range to merge or unmerge them."


def boxes(sheet: Sheet) -> list[Box]:
    """Return the merged boxes of a sheet."""
    return [a1.from_grid(grid).within(sheet.rows, sheet.columns) for grid in sheet.about.get("merges", ())]


def merge_cells(book: Book, request: Json) -> None:
    """Merge a range whole, by rows or by columns; only the first cell's value is kept."""
    sheet, box = places.grid(book, request["range"])
    kind = request.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_ROWS":
        parts = [Box(row, row + 1, box.left, box.right) for row in range(box.top, box.bottom)]
    elif kind == "MERGE_COLUMNS":
        parts = [Box(box.top, box.bottom, column, column + 1) for column in range(box.left, box.right)]
    elif kind == "MERGE_ALL":
        parts = [box]
    else:
        raise BadRequest(f"Invalid value at 'merge_type', \"{kind}\"")
    _separate(sheet, box)
    merges = sheet.about.setdefault("merges", [])
    for part in parts:
        if (part.bottom - part.top) * (part.right - part.left) > 1:
            merges.append(a1.to_grid(part, sheet.id))
            _keep_first(sheet, part)
    sheet.touch()


def _keep_first(sheet: Sheet, box: Box) -> None:
    """Empty all cells of a merge but the first that has a value, which moves to the corner."""
    for index in range(box.top, min(box.bottom, len(sheet.lines))):
        row = sheet.lines.row(index)
        left = box.left + 1 if index == box.top else box.left
        if row.width() > left:
            cells.clear(sheet.lines.edit(index), left, box.right)


def _separate(sheet: Sheet, box: Box) -> None:
    """Take away the merges inside a box; refuse one that reaches out of it."""
    kept = []
    for grid, merged in zip(sheet.about.get("merges", ()), boxes(sheet), strict=True):
        if box.holds(merged):
            continue
        if box.meets(merged):
            raise BadRequest(_PARTLY)
        kept.append(grid)
    sheet.about["merges"] = kept


def unmerge_cells(book: Book, request: Json) -> None:
    """Take the merges of a range apart."""
    sheet, box = places.grid(book, request["range"])
    _separate(sheet, box)
    sheet.touch()
