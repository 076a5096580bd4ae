"""Blocks of cells on the move: copy, cut, paste, open and close ranges."""

from collections.abc import Iterable
from typing import Any

from local_sheets import places
from local_sheets.a1 import Box
from local_sheets.api_values import grow
from local_sheets.errors import BadRequest, Json
from local_sheets.formulas import following
from local_sheets.formulas.rewriting import COLUMNS, ROWS, copying, leaving, rewrite
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import AUTOMATIC, ERROR, FORMAT, FORMULA, MORE, NOTE, RULE, SPILLED, Value
from local_sheets.values import cells
from local_sheets.values.locales import locale
from local_sheets.values.typed import typed

VALUE = "value"
ALL = (VALUE, FORMAT, RULE, NOTE, FORMULA, MORE, ERROR, AUTOMATIC)
_PASTES = {
    "PASTE_NORMAL": ALL,
    "PASTE_NO_BORDERS": ALL,
    "PASTE_VALUES": (VALUE,),
    "PASTE_FORMAT": (FORMAT,),
    "PASTE_FORMULA": (VALUE, FORMULA, MORE, ERROR, AUTOMATIC),
    "PASTE_DATA_VALIDATION": (RULE,),
}
Cell = dict[str, Any]


def take(row: Row, column: int, *, spilled: bool = False) -> Cell:
    """Return everything a cell has; the array of another cell's formula only if *spilled* is said."""
    cell: Cell = {kind: row.extra(kind, column) for kind in ALL[1:]}
    cell[VALUE] = row.get(column) if spilled or row.extra(SPILLED, column) is None else ""
    return cell


def copied(cell: Cell, down: int, right: int) -> Cell:
    """Return a cell as it is in a copy so much further: what its formula refers to moves along."""
    if cell.get(FORMULA) and (down or right):
        return cell | {FORMULA: rewrite(cell[FORMULA], copying(down, right))}
    return cell


def put(row: Row, column: int, cell: Cell, kinds: Iterable[str] = ALL) -> None:
    """Give a cell what *cell* has of these kinds; a value without its formula takes one away."""
    wanted = set(kinds)
    if VALUE in wanted:
        row.put(column, cell.get(VALUE, ""))
        for kind in (FORMULA, ERROR, SPILLED, AUTOMATIC):
            row.put_extra(kind, column, None)
    for kind in ALL[1:]:
        if kind in wanted:
            row.put_extra(kind, column, cell.get(kind))


def read(sheet: Sheet, box: Box, *, spilled: bool = False) -> list[list[Cell]]:
    """Return the cells of a box."""
    found = [
        [take(row, column, spilled=spilled) for column in range(box.left, box.right)]
        for row in sheet.lines.rows(box.top, box.bottom)
    ]
    missing = box.bottom - box.top - len(found)
    return found + [[{} for _ in range(box.left, box.right)] for _ in range(missing)]


def write(sheet: Sheet, top: int, left: int, block: list[list[Cell]], kinds: Iterable[str] = ALL) -> None:
    """Write cells from a corner on."""
    for row, line in zip(sheet.lines.edits(top, top + len(block)), block, strict=True):
        for offset, cell in enumerate(line):
            put(row, left + offset, cell, kinds)


def empty(sheet: Sheet, box: Box) -> None:
    """Take everything from the cells of a box."""
    for row in sheet.lines.edits(box.top, max(min(box.bottom, len(sheet.lines)), box.top)):
        for column in range(box.left, min(box.right, row.width())):
            put(row, column, {})


