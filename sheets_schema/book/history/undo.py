"""Undo: the reverse of a save as a save of its own, field by field, and never over what others did since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from sheets_schema.book import journal
from sheets_schema.book.changes import KEPT, Change, Saved
from sheets_schema.book.history.archive import journal_lines
from sheets_schema.book.history.header_undo import undo_headers
from sheets_schema.book.history.lines import fields_of, row_events, texts_of, that_hold
from sheets_schema.book.history.timeline import UNDO
from sheets_schema.book.journal import HEADER
from sheets_schema.book.left import open_parts
from sheets_schema.book.live import Ask, Live, look
from sheets_schema.book.plan import conflict
from sheets_schema.errors import BookError, Conflict, MissingRow, OpslineError
from sheets_schema.language import Table
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Undone", "restore", "undo"]

ATTEMPTS: Final = 4
TOGETHER: Final = 200
"""Rows that are taken away in one save: a save that brought thousands is undone in several."""

Row = tuple[str, str]
"""A table and an id."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did.

    Args:
        saves: The saves that it took, none where there was nothing to do.
        rows: Table and id of each row that was put back, taken away or brought back.
        left: What was left alone, and why: a `Conflict` for a field or a row that somebody has changed
            since (its `before` is what the save had written, `yours` what undo would have put back,
            `theirs` what stands there), a `MissingRow` for a row that is gone.
        kept: Where it waits on this machine, what a person is told of it.
    """

    saves: tuple[str, ...]
    rows: tuple[Row, ...]
    left: tuple[OpslineError, ...]
    kept: Message | None = None


@dataclass(frozen=True, slots=True)
class Reverse:
    """What undo does to one row.

    Args:
        table: The row's table.
        id: The row.
        kind: `change`, `take` (the save had added it), or `back` (the save had taken it away).
        fields: Field -> what the save left there, and what undo puts there.
        known: Whether the journal has the row's cells; not of rows that came in bulk.
        is_untouched: Whether no line after the save leaves anything changed in the row.
    """

    table: str
    id: str
    kind: str
    fields: Mapping[str, tuple[str, str]]
    known: bool = True
    is_untouched: bool = True


def undo(book: Book, save: str, *, who: str, source: str, now: pd.Timestamp, keep: bool) -> Undone:
    """Undo a save; see `Book.undo`."""
    lines = journal_lines(book, holding=save)
    if not (lines["save"] == save).any():
        raise MissingRow("history.no_save", sheet="journal", id=save)
    reverses, left = reversals(lines, save, book.tables)
    told = f"{source}: {UNDO} {save}"
    own = lines[(lines["save"] == save) & (lines["field"] == HEADER) & lines["sheet"].isin(book.tables)]
    by_us = own[own["source"] != journal.SHEET]
    saves, stays = undo_headers(book, by_us, who=who, source=told, now=now)
    done = _together(book, reverses, [*left, *stays], who=who, source=told, now=now, keep=keep)
    return replace(done, saves=(*saves, *done.saves))


def restore(
    book: Book, table: str, id_: str, *, who: str, source: str, now: pd.Timestamp, keep: bool
) -> Undone:
    """Bring a row back; see `Book.restore`."""
    lines = journal_lines(book, every=True)
    events = row_events(lines[lines["sheet"] == table])
    gone = events[(events["row_id"] == id_) & ~events["added"].to_numpy(bool)]
    if not len(gone):
        raise MissingRow("history.never_gone", sheet=table, id=id_)
    save = str(gone["save"].iloc[-1])
    reverses, left = reversals(lines, save, book.tables)
    mine = [each for each in reverses if (each.table, each.id, each.kind) == (table, id_, "back")]
    return _together(book, mine, left[:0], who=who, source=source, now=now, keep=keep)


def _together(
    book: Book,
    reverses: Sequence[Reverse],
    left: Sequence[OpslineError],
    *,
    who: str,
    source: str,
    now: pd.Timestamp,
    keep: bool,
) -> Undone:
    """Do what can be done, in as few saves as may be."""
    done = Undone((), (), tuple(left))
    for start in range(0, len(reverses), TOGETHER):
        some = reverses[start : start + TOGETHER]
        more = _attempt(book, some, partial(book.save, who=who, source=source, now=now, keep=keep))
        saves, rows = done.saves + more.saves, done.rows + more.rows
        done = Undone(saves, rows, done.left + more.left, more.kept or done.kept)
    return done


def _attempt(book: Book, reverses: Sequence[Reverse], save: Callable[[Sequence[Change]], Saved]) -> Undone:
    """Do what can be done in one save; look again where somebody comes in between."""
    left = ATTEMPTS
    while True:
        changes, stays = _decide(book, reverses)
        if not changes:
            return Undone((), (), tuple(stays))
        left -= 1
        rows = tuple((change.table, _row(book, change)) for change in changes)
        try:
            saved = save(changes)
        except BookError as error:
            if error.done:
                return Undone((error.done,), rows, (*stays, *open_parts(error)))
            if not left or not isinstance(error, Conflict | MissingRow):
                raise
            continue
        return Undone((saved.save,), rows, tuple(stays), saved.kept)


def _row(book: Book, change: Change) -> str:
    """Return the id of a change's row."""
    texts = dict(change.values)
    return str(change.id or texts[book.tables[change.table].key])


