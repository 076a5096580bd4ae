"""A table's columns as numpy has them: rules over a few hundred rows take most of their time in pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Words = NDArray[np.object_]


def numbers(rows: pd.DataFrame, name: str) -> Numbers:
    """Return a column as floats, NaN where it is missing.

    >>> numbers(pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), "n").tolist()
    [1.0, nan]
    """
    if name not in rows:
        return np.full(len(rows), np.nan, dtype=np.float64)
    found: Numbers = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def words(rows: pd.DataFrame, name: str) -> Words:
    """Return a column as words, blank where it is missing."""
    if name not in rows:
        return np.full(len(rows), "", dtype=object)
    return rows[name].astype("object").where(rows[name].notna(), "").to_numpy(dtype=object)


def quotients(above: Numbers, below: Numbers) -> Numbers:
    """Return n quotients; NaN where one would divide by 0.

    >>> quotients(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    found: Numbers = above / np.where(below == 0, np.nan, below)
    return found