def copy_paste(book: Book, request: Json) -> None:
    """Copy a range into another, repeated to fill it."""
    source, box = places.grid(book, request["source"])
    target, place = places.grid(book, request["destination"])
    kinds = _kinds(request.get("pasteType", "PASTE_NORMAL"))
    block, turned = read(source, box, spilled=True), request.get("pasteOrientation") == "TRANSPOSE"
    if turned:
        block = [list(line) for line in zip(*block, strict=True)]
    height, width = len(block), len(block[0]) if block else 0
    down = max((place.bottom - place.top) // height, 1) if height else 0
    across = max((place.right - place.left) // width, 1) if width else 0
    repeated = [
        [
            copied(
                block[row % height][column % width],
                place.top + row - box.top - (column % width if turned else row % height),
                place.left + column - box.left - (row % height if turned else column % width),
            )
            for column in range(width * across)
        ]
        for row in range(height * down)
    ]
    grow(book, target, place.top + height * down, place.left + width * across)
    write(target, place.top, place.left, repeated, kinds)


def _kinds(name: str) -> tuple[str, ...]:
    """Return what a PasteType pastes."""
    if name not in _PASTES:
        raise BadRequest(f"The paste type {name} is not supported by this server.")
    return _PASTES[name]


def cut_paste(book: Book, request: Json) -> None:
    """Move a range to a corner."""
    source, box = places.grid(book, request["source"])
    corner = request["destination"]
    target = book.sheet(corner.get("sheetId"))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    kinds = _kinds(request.get("pasteType", "PASTE_NORMAL"))
    block = read(source, box)
    if kinds == ALL:
        empty(source, box)
    else:
        write(source, box.top, box.left, [[{} for _ in line] for line in block], kinds)
    grow(book, target, top + len(block), left + (box.right - box.left))
    if source is not target:
        block = [[_left(cell, source.title, target.title) for cell in line] for line in block]
    write(target, top, left, block, kinds)
    if FORMULA in kinds:
        following.cut(book, source, box, target, top, left)


def _left(cell: Cell, old: str, new: str) -> Cell:
    """Return a cell as it is on another sheet: its formula points at the cells that it pointed at."""
    if cell.get(FORMULA):
        return cell | {FORMULA: rewrite(cell[FORMULA], leaving(old, new))}
    return cell


def insert_range(book: Book, request: Json) -> None:
    """Open blank cells, pushing those of the range down or right."""
    sheet, box = places.grid(book, request["range"])
    height, width = box.bottom - box.top, box.right - box.left
    if request.get("shiftDimension") == "COLUMNS":
        last = max((row.width() for row in sheet.lines.rows(box.top, box.bottom)), default=0)
        rest = Box(box.top, box.bottom, box.left, max(last, box.left))
        top, left = box.top, box.right
    else:
        rest = Box(box.top, max(len(sheet.lines), box.top), box.left, box.right)
        top, left = box.bottom, box.left
    block = read(sheet, rest)
    used = _used(block)
    if used:
        grow(book, sheet, top + len(used), left + (rest.right - rest.left))
    empty(sheet, rest)
    write(sheet, top, left, used)
    following.pushed(book, sheet, box, _dimension(request))
    grow(book, sheet, box.top + height, box.left + width)


def _used(block: list[list[Cell]]) -> list[list[Cell]]:
    """Return a block without trailing rows that have nothing."""
    end = len(block)
    while end and all(not c or (c[VALUE] == "" and not any(c[k] for k in ALL[1:])) for c in block[end - 1]):
        end -= 1
    return block[:end]


def delete_range(book: Book, request: Json) -> None:
    """Take cells away, pulling those below or right of them up."""
    sheet, box = places.grid(book, request["range"])
    if request.get("shiftDimension") == "COLUMNS":
        last = max((row.width() for row in sheet.lines.rows(box.top, box.bottom)), default=0)
        rest = Box(box.top, box.bottom, box.right, max(last, box.right))
    else:
        rest = Box(box.bottom, max(len(sheet.lines), box.bottom), box.left, box.right)
    block = read(sheet, rest)
    empty(sheet, Box(box.top, rest.bottom, box.left, rest.right))
    write(sheet, box.top, box.left, block)
    following.pulled(book, sheet, box, _dimension(request))


def _dimension(request: Json) -> str:
    """Return the dimension along which cells make room: down unless it says to the right."""
    return COLUMNS if request.get("shiftDimension") == COLUMNS else ROWS


def paste_data(book: Book, request: Json) -> None:
    """Paste text split by a delimiter, as if typed."""
    if request.get("html"):
        raise BadRequest("Pasting HTML is not supported by this server.")
    corner = request["coordinate"]
    sheet = book.sheet(corner.get("sheetId"))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    lines = [line.split(request.get("delimiter") or "\t") for line in request["data"].splitlines()]
    grow(book, sheet, top + len(lines), left + max((len(line) for line in lines), default=0))
    for row, line in zip(sheet.lines.edits(top, top + len(lines)), lines, strict=True):
        for offset, text in enumerate(line):
            cells.put(book, row, left + offset, text, "USER_ENTERED")


def text_to_columns(book: Book, request: Json) -> None:
    """Split the text of one column into several."""
    sheet, box = places.grid(book, request["source"])
    if box.right - box.left != 1:
        raise BadRequest("The source must span exactly one column.")
    marks = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " ", "AUTODETECT": ","}
    mark = request.get("delimiter") or marks.get(request.get("delimiterType", "AUTODETECT"), ",")
    for row in sheet.lines.edits(box.top, max(min(box.bottom, len(sheet.lines)), box.top)):
        parts = str(row.get(box.left)).split(mark)
        if len(parts) > 1:
            grow(book, sheet, 0, box.left + len(parts))
            for offset, part in enumerate(parts):
                value: Value = typed(part.strip(), locale(book.locale)).value
                row.put(box.left + offset, value)
