"""Carrying out what a person ticked, and nothing else: only where the cell is still as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sheets_schema.book import examine
from sheets_schema.book.plan import Signature
from sheets_schema.book.remedy import carry_out
from sheets_schema.book.save import new_save
from sheets_schema.doctor import Finding

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["Treated", "treat"]

ROWS: Final = 1_000
"""Rows that one request changes; with more, the sheets are looked at again in between."""


@dataclass(frozen=True, slots=True)
class Treated:
    """What was done.

    Args:
        done: The findings that were put right.
        left: Those that were not: the cell has changed since, or no rule can repair it.
        saves: The ids of the saves.
        examination: The sheets as they are now.
    """

    done: tuple[Finding, ...]
    left: tuple[Finding, ...]
    saves: tuple[str, ...]
    examination: Examination


def treat(
    book: Book,
    ticked: Sequence[Finding],
    *,
    who: str,
    source: str,
    now: pd.Timestamp,
    language: str = "en",
) -> Treated:
    """Put right what was ticked, and nothing else.

    The sheets are read again just before; a finding that is no longer there as it was is left. Each
    request is all or nothing, with its lines in the journal; a row is found where it stands now.

    Args:
        book: The workbook.
        ticked: Findings of `examine`.
        who: The person's id, or the service.
        source: The page or command that it comes from.
        now: The moment, with a time zone.
        language: Of the reasons that go to the quarantine.

    Raises:
        BookError: The workbook cannot be reached, or somebody else saved a row in that instant:
            nothing of the request was done.
    """
    names = tuple(dict.fromkeys(finding.fault.sheet for finding in ticked))
    waiting = [finding for finding in ticked if finding.can_fix]
    done: list[Finding] = []
    saves: list[str] = []
    if any(finding.kind == "missing_sheet" for finding in waiting):
        gone = [finding for finding in waiting if finding.kind == "missing_sheet"]
        book.lay_out()
        done += gone
        waiting = [finding for finding in waiting if finding.kind != "missing_sheet"]
    while waiting:
        seen = examine.examine(book, names)
        there = _still(seen.findings, waiting)
        some, waiting = _first_rows(waiting)
        found = [there[finding.id] for finding in some if finding.id in there]
        if found:
            signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
            done += carry_out(book, seen, found, signature, language)
            saves.append(signature.save)
    left = tuple(finding for finding in ticked if finding not in done)
    return Treated(tuple(done), left, tuple(saves), examine.examine(book, names))


def _still(now: Iterable[Finding], ticked: Iterable[Finding]) -> dict[str, Finding]:
    """Return id of a ticked finding -> the same one as it stands now; rows may have moved."""
    at_cell = {finding.id: finding for finding in now}
    of_row = {_of_row(finding): finding for finding in at_cell.values() if finding.row_id}
    found = {}
    for finding in ticked:
        same = at_cell.get(finding.id)
        if same is None or not _same(same, finding):
            same = of_row.get(_of_row(finding)) if finding.row_id else None
        if same is not None and _same(same, finding):
            found[finding.id] = same
    return found


def _of_row(finding: Finding) -> tuple[str, str, str, str]:
    """Return what names a finding wherever its row has gone."""
    return finding.fault.sheet, finding.kind, finding.row_id, finding.fault.field


def _same(one: Finding, other: Finding) -> bool:
    """Say whether two findings are of the same content, with the same fix."""
    whole = one.kind == "blank_rows"
    found = whole or (
        type(one.fault.found) is type(other.fault.found) and one.fault.found == other.fault.found
    )
    return found and one.row_id == other.row_id and one.formula == other.formula and one.fix == other.fix


def _first_rows(waiting: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings of the first rows, as many as go into a request, and the others."""
    rows = list(dict.fromkeys((each.fault.sheet, each.fault.row) for each in waiting))
    first = set(rows[:ROWS])
    some = [each for each in waiting if (each.fault.sheet, each.fault.row) in first]
    return some, [each for each in waiting if (each.fault.sheet, each.fault.row) not in first]
