"""createDeveloperMetadata, updateDeveloperMetadata, deleteDeveloperMetadata, and looking them up."""

import copy
from typing import Any

from local_sheets import fields, places
from local_sheets.a1 import Box
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Sheet
from local_sheets.store.store import new_number

_VISIBILITY = ("DOCUMENT", "PROJECT")


def items(book: Book) -> list[Json]:
    """Return all developer metadata of a spreadsheet."""
    return book.items("developerMetadata")


def create(book: Book, request: Json) -> Json:
    """Add metadata; a chosen id that is taken is refused."""
    given = copy.deepcopy(request.get("developerMetadata") or {})
    taken = {item["metadataId"] for item in items(book)}
    number = given.get("metadataId")
    if number is not None and number < 1:
        raise BadRequest(f"developerMetadata.metadataId[{number}] must be positive.")
    if number in taken:
        raise BadRequest(f"developerMetadata.metadataId[{number}] is already in use.")
    if not given.get("metadataKey"):
        raise BadRequest("developerMetadata.metadataKey must be specified.")
    if given.get("visibility") not in _VISIBILITY:
        raise BadRequest("developerMetadata.visibility must be specified.")
    given["metadataId"] = new_number(taken) if number is None else number
    given["location"] = _location(book, given.get("location") or {})
    items(book).append(given)
    book.touch()
    return {"createDeveloperMetadata": {"developerMetadata": copy.deepcopy(given)}}


def _location(book: Book, given: Json) -> Json:
    """Return a location with its type worked out."""
    if given.get("dimensionRange"):
        place = given["dimensionRange"]
        sheet = book.sheet(place.get("sheetId"))
        dimension = place.get("dimension")
        if dimension not in ("ROWS", "COLUMNS"):
            raise BadRequest("developerMetadata.location.dimensionRange.dimension must be specified.")
        if place.get("endIndex", 0) - place.get("startIndex", 0) != 1:
            raise BadRequest("Developer metadata can only be added to a single row or column.")
        size = sheet.rows if dimension == "ROWS" else sheet.columns
        if place["endIndex"] > size:
            raise BadRequest(f"The {dimension[:-1].lower()} {place['endIndex']} does not exist.")
        return {"locationType": dimension[:-1], "dimensionRange": place}
    if "sheetId" in given:
        book.sheet(given["sheetId"])
        return {"locationType": "SHEET", "sheetId": given["sheetId"]}
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    raise BadRequest("developerMetadata.location must be specified.")


def update(book: Book, request: Json) -> Json:
    """Change all metadata that the filters find."""
    new, mask = request.get("developerMetadata") or {}, update_mask(request, "DeveloperMetadata")
    found = [item for item in items(book) if matches(book, item, request.get("dataFilters") or ())]
    for item in found:
        merged = fields.merge(item, new, mask) | {"metadataId": item["metadataId"]}
        if "location" in mask:
            merged["location"] = _location(book, merged.get("location") or {})
        item.clear()
        item.update(merged)
    book.touch()
    return {"updateDeveloperMetadata": {"developerMetadata": copy.deepcopy(found)} if found else {}}


def delete(book: Book, request: Json) -> Json:
    """Take away all metadata that the filter finds."""
    found = [item for item in items(book) if matches(book, item, [request.get("dataFilter") or {}])]
    book.about["developerMetadata"] = [item for item in items(book) if item not in found]
    book.touch()
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": found} if found else {}}


def at_spreadsheet(book: Book) -> list[Json]:
    """Return the metadata that hangs on the spreadsheet itself."""
    kept = book.about.get("developerMetadata", ())
    return [item for item in kept if item["location"]["locationType"] == "SPREADSHEET"]


def at_sheet(book: Book, sheet: Sheet) -> list[Json]:
    """Return the metadata that hangs on a whole sheet."""
    kept = book.about.get("developerMetadata", ())
    return [
        item
        for item in kept
        if item["location"]["locationType"] == "SHEET" and item["location"].get("sheetId", 0) == sheet.id
    ]


