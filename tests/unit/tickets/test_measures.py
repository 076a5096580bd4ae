"""What the tickets measure, month by month, and the rows behind each figure."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sheets_schema.tickets.durations import resolution_times
from sheets_schema.tickets.measures import SOURCES, _asked_again, measure, rows_behind

DATA = Path(__file__).parents[4] / "shared/data"
ZONE = "Asia/Shanghai"


@pytest.fixture
def tickets(make_tickets):
    """Return six tickets of autumn 2026; T-5 was opened in October by UTC and in November by Shanghai."""
    done = {"status": "resolved", "requester": "Li Na", "category": "REF"}
    return make_tickets(
        {
            **done,
            "opened_at": "2026-10-12 09:00",
            "first_response_at": "2026-10-12 09:30",
            "resolution_due": "2026-10-13 18:00",
            "resolved_at": "2026-10-13 10:00",
            "csat_score": 5,
            "csat_at": "2026-11-02 09:00",
        },
        {
            **done,
            "opened_at": "2026-10-15 09:00",
            "first_response_at": "2026-10-15 14:00",
            "resolution_due": "2026-10-16 18:00",
            "resolved_at": "2026-11-02 10:00",
            "csat_score": 3,
            "csat_at": "2026-11-03 09:00",
            "requester": "Wang",
        },
        {
            **done,
            "opened_at": "2026-10-18 09:00",
            "resolution_due": "2026-10-20 18:00",
            "resolved_at": "2026-10-19 10:00",
            "reopen_count": 1,
            "requester": "Zhao",
        },
        {
            "opened_at": "2026-11-02 09:00",
            "resolution_due": "2026-11-03 18:00",
            "status": "in_progress",
            "type": "complaint",
        },
        {"opened_at": "2026-11-01 01:00", "status": "new", "type": "consult"},
        {
            **done,
            "opened_at": "2026-10-16 09:00",
            "resolution_due": "2026-12-16 18:00",
            "resolved_at": "2026-10-16 10:00",
        },
    )


def by_month(source, tickets, rules, shanghai, events=None):
    """Return a measure as period -> (numerator, denominator)."""
    found = measure(source, tickets, events, rules, now=shanghai("2026-11-23 09:00"), time_zone=ZONE)
    return {row["period"]: (row["numerator"], row["denominator"]) for row in found.to_dict("records")}


def test_sla_met_counts_the_late_where_they_fell_due(tickets, rules, shanghai):
    """October: T-1, T-3, T-6 met, T-2 fell due and was late. November: T-4 is open and overdue."""
    assert by_month("tickets.sla_met", tickets, rules, shanghai) == {"2026-10": (3, 4), "2026-11": (0, 1)}


def test_a_paused_ticket_has_not_fallen_due(make_tickets, rules, shanghai):
    """While we wait for the customer the due time moves, so nothing is missed yet."""
    waiting = make_tickets(
        {
            "opened_at": "2026-11-02 09:00",
            "resolution_due": "2026-11-03 18:00",
            "status": "waiting_customer",
            "paused_since": "2026-11-02 10:00",
        }
    )

    assert by_month("tickets.sla_met", waiting, rules, shanghai) == {}


def test_first_response_is_working_minutes_per_answer(tickets, rules, shanghai):
    """30 min, and 09:00-14:00 without lunch = 3.5 h = 210 min: 240 over 2 answers in October."""
    assert by_month("tickets.first_response", tickets, rules, shanghai) == {"2026-10": (240, 2)}


def test_csat_is_top_two_box_in_the_month_of_the_answer(tickets, rules, shanghai):
    """A 5 and a 3, both answered in November: 1 of 2, whatever month they were opened in."""
    assert by_month("tickets.csat", tickets, rules, shanghai) == {"2026-11": (1, 2)}


def test_complaints_are_counted_against_tickets_of_the_same_month(tickets, rules, shanghai):
    """November by Shanghai's clock: T-4 (a complaint) and T-5, opened 1 November 01:00."""
    assert by_month("tickets.complaint_rate", tickets, rules, shanghai) == {
        "2026-10": (0, 4),
        "2026-11": (1, 2),
    }


def test_first_contact_leaves_out_reopened_transferred_and_repeated(tickets, rules, make_events, shanghai):
    """T-1 was asked again by Li Na on the 16th, T-3 was reopened, T-2 was transferred; T-6 counts."""
    events = make_events(("T-2", "2026-10-15 15:00", "handoff", "cs", "finance"))

    assert by_month("tickets.first_contact", tickets, rules, shanghai, events) == {
        "2026-10": (1, 3),
        "2026-11": (0, 1),
    }


