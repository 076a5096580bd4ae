"""When a ticket's solution clock stood still, read from what happened to it."""

from __future__ import annotations

import pandas as pd

from sheets_schema.tickets.rules import TicketRules

__all__ = ["pauses"]


def pauses(events: pd.DataFrame, rules: TicketRules, now: pd.Timestamp) -> pd.DataFrame:
    """Return the times during which one ticket was paused.

    Args:
        events: The ticket's rows of `ticket_events`, in any order; only `status` events count.
        rules: Which statuses pause, and which solve.
        now: The end of a pause that still goes on.

    Returns:
        A row for each pause, in order: `start`, `end` (UTC) and `status`, the status waited in.
        The time between a solution and its reopening is a pause; a solution that holds is none.
    """
    steps = events[(events["kind"] == "status") & events["at"].notna()].sort_values("at", kind="stable")
    found: list[tuple[pd.Timestamp, pd.Timestamp, str]] = []
    since: pd.Timestamp | None = None
    waited = kind = ""
    for at, new in zip(steps["at"], steps["new"], strict=True):
        entered = rules.category_of(new)
        if since is not None and (kind, entered) == ("resolved", "closed"):
            continue
        if since is not None:
            found.append((since, at, waited))
        stops = entered in {"paused", "resolved", "closed"}
        since, waited, kind = (at, str(new), entered) if stops else (None, "", "")
    if since is not None and kind == "paused" and now > since:
        found.append((since, now, waited))
    utc = "datetime64[us, UTC]"
    frame = pd.DataFrame(found, columns=["start", "end", "status"])
    return frame.astype({"start": utc, "end": utc, "status": "str"})
