"""The first row of a sheet: which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sheets_schema.language.cells import address, as_text, blank, column_letters
from sheets_schema.language.fault import Fault
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.table import Table

__all__ = ["NONE", "Header", "Taken", "match", "same"]

NONE: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Header:
    """A header, matched.

    Args:
        cells: The first row as text.
        places: Field -> position of its column, counted from 0.
        unknown: Name in the frame -> position, for columns that are not declared.
        faults: Fields without a column, and columns named twice.
        taken: Those of *places* that were found otherwise than by the first cell that names them
            (`renamed.py`).
    """

    cells: tuple[str, ...]
    places: Mapping[str, int]
    unknown: Mapping[str, int]
    faults: tuple[Fault, ...]
    taken: Mapping[str, int] = field(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """The first row as it would be if each column had the name under which it is read."""
        named = list(self.cells)
        for name, place in (*self.unknown.items(), *self.places.items()):
            named += [""] * (place + 1 - len(named))
            named[place] = name
        return tuple(named)

    def shown(self, table: Table, place: int) -> str:
        """Return what the journal calls a column by: what stands above it, if that is its alone.

        A column without a name goes by its letters; so does, beside its name, one whose name is another's.
        """
        text = self.cells[place] if place < len(self.cells) else ""
        if not text:
            return column_letters(place)
        own = next((name for name, at in self.unknown.items() if at == place), None)
        field_ = next((name for name, at in self.places.items() if at == place), None)
        is_its = table.name_of(text) == field_
        if own is not None or is_its or (table.name_of(text) is None and self.cells.count(text) == 1):
            return own or text
        return f"{text} ({column_letters(place)})"


@dataclass(frozen=True, slots=True)
class Taken:
    """Columns that are taken for some fields although they are not named so, and by which header.

    Args:
        places: Field -> position of its column.
        header: The first row as it was then.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    header: tuple[str, ...] = ()

    def now(self, cells: Sequence[object]) -> dict[str, int]:
        """Return where the columns are in a header of now; one that cannot be told from others is left out.

        >>> taken = Taken({"priority": 1, "need": 2}, ("id", "Prio", ""))
        >>> taken.now(["id", "", "Prio"]), taken.now(["id", "Prio", ""])
        ({'priority': 2}, {'priority': 1, 'need': 2})
        """
        header = [as_text(cell) for cell in cells]
        if tuple(header) == self.header:
            return dict(self.places)
        texts = {name: self.header[place] for name, place in self.places.items() if place < len(self.header)}
        return {
            name: header.index(text)
            for name, text in texts.items()
            if text and header.count(text) == self.header.count(text) == 1
        }


def same(name: str) -> str:
    """Return a name as headers are compared: one case, one width, no white space at its ends.

    >>> same("  Opened_AT ") == same("opened at") == same("ｏｐｅｎｅｄ　ａｔ")
    True
    """
    folded = unicodedata.normalize("NFKC", name).replace("\ufeff", "").casefold()
    return re.sub(r"[\s_]+", " ", folded).strip()


def match(table: Table, cells: Sequence[object], taken: Mapping[str, int] = NONE) -> Header:
    """Match a header row to a table's fields, in any order, by name or by label in any language.

    Args:
        table: The table.
        cells: The first row.
        taken: Field -> position of a column that is its, whatever stands above it.
    """
    header = tuple(as_text(cell) for cell in cells)
    places: dict[str, int] = dict(taken)
    unknown: dict[str, int] = {}
    faults: list[Fault] = []
    for position, cell in enumerate(header):
        name = table.name_of(cell)
        if blank(cell) or position in taken.values():
            continue
        if name is not None and name not in places:
            places[name] = position
            continue
        first = places.get(name) if name is not None else unknown.get(cell)
        if first is not None:
            faults.append(_twice(table, header, position, name or cell, first))
        unknown[cell if first is None else f"{cell} ({column_letters(position)})"] = position
    faults += _missing(table, header, places)
    places = dict(sorted(places.items(), key=lambda pair: pair[1]))
    return Header(header, places, unknown, tuple(faults), taken)


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
