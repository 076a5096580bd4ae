"""A spreadsheet in memory: what it says of itself, its sheets, and their rows on demand."""

from __future__ import annotations

import copy
import sqlite3
from typing import TYPE_CHECKING

from local_sheets.a1 import Box, Span, check
from local_sheets.errors import BadRequest, Json, NotFound
from local_sheets.store.lines import Lines
from local_sheets.store.steps import Step
from local_sheets.store.styles import Styles

if TYPE_CHECKING:
    from local_sheets.formulas.engine import Engine

MAXIMUM_CELLS, MAXIMUM_SHEETS = 10_000_000, 200
MAXIMUM_COLUMNS = 18_278
"""The last column is ZZZ."""
DEFAULT_ROWS, DEFAULT_COLUMNS = 1000, 26


class Sheet:
    """One sheet. `about` is its JSON without cells: properties, merges, protectedRanges ..."""

    def __init__(self, database: sqlite3.Connection, key: int, about: Json) -> None:
        self._database = database
        self._lines: Lines | None = None
        self.key = key
        self.about = about
        self.changed = False
        self.version = 0
        """The spreadsheet's version in which this sheet was changed last, or a later one."""
        self.steps: list[Step] = []
        """How rows and columns came to lie elsewhere in this transaction."""
        self.followed: dict[tuple[int, int], str] = {}
        """Formulas, by row's key and column, whose references followed moved cells in this transaction."""

    @property
    def lines(self) -> Lines:
        """The rows; their order is read when first asked for."""
        if self._lines is None:
            self._lines = Lines(self._database, self.key)
        return self._lines

    @property
    def loaded(self) -> Lines | None:
        """The rows if they were asked for."""
        return self._lines

    def adopt(self, lines: Lines) -> None:
        """Take over rows whose order is known already."""
        self._lines = lines

    @property
    def has_formulas(self) -> bool:
        """Say whether a formula was ever written into the sheet."""
        if self._lines is not None and not self.about.get("formulas"):
            self._lines.flush()
            if self._lines.met_formulas:
                self.about["formulas"] = True
                self.touch()
        return bool(self.about.get("formulas"))

    @property
    def properties(self) -> Json:
        """SheetProperties as kept (index is worked out when answered)."""
        properties: Json = self.about["properties"]
        return properties

    @property
    def grid(self) -> Json:
        """GridProperties as kept."""
        grid: Json = self.properties["gridProperties"]
        return grid

    @property
    def id(self) -> int:
        """The sheetId."""
        return int(self.properties.get("sheetId", 0))

    @property
    def title(self) -> str:
        """The title on the tab."""
        return str(self.properties["title"])

    @property
    def rows(self) -> int:
        """The number of rows of the grid."""
        return int(self.grid["rowCount"])

    @property
    def columns(self) -> int:
        """The number of columns of the grid."""
        return int(self.grid["columnCount"])

    def place(self, span: Span) -> Box:
        """Place a span on this sheet's grid, or refuse it."""
        return check(span, self.title, self.rows, self.columns)

    def whole(self) -> Box:
        """Return the whole grid."""
        return Box(0, self.rows, 0, self.columns)

    def touch(self) -> None:
        """Say that `about` was changed."""
        self.changed = True


