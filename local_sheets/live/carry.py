"""Addresses given as of an earlier version, carried to where they lie now."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from local_sheets.errors import Json
from local_sheets.store.steps import Step, carried

ROWS, COLUMNS = "ROWS", "COLUMNS"

StepsOf = Callable[[int], Sequence[Step]]
"""The steps of a sheet (by its id) since the version that an address was given as of."""

_COLUMN_FIELDS = ("dimensionIndex", "columnIndex", "criteria")
"""Fields that name columns without naming their sheet."""


class Late(Exception):
    """Rows or columns were deleted, moved or sorted meanwhile, so that nobody can say what is meant."""


def carry_request(request: Json, steps_of: StepsOf) -> Json:
    """Return a batchUpdate request with its rows and columns where they lie now.

    Raises:
        Late: A row or column that it names is gone, or was sorted elsewhere.
    """
    result = copy.deepcopy(request)
    for body in result.values():
        _walk(body, steps_of)
    return result


def _walk(value: Any, steps_of: StepsOf) -> None:
    """Carry every range inside *value*."""
    if isinstance(value, list):
        for part in value:
            _walk(part, steps_of)
    if not isinstance(value, dict):
        return
    steps = steps_of(_sheet_of(value))
    if steps:
        _carry_range(value, steps)
        if "source" in value and "destinationIndex" in value:
            _carry_target(value, steps_of)
        if any(name in value for name in _COLUMN_FIELDS) and _has(steps, COLUMNS):
            raise Late
    for part in value.values():
        _walk(part, steps_of)


def _sheet_of(value: Json) -> int:
    """Return the sheet that a range lies in, or that the first range inside lies in."""
    if isinstance(value.get("sheetId"), int):
        return int(value["sheetId"])
    for name in ("range", "source", "destination", "start", "dimensions"):
        if isinstance(value.get(name), dict):
            return _sheet_of(value[name])
    return 0


def _has(steps: Sequence[Step], dimension: str) -> bool:
    """Say whether any step is one of a dimension."""
    return any(step.dimension == dimension for step in steps)


def _carry_range(value: Json, steps: Sequence[Step]) -> None:
    """Carry a GridRange, a DimensionRange or a GridCoordinate."""
    _side(value, "startRowIndex", "endRowIndex", ROWS, steps)
    _side(value, "startColumnIndex", "endColumnIndex", COLUMNS, steps)
    if value.get("dimension") in (ROWS, COLUMNS):
        _side(value, "startIndex", "endIndex", value["dimension"], steps)
    for name, dimension in (("rowIndex", ROWS), ("columnIndex", COLUMNS)):
        if "sheetId" in value and name in value:
            value[name] = _moved(value[name], dimension, steps)


def _side(value: Json, first: str, last: str, dimension: str, steps: Sequence[Step]) -> None:
    """Carry the two edges of one side of a range."""
    if not (first in value or last in value) or not _has(steps, dimension):
        return
    start, end = value.get(first, 0), value.get(last)
    if end is not None and end <= start:
        raise Late
    low = _moved(start, dimension, steps) if first in value else 0
    if first in value:
        value[first] = low
    if end is not None:
        high = _moved(end - 1, dimension, steps)
        if high < low:
            raise Late
        value[last] = high + 1


def _moved(index: int, dimension: str, steps: Sequence[Step]) -> int:
    """Return where one line lies now."""
    found = carried(index, dimension, steps)
    if found is None:
        raise Late
    return found


def _carry_target(value: Json, steps_of: StepsOf) -> None:
    """Carry where lines are moved to: before a line, or to the end."""
    dimension = value["source"].get("dimension", ROWS)
    steps = steps_of(_sheet_of(value["source"]))
    target = value["destinationIndex"]
    value["destinationIndex"] = _moved(target - 1, dimension, steps) + 1 if target else 0
