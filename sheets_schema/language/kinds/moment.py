"""Days, and moments of a day.

A sheet holds local time as days since 1899-12-30. A frame holds days as midnight without a zone, and
moments in UTC. A local hour that a clock change repeats is read as its first, and one that it leaves
out as the first moment after it.
"""

from __future__ import annotations

import datetime as dt
import numbers
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.language import dates
from sheets_schema.language.kinds.base import Kind, Unfit
from sheets_schema.language.kinds.number import doubles
from sheets_schema.words import Message

__all__ = ["Date", "Moment"]

EPOCH: Final = pd.Timestamp("1899-12-30")
DAY: Final = 86_400_000
"""Milliseconds in a day; a sheet's double holds no finer time that is worth keeping."""
FIRST, LAST = 3654.0, 109_574.0
"""1910-01-01 to 2199-12-30: a number outside, such as a bare year, was not meant as a day."""


class Date(Kind):
    """A day of the calendar, as midnight without a zone.

    >>> Date().parse(46349), Date().parse("23/11/2026")
    (Timestamp('2026-11-23 00:00:00'), Timestamp('2026-11-23 00:00:00'))
    """

    dtype = "datetime64[us]"
    natural = frozenset({int, float})
    must = Message("language.must.date")

    def _parse(self, cell: object, time_zone: str) -> pd.Timestamp:
        """Return the day of a serial number, a text or a date; raise Unfit."""
        return self._from_local(self._local(cell), time_zone)

    def _from_local(self, local: dt.datetime, time_zone: str) -> pd.Timestamp:  # noqa: ARG002
        """Return the day of a local time."""
        if local.tzinfo is not None:
            raise Unfit(self.must)
        return pd.Timestamp(local).normalize().as_unit("us")

    def _local(self, cell: object) -> dt.datetime:
        """Return the local time that a cell means; it has a zone where the cell names one."""
        if isinstance(cell, numbers.Real) and not isinstance(cell, bool):
            return self._of_serial(cell)
        if isinstance(cell, dt.datetime):
            if cell is pd.NaT:
                raise Unfit(self.must)
            return cell
        if isinstance(cell, dt.date):
            return dt.datetime.combine(cell, dt.time())
        if not isinstance(cell, str):
            raise Unfit(self.must)
        try:
            return dates.read_text(cell)
        except dates.Unclear as unclear:
            message = unclear.message
            raise Unfit(self.must if message.key == "language.must.datetime" else message) from None

    def _of_serial(self, cell: numbers.Real) -> dt.datetime:
        """Return the local time of a serial number; 20261123 is read as it looks."""
        try:
            serial = float(cell)
        except OverflowError:
            raise Unfit(self.must) from None
        if FIRST <= serial < LAST:
            return EPOCH + pd.Timedelta(round(serial * DAY), "ms")
        if serial.is_integer() and 10_000_000 <= serial < 100_000_000:  # noqa: PLR2004 - eight digits
            return self._local(f"{serial:.0f}")
        raise Unfit(self.must)

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the day as a serial number, or an empty text for a missing value."""
        if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
            return ""
        found = self.parse(_typed(value), time_zone)
        return "" if found is None else float((self._to_local(found, time_zone) - EPOCH) / pd.Timedelta(1, "D"))

    def _to_local(self, value: object, time_zone: str) -> pd.Timestamp:  # noqa: ARG002
        """Return the local time of a parsed value."""
        return pd.Timestamp(value)  # type: ignore[arg-type]

    def natural_values(self, cells: Sequence[object], time_zone: str) -> tuple[pd.Series, np.ndarray]:
        """Type n serial numbers or None; numbers that are no plausible day are doubtful."""
        serials, doubtful = doubles(cells)
        doubtful |= (serials < FIRST) | (serials >= LAST)
        serials[doubtful] = np.nan
        blank = np.isnan(serials)
        moments = np.rint(np.where(blank, 0, serials) * DAY).astype("int64") * 1000
        local = EPOCH.to_datetime64().astype("datetime64[us]") + moments.astype("timedelta64[us]")
        local[blank] = np.datetime64("NaT")
        return self._column_from_local(pd.DatetimeIndex(local), time_zone), doubtful

    def _column_from_local(self, local: pd.DatetimeIndex, time_zone: str) -> pd.Series:  # noqa: ARG002
        """Return the days of n local times."""
        return pd.Series(local.normalize().as_unit("us"))

    def series(self, values: Sequence[object]) -> pd.Series:
        """Return n days as a column."""
        return pd.Series(pd.DatetimeIndex(list(values)).as_unit("us"))


class Moment(Date):
    """A date and a time of day, in UTC; the sheet holds it in the workbook's time zone.

    >>> Moment().parse("2026-11-23 09:30", "Asia/Shanghai")
    Timestamp('2026-11-23 01:30:00+0000', tz='UTC')
    """

    dtype = "datetime64[us, UTC]"
    must = Message("language.must.datetime")

    def _from_local(self, local: dt.datetime, time_zone: str) -> pd.Timestamp:
        """Return the moment of a local time in UTC."""
        moment = pd.Timestamp(local)
        if moment.tzinfo is None:
            moment = moment.tz_localize(time_zone, ambiguous=True, nonexistent="shift_forward")
        return moment.tz_convert("UTC").as_unit("us")

    def _to_local(self, value: object, time_zone: str) -> pd.Timestamp:
        """Return the time on the wall at a moment, to the millisecond."""
        moment = pd.Timestamp(value)  # type: ignore[arg-type]
        return moment.tz_convert(time_zone).tz_localize(None).round("ms")

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the moment as a serial number in the workbook's time zone.

        Raises:
            Unfit: The value is not a moment, or does not name its time zone.
        """
        value = _typed(value)
        if isinstance(value, dt.datetime) and value is not pd.NaT and value.tzinfo is None:
            raise Unfit(Message("language.must.zone"))
        return super().format(value, time_zone)

    def _column_from_local(self, local: pd.DatetimeIndex, time_zone: str) -> pd.Series:
        """Return n local times in UTC."""
        first = np.ones(len(local), dtype=bool)
        zoned = local.tz_localize(time_zone, ambiguous=first, nonexistent="shift_forward")
        return pd.Series(zoned.tz_convert("UTC").as_unit("us"))


def _typed(value: object) -> object:
    """Return numpy's datetime as pandas', anything else as it is."""
    return pd.Timestamp(value) if isinstance(value, np.datetime64) else value
