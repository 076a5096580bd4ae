"""What the score of the data gives for KPIs: the policy's error rate and completeness (policy 四(一)3)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

__all__ = ["SOURCES", "latest", "measured", "trend"]

ERROR_RATE: Final = "quality.error_rate"
COMPLETENESS: Final = "quality.completeness"
SOURCES: Final = (ERROR_RATE, COMPLETENESS)
"""What a KPI's `source` may name here."""


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each source and month.

    The error rate is failed / checks over all dimensions but completeness, which is a KPI of its own:
    filled / required. Both are sums over the month's scores, so that a quarter is rebuilt from its
    months.

    Args:
        rows: Rows of `data_quality`.

    Returns:
        `source`, `scope_type` ("company"), `scope` (blank), `period` (a month), `numerator`,
        `denominator`, `value` (not yet scaled) and `n` (the checks), what
        `kpis.actuals.actuals` takes as computed.
    """
    known = rows.dropna(subset=["date", "dimension", "passed", "checked"])
    known = known.assign(period=known["date"].dt.strftime("%Y-%m"))
    filled = (known["dimension"] == "completeness").to_numpy(dtype=bool)
    passed, checked = (known[name].to_numpy(dtype="float64") for name in ("passed", "checked"))
    known = known.assign(
        source=np.where(filled, COMPLETENESS, ERROR_RATE),
        numerator=np.where(filled, passed, checked - passed),
        denominator=checked,
    )
    sums = known.groupby(["source", "period"])[["numerator", "denominator"]].sum().reset_index()
    value = sums["numerator"] / sums["denominator"].mask(sums["denominator"] == 0)
    columns = ["source", "scope_type", "scope", "period", "numerator", "denominator", "value", "n"]
    return sums.assign(scope_type="company", scope="", value=value, n=sums["denominator"])[columns]


def latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the newest score of each sheet and dimension."""
    known = rows.dropna(subset=["date", "sheet", "dimension"]).sort_values("date", kind="stable")
    return known.drop_duplicates(["sheet", "dimension"], keep="last")


def trend(rows: pd.DataFrame, dimension: str) -> pd.Series[float]:
    """Return the share of checks that passed, day by day, over all sheets; rebuilt from their sums."""
    mine = rows[(rows["dimension"] == dimension) & rows["date"].notna()]
    sums = mine.groupby("date")[["passed", "checked"]].sum().astype("float64")
    return sums["passed"] / sums["checked"].mask(sums["checked"] == 0)
