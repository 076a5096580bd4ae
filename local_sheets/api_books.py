"""spreadsheets: create, get, getByDataFilter, sheets.copyTo."""

import copy
from typing import Any

from local_sheets import answers, defaults
from local_sheets.errors import BadRequest, Json
from local_sheets.rights import caller
from local_sheets.store import Book, Sheet, Store
from local_sheets.store.store import new_number


def create(store: Store, given: Json) -> Book:
    """Make a spreadsheet from a Spreadsheet resource; call it inside `store.writing()`."""
    about: Json = {
        "owner": caller().email,
        "properties": defaults.book_properties(given.get("properties") or {}),
    }
    sheets: list[Json] = []
    taken: set[int] = set()
    for place, sheet in enumerate(given.get("sheets") or [{}]):
        properties = sheet.get("properties") or {}
        number = properties.get("sheetId")
        if number is None:
            number = 0 if place == 0 else new_number(taken)
        if number in taken:
            raise BadRequest(f"A sheet with the ID {number} already exists.")
        taken.add(number)
        kept = defaults.sheet_properties(properties, number, f"Sheet{place + 1}")
        sheets.append({"properties": kept})
    titles = [sheet["properties"]["title"].casefold() for sheet in sheets]
    if len(set(titles)) < len(titles):
        raise BadRequest("Sheet titles must be unique.")
    book = store.create(about, sheets)
    for one, sheet in zip(book.sheets, given.get("sheets") or [], strict=False):
        for data in sheet.get("data") or ():
            _fill(book, one, data)
    book.check_size()
    return book


def _fill(book: Book, sheet: Sheet, data: Json) -> None:
    """Write the cells that came with a new sheet."""
    from local_sheets.requests.cells import write_rows

    top, left = data.get("startRow", 0), data.get("startColumn", 0)
    write_rows(book, sheet, top, left, data.get("rowData") or [], {})


def copy_sheet(source: Sheet, target: Book, properties: Json, index: int | None = None) -> Sheet:
    """Copy a sheet with its rows into a spreadsheet."""
    about = copy.deepcopy(source.about)
    about["properties"] = about["properties"] | properties
    about.pop("developerMetadata", None)
    sheet = target.add(about, index)
    number = properties["sheetId"]
    for name in ABOUT_CELLS:
        _readdress(about.get(name), source.id, number, place=name == "merges")
    for name, key in _NUMBERED.items():
        taken = {
            item[key] for other in target.sheets for item in other.about.get(name, ()) if other is not sheet
        }
        for item in about.get(name, ()):
            item[key] = new_number(taken) if item[key] in taken else item[key]
            taken.add(item[key])
    sheet.about = about
    rows = [copy.deepcopy(row) for row in source.lines.rows(0, len(source.lines))]
    sheet.lines.extend(rows)
    sheet.touch()
    target.check_size()
    return sheet


ABOUT_CELLS = (
    "merges", "conditionalFormats", "filterViews", "protectedRanges", "basicFilter", "charts",
    "bandedRanges", "rowGroups", "columnGroups",
)  # fmt: skip
"""What a sheet keeps beside its cells that names ranges of them."""

_NUMBERED = {
    "protectedRanges": "protectedRangeId",
    "bandedRanges": "bandedRangeId",
    "filterViews": "filterViewId",
    "charts": "chartId",
}
"""Lists whose items have an id that is unique in a spreadsheet."""

_PLACES = frozenset({"range", "ranges", "sources", "anchorCell"})


def _readdress(item: Any, old: int, new: int, *, place: bool) -> None:
    """Make every range on sheet *old* inside *item* one of sheet *new*; *place*: it is a range itself."""
    if isinstance(item, list):
        for part in item:
            _readdress(part, old, new, place=place)
    elif isinstance(item, dict):
        if place and item.get("sheetId", 0) == old:
            item.pop("sheetId", None)
            if new:
                item["sheetId"] = new
        for name, part in item.items():
            _readdress(part, old, new, place=name in _PLACES)


def copy_to(target: Book, source: Sheet) -> Json:
    """Copy a sheet into a spreadsheet as `Copy of ...`; return its SheetProperties."""
    title = free_title(target, f"Copy of {source.title}")
    number = new_number({sheet.id for sheet in target.sheets})
    sheet = copy_sheet(source, target, {"sheetId": number, "title": title})
    return answers.properties(target, sheet)


def free_title(book: Book, title: str) -> str:
    """Return a title that no sheet has yet."""
    if book.titled(title) is None:
        return title
    number = 1
    while book.titled(f"{title} {number}") is not None:
        number += 1
    return f"{title} {number}"
