"""A sheet by its title: its number, its size, and how ranges name it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Grid", "quoted"]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Args:
        id: Google's number for the sheet, the `gid` of its address.
        title: The name on its tab.
        rows: Rows of its grid, filled or not.
        columns: Columns of its grid.
    """

    id: int
    title: str
    rows: int
    columns: int


def quoted(title: str) -> str:
    """Return a sheet's title as ranges need it.

    >>> quoted("Bob's")
    "'Bob''s'"
    """
    return "'" + title.replace("'", "''") + "'"
