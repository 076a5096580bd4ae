"""A plan year at a glance: every KPI's months, quarters and year, and where it stands today."""

from __future__ import annotations

import pandas as pd

from sheets_schema.kpis.attainment import attainment
from sheets_schema.kpis.periods import containing, kind_of, last_month, month_before, months_of
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
    parts = [
        here.assign(_period=[containing(month, kind, start) for month in here["period"]])
        for kind in KIND_OF_PERIOD
    ]
    made = _aggregated(pd.concat(parts, ignore_index=True), kpis)
    wanted = _targets(kpis, plan, here, year, start)
    both = wanted.merge(made, on=[*SCOPE, "period"], how="left")
    return rated(both, kpis)


def year_to_date(report: pd.DataFrame, kpis: pd.DataFrame, known: pd.DataFrame, today: str) -> pd.DataFrame:
    """Say where each KPI and scope stands so far, by its own kind of aggregation.

    Args:
        report: What `year_report` returned.
        kpis: Rows of `kpis`.
        known: What `actuals.actuals` returned.
        today: The month that is running, such as "2026-11"; a sum leaves it out while it runs,
            because a part of a month cannot be held against the whole month's target.

    Returns:
        Columns as `year_report`, with `months` (elapsed) beside `rows` (those with a figure).
        Actual and target are taken over the same months: those that have an actual.
    """
    monthly = report[(report["kind"] == "month") & (report["period"] <= today)]
    counted = monthly[monthly["actual"].notna() & ~_is_running(monthly, today)]
    here = known.merge(counted[[*SCOPE, "period"]], on=[*SCOPE, "period"])
    made = _aggregated(here.assign(_period=today), kpis)
    so_far = pd.DataFrame(_targets_so_far(counted), columns=[*SCOPE, "target"])
    due = monthly[~_is_running(monthly, today)].groupby(SCOPE)["period"].nunique()
    both = made.merge(so_far, on=SCOPE, how="left").assign(kind="year_to_date")
    both = both.merge(due.rename("months").reset_index(), on=SCOPE, how="left")
    return rated(both, kpis)


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
    monthly = monthly[~_is_running(monthly, today)]
    with_figure = monthly[monthly["actual"].notna()].drop_duplicates(SCOPE, keep="last")
    empty = monthly[monthly["scope_type"] == "company"].drop_duplicates(SCOPE, keep="last")
    newest = pd.concat([with_figure, empty]).drop_duplicates(SCOPE, keep="first")
    expected = newest["frequency"].map(lambda kind: month_before(expected_month(kind, today, start), grace))
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
    declared = kpis[["id", *(name for name in OF_KPI if name in kpis)]].rename(columns={"id": "kpi"})
    both = rows.merge(declared, on="kpi", how="left")
    both["red_flag"] = red_flags(both)
    both["attainment"] = attainment(both)
    return rate(both)


def unfinished(report: pd.DataFrame, today: str, start: int = 1) -> pd.DataFrame:
    """Take the colour from the parts of a sum that are not over: they cannot be judged yet.

    Args:
        report: What `year_report` returned.
        today: The month that is running.
        start: First month of the fiscal year.

    Returns:
        The rows, with `colour` "grey" and `why` "running" where a sum has a figure for a period
        that ends with or after the running month.
    """
    is_open = [last_month(period, start) >= today for period in report["period"]]
    open_still = (report["aggregation"] == "sum") & pd.Series(is_open, index=report.index, dtype=bool)
    open_still &= report["actual"].notna()
    return report.assign(
        colour=report["colour"].mask(open_still, "grey"), why=report["why"].mask(open_still, "running")
    )


def _is_running(monthly: pd.DataFrame, today: str) -> pd.Series[bool]:
    """Say which rows are a sum's running month."""
    return (monthly["period"] == today) & (monthly["aggregation"] == "sum")


def _targets_so_far(counted: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return each KPI's and scope's target over its months; they weigh as much as the actual's parts."""
    months: dict[tuple[object, ...], list[tuple[float, float, float]]] = {}
    for *names, target, denominator, n in counted[
        [*SCOPE, "aggregation", "target", "denominator", "n"]
    ].itertuples(index=False, name=None):
        months.setdefault(tuple(names), []).append((target, denominator, n))
    found: list[tuple[object, ...]] = []
    for (*names, kind), figures in months.items():
        targets, denominators, ns = zip(*figures, strict=True)
        volumes = denominators if kind == "ratio" else ns
        found.append((*names, target_over(str(kind), targets, volumes)))
    return found


def _aggregated(here: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the actuals of each scope and `_period`."""
    declared = kpis[["id", "aggregation", "scale"]].rename(columns={"id": "kpi"})
    made = aggregate(here.merge(declared, on="kpi"), [*SCOPE, "_period"])
    made = made.astype(dict.fromkeys([*SCOPE, "_period"], "object"))
    return made.rename(columns={"_period": "period", "value": "actual"})


def _targets(
    kpis: pd.DataFrame, plan: pd.DataFrame, here: pd.DataFrame, year: int, start: int
) -> pd.DataFrame:
    """Return the target of every period for every KPI and scope that has a target or an actual."""
    scopes = pd.concat([plan[SCOPE], here[SCOPE]]).drop_duplicates().sort_values(SCOPE)
    others: dict[str, list[tuple[str, ...]]] = {}
    for one in scopes[scopes["scope_type"] != "company"].itertuples(index=False, name=None):
        others.setdefault(one[0], []).append(one)
    written: dict[tuple[str, ...], dict[str, float]] = {}
    for *names, period, target in plan[[*SCOPE, "period", "target"]].itertuples(index=False):
        written.setdefault(tuple(names), {})[period] = target
    rows: list[tuple[object, ...]] = []
    goals = kpis["goal"].astype("float64")
    for code, kind, goal in zip(kpis["id"], kpis["aggregation"], goals, strict=True):
        company = (str(code), "company", "")
        shared = {} if kind == "sum" else written.get(company, {})
        for names in [company, *others.get(str(code), ())]:
            targets = all_periods(str(kind), goal, written.get(names, shared), year, start)
            rows += [(*names, kind_of(period), period, target) for period, target in targets.items()]
    return pd.DataFrame(rows, columns=[*SCOPE, "kind", "period", "target"])


__all__ = [
    "FIGURES",
    "expected_month",
    "rated",
    "standing",
    "unfinished",
    "year_report",
    "year_to_date",
]
