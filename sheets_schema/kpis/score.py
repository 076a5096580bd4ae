"""One scale for all KPIs: a score from 0 to 10, and its colour.

The score is Spider's: 3.33 at the red flag, 6.67 at the goal, straight through both, held between 0
and 10. It works for both directions, because goal and red flag know which way is up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"
COLOURS = (GREEN, AMBER, RED, GREY)


def score(actual: pd.Series, goal: pd.Series, red_flag: pd.Series) -> pd.Series:
    """Return 10/3 + (A - R) / (G - R) x 10/3, held between 0 and 10.

    Args:
        actual: n numbers; NaN where not known.
        goal: n numbers in the same units.
        red_flag: n numbers; NaN where there is none.

    Returns:
        n scores; NaN where a number is missing, or goal and red flag are the same.

    >>> score(pd.Series([600.0]), pd.Series([700.0]), pd.Series([500.0])).tolist()
    [5.0]
    """
    width = (goal - red_flag).astype("float64")
    return (10 / 3 + (actual - red_flag) / width.mask(width == 0) * 10 / 3).clip(0.0, 10.0)


def red_flags(kpis: pd.DataFrame) -> pd.Series:
    """Return the red flag that belongs to each row's target.

    Args:
        kpis: n rows with `target`, and where known `goal`, `red_flag`, `red_share`.

    Returns:
        n numbers: `red_share` x target where the KPI has a share (90 % of plan); else its
        `red_flag`, moved in proportion where the period's target is not the goal (a plan that
        climbs has a red flag that climbs with it); NaN where it has neither.
    """
    target, goal = _column(kpis, "target"), _column(kpis, "goal")
    flag, share = _column(kpis, "red_flag"), _column(kpis, "red_share")
    follows = goal.notna() & (goal != 0) & target.notna()
    moved = flag.where(~follows, flag * target / goal.mask(goal == 0))
    return moved.mask(share.notna(), target * share)


def rate(kpis: pd.DataFrame) -> pd.DataFrame:
    """Give each row its score and colour, and the reason where the colour is grey.

    Args:
        kpis: n rows with `actual`, `target`, `direction` ("higher", "lower", "range"), and where
            known `red_flag` (as `red_flags` gives it), `n`, `min_n`, `stale` (truth), and for a
            range `range_low`, `range_high`, `tolerance`.

    Returns:
        The n rows in their order with `score` (0-10), `colour`, and `why`, a word:

        * grey: "missing" (no value), "untargeted" (nothing to compare with), "stale" or "small"
          (n below min_n), in this order;
        * green "reached": the goal is reached, always, whatever the score's rounding says;
        * red "beyond" the red flag or at it; red "missed" where a KPI has no red flag, so that
          nothing lies between; amber "between".
    """
    actual, target = _column(kpis, "actual"), _column(kpis, "target")
    flag = _column(kpis, "red_flag")
    ranged = kpis["direction"] == "range"
    points = score(actual, target, flag).where(~ranged, _range_score(kpis))
    has_limit = _column(kpis, "range_low").notna() | _column(kpis, "range_high").notna()
    has_target = (ranged & has_limit) | (~ranged & target.notna())
    small = _column(kpis, "n") < _column(kpis, "min_n")
    stale = _column(kpis, "stale") == 1
    cases: list[tuple[pd.Series, str, str]] = [
        (actual.isna(), GREY, "missing"),
        (~has_target, GREY, "untargeted"),
        (stale, GREY, "stale"),
        (small, GREY, "small"),
        (is_reached(kpis), GREEN, "reached"),
        (points.isna(), RED, "missed"),
        (points <= 10 / 3 + 1e-9, RED, "beyond"),
    ]
    truths = [case.to_numpy(dtype=bool) for case, _, _ in cases]
    colour = np.select(truths, [colour for _, colour, _ in cases], default=AMBER)
    why = np.select(truths, [word for _, _, word in cases], default="between")
    return kpis.assign(score=points, colour=colour, why=why)


def is_reached(kpis: pd.DataFrame) -> pd.Series:
    """Say whether each row's goal is reached in the KPI's own direction; False where not known.

    >>> is_reached(pd.DataFrame({"actual": [4.0, 4.0], "target": [5.0, 5.0],
    ...                          "direction": ["higher", "lower"]})).tolist()
    [False, True]
    """
    actual, target = _column(kpis, "actual"), _column(kpis, "target")
    low, high = _column(kpis, "range_low"), _column(kpis, "range_high")
    has_limit = low.notna() | high.notna()
    inside = (actual >= low.fillna(-np.inf)) & (actual <= high.fillna(np.inf)) & has_limit
    answers = {"higher": actual >= target, "lower": actual <= target, "range": inside}
    reached = pd.Series(data=False, index=kpis.index)
    for direction, answer in answers.items():
        reached |= answer & (kpis["direction"] == direction).fillna(value=False).astype(bool)
    return reached


def _range_score(kpis: pd.DataFrame) -> pd.Series:
    """Return 10 inside the range, under 6.67 outside it, 3.33 at the tolerance, 0 at least."""
    actual, tolerance = _column(kpis, "actual"), _column(kpis, "tolerance")
    low, high = _column(kpis, "range_low"), _column(kpis, "range_high")
    distance = np.fmax(np.fmax(low - actual, actual - high), 0.0)
    outside = (20 / 3 - distance / tolerance.mask(tolerance <= 0) * 10 / 3).clip(0.0, 20 / 3)
    points = pd.Series(np.where(distance == 0, 10.0, outside), index=kpis.index)
    return points.mask(actual.isna() | (low.isna() & high.isna()))


def _column(kpis: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as floats; NaN where the frame has none."""
    if name not in kpis:
        return pd.Series(np.nan, index=kpis.index)
    return kpis[name].astype("float64")
