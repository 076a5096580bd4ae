"""The rules of a field, for one value and for a whole column.

`broken` finds at one stroke the positions of a column that break a rule; `violation` says which
rule a single value breaks. Both read the same rules, so a form and a sheet are judged alike.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sheets_schema.language.kinds.base import Values
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.field import Field

__all__ = ["broken", "violation"]


def violation(field: Field, value: Any) -> Message | None:
    """Say what a parsed value must be, if it breaks a rule of its field.

    Args:
        field: The field with its rules.
        value: A value as the field's kind parses it; None is missing.
    """
    if value is None:
        return Message("language.must.filled") if field.required else None
    if field.enum and field.type != "string" and value not in _limits(field):
        return Message("language.must.choice", {"choices": ", ".join(field.enum)})
    if field.minimum is not None and value < field.kind.parse(field.minimum):
        return Message("language.must.at_least", {"limit": field.minimum})
    if field.maximum is not None and value > field.kind.parse(field.maximum):
        return Message("language.must.at_most", {"limit": field.maximum})
    if field.pattern and not re.fullmatch(field.pattern, str(value)):
        return Message("language.must.pattern", {"pattern": field.example or field.pattern})
    return None


def broken(field: Field, values: Values) -> list[int]:
    """Return the positions in a column of n values that break a rule of its field.

    Args:
        field: The field with its rules; a missing value breaks only `required`.
        values: n values of its kind's dtype.
    """
    wrong: list[int] = []
    if field.required:
        wrong += np.flatnonzero(pd.isna(values)).tolist()
    if field.minimum is not None:
        wrong += _beyond(values, operator.lt, field.kind.parse(field.minimum))
    if field.maximum is not None:
        wrong += _beyond(values, operator.gt, field.kind.parse(field.maximum))
    if field.pattern:
        matches = re.compile(field.pattern).fullmatch
        held = values.tolist()
        unlike = {value for value in set(held) if isinstance(value, str) and not matches(value)}
        wrong += [place for place, value in enumerate(held) if value in unlike] if unlike else []
    if field.enum and field.type != "string":
        allowed = pd.Series(values).isin(_limits(field)) | pd.isna(values)
        wrong += np.flatnonzero(~allowed).tolist()
    return wrong


def _beyond(values: Values, compare: Callable[[Any, Any], Any], limit: object) -> list[int]:
    """Return the positions of n values that compare so to a limit."""
    flags = pd.array(compare(values, limit), dtype="boolean")
    places: list[int] = np.flatnonzero(flags.to_numpy(dtype=bool, na_value=False)).tolist()
    return places


def _limits(field: Field) -> list[object]:
    """Return the codes of a field that is not text as values of its kind."""
    return [field.kind.parse(code) for code in field.enum]
