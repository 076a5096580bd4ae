"""The rows that are about to be written, as they stand now: found by id, never by a remembered number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError, HeaderFault
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text, blank, column_letters
from sheets_schema.language.header import Header, match

__all__ = ["Ask", "Live", "Seen", "look"]

SMALL: Final = 200
"""A sheet with no more rows is read whole: that is one request, wherever its rows have gone."""
MANY: Final = 40
"""For more rows than that, too."""

Cells = Sequence[object]
Read = Callable[[Sequence[str]], list[list[list[Any]]]]
"""Ranges -> their values, in one request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where things stood when a sheet was last read; a guess by now.

    Args:
        place: The position of the key's column, from 0.
        rows: Id -> number of its row.
    """

    place: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Live:
    """A sheet just before it is written.

    Args:
        header: Its first row, matched to the table.
        rows: Id -> number of its row, the first where an id stands twice.
        cells: Id -> cells of its row, for the rows that were asked for and are there.
        last: The number of the last row that has an id, 1 if none has.
    """

    header: Header
    rows: Mapping[str, int]
    cells: Mapping[str, Cells]
    last: int

    def cell(self, id_: str, name: str) -> object:
        """Return one cell of a row that was asked for; None where the row is shorter."""
        place, row = self.header.places.get(name), self.cells[id_]
        return row[place] if place is not None and place < len(row) else None


@dataclass(frozen=True, slots=True)
class Ask:
    """What to look at in one sheet.

    Args:
        table: Its table.
        ids: The rows to be changed.
        seen: Where they were; None if that is not known.
        header_only: Rows are only added to it, with ids that cannot be taken: its header is enough.
    """

    table: Table
    ids: Collection[str] = ()
    seen: Seen | None = None
    header_only: bool = False

    def ranges(self) -> list[str]:
        """Return the ranges to read: as little as finds the rows if they are where they were."""
        title = quoted(self.table.name)
        if self.header_only:
            return [f"{title}!1:1"]
        seen = self.seen
        if seen is None or len(seen.rows) <= SMALL or len(self.ids) > MANY:
            return [title]
        letters = column_letters(seen.place)
        guesses = [f"{title}!{seen.rows[id_]}:{seen.rows[id_]}" for id_ in self.ids if id_ in seen.rows]
        return [f"{title}!1:1", f"{title}!{letters}2:{letters}", *guesses]

    def live(self, values: Sequence[list[list[Any]]]) -> Live | None:
        """Return the sheet as the ranges' values show it; None if something is not where it was.

        Raises:
            HeaderFault: No column of the sheet is the table's key.
        """
        header = match(self.table, _first(values[0]))
        if self.header_only:
            return Live(header, {}, {}, 1)
        place = header.places.get(self.table.key)
        if place is None:
            raise HeaderFault(sheet=self.table.name, missing=self.table.key)
        if len(values) == 1:
            return self._whole(header, values[0], place)
        return self._parts(header, values, place)

    def _whole(self, header: Header, values: list[list[Any]], place: int) -> Live:
        """Return a sheet that was read whole."""
        rows = _numbers((row[place] if place < len(row) else None for row in values[1:]), 2)
        cells = {id_: values[rows[id_] - 1] for id_ in self.ids if id_ in rows}
        return Live(header, rows, cells, len(values))

    def _parts(self, header: Header, values: Sequence[list[list[Any]]], place: int) -> Live | None:
        """Return a sheet of which the header, the ids and some rows were read; None for a wrong guess."""
        if self.seen is None or place != self.seen.place:
            return None
        rows = _numbers((row[0] if row else None for row in values[1]), 2)
        guessed = [id_ for id_ in self.ids if id_ in self.seen.rows]
        cells = {id_: _first(found) for id_, found in zip(guessed, values[2:], strict=True)}
        for id_ in self.ids:
            if id_ in rows and (
                id_ not in cells or rows[id_] != self.seen.rows[id_] or not _is(cells[id_], place, id_)
            ):
                return None
        return Live(header, rows, {id_: row for id_, row in cells.items() if id_ in rows}, 1 + len(values[1]))


def look(asks: Sequence[Ask], read: Read) -> dict[str, Live]:
    """Return the sheets as they stand now.

    One request, and a second one only where rows or columns have moved since they were last seen.

    Args:
        asks: What to look at, one for each sheet.
        read: Reads ranges in one request.
    """
    found = _guessed(asks, read)
    moved = [replace(ask, seen=None) for ask in asks if found[ask.table.name] is None]
    if moved:
        found |= _answers(moved, read)
    return {name: live for name, live in found.items() if live is not None}


def _guessed(asks: Sequence[Ask], read: Read) -> dict[str, Live | None]:
    """Read what is asked; all is to be read again if a guess lies outside its sheet by now."""
    try:
        return _answers(asks, read)
    except BookError as error:
        if "exceeds grid limits" not in str(error.facts.get("reason")):
            raise
        return {ask.table.name: None for ask in asks}


def _answers(asks: Sequence[Ask], read: Read) -> dict[str, Live | None]:
    """Read what is asked in one request."""
    ranges = [ask.ranges() for ask in asks]
    values = iter(read([each for some in ranges for each in some]))
    return {
        ask.table.name: ask.live([next(values) for _ in some]) for ask, some in zip(asks, ranges, strict=True)
    }


def _first(values: list[list[Any]]) -> list[Any]:
    """Return the first row of values, empty if there is none."""
    return values[0] if values else []


def _is(row: Cells, place: int, id_: str) -> bool:
    """Say whether a row is that of an id."""
    return place < len(row) and as_text(row[place]) == id_


def _numbers(ids: Iterable[object], start: int) -> dict[str, int]:
    """Return id -> number of its row, the first where an id stands twice."""
    rows: dict[str, int] = {}
    for number, id_ in enumerate(ids, start):
        if not blank(id_):
            rows.setdefault(as_text(id_), number)
    return rows
