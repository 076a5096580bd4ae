"""What every kind of cell can do."""

from __future__ import annotations

import math
import numbers
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pandas as pd

from sheets_schema.language.cells import ERRORS, NATIVE, as_text
from sheets_schema.words import Message

__all__ = ["Column", "Kind", "Unfit", "is_missing"]


class Unfit(ValueError):
    """A cell is not of its kind; `message` says what it must be."""

    def __init__(self, message: Message) -> None:
        """Keep what the cell must be."""
        super().__init__(message)
        self.message = message


Values = Any
"""n values of one dtype: a numpy array, or one of pandas' own."""

Column = tuple[Values, dict[int, Message]]
"""A typed column of n values, and what is wrong by position; the value there is missing."""


def is_missing(value: object) -> bool:
    """Say whether a value of a frame or a record stands for nothing: None, NA, NaT or NaN."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, numbers.Real) and math.isnan(value)


class Kind(ABC):
    """A kind of cell: how it is read, how it is written, and the dtype of its column."""

    dtype: ClassVar[str]
    natural: ClassVar[frozenset[type]]
    """The types that the API answers for a well-typed cell of this kind."""

    def parse(self, cell: object, time_zone: str = "UTC") -> object:
        """Return the value in a cell, or None if it is blank.

        Args:
            cell: What the Sheets API answers, or what a person typed into a form.
            time_zone: The workbook's time zone, an IANA name.

        Raises:
            Unfit: The cell is not of this kind; the message says what it must be.
        """
        if cell is None:
            return None
        if isinstance(cell, str):
            if (text := cell.strip()) == "":
                return None
            if text in ERRORS:
                raise Unfit(Message("language.must.no_error"))
        return self._parse(cell, time_zone)

    @abstractmethod
    def _parse(self, cell: object, time_zone: str) -> object:
        """Return the value in a cell that is not blank; raise Unfit."""

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return what is written to the sheet for a value; an empty text for a missing one.

        Raises:
            Unfit: The value is not of this kind.
        """
        if is_missing(value):
            return ""
        parsed = self.parse(value, time_zone)
        return "" if parsed is None else self._format(parsed, time_zone)

    def _format(self, value: object, time_zone: str) -> object:  # noqa: ARG002 - a kind's signature
        """Return what is written for a value that `parse` has made."""
        return value

    @abstractmethod
    def array(self, values: Sequence[object]) -> Values:
        """Return n parsed values, None for a missing one, as an array of this kind's dtype."""

    @abstractmethod
    def natural_values(self, cells: Sequence[object], time_zone: str) -> tuple[Values, Iterable[int]]:
        """Type n cells of natural types or None; say which must be looked at alone."""

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n cells.

        Args:
            cells: n cells, top to bottom.
            time_zone: The workbook's time zone, an IANA name.
            missing: Texts that stand for a missing value.

        Returns:
            n values of `dtype` and, by position, what the unfit cells must be.
        """
        natural, odd = self._sorted_out(cells)
        if odd:
            return self.mixed_column(cells, time_zone, missing)
        return self._typed(cells, natural, odd, time_zone, missing)

    def mixed_column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n cells, some of which are not natural; see `column`."""
        return self._typed(cells, *self._sorted_out(cells), time_zone, missing)

    def _typed(
        self,
        cells: Sequence[object],
        natural: Sequence[object],
        odd: Sequence[int],
        time_zone: str,
        missing: frozenset[str],
    ) -> Column:
        """Type the natural cells at one stroke, and the others one by one."""
        values, doubtful = self.natural_values(natural, time_zone)
        found, faults = self._one_by_one(cells, [*odd, *doubtful], time_zone, missing)
        if found:
            values[list(found)] = self.array(list(found.values()))
        return values, faults

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n values at once; see `format`."""
        return [self.format(value, time_zone) for value in values]

    def _sorted_out(self, cells: Sequence[object]) -> tuple[Sequence[object], list[int]]:
        """Return n cells of natural types or None, and the positions of the others, not blank."""
        usual = self.natural | {type(None)}
        types = set(map(type, cells))
        if types <= usual:
            return cells, []
        kept = list(cells)
        if str in types:
            kept = [None if cell == "" else cell for cell in kept]
            if set(map(type, kept)) <= usual:
                return kept, []
        odd = [position for position, cell in enumerate(kept) if type(cell) not in usual]
        for position in odd:
            kept[position] = None
        return kept, odd

    def _one_by_one(
        self,
        cells: Sequence[object],
        positions: Sequence[int],
        time_zone: str,
        missing: frozenset[str],
    ) -> tuple[dict[int, object], dict[int, Message]]:
        """Parse the cells at some positions, each distinct one once; blanks are left out."""
        known: dict[tuple[type, object], object] = {}
        found: dict[int, object] = {}
        faults: dict[int, Message] = {}
        for position in positions:
            cell = cells[position]
            key = (type(cell), cell if type(cell) in NATIVE else as_text(cell))
            if key not in known:
                known[key] = self._try(cell, time_zone, missing)
            value = known[key]
            if isinstance(value, Message):
                faults[position] = value
            elif value is not None:
                found[position] = value
        return found, faults

    def _try(self, cell: object, time_zone: str, missing: frozenset[str]) -> object:
        """Return the value of a cell, None if it is missing, or the message of its fault."""
        if isinstance(cell, str) and cell.strip() in missing:
            return None
        try:
            return self.parse(cell, time_zone)
        except Unfit as fault:
            return fault.message
