"""Cells on their way out: text stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sheets_schema.language import Field, Table

__all__ = ["Sheet", "kept_as_text", "sheet_of", "without_controls"]

DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet takes for a formula when it opens a text file, whatever apostrophes precede it."""
CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table ready to be written.

    Args:
        name: The table's name.
        fields: Its columns.
        columns: A list of values for each column: text, int, float, bool, naive local
            datetime or date, None.
    """

    name: str
    fields: tuple[Field, ...]
    columns: tuple[list[object], ...]

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the rows, top to bottom, without the header."""
        return zip(*self.columns, strict=True)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0]) if self.columns else 0


def kept_as_text(text: str) -> str:
    """Return a text for a text file, with an apostrophe where a spreadsheet would run or compute it.

    >>> kept_as_text("=1+1"), kept_as_text("-8 %"), kept_as_text("a=b"), kept_as_text("'=x")
    ("'=1+1", "'-8 %", 'a=b', "''=x")
    """
    return f"'{text}" if DANGEROUS.match(text) else text


def without_controls(text: str) -> str:
    """Return a text without the characters that no XML file can hold."""
    return CONTROLS.sub("", text)


def sheet_of(
    table: Table, frame: pd.DataFrame, *, time_zone: str, unknown: Sequence[str] = (), personal: bool
) -> Sheet:
    """Return a table's rows ready to be written: codes, local times, the team's own fields included.

    Args:
        table: The table with the team's fields.
        frame: Its rows as `Table.read` types them.
        time_zone: The workbook's.
        unknown: Columns of the sheet that no field declares; they are kept.
        personal: Whether columns with personal data are included.
    """
    fields = [each for each in table.fields if personal or not each.personal]
    fields += [Field(name, title=name) for name in unknown]
    return Sheet(table.name, tuple(fields), tuple(_values(frame[each.name], time_zone) for each in fields))


def _values(column: pd.Series, time_zone: str) -> list[object]:
    """Return a column's values as plain Python ones; None where missing."""
    missing = column.isna()
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert(time_zone).dt.tz_localize(None)
    return [None if gone else value for gone, value in zip(missing, column.tolist(), strict=True)]
