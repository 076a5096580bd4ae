"""Between what a control holds and what a frame holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from sheets_schema.language import Field


@dataclass(frozen=True, slots=True)
class Typed:
    """A value read from a control, and the key of the sentence that says why it could not be."""

    value: Any
    problem: str = ""


def typed(field: Field, value: Any, time_zone: str) -> Typed:
    """Return what a person typed as a frame holds it; None for a blank."""
    if value is None or value == "":
        return Typed(None)
    if field.type == "boolean":
        return Typed(bool(value))
    if field.type in {"integer", "number"}:
        return _number(value, whole=field.type == "integer")
    if field.type == "date":
        return _moment(value, "shell.form.date")
    if field.type == "datetime":
        return _in_utc(_moment(value, "shell.form.moment"), time_zone)
    words = str(value).strip()
    return Typed(words or None)


def shown(field: Field, value: Any, time_zone: str) -> Any:
    """Return a frame's value as a control holds it."""
    if field.type == "boolean":
        return bool(value) and value is not pd.NA
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if field.type == "date":
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    if field.type == "datetime":
        moment = pd.Timestamp(value)
        local = moment.tz_convert(time_zone) if moment.tzinfo else moment
        return f"{local:%Y-%m-%dT%H:%M}"
    return value if isinstance(value, int | float) else str(value)


def _number(value: Any, *, whole: bool) -> Typed:
    """Return a number, or say that it is none."""
    key = "shell.form.whole" if whole else "shell.form.number"
    try:
        number = float(str(value).strip().replace(",", ""))
    except ValueError:
        return Typed(None, key)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return Typed(None, key)
    if not whole:
        return Typed(number)
    return Typed(int(number)) if number.is_integer() else Typed(None, key)


def _moment(value: Any, key: str) -> Typed:
    """Return a naive moment, or say that it is none."""
    try:
        moment = pd.Timestamp(value)
    except (ValueError, TypeError):
        return Typed(None, key)
    return Typed(None, key) if pd.isna(moment) else Typed(moment)


def _in_utc(read: Typed, time_zone: str) -> Typed:
    """Take a naive moment as local time."""
    if read.value is None or read.value.tzinfo is not None:
        return read
    try:
        return Typed(read.value.tz_localize(time_zone).tz_convert("UTC"))
    except ValueError:
        return Typed(None, "shell.form.moment")
