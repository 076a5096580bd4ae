"""addSheet, deleteSheet, duplicateSheet, and the properties of sheets and spreadsheet."""

from local_sheets import answers, defaults, fields
from local_sheets.api_books import copy_sheet, free_title
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.formulas import following
from local_sheets.store import Book, Sheet
from local_sheets.store.store import new_number

_TITLE_LENGTH = 100


def add_sheet(book: Book, request: Json) -> Json:
    """Add a sheet."""
    given = request.get("properties") or {}
    if given.get("sheetType", "GRID") != "GRID":
        raise BadRequest(f"Sheets of type {given['sheetType']} are not supported by this server.")
    taken = {sheet.id for sheet in book.sheets}
    number = given.get("sheetId")
    if number is not None and number in taken:
        raise BadRequest(f"A sheet with the ID {number} already exists. Please enter another ID.")
    if number is not None and number < 0:
        raise BadRequest("The sheet ID must not be negative.")
    if given.get("title"):
        check_title(book, given["title"])
    title = given.get("title") or free_title(book, f"Sheet{len(book.sheets) + 1}")
    kept = defaults.sheet_properties(given, new_number(taken) if number is None else number, title)
    _check_grid(kept["gridProperties"])
    sheet = book.add({"properties": kept}, given.get("index"))
    book.check_size()
    return {"addSheet": {"properties": answers.properties(book, sheet)}}


def check_title(book: Book, title: str, own: Sheet | None = None) -> None:
    """Refuse a title that is taken, too long or empty."""
    other = book.titled(title)
    if other is not None and other is not own:
        raise BadRequest(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title:
        raise BadRequest("The sheet name cannot be empty.")
    if len(title) > _TITLE_LENGTH:
        raise BadRequest(f"The sheet name cannot be greater than {_TITLE_LENGTH} characters.")


def delete_sheet(book: Book, request: Json) -> None:
    """Take a sheet away, and what points at it."""
    sheet = book.sheet(request.get("sheetId"), "sheet")
    others = [one for one in book.sheets if one is not sheet]
    if not others:
        raise BadRequest("You can't remove all the sheets in a document.")
    if all(one.properties.get("hidden") for one in others):
        raise BadRequest("You can't remove all the visible sheets in a document.")
    for named in list(book.about.get("namedRanges", ())):
        if named.get("range", {}).get("sheetId", 0) == sheet.id:
            book.about["namedRanges"].remove(named)
    for item in list(book.about.get("developerMetadata", ())):
        place = item.get("location", {})
        owner = place.get("sheetId", place.get("dimensionRange", {}).get("sheetId", 0))
        if place.get("locationType") != "SPREADSHEET" and owner == sheet.id:
            book.about["developerMetadata"].remove(item)
    book.remove(sheet)
    following.removed(book, sheet.title)


def duplicate_sheet(book: Book, request: Json) -> Json:
    """Copy a sheet within the spreadsheet."""
    source = book.sheet(request.get("sourceSheetId"), "sheet")
    taken = {sheet.id for sheet in book.sheets}
    number = request.get("newSheetId")
    if number is not None and number in taken:
        raise BadRequest(f"A sheet with the ID {number} already exists. Please enter another ID.")
    title = request.get("newSheetName") or free_title(book, f"Copy of {source.title}")
    check_title(book, title)
    properties = {"sheetId": new_number(taken) if number is None else number, "title": title}
    index = min(request.get("insertSheetIndex", 0), len(book.sheets))
    sheet = copy_sheet(source, book, properties, index)
    sheet.properties.pop("hidden", None)
    return {"duplicateSheet": {"properties": answers.properties(book, sheet)}}


def update_sheet_properties(book: Book, request: Json) -> None:
    """Change a sheet's title, place, grid, colour, visibility."""
    new = request.get("properties") or {}
    sheet = book.sheet(new.get("sheetId"), "sheet")
    mask = update_mask(request, "SheetProperties")
    if not mask:
        mask = {name: {} for name in new}
    if "title" in mask:
        check_title(book, new.get("title", ""), sheet)
    if "index" in mask:
        _move(book, sheet, new.get("index", 0))
    before = dict(sheet.grid)
    mask = {name: below for name, below in mask.items() if name not in ("index", "sheetId", "sheetType")}
    merged = fields.merge(sheet.properties, new, mask) if mask else dict(sheet.properties)
    grid = merged.get("gridProperties") or {}
    grid = {name: value for name, value in grid.items() if value}
    grid.setdefault("rowCount", before["rowCount"])
    grid.setdefault("columnCount", before["columnCount"])
    _check_grid(grid)
    merged["gridProperties"] = grid
    if "tabColorStyle" in mask and "tabColor" not in mask:
        _same_colour(merged, "tabColorStyle", "tabColor")
    elif "tabColor" in mask and "tabColorStyle" not in mask:
        _same_colour(merged, "tabColor", "tabColorStyle")
    old = sheet.title
    sheet.about["properties"] = {k: v for k, v in merged.items() if v or k in ("sheetId", "title")}
    if sheet.title != old:
        following.renamed(book, old, sheet.title)
    if all(one.properties.get("hidden") for one in book.sheets):
        raise BadRequest("You can't hide all the sheets in a document.")
    _shrink(book, sheet, before)
    sheet.touch()
    book.check_size()


def _same_colour(properties: Json, given: str, other: str) -> None:
    """Keep `tabColor` and `tabColorStyle` saying the same."""
    colour = properties.get(given)
    if not colour:
        properties.pop(other, None)
    elif other == "tabColor":
        if "rgbColor" in colour:
            properties[other] = dict(colour["rgbColor"])
        else:
            properties.pop(other, None)
    else:
        properties[other] = {"rgbColor": dict(colour)}


def _move(book: Book, sheet: Sheet, index: int) -> None:
    """Put a sheet at an index counted before the move, as Google counts."""
    if not 0 <= index <= len(book.sheets):
        raise BadRequest(f"The sheet index {index} is out of bounds; there are {len(book.sheets)} sheets.")
    here = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > here else index, sheet)
    book.touch()


