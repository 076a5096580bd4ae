"""Drift of a sheet's header: columns that are missing, renamed, named twice, or not named at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sheets_schema.doctor.finding import PERSON, Confidence, Finding, Fix
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.language import Fault, fitting
from sheets_schema.language.cells import address, as_text, blank, column_letters
from sheets_schema.language.header import same
from sheets_schema.language.renamed import CROSSED, RENAMED
from sheets_schema.words import Message

__all__ = ["header_findings"]


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
    spare = _plain(sheet, keys, time_zone).spare()
    renamed, asked = _likely(sheet, keys, time_zone), _asked(sheet)
    for place, name in {**renamed, **{place: fault.field for place, fault in asked.items()}}.items():
        cell = as_text(sheet.cell(1, place))
        fix = Fix("header", Message("doctor.fix.rename", {"name": name}), name)
        key = "doctor.must.renamed" if cell else "doctor.must.renamed_blank"
        must = asked[place].message if place in asked else Message(key, {"was": name, "header": cell})
        yield sheet.found("renamed_header", 1, place, must, fix=fix, confidence="likely", name=name)
    by_cell = {fault.cell: fault for fault in sheet.reading.faults if fault.row == 1}
    for fault in by_cell.values():
        if fault.message.key == CROSSED:
            yield sheet.finding("exchanged_header", fault, _place(sheet, fault), PERSON, "person")
        elif fault.message.key == "language.must.one_column":
            yield _twice(sheet, fault)
        elif fault.message.key == "language.must.name_column":
            yield from _nameless(sheet, fault, renamed, spare)
        elif fault.message.key == "language.must.column" and fault.field not in renamed.values():
            yield _missing(sheet, fault, could_be=bool(set(spare) - set(renamed)))
    yield from _unknown(sheet, renamed)


def _asked(sheet: Sheet) -> dict[int, Fault]:
    """Return position -> the question whether its column is a field that people have renamed."""
    return {
        sheet.header.places[fault.field]: fault
        for fault in sheet.reading.faults
        if fault.message.key in RENAMED
    }


def _likely(sheet: Sheet, keys: Mapping[str, frozenset[str]], time_zone: str) -> dict[int, str]:
    """Return position -> the field without a column that it most likely is, by the sheet alone."""
    return {place: name for name, place in fitting.likely(_plain(sheet, keys, time_zone)).items()}


def _plain(sheet: Sheet, keys: Mapping[str, frozenset[str]], time_zone: str) -> fitting.Sheet:
    """Return a sheet as its header is understood: the rows that are not blank."""
    rows = [sheet.rows[number - 1] for number in sheet.numbers]
    return fitting.Sheet(sheet.table, sheet.header, rows, time_zone, keys)


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
    plain = fitting.Sheet(sheet.table, sheet.header, rows, time_zone, keys)
    fits = [
        fitting.fits(plain, each, cells)
        for place, each in enumerate(sheet.table.fields[:width])
        if not all(map(blank, cells := [row[place] if place < len(row) else None for row in rows]))
    ]
    must = Message("doctor.must.no_header")
    if width > len(sheet.table.fields) or (fits and min(fits) < fitting.FITS):
        fix = Fix("person", Message("doctor.fix.no_header"))
        return sheet.found("no_header", 1, 0, must, fix=fix)
    fix = Fix("headers", Message("doctor.fix.headers"), above)
    return sheet.found("no_header", 1, 0, must, fix=fix, confidence="likely" if fits else "sure")


def _place(sheet: Sheet, fault: Fault) -> int:
    """Return the position of a header fault's column."""
    wide = max([*map(len, sheet.rows), len(sheet.header.cells)], default=0) + len(sheet.table.fields)
    return next(place for place in range(wide + 1) if address(place, 1) == fault.cell)
