"""What every kind of cell can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from sheets_schema.language.cells import ERRORS, as_text
from sheets_schema.words import Message

__all__ = ["Column", "Kind", "Unfit"]

type_of = type


class Unfit(ValueError):
    """A cell is not of its kind; `message` says what it must be."""

    def __init__(self, message: Message) -> None:
        """Keep what the cell must be."""
        super().__init__(message)
        self.message = message


Column = tuple[pd.Series, dict[int, Message]]
"""A typed column of n values, and what is wrong by position; the value there is missing."""


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

    @abstractmethod
    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return what is written to the sheet for a value; an empty text for a missing one.

        Raises:
            Unfit: The value is not of this kind.
        """

    @abstractmethod
    def natural_values(self, cells: Sequence[object], time_zone: str) -> tuple[pd.Series, np.ndarray]:
        """Type n cells of natural types or None at once; say which of them must be looked at alone."""

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n cells.

        Args:
            cells: n cells, top to bottom.
            time_zone: The workbook's time zone, an IANA name.
            missing: Texts that stand for a missing value.

        Returns:
            n values of `dtype` and, by position, what the unfit cells must be.
        """
        odd = self._odd(cells)
        natural = list(cells)
        for position in odd:
            natural[position] = None
        values, doubtful = self.natural_values(natural, time_zone)
        look = [*odd, *np.flatnonzero(doubtful).tolist()]
        found, faults = self._one_by_one(cells, look, time_zone, missing)
        if found:
            values = values.copy()
            values.iloc[list(found)] = self.series(list(found.values())).to_numpy()
        return values, faults

    def series(self, values: Sequence[object]) -> pd.Series:
        """Return n parsed values as a column of this kind's dtype."""
        return pd.Series(list(values), dtype=self.dtype)

    def _odd(self, cells: Sequence[object]) -> list[int]:
        """Return the positions of cells that are neither of a natural type nor None."""
        usual = self.natural | {type(None)}
        if set(map(type, cells)) <= usual:
            return []
        return [position for position, cell in enumerate(cells) if type(cell) not in usual]

    def _one_by_one(
        self, cells: Sequence[object], positions: Sequence[int], time_zone: str, missing: frozenset[str]
    ) -> tuple[dict[int, object], dict[int, Message]]:
        """Parse the cells at some positions, each distinct one once; blanks are left out."""
        known: dict[tuple[type, object], object] = {}
        found: dict[int, object] = {}
        faults: dict[int, Message] = {}
        for position in positions:
            cell = cells[position]
            key = (type(cell), cell if isinstance(cell, str | int | float | None) else as_text(cell))
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
