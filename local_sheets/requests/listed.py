"""Things kept in lists beside the cells: named and protected ranges, banding, filter views, rules."""

import copy
import re

from local_sheets import a1, fields, places
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.filtering import both
from local_sheets.protection import answered
from local_sheets.requests.ordering import sort_rows
from local_sheets.rights import caller, owner_of
from local_sheets.store import Book, Sheet
from local_sheets.store.store import new_number

_LONGEST_NAME = 250
_NAME = re.compile(r"[^\W\d]\w*")


def _find(items: list[Json], key: str, value: object, what: str) -> Json:
    """Return the item of an id, or refuse."""
    for item in items:
        if item.get(key) == value:
            return item
    raise BadRequest(f"No {what} with id: {value}")


def _ranged(book: Book, item: Json) -> Json:
    """Return a copy of an item whose range is checked and said as Google says it."""
    item = copy.deepcopy(item)
    if "range" in item:
        places.grid(book, item["range"])
        if not item["range"].get("sheetId"):
            item["range"].pop("sheetId", None)
    return item


def add_named_range(book: Book, request: Json) -> Json:
    """Give a range a name."""
    named = _ranged(book, request["namedRange"])
    _check_name(book, named.get("name", ""))
    named = {"namedRangeId": str(new_number(set()))} | named
    book.items("namedRanges").append(named)
    book.touch()
    return {"addNamedRange": {"namedRange": copy.deepcopy(named)}}


def _check_name(book: Book, name: str, own: Json | None = None) -> None:
    """Refuse a name that is no name or is taken."""
    if (
        not _NAME.fullmatch(name)
        or len(name) > _LONGEST_NAME
        or name.casefold() in ("true", "false")
        or a1.read(name) is not None
    ):
        raise BadRequest(f"The name '{name}' is not a valid name for a named range.")
    for item in book.items("namedRanges"):
        if item is not own and item["name"].casefold() == name.casefold():
            raise BadRequest(f"A named range with the name '{name}' already exists.")


def update_named_range(book: Book, request: Json) -> None:
    """Change a named range."""
    new, mask = request["namedRange"], update_mask(request, "NamedRange")
    item = _find(book.items("namedRanges"), "namedRangeId", new.get("namedRangeId"), "named range")
    merged = _ranged(book, fields.merge(item, new, mask))
    merged["namedRangeId"] = item["namedRangeId"]
    _check_name(book, merged.get("name", ""), item)
    item.clear()
    item.update(merged)
    book.touch()


def delete_named_range(book: Book, request: Json) -> None:
    """Take a name away."""
    items = book.items("namedRanges")
    key = request.get("namedRangeId")
    if all(item["namedRangeId"] != key for item in items):
        raise BadRequest(f"Named range with ID: {key} does not exist.")
    book.about["namedRanges"] = [item for item in items if item["namedRangeId"] != key]
    book.touch()


def _owner(book: Book, name: str, key: str, value: object, what: str) -> tuple[Sheet, Json]:
    """Return the sheet and the item of an id that is unique in the spreadsheet."""
    for sheet in book.sheets:
        for item in sheet.about.get(name, ()):
            if item.get(key) == value:
                return sheet, item
    raise BadRequest(f"No {what} with id: {value}")


def _add(book: Book, given: Json, name: str, key: str) -> Json:
    """Add an item with a range to its sheet's list."""
    item = _ranged(book, given)
    taken = {other[key] for sheet in book.sheets for other in sheet.about.get(name, ())}
    if item.get(key) in taken:
        raise BadRequest(f"{key}[{item[key]}] is already in use.")
    item = {key: item.get(key) or new_number(taken)} | item
    sheet = book.sheet(item.get("range", {}).get("sheetId"))
    sheet.about.setdefault(name, []).append(item)
    sheet.touch()
    return copy.deepcopy(item)


_SCHEMAS = {
    "protectedRanges": "ProtectedRange",
    "bandedRanges": "BandedRange",
    "filterViews": "FilterView",
}
"""What the items of a list are called in Google's description."""


def _update(book: Book, new: Json, request: Json, name: str, key: str, what: str) -> None:
    """Change an item of a sheet's list."""
    sheet, item = _owner(book, name, key, new.get(key), what)
    merged = _ranged(book, fields.merge(item, new, update_mask(request, _SCHEMAS[name])))
    merged[key] = item[key]
    item.clear()
    item.update(merged)
    sheet.touch()


def _delete(book: Book, value: object, name: str, key: str, what: str) -> None:
    """Take an item out of its sheet's list."""
    sheet, item = _owner(book, name, key, value, what)
    sheet.about[name].remove(item)
    sheet.touch()


def add_protected_range(book: Book, request: Json) -> Json:
    """Protect a range or a sheet."""
    given = dict(request["protectedRange"])
    if "namedRangeId" in given:
        named = _find(book.items("namedRanges"), "namedRangeId", given["namedRangeId"], "named range")
        given["range"] = copy.deepcopy(named["range"])
    given.setdefault("range", {})
    item = _add(book, given, "protectedRanges", "protectedRangeId")
    sheet, kept = _owner(
        book, "protectedRanges", "protectedRangeId", item["protectedRangeId"], "protected range"
    )
    kept.pop("requestingUserCanEdit", None)
    if not kept.get("warningOnly"):
        named = dict(kept.get("editors") or {})
        always = {owner_of(book), caller().email}
        kept["editors"] = named | {"users": list(dict.fromkeys([*named.get("users", ()), *sorted(always)]))}
    sheet.touch()
    return {"addProtectedRange": {"protectedRange": answered(book, caller(), copy.deepcopy(kept))}}


