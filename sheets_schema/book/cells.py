"""Values as the Sheets API takes them, and the requests that write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sheets_schema.language.cells import as_text, blank

__all__ = ["append_rows", "cell_data", "same_cell", "write_cells"]

Request = dict[str, Any]


def cell_data(cell: object) -> Request:
    """Return a cell as it is sent: text is text, whatever it begins with; an empty text clears.

    >>> cell_data("=1+1"), cell_data(46349.5), cell_data("")
    ({'userEnteredValue': {'stringValue': '=1+1'}}, {'userEnteredValue': {'numberValue': 46349.5}}, {})
    """
    if cell is None or cell == "":
        return {}
    if isinstance(cell, bool):
        return {"userEnteredValue": {"boolValue": cell}}
    if isinstance(cell, int | float):
        return {"userEnteredValue": {"numberValue": cell}}
    return {"userEnteredValue": {"stringValue": str(cell)}}


def same_cell(one: object, other: object) -> bool:
    """Say whether two cells hold the same, of the same kind.

    >>> same_cell(None, ""), same_cell(3, 3.0), same_cell("3", 3)
    (True, True, False)
    """
    if blank(one) or blank(other):
        return blank(one) and blank(other)
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and as_text(one) == as_text(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return abs(float(one) - float(other)) < 1e-9  # type: ignore[arg-type]  # noqa: PLR2004 - a tenth of a millisecond


def write_cells(sheet: int, row: int, cells: Mapping[int, object]) -> list[Request]:
    """Return the requests that write some cells of one row: one for each run of neighbours.

    Args:
        sheet: The sheet's number.
        row: The row's number, from 1.
        cells: Position of the column, from 0 -> cell.
    """
    requests: list[Request] = []
    last = None
    for column in sorted(cells):
        data = cell_data(cells[column])
        if last is not None and column == last + 1:
            requests[-1]["updateCells"]["rows"][0]["values"].append(data)
        else:
            start = {"sheetId": sheet, "rowIndex": row - 1, "columnIndex": column}
            update = {"start": start, "rows": [{"values": [data]}], "fields": "userEnteredValue"}
            requests.append({"updateCells": update})
        last = column
    return requests


def append_rows(
    sheet: int,
    rows: Sequence[Sequence[object]],
    templates: Sequence[Mapping[str, Any]] = (),
    mask: str = "",
) -> Request:
    """Return the request that adds rows after the last row that holds something.

    Args:
        sheet: The sheet's number.
        rows: Cells, None for one to leave blank.
        templates: What each cell of a row has besides its value: a row may come to stand below the
            sheet's formatted rows, and then brings its formats along.
        mask: The fields that the templates decide, beside the value.
    """
    more: Sequence[Mapping[str, Any]] = templates or ({},) * max(map(len, rows), default=0)
    data = [
        {"values": [{**cell_data(cell), **like} for cell, like in zip(row, more, strict=True)]}
        for row in rows
    ]
    fields = f"userEnteredValue,{mask}" if templates else "userEnteredValue"
    return {"appendCells": {"sheetId": sheet, "rows": data, "fields": fields}}
