"""The journal before it gets large: its oldest full months move to a sheet of their own.

One atomic request: the journal is copied whole, the copy loses what stays and the journal what goes. So
every line is in exactly one of the two, whatever others append meanwhile, and even if somebody sorts the
journal in that instant. The journal keeps its number, so that whoever knows it goes on appending there.

An archive says by its title until which day it goes; reading looks into those that it needs.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sheets_schema.book.failures import Taken
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.save import new_save
from sheets_schema.book.send import send
from sheets_schema.book.titles import Grid, quoted
from sheets_schema.errors import BookError
from sheets_schema.language.cells import column_letters
from sheets_schema.language.header import match

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = [
    "LIMIT",
    "Archive",
    "Roll",
    "archives",
    "journal_lines",
    "limit_of",
    "roll_over",
    "seen_to",
    "with_archives",
]

JOURNAL: Final = "journal"
LIMIT: Final = 50_000
"""Lines of the journal where the workbook's setting `journal_lines` says nothing."""
EPOCH: Final = pd.Timestamp(0)
FEWEST: Final = 100
"""Lines below which no setting makes archives."""
TITLE: Final = re.compile(rf"{JOURNAL}_until_(\d{{4}}-\d\d-\d\d)(?:_(\d+))?")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Archive:
    """A sheet with old lines of the journal.

    Args:
        until: The last day whose lines it may have, by the workbook's clock.
        number: Which of that day's it is.
        title: The sheet's title.
    """

    until: pd.Timestamp
    number: int
    title: str

    def ends(self, zone: str) -> pd.Timestamp:
        """Return the moment before which all its lines are."""
        return (self.until + pd.Timedelta(days=1)).tz_localize(zone)


def archives(titles: Sequence[str]) -> list[Archive]:
    """Return the archives among a workbook's sheets, the oldest first.

    >>> [each.title for each in archives(["journal", "journal_until_2026-10-31", "journal_until_2025-12-31"])]
    ['journal_until_2025-12-31', 'journal_until_2026-10-31']
    """
    found = ((title, TITLE.fullmatch(title)) for title in titles)
    made = []
    for title, parts in found:
        day = pd.to_datetime(parts[1], errors="coerce") if parts else pd.NaT
        if parts and not pd.isna(day):
            made.append(Archive(day, int(parts[2] or 1), title))
    return sorted(made)


# Reading


def journal_lines(
    book: Book,
    *,
    since: pd.Timestamp | None = None,
    holding: str | None = None,
    every: bool = False,
) -> pd.DataFrame:
    """Return the journal's lines in order, with as many archives as are asked for.

    Args:
        book: The workbook.
        since: All lines after this moment.
        holding: All lines from the first one of this save on.
        every: All lines.
    """
    newest = book.load(JOURNAL)[JOURNAL]
    return with_archives(book, newest, since=since, holding=holding, every=every)


def with_archives(
    book: Book,
    newest: pd.DataFrame,
    *,
    since: pd.Timestamp | None = None,
    holding: str | None = None,
    every: bool = False,
) -> pd.DataFrame:
    """Return the lines of a journal that was read already, and of the archives that are asked for."""
    if since is None and not every and (holding is None or (newest["save"] == holding).any()):
        return in_order([newest])
    book.workbook.refresh()
    older = archives(list(book.workbook.grids))
    if since is not None:
        older = [each for each in older if each.ends(book.time_zone) > since]
    if holding is None:
        return _joined([*_read(book, older), newest])
    read: list[pd.DataFrame] = []
    while older and not any((each["save"] == holding).any() for each in read):
        read = [*_read(book, [older.pop()]), *read]
    return _joined([*read, newest])


def _read(book: Book, some: Sequence[Archive]) -> list[pd.DataFrame]:
    """Read archives in one request."""
    if not some:
        return []
    table = book.tables[JOURNAL]
    values = book.read([quoted(each.title) for each in some])
    return [table.read(held, time_zone=book.time_zone).frame for held in values]


