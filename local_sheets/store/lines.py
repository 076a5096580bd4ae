"""The rows of one sheet: their order in memory, their content in SQLite.

Only the rows down to the last that was ever touched exist; a grid of 1,000 empty rows costs
nothing. Row n is found in O(1) through the list of keys; SQLite keeps the order as sparse positions.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from local_sheets.errors import ApiError
from local_sheets.store.row import Row, dumps
from local_sheets.store.trouble import ADVICE

GAP = 1 << 20
"""The distance between two rows that were appended one after the other."""

_FEW = 4
"""So many rows are read one by one, through the memory."""

_MOST_LOADED = 4096

_JOINED = 10_000
"""So many rows are read as one text."""

_MINIMUM = 1 << 6
"""Renumbering widens its window until rows lie this far apart again."""


Kept = tuple[str, str | None]
"""A row as it is kept: JSON of its values, JSON of its extras."""


@dataclass(slots=True)
class Memory:
    """How rows were before a transaction: each that was changed (None: it was not there), their order."""

    rows: dict[int, Kept | None] = field(default_factory=dict)
    order: list[int] | None = None


class Lines:
    """The rows of one sheet. Used only from the store's thread."""

    def __init__(self, database: sqlite3.Connection, sheet: int) -> None:
        self._database = database
        self.sheet = sheet
        self.keys: list[int] = []
        self.positions: list[int] = []
        self.masks: list[int] = []
        self._loaded: dict[int, Row] = {}
        self._dirty: set[int] = set()
        self.touched = False
        self.memory: Memory | None = None
        """With one, the rows are remembered as they were before they are changed."""
        self.changed: set[int] = set()
        """The keys of the rows that were made, changed or moved past others in this transaction."""
        self.uncomputed: set[int] = set()
        """The keys of those that were since formulas were last computed."""
        self.met_formulas = False
        """Whether a row with a formula was written since this was last set to False."""
        self._formulas: set[int] | None = None
        self.shown: dict[int, str] = {}
        self.table: tuple[int, int, int, int] | None = None
        rows = database.execute(
            "SELECT key, position, mask FROM line WHERE sheet = ? ORDER BY position", (sheet,)
        )
        for key, position, mask in rows:
            self.keys.append(key)
            self.positions.append(position)
            self.masks.append(int(mask, 16))

    def __len__(self) -> int:
        return len(self.keys)

    # reading -----------------------------------------------------------------------------------

    def row(self, index: int) -> Row:
        """Return row *index* for reading; one beyond the last is blank and not kept."""
        if index >= len(self.keys):
            return Row(0)
        key = self.keys[index]
        row = self._loaded.get(key)
        if row is None:
            if len(self._loaded) > _MOST_LOADED and not self._dirty:
                self._loaded.clear()
            found = self._database.execute("SELECT vals, extras FROM line WHERE key = ?", (key,)).fetchone()
            row = row_of(key, *found)
            self._loaded[key] = row
        return row

    def rows(self, start: int, end: int) -> Iterator[Row]:
        """Yield rows start..end-1 that exist, for reading."""
        end = min(end, len(self.keys))
        if end <= start:
            return
        if end - start <= _FEW:
            for index in range(start, end):
                yield self.row(index)
            return
        self.flush()
        found = self._database.execute(
            "SELECT key, vals, extras FROM line WHERE sheet = ? AND position BETWEEN ? AND ?"
            " ORDER BY position",
            (self.sheet, self.positions[start], self.positions[end - 1]),
        )
        loaded = self._loaded
        for key, values, extras in found:
            yield loaded.get(key) or row_of(key, values, extras)

    def texts(self, start: int, end: int) -> list[str]:
        """Return the JSON lists of values of rows start..end-1 that exist, many to a text, parted by commas.

        SQLite joins them: a text for each row would cost more than all the rest of a read.
        """
        end = min(end, len(self.keys))
        if end <= start:
            return []
        self.flush()
        joined = (
            "SELECT group_concat(vals, ',') FROM (SELECT vals FROM line"
            " WHERE sheet = ? AND position BETWEEN ? AND ? ORDER BY position)"
        )
        found = []
        for first in range(start, end, _JOINED):
            last = min(first + _JOINED, end) - 1
            stretch = (self.sheet, self.positions[first], self.positions[last])
            found.append(self._database.execute(joined, stretch).fetchone()[0])
        return found

    def raw(self, start: int, end: int) -> list[tuple[int, str, str | None]]:
        """Return key, JSON of values, JSON of extras of rows start..end-1 that exist."""
        end = min(end, len(self.keys))
        if end <= start:
            return []
        self.flush()
        return self._database.execute(
            "SELECT key, vals, extras FROM line WHERE sheet = ? AND position BETWEEN ? AND ?"
            " ORDER BY position",
            (self.sheet, self.positions[start], self.positions[end - 1]),
        ).fetchall()

    def by_key(self, keys: Sequence[int]) -> list[tuple[int, int, str, str | None]]:
        """Return key, position, JSON of values, JSON of extras of those rows of these keys that exist."""
        self.flush()
        marks = ",".join("?" * len(keys))
        return self._database.execute(
            f"SELECT key, position, vals, extras FROM line WHERE sheet = ? AND key IN ({marks})",  # noqa: S608
            (self.sheet, *keys),
        ).fetchall()

    def index(self, key: int) -> int | None:
        """Return where the row of a key lies; None when there is none."""
        found = self._database.execute(
            "SELECT position FROM line WHERE key = ? AND sheet = ?", (key, self.sheet)
        ).fetchone()
        return bisect_left(self.positions, found[0]) if found else None

    # writing -----------------------------------------------------------------------------------

    def edit(self, index: int) -> Row:
        """Return row *index* to be changed; it is made if need be, and written by `flush`."""
        if index >= len(self.keys):
            self._grow(index + 1)
        row = self.row(index)
        self._dirty.add(index)
        self.changed.add(row.key)
        self.uncomputed.add(row.key)
        self.touched = True
        return row

    def edits(self, start: int, end: int) -> Iterator[Row]:
        """Yield rows start..end-1 to be changed, making those that do not exist."""
        if end > len(self.keys):
            self._grow(end)
        if end - start > _FEW:
            for row in list(self.rows(start, end)):
                self._loaded[row.key] = row
        for index in range(start, end):
            yield self.edit(index)

    def flush(self) -> None:
        """Write the changed rows."""
        if not self._dirty:
            return
        self._remember([self.keys[index] for index in self._dirty])
        changes = []
        for index in self._dirty:
            key = self.keys[index]
            row = self._loaded[key]
            mask = row.mask()
            if mask != self.masks[index]:
                self.masks[index] = mask
                self.table = None
            extras = dumps(row.extras) if row.extras else None
            self._note(row)
            changes.append((f"{mask:x}", dumps(row.values), extras, key))
            self.shown.pop(key, None)
        self._dirty.clear()
        self._database.executemany("UPDATE line SET mask = ?, vals = ?, extras = ? WHERE key = ?", changes)

    def _remember(self, keys: Sequence[int]) -> None:
        """Remember rows as they are in the file, unless an earlier state is remembered."""
        if self.memory is None:
            return
        for key in keys:
            if key not in self.memory.rows:
                self.memory.rows[key] = self._database.execute(
                    "SELECT vals, extras FROM line WHERE key = ?", (key,)
                ).fetchone()

    def _remember_order(self) -> None:
        """Remember the order of the rows, unless an earlier one is remembered."""
        if self.memory is not None and self.memory.order is None:
            self.memory.order = list(self.keys)

    @property
    def formulas(self) -> set[int]:
        """The keys of the rows that have formulas or parts of their results; not to be changed."""
        self.flush()
        if self._formulas is None:
            found = self._database.execute(
                "SELECT key FROM line WHERE sheet = ? AND extras IS NOT NULL"
                """ AND (instr(extras, '"x":{') OR instr(extras, '"s":{'))""",
                (self.sheet,),
            )
            self._formulas = {key for (key,) in found}
        return self._formulas

    def _note(self, row: Row) -> None:
        """Keep up which rows have formulas."""
        if row.computed:
            self.met_formulas = True
            if self._formulas is not None:
                self._formulas.add(row.key)
        elif self._formulas:
            self._formulas.discard(row.key)

    def places(self, keys: Collection[int]) -> list[int]:
        """Return the indices of the rows of these keys, in order; those that are gone are left out."""
        if len(keys) == 1:
            key = next(iter(keys))
            return [self.keys.index(key)] if key in self.keys else []
        return [index for index, key in enumerate(self.keys) if key in keys]

    @property
    def pending(self) -> bool:
        """Say whether there are changed rows that are not written."""
        return bool(self._dirty)

    def settle(self) -> bool:
        """End a request: write, forget the rows that were read, say whether any changed."""
        self.flush()
        touched, self.touched = self.touched, False
        self._loaded.clear()
        self.changed, self.uncomputed = set(), set()
        self.memory = None
        return touched

    def clear(self) -> None:
        """Forget the rows that were read."""
        self._loaded.clear()

    def _grow(self, count: int) -> None:
        """Make blank rows until there are *count*."""
        self._add(len(self.keys), [Row(0) for _ in range(count - len(self.keys))])

    def insert(self, index: int, count: int) -> None:
        """Open *count* blank rows before row *index*; beyond the last row nothing has to be done."""
        self.flush()
        if index < len(self.keys):
            self._add(index, [Row(0) for _ in range(count)])

    def restore(self, index: int, rows: Sequence[Row]) -> None:
        """Put rows that were deleted back before row *index*, each with the key that it had."""
        self.flush()
        self._add(index, rows, [row.key for row in rows])

    def extend(self, rows: Sequence[Row]) -> None:
        """Add rows with content after the last."""
        self.flush()
        self._add(len(self.keys), rows)

    def _add(self, index: int, rows: Sequence[Row], keys: Sequence[int] = ()) -> None:
        """Put new rows before row *index*, each with the next free key unless *keys* are given."""
        if not rows:
            return
        self.touched = True
        self._remember_order()
        positions = self._room(index, len(rows))
        masks = [row.mask() for row in rows]
        if not keys:
            first = self._next_key()
            keys = range(first, first + len(rows))
        if self.memory is not None:
            for key in keys:
                self.memory.rows.setdefault(key, None)
        for key, row in zip(keys, rows, strict=True):
            if row.computed:
                self._note(replace(row, key=key))
        self._database.executemany(
            "INSERT INTO line (key, sheet, position, mask, vals, extras) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    key,
                    self.sheet,
                    position,
                    f"{mask:x}",
                    dumps(row.values),
                    dumps(row.extras) if row.extras else None,
                )
                for key, row, position, mask in zip(keys, rows, positions, masks, strict=True)
            ],
        )
        self.keys[index:index] = keys
        self.changed.update(keys)
        self.uncomputed.update(keys)
        self.positions[index:index] = positions
        self.masks[index:index] = masks
        if index < len(self.keys) - len(rows) or any(masks):
            self.table = None

    def _next_key(self) -> int:
        """Return a key that no row ever had."""
        found = self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'line'").fetchone()
        return int(found[0]) + 1 if found else 1

    def _room(self, index: int, count: int) -> list[int]:
        """Return *count* free positions before row *index*, renumbering around it if need be."""
        if index == len(self.positions):
            last = self.positions[-1] if self.positions else 0
            return [last + GAP * step for step in range(1, count + 1)]
        before = self.positions[index - 1] if index else self.positions[0] - GAP * (count + 1)
        step = (self.positions[index] - before) // (count + 1)
        if step < 1:
            self._renumber(index, count)
            before = self.positions[index - 1] if index else self.positions[0] - GAP * (count + 1)
            step = (self.positions[index] - before) // (count + 1)
        return [before + step * number for number in range(1, count + 1)]

    def _renumber(self, index: int, count: int) -> None:
        """Spread the rows around *index* so that *count* new ones fit before it."""
        reach, size = 8, len(self.positions)
        while True:
            low, high = max(index - reach, 0), min(index + reach, size)
            below = self.positions[low - 1] if low else self.positions[0] - GAP * (size + count)
            rows = high - low + count
            above = self.positions[high] if high < size else below + GAP * (rows + 1) * 2
            step = (above - below) // (rows + 1)
            if step >= _MINIMUM:
                break
            if low == 0 and high == size:
                step = GAP
                break
            reach *= 2
        fresh = [
            below + step * (place + 1 + (count if low + place >= index else 0)) for place in range(high - low)
        ]
        self._move(low, high, fresh)

    def _move(self, low: int, high: int, fresh: Sequence[int]) -> None:
        """Give rows low..high-1 new positions (in two steps, because positions are unique)."""
        self.touched = True
        keys = self.keys[low:high]
        update = "UPDATE line SET position = ? WHERE key = ?"
        aside = self.positions[0] - GAP * (len(self.positions) + len(keys) + 2)
        aside = min(aside, *fresh) - len(keys) - 1
        self._database.executemany(update, [(aside + n, key) for n, key in enumerate(keys)])
        self._database.executemany(update, list(zip(fresh, keys, strict=True)))
        self.positions[low:high] = fresh

    def delete(self, start: int, end: int) -> None:
        """Take rows start..end-1 away; those below move up."""
        self.flush()
        end = min(end, len(self.keys))
        if end <= start:
            return
        self.touched = True
        self._remember_order()
        self._remember(self.keys[start:end])
        self._database.execute(
            "DELETE FROM line WHERE sheet = ? AND position BETWEEN ? AND ?",
            (self.sheet, self.positions[start], self.positions[end - 1]),
        )
        for key in self.keys[start:end]:
            self._loaded.pop(key, None)
        self.changed.difference_update(self.keys[start:end])
        self.uncomputed.difference_update(self.keys[start:end])
        if self._formulas:
            self._formulas.difference_update(self.keys[start:end])
        del self.keys[start:end], self.positions[start:end], self.masks[start:end]
        self.table = None

    def arrange(self, start: int, order: Iterable[int]) -> None:
        """Put the rows from *start* on into *order* (indices), each keeping its key."""
        self.flush()
        self._remember_order()
        order = list(order)
        end = start + len(order)
        fresh = self.positions[start:end]
        self.keys[start:end] = [self.keys[index] for index in order]
        self.masks[start:end] = [self.masks[index] for index in order]
        self.changed.update(self.keys[start:end])
        self.uncomputed.update(self.keys[start:end])
        self._move(start, end, fresh)
        self.table = None


def row_of(key: int, values: str, extras: str | None) -> Row:
    """Return a row from its JSON.

    Raises:
        ApiError: It is no JSON any more.
    """
    try:
        return Row(key, json.loads(values), json.loads(extras) if extras else {})
    except ValueError as error:
        raise ApiError(f"The workbook file is damaged (row {key} of its table of rows). {ADVICE}") from error
