"""Finding what people have edited in the sheet, whenever it is read anew, and journalling it.

The journal's new lines are read in the same request as the tables. Who finds edits writes them to the
journal in one more, each claimed, so that of two machines that find the same edit one writes it. Only
then is what was read taken for known: what could not be written is found again next time.

A person may do the same again while the claim of the first time stands. Whose it is tells the two apart:
if its lines were there when the sheet was read, this is another edit, and claimed as the one after that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.book import claims, known
from sheets_schema.book.deliver import deliver
from sheets_schema.book.edits import Known, Told, found, same_reading
from sheets_schema.book.history.archive import Archive, archives
from sheets_schema.book.journal import HEADER, SHEET, Line
from sheets_schema.book.known import Kept, Position
from sheets_schema.book.live import Live
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.putright import put_right
from sheets_schema.book.save import new_save
from sheets_schema.book.texts import Texts
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError, CredentialFault
from sheets_schema.language import Reading
from sheets_schema.language.cells import as_text, column_letters
from sheets_schema.language.header import Header, match

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.shared import Shelf

__all__ = ["Finder"]

Values = list[list[Any]]
BEFORE: Final = 20
"""Lines before a position by which it is recognised."""
LINES: Final = 2000
"""Lines of the journal in a request."""
FAR: Final = 500
"""Lines that may be read in vain."""
CLAIMS: Final = 100
"""Claims in a request; with more lines, several share one."""
REPEATS: Final = 8
"""How often the claims of one edit may stand, done again and again."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The journal's lines from some row on.

    Args:
        first: The number of the first row of *rows*.
        rows: The rows.
        header: The journal's header.
        ids_only: Only the ids were read, since nothing is known yet.
    """

    first: int
    rows: Values
    header: Header
    ids_only: bool = False

    def after(self, position: Position) -> list[Told] | None:
        """Return the lines after a position; None where it cannot be found any more."""
        start = self._start(position)
        if start is None or self.ids_only:
            return None
        return [self._told(row) for row in self.rows[start:] if self._cell(row, "id")]

    def lacks(self, position: Position) -> bool:
        """Say whether a line is not there: it may have moved to an archive."""
        return bool(position.id) and position.id not in self._ids(len(self.rows))

    def _start(self, position: Position) -> int | None:
        """Return where the lines after a position begin in *rows*."""
        if not position.id:
            return 0 if self.first <= 2 else None  # noqa: PLR2004 - the first row below the header
        there = position.row - self.first
        if not (0 <= there < len(self.rows) and self._cell(self.rows[there], "id") == position.id):
            ids = self._ids(len(self.rows))
            if position.id not in ids:
                return None
            there = ids.index(position.id)
        stood = tuple(self._ids(there, len(position.before)))
        return there + 1 if stood == position.before[len(position.before) - len(stood) :] else None

    def _ids(self, end: int, count: int | None = None) -> list[str]:
        """Return the ids of the rows before one, all of them or some."""
        start = 0 if count is None else max(0, end - count)
        return [self._cell(row, "id") for row in self.rows[start:end]]

    @property
    def end(self) -> Position:
        """The last line."""
        for place in range(len(self.rows) - 1, -1, -1):
            if id_ := self._cell(self.rows[place], "id"):
                return Position(id_, self.first + place, tuple(self._ids(place, BEFORE)))
        return Position()

    def _told(self, row: Sequence[object]) -> Told:
        """Return a row as a line."""
        sheet, id_, name, old, new, source, save = (
            self._cell(row, each) for each in ("sheet", "row_id", "field", "old", "new", "source", "save")
        )
        return Told(Line(sheet, id_, name, old, new), source, save)

    def _cell(self, row: Sequence[object], name: str) -> str:
        """Return one cell of a row."""
        place = 0 if self.ids_only else self.header.places.get(name, len(row))
        return as_text(row[place]) if place < len(row) else ""


@dataclass
class Finder:
    """One fresh reading of some tables.

    Args:
        book: The book.
        shelf: Where this machine keeps what it knows.
        names: The tables that are read.
        is_put: Whether what is read is put on that shelf; else another's reading may lie there.

    After `look`, `lines` are the edits, `same` has the files of the tables that show what is known, and
    `called` table -> field -> what the journal says its column is called since.
    """

    book: Book
    shelf: Shelf
    names: Sequence[str]
    is_put: bool = True
    lines: list[Line] = field(default_factory=list)
    same: dict[str, Path] = field(default_factory=dict)
    called: dict[str, dict[str, str]] = field(default_factory=dict)
    _looked: bool = False
    _kept: dict[str, Kept] = field(default_factory=dict)
    _tail: Tail | None = None
    _doubted: Mapping[str, Texts] = field(default_factory=dict)
    _told: bool = False

    def __post_init__(self) -> None:
        """Look up what is known."""
        self.names = [name for name in self.names if name != "journal"] if self.shelf.label else []
        for name in self.names:
            kept = known.take(self.shelf, name)
            if kept is not None:
                self._kept[name] = kept

    @property
    def before(self) -> dict[str, Reading]:
        """The tables as they are known, by which columns that were renamed are recognised."""
        return {name: kept.reading for name, kept in self._kept.items()}

    def ranges(self) -> list[str]:
        """Return what of the journal is to be read along with the tables."""
        if not self.names:
            return []
        title = quoted("journal")
        seen = self.book.seen.get("journal")
        if not self._kept:
            letters = column_letters(seen.place if seen is not None else 0)
            return [f"{title}!1:1", f"{title}!{letters}2:{letters}"]
        last = column_letters(max(self.book.grid("journal").columns, 1) - 1)
        return [f"{title}!1:1", f"{title}!A{self._first}:{last}"]

    @property
    def _first(self) -> int:
        """The number of the first row of the journal that is read."""
        return max(2, min(kept.position.row for kept in self._kept.values()) - BEFORE)

    def look(self, readings: Mapping[str, Reading], values: Sequence[Values]) -> bool:
        """Compare what was read with what is known; say whether it is to be read once more.

        Args:
            readings: The tables.
            values: What `ranges` holds.
        """
        if not self.names:
            return False
        header = match(self.book.tables["journal"], values[0][0] if values[0] else ())
        first = self._first if self._kept else 2
        self._tail = Tail(first, values[1], header, ids_only=not self._kept)
        told = self._all_told()
        is_second, self._looked = self._looked, True
        self.called = {name: self._called(name, lines) for name, lines in told.items()}
        misread = False
        again: dict[str, Texts] = {}
        self.lines = []
        for name, lines in told.items():
            if not is_second and self._is_misread(name, readings[name]):
                misread = True
                continue
            it = self._known(name, lines)
            if self._is_same(name, readings[name]) and it.is_untold:
                continue
            now = Texts(self.book.tables[name], readings[name], self.book.time_zone)
            result = found(it, now, self._doubted.get(name))
            self.lines += result.lines
            if result.doubtful:
                again[name] = now
        self._doubted = again
        return (bool(again) or misread) and not is_second

    def _called(self, name: str, lines: Sequence[Told]) -> dict[str, str]:
        """Return field -> what its column is called since, where a line says that it is the same one."""
        table, called = self.book.tables[name], dict[str, str]()
        for line in (each.line for each in lines if each.line.sheet == name and each.line.field == HEADER):
            known = next((each for each, text in called.items() if text == line.old), table.name_of(line.old))
            if known is not None and line.new:
                called[known] = line.new
        return called

    def _is_misread(self, name: str, reading: Reading) -> bool:
        """Say whether a field was not found whose column the journal can name."""
        places = match(self.book.tables[name], reading.header, reading.taken).places
        called = self.called.get(name, {})
        return any(each not in places and reading.header.count(text) == 1 for each, text in called.items())

    def _is_same(self, name: str, reading: Reading) -> bool:
        """Say whether a table shows what is known of it, to the row and the type; note it, too."""
        self.same.pop(name, None)
        file = known.file_of(self.shelf, name)
        if file is None or not same_reading(self._kept[name].reading, reading):
            return False
        self.same[name] = file
        return True

    def _known(self, name: str, lines: Sequence[Told]) -> Known:
        """Return what the journal knows of a table."""
        it = Known(Texts(self.book.tables[name], self._kept[name].reading, self.book.time_zone))
        for each in lines:
            if each.line.sheet == name:
                it.tell(each)
        return it

    def _all_told(self) -> dict[str, list[Told]]:
        """Return the journal's new lines for each table that is known; look further back where they must."""
        wanted = {name: kept for name, kept in self._kept.items() if kept.time_zone == self.book.time_zone}
        told = {name: self._after(kept.position) for name, kept in wanted.items()}
        if any(lines is None for lines in told.values()):
            whole = self.book.read([quoted("journal")])[0]
            header = match(self.book.tables["journal"], whole[0] if whole else ())
            self._tail = Tail(2, whole[1:], header)
            self._look_into_archives([kept.position for kept in wanted.values()])
            told = {name: self._after(kept.position) for name, kept in wanted.items()}
        self._told = any(each.source != SHEET for lines in told.values() for each in lines or ())
        return {name: lines for name, lines in told.items() if lines is not None}

    def _look_into_archives(self, positions: Sequence[Position]) -> None:
        """Put the archives' lines before the journal's, as far back as they must be for some positions."""
        older: list[Archive] | None = None
        while self._tail is not None and any(self._tail.lacks(position) for position in positions):
            if older is None:
                self.book.workbook.refresh()
                older = archives(list(self.book.workbook.grids))
            if not older:
                return
            rows = self.book.read([quoted(older.pop().title)])[0][1:]
            first = self._tail.first - len(rows)
            self._tail = replace(self._tail, first=first, rows=[*rows, *self._tail.rows])

    def _after(self, position: Position) -> list[Told] | None:
        """Return the lines after a position."""
        return self._tail.after(position) if self._tail is not None else None

    def journal(self) -> bool:
        """Write what was found to the journal; say whether it stands there, so that it is known now."""
        if not self.lines:
            return True
        if not self.book.may_write or self._tail is None:
            return False
        now = pd.Timestamp.now("UTC") + self.book.ahead
        try:
            return all(
                self._write(self.lines[start : start + LINES], self._tail, self._signature(now))
                for start in range(0, len(self.lines), LINES)
            )
        except CredentialFault:
            self.book.may_write = False
            return False
        except BookError:  # it is found again with the next reading
            return False

    def _write(self, lines: list[Line], tail: Tail, signature: Signature) -> bool:
        """Write some lines; say whether they stand there, and not another machine's that found them, too."""
        live = Live(tail.header, {}, {}, 1, tail.header.places.get("id", 0))
        claimed = list(_claims(lines))
        for _ in range(REPEATS):
            plan = Plan(lines=lines, claims=claimed)
            landed = deliver(self.book, [(signature, plan)], {"journal": live})
            if landed is not None:
                if not landed.is_well:
                    put_right(self.book, landed, plan, signature)
                return True
            saves = self.book.claimants(claims.number_of(*each) for each in claimed)
            if self._is_newer(tail.end, saves.values()):
                return False
            claimed = [
                (*each, saves[number]) if (number := claims.number_of(*each)) in saves else each
                for each in claimed
            ]
        return False

    def _is_newer(self, end: Position, saves: Collection[str]) -> bool:
        """Say whether the journal has lines of some saves beyond what was read, or that cannot be told."""
        first, title = max(2, end.row), quoted("journal")
        last = column_letters(max(self.book.grid("journal").columns, 1) - 1)
        header, rows = self.book.read([f"{title}!1:1", f"{title}!A{first}:{last}"])
        tail = Tail(first, rows, match(self.book.tables["journal"], header[0] if header else ()))
        since = tail.after(end)
        return since is None or any(each.save in saves for each in since)

    def _signature(self, now: pd.Timestamp) -> Signature:
        """Return who edited the sheet, as far as that is known: nobody has saved since."""
        zone = self.book.time_zone
        who = "" if self._told else self.book.last_user
        return Signature(new_save(now.tz_convert(zone)), who, SHEET, now, zone)

    def keep(self, readings: Mapping[str, Reading]) -> None:
        """Take what was read for known; a table that stays doubtful is looked at again next time."""
        for name in self.names:
            if self._tail is not None and name not in self._doubted:
                kept = Kept(readings[name], self._tail.end, self.book.time_zone)
                known.keep(self.shelf, name, kept, is_put=self.is_put)

    def follow(self, names: Collection[str]) -> None:
        """Take tables that have not changed for known up to the journal's end, where that is far by now.

        Else who reads them next has to go through all that was journalled of others since.
        """
        if self._tail is None or self._tail.ids_only:
            return
        end = self._tail.end
        for name in names:
            position = known.position_of(self.shelf, name)
            if position is not None and end.row - position.row > FAR:
                known.move(self.shelf, name, end)


def _claims(lines: Sequence[Line]) -> Iterator[tuple[object, ...]]:
    """Yield what claims some edits: each by itself, many together."""
    size = -(-len(lines) // CLAIMS)
    for start in range(0, len(lines), size):
        said = "\x1e".join(
            f"{line.sheet}\x1f{line.row_id}\x1f{line.field}\x1f{line.old}\x1f{line.new}"
            for line in lines[start : start + size]
        )
        yield ("edit", hashlib.sha256(said.encode("utf-8", "replace")).hexdigest())
