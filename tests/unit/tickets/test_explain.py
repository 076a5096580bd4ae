"""A due time that explains itself: the segments tile the time and their hours sum to the promise."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_schema.tickets.explain import Kind, explain
from sheets_schema.tickets.pauses import pauses


def told(explanation, zone="Asia/Shanghai"):
    """Return an explanation as short lines."""
    return [
        f"{each.start.tz_convert(zone):%m-%d %H:%M} {each.kind} {each.hours:g} {each.name}".strip()
        for each in explanation.segments
    ]


def test_lunch_is_named(working, shanghai):
    """Mon 11:30 + 1 h: half an hour, lunch, half an hour; due 14:00."""
    found = explain(working, shanghai("2026-11-23 11:30"), 1)

    assert told(found) == ["11-23 11:30 counted 0.5", "11-23 12:00 lunch 0", "11-23 13:30 counted 0.5"]
    assert found.due == shanghai("2026-11-23 14:00")


def test_a_make_up_saturday_counts_under_its_own_name(working, shanghai):
    """Fri 2026-10-09 17:00 + 4 h: one hour on Friday, three on the make-up Saturday."""
    found = explain(working, shanghai("2026-10-09 17:00"), 4)

    assert told(found) == ["10-09 17:00 counted 1", "10-09 18:00 closed 0", "10-10 09:00 make_up 3"]


def test_spring_festival_is_named(working, shanghai):
    """Sat 2026-02-14 17:00 + 2 h: due Tue 24 Feb 10:00, with nine days of holiday between two nights."""
    found = explain(working, shanghai("2026-02-14 17:00"), 2)

    assert told(found) == [
        "02-14 17:00 make_up 1",
        "02-14 18:00 closed 0",
        "02-15 00:00 holiday 0 Spring Festival",
        "02-24 00:00 closed 0",
        "02-24 09:00 counted 1",
    ]


def test_three_hours_of_waiting_move_the_due_time_by_three(working, shanghai):
    """Pending 3 h inside hours moves the due time by 3 h (GLPI); lunch inside the pause is lunch."""
    start = shanghai("2026-11-23 09:00")
    waited = pd.DataFrame(
        {
            "start": [shanghai("2026-11-23 11:00")],
            "end": [shanghai("2026-11-23 15:30")],
            "status": ["waiting_customer"],
        }
    )
    found = explain(working, start, 4, waited)

    assert found.due == shanghai("2026-11-23 17:30")
    assert found.due - explain(working, start, 4).due == pd.Timedelta(hours=3)
    assert told(found) == [
        "11-23 09:00 counted 2",
        "11-23 11:00 paused 0 waiting_customer",
        "11-23 12:00 lunch 0",
        "11-23 13:30 paused 0 waiting_customer",
        "11-23 15:30 counted 2",
    ]


def test_a_pause_outside_hours_moves_nothing(working, shanghai):
    """A night of waiting costs nobody any working time."""
    waited = pd.DataFrame(
        {"start": [shanghai("2026-11-23 18:30")], "end": [shanghai("2026-11-24 08:00")], "status": ["w"]}
    )

    assert explain(working, shanghai("2026-11-23 17:00"), 2, waited).due == shanghai("2026-11-24 10:00")


def test_pauses_that_the_history_does_not_show_are_said_to_be_so(working, shanghai):
    """An imported ticket has paused hours and no events: 1.5 h are added and called unplaced."""
    found = explain(working, shanghai("2026-11-23 09:00"), 1, None, recorded=1.5)

    assert found.unplaced == 1.5
    assert found.due == shanghai("2026-11-23 11:30")
    assert found.counted == found.target + found.unplaced


moments = st.integers(0, 60 * 24 * 30)


@settings(max_examples=60)
@given(
    start=moments,
    target=st.floats(0.05, 60),
    cuts=st.lists(moments, max_size=6, unique=True),
)
def test_segments_tile_the_time_and_sum_to_the_promise(working, start, target, cuts):
    """No gap, no overlap, hours sum; the due time is the plain one moved by the pauses before it."""
    zero = pd.Timestamp("2026-09-18", tz="UTC")
    edges = [zero + pd.Timedelta(minutes=cut) for cut in sorted(cuts)]
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    paused = pd.DataFrame([(begin, end, "w") for begin, end in spans], columns=["start", "end", "status"])
    begin = zero + pd.Timedelta(minutes=start)
    found = explain(working, begin, target, paused)

    ends = [each.end for each in found.segments]
    assert found.segments[0].start == begin
    assert [each.start for each in found.segments[1:]] == ends[:-1]
    assert ends[-1] == found.due
    assert found.counted == pytest.approx(target, abs=1e-6)
    stood = sum(
        working.hours_between(max(first, begin), min(last, found.due))
        for first, last in spans
        if last > begin and first < found.due
    )
    assert working.hours_between(begin, found.due) == pytest.approx(target + stood, abs=1e-6)
    assert all(each.hours == 0 for each in found.segments if each.kind not in {Kind.COUNTED, Kind.MAKE_UP})


def test_pauses_are_read_from_the_history(rules, make_events, shanghai):
    """Waiting is a pause; so is the time from a solution to its reopening; a solution that holds is none."""
    events = make_events(
        ("T-1", "2026-11-20 16:00", "status", "closed", "reopened"),
        ("T-1", "2026-11-20 09:00", "status", "new", "in_progress"),
        ("T-1", "2026-11-20 10:00", "status", "in_progress", "waiting_customer"),
        ("T-1", "2026-11-20 11:00", "status", "waiting_customer", "in_progress"),
        ("T-1", "2026-11-20 14:00", "status", "in_progress", "resolved"),
        ("T-1", "2026-11-20 15:00", "status", "resolved", "closed"),
        ("T-1", "2026-11-20 17:00", "note", "", ""),
        ("T-1", "2026-11-20 17:30", "status", "reopened", "resolved"),
    )
    found = pauses(events, rules, shanghai("2026-11-23 09:00"))

    assert found["status"].tolist() == ["waiting_customer", "resolved"]
    assert found["start"].tolist() == [shanghai("2026-11-20 10:00"), shanghai("2026-11-20 14:00")]
    assert found["end"].tolist() == [shanghai("2026-11-20 11:00"), shanghai("2026-11-20 16:00")]


def test_a_pause_that_still_goes_on_ends_now(rules, make_events, shanghai):
    """While the customer is silent, the due time would move until now."""
    events = make_events(("T-1", "2026-11-20 10:00", "status", "in_progress", "waiting_customer"))
    now = shanghai("2026-11-23 09:00")

    assert pauses(events, rules, now)["end"].tolist() == [now]
