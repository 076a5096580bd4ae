"""Which column a field without one most likely is, as far as the sheet itself tells: name, cells, place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sheets_schema.language.cells import as_text, blank
from sheets_schema.language.header import Header, same
from sheets_schema.language.kinds.base import Unfit
from sheets_schema.language.rules import violation

if TYPE_CHECKING:
    from sheets_schema.language.field import Field
    from sheets_schema.language.table import Table

__all__ = ["FITS", "Pair", "Sheet", "fits", "likely", "stand_out"]

Rows = Sequence[Sequence[object]]
Pair = tuple[str, int]
"""A field, and the position of a column."""

SAMPLE: Final = 200
"""Cells of a column that are tried."""
FITS: Final = 0.8
"""Share of them that a field must be able to read."""
ENOUGH: Final = 0.6
"""Total likeness from which on a column is taken for a renamed one."""
APART: Final = 0.05
"""How far the likeliest must lie above the next."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose header is to be understood.

    Args:
        table: Its table.
        header: Its first row, matched as far as names go.
        rows: Its other rows.
        time_zone: The workbook's.
        keys: Table -> its ids, against which a column of ids is tried, as far as they are known.
    """

    table: Table
    header: Header
    rows: Rows
    time_zone: str
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def missing(self) -> list[Field]:
        """The fields that have no column."""
        return [each for each in self.table.fields if each.name not in self.header.places]

    def column(self, place: int) -> list[object]:
        """Return a column's cells."""
        return [row[place] if place < len(row) else None for row in self.rows]

    def spare(self) -> list[int]:
        """Return the positions of the columns that are no field's, and are named or hold something."""
        width = max([len(self.header.cells), *map(len, self.rows)])
        others = set(range(width)) - set(self.header.places.values())
        named = set(self.header.unknown.values())
        return sorted(place for place in others if place in named or self._holds(place))

    def _holds(self, place: int) -> bool:
        """Say whether something stands in a column; an unticked box is nothing."""
        return not all(cell is False or blank(cell) for cell in self.column(place))


def likely(sheet: Sheet) -> dict[str, int]:
    """Return field without a column -> the column that it most likely is, each column at most once.

    A column that bears the name of a field is none of them: it says what it is.
    """
    cells = sheet.header.cells
    nobody = [
        place
        for place in sheet.spare()
        if sheet.table.name_of(cells[place] if place < len(cells) else "") is None
    ]
    scores = {(each.name, place): _likeness(sheet, each, place) for each in sheet.missing for place in nobody}
    return stand_out(scores, ENOUGH, APART)


def stand_out(scores: Mapping[Pair, float], enough: float, apart: float) -> dict[str, int]:
    """Return the pairs that score enough, and more than any other pair of the same field or column.

    What has found its other half stands in nobody's way any more.

    >>> stand_out({("a", 1): 0.9, ("a", 2): 0.5, ("b", 1): 0.88, ("b", 2): 1.0, ("c", 3): 0.5}, 0.6, 0.05)
    {'b': 2, 'a': 1}
    >>> stand_out({("a", 1): 0.9, ("a", 2): 0.9}, 0.6, 0.05)
    {}
    """
    found: dict[str, int] = {}
    left = dict(scores)
    while clear := {pair[0]: pair[1] for pair in left if _is_clear(pair, left, enough, apart)}:
        found |= clear
        left = {
            (name, place): score
            for (name, place), score in left.items()
            if name not in clear and place not in clear.values()
        }
    return found


def _is_clear(pair: Pair, scores: Mapping[Pair, float], enough: float, apart: float) -> bool:
    """Say whether a pair scores enough, and more than those that share its field or its column."""
    rivals = [score for (name, at), score in scores.items() if (name == pair[0]) is not (at == pair[1])]
    return scores[pair] >= enough and scores[pair] - max(rivals, default=0.0) >= apart


def _likeness(sheet: Sheet, field_: Field, place: int) -> float:
    """Return from 0 to 1 how likely a column is a field: by name, by what it holds, by where it stands."""
    share = fits(sheet, field_, sheet.column(place))
    if share < FITS:
        return 0.0
    name = same(sheet.header.cells[place]) if place < len(sheet.header.cells) else ""
    ways = {same(field_.name), *(same(label) for label in field_.labels.values())}
    alike = max(difflib.SequenceMatcher(a=name, b=way).ratio() for way in ways) if name else 0.0
    is_id = field_.foreign is not None and field_.foreign in sheet.keys
    says_much = field_.type != "string" or field_.enum or is_id or field_.pattern or field_.unique
    return 0.35 * alike + (0.4 if says_much else 0.25) * share + 0.3 * _in_its_place(sheet, field_, place)


def _in_its_place(sheet: Sheet, field_: Field, place: int) -> float:
    """Return how many of a column's neighbours are those that the field has where it is laid out."""
    names, at = sheet.table.names, sheet.table.names.index(field_.name)
    where = {position: name for name, position in sheet.header.places.items()}
    left = names[at - 1] if at else ""
    right = names[at + 1] if at + 1 < len(names) else ""
    found = [where.get(place - 1, "") == left, where.get(place + 1, "") == right]
    return sum(found) / len(found)


def fits(sheet: Sheet, field_: Field, cells: Sequence[object]) -> float:
    """Return the share of a column's first cells that a field can read and allows."""
    held = [cell for cell in cells if not blank(cell)][:SAMPLE]
    is_key = field_.name == sheet.table.key
    if not held or (is_key and len(set(map(as_text, held))) < len(held)):
        return 0.0
    return sum(_reads(sheet, field_, cell) for cell in held) / len(held)


def _reads(sheet: Sheet, field_: Field, cell: object) -> bool:
    """Say whether a field can read a cell and allows what it says."""
    try:
        value = field_.kind.parse(cell, sheet.time_zone)
    except Unfit:
        return False
    if field_.foreign is not None and field_.foreign in sheet.keys:
        return value in sheet.keys[field_.foreign]
    return violation(field_, value) is None