def update_protected_range(book: Book, request: Json) -> None:
    """Change a protected range."""
    new = request["protectedRange"]
    _update(book, new, request, "protectedRanges", "protectedRangeId", "protected range")


def delete_protected_range(book: Book, request: Json) -> None:
    """Take a protection away."""
    key = request.get("protectedRangeId")
    _delete(book, key, "protectedRanges", "protectedRangeId", "protected range")


def add_banding(book: Book, request: Json) -> Json:
    """Colour rows in turn."""
    item = _add(book, request["bandedRange"], "bandedRanges", "bandedRangeId")
    return {"addBanding": {"bandedRange": item}}


def update_banding(book: Book, request: Json) -> None:
    """Change a banding."""
    _update(book, request["bandedRange"], request, "bandedRanges", "bandedRangeId", "banded range")


def delete_banding(book: Book, request: Json) -> None:
    """Take a banding away."""
    _delete(book, request.get("bandedRangeId"), "bandedRanges", "bandedRangeId", "banded range")


def add_filter_view(book: Book, request: Json) -> Json:
    """Keep a way of looking at a range."""
    return {"addFilterView": {"filter": _add(book, both(request["filter"]), "filterViews", "filterViewId")}}


def update_filter_view(book: Book, request: Json) -> None:
    """Change a filter view."""
    new = both(request["filter"])
    if update_mask(request, "FilterView").keys() & {"criteria", "filterSpecs"}:
        request = request | {"fields": f"{request['fields']},criteria,filterSpecs"}
    _update(book, new, request, "filterViews", "filterViewId", "filter view")


def delete_filter_view(book: Book, request: Json) -> None:
    """Take a filter view away."""
    _delete(book, request.get("filterId"), "filterViews", "filterViewId", "filter view")


def duplicate_filter_view(book: Book, request: Json) -> Json:
    """Copy a filter view."""
    _sheet, item = _owner(book, "filterViews", "filterViewId", request.get("filterId"), "filter view")
    twin = {name: value for name, value in item.items() if name != "filterViewId"}
    twin["title"] = f"Copy of {item.get('title', '')}".strip()
    return {"duplicateFilterView": {"filter": _add(book, twin, "filterViews", "filterViewId")}}


def set_basic_filter(book: Book, request: Json) -> None:
    """Set the sheet's filter; its sort specs sort the rows below the header."""
    given = both(_ranged(book, request.get("filter") or {}))
    sheet, box = places.grid(book, given.get("range", {}))
    given["range"] = a1.to_grid(box, sheet.id)
    sheet.about["basicFilter"] = given
    if given.get("sortSpecs"):
        sort_rows(sheet, type(box)(box.top + 1, box.bottom, box.left, box.right), given["sortSpecs"])
    sheet.touch()


def clear_basic_filter(book: Book, request: Json) -> None:
    """Take the sheet's filter away."""
    sheet = book.sheet(request.get("sheetId"))
    sheet.about.pop("basicFilter", None)
    sheet.touch()


def add_conditional_format(book: Book, request: Json) -> None:
    """Add a rule that colours cells."""
    rule = copy.deepcopy(request["rule"])
    if not rule.get("ranges"):
        raise BadRequest("rule.ranges must be specified.")
    sheets = {places.grid(book, grid)[0].key for grid in rule["ranges"]}
    if len(sheets) > 1:
        raise BadRequest("All ranges of a rule must be on the same sheet.")
    for grid in rule["ranges"]:
        if not grid.get("sheetId"):
            grid.pop("sheetId", None)
    sheet = book.sheet(rule["ranges"][0].get("sheetId"))
    rules = sheet.about.setdefault("conditionalFormats", [])
    rules.insert(request.get("index", 0), rule)
    sheet.touch()


def _rules(book: Book, request: Json, index: int) -> tuple[Sheet, list[Json]]:
    """Return the rules of a sheet; refuse an index that is not there."""
    number = request.get("sheetId")
    ranges = request.get("rule", {}).get("ranges")
    if number is None and ranges:
        number = ranges[0].get("sheetId")
    sheet = book.sheet(number)
    rules: list[Json] = sheet.about.get("conditionalFormats", [])
    if not 0 <= index < len(rules):
        raise BadRequest(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet, rules


def update_conditional_format(book: Book, request: Json) -> Json:
    """Replace a rule, or move it."""
    index = request.get("index", 0)
    sheet, rules = _rules(book, request, index)
    old = rules[index]
    sheet.touch()
    if "newIndex" in request:
        rules.insert(request["newIndex"], rules.pop(index))
        reply = {"newRule": old, "newIndex": request["newIndex"], "oldIndex": index}
    else:
        rules[index] = copy.deepcopy(request["rule"])
        reply = {"newRule": rules[index], "newIndex": index, "oldRule": old, "oldIndex": index}
    return {"updateConditionalFormatRule": {k: v for k, v in reply.items() if v}}


def delete_conditional_format(book: Book, request: Json) -> Json:
    """Take a rule away."""
    index = request.get("index", 0)
    sheet, rules = _rules(book, request, index)
    sheet.touch()
    return {"deleteConditionalFormatRule": {"rule": rules.pop(index)}}
