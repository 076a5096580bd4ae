"""Yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from sheets_schema.language.cells import plain
from sheets_schema.language.kinds.base import Kind, Unfit, Values
from sheets_schema.words import Message

__all__ = ["Boolean"]

WORDS: Final = {
    **dict.fromkeys(("true", "yes", "y", "1", "1.0", "是", "√", "✓", "✔"), True),
    **dict.fromkeys(("false", "no", "n", "0", "0.0", "否", "×", "✗", "✘"), False),
}


class Boolean(Kind):
    """A check box: TRUE or FALSE, 是 or 否, yes or no, 1 or 0.

    >>> Boolean().parse("是"), Boolean().parse("no"), Boolean().parse("")
    (True, False, None)
    """

    dtype = "boolean"
    natural = frozenset({bool})

    def _parse(self, cell: object, time_zone: str) -> bool:  # noqa: ARG002 - a kind's signature
        """Return the truth of a cell; raise Unfit."""
        if isinstance(cell, bool | np.bool_):
            return bool(cell)
        value = WORDS.get(plain(str(cell)).casefold())
        if value is None:
            raise Unfit(Message("language.must.boolean"))
        return value

    def array(self, values: Sequence[object]) -> Values:
        """Return n truths as an array."""
        held = pa.array(values, type=pa.bool_())
        true, missing = (
            each.to_numpy(zero_copy_only=False) for each in (held.fill_null(False), held.is_null())
        )
        return pd.arrays.BooleanArray(np.array(true), np.array(missing))

    def natural_values(
        self,
        cells: Sequence[object],
        time_zone: str,  # noqa: ARG002 - a kind's signature
    ) -> tuple[Values, Iterable[int]]:
        """Type n booleans or None."""
        return self.array(cells), ()
