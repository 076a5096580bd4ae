"""Ids of the demo's rows: made in bulk, never twice on one day, the same for the same rows."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from opsline.demo.content import ZONE
from sheets_schema.workbook import LETTERS

STEP: Final = 387_433
"""An odd stride through the 32^4 codes of a day: neighbours look unlike, and none comes twice."""


def ids(prefix: str, moments: pd.Series) -> pd.Series:
    """Return an id such as T-261123-K7Q4 for each moment, in the form of `workbook.new_id`.

    Args:
        prefix: The table's letter.
        moments: n moments in UTC, sorted.

    >>> moments = pd.Series(pd.to_datetime(["2026-11-22 20:00", "2026-11-22 21:00"], utc=True))
    >>> ids("T", moments).tolist()
    ['T-261123-XDZR', 'T-261123-A8C2']
    """
    day = moments.dt.tz_convert(ZONE).dt.strftime("%y%m%d")
    place = day.groupby(day).cumcount().to_numpy()
    if len(place) and place.max() >= len(LETTERS) ** 4:
        raise ValueError("more rows on one day than there are ids")
    start = moments.dt.tz_convert(ZONE).dt.day_of_year.to_numpy() * 104_729
    code = (start + place * STEP) % len(LETTERS) ** 4
    letters = np.array(list(LETTERS))
    tail = letters[code % 32]
    for power in (32, 32**2, 32**3):
        tail = np.char.add(letters[code // power % 32], tail)
    named: pd.Series = prefix + "-" + day + "-" + pd.Series(tail, index=moments.index)
    return named
