"""What becomes of each ticket: answered, handed over, waiting, resolved, reopened, late.

Each step is planned in working hours since the ticket was opened and turned into a moment by the
desk's own working time; what lies after the demo's clock has not happened yet. Who is late is drawn
last, month by month, so that the year's story comes out of the tickets themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from opsline.demo.arrivals import SALE
from opsline.demo.content import AS_OF, ZONE, content
from sheets_schema.people.working_time import WorkingTime

NOW: Final = AS_OF.tz_convert("UTC").as_unit("us")
SLA_MET: Final[Mapping[int, float]] = {
    1: 0.958, 2: 0.961, 3: 0.954, 4: 0.960, 5: 0.952, 6: 0.941,
    7: 0.955, 8: 0.959, 9: 0.963, 10: 0.950, 11: 0.860,
}  # fmt: skip
"""Month -> share of tickets that are resolved in time (K05)."""
FIRST_MINUTES: Final[Mapping[int, float]] = {
    1: 24.1, 2: 23.8, 3: 24.9, 4: 24.3, 5: 25.2, 6: 26.0,
    7: 24.8, 8: 24.4, 9: 23.9, 10: 25.6, 11: 36.5,
}  # fmt: skip
"""Month -> mean first response, in working minutes (K04)."""
HANDED_OVER: Final = (0.22, 0.275)
"""Share of tickets that a department has to look into: January to October, November."""
TRAINING: Final = pd.Timestamp("2026-10-21")
"""The day of training T04, after which fewer refunds are reopened."""
REOPENED: Final = {"before": 0.098, "after": 0.05, "other": 0.022}
"""Share of resolved tickets that come back: refunds before and after the training, all others."""
ASKED_BACK: Final = {"handed over": 0.30, "others": 0.03, "recent": 0.35}
"""Share of tickets that wait for the customer or a supplier; in the sale many still do."""
SUPPLIED: Final = ("DEL", "WAR", "QUA")
"""Categories that wait for a supplier rather than for the customer."""
RECENT: Final = pd.Timestamp("2026-11-19")
OVERRUN: Final = (3.0, 0.55)
"""By how much of its time a late ticket overruns, on average: November, before."""
BUSY: Final = 0.5
"""In November work takes longer: the used share of the time is raised to this power."""
LATE_OFTEN: Final = {"REF": 3.0, "DEL": 1.8, "RET": 1.5, "ORD": 1.2}
"""Categories that are late more often than the others."""


def lives(arrived: pd.DataFrame, hours: WorkingTime, rng: np.random.Generator) -> pd.DataFrame:
    """Plan the life of each ticket up to the demo's clock.

    Args:
        arrived: n tickets as `arrivals` returns them.
        hours: The working time of calendar C.
        rng: Where chance comes from.

    Returns:
        The n rows with flags `handed_over`, `waited`, `reopened`, `late`, and moments in UTC, NaT
        where a step is not part of the life or not yet reached: `assigned`, `first_response_at`,
        `handed`, `returned`, `paused`, `resumed`, `resolved_first`, `reopened_at`, `resolved_at`;
        `paused_hours` (working hours), `first_response_due`, `resolution_due`.
    """
    plan = _plan(arrived, rng)
    plan["reopened"] = _reopened(plan, hours, rng)
    plan["late"] = False
    on_time = _walk(plan, hours)
    stuck = on_time["resolved_at"].isna() & (on_time["resolution_due"] <= NOW)
    plan.loc[stuck, "waited"] = False
    on_time = _walk(plan, hours)
    plan["late"] = _late(plan, on_time, rng)
    plan.loc[plan["late"], "work"] = plan["too_long"]
    return _walk(plan, hours)


def _plan(arrived: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw each ticket's steps, in working hours since it was opened."""
    plan, count = arrived.copy(), len(arrived)
    categories = content("categories")
    promise = {code: each["hours"] for code, each in categories.items()}
    has_department = arrived["category"].isin(
        [code for code, each in categories.items() if each["department"]]
    )
    plan["first_target"] = (
        arrived["category"].map({code: first for code, (first, _) in promise.items()}).astype(float)
    )
    plan["target"] = (
        arrived["category"].map({code: last for code, (_, last) in promise.items()}).astype(float)
    )
    in_november = (arrived["day"] >= "2026-11-01").to_numpy()
    share = np.where(in_november, HANDED_OVER[1], HANDED_OVER[0])
    plan["handed_over"] = has_department & (rng.random(count) < share)
    waits = np.where(plan["handed_over"], ASKED_BACK["handed over"], ASKED_BACK["others"])
    recent = (arrived["day"] >= RECENT).to_numpy() & (plan["target"] >= 15).to_numpy()  # noqa: PLR2004 - two days
    waits = np.where(recent, ASKED_BACK["recent"], waits)
    plan["waited"] = rng.random(count) < waits
    plan["first"] = _first_response(plan, rng)
    plan["assign"] = plan["first"] * rng.uniform(0.05, 0.5, count)
    used = np.where(plan["handed_over"], rng.beta(4, 3, count), rng.beta(1.3, 4, count))
    used = np.where(in_november, used**BUSY, used)
    room = plan["target"] * 0.96 - plan["first"]
    plan["work"] = plan["first"] + room.clip(lower=0.05) * used.clip(0.02, 0.98)
    plan["too_long"] = plan["target"] * (1.04 + rng.exponential(np.where(in_november, *OVERRUN), count))
    wait = rng.gamma(2, np.where(recent, 12.0, 5.0), count) + 0.5
    plan["wait"] = np.where(plan["waited"], wait, 0.0)
    plan["gap"] = rng.gamma(2, 4, count) + 1
    return plan


