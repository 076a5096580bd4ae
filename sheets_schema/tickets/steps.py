"""Moving one ticket from status to status, with what follows for its clocks."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sheets_schema.errors import Blocked
from sheets_schema.tickets.edit import Edit, event
from sheets_schema.tickets.moves import allowed_moves, check_move
from sheets_schema.tickets.promise import due_events, number
from sheets_schema.tickets.rules import TicketRules, blank, text_of
from sheets_schema.words import Message

__all__ = ["Ticket", "first_reachable", "move", "require"]

Ticket = Mapping[str, object]
"""A row of `tickets`, field -> value."""

STOPPED = frozenset({"resolved", "closed"})


def move(
    rules: TicketRules,
    ticket: Ticket,
    there: str,
    now: pd.Timestamp,
    who: str,
    *,
    text: str = "",
    public: bool = False,
) -> list[Edit]:
    """Move a ticket along an arrow.

    Leaving a paused status, and coming back from a solution, moves the due time by the working hours
    that have passed; a return from a solution is a reopening and is counted.

    Args:
        rules: Statuses, policies and calendars.
        ticket: The row as it is now.
        there: The status to go to.
        now: The moment of the move, with a time zone.
        who: Who moves it.
        text: Why.
        public: Whether the customer is told.

    Returns:
        The ticket's new values, the `status` event, and a `due` event where the due time moved.

    Raises:
        IllegalMove: There is no such arrow; the sentence names those that there are.
    """
    check_move(rules.statuses, ticket["status"], there)
    values = {"status": there, **_clocks(rules, ticket, there, now)}
    step = event(
        ticket["id"], "status", now, who, old=text_of(ticket["status"]), new=there, text=text, public=public
    )
    return [Edit("tickets", values, str(ticket["id"])), step, *due_events(rules, ticket, values, now, who)]


def first_reachable(rules: TicketRules, here: object, category: str, preferred: str = "") -> str | None:
    """Return the status of a category that may follow *here*: the preferred one, else the first."""
    onward = [code for code in allowed_moves(rules.statuses, here) if rules.category_of(code) == category]
    return preferred if preferred in onward else next(iter(onward), None)


def require(words: str, key: str, field: str) -> str:
    """Return *words* without outer blanks.

    Raises:
        Blocked: There are none; *key* is the sentence that asks for them.
    """
    if blank(words):
        raise Blocked(reason=Message(key), field=field)
    return words.strip()


def _clocks(rules: TicketRules, ticket: Ticket, there: str, now: pd.Timestamp) -> dict[str, object]:
    """Return what a move does to the ticket's clocks."""
    left, entered = rules.category_of(ticket["status"]), rules.category_of(there)
    values: dict[str, object] = {}
    if left == "paused" and entered != "paused":
        values |= {"paused_since": None, **_stood_still(rules, ticket, ticket["paused_since"], now)}
    if left in STOPPED and entered not in STOPPED:
        solved = ticket["closed_at"] if blank(ticket["resolved_at"]) else ticket["resolved_at"]
        count = 0 if blank(ticket["reopen_count"]) else int(number(ticket["reopen_count"]))
        values |= {"resolved_at": None, "closed_at": None, "reopen_count": count + 1}
        values |= _stood_still(rules, ticket, solved, now)
    if entered == "paused" and left != "paused":
        values["paused_since"] = now
    if entered in STOPPED:
        values |= _solved(ticket, entered, now)
    return values


def _solved(ticket: Ticket, entered: str, now: pd.Timestamp) -> dict[str, object]:
    """Return the moments that a solution, or a closing, fills in."""
    values: dict[str, object] = {"closed_at": now} if entered == "closed" else {}
    if blank(ticket["resolved_at"]):
        values["resolved_at"] = now
    if blank(ticket["first_response_at"]) and entered == "resolved":
        values["first_response_at"] = now
    return values


def _stood_still(rules: TicketRules, ticket: Ticket, since: object, now: pd.Timestamp) -> dict[str, object]:
    """Return the hours paused, more by those since *since*, and the due time moved by as many.

    A pause that began after the due time moves nothing: the promise was broken by then.
    """
    working = rules.calendar_of(ticket["sla_policy"])
    due = pd.NaT if blank(ticket["resolution_due"]) else pd.Timestamp(ticket["resolution_due"])  # type: ignore[arg-type]
    if working is None or blank(since) or pd.Timestamp(since) >= due:  # type: ignore[arg-type]
        return {}
    more = max(0.0, working.hours_between(pd.Timestamp(since), now))  # type: ignore[arg-type]
    hours = 0.0 if blank(ticket["paused_hours"]) else number(ticket["paused_hours"])
    values: dict[str, object] = {"paused_hours": round(hours + more, 4)}
    if more and not pd.isna(due):
        values["resolution_due"] = working.moment_after(due, more)
    return values
