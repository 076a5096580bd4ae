"""A risk in money: annualised loss expectancy, from a probability and an interval of the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

Z90 = 3.28971  # the 5th and the 95th percentile of a normal distribution lie 3.28971 sigma apart


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A loss whose logarithm is normal.

    Attributes:
        mu: Mean of the logarithm.
        sigma: Standard deviation of the logarithm.
    """

    mu: float
    sigma: float

    @property
    def median(self) -> float:
        """Return the loss that is exceeded half of the times."""
        return math.exp(self.mu)

    @property
    def mean(self) -> float:
        """Return the mean loss, which lies above the median."""
        return math.exp(self.mu + self.sigma**2 / 2)


def lognormal(low: float, high: float) -> Lognormal:
    """Return the lognormal whose 5th and 95th percentile are *low* and *high* (0 < low <= high).

    >>> loss = lognormal(20_000, 200_000)
    >>> round(loss.mu, 4), round(loss.sigma, 4), round(loss.median)
    (11.0548, 0.6999, 63246)
    """
    if not 0 < low <= high:
        raise ValueError(f"a loss interval runs from above 0 upwards, not from {low} to {high}")
    return Lognormal((math.log(low) + math.log(high)) / 2, math.log(high / low) / Z90)


def single_loss(asset_value: float, exposure_factor: float) -> float:
    """Return SLE = asset value x exposure factor (0-1)."""
    return asset_value * exposure_factor


def annual_loss(sle: float, aro: float) -> float:
    """Return ALE = single loss expectancy x annualised rate of occurrence.

    >>> annual_loss(single_loss(400_000, 0.25), 0.5)
    50000.0
    """
    return sle * aro


def chance_of_one(aro: float) -> float:
    """Return the chance of at least one event in a year, 1 - e^-ARO.

    >>> round(chance_of_one(0.5), 3)
    0.393
    """
    return -math.expm1(-aro)


def expected_loss(assessments: pd.DataFrame) -> pd.Series:
    """Return each assessment's exact ALE, in the workbook's money.

    Args:
        assessments: `probability` (a year, 0-1), `loss_low` and `loss_high` (90 % interval),
            `aro`, `sle`.

    Returns:
        n sums on the same index: probability x mean of the lognormal, which is what a simulation
        would only come near to; where that is not given, SLE x ARO; NaN where neither is.

    >>> rows = pd.DataFrame({"probability": [0.3], "loss_low": [20e3], "loss_high": [200e3],
    ...                      "aro": [float("nan")], "sle": [float("nan")]})
    >>> expected_loss(rows).round(-1).tolist()
    [24240.0]
    """
    low, high = (assessments[name].astype("float64") for name in ("loss_low", "loss_high"))
    possible = (low > 0) & (high >= low)
    floor, ceiling = np.log(low.where(possible)), np.log(high.where(possible))
    mean = np.exp((floor + ceiling) / 2 + ((ceiling - floor) / Z90) ** 2 / 2)
    by_interval: pd.Series[float] = assessments["probability"].astype("float64") * mean
    by_rate = assessments["sle"].astype("float64") * assessments["aro"].astype("float64")
    return by_interval.fillna(by_rate)


def rank_disagreement(rated: pd.DataFrame) -> pd.DataFrame:
    """Say where the matrix and the money rank risks differently (Cox).

    Args:
        rated: `risk`, `score` and `ale`, one row a risk.

    Returns:
        The risks that have both, with `rank_score` and `rank_ale` (1 is worst; equals share the
        mean of their ranks) and `disagreement` (rank by score less rank by money: above 0 the
        money says it is worse than its cell shows), worst by money first.
    """
    both = rated.dropna(subset=["score", "ale"])
    by_score = both["score"].astype("float64").rank(ascending=False, method="average")
    by_money = both["ale"].rank(ascending=False, method="average")
    found = both.assign(rank_score=by_score, rank_ale=by_money, disagreement=by_score - by_money)
    return found.sort_values(["rank_ale", "risk"], kind="stable")
