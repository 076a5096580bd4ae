"""The first row of a sheet: which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets_schema.language.cells import address, as_text, blank, column_letters
from sheets_schema.language.fault import Fault
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.table import Table

__all__ = ["Header", "match", "same"]


@dataclass(frozen=True, slots=True)
class Header:
    """A header, matched.

    Args:
        cells: The first row as text.
        places: Field -> position of its column, counted from 0.
        unknown: Name in the frame -> position, for columns that are not declared.
        faults: Fields without a column, and columns named twice.
    """

    cells: tuple[str, ...]
    places: Mapping[str, int]
    unknown: Mapping[str, int]
    faults: tuple[Fault, ...]


def same(name: str) -> str:
    """Return a name as headers are compared: one case, one width, no white space at its ends.

    >>> same("  Opened_AT ") == same("opened at") == same("ｏｐｅｎｅｄ　ａｔ")
    True
    """
    folded = unicodedata.normalize("NFKC", name).replace("\ufeff", "").casefold()
    return re.sub(r"[\s_]+", " ", folded).strip()


def match(table: Table, cells: Sequence[object]) -> Header:
    """Match a header row to a table's fields, in any order, by name or by label in any language."""
    header = tuple(as_text(cell) for cell in cells)
    places: dict[str, int] = {}
    unknown: dict[str, int] = {}
    faults: list[Fault] = []
    for position, cell in enumerate(header):
        name = table.name_of(cell)
        if blank(cell):
            continue
        if name is not None and name not in places:
            places[name] = position
            continue
        first = places.get(name) if name is not None else unknown.get(cell)
        if first is not None:
            faults.append(_twice(table, header, position, name or cell, first))
        unknown[cell if first is None else f"{cell} ({column_letters(position)})"] = position
    faults += _missing(table, header, places)
    return Header(header, places, unknown, tuple(faults))


def _twice(table: Table, header: Sequence[str], position: int, name: str, first: int) -> Fault:
    """Return the fault of a second column of one name."""
    must = Message("language.must.one_column", {"first": address(first, 1)})
    return Fault(table.name, address(position, 1), name, 1, header[position], must)


def _missing(table: Table, header: Sequence[str], places: Mapping[str, int]) -> list[Fault]:
    """Return a fault for each field without a column, at a cell where its name can stand."""
    if not any(header):
        return [Fault(table.name, "A1", "", 1, "", Message("language.must.header"))]
    absent = [name for name in table.names if name not in places]
    return [
        Fault(
            table.name,
            address(len(header) + more, 1),
            name,
            1,
            "",
            Message("language.must.column", {"name": name}),
        )
        for more, name in enumerate(absent)
    ]
