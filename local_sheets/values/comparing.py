"""The order of values: numbers, then text in any case, then FALSE and TRUE."""

from typing import Any

_NUMBER, _TEXT, _TRUTH = 0, 1, 2


def weight(value: Any) -> tuple[int, float, str]:
    """Return what a value is ordered by.

    >>> sorted([True, "b", 3, "A"], key=weight)
    [3, 'A', 'b', True]
    """
    if isinstance(value, bool):
        return (_TRUTH, float(value), "")
    if isinstance(value, str):
        return (_TEXT, 0.0, value.casefold())
    return (_NUMBER, float(value or 0), "")
