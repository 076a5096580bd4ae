"""Working time against a counter of minutes that knows nothing of axes."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_schema.desk_rules.tickets import ticket_rules
from sheets_schema.people.calendar import working_time
from sheets_schema.people.hours import BadHours, BadZone, parse_hours
from sheets_schema.people.working_time import WorkingTime
from sheets_schema.tickets.clock import clock
from sheets_schema.tickets.measures import measure
from sheets_schema.tickets.promise import promise_of
from sheets_schema.tickets.queue import Filters, aging, queue

FIRST = pd.Timestamp("2026-01-01", tz="UTC")
MINUTES = 60 * 24 * 40
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC", "Australia/Lord_Howe"]
HOURS = ["09:00-12:00 13:30-18:00", "08:00-18:00", "22:00-06:00", "00:00-24:00", "10:15-10:45"]


def works(moment, zone, hours, weekend, closed, made_up):
    """Say whether a minute is worked, the slow way: local clock, weekday, holiday, make-up day.

    An interval over midnight belongs to the day that it begins on.
    """
    local = moment.tz_convert(zone)
    for back in (0, 1):
        day = local.tz_localize(None).normalize() - pd.Timedelta(days=back)
        minute = local.hour * 60 + local.minute + 1440 * back
        text = hours if day in made_up or (day not in closed and day.day_of_week < 5) else None
        if text is None and day not in closed and day.day_of_week >= 5:
            text = weekend
        if any(begin <= minute < end for begin, end in parse_hours(text)):
            return True
    return False


@st.composite
def calendars(draw):
    """Draw a calendar whose days off and make-up days lie in the first weeks of spring 2026."""
    days = [pd.Timestamp("2026-03-16") + pd.Timedelta(days=number) for number in range(21)]
    off = draw(st.sets(st.sampled_from(days), max_size=4))
    extra = draw(st.sets(st.sampled_from(days), max_size=3)) - off
    return draw(st.sampled_from([*ZONES[:2], "UTC"])), draw(st.sampled_from(HOURS)), off, extra


@settings(max_examples=25)
@given(
    calendar=calendars(),
    start=st.integers(0, 60 * 24 * 14),
    length=st.integers(0, 60 * 24 * 5),
)
def test_the_axis_counts_what_a_minute_counter_counts(calendar, start, length):
    """Interval algebra agrees with going through every minute, over holidays and the spring change."""
    zone, hours, off, extra = calendar
    working = made(zone, hours, off, extra)
    begin = pd.Timestamp("2026-03-18", tz="UTC") + pd.Timedelta(minutes=start)
    counted = sum(
        works(begin + pd.Timedelta(minutes=minute), zone, hours, None, off, extra) for minute in range(length)
    )
    found = working.hours_between(begin, begin + pd.Timedelta(minutes=length)) * 60

    if zone == "Europe/Berlin" and hours in {"22:00-06:00", "00:00-24:00"}:
        assert abs(found - counted) <= 60, "the hour that the clock leaves out is nobody's"
    else:
        assert found == pytest.approx(counted)


@settings(max_examples=60)
@given(
    calendar=calendars(),
    start=st.integers(0, 60 * 24 * 14),
    hours=st.floats(0.01, 80, allow_nan=False),
)
def test_adding_and_measuring_undo_each_other(calendar, start, hours):
    """The due time is the earliest moment with so many hours before it."""
    working = made(*calendar)
    begin = pd.Timestamp("2026-03-18", tz="UTC") + pd.Timedelta(minutes=start)
    due = working.moment_after(begin, hours)
    second = pd.Timedelta(seconds=1)

    assert working.hours_between(begin, due) == pytest.approx(hours, abs=1e-6)
    assert working.hours_between(begin, due - second) < hours


@settings(max_examples=40)
@given(calendar=calendars(), cuts=st.lists(st.integers(0, 60 * 24 * 20), min_size=3, max_size=3))
def test_parts_of_a_time_sum_to_the_whole(calendar, cuts):
    """|[a, c)| = |[a, b)| + |[b, c)|, wherever b lies."""
    working = made(*calendar)
    a, b, c = (pd.Timestamp("2026-03-18", tz="UTC") + pd.Timedelta(minutes=cut) for cut in cuts)

    assert working.hours_between(a, c) == pytest.approx(
        working.hours_between(a, b) + working.hours_between(b, c), abs=1e-9
    )


def made(zone, hours, off, extra):
    """Return working time around spring 2026."""
    days = pd.DataFrame(
        [("C", day, "holiday", "off") for day in off] + [("C", day, "make_up", "extra") for day in extra],
        columns=["calendar", "date", "kind", "name"],
    )
    days["date"] = days["date"].astype("datetime64[us]")
    week = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], hours)
    row = pd.Series(
        {"id": "C", "time_zone": zone, **week, "saturday": None, "sunday": None, "make_up": hours}
    )
    return working_time(row, days, FIRST, pd.Timestamp("2026-12-31", tz="UTC"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_change_of_the_clock_moves_nobody_s_opening(make_working, zone):
    """09:00 stays 09:00 on the wall on both sides of the change; the day keeps its 7.5 hours."""
    working = make_working(zone=zone, weekend="09:00-12:00 13:30-18:00", days=none())
    year = working.within(pd.Timestamp("2026-01-01", tz=zone), pd.Timestamp("2027-01-01", tz=zone))
    local = year["start"].dt.tz_convert(zone)

    assert set(zip(local.dt.hour, local.dt.minute, strict=True)) == {(9, 0), (13, 30)}
    assert ((year["end"] - year["start"]).groupby(local.dt.date).sum() == pd.Timedelta(hours=7.5)).all()


def test_a_night_shift_over_the_change_has_one_hour_more_or_less(make_working):
    """22:00 to 06:00 on the night of the change is 7 hours in spring and 9 in autumn."""
    working = make_working(zone="Europe/Berlin", hours="22:00-06:00", weekend="22:00-06:00", days=none())
    night = [
        working.hours_between(
            pd.Timestamp(f"{day} 20:00", tz="Europe/Berlin"),
            pd.Timestamp(f"{day} 20:00", tz="Europe/Berlin") + pd.Timedelta(hours=12),
        )
        for day in ("2026-03-28", "2026-10-24", "2026-11-20")
    ]

    assert night == [7.0, 9.0, 8.0]


def none():
    """Return no holidays."""
    frame = pd.DataFrame(columns=["calendar", "date", "kind", "name"])
    return frame.astype({"date": "datetime64[us]"})


def test_a_calendar_that_never_opens_promises_nothing(make_working, shanghai):
    """No hours at all: no time passes, and no due time is invented."""
    closed = make_working(hours=None, make_up=None, days=none())

    assert closed.hours_between(shanghai("2026-01-01"), shanghai("2026-02-01")) == 0
    assert pd.isna(closed.moment_after(shanghai("2026-01-01"), 1))


def test_a_time_beyond_the_axis_is_missing_and_not_wrong(working, shanghai):
    """A promise of a hundred thousand hours ends after the calendar does."""
    assert pd.isna(working.moment_after(shanghai("2026-11-23 09:00"), 100_000))


def test_what_is_missing_stays_missing(working, shanghai):
    """A ticket without an opening, or a policy without hours, has no due time."""
    starts = pd.Series([pd.NaT, shanghai("2026-11-23 09:00")], dtype=f"datetime64[us, {working.time_zone}]")

    assert working.after(starts, pd.Series([1.0, np.nan])).isna().tolist() == [True, True]
    assert working.between(starts, starts).isna().tolist() == [True, False]


@pytest.mark.parametrize("text", ["9-12", "09:00-12:00 and later", "25:00-26:00", "09:61-12:00"])
def test_hours_that_no_clock_shows_are_refused_by_name(make_working, text):
    """The sentence names the calendar, the day and what stands there."""
    with pytest.raises(BadHours) as caught:
        make_working(hours=text)

    assert text in str(caught.value)
    assert "monday" in str(caught.value)


def test_hours_are_read_as_people_write_them():
    """Full-width colons and long dashes are typed by Chinese keyboards."""
    assert parse_hours("09：00–12：00、13:30~18:00") == ((540, 720), (810, 1080))


def test_overlapping_hours_count_once(make_working, shanghai):
    """Two shifts that overlap are one opening."""
    working = make_working(hours="09:00-12:00 11:00-13:00", days=none())

    assert working.hours_between(shanghai("2026-11-23"), shanghai("2026-11-24")) == 4.0


def test_a_hundred_thousand_due_times_take_less_than_a_fifth_of_a_second(working):
    """The rules run over all tickets at every refresh of a page (measured: 0.02 s)."""
    count = 100_000
    starts = pd.Series(pd.date_range("2025-02-01", periods=count, freq="10min", tz="UTC", unit="us"))
    hours = pd.Series(np.linspace(0.1, 80, count))
    begun = time.process_time()
    due = working.after(starts, hours)
    back = working.between(starts, due)
    taken = time.process_time() - begun

    assert isinstance(working, WorkingTime)
    assert np.allclose(back, hours)
    assert taken < 0.2


def test_a_time_zone_that_is_none_is_refused_by_name(make_working):
    """A typing error in the sheet is a sentence, not a traceback."""
    with pytest.raises(BadZone, match="Asia/Shangai"):
        make_working(zone="Asia/Shangai")


def test_a_workbook_without_calendars_has_rules_all_the_same(rules, make_tickets, shanghai):
    """No time passes and nothing is invented; what the sheet holds is still read by the clock on the wall."""
    frames = {
        "statuses": rules.statuses,
        "categories": rules.categories,
        "priority_matrix": rules.matrix,
        "sla_policies": rules.policies,
        "calendars": pd.DataFrame(columns=["id", "time_zone"]),
        "holidays": none(),
        "settings": pd.DataFrame({"id": ["time_zone"], "value": ["Asia/Shanghai"]}),
    }
    now = shanghai("2026-11-23 09:00")
    bare = ticket_rules(frames, now)
    late = make_tickets({"opened_at": "2026-11-20 09:00", "resolution_due": "2026-11-20 18:00"})

    assert clock(late, bare, now)["state"].tolist() == ["breached"]
    assert promise_of(bare, "REF", "P1", now).resolution_due is pd.NaT
    assert measure("tickets.sla_met", late, None, bare, now=now, time_zone="Asia/Shanghai")["n"].tolist() == [
        1
    ]
    assert queue(late, clock(late, bare, now), bare, Filters(due="today"), now).empty
    assert aging(late, bare, now).sum() == 0
