"""Keeping protected cells as they are while somebody who may not edit them changes a spreadsheet.

One rule covers every kind of request: what a protected range holds is afterwards what it held before, in the
same order, wherever the range lies by now. Rows inserted into it, deleted from it or sorted through it, cells
written, pasted, formatted or cut are all found by that. Only rows that were touched are compared.
"""

import copy
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from local_sheets import a1
from local_sheets.errors import Json
from local_sheets.protection import Locked, Protected, located, locked
from local_sheets.rights import Person, acting
from local_sheets.store import Book, Row, Sheet, Store
from local_sheets.store.lines import row_of
from local_sheets.store.row import FORMAT, FORMULA, MORE, NOTE, PROPERTIES, RULE, SPILLED, dumps

_MOVING = frozenset({"range", "unprotectedRanges"})
"""The parts of a ProtectedRange that change when rows or columns before it do."""


@contextmanager
def writing(store: Store, book: Book, who: Person) -> Iterator["Guard"]:
    """Make what happens inside one transaction on behalf of *who*, and keep protected cells as they are.

    Raises:
        Protected: Something that the person may not edit would be changed; nothing is kept.
    """
    with acting(who), store.writing(book):
        book.actor = who.email
        guard = Guard(store, book, who)
        yield guard
        guard.check()
        guard.finish()


class Guard:
    """Watches over the protected cells of a spreadsheet while one transaction runs.

    Args:
        store: The store whose transaction it is.
        book: The spreadsheet.
        who: On whose behalf it is changed.
    """

    def __init__(self, store: Store, book: Book, who: Person) -> None:
        self._watched = [
            _Watched(store, book, sheet, found)
            for sheet in book.sheets
            if sheet.about.get("protectedRanges") and (found := locked(book, sheet, who))
        ]

    def check(self) -> None:
        """Refuse what was changed since the last check, if a protected cell is among it.

        Raises:
            Protected: In Google's words; the place in the request is the caller's to add.
        """
        for watched in self._watched:
            watched.check()

    def finish(self) -> None:
        """Give back the notes of what was changed."""
        for watched in self._watched:
            watched.finish()


