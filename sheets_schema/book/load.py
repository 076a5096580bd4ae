"""Loading: all tables that a page needs, in one request, or in none where they were read already."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book import arrange, shared
from sheets_schema.book.finding import Finder
from sheets_schema.book.history import archive
from sheets_schema.book.journal import Line
from sheets_schema.book.live import Seen
from sheets_schema.book.rows import Part, reread
from sheets_schema.book.snapshot import ALWAYS, Snapshot
from sheets_schema.book.titles import quoted
from sheets_schema.book.unchanged import take_over
from sheets_schema.errors import BookError, MissingSheet, UnknownTable
from sheets_schema.language import Fault, Reading, Table
from sheets_schema.language.header import Header, Taken, match
from sheets_schema.language.renamed import recognised

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["load", "load_again", "understood"]

Values = list[list[Any]]


def load(book: Book, names: Sequence[str], version: str) -> Snapshot:
    """Read tables; see `Book.load`.

    What some process of this machine has read of that version already is taken from there. If what
    is read now was to stand beside older readings, and the workbook has changed in between, all of
    it is read anew. Who had to wait for another reader asks for the version again: where a busy team
    types, each of many that wait would else read a version of its own that is past already.
    """
    known = workbook.tables()
    for name in names:
        if name not in known:
            raise UnknownTable(table=name, tables=", ".join(known))
    shelf = shared.shelf(book, version)
    held = shelf.take(names)
    found: tuple[Line, ...] = ()
    if len(held) < len(names):
        with shelf.alone() as has_waited:
            held |= shelf.take(name for name in names if name not in held)
            if len(held) < len(names) and has_waited and (now := book.version()) != version:
                version, shelf = now, shared.shelf(book, now)
                held = shelf.take(names)
            shelf.begin()
            lacking = [name for name in names if name not in held]
            taken = take_over(book, shelf, lacking) if lacking else frozenset()
            held |= shelf.take(taken & set(lacking))
            lacking = [name for name in names if name not in held]
            finder = Finder(book, shelf, lacking)
            fresh = _fresh(book, lacking, held, finder) if lacking else {}
            if held and fresh and (now := book.version()) != version:
                version, shelf, held, taken = now, shared.shelf(book), {}, frozenset()
                finder = Finder(book, shared.shelf(book, now), names, is_put=False)
                fresh = _fresh(book, names, held, finder)
            shelf.put(fresh, finder.same)
            found = tuple(finder.lines)
            if finder.journal():
                finder.keep(fresh)
                finder.follow(taken if held else frozenset())
            held |= {**fresh, **shelf.take(fresh)}
            if fresh:
                del fresh
                shared.give_back()
    readings = {name: held[name] for name in names}
    tables = _understand(book, readings)
    between = shelf.between(names, lambda: workbook.check(readings, tables))
    return _snapshot(book, version, readings, between, found)


def _fresh(
    book: Book, names: Sequence[str], held: Mapping[str, Reading], finder: Finder
) -> dict[str, Reading]:
    """Read tables from the sheet, and what of the journal shows who has edited them; once more if need be."""
    with _no_search_for_garbage():
        fresh, more = _read(book, names, held, finder.ranges(), finder.before)
        if finder.look(fresh, more):
            fresh, more = _read(book, names, held, finder.ranges(), finder.before, finder.called)
            finder.look(fresh, more)
    return fresh


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Let Python not go through what is being made again and again: a million cells refer to nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load_again(book: Book, snapshot: Snapshot, saved: Mapping[str, Collection[str]]) -> Snapshot:
    """Read what a save wrote; see `Book.load_again`."""
    parts = [Part(book.tables[name], snapshot.readings[name], ids) for name, ids in saved.items()]
    fresh = reread(parts, book.read, book.time_zone)
    others = [name for name in saved if name not in fresh]
    if others:
        fresh |= _read(book, others, snapshot.readings)[0]
    within = sum(len(reading.faults) for reading in snapshot.readings.values())
    readings = {**snapshot.readings, **fresh}
    return _snapshot(book, snapshot.version, readings, snapshot.faults[within:])


def _snapshot(
    book: Book,
    version: str,
    readings: Mapping[str, Reading],
    between: Sequence[Fault],
    found: tuple[Line, ...] = (),
) -> Snapshot:
    """Return a snapshot, its faults within tables first; remember where its rows are."""
    for name, reading in readings.items():
        _remember(book, book.tables[name], reading)
    within = [fault for reading in readings.values() for fault in reading.faults]
    return Snapshot(version, pd.Timestamp.now("UTC"), readings, (*within, *between), edits=found)


def _read(
    book: Book,
    names: Sequence[str],
    held: Mapping[str, Reading],
    more: Sequence[str] = (),
    before: Mapping[str, Reading] = MappingProxyType({}),
    called: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> tuple[dict[str, Reading], list[Values]]:
    """Read tables from the sheet, and more ranges, in one request.

    The team's fields and the time zone are understood first, from the same answer where they are not
    held yet. Columns that were renamed are recognised by what the journal says they are *called*, by
    *before*, else by what this process has read last. A field that has no column yet gets one.
    """
    before = {**book.shown, **before}

    def header_of(table: Table) -> Header:
        """Return a table's first row, understood."""
        name = table.name
        return understood(table, values[name], before.get(name), book.time_zone, called.get(name, {}))

    known = workbook.tables()
    found, rest = _values(book, names, more)
    values = dict(zip(names, found, strict=True))
    first = {
        name: known[name].read(values[name], time_zone="UTC", header=header_of(known[name]))
        for name in ALWAYS
        if name in values
    }
    tables = _understand(book, {**held, **first})
    arrange.team_columns(book, values, known, tables, header_of)
    return {
        name: tables[name].read(values[name], time_zone=book.time_zone, header=header_of(tables[name]))
        for name in names
    }, rest


