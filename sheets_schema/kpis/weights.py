"""How much of a year each month carries, by seven methods: the weights that `split` spreads by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sheets_schema.errors import RuleError

SPREADING = ("even", "working_days", "seasonal", "weighted", "growth", "445")
QUARTER_445 = (4, 4, 5)


class NoWeights(RuleError):
    """A method has nothing to weigh the months with (facts: method)."""

    key = "kpis.split.no_weights"


def month_weights(
    method: str,
    months: Sequence[str],
    *,
    working_days: Mapping[str, float] | None = None,
    typed: Mapping[str, float] | None = None,
    history: pd.DataFrame | None = None,
    growth: float | None = None,
) -> dict[str, float]:
    """Return month -> weight for one of the methods that spread a sum.

    Args:
        method: "even"; "working_days" (needs *working_days*); "seasonal" (needs *history*, else
            *typed*); "weighted" (needs *typed*); "growth" (needs *growth*, a monthly rate: 0.01
            is 1 %); "445" (four, four and five weeks).
        months: The twelve months of the plan year, in order.
        working_days: Month -> working days.
        typed: Month -> weight as people typed it; relative, any scale.
        history: Past years' rows: `year`, `month_of_year` (1 for the fiscal year's first), `value`.
        growth: The rate by which each month carries more than the one before.

    Raises:
        NoWeights: What the method needs is not there.
    """
    if method == "even":
        return dict.fromkeys(months, 1)
    if method == "445":
        return dict(zip(months, QUARTER_445 * 4, strict=True))
    if method == "growth" and growth is not None:
        return {month: (1 + growth) ** k for k, month in enumerate(months)}
    if method == "working_days" and working_days:
        return {month: working_days[month] for month in months}
    shares = seasonal_shares(history) if method == "seasonal" and history is not None else None
    if shares is not None:
        return dict(zip(months, shares, strict=True))
    if method in {"seasonal", "weighted"} and typed:
        return {month: typed.get(month, 0) for month in months}
    raise NoWeights(method=method)


def seasonal_shares(history: pd.DataFrame) -> list[float] | None:
    """Return each month's mean share of its year, over the past years that are complete.

    Args:
        history: `year`, `month_of_year` (1-12), `value`. A year with a month missing, or whose
            sum is not above 0, says nothing about the season and is left out.

    Returns:
        Twelve shares that sum to 1 (but for rounding), or None where no year is complete.

    >>> months = [{"year": 2025, "month_of_year": m, "value": float(m == 12)} for m in range(1, 13)]
    >>> seasonal_shares(pd.DataFrame(months))[-1]
    1.0
    """
    table = history.dropna(subset=["value"]).astype({"value": "float64"})
    years = table.pivot_table(index="year", columns="month_of_year", values="value", aggfunc="sum")
    years = years.reindex(columns=range(1, 13)).dropna()
    years = years[years.sum(axis=1) > 0]
    if years.empty:
        return None
    mean = years.div(years.sum(axis=1), axis=0).mean()
    return [max(float(share), 0.0) for share in mean]
