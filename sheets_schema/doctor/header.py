"""Drift of a sheet's header: columns that are missing, renamed, named twice, or not named at all."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sheets_schema.doctor.finding import Confidence, Finding, Fix
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.language import Fault, Field
from sheets_schema.language.cells import address, as_text, blank, column_letters
from sheets_schema.language.header import same
from sheets_schema.language.kinds import Unfit
from sheets_schema.language.rules import violation
from sheets_schema.words import Message

__all__ = ["header_findings"]

SAMPLE: Final = 200
"""Cells of a column that are tried."""
FITS: Final = 0.8
"""Share of them that a field must be able to read."""
ENOUGH: Final = 0.6
"""Total likeness from which on a column is taken for a renamed one."""
APART: Final = 0.05
"""How far the likeliest must lie above the next."""


def header_findings(sheet: Sheet, keys: Mapping[str, frozenset[str]], time_zone: str) -> Iterator[Finding]:
    """Yield what is wrong with a sheet's first row.

    Args:
        sheet: The sheet.
        keys: Table -> its ids, against which a column of ids is tried.
        time_zone: The workbook's.
    """
    if not sheet.header.places:
        yield _no_header(sheet, keys, time_zone)
        return
    missing = [each for each in sheet.table.fields if each.name not in sheet.header.places]
    spare = _spare(sheet)
    renamed = _renamed(sheet, missing, spare, keys, time_zone)
    by_cell = {fault.cell: fault for fault in sheet.reading.faults if fault.row == 1}
    for place, name in renamed.items():
        cell = as_text(sheet.cell(1, place))
        fix = Fix("header", Message("doctor.fix.rename", {"name": name}), name)
        key = "doctor.must.renamed" if cell else "doctor.must.renamed_blank"
        must = Message(key, {"was": name, "header": cell})
        yield sheet.found("renamed_header", 1, place, must, fix=fix, confidence="likely", name=name)
    for fault in by_cell.values():
        if fault.message.key == "language.must.one_column":
            yield _twice(sheet, fault)
        elif fault.message.key == "language.must.name_column":
            yield from _nameless(sheet, fault, renamed, spare)
        elif fault.message.key == "language.must.column" and fault.field not in renamed.values():
            yield _missing(sheet, fault, could_be=bool(set(spare) - set(renamed)))
    yield from _unknown(sheet, renamed)


def _spare(sheet: Sheet) -> list[int]:
    """Return the positions of the columns that are no field's and hold something."""
    return [
        place
        for place in range(max(map(len, sheet.rows), default=0))
        if place not in sheet.header.places.values()
        and not all(cell is False or blank(cell) for cell in sheet.column(place))
    ]


def _renamed(
    sheet: Sheet,
    missing: Sequence[Field],
    spare: Sequence[int],
    keys: Mapping[str, frozenset[str]],
    time_zone: str,
) -> dict[int, str]:
    """Return position -> the missing field that its column most likely is, each at most once."""
    likely: dict[str, list[tuple[float, int]]] = {}
    for field in missing:
        found = [(_likeness(sheet, field, place, keys, time_zone), place) for place in spare]
        likely[field.name] = sorted(found, reverse=True)
    pairs = sorted(((score, place, name) for name, some in likely.items() for score, place in some[:1]))
    taken: dict[int, str] = {}
    for score, place, name in reversed(pairs):
        others = [other for other, where in likely[name] if where != place]
        rivals = [other for other, where, _ in pairs if where == place and other != score]
        stands_out = all(score - other >= APART for other in (*others[:1], *rivals))
        if score >= ENOUGH and place not in taken and stands_out:
            taken[place] = name
    return taken


def _likeness(
    sheet: Sheet, field: Field, place: int, keys: Mapping[str, frozenset[str]], time_zone: str
) -> float:
    """Return from 0 to 1 how likely a column is a field: by name, by what it holds, by where it stands."""
    fits = _fits(field, sheet.column(place), keys, time_zone, is_key=field.name == sheet.table.key)
    if fits < FITS:
        return 0.0
    name = same(as_text(sheet.cell(1, place)))
    ways = {same(field.name), *(same(label) for label in field.labels.values())}
    alike = max(difflib.SequenceMatcher(a=name, b=way).ratio() for way in ways) if name else 0.0
    says_much = field.type != "string" or field.enum or field.foreign or field.pattern or field.unique
    return 0.35 * alike + (0.4 if says_much else 0.25) * fits + 0.3 * _in_its_place(sheet, field, place)