def understood(
    table: Table,
    values: Values,
    before: Reading | None,
    time_zone: str,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Header:
    """Return a sheet's first row, columns that were renamed included; the journal's is by names alone."""
    if table.name == "journal":
        return match(table, values[0] if values else ())
    return recognised(table, values, before, time_zone, called)


def _understand(book: Book, readings: Mapping[str, Reading]) -> Mapping[str, Table]:
    """Return the tables with the team's fields, and tell the book of them and of the time zone."""
    settings, fields = (readings[name].frame for name in ALWAYS)
    has_zone = bool((settings["id"] == "time_zone").any())
    tables = workbook.with_team_fields(workbook.tables(), fields)
    zone = workbook.time_zone(settings) if has_zone else None
    held = dict(zip(settings["id"], settings["value"], strict=True))
    book.learn(tables, zone, workbook.ahead(held.get("as_of"), held.get("as_of_started")))
    book.limit = archive.limit_of(settings)
    return tables


def _values(book: Book, names: Sequence[str], more: Sequence[str] = ()) -> tuple[list[Values], list[Values]]:
    """Return the sheets' values, and those of more ranges, in one request.

    The sheets are looked for again where one is not found. Where the journal has become shorter than
    it was, its ranges hold nothing.
    """
    titles = [quoted(name) for name in names]
    try:
        values = book.read([*titles, *more])
    except MissingSheet:
        book.workbook.refresh()
        for name in names:
            book.grid(name)
        raise
    except BookError as error:
        if not more or "exceeds grid limits" not in str(error.facts.get("reason")):
            raise
        values = [*book.read(titles), *([] for _ in more)]
    return values[: len(names)], values[len(names) :]


def _remember(book: Book, table: Table, reading: Reading) -> None:
    """Keep where the rows of a table were, for the next save."""
    place = match(table, reading.header, reading.taken).places.get(table.key)
    if place is not None:
        rows = {} if table.name == "journal" else _Rows(reading.frame[table.key].dropna())
        book.seen[table.name] = Seen(place, rows, reading.header, Taken(reading.taken, reading.header))
        if table.name != "journal":
            book.shown[table.name] = reading


class _Rows(Mapping[str, int]):
    """Id -> number of its row, reckoned only when somebody asks: most pages save nothing."""

    def __init__(self, ids: pd.Series) -> None:
        """Keep the ids; their index is the number of the row."""
        self.ids = ids

    @cached_property
    def rows(self) -> dict[str, int]:
        """All of them."""
        return dict(zip(self.ids.to_numpy(object), self.ids.index.tolist(), strict=True))

    def __getitem__(self, id_: str) -> int:
        return self.rows[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.ids)
