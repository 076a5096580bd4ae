"""What came of it: typed actuals joined with those that are computed.

The computed figures come as a table, because subjects do not know one another; a page asks the
tickets, or the score of the data, for them and hands them over.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheets_schema.kpis.columns import numbers, words
from sheets_schema.kpis.periods import is_period, last_month, months_of

FIGURES = ["numerator", "denominator", "value", "n"]
COLUMNS = ["kpi", "scope_type", "scope", "period", *FIGURES, "origin", "row"]


def actuals(kpis: pd.DataFrame, typed: pd.DataFrame, computed: pd.DataFrame, start: int = 1) -> pd.DataFrame:
    """Join typed and computed actuals: one row for a KPI, a scope and a month.

    Args:
        kpis: Rows of `kpis`: `id`, `source` ("typed", or a measure such as "tickets.sla_met").
        typed: Rows of `kpi_actuals`, indexed by their row of the sheet. A quarter or a year stands
            in its last month. A draft does not count before it is approved (`drafts` lists it).
        computed: `source`, `scope_type`, `scope`, `period` (a month), and the four figures.
        start: First month of the fiscal year.

    Returns:
        `kpi`, `scope_type` ("company" where blank), `scope` (blank for the company), `period`,
        numerator, denominator, value, n, `origin` (what the source begins with, such as "tickets",
        or "typed") and `row` (of the sheet, NA where computed), sorted by KPI, scope and period.
        Where both know a month, the computed one wins. Where people typed a cell twice, the later
        row wins.
    """
    reckoned = kpis[["id", "source"]].merge(computed, on="source").rename(columns={"id": "kpi"})
    origins = [str(source).partition(".")[0] for source in reckoned["source"]]
    reckoned = reckoned.assign(origin=origins, row=float("nan"))
    entered = typed[typed["period"].map(is_period).astype(bool) & ~_is_draft(typed)]
    entered = entered.assign(
        origin="typed",
        row=entered.index,
        period=[last_month(period, start) for period in entered["period"]],
    )
    both = _plain(
        pd.concat([each.reindex(columns=COLUMNS) for each in (reckoned, entered)], ignore_index=True)
    )
    both["_order"] = both["origin"].ne("typed").astype(int)
    both = both.sort_values(["kpi", "scope_type", "scope", "period", "_order"], kind="stable")
    keys = ["kpi", "scope_type", "scope", "period"]
    return both.drop_duplicates(keys, keep="last").drop(columns="_order").reset_index(drop=True)


def drafts(typed: pd.DataFrame) -> pd.DataFrame:
    """Return the typed values that wait for their owner's approval."""
    return typed[_is_draft(typed)]


def missing_months(known: pd.DataFrame, kpis: pd.DataFrame, until: str, start: int = 1) -> pd.DataFrame:
    """List the company's values that should be there and are not.

    Args:
        known: What `actuals` returned.
        kpis: `id`, `frequency` ("month", "quarter" or "year").
        until: The last month that is over.
        start: First month of the fiscal year.

    Returns:
        `kpi` and `period`, the last month of each period of the plan year of *until* that is over
        and has no value.
    """
    company = known[known["scope_type"] == "company"]
    have = set(zip(company["kpi"], company["period"], strict=True))
    year = str((int(until[:4]) * 12 + int(until[5:7]) - start) // 12)
    rows = [
        (kpi, month)
        for kpi, frequency in zip(kpis["id"], kpis["frequency"], strict=True)
        for number, month in enumerate(months_of(year, start), start=1)
        if month <= until and not number % {"quarter": 3, "year": 12}.get(str(frequency), 1)
        if (kpi, month) not in have
    ]
    return pd.DataFrame(rows, columns=["kpi", "period"])


def _is_draft(typed: pd.DataFrame) -> pd.Series[bool]:
    """Say which rows are not approved yet; a row whose status cannot be read counts."""
    return (typed["status"] == "draft").fillna(value=False).astype(bool)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the columns, types and blanks of `actuals`."""
    plain = rows.copy()
    texts = {name: words(rows, name) for name in ("kpi", "scope_type", "scope", "period", "origin")}
    texts["scope_type"] = np.where(texts["scope_type"] == "", "company", texts["scope_type"])
    texts["scope"] = np.where(texts["scope_type"] == "company", "", texts["scope"])
    for name, found in texts.items():
        plain[name] = pd.Series(found, index=rows.index, dtype="object")
    for name in FIGURES:
        plain[name] = numbers(rows, name)
    plain["row"] = plain["row"].astype("Int64")
    return plain
