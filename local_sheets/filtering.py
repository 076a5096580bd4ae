"""A sheet's filter: its criteria in both spellings, and the rows that it hides."""

from collections.abc import Callable

from local_sheets import a1
from local_sheets.errors import Json
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import Value
from local_sheets.values import cells
from local_sheets.values.locales import locale
from local_sheets.values.rules import refusal

Hides = Callable[[int, Row], bool]


def both(given: Json) -> Json:
    """Return a filter with `criteria` and `filterSpecs` saying the same; the latter count if both are given.

    >>> both({"criteria": {"1": {"hiddenValues": ["x"]}}})["filterSpecs"]
    [{'columnIndex': 1, 'filterCriteria': {'hiddenValues': ['x']}}]
    """
    rest = {name: part for name, part in given.items() if name not in ("criteria", "filterSpecs")}
    if "filterSpecs" in given:
        specs = given["filterSpecs"]
    else:
        specs = [
            {"columnIndex": int(column), "filterCriteria": criteria}
            for column, criteria in (given.get("criteria") or {}).items()
        ]
    if not specs:
        return rest
    criteria = {str(spec.get("columnIndex", 0)): spec.get("filterCriteria") or {} for spec in specs}
    return rest | {"criteria": criteria, "filterSpecs": specs}


def hider(book: Book, sheet: Sheet) -> Hides | None:
    """Return a function that says whether the sheet's basic filter hides a row; None without criteria."""
    kept = sheet.about.get("basicFilter") or {}
    criteria = {int(column): one for column, one in (kept.get("criteria") or {}).items() if one}
    if not criteria:
        return None
    box = a1.from_grid(kept["range"]).within(sheet.rows, sheet.columns)

    def hides(index: int, row: Row) -> bool:
        if not box.top < index < box.bottom:
            return False
        return any(_hidden(book, row, column, one) for column, one in criteria.items())

    return hides


def _hidden(book: Book, row: Row, column: int, criteria: Json) -> bool:
    """Say whether one column's criteria hide a row: a listed value, or a condition that does not hold."""
    value, words = row.get(column), locale(book.locale)
    if cells.show(value, cells.format_of(book, row, column), words) in criteria.get("hiddenValues", ()):
        return True
    condition = criteria.get("condition")
    if not condition:
        return False
    blank = isinstance(value, str) and value == ""
    if condition.get("type") in ("BLANK", "NOT_BLANK"):
        return blank is (condition["type"] == "NOT_BLANK")
    return blank or refusal({"condition": condition}, value, words, _nothing) is not None


def _nothing(_address: str) -> list[Value]:
    """Return no values: a filter's condition names no range."""
    return []