class _Watched:
    """The protected ranges of one sheet, as they were and as they are."""

    def __init__(self, store: Store, book: Book, sheet: Sheet, ranges: list[Locked]) -> None:
        self._before, self._now = store.before, store.database
        self._book, self._sheet = book, sheet
        self._first = ranges
        self._last = [_copy(one) for one in ranges]
        self._merges = [_merges(sheet, one) for one in ranges]
        self._frame = dumps(sheet.about) if any(one.whole for one in ranges) else ""
        self._checked: set[int] = set()
        self._steps = 0
        self._keys: dict[int, list[int]] = {}

    def check(self) -> None:
        """Compare the protected ranges with what they were."""
        sheet = self._sheet
        if sheet not in self._book.sheets:
            raise Protected
        touched = self._take_touched()
        moved, self._steps = len(sheet.steps) > self._steps, len(sheet.steps)
        if not (touched or moved or sheet.changed or self._book.changed):
            return
        if self._frame and self._frame != dumps(sheet.about):
            raise Protected
        self._compare_ranges(moved=moved)
        if sheet.loaded is not None and (touched or moved):
            sheet.lines.flush()
            for number, now in enumerate(self._last):
                self._compare_rows(number, now, touched)

    def _take_touched(self) -> set[int]:
        """Return the keys of the rows that were touched since the last check."""
        if self._sheet.loaded is None:
            return set()
        touched = set(self._sheet.lines.changed)
        self._checked |= touched
        self._sheet.lines.changed.clear()
        return touched

    def finish(self) -> None:
        """Put the keys that were checked back among those that were changed."""
        lines = self._sheet.loaded
        if lines is not None and self._checked:
            gone = self._checked - set(lines.keys) if self._steps else set()
            lines.changed |= self._checked - gone

    def _compare_ranges(self, *, moved: bool) -> None:
        """Refuse a protection that was taken away, altered, or lies over more or fewer cells now."""
        kept = {item.get("protectedRangeId"): item for item in self._sheet.about.get("protectedRanges", ())}
        fresh = []
        for number, last in enumerate(self._last):
            item = kept.get(last.item.get("protectedRangeId"))
            if item is None:
                raise Protected
            now = located(self._book, item)
            if moved:
                same = _fixed(item) == _fixed(last.item) and _size(now) == _size(last)
            else:
                same = item == last.item and now == last
                same = same and self._merges[number] == _merges(self._sheet, now)
            if not same:
                raise Protected
            fresh.append(_copy(now))
        self._last = fresh
        self._merges = [_merges(self._sheet, one) for one in fresh]

    def _compare_rows(self, number: int, now: Locked, touched: set[int]) -> None:
        """Refuse rows of a protected range that hold something else now."""
        if not self._steps:
            for key, index, row in self._rows(touched):
                _compare(now, index, self._followed(self._row_before(key)), row, 0)
            return
        was, lines = self._first[number], self._sheet.lines
        top, shift = now.span.top or 0, (now.span.left or 0) - (was.span.left or 0)
        old, new = self._keys_before(number, was), lines.keys[top : now.span.bottom]
        for offset in range(max(len(old), len(new))):
            one = old[offset] if offset < len(old) else None
            two = new[offset] if offset < len(new) else None
            if one != two or two in self._checked:
                row = lines.row(top + offset) if two is not None else Row(0)
                _compare(now, top + offset, self._row_before(one), row, shift, lenient=True)

    def _followed(self, row: Row) -> Row:
        """Return a row with the formulas that only followed cells which were moved elsewhere."""
        for (key, column), formula in self._sheet.followed.items():
            if key == row.key and row.extra(FORMULA, column) is not None:
                row.put_extra(FORMULA, column, formula)
        return row

    def _rows(self, keys: Iterable[int]) -> Iterator[tuple[int, int, Row]]:
        """Yield key, index and content of rows of these keys, as they are now."""
        positions = self._sheet.lines.positions
        for key in keys:
            found = self._now.execute(
                "SELECT position, vals, extras FROM line WHERE key = ?", (key,)
            ).fetchone()
            if found is not None:
                yield key, bisect_left(positions, found[0]), row_of(key, found[1], found[2])

    def _row_before(self, key: int | None) -> Row:
        """Return a row as it was before the transaction; blank where there was none."""
        found = self._before.execute("SELECT vals, extras FROM line WHERE key = ?", (key,)).fetchone()
        return row_of(key or 0, *found) if found else Row(0)

    def _keys_before(self, number: int, was: Locked) -> list[int]:
        """Return the keys of the rows that a protected range held before the transaction."""
        if number not in self._keys:
            top = was.span.top or 0
            count = -1 if was.span.bottom is None else was.span.bottom - top
            found = self._before.execute(
                "SELECT key FROM line WHERE sheet = ? ORDER BY position LIMIT ? OFFSET ?",
                (self._sheet.key, count, top),
            )
            self._keys[number] = [key for (key,) in found.fetchall()]
        return self._keys[number]


def _copy(one: Locked) -> Locked:
    """Return the same with a ProtectedRange that no request can reach."""
    return Locked(copy.deepcopy(one.item), one.span, one.free)


def _fixed(item: Json) -> Json:
    """Return what of a ProtectedRange stays when lines before it are opened or closed."""
    return {name: value for name, value in item.items() if name not in _MOVING}


def _size(one: Locked) -> tuple[int | None, int | None]:
    """Return the height and width of a protected range, None where it is open."""
    span = one.span
    return (
        None if span.bottom is None else span.bottom - (span.top or 0),
        None if span.right is None else span.right - (span.left or 0),
    )


def _merges(sheet: Sheet, one: Locked) -> list[Json]:
    """Return the merges that meet a protected range."""
    place = one.span.within(sheet.rows, sheet.columns)
    merges = sheet.about.get("merges", ())
    return [
        dict(grid) for grid in merges if a1.from_grid(grid).within(sheet.rows, sheet.columns).meets(place)
    ]


def _compare(now: Locked, index: int, old: Row, new: Row, shift: int, *, lenient: bool = False) -> None:
    """Refuse a row whose protected cells changed; *shift*: so many columns lie further right now."""
    if now.whole and old.extras.get(PROPERTIES) != new.extras.get(PROPERTIES):
        raise Protected
    for column in now.columns(index, max(old.width() + shift, new.width())):
        if _cell(old, column - shift, lenient=lenient) != _cell(new, column, lenient=lenient):
            raise Protected


def _cell(row: Row, column: int, *, lenient: bool) -> list[Any]:
    """Return what a person put into a cell: what a formula gave is worked out, and its addresses may move."""
    formula = row.extra(FORMULA, column)
    typed: Any = row.get(column) if formula is None else None if lenient else formula
    if row.extra(SPILLED, column) is not None:
        typed = ""
    return [typed, type(typed), *(row.extra(kind, column) for kind in (FORMAT, RULE, NOTE, MORE))]
