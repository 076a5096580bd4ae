"""Rows made ready below a sheet's last one, with the formats and dropdowns of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sheets_schema.book.columns import number_format, span, validation
from sheets_schema.book.grids import Grid
from sheets_schema.language import Table

__all__ = ["column_rules", "more_rows"]

AHEAD: Final = 500
"""Rows that a sheet gets at once when it is full."""

Request = dict[str, Any]


def more_rows(table: Table, places: Mapping[str, int], grid: Grid, needed: int) -> list[Request]:
    """Return the requests after which a sheet has *needed* rows, made ready; none if it has them.

    Args:
        table: The sheet's table.
        places: Field -> position of its column.
        grid: The sheet as it was last seen; it may have grown since, which does no harm.
        needed: The number of its last row.
    """
    if needed <= grid.rows:
        return []
    length = needed - grid.rows + AHEAD
    longer = {"sheetId": grid.id, "dimension": "ROWS", "length": length}
    rules = column_rules(table, places, grid.id, start=grid.rows, end=grid.rows + length)
    return [{"appendDimension": longer}, *rules]


def column_rules(
    table: Table,
    places: Mapping[str, int],
    sheet: int,
    *,
    start: int = 1,
    end: int | None = None,
    keys: Mapping[str, str] | None = None,
) -> list[Request]:
    """Return the requests that give rows of a sheet the formats and dropdowns of their columns.

    Args:
        table: The sheet's table.
        places: Field -> position of its column; only these are looked at.
        sheet: The sheet's number.
        start: The first row, from 0; the header is row 0.
        end: The row after the last; None for the end of the sheet.
        keys: Table -> range of its ids, for dropdowns of ids.
    """
    requests: list[Request] = []
    for name, place in places.items():
        field, where = table.field(name), span(sheet, place, start, end)
        if (form := number_format(field)) is not None:
            cell = {"userEnteredFormat": {"numberFormat": form}}
            requests.append(
                {"repeatCell": {"range": where, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
            )
        if (rule := validation(field, keys or {})) is not None:
            requests.append({"setDataValidation": {"range": where, "rule": rule}})
    return requests
