"""Working time as one axis: so much of it lies before any moment, and a moment is found by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

__all__ = ["HOUR", "MISSING", "WorkingTime"]

HOUR: Final = 3_600_000_000
"""Microseconds in an hour."""

MISSING: Final = np.iinfo(np.int64).min
"""How numpy and pandas write a moment that is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class WorkingTime:
    """The working intervals of one calendar over some years, and arithmetic along them.

    Args:
        time_zone: The calendar's time zone, an IANA name.
        opens: n openings, microseconds since 1970 in UTC, ascending.
        closes: n closings; interval i is [opens[i], closes[i]), and none overlaps the next.
        made_up: n truths: the interval lies on a make-up day.
        holidays: Days on which nobody works, with their names.

    Moments are pandas objects with a time zone (a Timestamp or a Series); a missing one gives a
    missing answer. Hours are working hours. Outside the years that the axis covers no time passes.
    """

    time_zone: str
    opens: np.ndarray
    closes: np.ndarray
    made_up: np.ndarray
    holidays: Mapping[pd.Timestamp, str] = field(default_factory=dict)
    _before: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sum the working time that lies before each interval."""
        before = np.concatenate([[0], np.cumsum(self.closes - self.opens, dtype=np.int64)])
        object.__setattr__(self, "_before", before)

    def between(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Return the working hours from *start* to *end*, negative where *end* is earlier.

        Args:
            start: n moments, NaT where not known.
            end: n moments on the same index.

        Returns:
            n hours, NaN where either moment is missing.
        """
        first, last = _micros(start), _micros(end)
        hours = (self._position(last) - self._position(first)) / HOUR
        return pd.Series(np.where((first == MISSING) | (last == MISSING), np.nan, hours), index=start.index)

    def after(self, start: pd.Series, hours: pd.Series) -> pd.Series:
        """Return the earliest moments by which so many working hours have passed since *start*.

        Args:
            start: n moments, NaT where not known.
            hours: n numbers of working hours on the same index; NaN where there is no target.

        Returns:
            n moments in UTC. A time that ends with a day stays at its closing; 0 hours or fewer
            after a start is the start. NaT where anything is missing or the axis ends before.
        """
        begun, wanted = _micros(start), hours.to_numpy(dtype="float64", na_value=np.nan)
        known = (begun != MISSING) & np.isfinite(wanted)
        span = np.where(known, np.round(np.where(known, wanted, 0) * HOUR), 0).astype(np.int64)
        due = np.where(span > 0, self._moment(self._position(begun) + span), begun)
        return _moments(np.where(known, due, MISSING), start.index)

    def hours_between(self, start: pd.Timestamp, end: pd.Timestamp) -> float:
        """Return the working hours between two moments; `between` for one pair."""
        return float(self.between(pd.Series([start]), pd.Series([end])).iloc[0])

    def moment_after(self, start: pd.Timestamp, hours: float) -> pd.Timestamp:
        """Return the moment so many working hours after another; `after` for one pair."""
        moment: pd.Timestamp = self.after(pd.Series([start]), pd.Series([hours])).iloc[0]
        return moment

    def within(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """Return the working intervals between two moments, cut at both ends.

        Returns:
            A row for each: `start`, `end` (in UTC) and `made_up`.
        """
        first, last = start.value // 1000, end.value // 1000
        kept = slice(
            int(np.searchsorted(self.closes, first, side="right")),
            int(np.searchsorted(self.opens, last, side="left")),
        )
        opens, closes = self.opens[kept].clip(min=first), self.closes[kept].clip(max=last)
        index = pd.RangeIndex(len(opens))
        frame = {
            "start": _moments(opens, index),
            "end": _moments(closes, index),
            "made_up": self.made_up[kept],
        }
        return pd.DataFrame(frame, index=index)

    def _position(self, moments: np.ndarray) -> np.ndarray:
        """Return how much working time lies before each moment, in microseconds."""
        if not len(self.opens):
            return np.zeros(len(moments), dtype=np.int64)
        at = np.searchsorted(self.opens, moments, side="right") - 1
        held = np.maximum(at, 0)
        into = np.clip(moments, self.opens[held], self.closes[held]) - self.opens[held]
        return np.where(at < 0, 0, self._before[held] + into)

    def _moment(self, positions: np.ndarray) -> np.ndarray:
        """Return the earliest moment with so much working time before it; MISSING beyond the axis."""
        if not len(self.opens):
            return np.full(len(positions), MISSING)
        at = np.searchsorted(self._before[1:], positions, side="left")
        held = np.minimum(at, len(self.opens) - 1)
        found = self.opens[held] + positions - self._before[held]
        return np.where(at < len(self.opens), found, MISSING)


def _micros(moments: pd.Series) -> np.ndarray:
    """Return moments as microseconds since 1970 in UTC; MISSING where there is none."""
    if moments.dtype == "datetime64[us, UTC]":
        return moments.to_numpy(dtype="datetime64[us]").view(np.int64)
    aware = pd.to_datetime(moments, utc=True).dt.as_unit("us")
    return aware.to_numpy(dtype="datetime64[us]").view(np.int64)


def _moments(micros: np.ndarray, index: pd.Index) -> pd.Series:
    """Return microseconds since 1970 as moments in UTC."""
    return pd.Series(pd.DatetimeIndex(micros.view("datetime64[us]"), tz="UTC"), index=index)
