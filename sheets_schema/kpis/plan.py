"""Plan a KPI's year by its method: check that the method fits, weigh the months, split or lead."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from sheets_schema.kpis.periods import months_of, year_of
from sheets_schema.kpis.split import Plan, check_method, glide_year, repeat_year, split_year
from sheets_schema.kpis.weights import SPREADING, NoWeights, month_weights


def plan_year(
    kpi: Mapping[str, object],
    year: int,
    total: float,
    method: str,
    *,
    held: Mapping[str, float] | None = None,
    start: int = 1,
    baseline: float | None = None,
    working_days: Mapping[str, float] | None = None,
    typed: Mapping[str, float] | None = None,
    history: pd.DataFrame | None = None,
    growth: float | None = None,
) -> Plan:
    """Plan a year.

    Args:
        kpi: The row of `kpis`: `aggregation`, `split_unit`, `decimals`, `baseline`.
        year: The plan year.
        total: The year's target; for a glide the target at the year's end.
        method: One of the split methods.
        held: Month or quarter -> figure that stays as it is.
        start: First month of the fiscal year.
        baseline: Where a glide starts; the KPI's own where left out.
        working_days: Month -> working days.
        typed: Month -> typed weight.
        history: Past years' values, as `weights.seasonal_shares` takes them.
        growth: Monthly growth of the weights.

    Raises:
        SplitRefused: The method does not fit the KPI, or the figures cannot be split so.
        NoWeights: The method lacks what it weighs with.
    """
    check_method(method, str(kpi["aggregation"]))
    unit = unit_of(kpi)
    if method in SPREADING:
        months = months_of(str(year), start)
        weights = month_weights(
            method, months, working_days=working_days, typed=typed, history=history, growth=growth
        )
        return split_year(year, total, unit, weights, held, start)
    if method == "repeat":
        return repeat_year(year, total, held, start)
    begin = baseline if baseline is not None else _number(kpi.get("baseline"))
    if math.isnan(begin):
        raise NoWeights("kpis.split.no_baseline")
    return glide_year(year, begin, total, unit, held, start)


def unit_of(kpi: Mapping[str, object]) -> float:
    """Return the step that a KPI's parts are rounded to: `split_unit`, else its last decimal.

    >>> unit_of({"split_unit": 10.0, "decimals": 1}), unit_of({"split_unit": None, "decimals": 1})
    (10.0, 0.1)
    """
    unit = _number(kpi.get("split_unit"))
    if unit > 0:
        return unit
    decimals = _number(kpi.get("decimals"))
    return 1.0 if math.isnan(decimals) else float(f"1e-{int(decimals)}")


def season_of(known: pd.DataFrame, kpi: str, year: int, start: int = 1) -> pd.DataFrame:
    """Return the company's values of the years before *year*, as the seasonal method takes them.

    Args:
        known: What `actuals.actuals` returned, of any years.
        kpi: The KPI's code.
        year: The plan year.
        start: First month of the fiscal year.

    Returns:
        `year`, `month_of_year` (1 is the fiscal year's first month), `value`.
    """
    mine = known[(known["kpi"] == kpi) & (known["scope_type"] == "company")]
    years = [year_of(period, start) for period in mine["period"]]
    places = [(int(period[5:7]) - start) % 12 + 1 for period in mine["period"]]
    table = pd.DataFrame({"year": years, "month_of_year": places, "value": mine["value"].tolist()})
    return table[table["year"] < year]


def _number(value: object) -> float:
    """Return a cell as a number; NaN where it holds none."""
    return float(value) if isinstance(value, int | float) and not pd.isna(value) else math.nan
