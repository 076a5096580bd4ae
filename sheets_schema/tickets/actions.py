"""What a person does to one ticket; each returns everything that is to be written, or refuses.

All take the rules, the ticket's row as it is now, the moment and the person, and return `Edit`s of
`tickets` and `ticket_events`. Nothing is written here.
"""

from __future__ import annotations

import pandas as pd

from sheets_schema.errors import Blocked
from sheets_schema.tickets.edit import Edit, event
from sheets_schema.tickets.moves import check_move
from sheets_schema.tickets.promise import due_events, number, promise_of
from sheets_schema.tickets.rules import TicketRules, blank, text_of
from sheets_schema.tickets.steps import STOPPED, Ticket, first_reachable, move, require
from sheets_schema.words import Message

__all__ = [
    "assign",
    "change_priority",
    "hand_off",
    "move",
    "note",
    "reopen",
    "reply",
    "resolve",
    "satisfaction",
]


def note(ticket: Ticket, text: str, now: pd.Timestamp, who: str) -> list[Edit]:
    """Write an internal note; no clock hears of it.

    Raises:
        Blocked: The note is empty.
    """
    return [event(ticket["id"], "note", now, who, text=require(text, "tickets.blocker.note", "text"))]


def reply(ticket: Ticket, text: str, now: pd.Timestamp, who: str) -> list[Edit]:
    """Answer the customer; the first answer stops the first-response clock, for good.

    Raises:
        Blocked: The answer is empty.
    """
    said = event(
        ticket["id"], "reply", now, who, text=require(text, "tickets.blocker.reply", "text"), public=True
    )
    if not blank(ticket["first_response_at"]):
        return [said]
    return [Edit("tickets", {"first_response_at": now}, str(ticket["id"])), said]


def assign(rules: TicketRules, ticket: Ticket, assignee: str, now: pd.Timestamp, who: str) -> list[Edit]:
    """Give a ticket to a person; a new one becomes assigned where the sheet has that arrow.

    Raises:
        Blocked: No person, or the one who has it already.
    """
    before = text_of(ticket["assignee"])
    if assignee == before:
        raise Blocked(reason=Message("tickets.blocker.same_assignee"), field="assignee")
    given = event(
        ticket["id"],
        "assign",
        now,
        who,
        old=before,
        new=require(assignee, "tickets.blocker.assignee", "assignee"),
    )
    there = first_reachable(rules, ticket["status"], "open", "assigned")
    steps = move(rules, ticket, "assigned", now, who) if there == "assigned" else []
    return _merged([Edit("tickets", {"assignee": assignee}, str(ticket["id"])), given], steps)


def hand_off(
    rules: TicketRules,
    ticket: Ticket,
    to: str,
    reason: str,
    now: pd.Timestamp,
    who: str,
    *,
    assignee: str = "",
) -> list[Edit]:
    """Transfer a ticket to a department; who took it first keeps answering for it.

    Args:
        rules: The statuses; the one with the id `transferred` is gone to.
        ticket: The row as it is now.
        to: The department's code.
        reason: Why; the department reads it.
        now: The moment of the transfer.
        who: Who transfers it.
        assignee: Who there is to work on it; nobody yet where left out.

    Raises:
        Blocked: No department, the one that has it already, or no reason.
        IllegalMove: A ticket in this status cannot be transferred.
    """
    before = text_of(ticket["department"])
    target = require(to, "tickets.blocker.department", "department")
    if target == before and text_of(ticket["status"]) == "transferred":
        raise Blocked(reason=Message("tickets.blocker.same_department"), field="department")
    why = require(reason, "tickets.blocker.reason", "text")
    values: dict[str, object] = {"department": target, "assignee": assignee or None}
    if blank(ticket["first_receiver"]):
        values["first_receiver"] = text_of(ticket["assignee"]) or who
    sent = event(
        ticket["id"], "handoff", now, who, old=before or text_of(ticket["team"]), new=target, text=why
    )
    there = text_of(ticket["status"]) == "transferred"
    steps = [] if there else move(rules, ticket, "transferred", now, who, text=why)
    return _merged([Edit("tickets", values, str(ticket["id"])), sent], steps)


