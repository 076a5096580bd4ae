"""How much of each target was reached, whichever way is better."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheets_schema.kpis.columns import Numbers, numbers, words


def attainment(kpis: pd.DataFrame) -> pd.Series:
    """Say how much of each target was reached.

    Args:
        kpis: n rows with `actual` and `target` in the KPI's own unit (NaN where not known),
            `direction` ("higher", "lower" or "range"), `lower_method` ("linear" where blank, or
            "ratio"), and for a range `range_low`, `range_high`, `tolerance`.

    Returns:
        n ratios on the same index: 1.0 on target, above it beyond, never capped.

        * higher is better: A / T. For a negative plan 1 + (A - T) / |T|, which is the same figure
          for a positive one: to lose 50 where a loss of 100 was planned is 150 %.
        * lower is better, linear: 1 - (A - T) / |T|, which is 2 - A / T for a positive target.
          Ratio: T / A; infinite where A is 0 or less; the linear rule where T is negative.
        * target 0: lower is better 1.0 at 0 or less and 0.0 above; higher is better has no ratio
          (NaN): show the difference instead.
        * range: 1.0 inside [low, high], outside 1 - distance / tolerance, never under 0; without a
          tolerance 0.0 outside.

        NaN wherever a figure that the rule needs is not known.

    >>> rows = pd.DataFrame({"actual": [9.0, 5.0], "target": [10.0, 4.0],
    ...                      "direction": ["higher", "lower"], "lower_method": ["", "linear"]})
    >>> attainment(rows).tolist()
    [0.9, 0.75]
    """
    actual, target = numbers(kpis, "actual"), numbers(kpis, "target")
    direction = words(kpis, "direction")
    by_ratio = words(kpis, "lower_method") == "ratio"
    reached = np.select(
        [direction == "higher", (direction == "lower") & by_ratio, direction == "lower"],
        [_higher(actual, target), _lower_ratio(actual, target), _lower(actual, target)],
        default=np.nan,
    )
    limits = (numbers(kpis, name) for name in ("range_low", "range_high", "tolerance"))
    inside = _range(actual, *limits)
    return pd.Series(np.where(direction == "range", inside, reached), index=kpis.index)


def appraised(reached: pd.Series, cap: float) -> pd.Series:
    """Hold attainment between 0 and a cap, for appraisal only; dashboards show it as it is.

    >>> appraised(pd.Series([-0.2, 0.9, 1.7]), cap=1.2).tolist()
    [0.0, 0.9, 1.2]
    """
    return reached.clip(lower=0.0, upper=cap)


def progress(actual: pd.Series, baseline: pd.Series, target: pd.Series) -> pd.Series:
    """Return the share of the way from baseline to target that is done; NaN where they are equal.

    >>> progress(pd.Series([290.0]), pd.Series([260.0]), pd.Series([320.0])).tolist()
    [0.5]
    """
    way = (target - baseline).astype("float64")
    return (actual - baseline) / way.mask(way == 0)


def _higher(actual: Numbers, target: Numbers) -> Numbers:
    """Return the ratio where higher is better."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        negative = np.where(target < 0, 2 - actual / target, np.nan)
        return np.where(target > 0, actual / target, negative)


def _lower(actual: Numbers, target: Numbers) -> Numbers:
    """Return the linear ratio where lower is better."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        linear = np.where(target > 0, 2 - actual / target, actual / target)
    at_zero = np.where(np.isnan(actual), np.nan, np.where(actual <= 0, 1.0, 0.0))
    return np.where(target == 0, at_zero, linear)


def _lower_ratio(actual: Numbers, target: Numbers) -> Numbers:
    """Return target / actual where lower is better."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(actual > 0, target / actual, np.where(np.isnan(actual), np.nan, np.inf))
    return np.where(target > 0, ratio, _lower(actual, target))


def _range(actual: Numbers, low: Numbers, high: Numbers, tolerance: Numbers) -> Numbers:
    """Return 1 inside the range, falling to 0 at the tolerance outside it."""
    distance = np.fmax(np.fmax(low - actual, actual - high), 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        outside = np.where(tolerance > 0, np.maximum(1 - distance / tolerance, 0.0), 0.0)
    known = ~np.isnan(actual) & ~(np.isnan(low) & np.isnan(high))
    reached: Numbers = np.where(known, np.where(distance == 0, 1.0, outside), np.nan)
    return reached
