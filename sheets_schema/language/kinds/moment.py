"""Days, and moments of a day.

A sheet holds local time as days since 1899-12-30. A frame holds days as midnight without a zone,
and moments in UTC. A local hour that a clock change repeats is read as its first, and one that it
leaves out as the first moment after it.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

import numpy as np
import pandas as pd

from sheets_schema.language import dates
from sheets_schema.language.kinds.base import Column, Kind, Unfit, Values, is_missing
from sheets_schema.language.kinds.number import doubles
from sheets_schema.words import Message

__all__ = ["Date", "Moment"]

EPOCH: Final = pd.Timestamp("1899-12-30")
DAY: Final = 86_400_000
"""Milliseconds in a day; a sheet's double holds no finer time that is worth keeping."""
ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?", re.ASCII)
START: Final = EPOCH.to_datetime64().astype("datetime64[us]").astype("int64")
NOTHING: Final = np.datetime64("NaT")
FIRST, LAST = 3654.0, 109_575.0
"""From 1910 to before 2200: a number outside, such as a bare year, was not meant as a day."""


class Date(Kind):
    """A day of the calendar, as midnight without a zone.

    >>> Date().parse(46349), Date().parse("23/11/2026")
    (Timestamp('2026-11-23 00:00:00'), Timestamp('2026-11-23 00:00:00'))
    """

    dtype = "datetime64[us]"
    natural = frozenset({int, float})
    must = Message("language.must.date")
    naive: ClassVar[bool] = True
    """Whether a value of this kind is without a time zone."""

    def _parse(self, cell: object, time_zone: str) -> pd.Timestamp:
        """Return the value of a serial number, a text or a date; raise Unfit."""
        return self.day(cell, time_zone)

    def day(self, cell: object, time_zone: str) -> pd.Timestamp:
        """Return the value of a cell that is not blank; raise Unfit. See `parse`."""
        return self._from_local(self._local(cell), time_zone)

    def _from_local(self, local: dt.datetime, time_zone: str) -> pd.Timestamp:  # noqa: ARG002
        """Return the day of a local time."""
        if local.tzinfo is not None or local.year not in dates.YEARS:
            raise Unfit(self.must)
        return pd.Timestamp(local).normalize().as_unit("us")

    def _local(self, cell: object) -> dt.datetime:
        """Return the local time that a cell means; it has a zone where the cell names one."""
        if isinstance(cell, bool):
            raise Unfit(self.must)
        if isinstance(cell, numbers.Real):
            return self._of_serial(cell)
        if isinstance(cell, np.datetime64):
            cell = pd.Timestamp(cell)
        if isinstance(cell, dt.datetime) and not is_missing(cell):
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

    def _format(self, value: object, time_zone: str) -> float:
        """Return the serial number of a parsed value."""
        return (self._to_local(value, time_zone) - EPOCH) / pd.Timedelta(1, "D")

    def _to_local(self, value: object, time_zone: str) -> pd.Timestamp:  # noqa: ARG002
        """Return the local time of a parsed value."""
        return pd.Timestamp(value)  # type: ignore[arg-type]

    def array(self, values: Sequence[object]) -> Values:
        """Return n days, None for a missing one, as an array."""
        return pd.DatetimeIndex(list(values)).as_unit("us").array.copy()

    def natural_values(self, cells: Sequence[object], time_zone: str) -> tuple[Values, Iterable[int]]:
        """Type n serial numbers or None; numbers that are no plausible day are doubtful."""
        serials, doubtful = doubles(cells)
        strange = (serials < FIRST) | (serials >= LAST)
        if strange.any():
            serials[strange] = np.nan
            doubtful = [*doubtful, *np.flatnonzero(strange).tolist()]
        blank = np.isnan(serials)
        moments = np.rint(np.where(blank, 0, serials) * DAY).astype("int64") * 1000 + START
        local = moments.view("datetime64[us]")
        local[blank] = NOTHING
        return self._column_from_local(local, time_zone), doubtful

    def _column_from_local(self, local: np.ndarray, time_zone: str) -> Values:  # noqa: ARG002
        """Return the days of n local times."""
        days = local.astype("datetime64[D]").astype("datetime64[us]")
        return pd.DatetimeIndex(days).array.copy()

    def mixed_column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n cells; texts in ISO form at one stroke. See `Kind.column`."""
        texts = [cell.strip() if type(cell) is str else "" for cell in cells]
        plain_iso = [text if text and ISO.fullmatch(text) else None for text in texts]
        if not any(plain_iso):
            return super().mixed_column(cells, time_zone, missing)
        texts_only = pd.Index(plain_iso, dtype=object)
        local = pd.to_datetime(texts_only, format="ISO8601", errors="coerce").as_unit("us")
        read = np.asarray(local.notna() & local.year.isin(dates.YEARS))
        rest = [None if done else cell for cell, done in zip(cells, read, strict=True)]
        values, faults = super().mixed_column(rest, time_zone, missing)
        typed = self._column_from_local(local.to_numpy(), time_zone)
        values[read] = typed[read]
        return values, faults

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n moments or days at once where all are pandas' own or missing."""
        if not set(map(type, values)) <= {pd.Timestamp, type(None), type(pd.NaT)}:
            return super().written(values, time_zone)
        zones = {getattr(value, "tzinfo", None) is None for value in values if not is_missing(value)}
        if zones - {self.naive}:
            return super().written(values, time_zone)
        local = self._column_to_local(values, time_zone)
        serials = np.asarray((local - EPOCH) / pd.Timedelta(1, "D"), dtype="float64")
        if ((serials < FIRST) | (serials >= LAST)).any():
            return super().written(values, time_zone)
        return ["" if math.isnan(serial) else serial for serial in serials.tolist()]

    def _column_to_local(self, values: Sequence[object], time_zone: str) -> pd.DatetimeIndex:  # noqa: ARG002
        """Return the days of n values."""
        return pd.DatetimeIndex(list(values)).normalize()


