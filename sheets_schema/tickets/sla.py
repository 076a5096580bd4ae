"""Which promise a ticket has, when it falls due, and whether it was kept."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sheets_schema.language.lookup import looked_up
from sheets_schema.tickets.rules import TicketRules, WorkingTime, blank, text_of

__all__ = ["along_calendars", "choose", "due_times", "judged", "policy_of", "sla_met"]


def policy_of(policies: pd.DataFrame, category: object, priority: object) -> dict[str, object] | None:
    """Return the most specific policy for a category and a priority; None where none applies.

    Category and priority go before category alone, that before priority alone, that before neither;
    among equals the lower `position` goes first. A blank in a policy means any.
    """
    return _first(_ranked(policies), category, priority)


def choose(policies: pd.DataFrame, tickets: pd.DataFrame) -> pd.Series:
    """Return the id of each ticket's policy, NaN where none applies.

    Args:
        policies: Rows of `sla_policies`.
        tickets: n rows with `category` and `priority`.
    """
    keys = pd.MultiIndex.from_frame(tickets[["category", "priority"]])
    codes, distinct = keys.factorize()
    ranked = _ranked(policies)
    found = [_first(ranked, category, priority) for category, priority in distinct]
    ids = pd.Series([None if each is None else each["id"] for each in found], dtype="str")
    return pd.Series(ids.to_numpy()[codes], index=tickets.index, dtype="str")


def _ranked(policies: pd.DataFrame) -> list[dict[str, object]]:
    """Return the policies as records, the most specific first."""
    rows = policies[policies["id"].notna()].sort_values("position", kind="stable").to_dict("records")
    return sorted(rows, key=lambda row: 2 * blank(row["category"]) + blank(row["priority"]))  # type: ignore[arg-type]


def _first(ranked: list[dict[str, object]], category: object, priority: object) -> dict[str, object] | None:
    """Return the first policy that fits."""
    wanted = {"category": text_of(category), "priority": text_of(priority)}
    return next(
        (row for row in ranked if all(text_of(row[name]) in {"", code} for name, code in wanted.items())),
        None,
    )


def due_times(tickets: pd.DataFrame, rules: TicketRules) -> pd.DataFrame:
    """Return when each ticket's answer and solution fall due.

    Args:
        tickets: n rows with `opened_at`, `sla_policy` and `paused_hours`.
        rules: Whose policies give the hours, and whose calendars they run in.

    Returns:
        n rows: `first_response_due` (its clock never pauses) and `resolution_due` (moved by the
        working hours paused), in UTC; NaT where there is no policy, target or start.
    """
    promised = rules.policies.drop_duplicates("id").set_index("id")
    answer, solution = (
        looked_up(tickets["sla_policy"], promised[name]).astype("float64")
        for name in ("first_response_hours", "resolution_hours")
    )
    paused = tickets["paused_hours"].astype("float64").fillna(0.0)
    return along_calendars(
        tickets[["opened_at", "sla_policy"]],
        rules,
        lambda working, rows: pd.DataFrame(
            {
                "first_response_due": working.after(rows["opened_at"], answer[rows.index]),
                "resolution_due": working.after(rows["opened_at"], (solution + paused)[rows.index]),
            }
        ),
    )


def along_calendars(
    tickets: pd.DataFrame,
    rules: TicketRules,
    work: Callable[[WorkingTime, pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    """Do *work* for the tickets of each calendar, and return its rows in the tickets' order.

    A ticket whose policy names no calendar goes by the first one.

    Raises:
        KeyError: The workbook has no calendar at all.
    """
    calendars = rules.policies.drop_duplicates("id").set_index("id")["calendar"]
    mine = looked_up(tickets["sla_policy"], calendars)
    mine = mine.where(mine.isin(list(rules.working)), rules.first_calendar)
    parts = [work(rules.working[name], tickets[mine == name]) for name in mine.unique()]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return work(rules.working[rules.first_calendar], tickets)
    return pd.concat(parts).reindex(tickets.index)


def judged(due: pd.Series, done: pd.Series, now: pd.Timestamp) -> pd.DataFrame:
    """Say of each promise when it was decided, and whether it was kept.

    Args:
        due: n moments, NaT where nothing was promised.
        done: n moments, NaT where it is not done.
        now: The moment to judge at.

    Returns:
        n rows: `at`, the moment at which the promise was kept or fell due, whichever came first (NaT
        where nothing was promised, or neither has come); and `in_time`. What is open and overdue is
        not in time. Each promise is decided once, so that months sum to the year.
    """
    kept = done.notna() & (done <= due)
    fallen = due.notna() & ~kept & (due <= now)
    at = done.where(kept, due.where(fallen))
    return pd.DataFrame({"at": at, "in_time": kept})


def sla_met(due: pd.Series, done: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> tuple[int, int]:
    """Return how many promises decided in [start, end) were kept, and how many were decided.

    What fell due in the period and is still open, or was done late, counts as missed; *end* is the
    moment of judgement, so a period that is not over is asked for with now as its end.
    """
    cases = judged(due, done.where(done < end), end)
    inside = (cases["at"] >= start) & (cases["at"] < end)
    return int((cases["in_time"] & inside).sum()), int(inside.sum())
