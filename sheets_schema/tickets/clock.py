"""The SLA clock: what is left of each ticket's time, and how it stands."""

from __future__ import annotations

import enum

import numpy as np
import pandas as pd

from sheets_schema.language.lookup import looked_up
from sheets_schema.tickets.rules import TicketRules, WorkingTime
from sheets_schema.tickets.sla import along_calendars

__all__ = ["State", "clock", "done_at", "due_at"]

LEVELS = (1.0, 1.5)
"""Shares of its time at which a ticket climbs to level 2 and 3; level 1 is the policy's own."""


READ = (
    *("opened_at", "first_response_at", "first_response_due", "resolution_due"),
    *("paused_since", "paused_hours", "sla_policy"),
)
"""What the clocks are read from, beside the status; only this is taken apart by calendar."""


@enum.unique
class State(enum.StrEnum):
    """How a promise stands."""

    NONE = "none"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    PAUSED = "paused"
    BREACHED = "breached"
    MET = "met"
    MISSED = "missed"


def clock(tickets: pd.DataFrame, rules: TicketRules, now: pd.Timestamp) -> pd.DataFrame:
    """Read both clocks of every ticket.

    Args:
        tickets: n rows of `tickets`.
        rules: The statuses (what pauses, what is done), policies and calendars.
        now: The moment to read the clocks at.

    Returns:
        n rows on the same index:

        * `due`: when the solution is due; while a ticket is paused its due time moves with *now*;
        * `left`, `used`: working hours until then (negative once late; at the end where it is
          done), and the share of the time used (1.0 at the due time);
        * `state`: a `State`; `level`: 0 to 3, how far an open ticket has to be escalated;
        * `response_due`, `response_left`, `response_used`, `response_state`: the same for the first
          answer, whose clock never pauses. A solution is an answer too.

        NaT, NaN and "none" where nothing was promised.
    """
    ended = done_at(tickets, rules)
    known = tickets[list(READ)].assign(
        ended=ended,
        finished=_is(tickets, rules, "resolved", "closed") | ended.notna(),
        paused=_is(tickets, rules, "paused"),
        answered=tickets["first_response_at"].fillna(ended),
        warn=_warn_share(tickets, rules),
    )
    return along_calendars(known, rules, lambda working, rows: _read(working, rows, now))


def due_at(tickets: pd.DataFrame, rules: TicketRules, now: pd.Timestamp) -> pd.Series:
    """Return when each solution is due, as `clock` has it: only what is paused has to be reckoned."""
    due = tickets["resolution_due"]
    waiting = _is(tickets, rules, "paused") & due.notna() & tickets["paused_since"].notna()
    if not waiting.any():
        return due
    moved = along_calendars(
        tickets.loc[waiting, ["paused_since", "resolution_due", "sla_policy"]],
        rules,
        lambda working, rows: pd.DataFrame(
            {"due": _moved(working, working.between(rows["paused_since"], rows["resolution_due"]), now)}
        ),
    )
    return due.where(~waiting, moved["due"].reindex(tickets.index))


def done_at(tickets: pd.DataFrame, rules: TicketRules) -> pd.Series:
    """Return when each ticket was solved; NaT while it is open, whatever an old cell says."""
    done = tickets["resolved_at"].fillna(tickets["closed_at"])
    return done.where(~_is(tickets, rules, "open", "paused"))


def _read(working: WorkingTime, rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Read the clocks of tickets of one calendar."""
    here = _moments(now, rows.index)
    waiting = rows["paused"] & rows["ended"].isna() & rows["paused_since"].notna()
    stopped = rows["ended"].fillna(rows["paused_since"].where(waiting)).fillna(here)
    solution = _run(working, rows, "resolution_due", stopped, rows["paused_hours"])
    answer = _run(working, rows, "first_response_due", rows["answered"].fillna(here), None)
    moved = _moved(working, solution["left"], now)
    solved = rows["finished"], rows["finished"] & rows["ended"].isna()
    answered = rows["finished"] | rows["answered"].notna(), rows["finished"] & rows["answered"].isna()
    return pd.DataFrame(
        {
            "due": rows["resolution_due"].where(~waiting | rows["resolution_due"].isna(), moved),
            "left": solution["left"],
            "used": solution["used"],
            "state": _state(solution, *solved, rows["warn"], waiting),
            "level": _level(solution["used"], rows["warn"], rows["finished"]),
            "response_due": rows["first_response_due"],
            "response_left": answer["left"],
            "response_used": answer["used"],
            "response_state": _state(answer, *answered, rows["warn"], waiting & ~waiting),
        }
    )


def _moved(working: WorkingTime, left: pd.Series, now: pd.Timestamp) -> pd.Series:
    """Return when n clocks that stand still are due if they run on from now, with so many hours left."""
    return working.after(_moments(now, left.index), left.clip(lower=0.0))


def _run(
    working: WorkingTime, rows: pd.DataFrame, name: str, stopped: pd.Series, paused: pd.Series | None
) -> pd.DataFrame:
    """Return how n clocks stand that stopped, or are read, at *stopped*."""
    due = rows[name]
    left = working.between(stopped, due)
    target = working.between(rows["opened_at"], due)
    if paused is not None:
        target -= paused.astype("float64").fillna(0.0)
    return pd.DataFrame(
        {"due": due, "left": left, "used": _share(target - left, target), "late": stopped > due}
    )


def _state(
    run: pd.DataFrame, done: pd.Series, unknown: pd.Series, warn: pd.Series, waiting: pd.Series
) -> pd.Series:
    """Return the state of n promises: the first that holds. Done at an unknown moment is no state."""
    found = np.select(
        [
            run["due"].isna() | unknown,
            done & run["late"],
            done,
            run["late"],
            waiting,
            run["used"] >= warn,
        ],
        [State.NONE, State.MISSED, State.MET, State.BREACHED, State.PAUSED, State.DUE_SOON],
        default=State.ON_TRACK,
    )
    return pd.Series(found.astype(object), index=run.index, dtype="str")


def _level(used: pd.Series, warn: pd.Series, finished: pd.Series) -> pd.Series:
    """Return how far each open ticket is to be escalated."""
    steps = (used >= warn).astype("int64") + sum((used >= share).astype("int64") for share in LEVELS)
    return steps.where(~finished.astype(bool), 0)


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part / whole; where the whole is nothing, 0 before its end and infinite after."""
    ratio = part / whole.where(whole > 0)
    return ratio.fillna(pd.Series(np.where(part > 0, np.inf, 0.0), index=part.index)).where(whole.notna())


def _warn_share(tickets: pd.DataFrame, rules: TicketRules) -> pd.Series:
    """Return the share from which each ticket is due soon."""
    own = rules.policies.drop_duplicates("id").set_index("id")["warn_share"]
    return looked_up(tickets["sla_policy"], own).astype("float64").fillna(rules.due_soon_share)


def _is(tickets: pd.DataFrame, rules: TicketRules, *categories: str) -> pd.Series:
    """Say which tickets have a status of some categories."""
    statuses = rules.statuses.drop_duplicates("id").set_index("id")["category"]
    places, codes = pd.factorize(tickets["status"])
    wanted = [*statuses.reindex(codes).isin(categories), False]
    return pd.Series(np.array(wanted, dtype=bool)[places], index=tickets.index)


def _moments(moment: pd.Timestamp, index: pd.Index) -> pd.Series:
    """Return one moment n times."""
    return pd.Series(moment.tz_convert("UTC").as_unit("us"), index=index)
