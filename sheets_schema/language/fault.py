"""What reading a sheet gives: its rows, and what is wrong with them, by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from sheets_schema.language.cells import as_text
from sheets_schema.words import Message, say

__all__ = ["ASK", "Fault", "Reading"]

ASK: Final = "language.ask."
"""With this begin the messages that ask what a cell is, instead of saying what it must be."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is not what its field promises.

    Args:
        sheet: The sheet's name.
        cell: The address, such as D3; a blank one for a fault of the whole sheet.
        field: The name of the column.
        row: The number of the row in the sheet, from 1.
        found: What stands in the cell.
        message: What it must be ("it must be ..."), or a question (`ASK`).
    """

    sheet: str
    cell: str
    field: str
    row: int
    found: object
    message: Message

    def text(self, language: str = "en") -> str:
        """Return one sentence: where, what is there, and what it must be."""
        if self.message.key.startswith(ASK):
            where = {"sheet": self.sheet, "cell": self.cell}
            return say("language.fault.ask", language, **where, ask=self.message)
        shown = as_text(self.found)
        kind = "is" if shown else "blank" if self.field else "blank_header"
        return say(
            f"language.fault.{kind}",
            language,
            sheet=self.sheet,
            cell=self.cell,
            field=self.field or shown[:60],
            found=shown if len(shown) <= 60 else f"{shown[:59]}…",  # noqa: PLR2004 - one line
            must=self.message,
        )

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text()


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet, read.

    Args:
        frame: One row for each row of the sheet that is not blank; the index `row` is the number of
            the row in the sheet. Every declared column is there, then the unknown ones as they are.
        faults: All that is wrong, by row and column.
        header: The first row as it stands in the sheet.
        unknown: The names under which the frame keeps columns that are not declared.
        taken: Field -> position of the column as which it is read, although it is not named so: a fault
            asks whether it is (`renamed.py`).
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    header: tuple[str, ...]
    unknown: tuple[str, ...]
    taken: Mapping[str, int] = field(default_factory=dict)
