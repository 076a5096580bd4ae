"""What people have edited in a sheet: where it differs from what the journal knows of each row.

What is known is the table as it was last read, brought forward by the journal's lines since then. Rows
are matched by id, so that a sorted or moved row is no edit. Whole columns are compared at once, typed:
a date that somebody has typed again as text is the same date.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.book import journal
from sheets_schema.book.changes import KEPT
from sheets_schema.book.column_edits import header_lines, renamed_columns
from sheets_schema.book.journal import ALL, HEADER, LAYOUT, OTHERS, RIGHT, Line
from sheets_schema.book.texts import Texts, equal
from sheets_schema.language import Reading

__all__ = ["Found", "Known", "Told", "found", "same_reading"]

ANY: Final = -1
"""The version of a row that a save has added: it may have been there before, and goes on counting."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the journal, as it stands there.

    Args:
        line: What changed.
        source: Where it came from.
        save: The save that it was part of.
    """

    line: Line
    source: str
    save: str


@dataclass(frozen=True, slots=True)
class Found:
    """What differs from what the journal knows.

    Args:
        lines: The edits, as the journal will have them.
        doubtful: Ids of rows of which the sheet shows another version than the journal: it may have
            been read while somebody saved. With any, the sheet is read once more.
    """

    lines: tuple[Line, ...]
    doubtful: frozenset[str]


@dataclass
class Known:
    """What the journal knows of a table: as it was last read, and what was told since.

    Args:
        texts: The table as it was last read.
        cells: Id -> field -> text, told since.
        saves: Id -> the saves that have counted its version up since.
        added: Id -> its version when it was added; None where its cells were not told (bulk).
        gone: Ids of rows that were taken away.
        righted: Ids of rows that got back what a save had put there by mistake: their version counts on.
        headers: What was told of columns: old and new text.
        given: Ids that the doctor has given to rows without one of their own.
    """

    texts: Texts
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    saves: dict[str, set[str]] = field(default_factory=dict)
    added: dict[str, int | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    righted: set[str] = field(default_factory=set)
    headers: set[tuple[str, str]] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    _adding: dict[str, str] = field(default_factory=dict)
    _there: tuple[Texts, np.ndarray] | None = None

    def tell(self, told: Told) -> None:
        """Take a line of the journal into account."""
        line, id_ = told.line, told.line.row_id
        counts = told.source not in OTHERS
        if told.source == RIGHT:
            self.righted.add(id_)
        if line.field == HEADER:
            self.headers.add((line.old, line.new))
        elif line.field == LAYOUT:
            return
        elif line.field == ALL:
            self._tell_row(told)
        elif line.field == self.texts.table.key and counts and line.new == id_:
            self.gone.discard(id_)  # a row that had no id of its own was given one
            self.added[id_] = None
            self.given.add(id_)
        elif line.field == self.texts.table.key and not counts:
            self._rename(id_, line.new)
        elif journal.holds(line, told.source, self.text(id_, line.field)):
            self.cells.setdefault(id_, {})[line.field] = line.new
            if counts and self._adding.get(id_) != told.save:
                self.saves.setdefault(id_, set()).add(told.save)

    def _tell_row(self, told: Told) -> None:
        """Take a row that came or went into account."""
        line, id_ = told.line, told.line.row_id
        if line.old and not line.new:
            self._forget(id_)
            return
        held = _loads(line.new)
        if isinstance(held, list):
            self.added |= {str(each): None for each in held}
            self.gone -= {str(each) for each in held}
            return
        texts = {str(name): str(text) for name, text in held.items()}
        is_new = id_ not in self.texts.frame.index or id_ in self.gone
        self.gone.discard(id_)
        if told.source in OTHERS or not is_new:
            texts = {name: texts.get(name, "") for name in self.texts.table.names} | texts
        self.cells.setdefault(id_, {}).update(texts)
        if is_new:
            counts = told.source not in OTHERS
            self.added[id_] = ANY if counts else _whole(texts.get("version", ""))
            self._adding[id_] = told.save

    def _forget(self, id_: str) -> None:
        """Take a row away."""
        self.gone.add(id_)
        self.added.pop(id_, None)
        self.cells.pop(id_, None)
        self.saves.pop(id_, None)

    def _rename(self, old: str, new: str) -> None:
        """Give a row another id."""
        if old not in self.ids:
            return
        texts = self.row(old)
        version = self.version(old)
        self._forget(old)
        if new:
            self.gone.discard(new)
            self.cells[new] = {**texts, self.texts.table.key: new}
            self.added[new] = version

    @property
    def is_untold(self) -> bool:
        """Whether the journal has told nothing since the table was last read."""
        told = (self.cells, self.saves, self.added, self.gone, self.righted, self.headers, self.given)
        return not any(told)

    def align(self, renamed: Mapping[str, str]) -> None:
        """Call columns as they are called now: old name -> new name."""
        if not renamed:
            return
        self.texts = self.texts.with_names(renamed)
        for told in self.cells.values():
            for old, new in renamed.items():
                if old in told:
                    told[new] = told.pop(old)

    @cached_property
    def _index(self) -> pd.Index:
        """The ids of the rows as they were last read."""
        return self.texts.frame.index

    def places_in(self, now: Texts) -> np.ndarray:
        """Return where each row stands in another reading; -1 for one that is not there."""
        if self._there is None or self._there[0] is not now:
            self._there = now, np.asarray(now.frame.index.get_indexer(self._index))
        return self._there[1]

    @property
    def ids(self) -> set[str]:
        """The ids that the sheet should have."""
        return (set(self._index) - self.gone) | self.added.keys()

    def has_cells(self, id_: str) -> bool:
        """Say whether a row's cells are known, and not only its id."""
        return self.added.get(id_, 0) is not None

    def text(self, id_: str, name: str) -> str:
        """Return a cell as it should be."""
        told = self.cells.get(id_, {})
        if name in told:
            return "" if told[name] in self.texts.table.missing else told[name]
        is_old = id_ not in self.added and id_ in self._index and name in self.texts.frame
        return self.texts.text(id_, name) if is_old else ""

    def row(self, id_: str) -> dict[str, str]:
        """Return a row as it should be."""
        names = dict.fromkeys((*self.texts.columns, *self.cells.get(id_, {})))
        return {name: self.text(id_, name) for name in names}

    def version(self, id_: str) -> int | None:
        """Return the version that a row should have; None where that is not known."""
        if not self.has_cells(id_) or id_ in self.righted:
            return None
        base = self.added.get(id_)
        if base == ANY:
            return None
        if base is None:
            base = _whole(self.texts.text(id_, "version")) if "version" in self.texts.frame else 0
        later = self.saves.get(id_, set())
        return base + len(later)


