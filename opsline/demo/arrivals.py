"""When tickets arrive, and what about: the volumes of the year and of the Double-11 sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from opsline.demo.content import AS_OF, YEAR, ZONE, Demo, content

MONTHLY: Final = 1150
NOVEMBER: Final = 2300
SALE: Final = pd.Timestamp("2026-11-10")
SURGE: Final = 2.3
"""From 10 November a day brings this many times the tickets of one from the 1st to the 9th."""
COMPLAINTS: Final = 31
COMPLAINTS_NOVEMBER: Final = 12
COMPLAINED_OF: Final = ("SVC", "REF", "DEL", "QUA", "SVC", "RET", "SAF", "DEL", "SVC", "INS")
"""What complaints are about, in turn."""
QUIET_DAY: Final = 0.45
"""A weekend or holiday brings this share of a working day's tickets."""
SALE_DAYS: Final = (1.05, 1.9, 1.5, 1.2, 1.0, 0.95, 1.1, 1.0, 0.9, 0.85, 0.85, 0.75, 0.7, 0.12)
"""10 to 23 November: the 11th is the peak, and the 23rd ends at 09:00."""
BY_HOUR: Final = (
    2,
    1,
    1,
    1,
    1,
    2,
    4,
    9,
    22,
    52,
    58,
    54,
    34,
    42,
    56,
    58,
    54,
    48,
    34,
    26,
    24,
    22,
    14,
    6,
)
CHANNELS: Final = ("phone", "chat", "email", "form", "visit")
IN_HOURS: Final = (0.36, 0.36, 0.10, 0.14, 0.04)
OFF_HOURS: Final = (0.0, 0.48, 0.2, 0.32, 0.0)
OPENING: Final = (9, 18)


def arrivals(demo: Demo, working_days: frozenset[pd.Timestamp], rng: np.random.Generator) -> pd.DataFrame:
    """Draw the tickets of the year to date, in the order in which they arrive.

    Args:
        demo: Size and language.
        working_days: The days of the year on which calendar C is open.
        rng: Where chance comes from.

    Returns:
        `opened_at` (UTC), `day` (local, naive), `channel`, `category`, `type`; about 1,150 x factor
        rows for each month to October and 2,300 x factor for November to date.
    """
    days = pd.date_range(f"{YEAR}-01-01", AS_OF.tz_convert(ZONE).date())
    counts = _daily(demo, days, working_days, rng)
    day = days.repeat(counts)
    hours = np.array(BY_HOUR, dtype=float)
    hour = rng.choice(24, len(day), p=hours / hours.sum())
    last = day == days[-1]
    hour[last] = rng.choice(9, int(last.sum()), p=hours[:9] / hours[:9].sum())
    local = day + pd.to_timedelta(hour * 60 + rng.integers(0, 60, len(day)), unit="min")
    frame = pd.DataFrame({"local": local, "day": day}).sort_values("local", kind="stable", ignore_index=True)
    hour_of = frame["local"].dt.hour
    open_now = frame["day"].isin(working_days) & hour_of.ge(OPENING[0]) & hour_of.lt(OPENING[1])
    frame["channel"] = _channels(open_now.to_numpy(dtype=bool), rng)
    frame["category"] = _categories(frame["day"], rng)
    frame["type"] = frame["category"].map(
        {code: each["type"] for code, each in content("categories").items()}
    )
    _complain(demo, frame, rng)
    frame["opened_at"] = (
        frame.pop("local").dt.tz_localize(ZONE).dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    )
    return frame


def _daily(
    demo: Demo,
    days: pd.DatetimeIndex,
    working_days: frozenset[pd.Timestamp],
    rng: np.random.Generator,
) -> np.ndarray:
    """Return how many tickets each day brings."""
    busy = np.where(days.isin(list(working_days)), 1.0, QUIET_DAY) * rng.lognormal(0, 0.07, len(days))
    sale = days >= SALE
    busy[sale] = SALE_DAYS
    counts = np.zeros(len(days), dtype=int)
    for month in range(1, 11):
        here = days.month == month
        counts[here] = shared_out(demo.count(MONTHLY * rng.normal(1, 0.025)), busy[here])
    before = (days.month == 11) & ~sale  # noqa: PLR2004 - November
    ratio = SURGE * (sale.sum() - 1) / before.sum()
    early = round(demo.count(NOVEMBER) / (1 + ratio))
    counts[before] = shared_out(early, busy[before])
    counts[sale] = shared_out(demo.count(NOVEMBER) - early, busy[sale])
    return counts


def shared_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Share a whole number out by weight: floors first, then one each to the largest remainders.

    >>> shared_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    quota = total * weights / weights.sum()
    given = np.floor(quota).astype(int)
    order = np.argsort(given - quota, kind="stable")
    given[order[: total - given.sum()]] += 1
    return np.asarray(given)


def _channels(open_now: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how each ticket came in; nobody picks up the phone out of hours."""
    drawn = rng.choice(CHANNELS, len(open_now), p=IN_HOURS)
    at_night = rng.choice(CHANNELS, len(open_now), p=OFF_HOURS)
    return np.where(open_now, drawn, at_night)


def _categories(day: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Return what each ticket is about; a sale brings more of some categories than of others."""
    categories: Mapping[str, Any] = content("categories")
    usual = _normed([each["share"] for each in categories.values()])
    peak = _normed([each["share"] * each["peak"] for each in categories.values()])
    codes = list(categories)
    in_sale = (day >= SALE).to_numpy()
    return np.where(in_sale, rng.choice(codes, len(day), p=peak), rng.choice(codes, len(day), p=usual))


def _complain(demo: Demo, frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Make the year's complaints of some tickets: 31 in the full demo, 12 of them in November."""
    november = frame["day"] >= pd.Timestamp(f"{YEAR}-11-01")
    late = demo.count(COMPLAINTS_NOVEMBER)
    early = max(1, demo.count(COMPLAINTS) - late)
    for count, among in ((early, ~november), (late, november)):
        rows = np.sort(rng.choice(np.flatnonzero(among), count, replace=False))
        frame.loc[rows, "category"] = np.resize(COMPLAINED_OF, count)
        frame.loc[rows, "type"] = "complaint"


def _normed(shares: Sequence[float]) -> np.ndarray:
    """Return shares that add up to one."""
    weights = np.array(shares, dtype=float)
    return np.asarray(weights / weights.sum())
