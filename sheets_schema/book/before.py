"""What stood where a save writes: copied aside in the same request, just before it is written over.

A row is written by its number. If a person sorts, inserts or deletes rows in the instant between our
reading and our writing, the number is another row's by then. The API has no "write only if": so the
request first copies the rows that it is about to write to a hidden sheet, and its answer shows the
copies. They say whose rows they were at that very instant, and what stood in them, formulas too.

The hidden sheet has as many zones as there are slots of claims (`claims.py`); who enters a slot clears
the oldest zone, so that copies stay for some minutes and not for ever. The zones lie below rows that stay
blank: a formula that refers upwards would point above the first row in a copy near the top, and be lost.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.book.cells import cell_data
from sheets_schema.book.claims import SLOT, SLOTS
from sheets_schema.book.titles import Grid, quoted
from sheets_schema.language.cells import column_letters

if TYPE_CHECKING:
    from sheets_schema.book.send import Sender

__all__ = ["NUMBER", "TITLE", "Copies", "Json", "Row", "copies", "new_sheet"]

Json = dict[str, Any]
TITLE: Final = "_before"
NUMBER: Final = zlib.crc32(TITLE.encode()) & 0x7FFFFFFF
ZONE: Final = 400
"""Rows of a zone."""
ABOVE: Final = 2000
"""Rows above the zones: a formula may refer to a cell so many rows above its own."""
ROWS: Final = ABOVE + SLOTS * ZONE
COLUMNS: Final = 60
PASTES: Final = ("PASTE_VALUES", "PASTE_FORMULA")
"""Values first: what a paste of formulas makes of a cell without one is not said anywhere."""

Row = tuple[str, int]
"""A table, and the number of a row in its sheet."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The rows that a save copies aside, and where to.

    Args:
        save: The save's id.
        rows: The rows, in the order of their copies; the headers are among them.
        start: The number of the first copy's row in the hidden sheet.
        width: Cells of the widest row.
    """

    save: str
    rows: tuple[Row, ...]
    start: int
    width: int

    @property
    def shown(self) -> list[str]:
        """The range of the copies."""
        end = self.start + len(self.rows) - 1
        last = column_letters(self.width)
        return [f"{quoted(TITLE)}!A{self.start}:{last}{end}"] if self.rows else []

    def place(self, row: Row) -> int:
        """Return the number of the row that holds the copy of a row."""
        return self.start + self.rows.index(row)

    def found(self, shown: Sequence[list[Json]]) -> dict[Row, list[Json]]:
        """Return the rows' former cells, from what the range of the copies shows.

        A row that was copied as nothing (a filter may hide it) or whose copy is another save's is absent.
        """
        return {
            row: cells[1:]
            for row, cells in zip(self.rows, shown, strict=False)
            if any(cells[1:]) and _label(cells[0]).startswith(json.dumps([self.save])[:-1])
        }

    def requests(self, book: Sender, ids: Mapping[Row, str], seconds: float) -> list[Json]:
        """Return the requests that copy the rows, each beside a label that says whose they are."""
        if not self.rows:
            return []
        old = book.ring.enters(seconds)
        cleared = [] if old is None else [_clear(old)]
        labels = [
            {"values": [cell_data(json.dumps([self.save, *row, ids.get(row, "")], ensure_ascii=False))]}
            for row in self.rows
        ]
        start = {"sheetId": NUMBER, "rowIndex": self.start - 1, "columnIndex": 0}
        update = {"start": start, "rows": labels, "fields": "userEnteredValue"}
        return [*self._grown(book), *cleared, {"updateCells": update}, *self._pastes(book)]

    def _grown(self, book: Sender) -> Iterator[Json]:
        """Yield the requests that make the hidden sheet, or make it large enough."""
        end = self.start + len(self.rows) - 1
        hidden = book.hidden(TITLE)
        if hidden is None:
            yield new_sheet()
            hidden = Grid(NUMBER, TITLE, ROWS, COLUMNS)
        for dimension, more in (
            ("ROWS", max(end, ROWS) - hidden.rows),
            ("COLUMNS", self.width + 1 - hidden.columns),
        ):
            if more > 0:
                wider = {"sheetId": NUMBER, "dimension": dimension, "length": more}
                yield {"appendDimension": wider}

    def _pastes(self, book: Sender) -> Iterator[Json]:
        """Yield the copying requests, one of each kind for each run of neighbouring rows."""
        at = self.start - 1
        for table, first, end in _runs(self.rows):
            source = _block(book.grid(table).id, first - 1, end - 1, 0, self.width)
            copy = _block(NUMBER, at, at + end - first, 1, self.width + 1)
            at += end - first
            for kind in PASTES:
                yield {"copyPaste": {"source": source, "destination": copy, "pasteType": kind}}


def copies(save: str, rows: Sequence[Row], width: int, seconds: float) -> Copies:
    """Return where a save at a moment copies rows to: somewhere in the slot's zone, as chance has it."""
    zone = int(seconds // SLOT) % SLOTS
    start = 1 + ABOVE + zone * ZONE + random.randint(0, max(0, ZONE - len(rows)))
    return Copies(save, tuple(sorted(rows)), start, width)


def new_sheet() -> Json:
    """Return the request that makes the hidden sheet."""
    grid = {"rowCount": ROWS, "columnCount": COLUMNS}
    return {
        "addSheet": {
            "properties": {"sheetId": NUMBER, "title": TITLE, "hidden": True, "gridProperties": grid}
        }
    }


def _clear(slot: int) -> Json:
    """Return the request that clears a slot's zone."""
    zone = slot % SLOTS
    top = ABOVE + zone * ZONE
    where = {"sheetId": NUMBER, "startRowIndex": top, "endRowIndex": top + ZONE}
    return {"updateCells": {"range": where, "fields": "userEnteredValue"}}


def _label(cell: Json) -> str:
    """Return the label beside a copy."""
    return str(cell.get("userEnteredValue", {}).get("stringValue", ""))


def _runs(rows: Sequence[Row]) -> Iterator[tuple[str, int, int]]:
    """Yield sorted rows as runs: the table, the first row, and the one after the last."""
    first = 0
    for at, (table, row) in enumerate(rows, start=1):
        if at == len(rows) or rows[at] != (table, row + 1):
            yield table, rows[first][1], row + 1
            first = at


def _block(sheet: int, top: int, bottom: int, left: int, right: int) -> Json:
    """Return a range of some rows and columns, counted from 0."""
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": sheet, **rows, "startColumnIndex": left, "endColumnIndex": right}
