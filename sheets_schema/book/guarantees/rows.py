"""Appending: where new rows come to stand, and that none of two writers loses one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sheets_schema.book.cells import append_rows
from sheets_schema.book.checking import value_of
from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import Scratch
from sheets_schema.book.titles import Grid
from sheets_schema.language.cells import as_text

__all__ = ["append_at_once", "append_grows", "append_order"]

WRITERS = 4


def append_order(scratch: Scratch) -> Seen:
    """Append twice in one request, above rows that have only formats and dropdowns."""
    grid = scratch.sheet(30)
    below = {"sheetId": grid.id, "startRowIndex": 1, "endColumnIndex": 2}
    values = [{"userEnteredValue": "yes"}, {"userEnteredValue": "no"}]
    dressed = {
        "userEnteredFormat": {"numberFormat": {"type": "TEXT"}},
        "dataValidation": {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True},
    }
    repeat = {"range": below, "cell": dressed, "fields": "userEnteredFormat.numberFormat,dataValidation"}
    scratch.book.write(
        [{"repeatCell": repeat}, *scratch.put(grid, 1, "head"), *scratch.put(grid, 4, "", "last")]
    )
    scratch.book.write([append_rows(grid.id, [["a"], ["b"]]), append_rows(grid.id, [["c"]])])
    return Seen(_column(scratch, grid), "5: a, 6: b, 7: c")


def append_grows(scratch: Scratch) -> Seen:
    """Append more rows than the sheet has left."""
    grid = scratch.sheet(3)
    scratch.book.write(scratch.put(grid, 2, "last"))
    scratch.book.write([append_rows(grid.id, [[f"r{number}"] for number in range(1, 5)])])
    return Seen(_names(scratch, grid), "r1, r2, r3, r4")


def append_at_once(scratch: Scratch) -> Seen:
    """Append from several connections in the same moment."""
    grid = scratch.sheet()
    scratch.book.write(scratch.put(grid, 2, "last"))
    ready = Barrier(WRITERS)

    def write(number: int) -> None:
        ready.wait(30)
        scratch.book.write([append_rows(grid.id, [[f"w{number}"]])])

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    return Seen(_names(scratch, grid), ", ".join(f"w{number}" for number in range(WRITERS)))


def _names(scratch: Scratch, grid: Grid) -> str:
    """Return what the first column holds below the second row, sorted."""
    scratch.book.forget_sheets()
    lines = _column(scratch, grid, 3, scratch.book.grid(grid.title).rows).split(", ")
    return ", ".join(sorted(line.partition(": ")[2] for line in lines))


def _column(scratch: Scratch, grid: Grid, start: int = 5, end: int = 30) -> str:
    """Return what the first column holds, with the numbers of the rows."""
    rows = scratch.show(grid, f"A{start}:A{end}")
    texts = [as_text(value_of(row[0])) if row else "" for row in rows]
    return ", ".join(f"{number}: {text}" for number, text in enumerate(texts, start) if text)
