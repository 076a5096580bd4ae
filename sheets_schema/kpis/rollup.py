"""Make one figure of many, by the KPI's own kind of aggregation.

A ratio is rebuilt from its parts and never averaged; a stock is its last value; people are
recounted and never added. The same kinds serve months to quarter to year, and people to team to
company.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sheets_schema.kpis.columns import quotients

FIGURES = ["numerator", "denominator", "value", "n"]
SUMMED = [*FIGURES, "product", "weight"]
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
    number = known.groupby(keys, sort=True, dropna=False, observed=True).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    known, number = known.iloc[order], number[order]
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    parts = _parts(known)
    sums = pd.DataFrame({name: parts[name] for name in SUMMED}).groupby(number).sum(min_count=1)
    size = np.diff(starts, append=len(number))
    groups = _Groups(
        parts=parts,
        starts=starts,
        size=size,
        sums={name: sums[name].to_numpy() for name in SUMMED},
        last={name: parts[name][starts + size - 1] for name in FIGURES},
    )
    kind = known["aggregation"].to_numpy(dtype=object)[starts]
    made = {name: np.where(kind == "last", groups.last[name], groups.sums[name]) for name in FIGURES}
    made["value"] = _values(kind, groups)
    return known[keys].iloc[starts].reset_index(drop=True).assign(**made, rows=size)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows that lie group by group, in the order of time: n rows, g groups.

    Attributes:
        parts: What `_parts` returned, n of each.
        starts: Where each group begins.
        size: How many rows it has.
        sums: The sum of each of `SUMMED` over what is known; NaN where nothing is.
        last: Each figure of a group's last row.
    """

    parts: Mapping[str, np.ndarray]
    starts: np.ndarray
    size: np.ndarray
    sums: Mapping[str, np.ndarray]
    last: Mapping[str, np.ndarray]

    def over(self, reduce: np.ufunc, part: np.ndarray) -> np.ndarray:
        """Return g numbers: *reduce*, such as np.fmax, over each group's."""
        found: np.ndarray = reduce.reduceat(part, self.starts)
        return found


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
        known=points.notna(),
    )
    groups = parts.groupby(list(by), sort=True, dropna=False, observed=True)
    sums = groups[["_weight", "_with_value", "_product", "known"]].sum()
    sums["children"] = groups.size()
    sums["score"] = sums["_product"] / sums["_with_value"].mask(sums["_with_value"] == 0)
    sums["coverage"] = (sums["_with_value"] / sums["_weight"].mask(sums["_weight"] == 0)).fillna(0.0)
    return sums.reset_index()[[*by, "score", "coverage", "children", "known"]]


def target_over(kind: str, targets: Sequence[float], volumes: Sequence[float] | None = None) -> float:
    """Make one target of the targets of several periods, by the KPI's own kind.

    Args:
        kind: One of `KINDS`.
        targets: The periods' targets, in the order of time; NaN where there is none.
        volumes: Each period's denominator (ratio) or n (wavg), one for each target. Where all are
            known the target is weighed with them, as the actual is; else it is the mean.

    Returns:
        The target; NaN where no period has one. For distinct, as for last, the last one.

    >>> target_over("sum", [10.0, 20.0]), target_over("ratio", [10.0, 20.0], [90, 10])
    (30.0, 11.0)
    """
    places = [place for place, target in enumerate(targets) if not math.isnan(target)]
    known = [float(targets[place]) for place in places]
    if not known:
        return math.nan
    if kind in {"ratio", "wavg"} and volumes is not None:
        weights = [float(volumes[place]) for place in places]
        if not any(map(math.isnan, weights)) and sum(weights) > 0:
            return sum(t * w for t, w in zip(known, weights, strict=True)) / sum(weights)
    if kind in {"last", "distinct"}:
        return known[-1]
    if kind in {"max", "min"}:
        return max(known) if kind == "max" else min(known)
    return math.fsum(known) / (1 if kind == "sum" else len(known))


def _has_figure(rows: pd.DataFrame) -> pd.Series:
    """Say which rows know a value, or both parts of one."""
    return rows["value"].notna() | (rows["numerator"].notna() & rows["denominator"].notna())


def _parts(known: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what groups are made from: the figures, and more, n of each."""
    parts = {name: known[name].to_numpy(dtype="float64", na_value=np.nan) for name in FIGURES}
    above, below, n = parts["numerator"], parts["denominator"], parts["n"]
    scale = known["scale"].to_numpy(dtype="float64", na_value=np.nan) if "scale" in known else np.ones(len(n))
    scale = np.where(np.isnan(scale), 1.0, scale)
    has_parts = ~np.isnan(above) & ~np.isnan(below)
    ratio = (known["aggregation"] == "ratio").to_numpy(dtype=bool)
    value = np.where(ratio & has_parts, quotients(scale * above, below), parts["value"])
    weight = np.where(ratio & np.isnan(n), below, n)
    return {
        **parts,
        "scale": scale,
        "value": value,
        "has_parts": has_parts,
        "weight": np.where(np.isnan(value), np.nan, weight),
        "product": value * weight,
    }


def _values(kind: np.ndarray, groups: _Groups) -> np.ndarray:
    """Return each group's value, by its kind."""
    sums, last, size = groups.sums, groups.last["value"], groups.size
    quotient = quotients(groups.parts["scale"][groups.starts] * sums["numerator"], sums["denominator"])
    weighed, known = (
        groups.over(np.add, (~np.isnan(groups.parts[name])).astype("int64")) for name in ("weight", "value")
    )
    all_weighed = (weighed == size) & (sums["weight"] > 0)
    mean = np.where(all_weighed, quotients(sums["product"], sums["weight"]), np.nan)
    mean = np.where(size == 1, last, mean)
    answers = {
        "sum": sums["value"],
        "ratio": np.where(groups.over(np.logical_and, groups.parts["has_parts"]), quotient, mean),
        "wavg": mean,
        "avg": quotients(sums["value"], known),
        "last": last,
        "max": groups.over(np.fmax, groups.parts["value"]),
        "min": groups.over(np.fmin, groups.parts["value"]),
        "distinct": np.where(size == 1, last, np.nan),
    }
    return np.select([kind == name for name in answers], list(answers.values()), default=np.nan)
