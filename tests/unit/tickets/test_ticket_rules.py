"""The rules of tickets from a snapshot: calendars that did not change are not reckoned again."""

import pandas as pd
import pytest

from opsline.demo import generate_frames
from sheets_schema.desk_rules import tickets as desk_rules
from sheets_schema.desk_rules.tickets import ticket_rules

NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")
OPENED = NOW - pd.Timedelta(days=30)


@pytest.fixture
def frames():
    """Return the demo's rules, of which nothing is kept yet."""
    desk_rules._KEPT.clear()
    return generate_frames(0.01)


@pytest.fixture
def reckoned(monkeypatch):
    """Return a list that grows with each reckoning of calendars."""
    found, working_times = [], desk_rules.working_times

    def noting(*facts):
        found.append(facts)
        return working_times(*facts)

    monkeypatch.setattr(desk_rules, "working_times", noting)
    return found


def test_working_time_is_reckoned_once_for_a_page(frames, reckoned):
    """A later moment, and a ticket that is not as old, lie within what is known."""
    first = ticket_rules(frames, NOW, OPENED)
    later = ticket_rules(frames, NOW + pd.Timedelta(minutes=5), OPENED + pd.Timedelta(days=3))
    assert len(reckoned) == 1
    assert later.working is first.working


def test_another_holiday_or_an_older_ticket_is_reckoned_anew(frames, reckoned):
    """What is kept is of the same two tables, and of that time."""
    before = ticket_rules(frames, NOW, OPENED)
    ticket_rules(frames, NOW, OPENED - pd.Timedelta(days=400))
    fewer = {**frames, "holidays": frames["holidays"].iloc[:0]}
    after = ticket_rules(fewer, NOW, OPENED)
    assert len(reckoned) == 3
    assert after.working is not before.working


def test_what_is_kept_is_what_would_be_reckoned(frames):
    """Working hours between two moments are the same, whichever the time was that it was reckoned for."""
    kept = ticket_rules(frames, NOW, OPENED)
    desk_rules._KEPT.clear()
    alone = ticket_rules(frames, NOW + pd.Timedelta(hours=3), OPENED + pd.Timedelta(days=2))
    moments = pd.Series(pd.date_range(OPENED + pd.Timedelta(days=3), NOW, periods=50, unit="us"))
    end = pd.Series([NOW.as_unit("us")] * 50)
    name = kept.first_calendar
    pd.testing.assert_series_equal(
        kept.working[name].between(moments, end), alone.working[name].between(moments, end)
    )
