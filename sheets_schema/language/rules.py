"""The rules of a field, for one value and for a whole column.

`broken` finds at one stroke the positions of a column that break a rule; `violation` says which
rule a single value breaks. Both read the same rules, so a form and a sheet are judged alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.field import Field

__all__ = ["broken", "violation"]


def violation(field: Field, value: object) -> Message | None:
    """Say what a parsed value must be, if it breaks a rule of its field.

    Args:
        field: The field with its rules.
        value: A value as the field's kind parses it; None is missing.
    """
    if value is None:
        return Message("language.must.filled") if field.required else None
    if field.enum and field.type != "string" and value not in _limits(field, field.enum):
        return Message("language.must.choice", {"choices": ", ".join(field.enum)})
    if field.minimum is not None and value < _limit(field, field.minimum):  # type: ignore[operator]
        return Message("language.must.at_least", {"limit": field.minimum})
    if field.maximum is not None and value > _limit(field, field.maximum):  # type: ignore[operator]
        return Message("language.must.at_most", {"limit": field.maximum})
    if field.pattern and not re.fullmatch(field.pattern, str(value)):
        return Message("language.must.pattern", {"pattern": field.example or field.pattern})
    return None


def broken(field: Field, values: pd.Series) -> np.ndarray:
    """Return which of n values of a column break a rule; a missing one breaks only `required`."""
    missing = values.isna().to_numpy()
    wrong = missing.copy() if field.required else np.zeros(len(values), dtype=bool)
    if missing.all():
        return wrong
    if field.enum and field.type != "string":
        wrong |= ~missing & ~values.isin(_limits(field, field.enum)).to_numpy(dtype=bool)
    if field.minimum is not None:
        wrong |= _true(values < _limit(field, field.minimum))
    if field.maximum is not None:
        wrong |= _true(values > _limit(field, field.maximum))
    if field.pattern:
        wrong |= ~missing & ~_true(values.astype("str").str.fullmatch(field.pattern))
    return wrong


def _true(flags: pd.Series) -> np.ndarray:
    """Return n flags without missing ones, which count as false."""
    return flags.fillna(False).to_numpy(dtype=bool)


def _limit(field: Field, limit: object) -> object:
    """Return a limit as a value of the field's kind."""
    return field.kind.parse(limit)


def _limits(field: Field, codes: tuple[str, ...]) -> list[object]:
    """Return codes as values of the field's kind."""
    return [field.kind.parse(code) for code in codes]
