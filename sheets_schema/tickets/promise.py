"""The promise of one ticket: its policy and its due times, and what is written when they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sheets_schema.tickets.edit import Edit, event
from sheets_schema.tickets.rules import TicketRules, blank, text_of
from sheets_schema.tickets.sla import policy_of

__all__ = ["Promise", "due_events", "number", "promise_of"]

DUES = ("first_response_due", "resolution_due")


@dataclass(frozen=True, slots=True)
class Promise:
    """What one ticket is promised.

    Args:
        policy: The policy's id; blank where none applies.
        first_response_due: When the first answer is due, in UTC; NaT where nothing is promised.
        resolution_due: When the solution is due, in UTC; NaT where nothing is promised.
        first_response_hours: Working hours promised for the answer; NaN where nothing is.
        resolution_hours: Working hours promised for the solution, without pauses.
    """

    policy: str = ""
    first_response_due: pd.Timestamp = pd.NaT  # type: ignore[assignment]
    resolution_due: pd.Timestamp = pd.NaT  # type: ignore[assignment]
    first_response_hours: float = float("nan")
    resolution_hours: float = float("nan")

    @property
    def cells(self) -> dict[str, object]:
        """The ticket's cells that hold the promise."""
        dues = {name: None if pd.isna(getattr(self, name)) else getattr(self, name) for name in DUES}
        return {"sla_policy": self.policy or None, **dues}


def promise_of(
    rules: TicketRules, category: object, priority: object, opened_at: object, paused_hours: float = 0.0
) -> Promise:
    """Return what a ticket is promised by the most specific policy, counted from its opening.

    Args:
        rules: Policies and calendars.
        category: The ticket's category.
        priority: The ticket's priority.
        opened_at: Its opening, with a time zone; a missing one promises nothing.
        paused_hours: Working hours that its solution clock has stood still.
    """
    row = policy_of(rules.policies, category, priority)
    working = rules.calendar_of(row["id"]) if row is not None else None
    if row is None or working is None or blank(opened_at):
        return Promise() if row is None else Promise(text_of(row["id"]))
    start = pd.Timestamp(opened_at)  # type: ignore[arg-type]
    answer, solution = number(row["first_response_hours"]), number(row["resolution_hours"])
    return Promise(
        text_of(row["id"]),
        working.moment_after(start, answer),
        working.moment_after(start, solution + paused_hours),
        answer,
        solution,
    )


def due_events(
    rules: TicketRules, ticket: Mapping[str, object], values: Mapping[str, object], at: pd.Timestamp, by: str
) -> list[Edit]:
    """Return a `due` event for each due time that *values* change, with the old and the new one."""
    working = rules.calendar_of(values.get("sla_policy", ticket["sla_policy"]))
    zone = working.time_zone if working else "UTC"
    return [
        event(
            ticket["id"],
            "due",
            at,
            by,
            old=_minute(ticket[name], zone),
            new=_minute(values[name], zone),
            text=name,
        )
        for name in DUES
        if name in values and _minute(ticket[name], zone) != _minute(values[name], zone)
    ]


def number(value: object) -> float:
    """Return a cell's number; NaN where it is missing."""
    return float("nan") if blank(value) else float(value)  # type: ignore[arg-type]


def _minute(moment: object, zone: str) -> str:
    """Return a moment to the minute as the calendar's clock shows it; blank where it is missing."""
    return "" if blank(moment) else f"{pd.Timestamp(moment).tz_convert(zone):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]
