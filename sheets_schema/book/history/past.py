"""Tables of a workbook as they were: the sheets of today, the journal, and as many archives as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from sheets_schema.book.history.archive import archives, with_archives
from sheets_schema.book.history.as_of import Past, as_of
from sheets_schema.book.snapshot import ALWAYS

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["past_of"]

JOURNAL: Final = "journal"
OLDER: Final = frozenset({"begins", "not_kept", "gap"})
"""What an older archive may know."""


def past_of(book: Book, time: pd.Timestamp, names: Sequence[str]) -> Past:
    """Return tables as they were; see `Book.as_of`."""
    wanted = list(names) or [name for name in book.tables if name != JOURNAL]
    snapshot = book.load(*wanted, *ALWAYS, JOURNAL)
    present = {name: snapshot[name] for name in wanted}
    moment = time.tz_convert("UTC")
    lines = with_archives(book, snapshot[JOURNAL], since=moment)
    found = as_of(moment, lines, present, book.tables, book.time_zone)
    if found.unknown["why"].isin(OLDER).any() and archives(list(book.workbook.grids)):
        lines = with_archives(book, snapshot[JOURNAL], every=True)
        found = as_of(moment, lines, present, book.tables, book.time_zone)
    return found
