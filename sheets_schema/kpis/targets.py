"""The targets in force: of the newest plan that was approved, period by period."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from sheets_schema.kpis.periods import is_period, months_of, quarters_of
from sheets_schema.kpis.rollup import target_over
from sheets_schema.kpis.split import Plan

IN_FORCE = ("approved", "locked")


def in_force(targets: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the targets of one plan year that count.

    Args:
        targets: Rows of `kpi_targets`.
        year: The plan year.

    Returns:
        `kpi`, `scope_type` ("company" where blank), `scope`, `period`, `target`, `held`, `method`,
        `weight`, `plan_version`, `status`: of each KPI and scope the highest plan version that is
        approved or locked; a draft is not measured against. A period that is written twice in a
        version counts with its lower row.
    """
    of_year = (targets["year"] == year).fillna(value=False).astype(bool)
    agreed = targets["status"].isin(IN_FORCE)
    rows = targets[of_year & agreed & targets["period"].map(is_period).astype(bool)]
    rows = rows.assign(
        scope_type=rows["scope_type"].fillna("company").astype("object"),
        scope=rows["scope"].fillna("").astype("object"),
        plan_version=rows["plan_version"].astype("Int64").fillna(1).astype("int64"),
        target=rows["target"].astype("float64"),
    )
    rows["scope"] = rows["scope"].mask(rows["scope_type"] == "company", "")
    keys = ["kpi", "scope_type", "scope"]
    newest = rows.groupby(keys)["plan_version"].transform("max")
    return rows[rows["plan_version"] == newest].drop_duplicates([*keys, "period"], keep="last")


def next_version(targets: pd.DataFrame, kpi: str, year: int) -> int:
    """Return the number that the next plan of a KPI bears."""
    mine = targets[(targets["kpi"] == kpi) & (targets["year"] == year).fillna(value=False)]
    known = mine["plan_version"].dropna()
    return int(known.max()) + 1 if len(known) else 1


def all_periods(
    aggregation: str, goal: float, written: Mapping[str, float], year: int, start: int = 1
) -> dict[str, float]:
    """Return a KPI's target for every month, quarter and the year.

    Args:
        aggregation: The KPI's kind.
        goal: Its goal; NaN where it has none.
        written: Period -> target, as the sheet holds them.
        year: The plan year.
        start: First month of the fiscal year.

    Returns:
        Period -> target, 17 of them, months first. What the sheet does not hold follows from the
        months by the KPI's own kind; a month without a target has the goal where the KPI is not
        additive; else NaN.

    >>> all_periods("ratio", 95.0, {"2026-11": 90.0}, 2026)["2026-Q4"] > 93
    True
    """
    fallback = math.nan if aggregation == "sum" else goal
    targets = {month: written.get(month, fallback) for month in months_of(str(year), start)}
    for period in (*quarters_of(year), str(year)):
        monthly = [targets[month] for month in months_of(period, start)]
        targets[period] = written[period] if period in written else _whole(aggregation, monthly)
    return targets


def rows_of(
    plan: Plan,
    *,
    kpi: str,
    scope_type: str,
    scope: str,
    year: int,
    method: str,
    version: int,
    status: str,
    approved_by: str | None = None,
    weights: dict[str, float] | None = None,
) -> list[dict[str, object]]:
    """Return a plan as rows of `kpi_targets`: the year, its quarters, its months."""
    kinds: Sequence[tuple[str, dict[str, float]]] = (
        ("year", {str(year): plan.year}),
        ("quarter", dict(plan.quarters)),
        ("month", dict(plan.months)),
    )
    common: dict[str, object] = {
        "kpi": kpi,
        "scope_type": scope_type,
        "year": year,
        "method": method,
    }
    if scope:
        common["scope"] = scope
    if approved_by:
        common["approved_by"] = approved_by
    return [
        common
        | {
            "period_type": kind,
            "period": period,
            "target": float(target),
            "held": period in plan.held,
        }
        | {"plan_version": version, "status": status}
        | ({"weight": float(weights[period])} if weights and period in weights else {})
        for kind, figures in kinds
        for period, target in figures.items()
    ]


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Whether the parts of an additive plan are the whole, as they stand in the sheet.

    Attributes:
        year: The year's target; NaN where there is none.
        quarters: The sum of the quarters' targets.
        months: The sum of the months' targets.
        broken: The periods whose parts do not sum to them.
    """

    year: float
    quarters: float
    months: float
    broken: tuple[str, ...]


def check_sums(targets: Mapping[str, float], year: int, start: int = 1) -> SumCheck:
    """Add the parts of a plan up, as exactly as they are written (0.1 is one tenth).

    >>> even = dict.fromkeys(months_of("2026"), 1.0) | dict.fromkeys(quarters_of(2026), 3.0)
    >>> check_sums({**even, "2026": 12.5}, 2026).broken
    ('2026',)
    """
    parts = {quarter: months_of(quarter, start) for quarter in quarters_of(year)}
    quarters = _add(targets.get(quarter) for quarter in parts)
    sums = {quarter: _add(targets.get(month) for month in months) for quarter, months in parts.items()}
    broken = [quarter for quarter, whole in sums.items() if whole != _add([targets.get(quarter)])]
    if quarters != _add([targets.get(str(year))]):
        broken.insert(0, str(year))
    months = sum(sums.values(), Fraction(0))
    whole = targets.get(str(year), float("nan"))
    return SumCheck(whole, float(quarters), float(months), tuple(broken))


def _add(figures: Iterable[float | None]) -> Fraction:
    """Return the exact sum of what is known."""
    known = (figure for figure in figures if figure is not None and not math.isnan(figure))
    return sum((Fraction(str(figure)) for figure in known), Fraction(0))


def _whole(aggregation: str, monthly: Sequence[float]) -> float:
    """Return what the months' targets make; NaN for a sum that lacks one."""
    if aggregation == "sum" and any(map(math.isnan, monthly)):
        return math.nan
    return target_over(aggregation, monthly)