def _check_grid(grid: Json) -> None:
    """Refuse a grid without cells, or with nothing but frozen lines."""
    for name, frozen, word in (
        ("rowCount", "frozenRowCount", "rows"),
        ("columnCount", "frozenColumnCount", "columns"),
    ):
        if grid[name] < 1:
            raise BadRequest(f"gridProperties.{name} must be greater than 0.")
        if grid.get(frozen, 0) >= grid[name]:
            raise BadRequest(f"You can't freeze all visible {word} on the sheet.")


def _shrink(book: Book, sheet: Sheet, before: Json) -> None:
    """Take away what lies outside of a grid that became smaller."""
    from local_sheets.requests.dimensions import COLUMNS, ROWS, remove

    rows, columns = sheet.rows, sheet.columns
    if rows < before["rowCount"]:
        sheet.grid["rowCount"] = before["rowCount"]
        remove(book, sheet, ROWS, rows, before["rowCount"])
    if columns < before["columnCount"]:
        sheet.grid["columnCount"] = before["columnCount"]
        remove(book, sheet, COLUMNS, columns, before["columnCount"])


def update_spreadsheet_properties(book: Book, request: Json) -> None:
    """Change the spreadsheet's title, locale, time zone."""
    new, mask = request.get("properties") or {}, update_mask(request, "SpreadsheetProperties")
    if "title" in mask and not new.get("title"):
        raise BadRequest("The title must not be empty.")
    merged = fields.merge(book.properties, new, mask)
    book.about["properties"] = defaults.book_properties(merged) | {
        name: value for name, value in merged.items() if value
    }
    for sheet in book.sheets:
        if sheet.loaded is not None:
            sheet.loaded.shown.clear()  # another locale shows numbers otherwise
    book.touch()
