"""Make one figure of many, by the KPI's own kind of aggregation.

A ratio is rebuilt from its parts and never averaged; a stock is its last value; people are
recounted and never added. The same kinds serve months to quarter to year, and people to team to
company.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

FIGURES = ["numerator", "denominator", "value", "n"]
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
    parts = _parts(known)
    number = parts.groupby(keys, sort=True, dropna=False, observed=True).ngroup().to_numpy()
    groups = parts.groupby(number)
    sums = groups[[*FIGURES, "product", "weight"]].sum(min_count=1)
    first, last = (parts.iloc[_places(number, keep)].set_axis(sums.index) for keep in ("first", "last"))
    facts = groups[["aggregation", "scale"]].first().rename(columns={"aggregation": "kind"})
    values = groups["value"]
    facts = facts.assign(
        rows=groups.size(),
        weighed=groups["weight"].count(),
        whole=groups["has_parts"].all(),
        mean=values.mean(),
        top=values.max(),
        bottom=values.min(),
    )
    is_last = (facts["kind"] == "last").to_numpy(dtype=bool)
    shown = np.where(is_last[:, None], last[FIGURES], sums[FIGURES])
    made = pd.DataFrame(shown, sums.index, FIGURES).assign(
        value=_values(facts, sums, last), rows=facts["rows"]
    )
    return pd.concat([first[keys], made], axis=1)


def _places(number: np.ndarray, keep: Literal["first", "last"]) -> np.ndarray:
    """Return where the first or last row of each group is, in the order of their numbers."""
    there = np.flatnonzero(~pd.Series(number).duplicated(keep=keep))
    return there[np.argsort(number[there])]


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


def _parts(known: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what their groups are made from."""
    floats = known.assign(**{name: known[name].astype("float64") for name in FIGURES})
    scale = known["scale"].astype("float64").fillna(1.0) if "scale" in known else 1.0
    has_parts = floats["numerator"].notna() & floats["denominator"].notna()
    ratio = floats["aggregation"] == "ratio"
    quotient = scale * floats["numerator"] / floats["denominator"].mask(floats["denominator"] == 0)
    value = floats["value"].mask(ratio & has_parts, quotient)
    weight = floats["n"].where(~ratio, floats["n"].fillna(floats["denominator"]))
    return floats.assign(
        scale=scale,
        value=value,
        has_parts=has_parts,
        weight=weight.where(value.notna()),
        product=value * weight,
    )


def _values(facts: pd.DataFrame, sums: pd.DataFrame, last: pd.DataFrame) -> np.ndarray:
    """Return each group's value, by its kind."""
    kind, alone = facts["kind"], facts["rows"] == 1
    quotient = facts["scale"] * sums["numerator"] / sums["denominator"].mask(sums["denominator"] == 0)
    all_weighed = (facts["weighed"] == facts["rows"]) & (sums["weight"] > 0)
    mean = (sums["product"] / sums["weight"].mask(sums["weight"] == 0)).where(all_weighed)
    mean = mean.mask(alone, last["value"])
    answers = {
        "sum": sums["value"],
        "ratio": quotient.where(facts["whole"], mean),
        "wavg": mean,
        "avg": facts["mean"],
        "last": last["value"],
        "max": facts["top"],
        "min": facts["bottom"],
        "distinct": last["value"].where(alone),
    }
    kinds = [(kind == name).to_numpy(dtype=bool) for name in answers]
    return np.select(kinds, [answer.to_numpy() for answer in answers.values()], default=np.nan)
