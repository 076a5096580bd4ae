"""A header as it is understood when people have renamed columns: recognised, asked about, never in silence.

A column that has lost its name is recognised by what it holds: the same as when the sheet was last read,
row by row, by id; and by where it stands. Where nothing is known of the sheet, by what its cells can be
(`fitting.py`). It is then read as the field that it was, so that the pages go on, and a fault asks whether
it is, until somebody answers: with the right name (the doctor writes it, when that is ticked), or with a
column of that name elsewhere. Nothing here writes a header.

A name that the table declares is what it says, also above another field's values: that is a fault, and read
by the name. Only where two columns bear one name, it is the one that held that field before.

Where two columns are as likely, or none is likely enough, none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sheets_schema.language import fitting
from sheets_schema.language.cells import address, as_text, blank
from sheets_schema.language.fault import ASK, Fault, Reading
from sheets_schema.language.fitting import Pair, Sheet
from sheets_schema.language.header import Header, match
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.language.table import Table

__all__ = ["CROSSED", "RENAMED", "Same", "recognised"]

RENAMED: Final = (f"{ASK}renamed", f"{ASK}moved", f"{ASK}blank", f"{ASK}fits")
"""Questions whether a column is a field; `was` among their facts is the field."""
CROSSED: Final = f"{ASK}crossed"
"""The question whether a name stands above another field's values."""

VERSION: Final = "version"
"""The column that each save counts up."""
SAMPLE: Final = 1000
"""Rows that are compared to find the likely pairs; of those that are taken, all are."""
CONTENT, PLACE = 0.7, 0.3
"""What the share of same values counts, and the place."""
ENOUGH: Final = 0.64
"""In its place, half of the values must be the same; elsewhere, nearly all."""
APART: Final = 0.1
HALF: Final = 0.5
MOST: Final = 0.8

Rows = Sequence[Sequence[object]]
Pairs = tuple[np.ndarray, np.ndarray]
"""Where rows stood in the frame, and where they stand in the sheet below its header."""
NO_ROWS: Final[Pairs] = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Same:
    """How many rows hold the same in a column as a field did, of those that nobody has saved to since.

    Args:
        count: The rows that do.
        of: The rows in which either holds something.
        kinds: How many different values are the same: one alone says little.
    """

    count: int
    of: int
    kinds: int

    @property
    def share(self) -> float:
        """The share of them; all where nothing stood and nothing stands."""
        return self.count / self.of if self.of else 1.0


def recognised(
    table: Table,
    values: Rows,
    before: Reading | None,
    time_zone: str,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Header:
    """Match a sheet's first row to its table, as far as names and what is known of the sheet tell.

    Args:
        table: The table.
        values: The sheet, header first.
        before: The sheet as it was last read; None if it never was.
        time_zone: The workbook's.
        called: Field -> what its column is called by now, as somebody has recognised who read it later.

    Returns:
        The header; `taken` has the columns that are read as a field whose name they do not bear, or as the
        second one of two with its name. For each of those, and for each name above values that were
        another field's, there is a fault that asks.
    """
    cells, rows = (values[0], values[1:]) if values else ((), ())
    header = match(table, cells)
    if not header.places and not (before is not None and before.taken):
        return header
    sheet = Sheet(table, header, rows, time_zone)
    if before is None:
        taken = fitting.likely(sheet)
        asked = {name: _fits(sheet, name, place) for name, place in taken.items()}
    else:
        taken, asked = _by_what_was(sheet, before, called)
    found = match(table, cells, taken)
    faults = [
        Fault(table.name, address(taken[name], 1), name, 1, _at(header.cells, taken[name]), said)
        for name, said in asked.items()
    ]
    crossed = list(_crossed(replace(sheet, header=found), before)) if before is not None else []
    return replace(found, faults=(*found.faults, *faults, *crossed))


def _by_what_was(
    sheet: Sheet, before: Reading, called: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, Message]]:
    """Return field -> the column that it is taken for, and what is asked of it."""
    if _is_settled(sheet):
        return {}, {}
    table, cells = sheet.table, sheet.header.cells
    then = _Then(sheet, before)
    taken = _key(then)
    if taken:
        then = _Then(replace(sheet, header=match(table, cells, taken)), before)
    taken |= _doubles(then)
    then.sheet = replace(sheet, header=match(table, cells, taken))
    taken |= _called(then.sheet, called)
    then.sheet = replace(sheet, header=match(table, cells, taken))
    taken |= _renamed(then)
    asked = {
        name: then.question(name, place)
        for name, place in taken.items()
        if table.name_of(_at(cells, place)) != name
    }
    return taken, asked


def _is_settled(sheet: Sheet) -> bool:
    """Say whether each field has its column, named once."""
    doubles = [fault for fault in sheet.header.faults if fault.message.key == "language.must.one_column"]
    return not sheet.missing and not doubles


