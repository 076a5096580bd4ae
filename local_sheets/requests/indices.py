"""Indices of a request: none of them is negative, wherever it stands."""

from typing import Any

from local_sheets.errors import BadRequest

_INDICES = frozenset(
    {
        "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "rowIndex", "columnIndex",
        "startIndex", "endIndex", "destinationIndex", "insertSheetIndex", "index", "newIndex",
        "dimensionIndex",
    }
)  # fmt: skip
_CELLS = frozenset({"rows", "rowData", "cell", "row", "data"})
"""Parts that hold cells, which may be many, and no index."""


def check(part: Any) -> None:
    """Refuse a request with a negative index.

    >>> check({"range": {"startIndex": -1}})
    Traceback (most recent call last):
    local_sheets.errors.BadRequest: startIndex[-1] must not be negative.
    """
    if isinstance(part, list):
        for item in part:
            check(item)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _INDICES:
                if isinstance(value, int) and value < 0:
                    raise BadRequest(f"{name}[{value}] must not be negative.")
            elif name not in _CELLS:
                check(value)