def test_two_answers_are_not_the_first_contact(tickets, rules, make_events, shanghai):
    """One public reply and the solution is one contact; a second reply is another."""
    once = make_events(
        ("T-6", "2026-10-16 09:10", "reply", "", "", True), ("T-6", "2026-10-16 09:15", "note", "", "", False)
    )
    twice = pd.concat([once, make_events(("T-6", "2026-10-16 09:30", "reply", "", "", True))])

    assert by_month("tickets.first_contact", tickets, rules, shanghai, once)["2026-10"] == (1, 3)
    assert by_month("tickets.first_contact", tickets, rules, shanghai, twice)["2026-10"] == (0, 3)


@pytest.mark.parametrize("source", SOURCES)
def test_the_rows_behind_a_figure_sum_to_it(tickets, rules, shanghai, source):
    """Every number on a page can be followed to its rows."""
    arguments = {"now": shanghai("2026-11-23 09:00"), "time_zone": ZONE}
    found = measure(source, tickets, None, rules, **arguments)
    for row in found.to_dict("records"):
        rows = rows_behind(source, tickets, None, rules, row["period"], **arguments)
        assert (rows["numerator"].sum(), rows["denominator"].sum(), len(rows)) == (
            row["numerator"],
            row["denominator"],
            row["n"],
        )
        assert set(rows["id"]) <= set(tickets["id"])


@pytest.mark.parametrize("source", SOURCES)
def test_no_tickets_measure_nothing(make_tickets, rules, shanghai, source):
    """A new workbook has no figures, and no fault."""
    found = measure(source, make_tickets(), None, rules, now=shanghai("2026-11-23 09:00"), time_zone=ZONE)

    assert found.empty
    assert list(found) == ["period", "numerator", "denominator", "value", "n"]


def test_resolution_times_are_of_the_resolved(tickets):
    """T-1 25 h, T-2 433 h, T-3 25 h, T-6 1 h: mean 121, median 25, one of four late; two are not solved."""
    found = resolution_times(tickets)

    assert (found.tickets, found.resolved) == (6, 4)
    assert (found.mean, found.median, found.maximum) == (121, 25, 433)
    assert (found.breached, found.breach_share) == (1, 0.25)


@pytest.mark.skipif(not DATA.exists(), reason="the real data of ../shared/data is not on this machine")
def test_the_published_figures_of_a_real_log_come_out():
    """UCI incidents (CC BY 4.0): mean 178.2, median 22.1, max 8,070.2 h; 8,930 of 23,362 late (38.2 %)."""
    with lzma.open(DATA / "uci_incidents_last_row.csv.xz", "rt") as file:
        log = pd.read_csv(file, na_values="?", low_memory=False)
    dates = {
        name: pd.to_datetime(log[name], format="%d/%m/%Y %H:%M", utc=True)
        for name in ("opened_at", "resolved_at")
    }
    found = resolution_times(pd.DataFrame(dates), log["made_sla"].astype("boolean"))

    assert (found.tickets, found.resolved, found.breached) == (24_918, 23_362, 8_930)
    assert (round(found.mean, 1), round(found.median, 1), round(found.maximum, 1)) == (178.2, 22.1, 8070.2)
    assert round(found.breach_share, 3) == 0.382


def test_who_asks_again_is_found_in_whole_columns_as_in_groups(make_tickets):
    """A successor is the next of the same requester and category, and comes within seven days."""
    chance = np.random.default_rng(5)
    rows = [
        {
            "requester": chance.choice(["A", "B", None]),
            "category": chance.choice(["REF", "PRE", None]),
            "opened_at": opened if chance.random() < 0.9 else None,
        }
        for opened in pd.Timestamp("2026-10-01") + pd.to_timedelta(chance.permutation(3000)[:300], unit="h")
    ]
    tickets = make_tickets(*rows)
    done = tickets["opened_at"].where(chance.random(300) < 0.7) + pd.Timedelta(hours=5)
    named = tickets[tickets["requester"].notna() & tickets["category"].notna()].sort_values("opened_at")
    following = named.groupby(["requester", "category"])["opened_at"].shift(-1).reindex(tickets.index)
    slow = (following <= done + pd.Timedelta(days=7)).astype(bool)
    assert _asked_again(tickets, done).tolist() == slow.tolist()
    assert 0 < slow.sum() < 300
    assert _asked_again(make_tickets(), done[:0]).empty
