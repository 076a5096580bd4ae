"""Sheets of our own in somebody's spreadsheet, to try things on; all of it is taken away again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from gspread.urls import SPREADSHEET_URL

from sheets_schema.book.cells import write_cells
from sheets_schema.book.titles import Grid, quoted

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["KEY", "Scratch", "scratch", "shown"]

Json = dict[str, Any]
TITLE: Final = "opsline certify"
KEY: Final = "opsline.certify"
"""The key of all metadata that is made here."""
STALE: Final = 3600
"""Seconds after which a scratch sheet is one that a killed process has left."""


@dataclass
class Scratch:
    """A spreadsheet with sheets of our own.

    Args:
        book: The spreadsheet.
        patience: Seconds in which what was changed must be seen, where the book itself would wait.
        quota: Whether the service's quota may be used up.
    """

    book: Book
    patience: float
    quota: bool = False
    numbers: list[int] = field(default_factory=list)
    """Numbers of metadata that may have been made."""
    titles: set[str] = field(default_factory=set)
    """Titles of sheets that may have been made."""
    _common: Grid | None = None
    _row: int = 0

    def title(self) -> str:
        """Return the title for one more sheet."""
        title = f"{TITLE} {int(time.time())} {uuid4().hex[:6]}"
        self.titles.add(title)
        return title

    def sheet(self, rows: int = 60, columns: int = 12) -> Grid:
        """Make a hidden sheet."""
        title = self.title()
        grid = {"rowCount": rows, "columnCount": columns}
        self.book.write(
            [{"addSheet": {"properties": {"title": title, "hidden": True, "gridProperties": grid}}}]
        )
        return self.book.grid(title)

    def line(self) -> tuple[Grid, int]:
        """Return a sheet, and the number of a row in it that is still blank."""
        self._common = self._common or self.sheet()
        self._row += 1
        return self._common, self._row

    def put(self, grid: Grid, row: int, *cells: object) -> list[Json]:
        """Return the requests that write cells into a row, from its first column on."""
        return write_cells(grid.id, row, dict(enumerate(cells)))

    def show(self, grid: Grid, area: str) -> list[list[Json]]:
        """Return the cells of a range as `spreadsheets.get` has them."""
        return shown(self.book.show([f"{quoted(grid.title)}!{area}"]))

    def read(self, grid: Grid, area: str) -> list[list[Any]]:
        """Return the values of a range, as the book reads them."""
        return self.book.read([f"{quoted(grid.title)}!{area}"])[0]

    def until(self, read: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
        """Read until something is there, or patience ends; return what was read last."""
        end = time.monotonic() + self.patience
        while not is_there(found := read()) and time.monotonic() < end:
            self.book.sleep(0.2)
        return found

    def clean(self) -> None:
        """Take away what is ours, and what a killed process has left."""
        self.book.workbook.refresh()
        requests: list[Json] = [
            {"deleteDeveloperMetadata": {"dataFilter": lookup(each["metadataId"])}}
            for each in self.metadata(*self.numbers)
        ]
        ours = [grid for grid in self.book.workbook.grids.values() if self._is_ours(grid.title)]
        requests += [{"deleteSheet": {"sheetId": grid.id}} for grid in ours]
        if requests:
            self.book.write(requests)

    def metadata(self, *numbers: int) -> list[Json]:
        """Return the metadata of some numbers, as far as there is any."""
        if not numbers:
            return []
        address = f"{SPREADSHEET_URL % self.book.workbook.id}/developerMetadata:search"
        body = {"dataFilters": [lookup(number) for number in numbers]}
        found = self.book.client.request("post", address, json=body).json()
        return [each["developerMetadata"] for each in found.get("matchedDeveloperMetadata", ())]

    def _is_ours(self, title: str) -> bool:
        """Say whether a sheet was made by this process, or long ago by one that is dead."""
        made = title.removeprefix(f"{TITLE} ").partition(" ")[0] if title.startswith(TITLE) else ""
        return title in self.titles or (made.isdigit() and int(made) < time.time() - STALE)


@contextmanager
def scratch(book: Book, patience: float, *, quota: bool) -> Iterator[Scratch]:
    """Give a spreadsheet sheets to try things on, and take them away whatever happens."""
    made = Scratch(book, patience, quota)
    try:
        yield made
    finally:
        try:
            made.clean()
        except KeyboardInterrupt:
            made.clean()
            raise


def lookup(number: int) -> Json:
    """Return the filter that finds metadata by its number."""
    return {"developerMetadataLookup": {"metadataId": number}}


def shown(sheets: Sequence[Json]) -> list[list[Json]]:
    """Return the rows of the first range that an answer shows."""
    data = sheets[0].get("data", [{}]) if sheets else [{}]
    return [row.get("values", []) for row in data[0].get("rowData", [])]
