"""What the formulas of a spreadsheet can refer to, gathered from it."""

from local_sheets import a1
from local_sheets.errors import Json
from local_sheets.formulas.references import Corner, Reference
from local_sheets.formulas.translation import Grid, Surroundings
from local_sheets.store.book import Book
from local_sheets.values.locales import locale

_LAST_COLUMN = 18_277
"""ZZZ: where a range without any end ends."""


def surroundings(book: Book) -> Surroundings:
    """Return the sheets and named ranges of a spreadsheet, and how its formulas are written."""
    titles = {sheet.id: sheet.title for sheet in book.sheets}
    names = {}
    for named in book.about.get("namedRanges", ()):
        title = titles.get(named.get("range", {}).get("sheetId", 0))
        if title is not None:
            names[named["name"].casefold()] = _reference(named.get("range", {}), title)
    return Surroundings(
        {sheet.title.casefold(): Grid(sheet.title, sheet.rows, sheet.columns) for sheet in book.sheets},
        names,
        locale(book.locale).decimal == ",",
    )


def _reference(grid: Json, title: str) -> Reference:
    """Return a GridRange as a reference."""
    span = a1.from_grid(grid)
    first = Corner(span.top or 0, span.left or 0)
    last = Corner(
        None if span.bottom is None else span.bottom - 1, None if span.right is None else span.right - 1
    )
    if last.row is None and last.column is None:
        last = Corner(None, _LAST_COLUMN)
    return Reference(first, None if last == first else last, a1.title(title))
