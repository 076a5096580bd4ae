"""What follows when rows or columns are opened or closed: every range that is kept moves along."""

from collections.abc import Callable
from typing import Any

from local_sheets.errors import Json
from local_sheets.formulas import following
from local_sheets.requests import charts
from local_sheets.store import Book, Sheet
from local_sheets.store.steps import DELETE, INSERT, Step

_SIDES = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
_KEPT = ("merges", "protectedRanges", "conditionalFormats", "bandedRanges", "basicFilter", "filterViews")


def opened(start: int, count: int, at: int, end: int | None) -> tuple[int, int | None]:
    """Return a side after *count* lines were opened at *start*.

    >>> opened(2, 3, 0, 5), opened(0, 3, 0, 5), opened(5, 3, 0, 5)
    ((0, 8), (3, 8), (0, 5))
    """
    return (
        at + count if at >= start else at,
        end if end is None else end + count if end > start else end,
    )


def closed(start: int, end: int, low: int, high: int | None) -> tuple[int, int | None] | None:
    """Return a side after lines start..end-1 were closed; None when nothing is left of it.

    >>> closed(1, 3, 0, 5), closed(0, 5, 1, 3), closed(2, 9, 0, 5)
    ((0, 3), None, (0, 2))
    """
    gone = end - start

    def moved(edge: int) -> int:
        return edge if edge <= start else max(start, edge - gone)

    new_high = None if high is None else moved(high)
    new_low = moved(low)
    return None if new_high is not None and new_high <= new_low else (new_low, new_high)


def shift(book: Book, sheet: Sheet, dimension: str, start: int, *, opens: int = 0, end: int = 0) -> None:
    """Move every kept range of *sheet* after lines were opened (*opens*) or closed (up to *end*)."""
    if opens:
        following.opened(book, sheet, dimension, start, opens)
    else:
        following.closed(book, sheet, dimension, start, end)
    kind = INSERT if opens else DELETE
    sheet.steps.append(Step(kind, dimension, start, start + opens if opens else end))

    def side(low: int, high: int | None) -> tuple[int, int | None] | None:
        return opened(start, opens, low, high) if opens else closed(start, end, low, high)

    def fit(grid: Json) -> bool:
        """Move one range; say whether anything is left of it."""
        first, last = _SIDES[dimension]
        if first not in grid and last not in grid:
            return True
        new = side(grid.get(first, 0), grid.get(last))
        if new is None:
            return False
        grid[first] = new[0]
        if new[1] is not None:
            grid[last] = new[1]
        return True

    _beside(sheet, fit)
    charts.follow(book, sheet, fit, "rowIndex" if dimension == "ROWS" else "columnIndex")
    named = book.about.get("namedRanges")
    if named:
        book.about["namedRanges"] = [
            item
            for item in named
            if item.get("range", {}).get("sheetId", 0) != sheet.id or fit(item["range"])
        ]
        book.touch()
    _groups(sheet, "rowGroups" if dimension == "ROWS" else "columnGroups", side)
    if dimension == "COLUMNS":
        _columns(sheet, side)
        _filters(sheet, lambda column: (side(column, column + 1) or (None,))[0])
    _metadata(book, sheet, dimension, side)
    sheet.touch()


def move(book: Book, sheet: Sheet, step: Step) -> None:
    """Carry every kept range of *sheet* along with lines that were moved, where it stays one range."""
    first, last = _SIDES[step.dimension]
    low, high = min(step.start, step.to), max(step.end, step.to)

    def fit(grid: Json) -> bool:
        """Move one range, unless its lines lie apart now."""
        start, end = grid.get(first, 0), grid.get(last)
        if end is None or end <= low or start >= high or (start <= low and end >= high):
            return True
        lines = {step.carry(index) or 0 for index in range(start, end)}
        if max(lines) - min(lines) + 1 == len(lines):
            grid[first], grid[last] = min(lines), max(lines) + 1
        return True

    _beside(sheet, fit)
    for item in book.about.get("namedRanges", ()):
        if item.get("range", {}).get("sheetId", 0) == sheet.id:
            fit(item["range"])
            book.touch()
    if step.dimension == "COLUMNS":
        _filters(sheet, step.carry)


def _filters(sheet: Sheet, carried: Callable[[int], int | None]) -> None:
    """Let the criteria and orders of filters follow their columns; they go with a column that is gone."""
    for item in [sheet.about.get("basicFilter"), *sheet.about.get("filterViews", ())]:
        if not item:
            continue
        if "criteria" in item:
            places = {column: carried(int(column)) for column in item["criteria"]}
            item["criteria"] = {
                str(places[column]): one
                for column, one in item["criteria"].items()
                if places[column] is not None
            }
        for name, key in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
            if name in item:
                found = [(spec, carried(spec.get(key, 0))) for spec in item[name]]
                item[name] = [spec | {key: place} for spec, place in found if place is not None]


def _beside(sheet: Sheet, fit: Any) -> None:
    """Move what is kept beside the cells; what has no cell left goes."""
    for name in _KEPT:
        if name in sheet.about:
            kept = _fit_all(sheet.about[name], fit)
            if kept is None or kept == []:
                del sheet.about[name]
            else:
                sheet.about[name] = kept


def _fit_all(item: Any, fit: Any) -> Any:
    """Move every range in *item*; None when nothing is left of it."""
    if isinstance(item, list):
        kept = [found for part in item if (found := _fit_all(part, fit)) is not None]
        return kept if kept or not item else None
    if not isinstance(item, dict):
        return item
    if item.keys() & {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}:
        return item if fit(item) else None
    for name in ("range", "ranges"):
        if name in item:
            kept = _fit_all(item[name], fit)
            if kept is None:
                return None
            item[name] = kept
    if item.get("unprotectedRanges"):
        item["unprotectedRanges"] = _fit_all(item["unprotectedRanges"], fit) or []
    return item


def _groups(sheet: Sheet, name: str, side: Any) -> None:
    """Move the groups of a dimension."""
    kept = []
    for group in sheet.about.get(name, ()):
        new = side(group["range"]["startIndex"], group["range"]["endIndex"])
        if new:
            group["range"]["startIndex"], group["range"]["endIndex"] = new
            kept.append(group)
    if name in sheet.about:
        sheet.about[name] = kept


def _columns(sheet: Sheet, side: Any) -> None:
    """Move what is kept of columns: widths, hidden ones."""
    moved = {}
    for column, kept in sheet.about.get("columns", {}).items():
        new = side(int(column), int(column) + 1)
        if new:
            moved[str(new[0])] = kept
    if "columns" in sheet.about:
        sheet.about["columns"] = moved


def _metadata(book: Book, sheet: Sheet, dimension: str, side: Any) -> None:
    """Move developer metadata that hangs on rows or columns; it goes with what is deleted."""
    items = book.about.get("developerMetadata")
    if not items:
        return
    kept = []
    for item in items:
        place = item.get("location", {}).get("dimensionRange")
        if place and place.get("sheetId", 0) == sheet.id and place.get("dimension") == dimension:
            new = side(place.get("startIndex", 0), place.get("endIndex"))
            if new is None:
                continue
            place["startIndex"], place["endIndex"] = new
        kept.append(item)
    book.about["developerMetadata"] = kept
    book.touch()