def resolve(rules: TicketRules, ticket: Ticket, resolution: str, now: pd.Timestamp, who: str) -> list[Edit]:
    """Solve a ticket and tell the customer how.

    Raises:
        Blocked: The solution is not said.
        IllegalMove: No solved status may follow this one.
    """
    there = first_reachable(rules, ticket["status"], "resolved", "resolved") or "resolved"
    check_move(rules.statuses, ticket["status"], there)
    said = require(resolution, "tickets.blocker.resolution", "resolution")
    steps = move(rules, ticket, there, now, who, text=said, public=True)
    return _merged([Edit("tickets", {"resolution": said}, str(ticket["id"]))], steps)


def reopen(rules: TicketRules, ticket: Ticket, reason: str, now: pd.Timestamp, who: str) -> list[Edit]:
    """Open a solved or closed ticket again; the time since was paused time.

    Raises:
        Blocked: No reason.
        IllegalMove: It is not solved, or no open status may follow.
    """
    solved = rules.category_of(ticket["status"]) in STOPPED
    there = first_reachable(rules, ticket["status"], "open", "reopened") if solved else None
    check_move(rules.statuses, ticket["status"], there or "reopened")
    why = require(reason, "tickets.blocker.reason", "text")
    return move(rules, ticket, there or "reopened", now, who, text=why)


def satisfaction(
    rules: TicketRules, ticket: Ticket, score: int | None, comment: str, now: pd.Timestamp, who: str
) -> list[Edit]:
    """Write down how satisfied the customer was: 1 to 5, and what they said.

    Raises:
        Blocked: The ticket is not solved, or the score is not 1 to 5.
    """
    if rules.category_of(ticket["status"]) not in STOPPED:
        raise Blocked(reason=Message("tickets.blocker.not_solved"), field="csat_score")
    if score not in {1, 2, 3, 4, 5}:
        raise Blocked(reason=Message("tickets.blocker.score"), field="csat_score")
    values = {"csat_score": score, "csat_comment": comment.strip() or None, "csat_at": now}
    before = "" if blank(ticket["csat_score"]) else str(int(number(ticket["csat_score"])))
    answered = event(ticket["id"], "csat", now, who, old=before, new=str(score), text=comment.strip())
    return [Edit("tickets", values, str(ticket["id"])), answered]


def change_priority(
    rules: TicketRules, ticket: Ticket, priority: str, reason: str, now: pd.Timestamp, who: str
) -> list[Edit]:
    """Change the priority, and count both due times anew from the opening.

    Returns:
        The new values, the `priority` event, and a `due` event for each due time that moved.

    Raises:
        Blocked: No reason, or the priority that it has already.
    """
    before = text_of(ticket["priority"])
    if not priority or priority == before:
        raise Blocked(reason=Message("tickets.blocker.same_priority"), field="priority")
    why = require(reason, "tickets.blocker.reason", "text")
    paused = 0.0 if blank(ticket["paused_hours"]) else number(ticket["paused_hours"])
    promise = promise_of(rules, ticket["category"], priority, ticket["opened_at"], paused)
    values = {"priority": priority, **promise.cells}
    changed = event(ticket["id"], "priority", now, who, old=before, new=priority, text=why)
    return [
        Edit("tickets", values, str(ticket["id"])),
        changed,
        *due_events(rules, ticket, values, now, who),
    ]


def _merged(first: list[Edit], steps: list[Edit]) -> list[Edit]:
    """Return both lists with one edit of the ticket's row, so that it is written once."""
    edits = [*first, *steps]
    rows = [edit for edit in edits if edit.table == "tickets"]
    values = {name: value for edit in rows for name, value in edit.cells.items()}
    return [Edit("tickets", values, rows[0].id), *(edit for edit in edits if edit.table != "tickets")]
