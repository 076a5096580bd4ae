"""The hours of one day as a person writes them: "09:00-12:00 13:30-18:00"."""

from __future__ import annotations

import re
from typing import Final

from sheets_schema.errors import RuleError

__all__ = ["BadHours", "BadZone", "Interval", "parse_hours"]

Interval = tuple[int, int]
"""Opening and closing, in minutes after midnight; a closing beyond 1440 is on the next day."""

DAY: Final = 24 * 60
ONE: Final = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～]\s*(\d{1,2})[:：](\d{2})")
BETWEEN: Final = re.compile(r"[\s,;，；、]*")


class BadHours(RuleError):
    """The hours of a calendar cannot be read (facts: calendar, day, found)."""

    key = "tickets.calendar.bad_hours"


class BadZone(RuleError):
    """The time zone of a calendar is none (facts: calendar, found)."""

    key = "tickets.calendar.bad_zone"


def parse_hours(text: object) -> tuple[Interval, ...]:
    """Read the hours of a day.

    Args:
        text: Intervals such as "09:00-12:00 13:30-18:00"; blank or missing for a closed day. An
            interval that closes at or before its opening ends on the next day ("22:00-06:00").

    Returns:
        The intervals, in order of opening.

    Raises:
        ValueError: The text is something else, or an hour is beyond 24:00.

    >>> parse_hours("09:00-12:00 13:30-18:00")
    ((540, 720), (810, 1080))
    >>> parse_hours("22:00-06:00"), parse_hours(None)
    (((1320, 1800),), ())
    """
    if not isinstance(text, str) or not text.strip():
        return ()
    if BETWEEN.fullmatch(ONE.sub("", text)) is None:
        raise ValueError(text)
    return tuple(sorted(_interval(text, *map(int, found.groups())) for found in ONE.finditer(text)))


def _interval(text: str, open_hour: int, open_minute: int, close_hour: int, close_minute: int) -> Interval:
    """Return one interval in minutes; raise ValueError for an hour that no clock shows."""
    opens, closes = open_hour * 60 + open_minute, close_hour * 60 + close_minute
    if max(open_minute, close_minute) > 59 or opens >= DAY or closes > DAY:  # noqa: PLR2004 - minutes
        raise ValueError(text)
    return (opens, closes if closes > opens else closes + DAY)
