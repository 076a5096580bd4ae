"""The Spreadsheet resource: what `spreadsheets.get` answers."""

import copy
from collections.abc import Sequence

from local_sheets import fields, places
from local_sheets.a1 import Box, Span
from local_sheets.errors import Json
from local_sheets.fields import Mask
from local_sheets.griddata import grid_data
from local_sheets.protection import answered
from local_sheets.requests import metadata as developer
from local_sheets.rights import caller
from local_sheets.store import Book, Sheet

_LISTS = (
    "merges",
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "basicFilter",
    "charts",
    "bandedRanges",
    "rowGroups",
    "columnGroups",
    "slicers",
)
_GRID_ORDER = (
    "rowCount", "columnCount", "frozenRowCount", "frozenColumnCount", "hideGridlines",
    "rowGroupControlAfter", "columnGroupControlAfter",
)  # fmt: skip


def properties(book: Book, sheet: Sheet) -> Json:
    """Return SheetProperties as answered: index worked out, zero values left out."""
    kept = sheet.properties
    grid = {name: sheet.grid[name] for name in _GRID_ORDER if sheet.grid.get(name)}
    answer: Json = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": kept["sheetType"],
        "gridProperties": grid,
    }
    answer |= {k: kept[k] for k in ("hidden", "tabColor", "tabColorStyle", "rightToLeft") if kept.get(k)}
    return copy.deepcopy(answer)


def spreadsheet(
    book: Book, base: str, mask: Mask, ranges: Sequence[str] = (), *, with_cells: bool = False
) -> Json:
    """Return the Spreadsheet resource.

    Args:
        book: The spreadsheet.
        base: The address of this server, for `spreadsheetUrl`.
        mask: The fields asked for; {} for all.
        ranges: A1 addresses; with any, only their sheets are answered.
        with_cells: Whether cells are answered (a mask that names them decides by itself).
    """
    asked = [_range(book, address) for address in ranges]
    chosen = {id(sheet) for sheet, _ in asked}
    cells = fields.wants(mask, "sheets", "data") if mask else with_cells
    answer: Json = {
        "spreadsheetId": book.id,
        "properties": book.properties,
        "sheets": [
            sheet_answer(book, sheet, mask.get("sheets", {}), asked, cells=cells)
            for sheet in book.sheets
            if not asked or id(sheet) in chosen
        ],
    }
    if book.about.get("namedRanges"):
        answer["namedRanges"] = book.about["namedRanges"]
    of_it = developer.at_spreadsheet(book)
    if of_it:
        answer["developerMetadata"] = of_it
    answer["spreadsheetUrl"] = f"{base}/spreadsheets/d/{book.id}/edit"
    picked: Json = fields.pick(answer, mask)
    return picked


def _range(book: Book, address: str) -> tuple[Sheet, Span]:
    """Return the sheet and span of a range that was asked for."""
    sheet, span = places.find(book, address)
    sheet.place(span)
    return sheet, span


def sheet_answer(
    book: Book, sheet: Sheet, mask: Mask, asked: Sequence[tuple[Sheet, Span]], *, cells: bool
) -> Json:
    """Return the Sheet resource."""
    answer: Json = {"properties": properties(book, sheet)}
    if cells:
        boxes: list[Box] = [sheet.place(span) for one, span in asked if one is sheet]
        wanted = mask.get("data", {}) if mask else {}
        answer["data"] = [grid_data(book, sheet, box, wanted) for box in boxes or [sheet.whole()]]
    for name in _LISTS:
        if sheet.about.get(name):
            answer[name] = sheet.about[name]
    of_it = developer.at_sheet(book, sheet)
    if of_it:
        answer["developerMetadata"] = of_it
    if "protectedRanges" in answer:
        answer["protectedRanges"] = [answered(book, caller(), item) for item in answer["protectedRanges"]]
    return answer
