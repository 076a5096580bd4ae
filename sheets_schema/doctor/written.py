"""Values that can be read but are not written as their column holds them, and formulas in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.doctor.finding import Finding, Fix
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.language import Field
from sheets_schema.language.cells import as_text
from sheets_schema.language.kinds.moment import FIRST, LAST
from sheets_schema.words import Message

__all__ = ["formulas", "written"]

TEXTS: Final = {
    "date": "text_date",
    "datetime": "text_date",
    "number": "text_number",
    "integer": "text_number",
    "boolean": "text_boolean",
}
"""Type of a field -> what its value is called where it stands there as text."""


def written(sheet: Sheet, time_zone: str) -> Iterator[Finding]:
    """Yield a finding for each date, number or code that is read well and written otherwise."""
    for field in sheet.table.fields:
        place = sheet.header.places.get(field.name)
        if place is None:
            continue
        if field.type in TEXTS:
            yield from _as_text(sheet, field, place, time_zone)
        elif field.enum or field.holds == "period":
            yield from _otherwise(sheet, field, place)


def _as_text(sheet: Sheet, field: Field, place: int, time_zone: str) -> Iterator[Finding]:
    """Yield the cells of a column of dates, numbers or boxes that hold a text instead."""
    cells = sheet.column(place)
    odd = [at for at, cell in enumerate(cells) if _is_odd(field, cell)]
    if not odd:
        return
    values = sheet.reading.frame[field.name]
    for at in odd:
        value = values.iloc[at]
        if pd.isna(value):
            continue
        new = field.format(value, time_zone)
        shown = _shown(field, value, time_zone)
        fix = Fix("write", Message("doctor.fix.write", {"value": shown}), new)
        must = Message(f"doctor.must.{TEXTS[field.type]}")
        yield sheet.found(
            TEXTS[field.type], sheet.numbers[at], place, must, fix=fix, confidence="sure", name=field.name
        )


def _is_odd(field: Field, cell: object) -> bool:
    """Say whether a cell of a column that is not text holds something that is not of its own type."""
    if type(cell) is str:
        return cell != ""
    if field.type in {"date", "datetime"} and type(cell) in {int, float}:
        return not FIRST <= cell < LAST  # type: ignore[operator]
    return field.type == "boolean" and type(cell) in {int, float}


def _shown(field: Field, value: object, time_zone: str) -> str:
    """Return a value as a person writes it."""
    if field.type == "date":
        return f"{value:%Y-%m-%d}"
    if field.type == "datetime":
        return f"{pd.Timestamp(value).tz_convert(time_zone):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]
    return as_text(bool(value) if field.type == "boolean" else value)


def _otherwise(sheet: Sheet, field: Field, place: int) -> Iterator[Finding]:
    """Yield the cells of a column of codes that say the code in another way: a label, another case."""
    cells = sheet.column(place)
    own = set(field.enum)
    texts = np.array([as_text(cell) for cell in cells], dtype=object)
    if own.issuperset(texts):
        return
    values = sheet.reading.frame[field.name].to_numpy(object)
    for at, (text, value) in enumerate(zip(texts.tolist(), values.tolist(), strict=True)):
        if text == "" or text in own or pd.isna(value) or text == value:
            continue
        fix = Fix("write", Message("doctor.fix.write", {"value": value}), value)
        must = Message("doctor.must.spelling", {"value": value})
        yield sheet.found(
            "spelling", sheet.numbers[at], place, must, fix=fix, confidence="sure", name=field.name
        )


def formulas(sheet: Sheet, time_zone: str) -> Iterator[Finding]:
    """Yield a finding for each formula in a column of the table; columns of one's own may have them."""
    names = {place: name for name, place in sheet.header.places.items()}
    rows = {number: at for at, number in enumerate(sheet.numbers)}
    for row, place in sheet.formulas:
        name = names.get(place)
        if name is None or row not in rows:
            continue
        field, value = sheet.table.field(name), sheet.reading.frame[name].iloc[rows[row]]
        if pd.isna(value):
            yield sheet.found("formula_error", row, place, Message("doctor.must.formula_error"), name=name)
            continue
        shown = as_text(sheet.cell(row, place)) if field.type == "string" else _shown(field, value, time_zone)
        fix = Fix(
            "write",
            Message("doctor.fix.formula", {"value": shown[:60]}),
            field.format(value, time_zone),
        )
        must = Message("doctor.must.formula")
        yield sheet.found("formula", row, place, must, fix=fix, confidence="likely", name=name)
