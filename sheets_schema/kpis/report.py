"""A plan year at a glance: every KPI's months, quarters and year, and where it stands today."""

from __future__ import annotations

import pandas as pd

from sheets_schema.kpis.attainment import attainment
from sheets_schema.kpis.periods import containing, elapsed, month_before, months_of, year_of
from sheets_schema.kpis.rollup import FIGURES, aggregate, target_over
from sheets_schema.kpis.score import rate, red_flags
from sheets_schema.kpis.targets import all_periods, in_force

SCOPE = ["kpi", "scope_type", "scope"]
KIND_OF_PERIOD = ("month", "quarter", "year")
OF_KPI = (
    *("direction", "lower_method", "aggregation", "scale", "goal", "red_flag", "red_share"),
    *("range_low", "range_high", "tolerance", "min_n", "frequency", "family", "weight", "decimals"),
)


def year_report(
    kpis: pd.DataFrame, targets: pd.DataFrame, known: pd.DataFrame, year: int, start: int = 1
) -> pd.DataFrame:
    """Put target and actual of every period of a plan year side by side.

    Args:
        kpis: Rows of `kpis`.
        targets: Rows of `kpi_targets`.
        known: What `actuals.actuals` returned.
        year: The plan year.
        start: First month of the fiscal year.

    Returns:
        One row for each KPI, scope and period (12 months, 4 quarters, the year), in the order of
        time: `kpi`, `scope_type`, `scope`, `kind`, `period`, `target`, `actual`, `numerator`,
        `denominator`, `n`, `rows` (months with a figure), what the KPI declares, `attainment`,
        `score`, `colour` and `why`. A scope appears where it has a target or an actual; one without
        targets of its own is measured by the company's where the KPI is not additive.
    """
    months = months_of(str(year), start)
    here = known[known["period"].isin(months) & known["kpi"].isin(kpis["id"])]
    plan = in_force(targets[targets["kpi"].isin(kpis["id"])], year)
    made = pd.concat(
        [_aggregated(here, kpis, kind, start) for kind in KIND_OF_PERIOD], ignore_index=True
    )
    wanted = _targets(kpis, plan, here, year, start)
    both = wanted.merge(made, on=[*SCOPE, "period"], how="left")
    return rated(both, kpis)


def year_to_date(
    kpis: pd.DataFrame,
    targets: pd.DataFrame,
    known: pd.DataFrame,
    today: str,
    year: int,
    start: int = 1,
) -> pd.DataFrame:
    """Say where each KPI and scope stands so far, by its own kind of aggregation.

    Args:
        kpis: Rows of `kpis`.
        targets: Rows of `kpi_targets`.
        known: What `actuals.actuals` returned.
        today: The month that is running, such as "2026-11"; a sum leaves it out while it runs,
            because a part of a month cannot be held against the whole month's target.
        year: The plan year.
        start: First month of the fiscal year.

    Returns:
        Columns as `year_report`, with `months` (elapsed) beside `rows` (those with a figure).
        Actual and target are taken over the same months: those that have an actual.
    """
    months = elapsed(year, today, start)
    here = known[known["period"].isin(months)].merge(
        kpis[["id", "aggregation"]].rename(columns={"id": "kpi"}), on="kpi"
    )
    running = (here["period"] == today) & (here["aggregation"] == "sum")
    here = here[~running].drop(columns="aggregation")
    made = _aggregated(here.assign(period=today), kpis, "month", start, order=here["period"])
    plan = _targets(kpis, in_force(targets, year), here, year, start)
    parts = plan.merge(here[[*SCOPE, "period", "denominator", "n"]], on=[*SCOPE, "period"])
    kinds = dict(zip(kpis["id"], kpis["aggregation"], strict=True))
    sums = [
        (*names, _target_so_far(str(kinds[names[0]]), rows))
        for names, rows in parts.groupby(SCOPE, sort=False)
    ]
    so_far = pd.DataFrame(sums, columns=[*SCOPE, "target"])
    both = made.merge(so_far, on=SCOPE, how="left").assign(kind="year_to_date")
    additive = both["kpi"].map(kinds) == "sum"
    return rated(both.assign(months=len(months) - additive.astype(int)), kpis)