def found(known: Known, now: Texts, before: Texts | None = None) -> Found:
    """Return what differs in a sheet from what is known.

    Args:
        known: What the journal knows.
        now: The sheet as it is.
        before: What a first reading has shown a moment ago: what it shows in the same way is so.
    """
    if known.is_untold and _same_cells(known.texts.reading, now.reading):
        return Found((), frozenset())
    here, should = set(now.frame.index), known.ids
    doubtful = {*(here ^ should), *_other_version(known, now, here & should)}
    if before is not None:
        doubtful = {id_ for id_ in doubtful if not _alike(id_, before, now)}
    if doubtful:
        return Found((), frozenset(doubtful))
    lines = list(_filled(known, now, here & should))
    columns = list(header_lines(known.texts, now))
    known.align(renamed_columns(known.texts, now))
    lines += [line for line in columns if (line.old, line.new) not in known.headers]
    renamed = dict(_renamed(known, now, should - here, (here - should) | (here & known.given)))
    for old, new in renamed.items():
        lines.append(Line(now.table.name, old, now.table.key, old, new))
    for id_ in sorted(should - here - renamed.keys()):
        lines += journal.vanished(now.table.name, id_, known.row(id_))
    fresh = sorted(here - should - set(renamed.values()))
    lines += [line for id_ in fresh for line in journal.appeared(now.table.name, id_, now.row(id_))]
    lines += _cells(known, now, here & should)
    return Found(tuple(lines), frozenset())


def _same_cells(one: Reading, other: Reading) -> bool:
    """Say whether it is sure that two readings show the same rows in the same order."""
    if (one.header, one.unknown, one.taken) != (other.header, other.unknown, other.taken):
        return False
    if len(one.frame) != len(other.frame):
        return False
    if any(fault.row > 1 for fault in (*one.faults, *other.faults)) and not (
        one.faults == other.faults and one.frame.index.equals(other.frame.index)
    ):
        return False
    return list(one.frame) == list(other.frame) and all(
        bool(equal(one.frame[name].array, other.frame[name].array).all()) for name in one.frame
    )


def same_reading(one: Reading, other: Reading) -> bool:
    """Say whether two readings are the same: values, types, numbers of rows, and what is wrong."""
    frames = one.frame, other.frame
    return (
        (one.header, one.unknown, one.faults) == (other.header, other.unknown, other.faults)
        and frames[0].index.equals(frames[1].index)
        and frames[0].dtypes.equals(frames[1].dtypes)
        and _same_cells(one, other)
        and all(_types(frames[0][name]) == _types(frames[1][name]) for name in one.unknown)
    )


def _types(column: pd.Series) -> list[type]:
    """Return the types of a column that holds cells as they are: TRUE equals 1, and is another cell."""
    return list(map(type, column)) if column.dtype == object else []


def _alike(id_: str, one: Texts, other: Texts) -> bool:
    """Say whether two readings show a row in the same version, or neither of them shows it."""
    there = [id_ in each.frame.index for each in (one, other)]
    if not all(there) or "version" not in other.frame:
        return there[0] == there[1]
    return one.text(id_, "version") == other.text(id_, "version")


def _other_version(known: Known, now: Texts, ids: set[str]) -> Iterator[str]:
    """Yield the rows that the sheet shows in another version than they should have."""
    if "version" not in now.frame or "version" not in known.texts.frame:
        return
    told = known.cells.keys() | known.saves.keys() | known.added.keys() | known.righted
    for id_ in ids & told:
        version = known.version(id_)
        if version is not None and version != _whole(now.text(id_, "version")):
            yield id_
    quiet = ids - told
    yield from (id_ for id_, _ in _differing(known, now, ["version"]) if id_ in quiet)


