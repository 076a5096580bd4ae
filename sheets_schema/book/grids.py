"""What a spreadsheet says of itself: title, time zone, sheets and their sizes; kept until it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gspread.spreadsheet import Spreadsheet

from sheets_schema.book.titles import Grid
from sheets_schema.errors import MissingSheet

__all__ = ["Workbook"]

MASK: Final = "spreadsheetId,properties(title,timeZone,locale),sheets.properties"


class Workbook(Spreadsheet):
    """gspread's spreadsheet, which remembers its sheets instead of asking at every turn."""

    def fetch_sheet_metadata(self, params: Any = None) -> Mapping[str, Any]:
        """Ask what the spreadsheet says of itself, without its cells, and remember it."""
        metadata = super().fetch_sheet_metadata(params or {"includeGridData": "false", "fields": MASK})
        if params is None:
            self.grids = {grid.title: grid for grid in map(_grid, metadata["sheets"])}
        return metadata

    def refresh(self) -> None:
        """Ask again."""
        self._properties.update(self.fetch_sheet_metadata()["properties"])

    def grid(self, title: str) -> Grid:
        """Return a sheet; it is asked for again where it is not known.

        Raises:
            MissingSheet: The spreadsheet has no sheet of that title.
        """
        if title not in self.grids:
            self.refresh()
        if title not in self.grids:
            raise MissingSheet(sheet=title)
        return self.grids[title]


def _grid(sheet: Mapping[str, Any]) -> Grid:
    """Return one sheet of an answer; zero values are left out of it."""
    about = sheet["properties"]
    size = about.get("gridProperties", {})
    return Grid(about.get("sheetId", 0), about["title"], size.get("rowCount", 0), size.get("columnCount", 0))