def _joined(sheets: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return lines in order; those that moved to an archive between two requests are there once."""
    lines = pd.concat(sheets, ignore_index=True)
    return in_order([lines[~lines["id"].duplicated() | lines["id"].isna()]])


# Rolling over


@dataclass(slots=True)
class Roll:
    """Whether the journal may have too many lines: reckoned without a request.

    Args:
        lines: How many it had when it was last looked at; None if it never was.
        before: The rows of its sheet at that time.
        rows: The rows of its sheet, as they were last told.
        more: Lines that this process has appended since it last looked.
        past: It is not looked at again before it has more lines than this.
    """

    lines: int | None = None
    before: int = 0
    rows: int = 0
    more: int = 0
    past: int = 0

    def count(self, grid: Grid, requests: Sequence[Json]) -> None:
        """Count the lines that requests have added."""
        added = (each["appendCells"] for each in requests if "appendCells" in each)
        self.more += sum(len(each["rows"]) for each in added if each["sheetId"] == grid.id)
        self.rows = grid.rows

    @property
    def most(self) -> int:
        """How many lines it may have by now."""
        if self.lines is None:
            return self.rows - 1 + self.more
        return self.lines + max(self.more, self.rows - self.before)

    def is_due(self, limit: int) -> bool:
        """Say whether it is to be looked at."""
        return self.most > max(limit, self.past)


def limit_of(settings: pd.DataFrame) -> int:
    """Return how many lines the journal may have: the setting `journal_lines`."""
    found = settings.loc[settings["id"] == "journal_lines", "value"]
    number = pd.to_numeric(found, errors="coerce").dropna()
    return max(FEWEST, int(number.iloc[0])) if len(number) else LIMIT


def roll_over(book: Book, now: pd.Timestamp) -> str | None:
    """Move the oldest full months of the journal to an archive, if it has more lines than its limit.

    Months, or days where all lines are of one month, move until half of the limit is left.

    Args:
        book: The workbook.
        now: The moment, with a time zone.

    Returns:
        The archive's title; None if there was nothing to move, or another process has just done it.

    Raises:
        BookError: The workbook cannot be reached, or refuses it; nothing was moved.
    """
    book.workbook.refresh()
    grid = book.grid(JOURNAL)
    days = _days(book)
    cut, ends = _cut(days, book.limit)
    book.roll = Roll(len(days), grid.rows, grid.rows, 0, len(days) + book.limit // 100)
    if not cut:
        return None
    title = _title([ends, *days[:cut].dropna()], book.workbook.grids)
    save = new_save(now.tz_convert(book.time_zone))
    try:
        send(book, _requests(grid, title, cut, len(book.workbook.grids)), [(JOURNAL, title)], save)
    except Taken:
        return None
    finally:
        book.forget_sheets()
    left, rows = len(days) - cut, grid.rows + 1 - cut
    book.roll = Roll(left, rows, rows, 0, left)
    return title


def _days(book: Book) -> pd.Series:
    """Return the day of each line of the journal, in the order of the sheet; missing where it has none."""
    header = book.read([f"{quoted(JOURNAL)}!1:1"])[0]
    place = match(book.tables[JOURNAL], header[0] if header else ()).places.get("at")
    if place is None:
        return pd.Series(dtype="datetime64[us]")
    letters = column_letters(place)
    column = book.read([f"{quoted(JOURNAL)}!{letters}2:{letters}"])[0]
    cells = [row[0] if row else None for row in column]
    kind = book.tables[JOURNAL].field("at").kind
    moments, _ = kind.column(cells, book.time_zone, frozenset({""}))
    local = pd.DatetimeIndex(moments).tz_convert(book.time_zone).tz_localize(None)
    return pd.Series(local.normalize())


def _cut(days: pd.Series, limit: int) -> tuple[int, pd.Timestamp]:
    """Return how many lines go, and the last day of the month, or the day, that goes last.

    A line whose clock was ahead does not hold up those below it.
    """
    if len(days) <= limit:
        return 0, EPOCH
    least = days.bfill().ffill()[::-1].cummin()[::-1]
    for starts in (least.dt.to_period("M"), least.dt.to_period("D")):
        cuts = np.flatnonzero((starts != starts.shift()).to_numpy())[1:]
        enough = cuts[len(days) - cuts <= limit // 2]
        if len(cuts):
            cut = int((enough if len(enough) else cuts[-1:])[0])
            ends = starts.iloc[cut - 1].end_time.normalize()
            return cut, ends
    return 0, EPOCH


def _title(days: Sequence[pd.Timestamp], there: Mapping[str, Grid]) -> str:
    """Return the title of an archive of lines of some days; it comes after all that are there."""
    last = [each.until for each in archives(list(there))][-1:]
    until = max([*days, *last])
    title = f"{JOURNAL}_until_{until:%Y-%m-%d}"
    number = 1
    while (made := title if number == 1 else f"{title}_{number}") in there:
        number += 1
    return made


def _requests(journal: Grid, title: str, cut: int, tabs: int) -> list[Json]:
    """Return the requests that move the first lines of the journal."""
    number = zlib.crc32(title.encode()) & 0x7FFFFFFF
    copy = {
        "sourceSheetId": journal.id,
        "insertSheetIndex": tabs,
        "newSheetId": number,
        "newSheetName": title,
    }
    return [
        {"appendDimension": {"sheetId": journal.id, "dimension": "ROWS", "length": 1}},
        {"duplicateSheet": copy},
        _delete(number, cut + 1, None),
        _delete(journal.id, 1, cut + 1),
    ]


def _delete(sheet: int, start: int, end: int | None) -> Json:
    """Return the request that deletes rows, counted from 0; to the last one where *end* is None."""
    rows: Json = {"sheetId": sheet, "dimension": "ROWS", "startIndex": start}
    return {"deleteDimension": {"range": rows if end is None else {**rows, "endIndex": end}}}


def seen_to(book: Book, now: pd.Timestamp) -> None:
    """Roll the journal over if it is due; a save that is done is not undone by what goes wrong here."""
    if not book.roll.is_due(book.limit):
        return
    try:
        roll_over(book, now)
    except BookError:  # it is due still: whoever saves next tries again
        book.roll.past = book.roll.most + book.limit // 100