# What a save did, turned round


def reversals(
    lines: pd.DataFrame, save: str, tables: Mapping[str, Table]
) -> tuple[list[Reverse], list[OpslineError]]:
    """Return what undoes a save, and what cannot be undone at all.

    Args:
        lines: The journal's lines in order, those of the save and all after it.
        save: Its id.
        tables: The tables, with the team's fields.
    """
    lines = that_hold(lines)
    own = lines[lines["save"] == save]
    by_hand = own[(own["field"] == HEADER) & (own["source"] == journal.SHEET)]
    left: list[OpslineError] = [
        BookError("history.left.header", sheet=sheet, old=old or "–", new=new or "–")
        for sheet, old, new in by_hand[["sheet", "old", "new"]].itertuples(index=False)
    ]
    gone = own.loc[~own["sheet"].isin(tables.keys()), "sheet"].drop_duplicates()
    left += [BookError("history.left.table", sheet=sheet) for sheet in gone if sheet]
    own = own[own["sheet"].isin(tables.keys())]
    after = lines[lines.index > own.index.max()] if len(own) else own
    return [*_events(own, lines, after), *_changes(own)], left


def _events(own: pd.DataFrame, lines: pd.DataFrame, after: pd.DataFrame) -> Iterator[Reverse]:
    """Yield the rows that came or went with a save; a row comes back after the version it went with last."""
    cells = fields_of(own)
    events = row_events(own)
    touched = _touched(after, events)
    went = row_events(lines[lines["row_id"].isin(set(events["row_id"]))])
    went = went[~went["added"].to_numpy(bool)].drop_duplicates(["sheet", "row_id"], keep="last")
    last = went.set_index(["sheet", "row_id"])["texts"]
    for sheet, row, added, known, texts in events[["sheet", "row_id", "added", "known", "texts"]].itertuples(
        index=False
    ):
        long = cells[(cells["sheet"] == sheet) & (cells["row_id"] == row)] if known else cells[:0]
        side = "new" if added else "old"
        held = {**(texts_of(texts) or {}), **dict(zip(long["field"], long[side], strict=True))}
        if not added:
            held |= {
                name: text for name, text in (texts_of(last[sheet, row]) or {}).items() if name == "version"
            }
        fields = {name: (text, "") if added else ("", text) for name, text in held.items()}
        yield Reverse(
            sheet, row, "take" if added else "back", fields, bool(known), (sheet, row) not in touched
        )


def _touched(after: pd.DataFrame, events: pd.DataFrame) -> set[Row]:
    """Return the rows in which later lines leave something changed: what was undone since is not."""
    mine = after[after["row_id"].isin(set(events["row_id"]))]
    cells = fields_of(mine).groupby(["sheet", "row_id", "field"], sort=False)
    ends = pd.DataFrame({"old": cells["old"].first(), "new": cells["new"].last()})
    changed = [
        (str(sheet), str(row)) for sheet, row, _ in ends.index[(ends["old"] != ends["new"]).to_numpy()]
    ]
    held: dict[Row, list[dict[str, str]]] = {}
    for sheet, row, texts in row_events(mine)[["sheet", "row_id", "texts"]].itertuples(index=False):
        told = {name: text for name, text in (texts_of(texts) or {}).items() if name not in KEPT}
        held.setdefault((sheet, row), []).append(told)
    return set(changed) | {row for row, told in held.items() if any(each != told[0] for each in told)}


def _changes(own: pd.DataFrame) -> Iterator[Reverse]:
    """Yield the rows that a save changed."""
    events = row_events(own)
    cells = fields_of(own)
    at = pd.MultiIndex.from_frame(cells[["sheet", "row_id"]])
    cells = cells[
        ~at.isin(pd.MultiIndex.from_frame(events.loc[events["known"].to_numpy(bool), ["sheet", "row_id"]]))
    ]
    for (sheet, row), some in cells.groupby(["sheet", "row_id"], sort=False):
        first = some.drop_duplicates("field").set_index("field")["old"]
        last = some.drop_duplicates("field", keep="last").set_index("field")["new"]
        yield Reverse(
            str(sheet), str(row), "change", {str(name): (last[name], first[name]) for name in first.index}
        )


