"""The score of the data by dimension: how many checks were made, and how many passed (formulas D5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sheets_schema.doctor.finding import Finding
from sheets_schema.doctor.sheet import EXEMPT, Sheet
from sheets_schema.language.cells import blank

__all__ = ["Score", "scores"]

UNSCORED: Final = EXEMPT | {"data_quality"}
"""Records of the program's own; their quality is not the team's."""


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension of one sheet.

    Args:
        sheet: The sheet's name.
        dimension: One of the six.
        passed: Checks that found nothing.
        checked: Checks that were made, more than 0.
    """

    sheet: str
    dimension: str
    passed: int
    checked: int

    @property
    def share(self) -> float:
        """What passed, from 0 to 1."""
        return self.passed / self.checked


def scores(sheets: Mapping[str, Sheet], asked: Iterable[str], findings: Iterable[Finding]) -> list[Score]:
    """Return the scores that follow from the cells themselves; a dimension without a check has none.

    * completeness: filled cells / cells that must be filled
    * uniqueness: rows that are no other's double / rows
    * validity: cells written as their field asks / cells that hold something
    * consistency: keys that name a row of the other sheet / keys

    Timeliness and accuracy need more than cells; see `timeliness` and `accuracy`.

    Args:
        sheets: What was looked at.
        asked: The sheets to be scored.
        findings: What was found in them.
    """
    by_sheet: dict[str, list[Finding]] = {}
    for each in findings:
        by_sheet.setdefault(each.fault.sheet, []).append(each)
    return [
        score
        for name in asked
        if name in sheets and name not in UNSCORED
        for score in _of_one(sheets[name], by_sheet.get(name, []), sheets)
        if score.checked
    ]


def _of_one(sheet: Sheet, findings: list[Finding], sheets: Mapping[str, Sheet]) -> Iterator[Score]:
    """Yield the scores of one sheet; rows that are not of the table are left out."""
    stray = {each.fault.row for each in findings if each.kind == "stray_row"}
    rows = len(sheet.numbers) - len(stray)
    found = [each for each in findings if each.fault.row > 1 and each.fault.row not in stray]
    failed = Counter(each.dimension for each in found)
    required = [each.name for each in sheet.table.fields if each.required]
    absent = sum(name not in sheet.header.places for name in required)
    cells = rows * len(required)
    yield Score(sheet.name, "completeness", cells - failed["completeness"] - rows * absent, cells)
    twice = {each.fault.row for each in found if each.dimension == "uniqueness"}
    yield Score(sheet.name, "uniqueness", rows - len(twice), rows)
    held = _held(sheet, stray)
    yield Score(sheet.name, "validity", held - failed["validity"], held)
    keys = _keys(sheet, sheets)
    wrong = sum(each.kind in {"orphan_id", "circle"} for each in found)
    yield Score(sheet.name, "consistency", keys - wrong, keys)


def _held(sheet: Sheet, stray: set[int]) -> int:
    """Return how many cells of the table's columns hold something."""
    frame = sheet.reading.frame.drop(index=list(stray))
    read = sum(int(frame[name].notna().sum()) for name in sheet.header.places)
    faulty = (each for each in sheet.reading.faults if each.row > 1 and each.row not in stray)
    return read + sum(not blank(each.found) for each in faulty)


def _keys(sheet: Sheet, sheets: Mapping[str, Sheet]) -> int:
    """Return how many keys could be looked for in another sheet."""
    foreign = [each.name for each in sheet.table.fields if each.foreign in sheets]
    frame = sheet.reading.frame
    return sum(int(frame[name].notna().sum()) for name in foreign)
