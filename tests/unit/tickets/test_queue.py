"""The queue: what a person asks for is what is shown, and nothing else."""

from __future__ import annotations

import pytest

from sheets_schema.tickets.clock import clock
from sheets_schema.tickets.queue import Filters, ages, aging, how_many, queue

NOW = "2026-11-23 10:00"


@pytest.fixture
def tickets(make_tickets):
    """Return five tickets: late, due today and soon, due tomorrow, paused, resolved."""
    base = {"opened_at": "2026-11-23 09:00", "sla_policy": "P-DEF", "first_response_at": "2026-11-23 09:05"}
    return make_tickets(
        {
            **base,
            "opened_at": "2026-11-19 09:00",
            "resolution_due": "2026-11-20 18:00",
            "subject": "Late sofa",
            "priority": "P2",
            "team": "cs",
            "assignee": "E01",
            "status": "in_progress",
            "category": "REF",
        },
        {
            **base,
            "resolution_due": "2026-11-23 10:15",
            "subject": "Soon",
            "requester": "Li Na",
            "priority": "P1",
            "status": "assigned",
            "department": "finance",
        },
        {**base, "resolution_due": "2026-11-24 18:00", "subject": "Tomorrow", "priority": "P1", "vip": True},
        {
            **base,
            "resolution_due": "2026-11-23 18:00",
            "status": "waiting_customer",
            "paused_since": "2026-11-23 09:30",
            "subject": "Waiting",
        },
        {
            **base,
            "resolution_due": "2026-11-23 18:00",
            "status": "resolved",
            "resolved_at": "2026-11-23 09:50",
            "subject": "Done sofa",
        },
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["T-1", "T-2", "T-4", "T-3"]),
        ({"status": "all"}, ["T-1", "T-2", "T-5", "T-4", "T-3"]),
        ({"status": "paused"}, ["T-4"]),
        ({"status": "resolved"}, ["T-5"]),
        ({"status": "assigned"}, ["T-2"]),
        ({"status": "all", "text": "SOFA late"}, ["T-1"]),
        ({"text": "li na"}, ["T-2"]),
        ({"text": "t-3"}, ["T-3"]),
        ({"text": ".*"}, []),
        ({"priority": "P1"}, ["T-2", "T-3"]),
        ({"team": "finance"}, ["T-2"]),
        ({"assignee": "E01"}, ["T-1"]),
        ({"assignee": "-"}, ["T-2", "T-4", "T-3"]),
        ({"due": "overdue"}, ["T-1"]),
        ({"due": "soon"}, ["T-2"]),
        ({"due": "today", "status": "all"}, ["T-2"]),
        ({"category": "REF", "priority": "P1"}, []),
        ({"sort": "priority"}, ["T-3", "T-2", "T-1", "T-4"]),
        ({"sort": "opened", "status": "all"}, ["T-2", "T-3", "T-4", "T-5", "T-1"]),
    ],
)
def test_filters_let_through_what_is_asked_for(tickets, rules, shanghai, asked, found):
    """In order of the due time; a paused one's has moved on to tomorrow; key customers first among equals."""
    rows = queue(tickets, clock(tickets, rules, shanghai(NOW)), rules, Filters(**asked), shanghai(NOW))

    assert rows["id"].tolist() == found


@pytest.mark.parametrize("text", ["STRASSE", "straße", "äpfel", "订单", "zürich ΣΊΣΥΦΟΣ 订单", "t-2 straße"])
def test_words_are_found_in_any_letters_large_or_small(tickets, rules, shanghai, text):
    """Rows in plain ASCII are folded otherwise than the rest, with the same outcome."""
    tickets.loc[tickets["id"] == "T-2", ["subject", "requester"]] = [
        "Straße, ÄPFEL 订单 A7",
        "Σίσυφος, ZÜRICH",
    ]
    rows = queue(
        tickets, clock(tickets, rules, shanghai(NOW)), rules, Filters(text=text, status="all"), shanghai(NOW)
    )

    assert rows["id"].tolist() == ["T-2"]


def test_the_address_bar_holds_the_filters_and_nothing_usual():
    """What is as it is on a fresh page is left out, so that a link is short; strangers are ignored."""
    asked = Filters.of({"due": "overdue", "assignee": "E01", "id": "T-1", "lang": "en"})

    assert asked == Filters(due="overdue", assignee="E01")
    assert {name: part for name, part in asked.query().items() if part} == {
        "due": "overdue",
        "assignee": "E01",
    }
    assert Filters.of({name: part for name, part in asked.query().items() if part}) == asked


def test_an_answer_that_is_due_comes_before_a_solution_that_is_due_later(tickets, rules, shanghai):
    """A queue in order of the solution's due time would hide that nobody has answered yet."""
    tickets["first_response_due"] = shanghai("2026-11-23 10:10").tz_convert("UTC")
    tickets.loc[tickets["id"] == "T-3", "first_response_at"] = None
    rows = queue(tickets, clock(tickets, rules, shanghai(NOW)), rules, Filters(), shanghai(NOW))

    assert rows["id"].tolist() == ["T-1", "T-3", "T-2", "T-4"]
    assert rows.loc[rows["answers_next"], "id"].tolist() == ["T-3"]


def test_an_empty_queue_is_no_fault(make_tickets, rules, shanghai):
    """A new workbook has no tickets."""
    none = make_tickets()
    rows = queue(
        none, clock(none, rules, shanghai(NOW)), rules, Filters(text="x", due="today"), shanghai(NOW)
    )

    assert rows.empty


def test_age_is_counted_in_working_days(tickets, rules, shanghai):
    """Thu 09:00 to Mon 10:00 is 2 days and an hour: 16 / 7.5 = 2.13; the weekend does not age anybody."""
    found = ages(tickets, rules, shanghai(NOW))

    assert found.iloc[0] == pytest.approx(16 / 7.5)
    assert aging(tickets, rules, shanghai(NOW)).tolist() == [4, 1, 0, 0, 0]


def test_counting_counts_what_the_queue_shows(rules, tickets, shanghai):
    """The figures of the home page are those of the pages they lead to."""
    now = shanghai(NOW)
    clocks = clock(tickets, rules, now)
    wanted = [
        Filters(due=due, status=status) for due in ("", "today", "overdue") for status in ("todo", "all")
    ]
    assert how_many(tickets, clocks, rules, wanted, now) == [
        len(queue(tickets, clocks, rules, each, now)) for each in wanted
    ]
