"""After a save: only the rows that it wrote are read, and put into the tables as they were read before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sheets_schema.book.live import MANY
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError
from sheets_schema.language import Reading, Table
from sheets_schema.language.cells import as_text, column_letters
from sheets_schema.language.header import match

__all__ = ["Part", "reread"]

Values = list[list[Any]]
Read = Callable[[Sequence[str]], list[Values]]
"""Ranges -> their values, in one request."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a table that a save wrote.

    Args:
        table: The table, with the team's fields.
        reading: The table as it was read before.
        ids: The rows that were changed or added; none means that rows were only added.
    """

    table: Table
    reading: Reading
    ids: Collection[str]

    @property
    def known(self) -> dict[str, int]:
        """The rows that were there before: id -> number of the row."""
        keys = self.reading.frame[self.table.key]
        there = keys[keys.isin(list(self.ids))]
        return dict(zip(there, there.index, strict=True))

    @property
    def last(self) -> int:
        """The number of the last row that was there before."""
        return int(self.reading.frame.index.max()) if len(self.reading.frame) else 1

    @property
    def has_new(self) -> bool:
        """Whether rows were added."""
        return not self.ids or len(self.known) < len(set(self.ids))

    def ranges(self) -> list[str]:
        """Return the ranges to read: the header, the rows that were changed, all below the last one."""
        title, letters = quoted(self.table.name), column_letters(max(len(self.reading.header) - 1, 0))
        below = [f"{title}!A{self.last + 1}:{letters}"] if self.has_new else []
        return [f"{title}!1:1", *(f"{title}!{row}:{row}" for row in self.known.values()), *below]

    def patched(self, values: Sequence[Values], time_zone: str) -> Reading | None:
        """Return the table with the rows that *values* show; None where that is not sure to be right.

        It is not where rows or columns have moved since, or a row that was read has a fault.
        """
        known = self.known
        header, *changed = (found[0] if found else [] for found in values[: 1 + len(known)])
        if tuple(map(as_text, header)) != self.reading.header:
            return None
        added = values[-1] if self.has_new else []
        numbers = [*known.values(), *range(self.last + 1, self.last + 1 + len(added))]
        known_as = match(self.table, header, self.reading.taken)
        part = self.table.read([header, *changed, *added], time_zone=time_zone, header=known_as)
        if part.unknown != self.reading.unknown or any(fault.row > 1 for fault in part.faults):
            return None
        rows = part.frame.set_axis([numbers[row - 2] for row in part.frame.index]).rename_axis("row")
        if not self._are_there(rows[self.table.key], known):
            return None
        kept = self.reading.frame.drop(index=list(known.values()))
        faults = tuple(fault for fault in self.reading.faults if fault.row not in known.values())
        frame = pd.concat([kept, rows]).sort_index()
        return replace(self.reading, frame=frame, faults=faults)

    def _are_there(self, keys: pd.Series, known: Mapping[str, int]) -> bool:
        """Say whether all rows were found, those that were there before where they had been."""
        moved = any(keys.get(row) != id_ for id_, row in known.items())
        return bool(len(keys)) and not moved and set(self.ids) <= set(keys)


def reread(parts: Sequence[Part], read: Read, time_zone: str) -> dict[str, Reading]:
    """Return the tables that could be brought up to date from the rows that a save wrote.

    Raises:
        BookError: The workbook cannot be reached.
    """
    asked = [part for part in parts if part.reading.header and len(part.ids) <= MANY]
    ranges = [part.ranges() for part in asked]
    try:
        values = iter(read([each for some in ranges for each in some])) if asked else iter(())
    except BookError as error:
        if "exceeds grid limits" not in str(error.facts.get("reason")):
            raise
        return {}
    found = {
        part.table.name: part.patched([next(values) for _ in some], time_zone)
        for part, some in zip(asked, ranges, strict=True)
    }
    return {name: reading for name, reading in found.items() if reading is not None}
