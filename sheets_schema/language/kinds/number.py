"""Numbers, whole and other."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.language.cells import plain
from sheets_schema.language.kinds.base import Kind, Unfit, Values
from sheets_schema.language.kinds.vectors import numbers_of
from sheets_schema.words import Message

__all__ = ["Integer", "Number", "read_number"]

PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?")
GROUPED: Final = re.compile(r"[+-]?\d{1,3}([, '])\d{3}(\1\d{3})*(\.\d*)?")
EXACT: Final = 2**53
"""From here on a cell, which holds a double, does not know every whole number."""


def read_number(text: str) -> float:
    """Return the number that a text means, where it can mean only one.

    Raises:
        ValueError: It is no number, or the comma can be a decimal mark (1,2).

    >>> read_number("1,200.5"), read_number(" １２ "), read_number("12%"), read_number("¥1,200")
    (1200.5, 12.0, 0.12, 1200.0)
    """
    words = plain(text).replace("−", "-").replace("\u00a0", " ").lower().strip("¥$€£ ")
    share = words.endswith("%")
    words = words.removesuffix("%").strip()
    if GROUPED.fullmatch(words):
        words = re.sub("[, ']", "", words)
    if not PLAIN.fullmatch(words):
        raise ValueError(text)
    value = float(words) / (100 if share else 1)
    if math.isinf(value):
        raise ValueError(text)
    return value


class Number(Kind):
    """A number; text that looks like one in only one way is read as one.

    >>> Number().parse("1,200"), Number().parse(3)
    (1200.0, 3.0)
    """

    dtype = "float64"
    natural = frozenset({int, float})
    must = Message("language.must.number")

    def _parse(self, cell: object, time_zone: str) -> float:  # noqa: ARG002 - a kind's signature
        """Return the number of a cell; raise Unfit."""
        try:
            if isinstance(cell, bool | np.bool_):
                raise Unfit(self.must)
            value = float(cell) if isinstance(cell, numbers.Real) else read_number(str(cell))
        except (ValueError, OverflowError):
            raise Unfit(self.must) from None
        if not math.isfinite(value):
            raise Unfit(self.must)
        return value

    def array(self, values: Sequence[object]) -> Values:
        """Return n numbers as doubles, NaN for a missing one."""
        return np.array(values, dtype="float64")

    def natural_values(
        self,
        cells: Sequence[object],
        time_zone: str,  # noqa: ARG002 - a kind's signature
    ) -> tuple[Values, Iterable[int]]:
        """Type n numbers or None; what is infinite, or too large for a double, is doubtful."""
        return doubles(cells)

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n numbers at once where all are finite doubles or missing."""
        if type(self) is not Number or not set(map(type, values)) <= {float, type(None)}:
            return super().written(values, time_zone)
        if any(value is not None and math.isinf(value) for value in values):  # type: ignore[arg-type]
            return super().written(values, time_zone)
        return ["" if value is None or value != value else value for value in values]  # noqa: PLR0124


class Integer(Number):
    """A whole number.

    >>> Integer().parse(3.0), Integer().parse("1,200")
    (3, 1200)
    """

    dtype = "Int64"
    must = Message("language.must.integer")

    def _parse(self, cell: object, time_zone: str) -> int:
        """Return the whole number of a cell; raise Unfit."""
        value = super()._parse(cell, time_zone)
        if not value.is_integer() or abs(value) > EXACT:
            raise Unfit(self.must)
        return int(value)

    def array(self, values: Sequence[object]) -> Values:
        """Return n whole numbers as an array that can have missing ones."""
        return whole(np.array(values, dtype="float64"))

    def natural_values(
        self,
        cells: Sequence[object],
        time_zone: str,  # noqa: ARG002 - a kind's signature
    ) -> tuple[Values, Iterable[int]]:
        """Type n numbers or None; what has a fraction is doubtful."""
        values, doubtful = doubles(cells)
        broken = (values != np.floor(values)) | (np.abs(values) > EXACT)
        broken &= ~np.isnan(values)
        if not broken.any():
            return whole(values), doubtful
        values[broken] = np.nan
        return whole(values), [*doubtful, *np.flatnonzero(broken).tolist()]


def whole(values: np.ndarray) -> Values:
    """Return n doubles without fractions, NaN for a missing one, as pandas' whole numbers."""
    missing = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(missing, 0, values).astype("int64"), missing)


def doubles(cells: Sequence[object]) -> tuple[np.ndarray, list[int]]:
    """Return n numbers or None as doubles, and the positions of those that are not finite."""
    found = numbers_of(cells)
    if found is None:
        values = np.array([_double(cell) for cell in cells], dtype="float64")
        missing = np.array([cell is None for cell in cells], dtype=bool)
    else:
        values, missing = found
    doubtful: list[int] = np.flatnonzero(~(np.isfinite(values) | missing)).tolist()
    values[doubtful] = np.nan
    return values, doubtful


def _double(cell: object) -> float:
    """Return a number as a double, infinite where it is too large."""
    try:
        return math.nan if cell is None else float(cell)  # type: ignore[arg-type]
    except OverflowError:
        return math.inf
