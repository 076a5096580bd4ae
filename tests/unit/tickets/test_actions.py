"""What a person does to a ticket: everything that is to be written, or a refusal that says why."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from sheets_schema.errors import Blocked, IllegalMove
from sheets_schema.tickets import actions
from sheets_schema.tickets.moves import allowed_moves, check_move

NOW = pd.Timestamp("2026-11-23 10:00", tz="Asia/Shanghai")
WHO = "E02"


@pytest.fixture
def ticket(make_tickets):
    """Return a maker of one ticket's row: P-REF, opened Mon 09:00, due Tue 18:00."""

    def make(**cells):
        first = {
            "opened_at": "2026-11-23 09:00",
            "category": "REF",
            "priority": "P2",
            "team": "cs",
            "status": "in_progress",
            "sla_policy": "P-REF",
            "first_response_due": "2026-11-23 09:30",
            "resolution_due": "2026-11-24 18:00",
        }
        return make_tickets({**first, **cells}).iloc[0].to_dict()

    return make


def written(edits):
    """Return the ticket's new values, and the kinds of the events."""
    rows = [edit for edit in edits if edit.table == "tickets"]
    assert len(rows) <= 1, "one row is written once"
    return (rows[0].cells if rows else {}), [
        edit.cells["kind"] for edit in edits if edit.table == "ticket_events"
    ]


STATUSES = [
    "new",
    "assigned",
    "in_progress",
    "transferred",
    "waiting_customer",
    "waiting_supplier",
    "resolved",
    "closed",
    "reopened",
]


@pytest.mark.parametrize(("here", "there"), list(product(STATUSES, STATUSES)))
def test_the_sheet_s_arrows_are_the_whole_truth(rules, here, there):
    """`check_move` lets through what the sheet shows, and names it when it refuses."""
    onward = allowed_moves(rules.statuses, here)
    if there in onward:
        check_move(rules.statuses, here, there)
        return
    with pytest.raises(IllegalMove) as caught:
        check_move(rules.statuses, here, there)

    assert caught.value.facts["codes"] == onward
    names = rules.statuses.set_index("id")["name"]
    assert all(names[code] in str(caught.value) for code in onward)


def test_a_refused_move_speaks_chinese(rules):
    """The allowed moves are named in the person's language."""
    with pytest.raises(IllegalMove) as caught:
        check_move(rules.statuses, "closed", "new")

    assert "重新打开" in caught.value.text("zh-Hans")


def test_a_status_that_the_sheet_does_not_know_is_refused(rules):
    """Nobody can be sent to nowhere, and nothing follows an unknown status."""
    with pytest.raises(IllegalMove):
        check_move(rules.statuses, "in_progress", "lost")
    with pytest.raises(IllegalMove) as caught:
        check_move(rules.statuses, "lost", "new")
    assert caught.value.facts["codes"] == ()


def test_waiting_starts_a_pause_and_coming_back_moves_the_due_time(rules, ticket, shanghai):
    """Paused Mon 10:00, back Mon 15:00: 3.5 working hours (lunch apart). By hand:

    Tue 18:00 + 3.5 h = Wed 09:00-12:00 (3 h) + 13:30-14:00 (0.5 h) = Wed 14:00.
    """
    values, _ = written(actions.move(rules, ticket(), "waiting_customer", NOW, WHO))
    assert values == {"status": "waiting_customer", "paused_since": NOW}

    waiting = ticket(status="waiting_customer", paused_since="2026-11-23 10:00", paused_hours=1.0)
    values, kinds = written(actions.move(rules, waiting, "in_progress", shanghai("2026-11-23 15:00"), WHO))

    assert values["paused_since"] is None
    assert values["paused_hours"] == 4.5
    assert values["resolution_due"] == shanghai("2026-11-25 14:00")
    assert kinds == ["status", "due"]


