"""One scale for all KPIs: a score from 0 to 10, and its colour.

The score is Spider's: 3.33 at the red flag, 6.67 at the goal, straight through both, held between 0
and 10. It works for both directions, because goal and red flag know which way is up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sheets_schema.kpis.columns import Numbers, numbers, quotients, words

Truths = NDArray[np.bool_]
GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"
COLOURS = (GREEN, AMBER, RED, GREY)


def score(actual: Numbers, goal: Numbers, red_flag: Numbers) -> Numbers:
    """Return 10/3 + (A - R) / (G - R) x 10/3, held between 0 and 10.

    Args:
        actual: n numbers; NaN where not known.
        goal: n numbers in the same units.
        red_flag: n numbers; NaN where there is none.

    Returns:
        n scores; NaN where a number is missing, or goal and red flag are the same.

    >>> score(np.array([600.0]), np.array([700.0]), np.array([500.0])).tolist()
    [5.0]
    """
    return np.clip(10 / 3 + quotients(actual - red_flag, goal - red_flag) * 10 / 3, 0.0, 10.0)


def red_flags(kpis: pd.DataFrame) -> pd.Series:
    """Return the red flag that belongs to each row's target.

    Args:
        kpis: n rows with `target`, and where known `goal`, `red_flag`, `red_share`.

    Returns:
        n numbers: `red_share` x target where the KPI has a share (90 % of plan); else its
        `red_flag`, moved in proportion where the period's target is not the goal (a plan that
        climbs has a red flag that climbs with it); NaN where it has neither.
    """
    target, goal = numbers(kpis, "target"), numbers(kpis, "goal")
    flag, share = numbers(kpis, "red_flag"), numbers(kpis, "red_share")
    follows = ~np.isnan(goal) & (goal != 0) & ~np.isnan(target)
    moved = np.where(follows, quotients(flag * target, goal), flag)
    return pd.Series(np.where(np.isnan(share), moved, target * share), index=kpis.index)


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
    actual, target = numbers(kpis, "actual"), numbers(kpis, "target")
    ranged = words(kpis, "direction") == "range"
    points = np.where(ranged, _range_score(kpis), score(actual, target, numbers(kpis, "red_flag")))
    has_limit = ~np.isnan(numbers(kpis, "range_low")) | ~np.isnan(numbers(kpis, "range_high"))
    has_target = np.where(ranged, has_limit, ~np.isnan(target))
    cases: list[tuple[Truths, str, str]] = [
        (np.isnan(actual), GREY, "missing"),
        (~has_target, GREY, "untargeted"),
        (numbers(kpis, "stale") == 1, GREY, "stale"),
        (numbers(kpis, "n") < numbers(kpis, "min_n"), GREY, "small"),
        (_reached(kpis), GREEN, "reached"),
        (np.isnan(points), RED, "missed"),
        (points <= 10 / 3 + 1e-9, RED, "beyond"),
    ]
    truths = [case for case, _, _ in cases]
    colour = np.select(truths, [colour for _, colour, _ in cases], default=AMBER)
    why = np.select(truths, [word for _, _, word in cases], default="between")
    return kpis.assign(score=points, colour=colour, why=why)


def _reached(kpis: pd.DataFrame) -> Truths:
    """Say whether each row's goal is reached in the KPI's own direction; False where not known."""
    actual, target = numbers(kpis, "actual"), numbers(kpis, "target")
    low, high = numbers(kpis, "range_low"), numbers(kpis, "range_high")
    has_limit = ~np.isnan(low) | ~np.isnan(high)
    inside = ~(actual < low) & ~(actual > high) & ~np.isnan(actual) & has_limit
    answers = {"higher": actual >= target, "lower": actual <= target, "range": inside}
    direction = words(kpis, "direction")
    found: Truths = np.select([direction == name for name in answers], list(answers.values()), default=False)
    return found


def _range_score(kpis: pd.DataFrame) -> Numbers:
    """Return 10 inside the range, under 6.67 outside it, 3.33 at the tolerance, 0 at least."""
    actual, tolerance = numbers(kpis, "actual"), numbers(kpis, "tolerance")
    low, high = numbers(kpis, "range_low"), numbers(kpis, "range_high")
    distance = np.fmax(np.fmax(low - actual, actual - high), 0.0)
    steps = distance / np.where(tolerance > 0, tolerance, np.nan)
    points = np.where(distance == 0, 10.0, np.clip(20 / 3 - steps * 10 / 3, 0.0, 20 / 3))
    return np.where(np.isnan(actual) | (np.isnan(low) & np.isnan(high)), np.nan, points)
