"""Which cells an address means: sheet titles, named ranges, A1 and R1C1."""

from local_sheets import a1
from local_sheets.a1 import Box, Span
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Sheet


def find(book: Book, address: str) -> tuple[Sheet, Span]:
    """Return the sheet and the span of an address; 400 when there is no such thing."""
    title, place = a1.split(address)
    if title is None:
        return _bare(book, address)
    sheet = book.titled(title)
    if sheet is None:
        raise BadRequest(f"Unable to parse range: {address}")
    named = _named(book, place) if place else None
    if named is not None and named[0] is sheet:
        return named
    span = Span() if place is None else a1.read(place)
    if span is None:
        raise BadRequest(f"Unable to parse range: {address}")
    return sheet, span


def _named(book: Book, name: str) -> tuple[Sheet, Span] | None:
    """Return the sheet and the span of a named range, None when there is no such name."""
    for named in book.about.get("namedRanges", ()):
        if named["name"].casefold() == name.casefold():
            grid = named.get("range", {})
            return book.sheet(grid.get("sheetId")), a1.from_grid(grid)
    return None


def _bare(book: Book, address: str) -> tuple[Sheet, Span]:
    """Read an address without a `!`: a title, a named range, or cells of the first sheet."""
    sheet = book.titled(address)
    if sheet is not None:
        return sheet, Span()
    named = _named(book, address)
    if named is not None:
        return named
    span = a1.read(address)
    if span is None:
        raise BadRequest(f"Unable to parse range: {address}")
    return book.sheets[0], span


def box(book: Book, address: str) -> tuple[Sheet, Box]:
    """Return the sheet and the cells of an address, clamped to the grid."""
    sheet, span = find(book, address)
    return sheet, sheet.place(span)


def grid(book: Book, grid_range: Json) -> tuple[Sheet, Box]:
    """Return the sheet and the cells of a GridRange."""
    sheet = book.sheet(grid_range.get("sheetId"))
    span = a1.from_grid(grid_range)
    for side in ("startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex"):
        if grid_range.get(side, 0) < 0:
            raise BadRequest(f"GridRange.{side}[{grid_range[side]}] must not be negative.")
    for start, end in ((span.top, span.bottom), (span.left, span.right)):
        if end is not None and end < (start or 0):
            raise BadRequest(f"The end of the range ({end}) lies before its start ({start or 0}).")
    found = span.within(sheet.rows, sheet.columns)
    if found.top > sheet.rows or found.left > sheet.columns:
        sheet.place(span)
    return sheet, found