# As the sheet stands now


def _decide(book: Book, reverses: Sequence[Reverse]) -> tuple[list[Change], list[OpslineError]]:
    """Return the changes that undo as much as may be, and what is left alone."""
    ids: dict[str, list[str]] = {}
    for each in reverses:
        ids.setdefault(each.table, []).append(each.id)
    asks = [
        Ask(book.tables[name], tuple(some), book.seen.get(name), every_id=True) for name, some in ids.items()
    ]
    lives = look(asks, book.read)
    changes: list[Change] = []
    left: list[OpslineError] = []
    for each in reverses:
        now = _Now(book.tables[each.table], lives[each.table], each)
        change, stays = now.decided()
        changes += [] if change is None else [change]
        left += stays
    return changes, left


@dataclass(frozen=True, slots=True)
class _Now:
    """One row of an undo, and its sheet as it stands now."""

    table: Table
    live: Live
    reverse: Reverse

    @property
    def is_there(self) -> bool:
        """Whether the row is in the sheet."""
        return self.reverse.id in self.live.cells

    def text(self, name: str) -> str:
        """Return what stands in a cell, as the journal would have it."""
        return journal.cell_text(self.table, name, self.live.cell(self.reverse.id, name))

    def decided(self) -> tuple[Change | None, list[OpslineError]]:
        """Return what to do with the row, and what is left alone in it."""
        decide = {"take": self._take, "back": self._back, "change": self._change}
        return decide[self.reverse.kind]()

    def _take(self) -> tuple[Change | None, list[OpslineError]]:
        """Take a row away that the save had added, if it is still what it was."""
        if not self.is_there:
            return None, []
        table, id_ = self.table, self.reverse.id
        if not self.reverse.known:
            if self.reverse.is_untouched:
                return Change(table.name, {}, id=id_, gone=True), []
            return None, [BookError("history.left.changed", sheet=table.name, id=id_)]
        then = {name: new for name, (new, _) in self.reverse.fields.items()}
        names = [name for name in dict.fromkeys((*table.names, *then)) if name not in KEPT]
        wrong = [
            conflict(table, id_, name, before=then.get(name, ""), yours="", theirs=self.text(name))
            for name in names
            if self.text(name) != then.get(name, "")
        ]
        if wrong:
            return None, [*wrong]
        before = {name: self.live.cell(id_, name) for name in names}
        return Change(table.name, {}, id=id_, gone=True, before=before), []

    def _back(self) -> tuple[Change | None, list[OpslineError]]:
        """Bring a row back that the save had taken away, if nobody else has."""
        table, id_ = self.table, self.reverse.id
        texts = {name: old for name, (_, old) in self.reverse.fields.items()}
        if not self.is_there:
            lost = [name for name in texts if self.live.place(name) is None and name not in KEPT]
            stays = [
                BookError("history.left.column", sheet=table.name, id=id_, field=name, text=texts[name])
                for name in lost
            ]
            kept = {name: text for name, text in texts.items() if name not in lost}
            return Change(table.name, {**kept, table.key: id_}, back=True), [*stays]
        differ = [name for name in texts if name not in KEPT and self.text(name) != texts[name]]
        return None, [
            conflict(table, id_, name, before="", yours=texts[name], theirs=self.text(name))
            for name in differ
        ]

    def _change(self) -> tuple[Change | None, list[OpslineError]]:
        """Put back the fields that still hold what the save wrote."""
        table, id_ = self.table, self.reverse.id
        if not self.is_there:
            return None, [MissingRow(sheet=table.name, id=id_)]
        values: dict[str, str] = {}
        before: dict[str, object] = {}
        left: list[OpslineError] = []
        for name, (new, old) in self.reverse.fields.items():
            if name in KEPT:
                continue
            if self.live.place(name) is None:
                left.append(BookError("history.left.column", sheet=table.name, id=id_, field=name, text=old))
            elif (now := self.text(name)) == new != old:
                values[name], before[name] = old, self.live.cell(id_, name)
            elif now != old:
                left.append(conflict(table, id_, name, before=new, yours=old, theirs=now))
        change = Change(table.name, values, id=id_, before=before, back=True) if values else None
        return change, left
