"""How long solutions took: the figures that incident logs publish."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["Durations", "resolution_times"]


@dataclass(frozen=True, slots=True)
class Durations:
    """How long solutions took, in hours of the calendar on the wall.

    Args:
        tickets: All tickets, with those that are not solved.
        resolved: Those with an opening and a solution; the figures are of these.
        mean: Their mean.
        median: Their median.
        p90: The hours within which 90 % of them were solved.
        maximum: The longest.
        breached: How many of them were late.
        breach_share: The late ones among those with a promise.
    """

    tickets: int
    resolved: int
    mean: float
    median: float
    p90: float
    maximum: float
    breached: int
    breach_share: float


def resolution_times(tickets: pd.DataFrame, in_time: pd.Series | None = None) -> Durations:
    """Return how long solutions took.

    Args:
        tickets: n rows with `opened_at`, `resolved_at` and, without *in_time*, `resolution_due`.
        in_time: n truths from elsewhere (a log's own flag), NA where it says nothing.

    Returns:
        The figures; NaN where no ticket is solved, or none has a promise.
    """
    solved = tickets[tickets["resolved_at"].notna() & tickets["opened_at"].notna()]
    hours = (solved["resolved_at"] - solved["opened_at"]).dt.total_seconds() / 3600
    if in_time is None:
        promised = solved["resolution_due"].notna()
        late = (solved["resolved_at"] > solved["resolution_due"])[promised]
    else:
        late = ~in_time[solved.index].dropna().astype(bool)
    return Durations(
        tickets=len(tickets),
        resolved=len(solved),
        mean=float(hours.mean()),
        median=float(hours.median()),
        p90=float(hours.quantile(0.9)),
        maximum=float(hours.max()),
        breached=int(late.sum()),
        breach_share=float(late.mean()) if len(late) else float("nan"),
    )
