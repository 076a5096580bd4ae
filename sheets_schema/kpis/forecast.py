"""Where the year will end if it goes on like this, and what is needed if it must not.

For additive KPIs only: a ratio has no forecast unless its volumes are forecast too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ADDITIVE = ("sum",)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a year's figures so far say about its end, all in the KPI's own unit.

    Attributes:
        seasonal: Actual so far, and the rest of the plan at the attainment so far; NaN without one.
        plain: Actual so far x 12 / months elapsed.
        remaining: What is left to reach the year's target; 0 or less once it is reached.
        required: What each remaining month must bring; NaN in the last month's end.
        required_share: What is left, as a multiple of the plan of the remaining months: 1.0 is as
            planned, 1.2 is a fifth more; NaN where nothing was planned for them.
    """

    seasonal: float
    plain: float
    remaining: float
    required: float
    required_share: float


def forecast(actual: float, plan_so_far: float, plan_year: float, months: int) -> Forecast:
    """Forecast the year of an additive KPI.

    Args:
        actual: The sum of the actuals of the elapsed months.
        plan_so_far: The sum of those months' targets.
        plan_year: The year's target.
        months: How many months have elapsed, 1 to 12.

    >>> now = forecast(812, 850, 1000, 10)
    >>> round(now.seasonal, 1), round(now.plain, 1), now.required
    (955.3, 974.4, 94.0)
    """
    left, months_left = plan_year - actual, 12 - months
    plan_left = plan_year - plan_so_far
    return Forecast(
        seasonal=actual + plan_left * actual / plan_so_far if plan_so_far else math.nan,
        plain=actual * 12 / months if months else math.nan,
        remaining=left,
        required=left / months_left if months_left else math.nan,
        required_share=left / plan_left if plan_left else math.nan,
    )
