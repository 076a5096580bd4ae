"""Looking up in whole columns: each distinct code once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from sheets_schema.language.kinds.vectors import pc

__all__ = ["counted", "looked_up", "months"]

MONTH = "datetime64[M]"


def looked_up(codes: pd.Series, found: pd.Series) -> pd.Series:
    """Return what a table has for each of n codes, missing where it has nothing: `codes.map(found)`, sooner.

    Args:
        codes: n codes of a small number of kinds.
        found: By code, each once.

    >>> looked_up(pd.Series(["a", "b", None, "a"]), pd.Series({"a": 1.5})).tolist()
    [1.5, nan, nan, 1.5]
    """
    places, distinct = pd.factorize(codes, use_na_sentinel=True)
    kinds = pd.Series(distinct, dtype=codes.dtype).map(found)
    values = pd.api.extensions.take(kinds.array, places, allow_fill=True)
    return pd.Series(values, index=codes.index, name=codes.name)


def counted(keys: pd.Series, among: pd.Series, weights: np.ndarray | None = None) -> np.ndarray:
    """Return how often each of n texts stands among others.

    Args:
        keys: n texts; what is missing counts nothing.
        among: m texts.
        weights: What each of them counts; 1 where left out.

    >>> counted(pd.Series(["a", "b"]), pd.Series(["b", None, "b", "c"])).tolist()
    [0, 2]
    """
    wanted, there = pa.array(keys.array), pa.array(among.array)
    places = pc.fill_null(pc.index_in(there, value_set=wanted, skip_nulls=True), len(keys))
    found: np.ndarray = np.bincount(np.asarray(places), weights, minlength=len(keys) + 1)[: len(keys)]
    if keys.is_unique:
        return found
    firsts = pc.fill_null(pc.index_in(wanted, value_set=wanted, skip_nulls=True), len(keys))
    both: np.ndarray = np.append(found, 0)[np.asarray(firsts)]
    return both


def months(moments: pd.Series, time_zone: str) -> pd.Series:
    """Return the month of each of n moments, such as "2026-11", where a time zone has them; none is missing.

    Returns:
        n months of a categorical type, whose categories are those that occur, in the order of time.

    >>> months(pd.Series([pd.Timestamp("2026-10-31 20:00", tz="UTC")]), "Asia/Shanghai").tolist()
    ['2026-11']
    """
    local = moments.dt.tz_convert(time_zone).dt.tz_localize(None).to_numpy().astype(MONTH).view("int64")
    first = local.min(initial=np.iinfo("int64").max)
    is_there = np.bincount(local - first) > 0
    names = pd.Index((np.flatnonzero(is_there) + first).view(MONTH).astype(str), dtype="str")
    codes = (np.cumsum(is_there) - 1)[local - first]
    return pd.Series(pd.Categorical.from_codes(codes, names), index=moments.index)
