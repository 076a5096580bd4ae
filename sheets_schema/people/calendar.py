"""The working time of each calendar: weekly hours, holidays and make-up days."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from sheets_schema.people.hours import BadHours, BadZone, Interval, parse_hours
from sheets_schema.people.working_time import WorkingTime

__all__ = ["WEEKDAYS", "never", "working_time", "working_times"]

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def working_times(
    calendars: pd.DataFrame, holidays: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> dict[str, WorkingTime]:
    """Return the working time of every calendar, by the calendar's id.

    Args:
        calendars: Rows of `calendars`; a row without an id is left out.
        holidays: Rows of `holidays` of all calendars.
        first: A moment (with a time zone) before all that will be asked for.
        last: A moment after all that will be asked for.

    Raises:
        BadHours: The hours of a day cannot be read.
        BadZone: A calendar's time zone is none.
    """
    return {
        str(row["id"]): working_time(row, holidays, first, last)
        for _, row in calendars.dropna(subset=["id"]).iterrows()
    }


def working_time(
    calendar: pd.Series, holidays: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> WorkingTime:
    """Return the working time of one calendar.

    A day works if it is a make-up day, or if its weekday has hours and it is no holiday; a make-up
    day has the hours of the column `make_up`, or Monday's where that is blank. Each interval is
    turned into UTC by itself, so that a change of the clock moves none but its own day's.

    Args:
        calendar: A row of `calendars`: `time_zone`, `monday` to `sunday`, `make_up`.
        holidays: Rows of `holidays`; those of other calendars are left out.
        first: A moment (with a time zone) on the first day covered.
        last: A moment on the last day covered.

    Raises:
        BadHours: The hours of a day cannot be read.
    """
    zone = _zone(calendar)
    days = pd.date_range(
        first.tz_convert(zone).tz_localize(None).normalize() - pd.Timedelta(days=1),
        last.tz_convert(zone).tz_localize(None).normalize() + pd.Timedelta(days=1),
        unit="us",
    )
    mine = holidays[holidays["calendar"] == calendar["id"]].dropna(subset=["date"])
    closed, made_up = (mine[mine["kind"] == kind] for kind in ("holiday", "make_up"))
    is_made_up = np.asarray(days.isin(made_up["date"]))
    is_usual = ~is_made_up & ~np.asarray(days.isin(closed["date"]))
    weekly = [_hours(calendar, name) for name in WEEKDAYS]
    parts = [
        *(_on(days[is_usual & (days.day_of_week == number)], each) for number, each in enumerate(weekly)),
        _on(days[is_made_up], _hours(calendar, "make_up") or weekly[0], made_up=True),
    ]
    frame = pd.concat(parts, ignore_index=True)
    opens, closes = _in_utc(frame["open"], zone, first=True), _in_utc(frame["close"], zone, first=False)
    names = {day: _text(name) for day, name in zip(closed["date"], closed["name"], strict=True)}
    joined = _joined(opens, closes, frame["made_up"].to_numpy(dtype=bool))
    return WorkingTime(zone, *joined, names)


def never(time_zone: str) -> WorkingTime:
    """Return the working time of nobody: no time passes, and nothing falls due."""
    none = np.array([], dtype=np.int64)
    return WorkingTime(time_zone, none, none, none.astype(bool))


def _zone(calendar: pd.Series) -> str:
    """Return a calendar's time zone; raise BadZone where it is none."""
    zone = _text(calendar["time_zone"])
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadZone(calendar=str(calendar["id"]), found=zone) from None
    return zone


def _hours(calendar: pd.Series, day: str) -> tuple[Interval, ...]:
    """Return the hours of a day of the week."""
    try:
        return parse_hours(calendar.get(day))
    except ValueError:
        raise BadHours(calendar=str(calendar["id"]), day=day, found=str(calendar[day])) from None


def _on(days: pd.DatetimeIndex, intervals: tuple[Interval, ...], *, made_up: bool = False) -> pd.DataFrame:
    """Return the intervals of some days, in local time."""
    opens = [days + pd.Timedelta(minutes=start) for start, _ in intervals]
    closes = [days + pd.Timedelta(minutes=end) for _, end in intervals]
    empty = pd.DatetimeIndex([], dtype="datetime64[us]")
    return pd.DataFrame(
        {
            "open": empty.append(opens),
            "close": empty.append(closes),
            "made_up": np.full(len(days) * len(intervals), made_up),
        }
    )


def _in_utc(local: pd.Series, zone: str, *, first: bool) -> np.ndarray:
    """Return local times as microseconds in UTC.

    An hour that the clock shows twice opens at the first and closes at the second; one that the
    clock leaves out is taken at its end.
    """
    index = pd.DatetimeIndex(local).tz_localize(
        zone, ambiguous=np.full(len(local), first), nonexistent="shift_forward"
    )
    return index.tz_convert("UTC").as_unit("us").asi8


def _joined(
    opens: np.ndarray, closes: np.ndarray, made_up: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sort intervals, cut off what an earlier one covers, and leave out the empty ones."""
    order = np.argsort(opens, kind="stable")
    opens, closes, made_up = opens[order], closes[order], made_up[order]
    if len(opens):
        covered = np.concatenate([[opens[0]], np.maximum.accumulate(closes)[:-1]])
        opens = np.maximum(opens, covered)
    kept = closes > opens
    return opens[kept], closes[kept], made_up[kept]


def _text(value: object) -> str:
    """Return a cell's text; blank where it is missing."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
