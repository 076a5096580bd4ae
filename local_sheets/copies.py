"""A spreadsheet taken out of the store, so that any thread can write it into a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from local_sheets.errors import Json
from local_sheets.store import Book, Row
from local_sheets.store.lines import row_of
from local_sheets.store.row import dumps
from local_sheets.values.locales import Locale, locale

Kept = tuple[int, str, str | None]
"""A row as it is kept: its key, the JSON of its values, the JSON of what it has beside them."""


@dataclass(frozen=True, slots=True)
class PageCopy:
    """One sheet: `about` as the store has it, and its rows."""

    about: Json
    kept: list[Kept]

    @property
    def title(self) -> str:
        """The title on the tab."""
        return str(self.about["properties"]["title"])

    @property
    def grid(self) -> Json:
        """GridProperties."""
        grid: Json = self.about["properties"]["gridProperties"]
        return grid

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        return (row_of(*kept) for kept in self.kept)


@dataclass(frozen=True, slots=True)
class BookCopy:
    """One spreadsheet: `about` as the store has it, its sheets, and every format and rule by number."""

    about: Json
    pages: list[PageCopy]
    styles: dict[int, Json]

    @property
    def title(self) -> str:
        """The spreadsheet's title."""
        return str(self.about["properties"]["title"])

    @property
    def words(self) -> Locale:
        """The spreadsheet's locale."""
        return locale(str(self.about["properties"].get("locale", "en_US")))


def take(book: Book) -> BookCopy:
    """Copy a spreadsheet; call it in the store's thread."""
    pages = [
        PageCopy(json.loads(dumps(sheet.about)), sheet.lines.raw(0, len(sheet.lines)))
        for sheet in book.sheets
    ]
    return BookCopy(json.loads(dumps(book.about)), pages, book.styles.all())