class Book:
    """One spreadsheet. `about` has properties, namedRanges, developerMetadata, permissions."""

    def __init__(
        self, database: sqlite3.Connection, styles: Styles, key: str, about: Json, created: str
    ) -> None:
        self._database = database
        self.styles = styles
        self.id = key
        self.about = about
        self.created = created
        self.modified = created
        self.version = 1
        self.trashed = False
        self.changer = self.actor = ""
        """The address of whoever changed it last, and of whoever is about to; "" for the server itself."""
        self.sheets: list[Sheet] = []
        self.changed = False
        self.engine: Engine | None = None
        """What computes the formulas, while the spreadsheet has any."""

    def recalculate(self) -> None:
        """Bring the results of formulas up to date; call it inside `store.writing()`."""
        found = [sheet.has_formulas for sheet in self.sheets]  # of all: each notes what it finds
        if any(found):
            from local_sheets.formulas.recalculation import recalculate

            recalculate(self)

    @property
    def properties(self) -> Json:
        """SpreadsheetProperties."""
        properties: Json = self.about["properties"]
        return properties

    @property
    def title(self) -> str:
        """The spreadsheet's title."""
        return str(self.properties["title"])

    @property
    def locale(self) -> str:
        """The spreadsheet's locale, such as en_US."""
        return str(self.properties.get("locale", "en_US"))

    def items(self, name: str) -> list[Json]:
        """Return a list of `about` (namedRanges ...), making it if need be."""
        found: list[Json] = self.about.setdefault(name, [])
        return found

    def sheet(self, number: int | None, place: str | None = None) -> Sheet:
        """Return the sheet of an id (None counts as 0, as Google drops zeros)."""
        for sheet in self.sheets:
            if sheet.id == (number or 0):
                return sheet
        raise BadRequest(f"No {place or 'grid'} with id: {number or 0}")

    def titled(self, title: str) -> Sheet | None:
        """Return the sheet of a title, in whatever case, or None."""
        for sheet in self.sheets:
            if sheet.title == title:
                return sheet
        for sheet in self.sheets:
            if sheet.title.casefold() == title.casefold():
                return sheet
        return None

    def only_sheet(self, number: int) -> Sheet:
        """Return the sheet of an id given in a path; 404 when there is none."""
        for sheet in self.sheets:
            if sheet.id == number:
                return sheet
        raise NotFound

    def cells(self) -> int:
        """Return the number of cells of all grids."""
        return sum(sheet.rows * sheet.columns for sheet in self.sheets)

    def check_size(self, sheet: Sheet | None = None, *, rows: int = 0, columns: int = 0) -> None:
        """Refuse a spreadsheet that is larger than Google allows, or would be.

        Args:
            sheet: The sheet that is about to grow, if one is.
            rows: By so many rows.
            columns: By so many columns.
        """
        cells, widest = self.cells(), max((one.columns for one in self.sheets), default=0)
        if sheet is not None:
            widest = max(widest, sheet.columns + columns)
            cells += (sheet.rows + rows) * (sheet.columns + columns) - sheet.rows * sheet.columns
        for number, what, where, most in (
            (len(self.sheets), "sheets", "workbook", MAXIMUM_SHEETS),
            (widest, "columns", "worksheet", MAXIMUM_COLUMNS),
            (cells, "cells", "workbook", MAXIMUM_CELLS),
        ):
            if number > most:
                raise BadRequest(
                    f"This action would increase the number of {what} in the {where} above the limit of"
                    f" {most} {what}."
                )

    def add(self, about: Json, index: int | None = None) -> Sheet:
        """Add a sheet at *index* (the end by default)."""
        key = self._database.execute(
            "INSERT INTO sheet (book, place, json) VALUES (?, 0, '')", (self.id,)
        ).lastrowid
        sheet = Sheet(self._database, int(key or 0), copy.deepcopy(about))
        sheet.touch()
        self.sheets.insert(len(self.sheets) if index is None else index, sheet)
        self.touch()
        return sheet

    def remove(self, sheet: Sheet) -> None:
        """Take a sheet and its rows away."""
        self._database.execute("DELETE FROM line WHERE sheet = ?", (sheet.key,))
        self._database.execute("DELETE FROM step WHERE sheet = ?", (sheet.key,))
        self._database.execute("DELETE FROM sheet WHERE key = ?", (sheet.key,))
        self.sheets.remove(sheet)
        self.touch()

    def touch(self) -> None:
        """Say that the spreadsheet or the order of its sheets was changed."""
        self.changed = True
