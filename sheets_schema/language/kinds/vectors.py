"""Whole columns of cells as Arrow has them, for the kinds that type them at one stroke.

Each function that takes cells answers None where they are not all of the kind it is for: then they are
looked at one by one, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

__all__ = [
    "TEXT",
    "WHITE",
    "all_differ",
    "among",
    "mapped",
    "numbers_of",
    "stand_in",
    "texts_of",
    "visible",
    "without",
]

pc: Any = compute
"""Arrow makes its functions as it is imported, so that no type checker knows them."""
WHITE: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What `str.strip` takes away."""
TEXT: Final = pa.large_string()


def texts_of(cells: Sequence[object]) -> pa.Array | None:
    """Return n texts or None without white space at their ends; None if there are other cells."""
    held = _array(cells)
    if held is None or not (pa.types.is_string(held.type) or pa.types.is_null(held.type)):
        return None
    return pc.utf8_trim(held.cast(TEXT), characters=WHITE)


def numbers_of(cells: Sequence[object]) -> tuple[np.ndarray, np.ndarray] | None:
    """Return n numbers or None as doubles, and which of them are None; None if there are other cells."""
    held = _array(cells)
    if held is None or not any(
        check(held.type) for check in (pa.types.is_integer, pa.types.is_floating, pa.types.is_null)
    ):
        return None
    missing = held.is_null().to_numpy(zero_copy_only=False)
    doubles = held.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.array(doubles), missing


def _array(cells: Sequence[object]) -> pa.Array | None:
    """Return cells of one type as Arrow finds it; None if they are of several, or none that Arrow has."""
    try:
        held = pa.array(cells)
    except (pa.ArrowException, OverflowError, ValueError):
        return None
    return held if isinstance(held, pa.Array) else None


def among(texts: pa.Array, some: Collection[str]) -> np.ndarray:
    """Say which of n texts are some of these."""
    found: np.ndarray = pc.is_in(texts, value_set=pa.array(sorted(some), type=TEXT)).to_numpy(
        zero_copy_only=False
    )
    return found


def visible(texts: pa.Array) -> np.ndarray:
    """Say which of n texts are there and not empty."""
    found: np.ndarray = pc.fill_null(pc.greater(pc.binary_length(texts), 0), False).to_numpy(
        zero_copy_only=False
    )
    return found


def without(texts: pa.Array, gone: np.ndarray) -> pa.Array:
    """Return n texts with those missing that are gone."""
    return pc.if_else(pa.array(gone), pa.scalar(None, type=TEXT), texts) if gone.any() else texts


def mapped(texts: pa.Array, find: Callable[[str], Any]) -> tuple[list[Any], np.ndarray]:
    """Return what is found for each distinct text, and which of them each of n texts is; -1 for None."""
    coded = texts.dictionary_encode()
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return [find(text) for text in coded.dictionary.to_pylist()], places


def stand_in(values: Any, others: Any) -> np.ndarray:
    """Say which of n typed values stand among others; a missing one does not.

    >>> stand_in(pd.array(["a", "b", None], dtype="str"), pd.array(["a", None], dtype="str")).tolist()
    [True, False, False]
    """
    if not str(values.dtype) == str(others.dtype) == "str":
        return np.asarray(pd.Series(values).isin(pd.Series(others).dropna()), dtype=bool)
    return np.asarray(pc.is_in(pa.array(values), value_set=pa.array(others).drop_null()))


def all_differ(values: Any) -> bool:
    """Say whether it is sure that no two of n typed values are the same."""
    if str(values.dtype) == "str":
        held = pa.array(values)
        if isinstance(held, pa.ChunkedArray):
            held = held.combine_chunks()
        return not held.null_count and len(held.dictionary_encode().dictionary) == len(held)
    held = values.tolist()
    return len(set(held)) == len(held)
