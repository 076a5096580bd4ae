"""Carrying out what a person ticked, and nothing else: only where the cell is still as it was."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sheets_schema.book import examine
from sheets_schema.book.failures import Taken
from sheets_schema.book.mend import can_mend, mend
from sheets_schema.book.plan import Signature
from sheets_schema.book.remedy import carry_out, make_sheets
from sheets_schema.book.save import new_save
from sheets_schema.doctor import Finding

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["Treated", "treat"]

ROWS: Final = 300
"""Rows that one request changes; with more, the sheets are looked at again in between."""
ATTEMPTS: Final = 6
"""How often the sheets are looked at again because somebody else was first."""


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
    told: Callable[[int, int], None] | None = None,
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
        told: Called with how many findings are dealt with, and how many there are.

    Raises:
        BookError: The workbook cannot be reached, or somebody else saved a row in that instant:
            nothing of the request was done.
    """
    names = tuple(dict.fromkeys(finding.fault.sheet for finding in ticked))
    waiting = [finding for finding in ticked if finding.can_fix]
    done: list[Finding] = []
    saves: list[str] = []
    if gone := [finding for finding in waiting if finding.kind == "missing_sheet"]:
        signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
        make_sheets(book, [finding.fault.sheet for finding in gone], signature)
        done += gone
        saves.append(signature.save)
        waiting = [finding for finding in waiting if finding not in gone]
    attempt = 0
    while waiting and attempt < ATTEMPTS:
        seen = examine.examine(book, names)
        there = _still(seen.findings, waiting)
        waiting = [finding for finding in waiting if finding.id in there]
        some = _first_rows(seen, [there[finding.id] for finding in waiting])
        if not some:
            break
        signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
        right = _carry_out(book, seen, some, signature, language)
        if right is None:
            attempt += 1
            book.sleep(random.uniform(0, 0.05 * 2**attempt))
            continue
        taken = {finding.id for finding in some}
        kept = {finding.id for finding in right}
        done += [finding for finding in waiting if there[finding.id].id in kept]
        waiting = [finding for finding in waiting if there[finding.id].id not in taken]
        saves.append(signature.save)
        if told is not None:
            told(len(ticked) - len(waiting), len(ticked))
    healed = {finding.id for finding in done}
    left = tuple(finding for finding in ticked if finding.id not in healed)
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


def _first_rows(seen: Examination, found: Sequence[Finding]) -> list[Finding]:
    """Return what goes into the next request: first cells of rows that have an id, then all the rest."""
    going = {_row(each) for each in found if each.fix.action in {"quarantine", "new_id"}}
    cells = [each for each in found if can_mend(seen, each) and _row(each) not in going]
    some = cells or list(found)
    first = set(list(dict.fromkeys(map(_row, some)))[:ROWS])
    return [each for each in some if _row(each) in first]


def _row(finding: Finding) -> tuple[str, int]:
    """Return the sheet and the number of a finding's row."""
    return finding.fault.sheet, finding.fault.row


def _carry_out(
    book: Book, seen: Examination, some: Sequence[Finding], signature: Signature, language: str
) -> list[Finding] | None:
    """Put some findings right in one request; None if somebody else was first."""
    going = {_row(each) for each in some if each.fix.action in {"quarantine", "new_id"}}
    if all(can_mend(seen, each) and _row(each) not in going for each in some):
        return mend(book, seen, some, signature)
    try:
        return carry_out(book, seen, some, signature, language)
    except Taken:
        return None
