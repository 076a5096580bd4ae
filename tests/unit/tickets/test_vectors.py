"""The test vectors of formulas.md D1: published examples, and China's official calendar of 2026."""

from __future__ import annotations

import pandas as pd
import pytest

VECTORS = [
    ("2026-11-23 11:30", 1.0, "2026-11-23 14:00"),
    ("2026-11-23 20:00", 1.0, "2026-11-24 10:00"),
    ("2026-11-21 10:00", 0.5, "2026-11-23 09:30"),
    ("2026-10-09 17:00", 4.0, "2026-10-10 12:00"),
    ("2026-02-13 17:30", 2.0, "2026-02-14 10:30"),
    ("2026-02-14 17:00", 2.0, "2026-02-24 10:00"),
]


@pytest.mark.parametrize(("start", "hours", "due"), VECTORS)
def test_calendar_c_gives_the_computed_due_times(working, shanghai, start, hours, due):
    """Lunch, night, weekend, make-up Saturdays and Spring Festival, as D1 lists them."""
    assert working.moment_after(shanghai(start), hours) == shanghai(due)


@pytest.mark.parametrize(("start", "hours", "due"), VECTORS)
def test_the_way_back_gives_the_hours(working, shanghai, start, hours, due):
    """What was added is what lies between."""
    assert working.hours_between(shanghai(start), shanghai(due)) == pytest.approx(hours)


def test_all_vectors_at_once_are_the_same(working, shanghai):
    """Whole columns and single moments go the same way."""
    starts = pd.Series([shanghai(start) for start, _, _ in VECTORS])
    found = working.after(starts, pd.Series([hours for _, hours, _ in VECTORS]))

    assert found.tolist() == [shanghai(due) for _, _, due in VECTORS]


def test_without_the_make_up_day_friday_evening_waits_for_monday(make_working, holidays, shanghai):
    """Fri 2026-10-09 17:00 + 4 h: Mon 12 Oct 12:00 where Saturday the 10th does not work."""
    usual = make_working(days=holidays[holidays["kind"] == "holiday"])

    assert usual.moment_after(shanghai("2026-10-09 17:00"), 4) == shanghai("2026-10-12 12:00")


def test_glpi_four_hours_from_four_o_clock(make_working, shanghai):
    """GLPI: 16:00 + 4 h at 08-18 is the next working day at 10:00."""
    glpi = make_working(hours="08:00-18:00")

    assert glpi.moment_after(shanghai("2026-11-24 16:00"), 4) == shanghai("2026-11-25 10:00")


def test_hdi_a_weekend_is_eight_hours_not_seventy_two(make_working, shanghai):
    """HDI: Friday 16:00 to Monday 16:00 at 09-17 is 8 working hours."""
    hdi = make_working(hours="09:00-17:00")

    assert hdi.hours_between(shanghai("2026-11-20 16:00"), shanghai("2026-11-23 16:00")) == 8.0


def test_zammad_sixteen_hours_end_with_the_second_day(make_working, shanghai):
    """Zammad: 09:00 + 16 h at 8 h a day is the end of the second working day, not the next opening."""
    zammad = make_working(hours="09:00-17:00")

    assert zammad.moment_after(shanghai("2026-11-23 09:00"), 16) == shanghai("2026-11-24 17:00")


def test_the_working_days_of_2026_are_248(working):
    """Working days by month: 21 16 22 21 19 21 23 21 22 18 21 23 (D1)."""
    year = working.within(
        pd.Timestamp("2026-01-01", tz=working.time_zone), pd.Timestamp("2027-01-01", tz=working.time_zone)
    )
    days = pd.Series(
        year["start"].dt.tz_convert(working.time_zone).dt.tz_localize(None).dt.normalize().unique()
    )

    assert days.dt.month.value_counts(sort=False).sort_index().tolist() == [
        21,
        16,
        22,
        21,
        19,
        21,
        23,
        21,
        22,
        18,
        21,
        23,
    ]
    assert len(days) == 248
