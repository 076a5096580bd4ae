"""Years, quarters and months of a plan, whatever month its year starts in.

A month is written "2026-01", a quarter "2026-Q1", a year "2026". Where the fiscal year does not
start in January, a year bears the number of the calendar year it starts in (ours): with a start in
April, "2026" runs from 2026-04 to 2027-03 and "2026-Q1" is April to June. Months are always
calendar months.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_PERIOD = re.compile(r"(?P<year>\d{4})(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def kind_of(period: str) -> str:
    """Return "year", "quarter" or "month"; raise ValueError for anything else.

    >>> [kind_of(period) for period in ("2026", "2026-Q2", "2026-04")]
    ['year', 'quarter', 'month']
    """
    parts = _PERIOD.fullmatch(period)
    if parts is None:
        raise ValueError(f"{period!r} is not a period such as 2026, 2026-Q1 or 2026-01")
    return "quarter" if parts["quarter"] else "month" if parts["month"] else "year"


def is_period(text: object) -> bool:
    """Say whether a text is written as a period."""
    return isinstance(text, str) and _PERIOD.fullmatch(text) is not None


def months_of(period: str, start: int = 1) -> tuple[str, ...]:
    """Return the calendar months of a period; *start* is the fiscal year's first month.

    >>> months_of("2026-Q1")
    ('2026-01', '2026-02', '2026-03')
    >>> months_of("2026-Q4", start=4)
    ('2027-01', '2027-02', '2027-03')
    """
    kind = kind_of(period)
    if kind == "month":
        return (period,)
    skipped = 3 * (int(period[-1]) - 1) if kind == "quarter" else 0
    first = int(period[:4]) * 12 + start - 1 + skipped
    return tuple(_month(first + step) for step in range(MONTHS_OF[kind]))


def quarters_of(year: int) -> tuple[str, ...]:
    """Return the four quarters of a plan year.

    >>> quarters_of(2026)
    ('2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4')
    """
    return tuple(f"{year}-Q{number}" for number in range(1, 5))


def year_of(period: str, start: int = 1) -> int:
    """Return the plan year that a period lies in.

    >>> year_of("2027-02", start=4)
    2026
    """
    if kind_of(period) != "month":
        return int(period[:4])
    return (_number(period) - (start - 1)) // 12


def quarter_of(month: str, start: int = 1) -> str:
    """Return the quarter that a month lies in.

    >>> quarter_of("2026-11"), quarter_of("2027-02", start=4)
    ('2026-Q4', '2026-Q4')
    """
    since_start = _number(month) - (start - 1)
    return f"{since_start // 12}-Q{since_start % 12 // 3 + 1}"


def containing(month: str, kind: str, start: int = 1) -> str:
    """Return the month, quarter or year (by *kind*) that a month lies in.

    >>> containing("2026-05", "quarter"), containing("2026-05", "year")
    ('2026-Q2', '2026')
    """
    if kind == "month":
        return month
    return quarter_of(month, start) if kind == "quarter" else str(year_of(month, start))


def last_month(period: str, start: int = 1) -> str:
    """Return the month in which a period ends.

    >>> last_month("2026-Q1"), last_month("2026")
    ('2026-03', '2026-12')
    """
    return months_of(period, start)[-1]


def month_at(moment: pd.Timestamp, time_zone: str) -> str:
    """Return the calendar month of a moment (with a time zone), as a clock in *time_zone* shows it.

    >>> month_at(pd.Timestamp("2026-10-31 17:00", tz="UTC"), "Asia/Shanghai")
    '2026-11'
    """
    return f"{moment.tz_convert(time_zone):%Y-%m}"


def month_before(month: str, count: int = 1) -> str:
    """Return the month *count* months earlier (later where negative).

    >>> month_before("2026-01"), month_before("2026-11", -2)
    ('2025-12', '2027-01')
    """
    return _month(_number(month) - count)


def elapsed(year: int, until: str, start: int = 1) -> tuple[str, ...]:
    """Return the months of a plan year up to and with the month *until*.

    >>> elapsed(2026, "2026-03")
    ('2026-01', '2026-02', '2026-03')
    """
    return tuple(month for month in months_of(str(year), start) if month <= until)


def working_days(months: Iterable[str], open_weekdays: Iterable[bool], days: pd.DataFrame) -> pd.Series:
    """Count the working days of each month.

    Args:
        months: Months such as "2026-02".
        open_weekdays: Seven truths, Monday first: whether the calendar has hours on that weekday.
        days: The calendar's rows of `holidays`: `date` (naive midnight) and `kind`
            ("holiday" closes the day, "make_up" opens it, whatever its weekday).

    Returns:
        A whole number for each month, in their order, indexed by month.
    """
    is_open = list(open_weekdays)
    named = days.dropna(subset=["date"])
    kinds = dict(zip(named["date"].dt.normalize(), named["kind"], strict=True))
    counts = {
        month: sum(
            kinds.get(day) == "make_up" or (is_open[day.day_of_week] and kinds.get(day) != "holiday")
            for day in pd.date_range(f"{month}-01", periods=pd.Period(month).days_in_month)
        )
        for month in months
    }
    return pd.Series(counts, dtype="int64")


def _number(month: str) -> int:
    """Return months since the year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month(number: int) -> str:
    """Return the month that `_number` counts to."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
