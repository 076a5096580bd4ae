"""What people have done to a sheet's columns: renamed, added, taken away, moved.

A line with both names says that it is the same column: the fields of the lines after it go on under the
name as which the column is read. A column that was not recognised has gone, and another has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from sheets_schema.book.journal import HEADER, Line
from sheets_schema.book.texts import Texts, equal, place_of
from sheets_schema.language import Table
from sheets_schema.language.cells import address, column_letters

__all__ = ["header_lines", "renamed_columns"]

HALF: Final = 0.5
"""Share of values that a column must hold as before, to be the same one under another name."""


def renamed_columns(known: Texts, now: Texts) -> dict[str, str]:
    """Return the columns of people's own that are read under another name now: old name -> new name.

    It stands where it stood, and holds the same. Of fields, the reading itself has judged
    (`language/renamed.py`): they keep their name.
    """
    if known.reading.header == now.reading.header and known.columns == now.columns:
        return {}
    gone = {name: place_of(known, name) for name in known.reading.unknown if name not in now.columns}
    fresh = {
        (now.header.places[name] if name in now.header.places else place_of(now, name)): name
        for name in now.columns
        if name not in known.columns
    }
    return {
        name: fresh[place]
        for name, place in gone.items()
        if place in fresh and _alike(known, now, name, fresh[place])
    }


def _alike(known: Texts, now: Texts, old: str, new: str) -> bool:
    """Say whether a column holds what another one held."""
    was = known.with_names({old: new}).frame[new]
    at = was.index.get_indexer(now.frame.index)
    one, other = was.array.take(at[at >= 0]), now.frame[new].array[at >= 0]
    held = ~(_blank(one) & _blank(other))
    return not held.any() or bool(equal(one, other)[held].mean() >= HALF)


def _blank(values: Any) -> np.ndarray:
    """Say of which values nothing is known, or an empty text."""
    return np.array([bool(pd.isna(each)) or each == "" for each in values], dtype=bool)


def header_lines(known: Texts, now: Texts) -> Iterator[Line]:
    """Yield what became of the columns, as the journal will have it."""
    if known.reading.header == now.reading.header and known.reading.taken == now.reading.taken:
        return
    table, renamed = now.table, renamed_columns(known, now)
    old = {**known.header.unknown, **known.header.places, **{each: place_of(known, each) for each in renamed}}
    new = {**now.header.unknown, **now.header.places}
    new |= {each: place_of(now, each) for each in renamed.values() if each not in new}
    stayed = {name: renamed.get(name, name) for name in old if renamed.get(name, name) in new}
    was = {name: known.header.shown(table, place) for name, place in old.items()}
    for name, place in new.items():
        before = next((each for each, is_ in stayed.items() if is_ == name), None)
        shown = now.header.shown(table, place)
        if before is None:
            if name not in now.header.places:  # the others are laid out by us
                yield _line(table, place, "", shown)
        elif was[before] != shown:
            stands = was[before] in now.header.cells and now.header.cells.index(was[before]) != place
            yield _line(table, place, "" if stands else was[before], shown)
    for name, place in old.items():
        if name not in stayed:
            yield _line(table, place, was[name], "")
    is_ = {now.header.shown(table, place): place for place in new.values()}
    yield from _moved({was[name]: place for name, place in old.items()}, is_, table)


def _line(table: Table, place: int, old: str, new: str) -> Line:
    """Return the line of one column."""
    return Line(table.name, address(place, 1), HEADER, old, new)


def _moved(old: Mapping[str, int], new: Mapping[str, int], table: Table) -> Iterator[Line]:
    """Yield the columns that have another one left of them than before: name -> position, old and new."""
    before = [name for name in sorted(old, key=old.__getitem__) if name in new]
    after = [name for name in sorted(new, key=new.__getitem__) if name in old]
    left = dict(zip(before, ["", *before], strict=False))
    for (number, name), other in zip(enumerate(after), ["", *after], strict=False):
        if other != left[name] and before.index(name) != number:
            was, is_ = (f"{column_letters(where[name])}1 {name}" for where in (old, new))
            yield _line(table, new[name], was, is_)
