"""The rows that are about to be written, as they stand now: found by id, never by a remembered number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError, HeaderFault
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text, blank, column_letters, column_position
from sheets_schema.language.header import NONE, Header, Taken, match

__all__ = ["Ask", "Live", "Seen", "look"]

SMALL: Final = 200
"""A sheet with no more rows is read whole: that is one request, wherever its rows have gone."""
MANY: Final = 40
"""For more rows than that, too."""

LETTERS: Final = re.compile("[A-Z]{1,3}")

Cells = Sequence[object]
Read = Callable[[Sequence[str]], list[list[list[Any]]]]
"""Ranges -> their values, in one request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where things stood when a sheet was last read; a guess by now.

    Args:
        place: The position of the key's column, from 0.
        rows: Id -> number of its row.
        header: The first row as text; blank where it is not to be relied upon.
        taken: Columns that are read as a field whose name they do not bear.
    """

    place: int
    rows: Mapping[str, int]
    header: tuple[str, ...] = ()
    taken: Taken = field(default_factory=Taken)


@dataclass(frozen=True, slots=True)
class Live:
    """A sheet just before it is written.

    Args:
        header: Its first row, matched to the table.
        rows: Id -> number of its row, the first where an id stands twice.
        cells: Id -> cells of its row, for the rows that were asked for and are there.
        last: The number of the last row that has an id, 1 if none has.
        key_place: The position of the key's column.
    """

    header: Header
    rows: Mapping[str, int]
    cells: Mapping[str, Cells]
    last: int
    key_place: int

    def place(self, name: str) -> int | None:
        """Return where the column of a field is, or one that is not declared; None if there is none.

        A column without a name goes by its letters.
        """
        place = self.header.places.get(name, self.header.unknown.get(name))
        if place is None and LETTERS.fullmatch(name):
            at = column_position(name)
            return None if any(self.header.cells[at : at + 1]) else at
        return place

    def whole(self, id_: str) -> dict[str, object]:
        """Return all cells of a row that was asked for, by the names that `place` knows."""
        header, row = self.header, self.cells[id_]
        names = {place: name for name, place in (*header.unknown.items(), *header.places.items())}
        places = {**dict.fromkeys(range(len(row))), **names}
        held = {
            names.get(place) or column_letters(place): row[place] if place < len(row) else None
            for place in places
        }
        return {name: cell for name, cell in held.items() if name in self.header.places or not blank(cell)}

    def cell(self, id_: str, name: str) -> object:
        """Return one cell of a row that was asked for; None where the row is shorter."""
        place, row = self.place(name), self.cells[id_]
        return row[place] if place is not None and place < len(row) else None


@dataclass(frozen=True, slots=True)
class Ask:
    """What to look at in one sheet.

    Args:
        table: Its table.
        ids: The rows to be changed.
        seen: Where they were; None if that is not known.
        every_id: All ids are wanted, because rows are added whose ids must be new.
        whole: Read the whole sheet: something was not where it was seen.
    """

    table: Table
    ids: Collection[str] = ()
    seen: Seen | None = None
    every_id: bool = False
    whole: bool = False

    @property
    def guessed(self) -> list[str]:
        """The rows to be changed of which it is known where they were."""
        return [id_ for id_ in self.ids if self.seen is not None and id_ in self.seen.rows]

    @property
    def place(self) -> int:
        """Where the key's column was, or is in a sheet that nobody has touched."""
        return self.seen.place if self.seen is not None else self.table.names.index(self.table.key)

    @property
    def all_of_it(self) -> bool:
        """Whether the whole sheet is read: it is small, or too much of it is wanted."""
        known = 0 if self.seen is None else len(self.seen.rows)
        return self.whole or (bool(self.ids) and (known <= SMALL or len(self.ids) > MANY))

    @property
    def ids_too(self) -> bool:
        """Whether the column of the ids is read."""
        return self.every_id or len(self.guessed) < len(self.ids)

    def remembered(self) -> Live | None:
        """Return the sheet as it was last seen, where that is enough: new rows are added to it."""
        if self.seen is None or not self.seen.header or self.ids or self.every_id or self.whole:
            return None
        header, rows = self.match(self.seen.header), self.seen.rows
        return Live(header, rows, {}, 1 + len(rows), self.seen.place)

    def ranges(self) -> list[str]:
        """Return the ranges to read: as little as finds the rows if they are where they were."""
        title = quoted(self.table.name)
        if self.all_of_it:
            return [title]
        letters = column_letters(self.place)
        column = [f"{title}!{letters}2:{letters}"] if self.ids_too else []
        numbers = [self.seen.rows[id_] for id_ in self.guessed] if self.seen is not None else []
        return [f"{title}!1:1", *column, *(f"{title}!{number}:{number}" for number in numbers)]

    def match(self, cells: Sequence[object]) -> Header:
        """Match a header; what a column was taken for when the sheet was read, it is taken for now.

        A save goes into a column of another name, too, as long as that is the very column. It loses no
        word: what the column held is what its writer was shown, or the save is a conflict; the journal
        has it as the field's; the header is not touched, and whether the cells landed below it is seen
        in the answer. To refuse it would keep everybody from adding a row until the question about the
        name is answered. A column that cannot be told from others any more is none, and the save
        refused (`HeaderFault`).
        """
        return match(self.table, cells, self.seen.taken.now(cells) if self.seen is not None else NONE)

    def live(self, values: Sequence[list[list[Any]]]) -> Live | None:
        """Return the sheet as the ranges' values show it; None if something is not where it was.

        Raises:
            HeaderFault: No column of the sheet is the table's key.
        """
        header = self.match(_first(values[0]))
        place = header.places.get(self.table.key)
        if place is None:
            raise HeaderFault(sheet=self.table.name, missing=self.table.key)
        if self.all_of_it:
            return self._whole(header, values[0], place)
        return self._parts(header, values, place)

    def _whole(self, header: Header, values: list[list[Any]], place: int) -> Live:
        """Return a sheet that was read whole."""
        rows = _numbers((row[place] if place < len(row) else None for row in values[1:]), 2)
        cells = {id_: values[rows[id_] - 1] for id_ in self.ids if id_ in rows}
        return Live(header, rows, cells, len(values), place)

    def _parts(self, header: Header, values: Sequence[list[list[Any]]], place: int) -> Live | None:
        """Return a sheet of which header, ids or some rows were read; None for a wrong guess."""
        if place != self.place and (self.ids or self.every_id):
            return None
        column, parts = ([], values[1:]) if not self.ids_too else (values[1], values[2:])
        cells = {id_: _first(found) for id_, found in zip(self.guessed, parts, strict=True)}
        if not all(_is(row, place, id_) for id_, row in cells.items()):
            return None
        rows = _numbers((row[0] if row else None for row in column), 2)
        if any(id_ in rows and id_ not in cells for id_ in self.ids):
            return None
        seen = self.seen.rows if self.seen is not None else {}
        found = {**rows, **{id_: seen[id_] for id_ in cells}}
        return Live(header, found, cells, 1 + len(column), place)


def look(asks: Sequence[Ask], read: Read, *, afresh: bool = False) -> dict[str, Live]:
    """Return the sheets as they stand now.

    One request, and a second one only where rows or columns have moved since they were last seen. None
    where rows are only added and all headers are known: whether those still stand is seen in the
    answer of the write.

    Args:
        asks: What to look at, one for each sheet.
        read: Reads ranges in one request.
        afresh: Do not rely on headers that were seen.
    """
    known = {ask.table.name: ask.remembered() for ask in asks}
    if not afresh and all(known.values()):
        return {name: live for name, live in known.items() if live is not None}
    found = _guessed(asks, read)
    moved = [replace(ask, whole=True) for ask in asks if found[ask.table.name] is None]
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
