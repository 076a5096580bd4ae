"""What one transaction changed, for those who watch a store."""

from dataclasses import dataclass

from local_sheets.store.book import Book, Sheet
from local_sheets.store.steps import Step


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """What was changed of one sheet: the keys of rows, the steps of rows and columns, `about`."""

    sheet: Sheet
    keys: frozenset[int]
    steps: tuple[Step, ...]
    about: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What one transaction changed of a spreadsheet; `whole`: its own JSON, its list of sheets, its life."""

    book: Book
    version: int
    sheets: tuple[SheetChanges, ...]
    whole: bool
