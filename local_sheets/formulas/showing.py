"""Results into the rows of the spreadsheet, where they differ from what is there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import formualizer

from local_sheets.errors import Json
from local_sheets.formulas import computing
from local_sheets.formulas.formats import Formats
from local_sheets.formulas.formula import Formula, Place
from local_sheets.formulas.google import NAMES
from local_sheets.formulas.mirror import Mirror, seen
from local_sheets.formulas.results import Problem, Result, explained
from local_sheets.formulas.tokens import tokens
from local_sheets.store.book import Book, Sheet
from local_sheets.store.row import AUTOMATIC, ERROR, FORMAT, SPILLED, Row, Value

if TYPE_CHECKING:
    from local_sheets.formulas.engine import Engine


def put_seen(mirror: Mirror, sheet: int, index: int, column: int, row: Row) -> None:
    """Bring one cell of the mirror up to date with its row."""
    mirror.put(sheet, index, column, seen(row, column))


def show(book: Book, engine: Engine) -> None:
    """Write what formulas came to into the rows, where it is another than what is there."""
    sheets = {sheet.key: sheet for sheet in book.sheets}
    formats = Formats(book, engine)
    spilled: set[Place] = set()
    for one in list(engine.all()):
        sheet = sheets[one.sheet]
        if one.array:
            if one.shown is None:
                one.filled = _show_array(book, sheet, one, formats)
                one.shown = True
            spilled |= one.filled
            continue
        found = computing.result(engine, one)
        if one.shown is None or one.shown != (type(found), found):
            one.shown = (type(found), found)
            look = _look(book, sheet, one.row, one.column, formats.of(one, found))
            _write(sheet, one.row, one.column, _explained(one, found), look)
    _withdraw(engine, sheets, spilled)


def _explained(one: Formula, found: Result) -> Result:
    """Return a result, an error with a reason that fits the formula."""
    if not isinstance(found, Problem):
        return found
    for reason in one.plan.reasons:
        if reason.text == found.text:
            return reason
    names = [token.text.upper() for token in tokens(one.text) if token.kind == "function"]
    unknown = next((name for name in names if found.text == "#NAME?" and not known(name)), None)
    return explained(found, names, unknown)


@lru_cache(maxsize=1000)
def known(name: str) -> bool:
    """Say whether the engine, or this server, has a function.

    >>> known("SUM"), known("JOIN"), known("FOO")
    (True, True, False)
    """
    if name in NAMES or name == "ARRAYFORMULA":
        return True
    workbook = formualizer.Workbook()
    workbook.add_sheet("A")
    workbook.set_formula("A", 1, 1, f"={name}()")
    workbook.evaluate_all()
    found = workbook.get_value("A", 1, 1)
    return not (isinstance(found, dict) and found.get("kind") == "Name")


def _show_array(book: Book, sheet: Sheet, one: Formula, formats: Formats) -> set[Place]:
    """Write an array; return the cells besides the formula's own that it fills."""
    height, width = len(one.matrix), len(one.matrix[0])
    if one.row + height > sheet.rows or one.column + width > sheet.columns:
        sheet.grid["rowCount"] = max(sheet.rows, one.row + height)
        sheet.grid["columnCount"] = max(sheet.columns, one.column + width)
        sheet.touch()
        book.check_size()
    filled: set[Place] = set()
    inherited: dict[int, Json | None] = {}
    for down, values in enumerate(one.matrix):
        for right, value in enumerate(values):
            row, column = one.row + down, one.column + right
            own = down == 0 and right == 0
            if right not in inherited and type(value) in (int, float):
                inherited[right] = formats.of(one, value, right)
            number_format = inherited.get(right) if type(value) in (int, float) else None
            look = _look(book, sheet, row, column, number_format)
            _write(sheet, row, column, _explained(one, value), look, spilled=not own)
            if not own:
                filled.add((sheet.key, sheet.lines.keys[row], column))
    one.keys = sheet.lines.keys[one.row : one.row + max(height, len(one.keys))]
    return filled


def _look(book: Book, sheet: Sheet, index: int, column: int, number_format: Json | None) -> int | None:
    """Return the number of a cell's format with a number format that it has not itself; None for its own."""
    if number_format is None:
        return None
    own = book.styles.get(sheet.lines.row(index).extra(FORMAT, column))
    return None if own.get("numberFormat") else book.styles.key(own | {"numberFormat": number_format})


def _write(
    sheet: Sheet, index: int, column: int, found: Result, look: int | None, *, spilled: bool = False
) -> None:
    """Write one result, if it is another than what is there."""
    value: Value = found.text if isinstance(found, Problem) else found
    message = found.message if isinstance(found, Problem) else None
    row = sheet.lines.row(index)
    old = row.get(column)
    same = type(old) is type(value) and old == value and row.extra(ERROR, column) == message
    if same and row.extra(AUTOMATIC, column) == look and (row.extra(SPILLED, column) is not None) == spilled:
        return
    row = sheet.lines.edit(index)
    row.put(column, value)
    row.put_extra(ERROR, column, message)
    row.put_extra(AUTOMATIC, column, look)
    row.put_extra(SPILLED, column, 1 if spilled else None)


def _withdraw(engine: Engine, sheets: dict[int, Sheet], spilled: set[Place]) -> None:
    """Empty the cells that arrays no longer reach."""
    gone = engine.spilled - spilled
    engine.spilled = spilled
    for key in {place[0] for place in gone}:
        sheet = sheets.get(key)
        if sheet is None:
            continue
        columns: dict[int, list[int]] = {}
        for _sheet, row_key, column in (place for place in gone if place[0] == key):
            columns.setdefault(row_key, []).append(column)
        for index in sheet.lines.places(columns):
            row = sheet.lines.row(index)
            for column in columns[row.key]:
                if row.extra(SPILLED, column) is not None:
                    row = sheet.lines.edit(index)
                    row.put(column, "")
                    for kind in (SPILLED, ERROR, AUTOMATIC):
                        row.put_extra(kind, column, None)
