"""The two dimensions that cells alone cannot tell: in time, and true to a source that can be trusted.

Only what has a due day, or a source, is measured; of everything else nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from sheets_schema.doctor.scores import Score
from sheets_schema.kpis.actuals import drafts
from sheets_schema.kpis.periods import is_period, last_month, month_at, months_of, year_of

__all__ = ["DUE_DAYS", "accuracy", "timeliness"]

DUE_DAYS: Final = 10
"""Days after the end of a period by which its value is entered, unless the setting kpi_due_days says."""
STEPS: Final = {"month": 1, "quarter": 3, "year": 12}


def timeliness(
    frames: Mapping[str, pd.DataFrame], *, now: pd.Timestamp, time_zone: str, start: int = 1
) -> Score | None:
    """Return how many of the typed KPI values that were due in the plan year came in time.

    A value is due for each period of a typed KPI; its row must have been made by the due day, which
    is `kpi_due_days` days after the period's end. One that is missing was not in time.

    Args:
        frames: `kpis`, `kpi_actuals` and `settings`.
        now: The moment, with a time zone.
        time_zone: Where days begin; the workbook's.
        start: First month of the fiscal year.

    Returns:
        The score of `kpi_actuals`; None where nothing was due yet.
    """
    kpis, typed = frames["kpis"], frames["kpi_actuals"]
    asked = kpis[kpis["id"].notna() & (kpis["source"].isna() | (kpis["source"] == "typed"))]
    days = pd.Timedelta(days=_due_days(frames["settings"]))
    company = typed[(typed["scope_type"] == "company") & typed["period"].map(is_period).astype(bool)]
    made = {
        (kpi, last_month(period, start)): at
        for kpi, period, at in zip(company["kpi"], company["period"], company["created_at"], strict=True)
    }
    months = months_of(str(year_of(month_at(now, time_zone), start)), start)
    due = [
        (kpi, month, _end(month, time_zone) + days)
        for kpi, frequency in zip(asked["id"], asked["frequency"], strict=True)
        for number, month in enumerate(months, start=1)
        if not number % STEPS.get(str(frequency), 1)
    ]
    past = [(kpi, month, until) for kpi, month, until in due if until <= now]
    if not past:
        return None
    in_time = sum(
        pd.notna(at := made.get((kpi, month), pd.NaT)) and at <= until for kpi, month, until in past
    )
    return Score("kpi_actuals", "timeliness", int(in_time), len(past))


def accuracy(kpis: pd.DataFrame, typed: pd.DataFrame, computed: pd.DataFrame, until: str) -> Score | None:
    """Return how many typed KPI values are those that the tickets, or the doctor, give.

    Only where a value is known from both: the computed one is the trusted source.

    Args:
        kpis: Rows of `kpis`: `id`, `source`, `scale`, `decimals`.
        typed: Rows of `kpi_actuals`; drafts do not count.
        computed: `source`, `scope_type`, `scope`, `period` and `value`, not yet scaled.
        until: The last month that is over.

    Returns:
        The score of `kpi_actuals`; None where nothing is known twice.
    """
    entered = typed[~typed.index.isin(drafts(typed).index) & typed["value"].notna()]
    scope = entered["scope"].astype("object").where(entered["scope"].notna(), "")
    entered = entered.assign(scope=scope.mask(entered["scope_type"] == "company", ""))
    known = kpis[["id", "source", "scale", "decimals"]].merge(computed, on="source")
    keys = ["kpi", "scope_type", "scope", "period"]
    figures = known.rename(columns={"id": "kpi", "value": "given"})[[*keys, "given", "scale", "decimals"]]
    both = entered[[*keys, "value"]].astype(dict.fromkeys(keys, "object")).merge(figures, on=keys)
    both = both[(both["period"] <= until) & both["given"].notna()]
    if both.empty:
        return None
    scaled = both["given"].astype("float64") * both["scale"].fillna(1)
    near = 0.5 * 10.0 ** -both["decimals"].fillna(1).astype("float64")
    passed = (scaled - both["value"]).abs() <= near + 1e-9
    return Score("kpi_actuals", "accuracy", int(passed.sum()), len(both))


def _end(month: str, time_zone: str) -> pd.Timestamp:
    """Return the moment at which a month is over, in UTC."""
    first = pd.Timestamp(f"{month}-01") + pd.DateOffset(months=1)
    return first.tz_localize(time_zone).tz_convert("UTC")


def _due_days(settings: pd.DataFrame) -> int:
    """Return after how many days a value is due."""
    found = pd.to_numeric(settings.loc[settings["id"] == "kpi_due_days", "value"], errors="coerce").dropna()
    return int(found.iloc[0]) if len(found) and 0 <= found.iloc[0] <= 366 else DUE_DAYS  # noqa: PLR2004 - a year
