"""The 12 KPIs, their targets of the year, quarters and months, and the actuals that were typed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from opsline.demo.company import MANAGER, Records
from opsline.demo.content import YEAR, Demo, at, content, day, three_names
from sheets_schema.kpis.periods import last_month
from sheets_schema.kpis.split import Plan, glide_year, repeat_year, split_year

MONTHS = tuple(f"{YEAR}-{month:02}" for month in range(1, 13))
OPEN_MONTH = "2026-11"
"""The month that is not over: its actuals are drafts."""
LATE = ("K12", "2026-08")
"""The one value that came after its due day."""
CHECKS = {"validity": 0.6, "uniqueness": 0.1, "consistency": 0.3}
"""What the sheet doctor's checks were about, and what share of them."""


def kpis(demo: Demo, owners: dict[str, str]) -> Records:
    """Return the 12 KPIs, three for each of the policy's four families.

    Args:
        demo: Size and language.
        owners: Team -> the person who leads it.
    """
    plain = (
        "family",
        "formula",
        "direction",
        "aggregation",
        "scale",
        "decimals",
        "frequency",
        "source",
    )
    optional = ("goal", "red_flag", "red_share", "min_n", "weight", "split_unit", "baseline")
    return [
        {
            "id": code,
            **three_names(kpi["name"]),
            **{name: kpi[name] for name in plain},
            **{name: kpi[name] for name in optional if name in kpi},
            "unit": demo.say(kpi["unit"]),
            "lower_method": "linear",
            "owner": owners[_team(kpi)],
            "team": _team(kpi),
            "split_method": _method(kpi),
            "valid_from": day(f"{YEAR}-01-01"),
        }
        for code, kpi in content("kpis").items()
    ]


def kpi_targets() -> Records:
    """Return the locked plan: 12 KPIs x (a year, four quarters, twelve months)."""
    rows: Records = []
    for code, kpi in content("kpis").items():
        plan = plan_of(kpi)
        weights = dict(zip(MONTHS, kpi.get("shares", ()), strict=False))
        levels = {"year": {str(YEAR): plan.year}, "quarter": plan.quarters, "month": plan.months}
        for period_type, targets in levels.items():
            rows += [
                {
                    "id": f"{code}-{period}",
                    "kpi": code,
                    "scope_type": "company",
                    "year": YEAR,
                    "period_type": period_type,
                    "period": period,
                    "target": target,
                    "method": _method(kpi),
                    "weight": weights.get(period),
                    "held": False,
                    "plan_version": 1,
                    "status": "locked",
                    "approved_by": MANAGER,
                }
                for period, target in targets.items()
            ]
    return rows


def plan_of(kpi: dict[str, Any]) -> Plan:
    """Split a KPI's goal of the year by its own method, with the rules of the desk."""
    if kpi["aggregation"] == "sum":
        weights = dict(zip(MONTHS, kpi["shares"], strict=True))
        return split_year(YEAR, kpi["goal"], kpi["split_unit"], weights)
    if "baseline" in kpi:
        return glide_year(YEAR, kpi["baseline"], kpi["goal"], kpi["split_unit"])
    return repeat_year(YEAR, kpi["goal"])


def kpi_actuals(demo: Demo) -> Records:
    """Return what was typed, January to November to date; KPIs computed from tickets have no row."""
    rows: Records = []
    for code, kpi in content("kpis").items():
        typed = kpi.get("months", ())
        periods = typed.items() if isinstance(typed, dict) else zip(MONTHS, typed, strict=False)
        rows += [_actual(demo, code, kpi, period, figure) for period, figure in periods]
    return rows


def data_quality() -> Records:
    """Return what the sheet doctor counted each month: the parts of K07 and K08, by dimension."""
    errors, filled = content("kpis")["K07"]["months"], content("kpis")["K08"]["months"]
    return [
        {
            "id": f"DQ-{date:%y%m%d}-tickets-{dimension}",
            "date": date,
            "sheet": "tickets",
            "dimension": dimension,
            "passed": checked - failed,
            "checked": checked,
            "created_at": at(f"{date:%Y-%m-%d} 17:30"),
        }
        for month, (failed, checks), (full, required) in zip(MONTHS, errors, filled, strict=False)
        for date in [day(f"{month}-{20 if month == OPEN_MONTH else 26}")]
        for dimension, failed, checked in [
            ("completeness", required - full, required),
            *zip(CHECKS, _parts(failed), _parts(checks), strict=True),
        ]
    ]


def _parts(whole: int) -> list[int]:
    """Return a whole in parts by dimension, which sum to it.

    >>> _parts(71)
    [43, 7, 21]
    """
    parts = [round(whole * share) for share in CHECKS.values()]
    return [whole - sum(parts[1:]), *parts[1:]]


def _entered(code: str, period: str) -> pd.Timestamp:
    """Return when a value was typed: days after its period's end, but for the open month's."""
    if period == OPEN_MONTH:
        return at(f"{period}-20 16:00")
    after = pd.Timestamp(f"{last_month(period)}-01") + pd.DateOffset(months=1)
    days = 13 if (code, period) == LATE else 2 + int(code[1:]) % 4
    return at(f"{after + pd.Timedelta(days=days):%Y-%m-%d} 10:20")


def _actual(
    demo: Demo, code: str, kpi: dict[str, Any], period: str, figure: float | list[int]
) -> dict[str, object]:
    """Return one typed actual: numerator and denominator where the KPI is a ratio."""
    above, below = figure if isinstance(figure, list) else (None, None)
    value = figure if above is None or below is None else round(kpi["scale"] * above / below, 4)
    is_open = period == OPEN_MONTH
    note = kpi.get("notes", {}).get(period)
    return {
        "id": f"A-{code}-{period}",
        "kpi": code,
        "scope_type": "company",
        "period": period,
        "numerator": above,
        "denominator": below,
        "value": value,
        "n": below,
        "source": "typed",
        "status": "draft" if is_open else "approved",
        "note": demo.say(note) if note else None,
        "approved_by": None if is_open else MANAGER,
        "created_at": _entered(code, period),
    }


def _team(kpi: dict[str, Any]) -> str:
    """Return the team or department that answers for a KPI."""
    return str(kpi.get("team") or kpi["department"])


def _method(kpi: dict[str, Any]) -> str:
    """Return how the KPI's year is split."""
    return str(kpi.get("split_method", "repeat"))
