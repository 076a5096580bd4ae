"""Make one figure of many, by the KPI's own kind of aggregation.

A ratio is rebuilt from its parts and never averaged; a stock is its last value; people are
recounted and never added. The same kinds serve months to quarter to year, and people to team to
company.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

_PLAIN: dict[str, Literal["sum", "mean", "max", "min"]] = {
    "sum": "sum",
    "avg": "mean",
    "last": "max",  # one row is left by then
    "max": "max",
    "min": "min",
}
KINDS = ("sum", "ratio", "wavg", "avg", "last", "max", "min", "distinct")


def aggregate(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Make one row of each group, by each KPI's own kind.

    Args:
        rows: Columns *by*, and `aggregation` (one of `KINDS`, the same within a group), `scale`
            (100 for a percentage; 1 where missing), `period` (orders the rows for "last"), and
            `numerator`, `denominator`, `value`, `n` (NaN where not known). Rows without any
            figure do not count.
        by: The columns that name a group.

    Returns:
        One row a group, sorted by *by*, with those columns and:

        * sum: the sum of the values; ratio: scale x sum of numerators / sum of denominators, and
          where a row has no parts sum(value x n) / sum(n); wavg: sum(value x n) / sum(n);
          avg, last, max, min: of the values;
        * distinct: the value where the group has one row, else NaN: it has to be recounted;
        * `n`, `numerator` and `denominator`: their sums (for last: the last row's);
        * `rows`: how many rows had a figure.

        A value is NaN where its parts do not suffice (a ratio of nothing, no n to weigh with).
    """
    keys = list(by)
    known = rows[_has_figure(rows)].sort_values("period", kind="stable")
    groups = known.groupby(keys, sort=True, dropna=False, observed=True)
    made = [_one(group) for _, group in groups]
    names = pd.DataFrame([name for name, _ in groups], columns=keys)
    figures = pd.DataFrame(made, columns=["numerator", "denominator", "value", "n", "rows"])
    return pd.concat([names, figures], axis=1)


def combine(kind: str, rows: pd.DataFrame, scale: float = 1.0) -> float:
    """Make one value of rows that all belong together (see `aggregate`).

    >>> rows = pd.DataFrame({"period": ["2026-01", "2026-02"], "value": [90.0, 50.0], "n": [90, 10],
    ...                      "numerator": [81.0, 5.0], "denominator": [90.0, 10.0]})
    >>> combine("ratio", rows, scale=100), combine("avg", rows)
    (86.0, 70.0)
    """
    made = aggregate(rows.assign(aggregation=kind, scale=scale, _all=0), ["_all"])
    return float(made["value"].iloc[0]) if len(made) else float("nan")


def average_of_averages(rows: pd.DataFrame) -> float:
    """Return the plain mean of the values: what a ratio must not be, shown to compare."""
    return float(rows["value"].astype("float64").mean())


def weighted(children: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Roll scores up a tree: the weighted mean over the children that have one.

    Args:
        children: Columns *by*, `score` (NaN where not known) and `weight` (relative; 1 where
            missing, never below 0).
        by: The columns that name the parent.

    Returns:
        One row a parent, sorted: `score` (NaN where no child has one), `coverage` (the share of the
        weight that has a value, 0-1), `children` and `known` (counts).

    >>> weighted(pd.DataFrame({"family": ["a", "a", "a"], "score": [8.0, 2.0, float("nan")],
    ...                        "weight": [3.0, 1.0, 4.0]}), ["family"]).iloc[0, 1:3].tolist()
    [6.5, 0.5]
    """
    weight = children["weight"].astype("float64").fillna(1.0).clip(lower=0.0)
    points = children["score"].astype("float64")
    parts = children[list(by)].assign(
        _weight=weight,
        _with_value=weight.where(points.notna(), 0.0),
        _product=(weight * points).fillna(0.0),
        _known=points.notna(),
    )
    sums = parts.groupby(list(by), sort=True, dropna=False, observed=True).agg(
        product=("_product", "sum"),
        with_value=("_with_value", "sum"),
        weight=("_weight", "sum"),
        children=("_known", "size"),
        known=("_known", "sum"),
    )
    sums["score"] = sums["product"] / sums["with_value"].mask(sums["with_value"] == 0)
    sums["coverage"] = (sums["with_value"] / sums["weight"].mask(sums["weight"] == 0)).fillna(0.0)
    return sums.reset_index()[[*by, "score", "coverage", "children", "known"]]


def target_over(kind: str, targets: pd.Series, volumes: pd.Series | None = None) -> float:
    """Make one target of the targets of several periods, by the KPI's own kind.

    Args:
        kind: One of `KINDS`.
        targets: The periods' targets, in the order of time; NaN where there is none.
        volumes: Each period's denominator (ratio) or n (wavg), on the same index. Where all
            are known the target is weighed with them, as the actual is; else it is the mean.

    Returns:
        The target; NaN where no period has one. For distinct, as for last, the last one.
    """
    known = targets.dropna().astype("float64")
    if known.empty:
        return float("nan")
    if kind in {"ratio", "wavg"} and volumes is not None:
        weights = volumes.reindex(known.index).astype("float64")
        if weights.notna().all() and weights.sum() > 0:
            return float((known * weights).sum() / weights.sum())
    if kind in {"last", "distinct"}:
        return float(known.iloc[-1])
    return float(known.agg(_PLAIN.get(kind, "mean")))


def _has_figure(rows: pd.DataFrame) -> pd.Series:
    """Say which rows know a value, or both parts of one."""
    return rows["value"].notna() | (rows["numerator"].notna() & rows["denominator"].notna())


def _one(group: pd.DataFrame) -> tuple[float, float, float, float, int]:
    """Return numerator, denominator, value, n and count of one group's rows."""
    kind = str(group["aggregation"].iloc[0])
    scale = float(group["scale"].fillna(1.0).iloc[0]) if "scale" in group else 1.0
    counted = group.iloc[-1:] if kind == "last" else group
    top, bottom, values, n = (
        counted[name].astype("float64") for name in ("numerator", "denominator", "value", "n")
    )
    if kind == "ratio":
        value = _ratio(top, bottom, values, n, scale)
    elif kind == "wavg":
        value = _weighted_mean(values, n)
    elif kind == "distinct":
        value = float(values.iloc[0]) if len(values) == 1 else float("nan")
    else:
        value = float(values.agg(_PLAIN[kind]))
    return _sum(top), _sum(bottom), value, _sum(n), len(group)


def _ratio(
    top: pd.Series, bottom: pd.Series, values: pd.Series, n: pd.Series, scale: float
) -> float:
    """Return the ratio of sums; a row without parts stands for value x n / n."""
    has_parts = top.notna() & bottom.notna()
    if has_parts.all():
        whole = float(bottom.sum())
        return scale * float(top.sum()) / whole if whole else float("nan")
    rebuilt = values.where(~has_parts, scale * top / bottom.mask(bottom == 0))
    return _weighted_mean(rebuilt, n.fillna(bottom))


def _weighted_mean(values: pd.Series, n: pd.Series) -> float:
    """Return the mean weighted with n; one row needs no weight, several without n have no mean."""
    if len(values) == 1:
        return float(values.iloc[0])
    if n.isna().any() or n.sum() <= 0:
        return float("nan")
    return float((values * n).sum() / n.sum())


def _sum(values: pd.Series) -> float:
    """Return the sum, NaN where nothing is known."""
    return float(np.nan if values.isna().all() else values.sum())