def _in_its_place(sheet: Sheet, field: Field, place: int) -> float:
    """Return how many of a column's neighbours are those that the field has where it is laid out."""
    names, at = sheet.table.names, sheet.table.names.index(field.name)
    where = {position: name for name, position in sheet.header.places.items()}
    left = names[at - 1] if at else ""
    right = names[at + 1] if at + 1 < len(names) else ""
    found = [where.get(place - 1, "") == left, where.get(place + 1, "") == right]
    return sum(found) / len(found)


def _fits(
    field: Field,
    cells: Sequence[Any],
    keys: Mapping[str, frozenset[str]],
    time_zone: str,
    *,
    is_key: bool = False,
) -> float:
    """Return the share of a column's first cells that a field can read and allows."""
    held = [cell for cell in cells if not blank(cell)][:SAMPLE]
    if not held or (is_key and len(set(map(as_text, held))) < len(held)):
        return 0.0
    return sum(_reads(field, cell, keys, time_zone) for cell in held) / len(held)


def _reads(field: Field, cell: object, keys: Mapping[str, frozenset[str]], time_zone: str) -> bool:
    """Say whether a field can read a cell and allows what it says."""
    try:
        value = field.kind.parse(cell, time_zone)
    except Unfit:
        return False
    if field.foreign is not None and field.foreign in keys:
        return value in keys[field.foreign]
    return violation(field, value) is None


def _twice(sheet: Sheet, fault: Fault) -> Finding:
    """Return the finding of a second column of one name: it gets a name of its own."""
    place = _place(sheet, fault)
    taken = {same(cell) for cell in sheet.header.cells}
    name = next(
        made for number in range(2, 1000) if same(made := f"{fault.field} {number}") not in taken
    ).replace(" ", "_")
    fix = Fix("header", Message("doctor.fix.second", {"name": name}), name)
    return sheet.finding("duplicate_header", fault, place, fix, "likely")


def _nameless(
    sheet: Sheet, fault: Fault, renamed: Mapping[int, str], spare: Sequence[int]
) -> Iterator[Finding]:
    """Yield the finding of a column without a name, unless it is one that lost its name."""
    place = _place(sheet, fault)
    if place in renamed or place not in spare:
        return
    name = f"column_{column_letters(place)}"
    fix = Fix("header", Message("doctor.fix.name", {"name": name}), name)
    yield sheet.finding("nameless_column", fault, place, fix, "likely")


def _missing(sheet: Sheet, fault: Fault, *, could_be: bool) -> Finding:
    """Return the finding of a field without a column; one of one's own may be it, or not."""
    confidence: Confidence = "likely" if could_be else "sure"
    fix = Fix("lay_out", Message("doctor.fix.column", {"name": fault.field}), fault.field)
    return sheet.finding("missing_column", fault, _place(sheet, fault), fix, confidence)


def _unknown(sheet: Sheet, renamed: Mapping[int, str]) -> Iterator[Finding]:
    """Yield the columns that a table does not declare and nobody has declared in `fields`."""
    twice = {fault.cell for fault in sheet.reading.faults if fault.message.key == "language.must.one_column"}
    for name, place in sheet.header.unknown.items():
        if place not in renamed and address(place, 1) not in twice:
            must = Message("doctor.must.unknown_column", {"name": name})
            fix = Fix("person", Message("doctor.fix.declare", {"name": name}))
            yield sheet.found("unknown_column", 1, place, must, fix=fix, name=name)


def _no_header(sheet: Sheet, keys: Mapping[str, frozenset[str]], time_zone: str) -> Finding:
    """Return the finding of a sheet whose first row names nothing; the columns may still be in order."""
    above = bool(sheet.rows) and not all(map(blank, sheet.rows[0]))
    rows = sheet.rows if above else sheet.rows[1:]
    width = max(map(len, rows), default=0)
    fits = [
        _fits(each, cells, keys, time_zone)
        for place, each in enumerate(sheet.table.fields[:width])
        if not all(map(blank, cells := [row[place] if place < len(row) else None for row in rows]))
    ]
    must = Message("doctor.must.no_header")
    if width > len(sheet.table.fields) or (fits and min(fits) < FITS):
        fix = Fix("person", Message("doctor.fix.no_header"))
        return sheet.found("no_header", 1, 0, must, fix=fix)
    fix = Fix("headers", Message("doctor.fix.headers"), above)
    return sheet.found("no_header", 1, 0, must, fix=fix, confidence="likely" if fits else "sure")


def _place(sheet: Sheet, fault: Fault) -> int:
    """Return the position of a header fault's column."""
    wide = max([*map(len, sheet.rows), len(sheet.header.cells)], default=0) + len(sheet.table.fields)
    return next(place for place in range(wide + 1) if address(place, 1) == fault.cell)
