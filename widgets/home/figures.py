"""The figures of the home page: pure, from tables to numbers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sheets_schema.risks.assess import latest
from sheets_schema.risks.level import rated

DAYS = 14
"""How many days back a small line goes."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many tickets were open, and how many overdue, at the same hour of each day.

    Both lists end with today; each has `DAYS` + 1 numbers.
    """

    open: tuple[int, ...]
    overdue: tuple[int, ...]


def backlog(tickets: pd.DataFrame, done: pd.Series, now: pd.Timestamp, days: int = DAYS) -> Backlog:
    """Count what was open and overdue at *now* and at the same hour of the days before.

    Args:
        tickets: n rows with `opened_at`, `resolution_due`, `first_response_due`, `first_response_at`.
        done: n moments at which they were solved; NaT where they are open.
        now: The moment to end at, in UTC.
        days: How many days to go back.

    A due time that was moved since counts as it is today: what it was is not in the table.
    """
    opened = tickets["opened_at"]
    answered = tickets["first_response_at"].fillna(done)
    open_then, overdue_then = [], []
    for back in range(days, -1, -1):
        then = now - pd.Timedelta(days=back)
        is_open = (opened <= then) & ~(done <= then)
        late = (tickets["resolution_due"] < then) | (
            (tickets["first_response_due"] < then) & ~(answered <= then)
        )
        open_then.append(int(is_open.sum()))
        overdue_then.append(int((is_open & late).sum()))
    return Backlog(tuple(open_then), tuple(overdue_then))


def above_appetite(
    risks: pd.DataFrame,
    assessments: pd.DataFrame,
    levels: pd.DataFrame,
    appetite: float,
    at: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return the open risks whose current score lies above what the company is ready to bear.

    Args:
        risks: Rows of `risks`.
        assessments: Rows of `risk_assessments`, of any age.
        levels: Rows of `risk_levels`.
        appetite: The highest score that is borne without more ado.
        at: Read the assessments as they were then (UTC); now where left out.

    Returns:
        Their current assessments with `score` and `level`, the highest first.
    """
    current = latest(assessments, at)
    current = current[current["stage"] == "current"]
    open_ids = risks.loc[risks["status"] == "open", "id"]
    found = rated(current[current["risk"].isin(open_ids)], levels)
    above = found["score"].astype("float64") > appetite
    return found[above].sort_values("score", ascending=False, kind="stable")


def overdue_actions(actions: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the open actions whose day has passed, the oldest first; *today* is a naive midnight."""
    late = (actions["status"] == "open") & (actions["due"] < today)
    return actions[late].sort_values("due", kind="stable")


def share_met(cases: pd.DataFrame, period: str) -> tuple[float, int]:
    """Return the share (0 to 1, NaN of nothing) of promises kept in a period, and how many there were.

    >>> kept = pd.DataFrame({"period": ["2026-11", "2026-11"], "numerator": [1.0, 0.0],
    ...                      "denominator": [1.0, 1.0]})
    >>> share_met(kept, "2026-11"), share_met(kept, "2026-10")
    ((0.5, 2), (nan, 0))
    """
    mine = cases[cases["period"] == period]
    whole = float(mine["denominator"].sum())
    return (float(mine["numerator"].sum()) / whole if whole else float("nan")), int(whole)