def _cells(known: Known, now: Texts, ids: set[str]) -> Iterator[Line]:
    """Yield the cells that differ, row by row as they stand in the sheet."""
    names = [name for name in now.columns if name in known.texts.columns]
    yield from _emptied(known, now, ids)
    odd = {cell for cell in (*now.odd, *known.texts.odd) if cell[1] in names}
    differing: dict[str, set[str]] = {}
    for id_, name in (*_differing(known, now, names), *odd):
        differing.setdefault(id_, set()).add(name)
    for id_, cells in known.cells.items():
        differing.setdefault(id_, set()).update(cells.keys() & set(names))
    for id_ in known.added.keys() & ids:
        differing[id_] = set(names) if known.has_cells(id_) else set()
    for id_ in differing.keys() & (known.saves.keys() | known.added.keys() | known.righted):
        differing[id_].difference_update(KEPT)
    differing = {id_: there for id_, there in differing.items() if id_ in ids and there}
    order = {id_: place for place, id_ in enumerate(now.frame.index)} if differing else {}
    for id_ in sorted(differing, key=lambda each: order[each]):
        for name in (each for each in names if each in differing[id_]):
            was, is_ = known.text(id_, name)[: journal.CELL], now.text(id_, name)[: journal.CELL]
            if was != is_:
                yield Line(now.table.name, id_, name, was, is_)


def _emptied(known: Known, now: Texts, ids: set[str]) -> Iterator[Line]:
    """Yield what stood in columns that are gone, as it was read and as it was told since."""
    told: dict[str, list[str]] = {}
    for id_, cells in known.cells.items():
        for name in cells:
            told.setdefault(name, []).append(id_)
    for name in dict.fromkeys((*known.texts.columns, *told)):
        if name in now.columns:
            continue
        held = known.texts.frame[name].dropna().index if name in known.texts.frame else ()
        for id_ in dict.fromkeys(str(each) for each in (*held, *told.get(name, ())) if each in ids):
            if was := known.text(id_, name):
                yield Line(now.table.name, id_, name, was, "")


def _filled(known: Known, now: Texts, ids: set[str]) -> Iterator[Line]:
    """Yield what stands in fields that had no column; these lines come before that of a column's new name."""
    fresh = [name for name in now.columns if name in now.table.names and name not in known.texts.columns]
    for name in (each for each in fresh if each not in KEPT):
        held = now.frame[name]
        for id_ in (str(each) for each in held.index[held.notna().to_numpy()] if each in ids):
            was, is_ = known.text(id_, name)[: journal.CELL], now.text(id_, name)[: journal.CELL]
            if was != is_ and known.has_cells(id_):
                yield Line(now.table.name, id_, name, was, is_)


def _differing(known: Known, now: Texts, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells, by id and field, in which two readings differ; whole columns at a time."""
    old, new = known.texts.frame, now.frame
    there = known.places_in(now)
    both = np.flatnonzero(there >= 0)
    is_whole = len(both) == len(old) == len(new) and bool((there == np.arange(len(new))).all())
    for name in names:
        one, other = old[name].array, new[name].array
        if not is_whole:
            one, other = one.take(both), other.take(there[both])
        for place in np.flatnonzero(~equal(one, other)).tolist():
            yield str(old.index[both[place]]), name


def _renamed(
    known: Known, now: Texts, gone: Collection[str], fresh: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield old and new id of rows whose other cells are the same; blank for an id that was emptied."""
    if not gone:
        return
    moving = {now.table.key, "version", "updated_at", "updated_by"}
    names = [name for name in now.columns if name in known.texts.columns and name not in moving]
    there: dict[tuple[str, ...], list[str]] = {}
    for id_ in fresh:
        row = now.row(id_)
        there.setdefault(tuple(row[name] for name in names), []).append(id_)
    nameless = Texts(now.table, _nameless(now), now.time_zone)
    for id_ in nameless.frame.index:
        row = nameless.row(str(id_))
        there.setdefault(tuple(row[name] for name in names), []).append("")
    for id_ in sorted(gone):
        row = known.row(id_)
        candidates = there.get(tuple(row.get(name, "") for name in names), [])
        if len(candidates) == 1:
            yield id_, candidates.pop()


def _nameless(now: Texts) -> Reading:
    """Return the rows without an id, each under a name of its own."""
    frame, key = now.reading.frame, now.table.key
    rows = frame[frame[key].isna()].copy()
    rows[key] = [f"row {row}" for row in rows.index]
    return replace(now.reading, frame=rows)


def _loads(text: str) -> Mapping[str, object] | list[object]:
    """Return what a line of a whole row holds; nothing for a text that is no JSON."""
    try:
        held = json.loads(text)
    except ValueError:
        return {}
    return held if isinstance(held, dict | list) else {}


def _whole(text: str) -> int:
    """Return a version; 0 where a person has put something else there."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return 0
