"""Between what a control holds and what a frame holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.errors import CellFault
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language import Field


@dataclass(frozen=True, slots=True)
class Typed:
    """A value read from a control, and what is wrong with it where it could not be kept."""

    value: Any
    problem: Message | None = None


def typed(field: Field, value: Any, time_zone: str) -> Typed:
    """Return what a person typed as a frame holds it; None for a blank.

    A value that its field does not allow is None with the reason; a blank in a required field is no
    problem here, because a form that nobody has filled in yet is not wrong.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return Typed(None)
    if field.type == "boolean":
        return Typed(bool(value))
    cell = value.strip().replace("T", " ") if field.type == "datetime" and isinstance(value, str) else value
    try:
        parsed = field.parse(cell, time_zone)
    except CellFault as fault:
        must = fault.facts["must"]
        return Typed(None, must if isinstance(must, Message) else None)
    must = field.check(parsed, time_zone)
    return Typed(None, must) if must else Typed(parsed)


def shown(field: Field, value: Any, time_zone: str) -> Any:
    """Return a frame's value as a control holds it."""
    if field.type == "boolean":
        return value is not None and value is not pd.NA and bool(value)
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if field.type == "date":
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    if field.type == "datetime":
        moment = pd.Timestamp(value)
        local = moment.tz_convert(time_zone) if moment.tzinfo else moment
        return f"{local:%Y-%m-%dT%H:%M}"
    return value if isinstance(value, int | float) else str(value)


def sentence(must: Message, language: str) -> str:
    """Return what a value must be as a sentence of its own.

    >>> sentence(Message("language.must.date", {}), "en")
    'It must be a date such as 2026-11-23.'
    """
    words = must.text(language)
    return f"{words[:1].upper()}{words[1:]}{'.' if language == 'en' else '。'}"
