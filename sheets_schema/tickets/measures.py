"""What the tickets measure, month by month, with the rows behind each figure (formulas D1, D2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.language.lookup import counted, months
from sheets_schema.tickets.clock import done_at, due_at
from sheets_schema.tickets.rules import TicketRules
from sheets_schema.tickets.sla import along_calendars, judged

__all__ = ["SOURCES", "cases", "measure", "rows_behind"]

SATISFIED: Final = 4
"""The lowest score that counts as satisfied (top-2-box)."""

ANSWERS: Final = 2
"""More than one answer is more than one contact; a ticket that was handed on has had as many."""

AGAIN: Final = pd.Timedelta(days=7)
"""A new ticket by the same requester in the same category within this time was the same matter."""

Source = Callable[[pd.DataFrame, pd.DataFrame | None, TicketRules, pd.Timestamp], pd.DataFrame]


def measure(
    source: str,
    tickets: pd.DataFrame,
    events: pd.DataFrame | None,
    rules: TicketRules,
    *,
    now: pd.Timestamp,
    time_zone: str,
) -> pd.DataFrame:
    """Measure something of the tickets, month by month.

    Args:
        source: One of `SOURCES`, such as "tickets.sla_met".
        tickets: Rows of `tickets`.
        events: Rows of `ticket_events`; None where they are not at hand (only
            `tickets.first_contact` asks them).
        rules: Statuses, policies and calendars.
        now: The moment to measure at; what is open and overdue by then has missed its time.
        time_zone: Where months begin; the workbook's.

    Returns:
        A row for each month with anything in it, in order: `period` ("2026-11"), `numerator`,
        `denominator`, `value` (numerator / denominator, not yet scaled to % or per mille) and `n`,
        the number of tickets behind it. Ratios of longer periods are sums of both parts.

    Raises:
        KeyError: *source* is none of `SOURCES`.
    """
    found = cases(source, tickets, events, rules, now=now, time_zone=time_zone)
    sums = found.groupby("period")[["numerator", "denominator"]].sum().astype("float64")
    sums["value"] = sums["numerator"] / sums["denominator"].where(sums["denominator"] != 0)
    sums["n"] = found.groupby("period").size().astype("int64")
    return sums.reset_index().astype({"period": "str"})


def rows_behind(
    source: str,
    tickets: pd.DataFrame,
    events: pd.DataFrame | None,
    rules: TicketRules,
    period: str,
    *,
    now: pd.Timestamp,
    time_zone: str,
) -> pd.DataFrame:
    """Return the tickets that a figure of `measure` counts, with what each adds to it.

    Args:
        source: As for `measure`.
        tickets: As for `measure`.
        events: As for `measure`.
        rules: As for `measure`.
        period: A month "2026-11", or its beginning ("2026" for the year).
        now: As for `measure`.
        time_zone: As for `measure`.

    Returns:
        Rows of *tickets* with `numerator` and `denominator`; those that lower the figure first.
    """
    found = cases(source, tickets, events, rules, now=now, time_zone=time_zone)
    found = found[found["period"].str.startswith(period)]
    rows = tickets.join(found[["numerator", "denominator"]], how="inner")
    return rows.sort_values(["numerator", "opened_at"], kind="stable")


def cases(
    source: str,
    tickets: pd.DataFrame,
    events: pd.DataFrame | None,
    rules: TicketRules,
    *,
    now: pd.Timestamp,
    time_zone: str,
) -> pd.DataFrame:
    """Return each ticket that a measure counts: `period`, `numerator`, `denominator`, its own index.

    `period` is categorical: its categories are the months that occur, in order.
    """
    case = SOURCES[source](tickets, events, rules, now)
    case = case[case["at"].notna() & (case["at"] <= now)]
    return pd.DataFrame(
        {
            "period": months(case["at"], time_zone),
            "numerator": case["numerator"].astype("float64"),
            "denominator": case["denominator"].astype("float64"),
        }
    )


def _case(at: pd.Series, numerator: object, denominator: object = 1.0) -> pd.DataFrame:
    """Return n cases: when each counts, and what it adds above and below the line."""
    return pd.DataFrame({"at": at, "numerator": numerator, "denominator": denominator})


def _sla_met(
    tickets: pd.DataFrame, _events: pd.DataFrame | None, rules: TicketRules, now: pd.Timestamp
) -> pd.DataFrame:
    """Solved in time / decided: kept, or fallen due, in the month."""
    verdicts = judged(due_at(tickets, rules, now), done_at(tickets, rules), now)
    return _case(verdicts["at"], verdicts["in_time"].astype("float64"))


def _response_met(
    tickets: pd.DataFrame, _events: pd.DataFrame | None, rules: TicketRules, now: pd.Timestamp
) -> pd.DataFrame:
    """Answered in time / decided in the month."""
    answered = tickets["first_response_at"].fillna(done_at(tickets, rules))
    verdicts = judged(tickets["first_response_due"], answered, now)
    return _case(verdicts["at"], verdicts["in_time"].astype("float64"))


def _first_response(
    tickets: pd.DataFrame, _events: pd.DataFrame | None, rules: TicketRules, _now: pd.Timestamp
) -> pd.DataFrame:
    """Working minutes from opening to first answer / tickets answered, in the month of the answer."""
    known = tickets[["first_response_at", "opened_at", "sla_policy"]]
    answered = known[known["first_response_at"].notna() & known["opened_at"].notna()]
    return along_calendars(
        answered,
        rules,
        lambda working, rows: _case(
            rows["first_response_at"], working.between(rows["opened_at"], rows["first_response_at"]) * 60
        ),
    )


def _csat(
    tickets: pd.DataFrame, _events: pd.DataFrame | None, rules: TicketRules, _now: pd.Timestamp
) -> pd.DataFrame:
    """Scores of 4 and 5 / scores, in the month of the answer (of the solution where it has no date)."""
    names = ["csat_score", "csat_at", "opened_at", "status", "resolved_at", "closed_at"]
    rated = tickets.loc[tickets["csat_score"].notna(), names]
    at = rated["csat_at"].fillna(done_at(rated, rules)).fillna(rated["opened_at"])
    return _case(at, (rated["csat_score"] >= SATISFIED).astype("float64"))


def _complaint_rate(
    tickets: pd.DataFrame, _events: pd.DataFrame | None, _rules: TicketRules, _now: pd.Timestamp
) -> pd.DataFrame:
    """Complaints opened / tickets opened in the month."""
    return _case(tickets["opened_at"], (tickets["type"] == "complaint").astype("float64"))


def _first_contact(
    tickets: pd.DataFrame, events: pd.DataFrame | None, rules: TicketRules, _now: pd.Timestamp
) -> pd.DataFrame:
    """Solved in the first contact / solved in the month.

    Not in the first contact: transferred, reopened, answered more than once before the solution, or
    asked again by the same requester in the same category within seven days. Without events a
    department on the ticket stands for a transfer.
    """
    done = done_at(tickets, rules)
    again = _asked_again(tickets, done)
    reopened = tickets["reopen_count"].fillna(0).astype("int64") > 0
    passed_on = tickets["department"].notna() if events is None else _passed_on(tickets["id"], events)
    at_once = ~(passed_on | reopened | again)
    return _case(done[done.notna()], at_once[done.notna()].astype("float64"))


def _passed_on(tickets: pd.Series, events: pd.DataFrame) -> pd.Series:
    """Say which tickets were handed on, or answered more than once."""
    kind = events["kind"]
    handoff, reply = kind == "handoff", (kind == "reply") & events["public"].fillna(value=False)
    weight = np.where(handoff, ANSWERS, reply.astype("float64"))[handoff | reply]
    return pd.Series(
        counted(tickets, events.loc[handoff | reply, "ticket"], weight) >= ANSWERS, tickets.index
    )


def _asked_again(tickets: pd.DataFrame, done: pd.Series) -> pd.Series:
    """Say which tickets had a successor: same requester and category, soon after the solution."""
    requester, category = (pd.factorize(tickets[name])[0] for name in ("requester", "category"))
    opened, solved = (each.dt.tz_localize(None).to_numpy() for each in (tickets["opened_at"], done))
    named = np.flatnonzero((requester >= 0) & (category >= 0) & ~np.isnat(opened))
    matter = (requester * (category.max(initial=0) + 1) + category)[named]
    opened, solved = opened[named], solved[named]
    by_time = np.argsort(opened, kind="stable")
    matter, place = np.divmod(np.sort(matter[by_time] * len(named) + np.arange(len(named))), len(named))
    order, same = by_time[place], np.diff(matter) == 0
    before, after = order[:-1][same], order[1:][same]
    again = np.zeros(len(tickets), dtype=bool)
    again[named[before]] = opened[after] <= (solved + AGAIN.to_timedelta64())[before]
    return pd.Series(again, index=tickets.index)


SOURCES: Final[Mapping[str, Source]] = {
    "tickets.sla_met": _sla_met,
    "tickets.response_met": _response_met,
    "tickets.first_response": _first_response,
    "tickets.csat": _csat,
    "tickets.complaint_rate": _complaint_rate,
    "tickets.first_contact": _first_contact,
}
"""What can stand in a KPI's `source`."""
