"""The SLA clock over whole tables: what is left, what is used, and how each promise stands."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from sheets_schema.tickets.clock import State, clock, due_at
from sheets_schema.tickets.sla import choose, due_times, judged, policy_of, sla_met

OPENED = {"opened_at": "2026-11-23 09:00", "sla_policy": "P-P1"}
DUE = {"first_response_due": "2026-11-23 09:15", "resolution_due": "2026-11-23 14:30"}


def read(rules, make_tickets, shanghai, at, **cells):
    """Return the clock of one ticket promised 0.25 h and 4 h from Mon 09:00, read at a local time."""
    tickets = make_tickets({**OPENED, **DUE, **cells})
    return clock(tickets, rules, shanghai(f"2026-11-23 {at}")).iloc[0]


@pytest.mark.parametrize(
    ("at", "state", "used"),
    [
        ("10:00", State.ON_TRACK, 0.25),
        ("12:30", State.DUE_SOON, 0.75),
        ("14:30", State.DUE_SOON, 1.0),
        ("14:31", State.BREACHED, 1.0 + 1 / 240),
    ],
)
def test_three_quarters_of_the_time_is_soon_and_after_the_due_time_is_late(
    rules, make_tickets, shanghai, at, state, used
):
    """4 h from 09:00: 75 % at 12:00; lunch does not count; due 14:30 is not yet late."""
    found = read(
        rules, make_tickets, shanghai, at, first_response_at="2026-11-23 09:10", status="in_progress"
    )

    assert found["state"] == state
    assert found["used"] == pytest.approx(used)


def test_after_closing_time_an_open_ticket_is_late_though_no_time_passes(rules, make_tickets, shanghai):
    """Due at 18:00, read at 20:00: no working hour is over it, and it is late all the same (D1)."""
    found = read(
        rules, make_tickets, shanghai, "20:00", resolution_due="2026-11-23 18:00", status="in_progress"
    )

    assert found["left"] == 0
    assert found["state"] == State.BREACHED


def test_waiting_for_the_customer_stops_the_solution_s_clock_only(rules, make_tickets, shanghai):
    """Paused at 10:00 with 3 h left: at 17:00 still 3 h left, due Tue 11:00; the answer is late."""
    found = read(
        rules, make_tickets, shanghai, "17:00", status="waiting_customer", paused_since="2026-11-23 10:00"
    )

    assert found["state"] == State.PAUSED
    assert found["left"] == pytest.approx(3)
    assert found["due"] == shanghai("2026-11-24 11:00")
    assert found["response_state"] == State.BREACHED


def test_done_in_time_is_met_and_done_late_is_missed(rules, make_tickets, shanghai):
    """The state of a solved ticket no longer depends on the hour it is read at."""
    met = read(rules, make_tickets, shanghai, "17:00", status="resolved", resolved_at="2026-11-23 14:30")
    missed = read(rules, make_tickets, shanghai, "17:00", status="resolved", resolved_at="2026-11-23 15:00")

    assert (met["state"], missed["state"]) == (State.MET, State.MISSED)
    assert missed["left"] == pytest.approx(-0.5)
    assert met["response_state"] == State.MISSED, "a solution is an answer, and this one came after 09:15"


def test_a_solved_ticket_without_a_moment_is_not_judged(rules, make_tickets, shanghai):
    """Somebody typed 'resolved' into the sheet: nobody knows when, so nobody claims to."""
    assert read(rules, make_tickets, shanghai, "17:00", status="resolved")["state"] == State.NONE


def test_a_reopened_ticket_runs_whatever_an_old_cell_says(rules, make_tickets, shanghai):
    """A stale resolved_at does not stop the clock of an open status."""
    found = read(rules, make_tickets, shanghai, "15:00", status="reopened", resolved_at="2026-11-23 10:00")

    assert found["state"] == State.BREACHED


def test_without_a_promise_there_is_no_state(rules, make_tickets, shanghai):
    """Imported tickets may have neither policy nor due time."""
    found = clock(make_tickets({"opened_at": "2026-11-20 10:00"}), rules, shanghai("2026-11-23 09:00")).iloc[
        0
    ]

    assert (found["state"], found["response_state"], found["level"]) == (State.NONE, State.NONE, 0)
    assert pd.isna(found["due"])


@pytest.mark.parametrize(("at", "level"), [("11:00", 0), ("12:00", 1), ("14:30", 2), ("16:30", 3)])
def test_escalation_climbs_at_75_100_and_150_per_cent(rules, make_tickets, shanghai, at, level):
    """D1: L1 at 75 %, L2 at 100 %, L3 at 150 % of 4 h from 09:00."""
    assert read(rules, make_tickets, shanghai, at, status="in_progress")["level"] == level


def test_no_tickets_have_no_clocks(rules, make_tickets, shanghai):
    """A new workbook is empty."""
    found = clock(make_tickets(), rules, shanghai("2026-11-23 09:00"))

    assert found.empty
    assert "state" in found


@pytest.mark.parametrize(
    ("category", "priority", "policy"),
    [
        ("REF", "P1", "P-REF1"),
        ("REF", "P2", "P-REF"),
        ("SAF", "P1", "P-P1"),
        ("PRE", "P3", "P-DEF"),
        (None, None, "P-DEF"),
    ],
)
def test_the_most_specific_policy_wins(rules, category, priority, policy):
    """Category and priority, then category, then priority, then neither."""
    assert policy_of(rules.policies, category, priority)["id"] == policy


def test_a_whole_table_chooses_as_one_ticket_does(rules, make_tickets):
    """Distinct pairs are looked up once."""
    tickets = make_tickets(
        *({"category": c, "priority": p} for c, p in [("REF", "P1"), ("PRE", "P4"), ("REF", "P1")])
    )

    assert choose(rules.policies, tickets).tolist() == ["P-REF1", "P-DEF", "P-REF1"]


def test_no_policy_fits_where_the_sheet_has_none(rules, make_tickets):
    """Without a policy of no category and no priority, some tickets are promised nothing."""
    assert policy_of(rules.policies.iloc[[1]], "PRE", "P4") is None
    assert choose(rules.policies.iloc[[1]], make_tickets({"category": "PRE", "priority": "P4"})).isna().all()


def test_due_times_run_from_the_opening_and_move_by_the_pause(rules, make_tickets, shanghai):
    """P-REF: 0.5 h and 15 h from Mon 09:00: 09:30, and Tue 18:00; 3 h paused: Wed 12:00."""
    tickets = make_tickets(
        {"opened_at": "2026-11-23 09:00", "sla_policy": "P-REF"},
        {"opened_at": "2026-11-23 09:00", "sla_policy": "P-REF", "paused_hours": 3.0},
        {"opened_at": "2026-11-23 09:00"},
    )
    found = due_times(tickets, rules)

    assert found["first_response_due"].iloc[0] == shanghai("2026-11-23 09:30")
    assert found["resolution_due"].tolist()[:2] == [
        shanghai("2026-11-24 18:00"),
        shanghai("2026-11-25 12:00"),
    ]
    assert found.iloc[2].isna().all()


def test_sla_met_counts_what_is_open_and_overdue_as_missed(shanghai):
    """November: met on the 3rd; late; open and overdue; not due yet; met in October. 1 of 3."""
    due = pd.Series([shanghai(f"2026-11-{day} 12:00") for day in ("05", "06", "10", "30", "02")])
    done = pd.Series(
        [
            shanghai("2026-11-03 10:00"),
            shanghai("2026-11-09 10:00"),
            pd.NaT,
            pd.NaT,
            shanghai("2026-10-30 10:00"),
        ]
    )

    assert sla_met(due, done, shanghai("2026-11-01"), shanghai("2026-11-23 09:00")) == (1, 3)
    assert sla_met(due, done, shanghai("2026-10-01"), shanghai("2026-11-01")) == (1, 1)


def test_each_promise_is_decided_once(shanghai):
    """So that months sum to the year: kept counts when it was kept, missed when it fell due."""
    due = pd.Series([shanghai("2026-11-05"), shanghai("2026-10-31")])
    done = pd.Series([shanghai("2026-10-30"), shanghai("2026-11-02")])
    found = judged(due, done, shanghai("2026-11-23"))

    assert found["at"].tolist() == [shanghai("2026-10-30"), shanghai("2026-10-31")]
    assert found["in_time"].tolist() == [True, False]


@pytest.mark.parametrize("since", ["2026-11-23 10:00", None])
@pytest.mark.parametrize("resolved", ["2026-11-23 11:00", None])
@pytest.mark.parametrize("status", ["in_progress", "waiting_customer", "resolved", None])
def test_when_a_solution_is_due_is_what_its_clock_says(
    rules, make_tickets, shanghai, status, resolved, since
):
    """Only a paused one moves with now; it is not reckoned for the others."""
    known = {**OPENED, **DUE, "status": status, "resolved_at": resolved, "paused_since": since}
    tickets = make_tickets(known, {**known, "resolution_due": None}, {**OPENED, **DUE, "status": "new"})
    now = shanghai("2026-11-24 15:00")
    pd.testing.assert_series_equal(
        due_at(tickets, rules, now), clock(tickets, rules, now)["due"], check_names=False
    )


def test_the_clocks_of_a_hundred_thousand_tickets(rules, make_tickets, table, shanghai):
    """A refresh of the queue reads them all (measured: 0.1 s alone on this machine)."""
    count = 100_000
    one = make_tickets({**OPENED, **DUE, "status": "in_progress"})
    tickets = one.loc[one.index.repeat(count)].reset_index(drop=True)
    tickets["opened_at"] += pd.to_timedelta(np.arange(count) % 1000, unit="min")
    begun = time.process_time()
    found = clock(tickets, rules, shanghai("2026-11-23 15:00"))
    taken = time.process_time() - begun

    assert len(found) == count
    assert taken < 0.4