def test_going_from_one_wait_to_another_is_one_pause(make_tickets, rules, ticket):
    """From customer to supplier (where a sheet allows it) the pause goes on."""
    statuses = rules.statuses.assign(next="waiting_supplier waiting_customer in_progress")
    free = type(rules)(statuses, rules.categories, rules.matrix, rules.policies, rules.working, 0.75)
    waiting = ticket(status="waiting_customer", paused_since="2026-11-23 09:30")
    values, kinds = written(actions.move(free, waiting, "waiting_supplier", NOW, WHO))

    assert values == {"status": "waiting_supplier"}
    assert kinds == ["status"]


def test_a_pause_after_the_due_time_mends_nothing(rules, ticket, shanghai):
    """The due time is the earliest moment with the promised hours before it: later pauses come too late."""
    late = ticket(
        status="waiting_customer", resolution_due="2026-11-23 09:30", paused_since="2026-11-23 10:00"
    )
    values, kinds = written(actions.move(rules, late, "in_progress", shanghai("2026-11-23 12:00"), WHO))

    assert "resolution_due" not in values
    assert kinds == ["status"]


def test_solving_tells_the_customer_and_stops_both_clocks(rules, ticket):
    """The solution is the first answer where there was none before."""
    edits = actions.resolve(rules, ticket(), " Paid back. ", NOW, WHO)
    values, kinds = written(edits)

    assert values == {
        "resolution": "Paid back.",
        "status": "resolved",
        "resolved_at": NOW,
        "first_response_at": NOW,
    }
    assert kinds == ["status"]
    assert edits[1].cells["public"] is True


def test_solving_out_of_a_pause_counts_the_pause(rules, ticket, shanghai):
    """The customer said nothing and it is solved all the same: the wait is no time of ours."""
    waiting = ticket(
        status="waiting_customer", paused_since="2026-11-23 09:00", first_response_at="2026-11-23 09:10"
    )
    values, _ = written(actions.resolve(rules, waiting, "Done", NOW, WHO))

    assert values["paused_hours"] == 1.0
    assert "first_response_at" not in values


@pytest.mark.parametrize("here", ["resolved", "closed"])
def test_reopening_counts_and_the_time_since_was_paused(rules, ticket, shanghai, here):
    """Solved Mon 10:00, reopened Mon 12:00: due 2 h later, counted once more, and open again."""
    solved = ticket(
        status=here,
        resolved_at="2026-11-23 10:00",
        closed_at="2026-11-23 11:00" if here == "closed" else None,
        reopen_count=1,
    )
    edits = actions.reopen(rules, solved, "It broke again", shanghai("2026-11-23 12:00"), WHO)
    values, kinds = written(edits)

    assert values["status"] == "reopened"
    assert (values["reopen_count"], values["paused_hours"]) == (2, 2.0)
    assert values["resolved_at"] is None
    assert values["closed_at"] is None
    assert values["resolution_due"] == shanghai("2026-11-25 11:00")
    assert kinds == ["status", "due"]


def test_only_what_is_solved_can_be_reopened(rules, ticket):
    """The refusal names what can be done instead."""
    with pytest.raises(IllegalMove):
        actions.reopen(rules, ticket(), "why not", NOW, WHO)


def test_a_note_stops_no_clock_and_a_reply_stops_the_first_one_once(ticket):
    """First response is the first public message of a person; notes do not count."""
    assert written(actions.note(ticket(), "they sounded cross", NOW, WHO)) == ({}, ["note"])
    assert written(actions.reply(ticket(), "Hello", NOW, WHO)) == ({"first_response_at": NOW}, ["reply"])
    again = ticket(first_response_at="2026-11-23 09:10")
    assert written(actions.reply(again, "Hello again", NOW, WHO)) == ({}, ["reply"])


def test_a_transfer_needs_a_reason_and_keeps_the_first_receiver(rules, ticket):
    """First-owner rule: who took it answers for it, whoever works on it."""
    with pytest.raises(Blocked, match="reason"):
        actions.hand_off(rules, ticket(), "finance", "  ", NOW, WHO)
    edits = actions.hand_off(
        rules, ticket(first_receiver="E09", assignee="E09"), "finance", "needs the ledger", NOW, WHO
    )
    values, kinds = written(edits)

    assert values == {"department": "finance", "assignee": None, "status": "transferred"}
    assert kinds == ["handoff", "status"]
    assert (edits[1].cells["old"], edits[1].cells["new"], edits[1].cells["text"]) == (
        "cs",
        "finance",
        "needs the ledger",
    )


