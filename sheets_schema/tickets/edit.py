"""What an action wants written: rows and values, before a book is asked to write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

__all__ = ["Edit", "event"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A new row, or new values of a row; what `book.Change` takes, in the rules' own words.

    Args:
        table: The table's name.
        cells: Field -> value; None empties a cell.
        id: The row to change; None for a new one (its id stands among the cells, or the book makes one).
    """

    table: str
    cells: Mapping[str, object]
    id: str | None = None


def event(
    ticket: object,
    kind: str,
    at: pd.Timestamp,
    by: str,
    *,
    old: str = "",
    new: str = "",
    text: str = "",
    public: bool = False,
) -> Edit:
    """Return a new row of `ticket_events`; blank texts stay blank cells."""
    words = {"old": old or None, "new": new or None, "text": text or None}
    return Edit(
        "ticket_events", {"ticket": str(ticket), "at": at, "kind": kind, "by": by, "public": public, **words}
    )
