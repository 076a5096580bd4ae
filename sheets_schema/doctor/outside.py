"""Rows that do not belong to the table: notes and sums below or in it, and gaps of blank rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from sheets_schema.doctor.finding import Finding, Fix
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.language.cells import as_text, blank
from sheets_schema.words import Message

__all__ = ["gaps", "stray_rows"]

GAP: Final = 2
"""One or two blank rows are how people space a sheet; more are a stretch that rows lie below."""
BELONGS: Final = 0.5
"""A row without an id belongs to the table if it fills at least this share of what must be filled."""


def gaps(sheet: Sheet) -> Iterator[Finding]:
    """Yield a finding for each stretch of blank rows that others lie below."""
    numbers = np.array([1, *sheet.numbers])
    for at in np.flatnonzero(np.diff(numbers) > GAP + 1).tolist():
        first, last = int(numbers[at]) + 1, int(numbers[at + 1]) - 1
        below = sheet.numbers[at:]
        facts = {"first": first, "last": last, "count": len(below)}
        fix = Fix("close", Message("doctor.fix.close", facts), rows=(first, last))
        must = Message("doctor.must.blank_rows", facts)
        yield sheet.found("blank_rows", first, 0, must, fix=fix, confidence="likely")


def stray_rows(sheet: Sheet) -> Iterator[Finding]:
    """Yield a finding for each row without an id that fills too little to be one of the table's."""
    place = sheet.header.places.get(sheet.table.key)
    if place is None:
        return
    needed = [
        sheet.header.places[each.name]
        for each in sheet.table.fields
        if each.required and each.name != sheet.table.key and each.name in sheet.header.places
    ]
    for row in [number for number in sheet.numbers if blank(sheet.cell(number, place))]:
        filled = sum(not blank(sheet.cell(row, each)) for each in needed)
        if filled > BELONGS * len(needed) or (needed and filled == len(needed)):
            continue
        cells = [as_text(cell) for cell in sheet.rows[row - 1]]
        said = " · ".join(cell for cell in cells if cell)[:60]
        fix = Fix("quarantine", Message("doctor.fix.quarantine"))
        must = Message("doctor.must.stray_row", {"row": row, "said": said})
        yield sheet.found("stray_row", row, place, must, fix=fix, confidence="likely")