def at_lines(book: Book, sheet: Sheet, dimension: str) -> dict[int, list[Json]]:
    """Return the metadata that hangs on rows (`ROWS`) or columns of a sheet, by their indices."""
    found: dict[int, list[Json]] = {}
    for item in book.about.get("developerMetadata", ()):
        place = item["location"].get("dimensionRange")
        if place and place["dimension"] == dimension and place.get("sheetId", 0) == sheet.id:
            found.setdefault(place.get("startIndex", 0), []).append(item)
    return found


def matches(book: Book, item: Json, filters: Any) -> bool:
    """Say whether one of the filters finds the metadata: by what it says, or by cells that it lies on."""
    return any(_matches(book, item, one) for one in filters or ())


def _matches(book: Book, item: Json, one: Json) -> bool:
    """Say whether a DataFilter finds the metadata."""
    if "developerMetadataLookup" in one:
        return _lookup(book, item, one["developerMetadataLookup"])
    if "a1Range" in one:
        return _meets(_cells(book, item["location"]), places.box(book, one["a1Range"]))
    if "gridRange" in one:
        return _meets(_cells(book, item["location"]), places.grid(book, one["gridRange"]))
    return False


def _lookup(book: Book, item: Json, lookup: Json) -> bool:
    """Say whether a DeveloperMetadataLookup finds the metadata."""
    if not lookup:
        return False
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and item.get(name) != lookup[name]:
            return False
    place, wanted = item["location"], lookup.get("metadataLocation")
    if "locationType" in lookup and place["locationType"] != lookup["locationType"]:
        return False
    if wanted is None:
        return True
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION":
        return _where(place) == _where(wanted)
    return _where(place) == _where(wanted) or _meets(_cells(book, place), _cells(book, wanted))


def _where(place: Json) -> tuple[object, ...]:
    """Return what a location names, zeros filled in."""
    line = place.get("dimensionRange")
    if line:
        sides = (line.get("dimension"), line.get("startIndex", 0), line.get("endIndex"))
        return (line.get("sheetId", 0), *sides)
    return ("spreadsheet",) if place.get("spreadsheet") else (place.get("sheetId", 0),)


Cells = tuple[Sheet, Box] | None


def _cells(book: Book, place: Json) -> Cells:
    """Return the cells of a location; None for the spreadsheet itself, which no other place meets."""
    if place.get("spreadsheet"):
        return None
    line = place.get("dimensionRange")
    if not line:
        sheet = book.sheet(place.get("sheetId"))
        return sheet, sheet.whole()
    sheet = book.sheet(line.get("sheetId"))
    start, end = line.get("startIndex", 0), line.get("endIndex")
    whole = sheet.whole()
    if line.get("dimension") == "COLUMNS":
        return sheet, Box(whole.top, whole.bottom, start, whole.right if end is None else end)
    return sheet, Box(start, whole.bottom if end is None else end, whole.left, whole.right)


def boxes(book: Book, place: Json) -> list[tuple[Sheet, Box]]:
    """Return the cells of a location; the spreadsheet's are those of all sheets."""
    found = _cells(book, place)
    return [(sheet, sheet.whole()) for sheet in book.sheets] if found is None else [found]


def follow(book: Book, sheet: Sheet, dimension: str, places_of: dict[int, int]) -> None:
    """Move metadata along with lines that changed places (old index to new)."""
    for item in book.about.get("developerMetadata", ()):
        line = item["location"].get("dimensionRange")
        if line and line["dimension"] == dimension and line.get("sheetId", 0) == sheet.id:
            new = places_of.get(line.get("startIndex", 0))
            if new is not None:
                line["startIndex"], line["endIndex"] = new, new + 1
                book.touch()


def _meets(one: Cells, other: Cells) -> bool:
    """Say whether two places share a cell."""
    return one is not None and other is not None and one[0] is other[0] and one[1].meets(other[1])