class _Then:
    """A sheet beside what was last read of it."""

    def __init__(self, sheet: Sheet, before: Reading) -> None:
        """Match the rows by id."""
        self.sheet, self.before = sheet, before
        self.header = match(sheet.table, before.header, before.taken)
        place = sheet.header.places.get(sheet.table.key)
        keys = before.frame[sheet.table.key]
        ours = keys.notna() & ~keys.duplicated()
        self.ids = pd.Index(keys[ours].astype(object))
        self.old = np.flatnonzero(ours.to_numpy())
        self.has_ids = place is not None and sheet.table.key in self.header.places
        self.pairs = self._matched(place) if self.has_ids and place is not None else NO_ROWS

    def _matched(self, place: int) -> Pairs:
        """Return where the rows that are in both stand in both; of now, the first with an id."""
        rows = self.sheet.rows
        texts = pd.Index([as_text(row[place] if place < len(row) else None) for row in rows], dtype=object)
        first = np.flatnonzero(~texts.duplicated())
        at = texts[first].get_indexer(self.ids)
        old, now = self.old[at >= 0], first[at[at >= 0]]
        quiet = self._quiet(old, now)
        return (old[quiet], now[quiet]) if quiet.any() else (old, now)

    def _quiet(self, old: np.ndarray, now: np.ndarray) -> np.ndarray:
        """Say which rows nobody has saved to since: what a save has changed tells nothing of a column."""
        place = self.sheet.header.places.get(VERSION)
        if place is None or VERSION not in self.header.places:
            return np.ones(len(old), dtype=bool)
        rows = self.sheet.rows
        is_ = [as_text(row[place]) if place < len(row := rows[number]) else "" for number in now.tolist()]
        was = map(as_text, self.before.frame[VERSION].array.take(old))
        return np.array([one == other for one, other in zip(was, is_, strict=True)], dtype=bool)

    def same(self, name: str, place: int, *, whole: bool = False) -> Same:
        """Compare what a field held with what a column holds; an unticked box is nothing."""
        step = 1 if whole else max(1, len(self.pairs[0]) // SAMPLE)
        old, at = (each[::step] for each in self.pairs)
        rows, field = self.sheet.rows, self.sheet.table.field(name)
        cells = [row[place] if place < len(row := rows[number]) else None for number in at.tolist()]
        values, unfit = field.kind.column(cells, self.sheet.time_zone, self.sheet.table.missing)
        was, now = (pd.Series(each) for each in (self.before.frame[name].array.take(old), values))
        gone, blanks = was.isna().to_numpy(), now.isna().to_numpy()
        if field.type == "boolean":
            gone, blanks = ~was.fillna(value=False).to_numpy(bool), ~now.fillna(value=False).to_numpy(bool)
        fit = ~np.isin(np.arange(len(cells)), list(unfit))
        blanks = blanks & fit
        alike = (was == now).fillna(value=False).to_numpy(bool) & ~gone & ~blanks & fit
        return Same(int(alike.sum()), int((~(gone & blanks)).sum()), was[alike].nunique())

    def in_place(self, name: str, place: int) -> float:
        """Return how far a column stands where a field's stood: at its number, or by its neighbours."""
        cells, was = self.sheet.header.cells, self.header.cells
        at = self.header.places[name]
        if at == place and len(cells) == len(was):
            return 1.0
        sides = [_at(cells, place + side) == _at(was, at + side) for side in (-1, 1)]
        return sum(sides) / len(sides)

    def score(self, name: str, place: int) -> float:
        """Return from 0 to 1 how likely a column is the one that held a field."""
        same, there = self.same(name, place), self.in_place(name, place)
        if same.of == 0:
            named = bool(_at(self.sheet.header.cells, place))
            is_told = bool(len(self.pairs[0])) or not self.sheet.rows
            return CONTENT if is_told and named and there == 1 else 0.0
        if same.share < HALF or (there < 1 and same.kinds < 2):  # noqa: PLR2004 - "P3" in all rows is nobody's
            return 0.0
        return CONTENT * same.share + PLACE * there

    def question(self, name: str, place: int) -> Message:
        """Return what is asked of a column; as it was asked first, as long as nobody has answered."""
        text, was = _at(self.sheet.header.cells, place), self.before.taken.get(name)
        if was is not None and _at(self.before.header, was) == text:
            kept = (fault.message for fault in self.before.faults if fault.field == name and fault.row == 1)
            asked = next((each for each in kept if each.key in RENAMED), None)
            if asked is not None:
                return asked
        same = self.of_ids(place) if name == self.sheet.table.key else self.same(name, place, whole=True)
        facts = {"column": _column(text), "was": name, "same": same.count, "rows": same.of}
        kind = "blank" if not same.of else "renamed" if self.in_place(name, place) == 1 else "moved"
        return Message(f"{ASK}{kind}", facts)

    def of_ids(self, place: int) -> Same:
        """Compare the ids that were known with what a column holds."""
        held = {as_text(cell) for cell in self.sheet.column(place) if not blank(cell)}
        count = sum(id_ in held for id_ in self.ids)
        return Same(count, max(len(self.ids), len(held)), count)


def _key(then: _Then) -> dict[str, int]:
    """Return the column of the ids, where it has lost its name, or shares it with one left of it."""
    key, header = then.sheet.table.key, then.sheet.header
    first = header.places.get(key)
    others = then.sheet.spare() if first is None else _doubled(then, key)
    if key not in then.header.places or not others:
        return {}
    there = others if first is None else [first, *others]
    found = {(key, place): then.of_ids(place) for place in there}
    shares = {pair: same.share for pair, same in found.items() if same.count}
    taken = fitting.stand_out(shares, HALF, APART)
    return {} if taken.get(key) == first else taken


def _doubles(then: _Then) -> dict[str, int]:
    """Return the fields whose name two columns bear, and that a later one has held."""
    found = {}
    for name, first in then.sheet.header.places.items():
        others = _doubled(then, name)
        if not others or name not in then.header.places or name == then.sheet.table.key:
            continue
        scores: dict[Pair, float] = {}
        for place in (first, *others):
            share = then.same(name, place).share if len(then.pairs[0]) else 0.0
            scores[name, place] = CONTENT * share + PLACE * then.in_place(name, place)
        likeliest = fitting.stand_out(scores, ENOUGH, APART).get(name, first)
        if likeliest != first:
            found[name] = likeliest
    return found


def _doubled(then: _Then, name: str) -> list[int]:
    """Return the other columns that bear a field's name."""
    header, table = then.sheet.header, then.sheet.table
    return [place for place in header.unknown.values() if table.name_of(_at(header.cells, place)) == name]


def _called(sheet: Sheet, called: Mapping[str, str]) -> dict[str, int]:
    """Return the fields that have lost their column's name, where it is known what that is called by now."""
    cells, spare, found = sheet.header.cells, sheet.spare(), dict[str, int]()
    for name in (each.name for each in sheet.missing if each.name in called):
        there = [place for place in spare if _at(cells, place) == called[name]]
        if len(there) == 1:
            found[name] = there[0]
    return found


def _renamed(then: _Then) -> dict[str, int]:
    """Return the fields that have lost their column's name, and where that is."""
    known = [each.name for each in then.sheet.missing if each.name in then.header.places]
    scores = {(name, place): then.score(name, place) for name in known for place in then.sheet.spare()}
    return fitting.stand_out(scores, ENOUGH, APART)


def _crossed(sheet: Sheet, before: Reading) -> Iterator[Fault]:
    """Yield a question for each name that stands above what another field held.

    Once it is journalled, the sheet is known as it is; the question stays while the names do. Who means it
    writes the name in another way (`Subject`), and is asked no more.
    """
    header, table = sheet.header, sheet.table
    known = match(table, before.header, before.taken).places
    asked = {fault.field: fault for fault in before.faults if fault.message.key == CROSSED}
    order = [name for name in known if name in header.places]
    is_as_it_was = order == [name for name in header.places if name in known] and len(order) == len(known)
    then = None if is_as_it_was else _Then(sheet, before)
    for name, place in header.places.items():
        said = None
        if name in asked and is_as_it_was and _at(before.header, known[name]) == header.cells[place]:
            said = asked[name].message
        elif then is not None and name not in header.taken and name != table.key:
            said = _other(then, name, place)
        if said is not None:
            yield Fault(table.name, address(place, 1), name, 1, header.cells[place], said)


def _other(then: _Then, name: str, place: int) -> Message | None:
    """Return the question about a name that stands above what another field held; None if it does not."""
    mine = then.same(name, place) if name in then.header.places else Same(0, 1, 0)
    if mine.share >= HALF or not len(then.pairs[0]):
        return None
    for other in then.header.places:
        same = then.same(other, place) if other not in {name, then.sheet.table.key} else Same(0, 1, 0)
        if same.of and same.share >= MOST and other not in then.sheet.header.taken:
            same = then.same(other, place, whole=True)
            column = _column(_at(then.sheet.header.cells, place))
            facts = {"column": column, "name": name, "was": other, "same": same.count, "rows": same.of}
            return Message(CROSSED, facts)
    return None


def _fits(sheet: Sheet, name: str, place: int) -> Message:
    """Return what is asked of a column of which only the sheet itself tells what it may be."""
    return Message(f"{ASK}fits", {"column": _column(_at(sheet.header.cells, place)), "was": name})


def _column(text: str) -> Message:
    """Return what a column is called in a question."""
    return Message(f"{ASK}named", {"header": text}) if text else Message(f"{ASK}nameless")


def _at(cells: Sequence[str], place: int) -> str:
    """Return what stands above a column, blank beyond the header."""
    return cells[place] if 0 <= place < len(cells) else ""