def _first_response(plan: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Draw the hours to the first response; each month has its mean."""
    drawn = plan["first_target"] * rng.gamma(1.6, 0.3, len(plan))
    drawn = drawn.clip(lower=0.02, upper=plan["target"] * 0.5)
    month = plan["day"].dt.month
    mean = drawn.groupby(month).transform("mean")
    scaled: pd.Series = drawn * month.map(FIRST_MINUTES).to_numpy() / 60 / mean
    return scaled.clip(lower=0.01, upper=plan["target"] * 0.6)


def _walk(plan: pd.DataFrame, hours: WorkingTime) -> pd.DataFrame:
    """Turn planned steps into moments, and forget those that lie ahead of the clock."""
    life = plan.copy()
    opened, first, work = plan["opened_at"], plan["first"], plan["work"]
    span = work - first

    def reach(offset: pd.Series, where: pd.Series | None = None) -> pd.Series:
        moment: pd.Series = hours.after(opened, offset).dt.ceil("s")
        return moment if where is None else moment.where(where)

    waited = plan["waited"] & ~plan["late"]
    wait = plan["wait"].where(waited, 0.0)
    life["assigned"], life["first_response_at"] = reach(plan["assign"]), reach(first)
    life["handed"] = reach(first + 0.1 * span, plan["handed_over"])
    life["returned"] = reach(first + 0.55 * span, plan["handed_over"])
    life["paused"], life["resumed"] = (
        reach(first + 0.65 * span, waited),
        reach(first + 0.65 * span + wait, waited),
    )
    again = plan["reopened"]
    life["resolved_first"] = reach(first + 0.9 * span + wait, again)
    life["reopened_at"] = reach(first + 0.9 * span + wait + plan["gap"], again)
    settled_once = again & (life["resolved_first"] <= NOW) & (life["reopened_at"] > NOW)
    again &= life["reopened_at"] <= NOW
    gap = plan["gap"].where(again, 0.0)
    life["resolved_at"] = reach(work + wait + gap).mask(settled_once, life["resolved_first"])
    still_waiting = waited & (life["paused"] <= NOW) & (life["resumed"] > NOW)
    life["reopened"] = again
    for name in ("resolved_first", "reopened_at"):
        life[name] = life[name].where(again)
    life["paused_hours"] = (wait.where(life["resumed"] <= NOW, 0.0) + gap).mask(still_waiting, 0.0)
    life["first_response_due"] = hours.after(opened, plan["first_target"])
    life["resolution_due"] = hours.after(opened, plan["target"] + life["paused_hours"])
    for name in (
        "assigned",
        "first_response_at",
        "handed",
        "returned",
        "paused",
        "resumed",
        "resolved_at",
    ):
        life[name] = life[name].where(life[name] <= NOW)
    return life


def _reopened(plan: pd.DataFrame, hours: WorkingTime, rng: np.random.Generator) -> np.ndarray:
    """Draw which tickets come back, so that the shares of resolved ones are met to a ticket."""
    resolved = (hours.after(plan["opened_at"], plan["work"] + plan["wait"]) <= NOW).to_numpy()
    refund = plan["category"].eq("REF").to_numpy()
    before = (plan["day"] < TRAINING).to_numpy()
    groups = {"before": refund & before, "after": refund & ~before, "other": ~refund}
    chosen = np.zeros(len(plan), dtype=bool)
    for name, group in groups.items():
        among = np.flatnonzero(group & resolved)
        chosen[rng.choice(among, round(REOPENED[name] * len(among)), replace=False)] = True
    return chosen


def _late(plan: pd.DataFrame, on_time: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Draw which tickets miss their due time, so that each month meets its share to a ticket.

    A ticket may be late only if its due time and its end, were it in time, fall into one month; so
    the number of tickets that count in a month does not depend on who is late.
    """
    met = _month(on_time["resolved_at"])
    due = _month(on_time["resolution_due"].where(on_time["resolution_due"] <= NOW))
    free = (met == due) & ~plan["waited"].to_numpy() & ~plan["reopened"].to_numpy()
    often = plan["category"].map(LATE_OFTEN).fillna(1.0).to_numpy(dtype=float)
    in_sale = (plan["day"] >= SALE).to_numpy(dtype=bool)
    lot = np.log(np.where(in_sale, 2.0, 1.0) * often) + rng.gumbel(size=len(plan))
    late = np.zeros(len(plan), dtype=bool)
    for month, share in SLA_MET.items():
        counted = int((met == month).sum())
        wanted = counted - round(share * counted)
        among = np.flatnonzero(free & (met == month))
        late[among[np.argsort(-lot[among], kind="stable")[:wanted]]] = True
    return late


def _month(moments: pd.Series) -> np.ndarray:
    """Return the local month of each moment, 0 where there is none."""
    month = moments.dt.tz_convert(ZONE).dt.month
    return np.asarray(month.fillna(0), dtype=int)