def test_a_transferred_ticket_can_be_passed_on_and_does_not_reset_the_first_answer(rules, ticket):
    """From department to department, without a move; the first-response clock knows nothing of it."""
    there = ticket(status="transferred", department="finance", first_receiver="E09")
    values, kinds = written(actions.hand_off(rules, there, "quality", "it is broken", NOW, WHO))

    assert values == {"department": "quality", "assignee": None}
    assert kinds == ["handoff"]
    with pytest.raises(Blocked, match="already"):
        actions.hand_off(rules, there, "finance", "again", NOW, WHO)


def test_a_solved_ticket_is_not_transferred(rules, ticket):
    """No arrow leads from resolved to transferred."""
    with pytest.raises(IllegalMove):
        actions.hand_off(rules, ticket(status="resolved", first_receiver="E01"), "finance", "why", NOW, WHO)


def test_a_new_priority_counts_both_due_times_from_the_opening(rules, ticket, shanghai):
    """P1: 0.25 h and 4 h from Mon 09:00, and an hour of pause: 09:15 and 15:30; old and new are kept."""
    edits = actions.change_priority(rules, ticket(paused_hours=1.0), "P1", "VIP called", NOW, WHO)
    values, kinds = written(edits)

    assert values == {
        "priority": "P1",
        "sla_policy": "P-REF1",
        "first_response_due": shanghai("2026-11-23 09:15"),
        "resolution_due": shanghai("2026-11-23 15:30"),
    }
    assert kinds == ["priority", "due", "due"]
    assert [edit.cells["old"] for edit in edits[1:]] == ["P2", "2026-11-23 09:30", "2026-11-24 18:00"]
    assert [edit.cells["new"] for edit in edits[1:]] == ["P1", "2026-11-23 09:15", "2026-11-23 15:30"]


@pytest.mark.parametrize(("priority", "reason"), [("P2", "why"), ("", "why"), ("P1", " ")])
def test_the_same_priority_or_no_reason_is_refused(rules, ticket, priority, reason):
    """A change that is none, or that nobody can follow later."""
    with pytest.raises(Blocked):
        actions.change_priority(rules, ticket(), priority, reason, NOW, WHO)


@pytest.mark.parametrize("score", [0, 6, None])
def test_satisfaction_is_one_to_five(rules, ticket, score):
    """A score outside the scale would be averaged silently."""
    with pytest.raises(Blocked):
        actions.satisfaction(rules, ticket(status="resolved"), score, "", NOW, WHO)


def test_satisfaction_is_asked_after_the_solution(rules, ticket):
    """And kept with its moment, because it counts for that month."""
    with pytest.raises(Blocked):
        actions.satisfaction(rules, ticket(), 5, "", NOW, WHO)
    values, kinds = written(actions.satisfaction(rules, ticket(status="resolved"), 5, " quick ", NOW, WHO))

    assert values == {"csat_score": 5, "csat_comment": "quick", "csat_at": NOW}
    assert kinds == ["csat"]


def test_assigning_a_new_ticket_moves_it_on(rules, ticket):
    """New becomes assigned where the sheet has that arrow; otherwise only the name changes."""
    assert written(actions.assign(rules, ticket(status="new"), "E03", NOW, WHO)) == (
        {"assignee": "E03", "status": "assigned"},
        ["assign", "status"],
    )
    assert written(actions.assign(rules, ticket(), "E03", NOW, WHO)) == ({"assignee": "E03"}, ["assign"])
    with pytest.raises(Blocked):
        actions.assign(rules, ticket(assignee="E03"), "E03", NOW, WHO)
    with pytest.raises(Blocked):
        actions.assign(rules, ticket(assignee="E03"), "", NOW, WHO)