class Moment(Date):
    """A date and a time of day, in UTC; the sheet holds it in the workbook's time zone.

    >>> Moment().parse("2026-11-23 09:30", "Asia/Shanghai")
    Timestamp('2026-11-23 01:30:00+0000', tz='UTC')
    """

    dtype = "datetime64[us, UTC]"
    must = Message("language.must.datetime")
    naive = False

    def _from_local(self, local: dt.datetime, time_zone: str) -> pd.Timestamp:
        """Return the moment of a local time in UTC."""
        moment = pd.Timestamp(local)
        if moment.tzinfo is None:
            moment = moment.tz_localize(time_zone, ambiguous=True, nonexistent="shift_forward")
        if moment.tz_convert(time_zone).year not in dates.YEARS:
            raise Unfit(self.must)
        return moment.tz_convert("UTC").as_unit("us")

    def _to_local(self, value: object, time_zone: str) -> pd.Timestamp:
        """Return the time on the wall at a moment, to the millisecond."""
        moment = pd.Timestamp(value)  # type: ignore[arg-type]
        return moment.tz_convert(time_zone).tz_localize(None).floor("ms")

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the moment as a serial number in the workbook's time zone.

        Raises:
            Unfit: The value is not a moment, or does not name its time zone.
        """
        naive = isinstance(value, dt.datetime | np.datetime64) and getattr(value, "tzinfo", None) is None
        if naive and not is_missing(value):
            raise Unfit(Message("language.must.zone"))
        return super().format(value, time_zone)

    def array(self, values: Sequence[object]) -> Values:
        """Return n moments, None for a missing one, as an array in UTC."""
        return (
            pd.DatetimeIndex(pd.to_datetime(pd.Index(list(values), dtype=object), utc=True))
            .as_unit("us")
            .array.copy()
        )

    def _column_from_local(self, local: np.ndarray, time_zone: str) -> Values:
        """Return n local times in UTC."""
        first = np.ones(len(local), dtype=bool)
        zoned = pd.DatetimeIndex(local).tz_localize(time_zone, ambiguous=first, nonexistent="shift_forward")
        return zoned.tz_convert("UTC").array.copy()

    def _column_to_local(self, values: Sequence[object], time_zone: str) -> pd.DatetimeIndex:
        """Return the times on the wall at n moments, to the millisecond."""
        moments = pd.DatetimeIndex(pd.to_datetime(pd.Series(list(values), dtype=object), utc=True))
        return moments.tz_convert(time_zone).tz_localize(None).floor("ms")
