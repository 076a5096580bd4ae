"""The fields that a team has added in the sheet `fields`, as columns of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sheets_schema.workbook import tables
from widgets.grid import Column, Kind

if TYPE_CHECKING:
    from sheets_schema.language import Field
    from widgets.desk import Desk

__all__ = ["team_columns", "team_fields"]

KINDS: Final[dict[str, Kind]] = {
    "integer": "number",
    "number": "number",
    "date": "date",
    "datetime": "moment",
}
LAST: Final = 4
"""A team's columns give way first where the page is narrow."""


def team_fields(desk: Desk, table: str) -> list[Field]:
    """Return the fields that the team has added to a table."""
    declared = set(tables()[table].names)
    return [field for field in desk.book.tables[table].fields if field.name not in declared]


def team_columns(desk: Desk, table: str) -> list[Column]:
    """Return a column for each of them, after its kind."""
    return [
        Column(field.name, field.label(desk.language), KINDS.get(field.type, "text"), priority=LAST)
        for field in team_fields(desk, table)
    ]
