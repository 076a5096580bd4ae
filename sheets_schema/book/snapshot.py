"""What a workbook held at one moment, read in one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema.book.journal import Line
from sheets_schema.errors import UnknownTable
from sheets_schema.language import Fault, Reading

__all__ = ["ALWAYS", "Snapshot"]

ALWAYS = ("settings", "fields")
"""What every page needs: the company's defaults, and the columns that the team added."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tables that were asked for, as they stood at one moment.

    Args:
        version: What `Book.version` said just before they were read.
        taken_at: When they were read, in UTC.
        readings: Table -> its typed rows and its faults.
        faults: All that is wrong, within the tables and between them.
        waiting: Table -> ids of the rows that are shown as they will be: what was saved waits to be
            sent (`Outbox.over`).
        edits: What people have edited in the sheet, where this reading has found it.
    """

    version: str
    taken_at: pd.Timestamp
    readings: Mapping[str, Reading]
    faults: tuple[Fault, ...]
    waiting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    edits: tuple[Line, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table's rows; their index is the number of the row in the sheet."""
        try:
            return self.readings[name].frame
        except KeyError:
            raise UnknownTable(table=name, tables=", ".join(self.readings)) from None

    def setting(self, id: str, default: str | None = None) -> str | None:  # noqa: A002 - the column's name
        """Return what the company has set, *default* where it has not."""
        settings = self["settings"]
        found = settings.loc[settings["id"] == id, "value"].dropna()
        return str(found.iloc[0]) if len(found) else default
