"""A sheet as the doctor looks at it: its cells as they stand, its formulas, and what was read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sheets_schema.doctor.finding import PERSON, Confidence, Finding, Fix
from sheets_schema.language import Fault, Reading, Table
from sheets_schema.language.cells import address, as_text, blank
from sheets_schema.language.header import Header, match
from sheets_schema.words import Message

__all__ = ["EXEMPT", "Sheet"]

EXEMPT = frozenset({"journal", "quarantine"})
"""Records of what was: their cells are judged, and never changed."""


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Args:
        table: Its table, with the team's fields.
        rows: Its cells, header first, as UNFORMATTED_VALUE and SERIAL_NUMBER give them.
        formulas: (number of the row, position of the column) -> formula, where one stands.
        reading: What the table reads in it.
    """

    table: Table
    rows: Sequence[Sequence[Any]]
    reading: Reading
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.table.name

    @cached_property
    def header(self) -> Header:
        """The first row, matched to the table."""
        return match(self.table, self.rows[0] if self.rows else (), self.reading.taken)

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows that are not blank, in order."""
        return [int(number) for number in self.reading.frame.index.tolist()]

    def cell(self, row: int, place: int) -> Any:
        """Return a cell by the number of its row and the position of its column; None beyond an end."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[place] if place < len(cells) else None

    def column(self, place: int) -> list[Any]:
        """Return a column's cells, one for each row of the reading."""
        rows = self.rows
        try:
            return [rows[number - 1][place] for number in self.numbers]
        except IndexError:
            return [self.cell(number, place) for number in self.numbers]

    def row_id(self, row: int) -> str:
        """Return the id in a row, blank where it has none or is the header."""
        place = self.header.places.get(self.table.key)
        cell = None if place is None or row < 2 else self.cell(row, place)  # noqa: PLR2004 - below the header
        return "" if blank(cell) else as_text(cell)

    def found(
        self,
        kind: str,
        row: int,
        place: int,
        must: Message,
        *,
        fix: Fix = PERSON,
        confidence: Confidence = "person",
        name: str = "",
    ) -> Finding:
        """Return a finding at one cell of this sheet."""
        fault = Fault(self.name, address(place, row), name, row, self.cell(row, place), must)
        return self.finding(kind, fault, place, fix, confidence)

    def finding(self, kind: str, fault: Fault, place: int, fix: Fix, confidence: Confidence) -> Finding:
        """Return a finding for a fault that reading has found."""
        formula = self.formulas.get((fault.row, place), "")
        return Finding(kind, fault, fix, confidence, self.row_id(fault.row), formula, place)
