"""createDeveloperMetadata, updateDeveloperMetadata, deleteDeveloperMetadata, and looking them up."""

import copy
from typing import Any

from local_sheets import fields
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book
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
    if number is not None and (not isinstance(number, int) or number < 0):
        raise BadRequest(f"Invalid metadataId: {number}")
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
    found = [item for item in items(book) if matches(item, request.get("dataFilters") or ())]
    for item in found:
        merged = fields.merge(item, new, mask) | {"metadataId": item["metadataId"]}
        if "location" in mask:
            merged["location"] = _location(book, merged.get("location") or {})
        item.clear()
        item.update(merged)
    book.touch()
    return {"updateDeveloperMetadata": {"developerMetadata": copy.deepcopy(found)}}


def delete(book: Book, request: Json) -> Json:
    """Take away all metadata that the filter finds."""
    found = [item for item in items(book) if matches(item, [request.get("dataFilter") or {}])]
    book.about["developerMetadata"] = [item for item in items(book) if item not in found]
    book.touch()
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": found}}


def matches(item: Json, filters: Any) -> bool:
    """Say whether one of the filters finds the metadata."""
    return any(_lookup(item, one.get("developerMetadataLookup") or {}) for one in filters or ())


def _lookup(item: Json, lookup: Json) -> bool:
    """Say whether a DeveloperMetadataLookup finds the metadata."""
    if not lookup:
        return False
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and item.get(name) != lookup[name]:
            return False
    place = item["location"]
    if "locationType" in lookup and place["locationType"] != lookup["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    return wanted is None or _at(place, wanted, lookup.get("locationMatchingStrategy"))


def _at(place: Json, wanted: Json, strategy: str | None) -> bool:
    """Say whether a location is the one wanted (or, by strategy, lies on it)."""
    if strategy == "INTERSECTING_LOCATION":
        if wanted.get("spreadsheet"):
            return True
        sheet = wanted.get("sheetId", wanted.get("dimensionRange", {}).get("sheetId", 0))
        own = place.get("sheetId", place.get("dimensionRange", {}).get("sheetId", 0))
        return bool(place["locationType"] == "SPREADSHEET" or own == sheet)
    parts = {name: value for name, value in wanted.items() if name != "locationType"}
    return all(place.get(name) == value for name, value in parts.items())
