"""addChart and its kin: charts are kept, moved with the cells they show, and answered; no page draws them."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from local_sheets import fields
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Sheet
from local_sheets.store.store import new_number

_SPEC: Json = {"hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS", "fontName": "Roboto"}
_SIZE: Json = {"widthPixels": 600, "heightPixels": 371}
_KINDS = frozenset({
    "basicChart", "bubbleChart", "candlestickChart", "histogramChart", "orgChart", "pieChart",
    "scorecardChart", "treemapChart", "waterfallChart",
})  # fmt: skip
"""What a chart may be; exactly one of them is set."""


def _find(book: Book, number: object) -> tuple[Sheet, Json]:
    """Return the sheet and the chart of an id."""
    for sheet in book.sheets:
        for chart in sheet.about.get("charts", ()):
            if chart["chartId"] == number:
                return sheet, chart
    raise BadRequest(f"No embedded object with id: {number}")


def _spec(given: Json) -> Json:
    """Return a chart's specification with the defaults filled in."""
    if len(given.keys() & _KINDS) != 1:
        raise BadRequest("chart.spec must have exactly one kind of chart set.")
    return _SPEC | copy.deepcopy(given)


def _place(book: Book, position: Json) -> tuple[Sheet, Json]:
    """Return the sheet a chart lies on, and its position with the size filled in."""
    overlay = position.get("overlayPosition")
    if overlay is None:
        raise BadRequest(
            "Charts on a sheet of their own are not supported by this server; use overlayPosition."
        )
    anchor = dict(overlay.get("anchorCell") or {})
    sheet = book.sheet(anchor.get("sheetId"))
    row, column = anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)
    if not 0 <= row < sheet.rows or not 0 <= column < sheet.columns:
        raise BadRequest(f"The anchor cell (row {row}, column {column}) is outside of the grid.")
    kept = {name: anchor[name] for name in ("sheetId", "rowIndex", "columnIndex") if anchor.get(name)}
    return sheet, {"overlayPosition": _SIZE | overlay | {"anchorCell": kept}}


def add_chart(book: Book, request: Json) -> Json:
    """Put a chart on a sheet."""
    given = request.get("chart") or {}
    taken = {chart["chartId"] for sheet in book.sheets for chart in sheet.about.get("charts", ())}
    number = given.get("chartId") or new_number(taken)
    if number in taken:
        raise BadRequest(f"chart.chartId[{number}] is already in use.")
    sheet, position = _place(book, given.get("position") or {})
    chart: Json = {"chartId": number, "spec": _spec(given.get("spec") or {}), "position": position}
    if given.get("border"):
        chart["border"] = given["border"]
    sheet.about.setdefault("charts", []).append(chart)
    sheet.touch()
    return {"addChart": {"chart": copy.deepcopy(chart)}}


def update_spec(book: Book, request: Json) -> None:
    """Give a chart another specification."""
    sheet, chart = _find(book, request.get("chartId"))
    chart["spec"] = _spec(request.get("spec") or {})
    sheet.touch()


def move(book: Book, request: Json) -> Json:
    """Put a chart elsewhere, or give it another size."""
    sheet, chart = _find(book, request.get("objectId"))
    old, new = chart["position"]["overlayPosition"], request.get("newPosition") or {}
    if "overlayPosition" in new:
        merged = fields.merge(old, new["overlayPosition"], update_mask(request, "OverlayPosition"))
        new = {"overlayPosition": merged}
    target, chart["position"] = _place(book, new)
    if target is not sheet:
        sheet.about["charts"].remove(chart)
        target.about.setdefault("charts", []).append(chart)
        target.touch()
    sheet.touch()
    return {"updateEmbeddedObjectPosition": {"position": copy.deepcopy(chart["position"])}}


def update_border(book: Book, request: Json) -> None:
    """Give a chart another border."""
    sheet, chart = _find(book, request.get("objectId"))
    border = fields.merge(
        chart.get("border", {}), request.get("border") or {}, update_mask(request, "EmbeddedObjectBorder")
    )
    chart["border"] = border
    sheet.touch()


def delete(book: Book, request: Json) -> None:
    """Take a chart away."""
    sheet, chart = _find(book, request.get("objectId"))
    sheet.about["charts"].remove(chart)
    sheet.touch()


_SIDES = {"rowIndex": ("startRowIndex", "endRowIndex"), "columnIndex": ("startColumnIndex", "endColumnIndex")}


def follow(book: Book, sheet: Sheet, fit: Callable[[Json], bool], index: str) -> None:
    """Move what charts show of *sheet*, and the cells they hang on, after lines came or went.

    Args:
        book: The spreadsheet; charts of every sheet may show this one.
        sheet: The sheet whose lines came or went.
        fit: Moves a GridRange; says whether anything is left of it.
        index: `rowIndex` or `columnIndex`, as the lines are rows or columns.
    """
    first, last = _SIDES[index]
    for owner in book.sheets:
        for chart in owner.about.get("charts", ()):
            for sources in _sources(chart["spec"]):
                sources[:] = [grid for grid in sources if grid.get("sheetId", 0) != sheet.id or fit(grid)]
            anchor = chart["position"]["overlayPosition"]["anchorCell"]
            here = anchor.get(index, 0)
            span = {first: here, last: here + 1}
            if owner is sheet and fit(span):
                anchor[index] = span[first]
            owner.touch()


def _sources(item: Any) -> Iterator[list[Json]]:
    """Yield every list of GridRanges that a specification names."""
    if isinstance(item, dict):
        for name, part in item.items():
            if name == "sources" and isinstance(part, list):
                yield part
            else:
                yield from _sources(part)
    elif isinstance(item, list):
        for part in item:
            yield from _sources(part)
