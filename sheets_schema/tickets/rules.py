"""What the ticket rules follow: the sheets that a company may change, and its working time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

__all__ = ["TicketRules", "WorkingTime", "blank", "text_of"]


class WorkingTime(Protocol):
    """Arithmetic along a calendar; `sheets_schema.people.working_time` has the real one."""

    @property
    def time_zone(self) -> str:
        """The calendar's time zone, an IANA name."""

    @property
    def holidays(self) -> Mapping[pd.Timestamp, str]:
        """Days on which nobody works, with their names."""

    def between(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Return n working hours from n starts to n ends."""

    def after(self, start: pd.Series, hours: pd.Series) -> pd.Series:
        """Return the n moments so many working hours after n starts."""

    def hours_between(self, start: pd.Timestamp, end: pd.Timestamp) -> float:
        """Return the working hours between two moments."""

    def moment_after(self, start: pd.Timestamp, hours: float) -> pd.Timestamp:
        """Return the moment so many working hours after another."""

    def within(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """Return the working intervals (start, end, made_up) between two moments."""


@dataclass(frozen=True, slots=True, eq=False)
class TicketRules:
    """The sheets that the rules of a ticket follow.

    Args:
        statuses: Rows of `statuses`: `id`, `category`, `next`, `position`.
        categories: Rows of `categories`: who takes what.
        matrix: Rows of `priority_matrix`: impact and urgency to priority.
        policies: Rows of `sla_policies`: the promises.
        working: The working time of each calendar, by its id.
        due_soon_share: The share of its time from which a ticket is due soon, where its policy
            does not say (setting `due_soon_share`); NaN where the setting is missing too.
    """

    statuses: pd.DataFrame
    categories: pd.DataFrame
    matrix: pd.DataFrame
    policies: pd.DataFrame
    working: Mapping[str, WorkingTime]
    due_soon_share: float = float("nan")
    _calendars: Mapping[object, object] = field(init=False, repr=False)
    _kinds: Mapping[object, object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the statuses and policies: a queue asks for one of each row."""
        object.__setattr__(self, "_calendars", _index(self.policies, "calendar"))
        object.__setattr__(self, "_kinds", _index(self.statuses, "category"))

    def calendar_of(self, policy: object) -> WorkingTime | None:
        """Return the working time that a policy promises in; the first calendar's where it has none."""
        name = text_of(self._calendars.get(policy))
        return self.working.get(name) or self.working.get(self.first_calendar)

    @property
    def first_calendar(self) -> str:
        """The calendar of tickets whose policy names none; blank where the workbook has none."""
        return next(iter(self.working), "")

    def category_of(self, status: object) -> str:
        """Return a status' category (open, paused, resolved, closed); blank for an unknown status."""
        return text_of(self._kinds.get(status))


def _index(frame: pd.DataFrame, name: str) -> dict[object, object]:
    """Return id -> value of a column; the first of two rows of one id counts."""
    known = frame[frame["id"].notna()].drop_duplicates("id")
    return dict(zip(known["id"], known[name], strict=True))


def blank(value: object) -> bool:
    """Say whether a cell's value is missing or an empty text.

    >>> blank(pd.NA), blank(" "), blank(0)
    (True, True, False)
    """
    return not value.strip() if isinstance(value, str) else bool(pd.isna(value))  # type: ignore[call-overload]


def text_of(value: object) -> str:
    """Return a value as text; blank where it is missing."""
    return "" if blank(value) else str(value).strip()
