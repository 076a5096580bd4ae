"""What stands in a file's columns: looked at once, row by row, before anything is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from opsline.imports.dates import Evidence, Order, look_at, read_dated
from opsline.imports.header import Place
from opsline.imports.recipe import Rows
from opsline.imports.source import Source
from sheets_schema.language.cells import as_text, blank
from sheets_schema.language.dates import Unclear, read_text

__all__ = ["Profile", "Seen", "profile", "rows_below", "taken"]

DISTINCT: Final = 60
"""So many different texts of a column are remembered; beyond that it is free text."""
TRIED: Final = 200
"""So many texts of a column are tried as dates."""

Row = tuple[int, list[object]]


@dataclass(slots=True)
class Seen:
    """What stands in one column.

    Attributes:
        filled: How many cells hold something.
        numbers: How many hold a number.
        tried: How many texts were tried as a date.
        dates: How many of them are one.
        emails: How many texts have an @.
        texts: The different texts and how often each comes, the first `DISTINCT` of them.
        many: Whether there are more than that.
        evidence: What the texts say about day and month.
    """

    filled: int = 0
    numbers: int = 0
    tried: int = 0
    dates: int = 0
    emails: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    many: bool = False
    evidence: Evidence = field(default_factory=Evidence)

    def add(self, cell: object) -> None:
        """Count one cell that is not blank."""
        self.filled += 1
        text = as_text(cell)
        if text in self.texts or len(self.texts) < DISTINCT:
            self.texts[text] += 1
        else:
            self.many = True
        if not isinstance(cell, str):
            self.numbers += 1
            return
        self.evidence = look_at((text,), self.evidence)
        self.emails += "@" in text
        if self.tried < TRIED:
            self.tried += 1
            self.dates += _is_date(text)

    @property
    def mostly_dates(self) -> bool:
        """Whether most texts of the column are dates."""
        return self.tried > 0 and self.dates > self.tried / 2


@dataclass(frozen=True, slots=True)
class Profile:
    """What stands in a table: how many rows are to be taken, and what is in each column looked at."""

    rows: int
    columns: dict[str, Seen]
    last: dict[str, int] = field(default_factory=dict)
    """Text of the column `last_of` -> the number of the last row with it."""


def profile(
    source: Source, sheet: str, place: Place, rows: Rows, missing: Iterable[str], columns: Sequence[str]
) -> Profile:
    """Look at a table from top to bottom.

    Args:
        source: The file.
        sheet: Its sheet.
        place: Where the table is.
        rows: Which rows are taken.
        missing: Texts that stand for nothing.
        columns: The columns to look at.
    """
    nothing = {"", *missing}
    looked_at = [(place.names.index(name), Seen()) for name in columns]
    count, last = 0, {}
    key = place.names.index(rows.last_of) if rows.last_of else -1
    for number, cells in taken(rows_below(source, sheet, place), rows, place):
        count += 1
        if key >= 0:
            last[as_text(_at(cells, key))] = number
        for position, seen in looked_at:
            cell = cells[position] if position < len(cells) else None
            if cell is not None and not (isinstance(cell, str) and cell.strip() in nothing):
                seen.add(cell)
    found = {place.names[position]: seen for position, seen in looked_at}
    return Profile(len(last) if key >= 0 else count, found, last)


def rows_below(source: Source, sheet: str, place: Place) -> Iterator[Row]:
    """Yield the rows below the header that are not blank, with their numbers in the file."""
    for number, cells in enumerate(source.rows(sheet), start=1):
        if number > place.header and not all(blank(cell) for cell in cells):
            yield number, cells


def taken(rows: Iterable[Row], which: Rows, place: Place) -> Iterator[Row]:
    """Yield the rows that a recipe takes; `first` counts the file's rows, before `where` chooses."""
    wanted = [(place.names.index(name), set(texts)) for name, texts in which.where.items()]
    for count, (number, cells) in enumerate(rows, start=1):
        if which.first and count > which.first:
            return
        if all(as_text(_at(cells, position)) in texts for position, texts in wanted):
            yield number, cells


def _at(cells: Sequence[object], position: int) -> object:
    """Return a cell of a row that may end before it."""
    return cells[position] if position < len(cells) else None


def _is_date(text: str) -> bool:
    """Say whether a text is a date in some order."""
    if any(read_dated(text, order) is not None for order in Order):
        return True
    try:
        read_text(text)
    except Unclear:
        return False
    return True
