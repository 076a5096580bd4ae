"""Whole requests: all or nothing, with a chosen sheet's number, answered with what they wrote."""

from __future__ import annotations

import random
from typing import Any

from sheets_schema.book.checking import value_of
from sheets_schema.book.guarantees.guarantee import NotTried, Seen
from sheets_schema.book.guarantees.scratch import Scratch
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError
from sheets_schema.language.cells import as_text

__all__ = ["atomic_batch", "copies", "response", "sheet_number"]

Json = dict[str, Any]


def atomic_batch(scratch: Scratch) -> Seen:
    """Send a good request with a bad one behind it, and see whether the good one was done."""
    grid, row = scratch.line()
    bad = scratch.put(grid, 1, "never")
    bad[0]["updateCells"]["start"]["sheetId"] = _free_number(scratch)
    try:
        scratch.book.write([*scratch.put(grid, row, "half"), *bad])
    except BookError:
        found = "".join(map(_text, _first(scratch.show(grid, f"A{row}"))))
        return Seen(f"A{row} = {found!r}", f"A{row} = ''")
    raise NotTried("certify.not_refused")


def sheet_number(scratch: Scratch) -> Seen:
    """Make a sheet with a chosen number, and write into that number in the same request."""
    number, title = _free_number(scratch), scratch.title()
    about = {"sheetId": number, "title": title, "hidden": True}
    start = {"sheetId": number, "rowIndex": 0, "columnIndex": 0}
    cell = {"userEnteredValue": {"stringValue": "mine"}}
    write = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    wanted = f"gid {number}, A1 = 'mine'"
    try:
        scratch.book.write([{"addSheet": {"properties": about}}, {"updateCells": write}])
    except BookError as error:
        return Seen(str(error.facts.get("reason") or error), wanted)
    grid = scratch.book.grid(title)
    return Seen(f"gid {grid.id}, A1 = {''.join(map(_text, _first(scratch.show(grid, 'A1'))))!r}", wanted)


def response(scratch: Scratch) -> Seen:
    """Write into two sheets, and see whether the same answer shows both as they are then."""
    one, row = scratch.line()
    two = scratch.sheet()
    ranges = [f"{quoted(one.title)}!A{row}:B{row}", f"{quoted(two.title)}!A1"]
    answer = scratch.book.write([*scratch.put(one, row, "x", "y"), *scratch.put(two, 1, 7)], ranges)
    cells = {
        (each.get("properties", {}).get("sheetId", 0), data.get("startRow", 0), data.get("startColumn", 0)): [
            _text(cell) for values in data.get("rowData", []) for cell in values.get("values", [])
        ]
        for each in answer
        for data in each.get("data", [])
    }
    found = [cells.get((one.id, row - 1, 0), []), cells.get((two.id, 0, 0), [])]
    return Seen(f"{found}", f"{[['x', 'y'], ['7']]}")


def copies(scratch: Scratch) -> Seen:
    """Copy a row aside, values and then formulas, and write over it in the same request."""
    grid = scratch.sheet()
    formula = {"userEnteredValue": {"formulaValue": "=1+2"}}
    start = {"sheetId": grid.id, "rowIndex": 0, "columnIndex": 2}
    update = {"start": start, "rows": [{"values": [formula]}], "fields": "userEnteredValue"}
    scratch.book.write([*scratch.put(grid, 1, "old", 3), {"updateCells": update}])
    source = {"sheetId": grid.id, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 4}
    target = {**source, "startRowIndex": 4, "endRowIndex": 5}
    pastes = [
        {"copyPaste": {"source": source, "destination": target, "pasteType": kind}}
        for kind in ("PASTE_VALUES", "PASTE_FORMULA")
    ]
    scratch.book.write([*pastes, *scratch.put(grid, 1, "new", 4, 5)])
    held = [[_held(cell) for cell in _first(scratch.show(grid, f"A{row}:C{row}"))] for row in (5, 1)]
    return Seen(f"{held}", f"{[['old', '3', '=1+2'], ['new', '4', '5']]}")


def _free_number(scratch: Scratch) -> int:
    """Return a number that no sheet has."""
    taken = {grid.id for grid in scratch.book.workbook.grids.values()}
    while (number := random.randint(1, 0x7FFFFFFF)) in taken:
        pass
    return number


def _first(rows: list[list[Json]]) -> list[Json]:
    """Return the first row, empty if there is none."""
    return rows[0] if rows else []


def _text(cell: Json) -> str:
    """Return a cell's value as text."""
    return as_text(value_of(cell))


def _held(cell: Json) -> str:
    """Return what was entered into a cell, as text."""
    return "".join(as_text(value) for value in cell.get("userEnteredValue", {}).values())
