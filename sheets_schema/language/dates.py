"""Dates and times that somebody typed as text.

Only what can be read in one way is read: a year first (2026-11-23, 2026/11/23, 2026年11月23日,
20261123), a month by name (23 Nov 2026), or a day above 12 (23/11/2026, 11/23/2026). 03/04/2026 is
left to the person who typed it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from sheets_schema.language.cells import plain
from sheets_schema.words import Message

__all__ = ["Unclear", "read_text"]

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
YEARS: Final = range(1910, 2200)

YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
CHINESE: Final = re.compile(r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]")
COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
DAY_NAME: Final = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{4})"
)
NAME_DAY: Final = re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})")
YEAR_LAST: Final = re.compile(r"(?P<first>\d{1,2})([-/.])(?P<second>\d{1,2})\2(?P<year>\d{4})")
DATES: Final = (YEAR_FIRST, CHINESE, COMPACT, DAY_NAME, NAME_DAY, YEAR_LAST)

CLOCK: Final = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上)?\s*(?P<hour>\d{1,2})\s*[:时時点點]\s*(?P<minute>\d{1,2})?\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?\s*秒?)?)?\s*(?P<noon>am|pm|a\.m\.|p\.m\.)?\s*"
    r"(?P<zone>z|utc|[+-]\d{2}:?\d{2})?"
)


class Unclear(ValueError):
    """A text is no date, or more than one; `message` says which."""

    def __init__(self, message: Message) -> None:
        """Keep what the text must be."""
        super().__init__(message)
        self.message = message


def read_text(text: str) -> dt.datetime:
    """Return the one moment that a text means; without a zone in the text it has none.

    Raises:
        Unclear: The text is no date and time, or can be read as two.

    >>> read_text("２０２６年11月23日 下午3:20")
    datetime.datetime(2026, 11, 23, 15, 20)
    >>> read_text("23/11/2026")
    datetime.datetime(2026, 11, 23, 0, 0)
    >>> read_text("03/04/2026")
    Traceback (most recent call last):
    ...
    sheets_schema.language.dates.Unclear: it can be read as 2026-03-04 or as 2026-04-03; ...
    """
    words = plain(text).lower()
    for pattern in DATES:
        if found := pattern.match(words):
            rest = words[found.end() :]
            return _at(_day(found), rest)
    raise _no_date()


def _no_date() -> Unclear:
    return Unclear(Message("language.must.datetime"))


def _day(found: re.Match[str]) -> dt.date:
    """Return the day that a pattern found."""
    parts = found.groupdict()
    year = int(parts["year"])
    if "first" in parts:
        return _of_two(int(parts["first"]), int(parts["second"]), year)
    month = MONTHS.get(parts["name"][:3], 0) if "name" in parts else int(parts["month"])
    return _make(year, month, int(parts["day"]))


def _of_two(first: int, second: int, year: int) -> dt.date:
    """Return the day where only one of two numbers can be the month."""
    if first > 12 or first == second:  # noqa: PLR2004 - a year has twelve months
        return _make(year, second, first)
    if second > 12:  # noqa: PLR2004
        return _make(year, first, second)
    readings = _make(year, first, second), _make(year, second, first)
    raise Unclear(Message("language.must.one_date", dict(zip(("first", "second"), readings, strict=True))))


def _make(year: int, month: int, day: int) -> dt.date:
    """Return a day of the calendar."""
    if year not in YEARS:
        raise _no_date()
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _no_date() from None


def _at(day: dt.date, rest: str) -> dt.datetime:
    """Return the moment of *day* that the rest of the text names; midnight if it names none."""
    rest = rest.removeprefix("t") if rest.startswith("t") else rest.strip(" ,")
    if not rest:
        return dt.datetime.combine(day, dt.time())
    found = CLOCK.fullmatch(rest)
    if not found:
        raise _no_date()
    try:
        return dt.datetime.combine(day, _clock(found.groupdict()))
    except ValueError:
        raise _no_date() from None


def _clock(parts: dict[str, str | None]) -> dt.time:
    """Return a time of day with the zone that the text names, if any; raise ValueError."""
    hour = int(parts["hour"] or 0)
    half = parts["half"] or parts["noon"] or ""
    if half in ("下午", "晚上") or half.startswith("p"):
        hour = hour if hour >= 12 else hour + 12  # noqa: PLR2004 - the clock's half
    elif half and hour == 12 and half != "中午":  # noqa: PLR2004
        hour = 0
    part = (parts["part"] or "")[:6].ljust(6, "0")
    return dt.time(
        hour, int(parts["minute"] or 0), int(parts["second"] or 0), int(part), _zone(parts["zone"])
    )


def _zone(text: str | None) -> dt.timezone | None:
    """Return the zone of +08:00, or of Z; None for no text."""
    if not text:
        return None
    if text in ("z", "utc"):
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    return dt.timezone(sign * dt.timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
