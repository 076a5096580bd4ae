"""All that is wrong in some sheets, each cell once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sheets_schema.doctor.faults import Ward, fault_findings
from sheets_schema.doctor.finding import KINDS, PERSON, Finding
from sheets_schema.doctor.header import header_findings
from sheets_schema.doctor.outside import gaps, stray_rows
from sheets_schema.doctor.sheet import EXEMPT, Sheet
from sheets_schema.doctor.spaces import spaces
from sheets_schema.doctor.written import formulas, written
from sheets_schema.language import Fault, Table

__all__ = ["diagnose", "in_order"]


def diagnose(
    sheets: Mapping[str, Sheet],
    tables: Mapping[str, Table],
    between: Iterable[Fault],
    time_zone: str,
    told: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Return what is wrong in some sheets, by sheet, row and column; one finding for a cell.

    Args:
        sheets: The sheets by name; what refers to others is left unjudged.
        tables: All tables, with the team's fields.
        between: What does not agree between them (`workbook.check`).
        time_zone: The workbook's time zone.
        told: Called after each sheet with the number of those that are done.
    """
    ward = Ward(sheets, tables, time_zone)
    across: dict[str, list[Fault]] = {}
    for fault in between:
        across.setdefault(fault.sheet, []).append(fault)
    found: list[Finding] = []
    for done, (name, sheet) in enumerate(sheets.items(), start=1):
        found += in_order(_of_one(ward, sheet, across.get(name, [])))
        if told is not None:
            told(done)
    return found


def _of_one(ward: Ward, sheet: Sheet, across: Iterable[Fault]) -> list[Finding]:
    """Return the findings of one sheet; what explains a cell better comes before the rest."""
    found = list(header_findings(sheet, ward.keys, ward.time_zone))
    if not sheet.header.places:
        return found
    faults = iter((*sheet.reading.faults, *across))
    if sheet.name in EXEMPT:
        kept = fault_findings(ward, sheet, faults)
        return found + [_untouched(each) for each in kept]
    stray = list(stray_rows(sheet))
    gone = {each.fault.row for each in stray}
    more: Iterator[Finding] = (
        each
        for some in (
            formulas(sheet, ward.time_zone),
            fault_findings(ward, sheet, faults),
            written(sheet, ward.time_zone),
            spaces(sheet),
        )
        for each in some
        if each.fault.row not in gone
    )
    cells: dict[tuple[int, int], Finding] = {}
    for each in more:
        cells.setdefault((each.fault.row, each.place), each)
    return [*found, *gaps(sheet), *stray, *cells.values()]


def _untouched(finding: Finding) -> Finding:
    """Return a finding of a sheet that keeps records: nothing is proposed."""
    return Finding(finding.kind, finding.fault, PERSON, "person", finding.row_id, "", finding.place)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by row, then by column."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(findings, key=lambda each: (each.fault.row, each.place, order[each.kind]))
