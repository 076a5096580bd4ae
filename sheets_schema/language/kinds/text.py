"""Text, and text that is one of a few codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.language.cells import ERRORS, as_text, plain
from sheets_schema.language.kinds.base import Column, Kind, Unfit
from sheets_schema.words import Message

__all__ = ["Choice", "Text"]

LONGEST: Final = 50_000
"""Google Sheets takes no more characters into one cell."""


class Text(Kind):
    """Text, as it was typed, without white space at its ends; a number is read as its digits.

    >>> Text().parse(13800138000), Text().parse(" Lamp ")
    ('13800138000', 'Lamp')
    """

    dtype = "str"
    natural = frozenset({str})

    def _parse(self, cell: object, time_zone: str) -> str:  # noqa: ARG002 - a kind's signature
        """Return the text of a cell; raise Unfit if it is too long for a cell."""
        text = as_text(cell)
        if len(text) > LONGEST:
            raise Unfit(Message("language.must.shorter", {"limit": LONGEST}))
        return text

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the text, empty for a missing value."""
        if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
            return ""
        return self._parse(value, time_zone)

    def natural_values(self, cells: Sequence[object], time_zone: str) -> tuple[pd.Series, np.ndarray]:  # noqa: ARG002
        """Type n texts or None; formula errors are doubtful."""
        try:
            values = pd.Series(cells, dtype=self.dtype).str.strip()
        except UnicodeEncodeError:  # half of a surrogate pair, which JSON can carry and Arrow cannot
            values = pd.Series([None if cell is None else as_text(cell) for cell in cells], dtype=self.dtype)
        wrong = values.isin(ERRORS).to_numpy(dtype=bool)
        return values.mask(wrong), wrong

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n texts; see `Kind.column`."""
        values, faults = super().column(cells, time_zone, missing)
        return values.mask(values.isin(missing | {""})), faults


class Choice(Text):
    """One of a few codes, typed in any case, or as a label in any of the three languages.

    >>> kind = Choice({"P1": {"en": "Urgent", "zh-Hans": "紧急"}, "P2": {"en": "High"}})
    >>> kind.parse("p1"), kind.parse("紧急"), kind.parse("high")
    ('P1', 'P1', 'P2')
    """

    def __init__(self, choices: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the codes, and every way to write them; a code goes before a label."""
        self.codes = tuple(choices)
        labels = {plain(label).casefold(): code for code in choices for label in choices[code].values()}
        self._ways = {**labels, **{plain(code).casefold(): code for code in choices}}
        self._exact = {code: code for code in choices}

    def _parse(self, cell: object, time_zone: str) -> str:
        """Return the code that a cell names; raise Unfit."""
        text = super()._parse(cell, time_zone)
        code = self._exact.get(text) or self._ways.get(plain(text).casefold())
        if code is None:
            raise Unfit(Message("language.must.choice", {"choices": ", ".join(self.codes)}))
        return code

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the code, or an empty text for a missing value."""
        if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
            return ""
        found = self.parse(value, time_zone)
        return "" if found is None else found

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n codes, each distinct cell once."""
        look = [position for position, cell in enumerate(cells) if cell is not None and cell != ""]
        found, faults = self._one_by_one(cells, look, time_zone, missing)
        return pd.Series([found.get(position) for position in range(len(cells))], dtype=self.dtype), faults
