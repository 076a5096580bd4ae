"""What a Spreadsheet resource holds beside its sheets' properties, as the requests that make it."""

from collections.abc import Iterator

from local_sheets.errors import BadRequest, Json
from local_sheets.requests import KINDS
from local_sheets.store import Book

_EACH = {
    "filterViews": ("addFilterView", "filter"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "charts": ("addChart", "chart"),
    "bandedRanges": ("addBanding", "bandedRange"),
    "developerMetadata": ("createDeveloperMetadata", "developerMetadata"),
}
"""Lists of a sheet: the request that adds an item, and the field of the request that holds it."""

_KNOWN = frozenset({
    "properties", "data", "merges", "conditionalFormats", "basicFilter", "rowGroups", "columnGroups", *_EACH,
})  # fmt: skip
_KNOWN_OF_BOOK = frozenset({
    "spreadsheetId", "spreadsheetUrl", "properties", "sheets", "namedRanges", "developerMetadata",
})  # fmt: skip


def furnish(book: Book, given: Json) -> None:
    """Make in a new spreadsheet what its resource holds beside the sheets themselves."""
    _check(given, _KNOWN_OF_BOOK, "spreadsheet")
    for number, (sheet, part) in enumerate(zip(book.sheets, given.get("sheets") or (), strict=False)):
        _check(part, _KNOWN, f"spreadsheet.sheets[{number}]")
        for kind, request in _requests(part, sheet.id):
            KINDS[kind](book, request)
    for named in given.get("namedRanges") or ():
        KINDS["addNamedRange"](book, {"namedRange": named})
    for mark in given.get("developerMetadata") or ():
        KINDS["createDeveloperMetadata"](book, {"developerMetadata": mark})


def _check(part: Json, known: frozenset[str], place: str) -> None:
    """Refuse what this server cannot make, rather than drop it."""
    for name in part.keys() - known:
        if part[name]:
            raise BadRequest(f"Invalid {place}.{name}: This is not supported by this server.")


def _requests(part: Json, sheet: int) -> Iterator[tuple[str, Json]]:
    """Yield kinds and requests for one sheet."""
    for data in part.get("data") or ():
        yield from _of_lines(data.get("rowMetadata"), sheet, "ROWS", data.get("startRow", 0))
        yield from _of_lines(data.get("columnMetadata"), sheet, "COLUMNS", data.get("startColumn", 0))
    for merge in part.get("merges") or ():
        yield "mergeCells", {"range": merge, "mergeType": "MERGE_ALL"}
    for index, rule in enumerate(part.get("conditionalFormats") or ()):
        yield "addConditionalFormatRule", {"rule": rule, "index": index}
    for name, (kind, field) in _EACH.items():
        for item in part.get(name) or ():
            yield kind, {field: item}
    if part.get("basicFilter"):
        yield "setBasicFilter", {"filter": part["basicFilter"]}
    for group in [*(part.get("rowGroups") or ()), *(part.get("columnGroups") or ())]:
        yield "addDimensionGroup", {"range": group.get("range") or {}}
        if group.get("collapsed"):
            yield "updateDimensionGroup", {"dimensionGroup": group, "fields": "collapsed"}


def _of_lines(lines: list[Json] | None, sheet: int, dimension: str, start: int) -> Iterator[tuple[str, Json]]:
    """Yield the requests for sizes, hidden lines and metadata of rows or columns."""
    for index, line in enumerate(lines or (), start):
        place = {"sheetId": sheet, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
        look = {name: line[name] for name in ("pixelSize", "hiddenByUser") if name in line}
        if look:
            fields = ",".join(look)
            yield "updateDimensionProperties", {"range": place, "properties": look, "fields": fields}
        for mark in line.get("developerMetadata") or ():
            located = mark | {"location": {"dimensionRange": place}}
            yield "createDeveloperMetadata", {"developerMetadata": located}
