"""What one operation changed: how things were before, and after, so that it can be taken back."""

import copy
import hashlib
from dataclasses import dataclass, field

from local_sheets.errors import Json
from local_sheets.store import Book, Sheet
from local_sheets.store.lines import Kept, Memory
from local_sheets.store.steps import Step

MOST_ROWS = 20_000
"""An operation that changed more rows cannot be taken back."""


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One sheet before and after an operation."""

    about_before: Json
    about_after: Json
    before: dict[int, Kept | None]
    after: dict[int, Kept]
    order_before: list[int] | None
    order_after: list[int]
    steps: tuple[Step, ...]
    followed: dict[tuple[int, int], str]
    """The formulas, by row's key and column, that only followed what the operation moved."""


@dataclass(frozen=True, slots=True)
class DeletedSheet:
    """A sheet that an operation took away: its place, what it was, its rows."""

    place: int
    about: Json
    rows: list[Kept]


@dataclass(slots=True)
class Record:
    """A spreadsheet before and after an operation."""

    version: int
    about_before: Json
    about_after: Json
    order_before: list[int]
    order_after: list[int]
    sheets: dict[int, SheetRecord] = field(default_factory=dict)
    made: dict[int, str] = field(default_factory=dict)
    """Sheets that it made, with a fingerprint of their rows."""
    deleted: list[DeletedSheet] = field(default_factory=list)


class Recorder:
    """Watches a spreadsheet from its making until `finish`, inside one transaction."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._about = copy.deepcopy(book.about)
        self._order = [sheet.id for sheet in book.sheets]
        self._sheets = {sheet.id: (sheet, copy.deepcopy(sheet.about)) for sheet in book.sheets}
        self._doomed: dict[int, DeletedSheet] = {}
        for sheet in book.sheets:
            sheet.lines.memory = Memory()

    def expect_deletion(self, sheet: Sheet) -> None:
        """Keep a whole sheet that is about to be taken away."""
        rows = [(values, extras) for _key, values, extras in sheet.lines.raw(0, len(sheet.lines))]
        place = self._book.sheets.index(sheet)
        self._doomed[sheet.id] = DeletedSheet(place, copy.deepcopy(sheet.about), rows)

    def finish(self) -> Record | None:
        """Return what was changed; None when it was nothing, or too much to be taken back."""
        book = self._book
        here = {sheet.id: sheet for sheet in book.sheets}
        record = Record(
            version=book.version + 1,
            about_before=self._about,
            about_after=copy.deepcopy(book.about),
            order_before=self._order,
            order_after=list(here),
            made={n: fingerprint(s) for n, s in here.items() if n not in self._sheets},
            deleted=[kept for number, kept in self._doomed.items() if number not in here],
        )
        for number, (sheet, about) in self._sheets.items():
            memory = sheet.lines.memory
            if number in here and memory is not None:
                sheet.lines.flush()
                if memory.rows or memory.order is not None or sheet.changed:
                    record.sheets[number] = _of_sheet(sheet, about, memory)
            sheet.lines.memory = None
        return record if _is_worth(record) else None


def _of_sheet(sheet: Sheet, about: Json, memory: Memory) -> SheetRecord:
    """Return a sheet before and after."""
    after = {key: (values, extras) for key, _at, values, extras in _all(sheet, list(memory.rows))}
    return SheetRecord(
        about_before=about,
        about_after=copy.deepcopy(sheet.about),
        before=memory.rows,
        after=after,
        order_before=memory.order,
        order_after=list(sheet.lines.keys) if memory.order is not None else [],
        steps=tuple(sheet.steps),
        followed=dict(sheet.followed),
    )


def _all(sheet: Sheet, keys: list[int]) -> list[tuple[int, int, str, str | None]]:
    """Return rows of many keys."""
    found = []
    for start in range(0, len(keys), 500):
        found += sheet.lines.by_key(keys[start : start + 500])
    return found


def fingerprint(sheet: Sheet) -> str:
    """Return a text that is the same as long as nobody changes the rows of a sheet."""
    mark = hashlib.sha256()
    for row in sheet.lines.raw(0, len(sheet.lines)):
        mark.update(repr(row).encode())
    return mark.hexdigest()


def _is_worth(record: Record) -> bool:
    """Say whether something was changed, and not too much of it."""
    rows = sum(len(sheet.before) for sheet in record.sheets.values())
    rows += sum(len(sheet.rows) for sheet in record.deleted)
    something = (
        record.sheets
        or record.made
        or record.deleted
        or record.about_before != record.about_after
        or record.order_before != record.order_after
    )
    return bool(something) and rows <= MOST_ROWS
