"""Fiscal years, quarters, and working days by month."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.kpis.periods import (
    containing,
    elapsed,
    is_period,
    kind_of,
    month_before,
    months_of,
    quarter_of,
    quarters_of,
    working_days,
    year_of,
)


def days(kind, *dates):
    """Return rows of `holidays`."""
    return pd.DataFrame({"date": pd.to_datetime(list(dates)), "kind": kind})


def test_working_days_of_2026_are_the_official_ones():
    """Mainland China's calendar of 2026: 248 days, with six make-up days."""
    spans = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"),
             ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")]  # fmt: skip
    closed = [str(d.date()) for a, b in spans for d in pd.date_range(f"2026-{a}", f"2026-{b}")]
    made_up = [f"2026-{d}" for d in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")]
    named = pd.concat([days("holiday", *closed), days("make_up", *made_up)])
    found = working_days(months_of("2026"), [True] * 5 + [False] * 2, named)

    assert found.tolist() == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert found.sum() == 248


def test_without_holidays_weekdays_count():
    """November 2026 has 21 of them."""
    assert working_days(["2026-11"], [True] * 5 + [False] * 2, days("holiday")).tolist() == [21]


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "26-01", "", None, "2026-1"])
def test_what_is_no_period_is_refused(text):
    """A typing error in the sheet must not become a month."""
    assert not is_period(text)
    with pytest.raises((ValueError, TypeError)):
        kind_of(text)


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_twelve_months_make_four_quarters_make_a_year(year, start):
    """Whatever month the fiscal year starts in."""
    months = months_of(str(year), start)

    assert months == tuple(m for quarter in quarters_of(year) for m in months_of(quarter, start))
    assert {year_of(month, start) for month in months} == {year}
    assert [quarter_of(month, start) for month in months[::3]] == list(quarters_of(year))
    assert containing(months[4], "year", start) == str(year)
    assert month_before(months[3], 3) == months[0]


def test_elapsed_months_end_with_the_given_one():
    """From April, December is the ninth month."""
    assert len(elapsed(2026, "2026-12", start=4)) == 9
    assert elapsed(2026, "2025-12") == ()
