"""Dates and times as Sheets counts them: days since 1899-12-30, the time of day as a fraction."""

from datetime import datetime, timedelta

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet's times have no zone)


def serial(moment: datetime) -> float | int:
    """Return the number of a moment.

    >>> serial(datetime(2020, 1, 1)), serial(datetime(2020, 1, 1, 12))
    (43831, 43831.5)
    """
    past = moment - EPOCH
    days = past.days + (past.seconds + past.microseconds / 1e6) / 86400
    return int(days) if days == int(days) else days


def moment(number: float) -> datetime:
    """Return the moment of a number, to the millisecond.

    >>> moment(43831.5)
    datetime.datetime(2020, 1, 1, 12, 0)
    """
    return EPOCH + timedelta(milliseconds=round(number * 86_400_000))
