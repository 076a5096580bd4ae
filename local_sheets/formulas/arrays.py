"""Results larger than a cell: where they reach, whether there is room, and back into the engine as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import formualizer

from local_sheets import a1
from local_sheets.a1 import Box
from local_sheets.formulas.formula import Formula, Place
from local_sheets.formulas.mirror import literal_error, seen
from local_sheets.formulas.results import CIRCULAR, Problem, Result, engine_kind, result
from local_sheets.store.book import Book, Sheet
from local_sheets.store.row import FORMULA, SPILLED

if TYPE_CHECKING:
    from local_sheets.formulas.engine import Engine


def spread(book: Book, engine: Engine) -> bool:
    """Take what array formulas came to and put it where it shows; say whether the engine has to go on."""
    sheets = {sheet.key: sheet for sheet in book.sheets}
    formulas = sorted(
        (one for one in engine.all() if one.array), key=lambda one: (one.sheet, one.row, one.column)
    )
    again = False
    taken: set[Place] = set()
    for one in formulas:
        sheet, old = sheets[one.sheet], one.raw
        again |= _read(engine, one)
        one.steady = _is_steady(sheet, one, old, taken)
        if not one.steady:
            one.shown, one.matrix = None, _fitted(sheet, one, taken)
            again |= _hand_on(engine, sheet, one)
        taken |= one.filled
    if len(formulas) == engine.arrays and all(one.steady for one in formulas):
        return again
    engine.arrays = len(formulas)
    return again | _empty(engine, sheets, taken)


def _is_steady(sheet: Sheet, one: Formula, old: Any, taken: set[Place]) -> bool:
    """Say whether neither the array nor the rows where it shows have changed; it may have room now."""
    lines = sheet.lines
    return (
        old is not None
        and not one.blocked
        and old == one.raw
        and lines.keys[one.row : one.row + len(one.keys)] == one.keys
        and lines.uncomputed.isdisjoint(one.keys)
        and one.filled.isdisjoint(taken)
    )


def _empty(engine: Engine, sheets: dict[int, Sheet], taken: set[Place]) -> bool:
    """Take from the engine what arrays no longer reach; say whether there was any."""
    again = False
    now = {
        (one.sheet, one.row + down, one.column + right)
        for one in engine.all()
        if one.array
        for down, row in enumerate(one.matrix)
        for right in range(len(row))
    }
    gone = engine.handed_on - now
    engine.handed_on = now
    for key, row_key, column in engine.spilled - taken:
        index = sheets[key].lines.index(row_key)
        if index is not None and (key, index, column) not in now:
            gone.add((key, index, column))
    for key, index, column in gone:
        if key in sheets and column in engine.mirror.columns[key]:
            again |= _restore(engine, sheets[key], index, column)
    return again


def _restore(engine: Engine, sheet: Sheet, index: int, column: int) -> bool:
    """Give a cell of the engine what the sheet has there; say whether it was another."""
    row = sheet.lines.row(index)
    own = engine.formulas.get(sheet.key, {}).get(row.key, {}).get(column)
    if own is not None:
        return False
    spilled = row.extra(SPILLED, column) is not None
    return engine.mirror.put(sheet.key, index, column, None if spilled else seen(row, column))


def _read(engine: Engine, one: Formula) -> bool:
    """Read an array from the engine into `raw`; say whether blanks in it have to be looked for."""
    if one.problem is not None:
        one.raw = [[one.problem]]
        return False
    if one.plan.area is not None:
        name, (rows, columns) = one.plan.area.sheet, one.plan.area.size
    elif one.own is not None:
        name = one.own
        rows, columns = _extent(engine, name)
    else:
        return False
    one.raw = _values(engine, name, rows, columns)
    if one.own is None or not any(value == 0 and value is not False for row in one.raw for value in row):
        return False
    if one.blanks is None:
        one.blanks = engine.mirror.scratch()
        engine.mirror.workbook.set_formula(one.blanks, 1, 1, f'=({one.plan.text[1:]})&""')
        return True
    if _extent(engine, one.blanks) == (rows, columns):
        texts = _values(engine, one.blanks, rows, columns)
        one.raw = [
            ["" if text == "" else value for value, text in zip(*pair, strict=True)]
            for pair in zip(one.raw, texts, strict=True)
        ]
    return False


def _extent(engine: Engine, name: str) -> tuple[int, int]:
    """Return the size of an array on a scratch sheet."""
    spill = engine.mirror.workbook.inspect_cell(f"'{name}'!A1").cell.spill
    if spill is None or spill.extent is None:
        return 1, 1
    span = a1.read(spill.extent.rpartition("!")[2])
    if span is None or span.bottom is None or span.right is None:
        return 1, 1
    return span.bottom, span.right


def _values(engine: Engine, name: str, rows: int, columns: int) -> list[list[Any]]:
    """Return the values of a scratch sheet."""
    area = formualizer.RangeAddress(name, 1, 1, rows, columns)
    found: list[list[Any]] = engine.mirror.workbook.sheet(name).get_values(area)
    return found


def _fitted(sheet: Sheet, one: Formula, taken: set[Place]) -> list[list[Result]]:
    """Return an array as it shows: without blank rows and columns at its end, or why it has no room."""
    matrix = [[value if isinstance(value, Problem) else result(value) for value in row] for row in one.raw]
    while len(matrix) > 1 and all(value == "" and isinstance(value, str) for value in matrix[-1]):
        matrix.pop()
    box = Box(one.row, one.row + len(matrix), one.column, one.column + len(matrix[0]))
    one.keys, one.filled = sheet.lines.keys[box.top : box.bottom], set()
    one.blocked = any(_meets(title, span, sheet.title, box) for title, span in one.plan.reads)
    if one.blocked:
        return [[CIRCULAR]]
    place = _obstacle(sheet, one, box, taken)
    one.blocked = place is not None
    if one.blocked:
        reason = f"Array result was not expanded because it would overwrite data in {place}."
        return [[Problem("#REF!", reason)]]
    rows = one.keys + [-row for row in range(box.top + len(one.keys), box.bottom)]
    columns = range(box.left, box.right)
    one.filled = {(sheet.key, key, column) for key in rows for column in columns} - {one.place}
    return matrix


def _meets(title: str, span: a1.Span, own: str, box: Box) -> bool:
    """Say whether a formula reads cells that its result would fill."""
    return title.casefold() == own.casefold() and span.within(1 << 30, 1 << 30).meets(box)


def _obstacle(sheet: Sheet, one: Formula, box: Box, taken: set[Place]) -> str | None:
    """Return the address of a cell that has something already, None when there is room."""
    if box.bottom - box.top == 1 and box.right - box.left == 1:
        return None
    for index, row in enumerate(sheet.lines.rows(box.top, box.bottom), box.top):
        for column in range(box.left, box.right):
            if index == one.row and column == one.column:
                continue
            free = row.get(column) == "" or row.extra(SPILLED, column) is not None
            if not free or row.extra(FORMULA, column) or (sheet.key, row.key, column) in taken:
                return f"{a1.letters(column)}{index + 1}"
    return None


def _hand_on(engine: Engine, sheet: Sheet, one: Formula) -> bool:
    """Put an array's values into the engine where formulas may read them; say whether any was new."""
    again = False
    known = engine.mirror.columns[sheet.key]
    for down, row in enumerate(one.matrix):
        for right, value in enumerate(row):
            if one.column + right in known:
                again |= _put(engine, sheet.key, one.row + down, one.column + right, value)
    return again


def _put(engine: Engine, sheet: int, row: int, column: int, value: Result) -> bool:
    """Put one value; say whether it was another."""
    if isinstance(value, Problem):
        old = engine.mirror.get(sheet, row, column)
        if isinstance(old, dict) and result(old) == result(old | {"kind": engine_kind(value.text)}):
            return False
        return engine.mirror.put(sheet, row, column, literal_error(value.text))
    if isinstance(value, str):
        return engine.mirror.put(sheet, row, column, value or None)
    return engine.mirror.put(sheet, row, column, value if isinstance(value, bool) else float(value))
