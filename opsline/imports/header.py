"""Where in a sheet the table is: its header row, below whatever somebody wrote above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from opsline.imports.names import Known
from sheets_schema.language.cells import as_text, blank, column_letters

__all__ = ["LOOK", "Place", "column_names", "find_header"]

LOOK: Final = 100
"""How many rows are looked at for a header."""
NEAR: Final = 5
KNOWN: Final = 4.0
"""A cell that names a field is worth this many that name nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table's place in a sheet.

    Args:
        header: The number of the header row, counted from 1.
        names: The name of each column; letters where the header has none.
        score: How much like a header of the table it is; for comparing sheets.
    """

    header: int
    names: tuple[str, ...]
    score: float


def find_header(rows: Sequence[Sequence[object]], known: Known) -> Place | None:
    """Return where the table begins; None where no row of the first ones can be a header.

    Args:
        rows: The first rows of the sheet, up to `LOOK`.
        known: The names that the table's fields go by.
    """
    width = max((len(row) for row in rows), default=0)
    found: Place | None = None
    for number, row in enumerate(rows, start=1):
        score = _score(row, rows[number : number + NEAR], known)
        if score > 0 and (found is None or score > found.score):
            found = Place(number, column_names(row, width), score)
    return found


def _score(row: Sequence[object], below: Sequence[Sequence[object]], known: Known) -> float:
    """Say how much like a header a row is: texts over filled columns, best those that name fields."""
    texts = [as_text(cell) for cell in row if isinstance(cell, str) and not blank(cell)]
    others = sum(not isinstance(cell, str) and not blank(cell) for cell in row)
    if not texts or len(texts) <= others:
        return 0.0
    filled = [sum(not blank(cell) for cell in each) for each in below]
    usual = max(filled, default=0)
    named = sum(known.best(text)[1] >= known.SURE for text in texts)
    again = len(texts) - len(set(texts))
    numbers = sum(bool(re.fullmatch(r"[\d.,:/ -]+", text)) for text in texts)
    return KNOWN * named + min(len(texts), usual + 1) - again - 2 * numbers - 2 * others


def column_names(cells: Sequence[object], width: int = 0) -> tuple[str, ...]:
    """Return a name for each column: the header's, with the letter where it is blank or comes twice.

    >>> column_names(["a b", "a b", "", "c"])
    ('a b', 'a b (B)', 'C', 'c')
    """
    names: list[str] = []
    for place in range(max(len(cells), width)):
        text = " ".join(as_text(cells[place]).split()) if place < len(cells) else ""
        letters = column_letters(place)
        names.append(letters if not text else f"{text} ({letters})" if text in names else text)
    return tuple(names)
