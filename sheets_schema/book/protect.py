"""Protected columns: ids, and what the book fills; whoever types there by hand is asked first.

The protection warns and does not forbid. On Google a column that some may not edit keeps them from
deleting, sorting and cutting the rows through it, which a small team does every day; and it would not be
safety either, since whoever writes the columns beside it can spoil the row as well. A warning stops the
slip of the hand (a paste over ids, a date dragged down the column `version`), the book finds rows by id
whatever happens, and the journal has what stood there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sheets_schema.book.columns import runs
from sheets_schema.language import Table

__all__ = ["DESCRIPTION", "NAME", "protections", "without"]

Json = dict[str, Any]
NAME: Final = "addProtectedRange"
DESCRIPTION: Final = "Opsline: ids, and what the desk fills in · 编号与系统填写的列 · 編號與系統填寫的列"


def protections(
    table: Table, places: Mapping[str, int], sheet: int, rows: int, there: Sequence[Json]
) -> list[Json]:
    """Return the requests that protect a table's columns: one for each run of neighbours.

    A column that anybody has protected already, as ours or more strictly, is left as it is.

    Args:
        table: The table.
        places: Field -> position of its column.
        sheet: The sheet's number.
        rows: Rows of the sheet.
        there: The protected ranges of the sheet, as the API has them.
    """
    kept = [each.name for each in table.fields if each.computed or each.name == table.key]
    wanted = [places[name] for name in kept if name in places]
    open_ = [place for place in wanted if not any(_covers(each, place, rows) for each in there)]
    return [{NAME: {"protectedRange": _range(sheet, first, end)}} for first, end in runs(open_)]


def without(requests: Iterable[Json]) -> list[Json]:
    """Return requests without those that protect."""
    return [request for request in requests if NAME not in request]


def _range(sheet: int, first: int, end: int) -> Json:
    """Return the protection of some columns, from the header to wherever the sheet ends."""
    where = {"sheetId": sheet, "startColumnIndex": first, "endColumnIndex": end}
    return {"range": where, "description": DESCRIPTION, "warningOnly": True}


def _covers(item: Json, place: int, rows: int) -> bool:
    """Say whether a protected range lies over a column, with or without its header."""
    free = item.get("unprotectedRanges", ())
    return _over(item.get("range", {}), place, rows) and not any(_over(each, place, rows) for each in free)


def _over(where: Json, place: int, rows: int) -> bool:
    """Say whether a range holds the cells of a column below its header, down to the end of the sheet."""
    left, right = where.get("startColumnIndex", 0), where.get("endColumnIndex")
    is_whole = where.get("startRowIndex", 0) <= 1 and where.get("endRowIndex", rows) >= rows
    return is_whole and left <= place and (right is None or place < right)