def standing(
    report: pd.DataFrame, kpis: pd.DataFrame, today: str, *, start: int = 1, grace: int = 0
) -> pd.DataFrame:
    """Return each KPI's and scope's newest figure, grey where it is too old.

    Args:
        report: What `year_report` returned.
        kpis: Rows of `kpis`: `frequency` ("month", "quarter" or "year").
        today: The month that is running; a sum's running month is passed over.
        start: First month of the fiscal year.
        grace: How many months a figure may come late without being stale.

    Returns:
        One row for each KPI (the company's, also where it has no figure yet) and other scope with a
        figure: columns as `year_report`, with `as_of` (the figure's month) and `stale`.
    """
    monthly = report[(report["kind"] == "month") & (report["period"] <= today)]
    running = (monthly["period"] == today) & (monthly["aggregation"] == "sum")
    monthly = monthly[~running]
    with_figure = monthly[monthly["actual"].notna()].drop_duplicates(SCOPE, keep="last")
    empty = monthly[monthly["scope_type"] == "company"].drop_duplicates(SCOPE, keep="last")
    newest = pd.concat([with_figure, empty]).drop_duplicates(SCOPE, keep="first")
    expected = newest["frequency"].map(
        lambda kind: month_before(expected_month(kind, today, start), grace)
    )
    late = newest["actual"].notna() & (newest["period"] < expected)
    order = {kpi: place for place, kpi in enumerate(kpis["id"])}
    found = newest.assign(stale=late, as_of=newest["period"].where(newest["actual"].notna(), ""))
    found = rate(found.drop(columns=["score", "colour", "why"]))
    return found.sort_values(
        SCOPE, key=lambda names: names.map(order) if names.name == "kpi" else names, kind="stable"
    ).reset_index(drop=True)


def expected_month(frequency: object, today: str, start: int = 1) -> str:
    """Return the month of the newest figure that can be asked for while *today*'s month runs.

    >>> [expected_month(kind, "2026-11") for kind in ("month", "quarter", "year")]
    ['2026-10', '2026-09', '2025-12']
    """
    before = month_before(today)
    if frequency not in {"quarter", "year"}:
        return before
    period = containing(today, str(frequency), start)
    return month_before(months_of(period, start)[0])


def rated(rows: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what their KPI declares, their attainment, score, colour and reason."""
    declared = kpis[["id", *(name for name in OF_KPI if name in kpis)]].rename(
        columns={"id": "kpi"}
    )
    both = rows.merge(declared, on="kpi", how="left")
    both["red_flag"] = red_flags(both)
    both["attainment"] = attainment(both)
    return rate(both)


def _aggregated(
    here: pd.DataFrame, kpis: pd.DataFrame, kind: str, start: int, order: pd.Series | None = None
) -> pd.DataFrame:
    """Return the actuals of each scope and period of one kind."""
    declared = kpis[["id", "aggregation", "scale"]].rename(columns={"id": "kpi"})
    rows = here.assign(_period=[containing(month, kind, start) for month in here["period"]])
    if order is not None:
        rows["period"] = order
    made = aggregate(rows.merge(declared, on="kpi"), [*SCOPE, "_period"])
    return made.rename(columns={"_period": "period", "value": "actual"})


def _targets(
    kpis: pd.DataFrame, plan: pd.DataFrame, here: pd.DataFrame, year: int, start: int
) -> pd.DataFrame:
    """Return the target of every period for every KPI and scope that has a target or an actual."""
    scopes = pd.concat([plan[SCOPE], here[SCOPE]]).drop_duplicates()
    stored = dict(iter(plan.groupby(SCOPE)))
    parts = []
    for _, kpi in kpis.iterrows():
        company = (kpi["id"], "company", "")
        mine = scopes[(scopes["kpi"] == kpi["id"]) & (scopes["scope_type"] != "company")]
        for names in [company, *mine.sort_values(SCOPE).itertuples(index=False, name=None)]:
            fallback = (
                plan.iloc[:0] if kpi["aggregation"] == "sum" else stored.get(company, plan.iloc[:0])
            )
            targets = all_periods(kpi, stored.get(names, fallback), year, start)
            frame = targets.rename_axis("period").reset_index(name="target")
            parts.append(
                frame.assign(**dict(zip(SCOPE, names, strict=True)), kind=_kinds(targets.index))
            )
    if not parts:
        return pd.DataFrame(columns=[*SCOPE, "kind", "period", "target"])
    return pd.concat(parts, ignore_index=True)[[*SCOPE, "kind", "period", "target"]]


def _kinds(periods: pd.Index) -> list[str]:
    """Return month, quarter or year for each period."""
    return [
        {4: "year", 7: "month"}.get(len(period), "month") if "Q" not in period else "quarter"
        for period in periods
    ]


def _target_so_far(kind: str, rows: pd.DataFrame) -> float:
    """Return the target over the months that have an actual."""
    volumes = rows["denominator"] if kind == "ratio" else rows["n"]
    indexed = rows.set_index("period")
    return target_over(kind, indexed["target"], volumes.set_axis(indexed.index))


__all__ = [
    "FIGURES",
    "expected_month",
    "rated",
    "standing",
    "year_of",
    "year_report",
    "year_to_date",
]
