"""sortRange, randomizeRange, deleteDuplicates, trimWhitespace."""

import random

from local_sheets import places
from local_sheets.a1 import Box
from local_sheets.errors import BadRequest, Json
from local_sheets.formulas.rewriting import copying, rewrite
from local_sheets.requests import blocks
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMULA
from local_sheets.store.steps import ORDER, Step
from local_sheets.values.comparing import weight


def sort_range(book: Book, request: Json) -> None:
    """Sort the rows of a range; blanks come last in either order."""
    sheet, box = places.grid(book, request["range"])
    specs = request.get("sortSpecs") or []
    for spec in specs:
        if not box.left <= spec.get("dimensionIndex", 0) < box.right:
            raise BadRequest("The sort column lies outside of the range.")
    sort_rows(sheet, box, specs)


def sort_rows(sheet: Sheet, box: Box, specs: list[Json]) -> None:
    """Sort the rows of a box by specs."""
    end = min(box.bottom, len(sheet.lines))
    rows = list(sheet.lines.rows(box.top, end))
    order = list(range(len(rows)))
    for spec in reversed(specs):
        column, down = spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING"
        filled = [n for n in order if not _blank(rows[n], column)]
        blank = [n for n in order if _blank(rows[n], column)]
        filled.sort(key=lambda n, c=column: weight(rows[n].get(c)), reverse=down)
        order = filled + blank
    arrange(sheet, box, rows, order)


def _blank(row: Row, column: int) -> bool:
    """Say whether a cell has no value."""
    value = row.get(column)
    return type(value) is str and value == ""


def arrange(sheet: Sheet, box: Box, rows: list[Row], order: list[int]) -> None:
    """Put the rows of a box into order; whole rows keep their identity."""
    if order == list(range(len(order))):
        return
    if box.left == 0 and all(row.width() <= box.right for row in rows):
        sheet.lines.arrange(box.top, [box.top + n for n in order])
        sheet.steps.append(Step(ORDER, "ROWS", box.top, box.top + len(order)))
        for place, n in enumerate(order):
            for column, formula in rows[n].extras.get(FORMULA, {}).items():
                text = rewrite(formula, copying(place - n, 0))
                sheet.lines.edit(box.top + place).put_extra(FORMULA, int(column), text)
        return
    block = [[blocks.take(row, column) for column in range(box.left, box.right)] for row in rows]
    blocks.write(sheet, box.top, box.left, _placed(block, order))


def _placed(block: list[list[blocks.Cell]], order: list[int]) -> list[list[blocks.Cell]]:
    """Return the lines of a block in order, their formulas pointing at the row that they are in now."""
    return [[blocks.copied(cell, place - n, 0) for cell in block[n]] for place, n in enumerate(order)]


def randomize_range(book: Book, request: Json) -> None:
    """Shuffle the rows of a range."""
    sheet, box = places.grid(book, request["range"])
    rows = list(sheet.lines.rows(box.top, min(box.bottom, len(sheet.lines))))
    order = list(range(len(rows)))
    random.shuffle(order)
    arrange(sheet, box, rows, order)


def delete_duplicates(book: Book, request: Json) -> Json:
    """Take away rows of a range that say again what one above said."""
    sheet, box = places.grid(book, request["range"])
    columns = [
        column
        for part in request.get("comparisonColumns") or [{}]
        for column in range(part.get("startIndex", box.left), part.get("endIndex", box.right))
    ]
    rows = list(sheet.lines.rows(box.top, min(box.bottom, len(sheet.lines))))
    seen: set[tuple[tuple[int, float, str], ...]] = set()
    kept: list[int] = []
    for number, row in enumerate(rows):
        said = tuple(weight(row.get(column)) for column in columns)
        if said not in seen:
            seen.add(said)
            kept.append(number)
    block = [[blocks.take(row, column) for column in range(box.left, box.right)] for row in rows]
    gone = len(rows) - len(kept)
    if gone:
        blocks.empty(sheet, Box(box.top, box.top + len(rows), box.left, box.right))
        blocks.write(sheet, box.top, box.left, _placed(block, kept))
    return {"deleteDuplicates": {"duplicatesRemovedCount": gone} if gone else {}}


def trim_whitespace(book: Book, request: Json) -> Json:
    """Take leading, trailing and doubled spaces from the text of a range."""
    sheet, box = places.grid(book, request["range"])
    changed = 0
    for row in sheet.lines.edits(box.top, max(min(box.bottom, len(sheet.lines)), box.top)):
        for column in range(box.left, min(box.right, len(row.values))):
            value = row.get(column)
            if isinstance(value, str) and " ".join(value.split()) != value:
                row.put(column, " ".join(value.split()))
                changed += 1
    return {"trimWhitespace": {"cellsChangedCount": changed} if changed else {}}
