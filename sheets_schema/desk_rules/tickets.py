"""The rules of tickets, from the sheets of tickets and of people's working time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import pandas as pd

from sheets_schema.people.calendar import never, working_times
from sheets_schema.people.working_time import WorkingTime
from sheets_schema.tickets.rules import TicketRules

__all__ = ["RULE_TABLES", "ticket_rules"]

RULE_TABLES: Final = (
    "statuses",
    "categories",
    "priority_matrix",
    "sla_policies",
    "calendars",
    "holidays",
    "settings",
)
"""The sheets that the rules of tickets follow; a page that uses the rules loads them."""

AHEAD: Final = pd.Timedelta(days=2 * 366)
BEFORE: Final = pd.Timedelta(days=60)


class Frames(Protocol):
    """Tables by name: a snapshot, or a mapping of frames."""

    def __getitem__(self, name: str, /) -> pd.DataFrame:
        """Return a table."""


def ticket_rules(
    frames: Frames | Mapping[str, pd.DataFrame], now: pd.Timestamp, since: pd.Timestamp | None = None
) -> TicketRules:
    """Return the rules of tickets, as the workbook has them.

    Args:
        frames: `RULE_TABLES` by name; a snapshot will do.
        now: The moment, with a time zone; due times are known for two years from it.
        since: The earliest moment that will be asked for, such as the oldest
            ticket's opening; now where left out.

    Raises:
        BadHours: A calendar's hours cannot be read.
        BadZone: A calendar's time zone is none.
    """
    earliest = now if since is None or pd.isna(since) else min(now, since)
    settings = frames["settings"]
    zone = settings.loc[settings["id"] == "time_zone", "value"].dropna()
    calendars, holidays = frames["calendars"], frames["holidays"]
    found = _working(calendars, holidays, earliest - BEFORE, now + AHEAD)
    share = pd.to_numeric(settings.loc[settings["id"] == "due_soon_share", "value"], errors="coerce").dropna()
    return TicketRules(
        statuses=frames["statuses"].sort_values("position", kind="stable"),
        categories=frames["categories"],
        matrix=frames["priority_matrix"],
        policies=frames["sla_policies"],
        working=found or {"": never(str(zone.iloc[0]) if len(zone) else "UTC")},
        due_soon_share=float(share.iloc[0]) if len(share) else float("nan"),
    )


_KEPT: list[tuple[pd.DataFrame, pd.DataFrame, pd.Timestamp, pd.Timestamp, Mapping[str, WorkingTime]]] = []
"""The last ones of this process: calendars change seldom, and every page asks for them more than once."""
MOST: Final = 4


def _working(
    calendars: pd.DataFrame, holidays: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> Mapping[str, WorkingTime]:
    """Return the working time of every calendar from one moment to another, and perhaps beyond."""
    for one, other, begins, ends, found in _KEPT:
        if one is calendars and other is holidays and begins <= first and last <= ends:
            return found
    begins, ends = first.floor("D"), last.ceil("D")
    made = working_times(calendars, holidays, begins, ends)
    _KEPT[:] = [(calendars, holidays, begins, ends, made), *_KEPT[: MOST - 1]]
    return made
