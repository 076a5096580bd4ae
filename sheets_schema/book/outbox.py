"""Every save goes through the outbox: a folder of this machine with one file for each save that is not done.

A save's file is written before the first request, so that a process that is killed loses none. One
process at a time sends, holding the folder's lock, and it sends all that waits, in order and in one
request; the others find their own save gone from the folder: that is how they know it is done. What
cannot be sent within the bound is kept and sent later by whichever process is there. A save is never
sent twice: one that may have been done already is looked up in the journal first.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.book.ahead import with_waiting
from sheets_schema.book.already import journalled
from sheets_schema.book.changes import Change, Draft, Saved
from sheets_schema.book.entry import Body, Entry, State, entries_in, write_entry
from sheets_schema.book.error_json import error_of, json_of
from sheets_schema.book.failures import Lost
from sheets_schema.book.journal import text_of
from sheets_schema.book.save import Pending, apart, prepare, save_together
from sheets_schema.errors import (
    BookError,
    Conflict,
    CredentialFault,
    DamagedFile,
    OpslineError,
    QuotaFault,
    Unreachable,
)
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.snapshot import Snapshot

__all__ = ["Outbox", "Waiting", "conflicts_of"]

BOUND: Final = 10.0
"""Seconds that a page waits for a save before it is kept."""
LONG: Final = 180.0
"""Seconds that a command waits for other processes' saves."""
IN_BACKGROUND: Final = 5.0
"""Seconds that whoever sends what waits may wait for a quota."""
FOREVER: Final = 3600.0
"""Seconds that a command waits for the workbook; its client gives up long before."""
DEAD: Final = 300.0
"""Seconds after which a save's caller is taken for dead."""
MOST: Final = 50
"""Saves in one request."""
BROKEN: Final = (ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A save that is kept on this machine.

    Args:
        save: Its id.
        who: Whose it is.
        source: The page or command that it comes from.
        now: When it was made.
        rows: Table and id of each of its rows.
        fields: Table, id, field and value, as the journal has values, of all that it writes.
        error: Why a person must decide about it; None where it is only to be sent.
        conflicts: Table, id and field -> the conflict, for the fields that others have changed too.
    """

    save: str
    who: str
    source: str
    now: pd.Timestamp
    rows: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str, str, str]]
    error: OpslineError | None
    conflicts: Mapping[tuple[str, str, str], OpslineError]


class Outbox:
    """The saves of a workbook that are not done yet, of all processes of this machine.

    Args:
        book: The workbook.
        folder: Where they are kept.
    """

    def __init__(self, book: Book, folder: Path) -> None:
        self._book, self.folder = book, folder

    # What waits

    @property
    def count(self) -> int:
        """How many saves wait to be sent."""
        return sum(each.state is not State.STUCK and _is_kept(each) for each in entries_in(self.folder))

    @property
    def mark(self) -> tuple[str, ...]:
        """A value that changes whenever something is kept, sent, or needs a person."""
        return tuple(f"{each.save}.{each.state}" for each in entries_in(self.folder) if _is_kept(each))

    def bodies(self) -> list[tuple[Entry, Body]]:
        """Return the saves that are kept, in order: those to be sent, and those that need a person."""
        found = []
        for entry in filter(_is_kept, entries_in(self.folder)):
            with suppress(OSError):  # it was sent a moment ago
                found.append((entry, _body_of(entry)))
        return found

    def waiting(self) -> list[Waiting]:
        """Return what a person is told of the saves that are kept, in order."""
        return [
            Waiting(
                save=entry.save,
                who=body.who,
                source=body.source,
                now=body.now,
                rows=body.rows,
                fields=self._fields(body),
                error=body.error,
                conflicts=conflicts_of(body.error),
            )
            for entry, body in self.bodies()
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be sent; what needs a person does not count."""
        return all(entry.state is State.STUCK for entry in entries_in(self.folder))

    def over(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot as it will be once what waits is sent; `Snapshot.waiting` says which rows."""
        bodies = [body for entry, body in self.bodies() if entry.state is not State.STUCK]
        return with_waiting(snapshot, bodies, self._book.tables, self._book.time_zone) if bodies else snapshot

    @property
    def trouble(self) -> OpslineError | None:
        """Why the last attempt to send failed; None if it did not."""
        try:
            return error_of(json.loads(self._trouble.read_text(encoding="utf-8")))
        except (OSError, *BROKEN):
            return None

    # Saving

    def save(
        self, changes: Sequence[Change], *, who: str, source: str, now: pd.Timestamp, keep: bool
    ) -> Saved:
        """Save, or keep; see `Book.save`."""
        pending = prepare(self._book, changes, who=who, source=source, now=now)
        try:
            entry = write_entry(self.folder, pending.signature.save, self._body(pending))
        except OSError:  # no room, no rights: it is sent all the same, and can only not be kept
            return _or_raise(save_together(self._book, [pending])[0])
        try:
            return self._deliver(entry, pending, keep=keep)
        finally:
            if not keep:
                self._remove(entry.save)

    def send(self) -> OpslineError | None:
        """Send what waits, unless another process is at it; say what stood in the way."""
        if self.is_empty:
            return None
        with self._alone(0) as is_ours:
            if not is_ours:
                return None
            try:
                with self._book.client.within(IN_BACKGROUND):
                    self._send_all()
            except OpslineError as error:
                return error
        return None

    def retry(self, save: str, *, mine: bool = False) -> None:
        """Put a save that needs a person back into the queue, where it was, and send.

        Args:
            save: Its id.
            mine: Write it over what others have written, as far as its conflict has shown that.

        Raises:
            BookError: Others are sending all the time.
        """
        with self._alone(BOUND) as is_ours:
            self._refuse_unless(is_ours, save)
            for entry in self._of(save):
                body = _body_of(entry)
                drafts = self._over(body) if mine else body.drafts
                entry.rewritten(replace(body, drafts=drafts, error=None), State.LOST)
        self.send()

    def discard(self, save: str) -> None:
        """Take a save that needs a person away: what stands in the sheet holds.

        Raises:
            BookError: Others are sending all the time.
        """
        with self._alone(BOUND) as is_ours:
            self._refuse_unless(is_ours, save)
            self._remove(save)

    # Its own

    @property
    def _trouble(self) -> Path:
        """The file that says why the last attempt failed."""
        return self.folder / "trouble"

    def _body(self, pending: Pending) -> Body:
        """Return what a save's file holds."""
        own = pending.signature
        drafts = [
            {
                "table": draft.table.name,
                "id": draft.id,
                "new": draft.new,
                "cells": dict(draft.cells),
                "before": dict(draft.before),
                "gone": draft.gone,
                "back": draft.back,
                "kept": dict(draft.kept),
            }
            for draft in pending.drafts
        ]
        ahead = [draft for _, body in self.bodies() for draft in body.drafts]
        seen = [self._seen(draft, ahead) for draft in pending.drafts]
        return Body(self._book.client.door.name, own.who, own.source, own.now, drafts, seen)

    def _seen(self, draft: Draft, ahead: Sequence[Mapping[str, Any]]) -> dict[str, object]:
        """Return what a draft's cells held when they were last read here, or will hold by what waits."""
        if draft.new:
            return {}
        held = self._book.known(draft.table.name, str(draft.id), draft.cells)
        for other in ahead:
            if (other["table"], other["id"]) == (draft.table.name, draft.id):
                held |= {name: cell for name, cell in other["cells"].items() if name in draft.cells}
        return held

    def _deliver(self, entry: Entry, pending: Pending, *, keep: bool) -> Saved:
        """Send a save with all that waits, or learn that somebody else has; keep it where that fails."""
        began, is_down = time.time(), self._trouble.exists()
        with self._alone(BOUND if keep else LONG) as is_ours:
            if (told := self._told(pending)) is not None:
                return told
            if not is_ours:
                return self._give_up(pending, _busy(pending), keep=keep)
            try:
                if (failed := self._failed_since(began)) is not None:
                    raise failed
                with self._book.client.within((0 if is_down else BOUND) if keep else FOREVER):
                    return self._send_until(entry.save, pending)
            except OpslineError as error:
                if not _is_later(error):
                    self._remove(entry.save)
                    raise
                return self._give_up(pending, error, keep=keep)

    def _told(self, pending: Pending) -> Saved | None:
        """Return what somebody else has made of a save; None if nothing yet. Raise what they found wrong."""
        mine = self._of(pending.signature.save)
        if not mine:
            return pending.saved
        if mine[0].state is State.STUCK:
            error = _body_of(mine[0]).error
            self._remove(pending.signature.save)
            raise error or _busy(pending)
        return None

    def _give_up(self, pending: Pending, error: OpslineError, *, keep: bool) -> Saved:
        """Keep a save, safe on disk, or raise *error*; somebody else may send it in the meantime."""
        while (told := self._told(pending)) is None:
            mine = self._of(pending.signature.save)
            if not keep:
                was_tried = any(entry.state.was_tried for entry in mine)
                raise Lost(address=self._book.client.door.name) if was_tried and _is_busy(error) else error
            with suppress(FileNotFoundError):
                for entry in mine:
                    entry.to(entry.state.late).secure()
                return replace(pending.saved, kept=self._kept(error))
        return told

    def _kept(self, error: OpslineError) -> Message:
        """Return what a person is told of a save that is kept."""
        key = "outbox.kept_key" if isinstance(error, CredentialFault) else "outbox.kept"
        count = self.count
        return Message(key if count > 1 else f"{key}_one", {"count": count})

    def _send_until(self, save: str, pending: Pending) -> Saved:
        """Send what waits, in order, until a save is done; raise why it may not be."""
        while self._of(save):
            for sent, result in self._send_some({save: pending}):
                if sent == save and isinstance(result, OpslineError):
                    raise result
        return pending.saved

    def _send_all(self) -> None:
        """Send all that waits."""
        while not self.is_empty:
            list(self._send_some({}))

    def _send_some(self, own: Mapping[str, Pending]) -> Iterator[tuple[str, Saved | OpslineError]]:
        """Send the next saves in one request; yield what became of each.

        Args:
            own: The saves whose callers are waiting here: they are told, and their files go.
        """
        group = [entry for entry in entries_in(self.folder) if entry.state is not State.STUCK][:MOST]
        with self._noting_trouble():
            tables, time_zone = self._book.tables, self._book.time_zone
            done = journalled(self._book, {entry.save for entry in group if entry.state.may_be_done})
        ready: list[tuple[Entry, Pending]] = []
        for entry in group:
            made: Pending | Saved | OpslineError | None
            made = own.get(entry.save) or _pending(entry, tables, time_zone)
            if entry.save in done:
                made = Saved((), entry.save)
            if isinstance(made, Pending):
                ready.append((entry, made))
            elif made is not None:
                yield self._finish(entry, made, own)
        if ready:
            yield from self._send_group(ready, own)

    def _send_group(
        self, ready: Sequence[tuple[Entry, Pending]], own: Collection[str]
    ) -> Iterator[tuple[str, Saved | OpslineError]]:
        """Send saves in one request; one by one where the request is refused as a whole."""
        saves = apart([each for _, each in ready])
        begun = [entry for entry, _ in ready[: len(saves)]]
        for entry in begun:
            with suppress(FileNotFoundError):  # its caller has just been told that it is kept
                entry.to(entry.state.tried)
        results: list[Saved | OpslineError]
        try:
            with self._noting_trouble():
                results = save_together(self._book, saves)
        except BookError as error:
            if _is_later(error) and not (_is_busy(error) and len(saves) > 1):
                raise
            results = [error]
        if len(results) < len(saves):
            for pair in zip(begun, saves, strict=True):
                yield from self._send_group([pair], own)
            return
        for entry, result in zip(begun, results, strict=True):
            yield self._finish(entry, result, own)

    def _finish(
        self, entry: Entry, result: Saved | OpslineError, own: Collection[str]
    ) -> tuple[str, Saved | OpslineError]:
        """Take a save that is done from the folder; keep one that may not be for a person."""
        for each in self._of(entry.save):
            if isinstance(result, Saved) or entry.save in own:
                each.path.unlink(missing_ok=True)
            elif each.state is not State.STUCK:
                with suppress(FileNotFoundError):
                    each.rewritten(replace(_body_of(each), error=result), State.STUCK)
        return entry.save, result

    @contextmanager
    def _noting_trouble(self) -> Iterator[None]:
        """Note why the workbook does not take what is sent in the block, or that it does."""
        try:
            yield
        except OpslineError as error:
            if _is_later(error):
                with suppress(OSError):
                    self._trouble.write_text(json.dumps(json_of(error)), encoding="utf-8")
            raise
        with suppress(OSError):
            self._trouble.unlink(missing_ok=True)

    def _failed_since(self, moment: float) -> OpslineError | None:
        """Return why an attempt failed that began after a moment, None if there was none."""
        try:
            failed = self._trouble.stat().st_mtime >= moment
        except OSError:
            return None
        return self.trouble if failed else None

    @contextmanager
    def _alone(self, seconds: float) -> Iterator[bool]:
        """Hold the outbox, so that one process sends for all; say whether that came about in time."""
        until = time.monotonic() + seconds
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            while not (is_ours := _locked(lock.fileno())) and time.monotonic() < until:
                time.sleep(0.01)
            yield is_ours

    def _of(self, save: str) -> list[Entry]:
        """Return a save's entry, in a list; none if it is done."""
        return [entry for entry in entries_in(self.folder) if entry.save == save]

    def _remove(self, save: str) -> None:
        """Take a save away."""
        for entry in self._of(save):
            entry.path.unlink(missing_ok=True)

    def _refuse_unless(self, is_ours: bool, save: str) -> None:
        """Raise BookError where the outbox could not be held."""
        if not is_ours:
            raise BookError("outbox.busy", save=save)

    def _fields(self, body: Body) -> list[tuple[str, str, str, str]]:
        """Return what a save writes, as the journal has values."""
        tables = self._book.tables
        return [
            (draft["table"], draft["id"], name, _text(tables.get(draft["table"]), name, cell))
            for draft in body.drafts
            for name, cell in draft["cells"].items()
        ]

    def _over(self, body: Body) -> list[Mapping[str, object]]:
        """Return a save's drafts as if their writer had seen what others have written."""
        conflicts = conflicts_of(body.error)
        made: list[Mapping[str, object]] = []
        for draft in body.drafts:
            over = {
                name: self._book.cell_of(draft["table"], name, as_text(conflict.facts["theirs"]))
                for name in draft["cells"]
                if (conflict := conflicts.get((draft["table"], draft["id"], name))) is not None
            }
            made.append({**draft, "before": {**draft["before"], **over}})
        return made


def conflicts_of(error: OpslineError | None) -> dict[tuple[str, str, str], OpslineError]:
    """Return the conflicts that an error tells of: table, id and field -> the conflict."""
    if not isinstance(error, Conflict) or _is_busy(error):
        return {}
    several = error.facts.get("conflicts")
    found: Sequence[OpslineError] = several if isinstance(several, tuple) else (error,)
    return {
        (str(each.facts["sheet"]), str(each.facts["id"]), str(each.facts["name"])): each for each in found
    }


def _text(table: Table | None, name: str, cell: object) -> str:
    """Return a cell as the journal has it; as it is where the field is not known any more."""
    return as_text(cell) if table is None or name not in table.names else text_of(table.field(name), cell)


def _is_later(error: OpslineError) -> bool:
    """Say whether a save that met an error may be sent again as it is."""
    return isinstance(error, Unreachable | QuotaFault | CredentialFault) or _is_busy(error)


def _is_busy(error: OpslineError) -> bool:
    """Say whether others were first again and again."""
    return error.said_by == "book.busy"


def _busy(pending: Pending) -> Conflict:
    """Return the error of a save that others did not let through."""
    row = pending.drafts[0]
    return Conflict("book.busy", sheet=row.table.name, id=str(row.id))


def _is_kept(entry: Entry) -> bool:
    """Say whether a save waits without its caller: that one was told, or has died."""
    if entry.state.is_late or entry.state is State.STUCK:
        return True
    try:
        return time.time() - entry.path.stat().st_mtime > DEAD
    except OSError:
        return False


def _body_of(entry: Entry) -> Body:
    """Return what a save's file holds; where it cannot be understood, only that. Raise OSError."""
    try:
        return entry.body()
    except BROKEN:
        moment = pd.Timestamp(entry.path.stat().st_mtime, unit="s", tz="UTC")
        return Body("", "", "", moment, (), (), DamagedFile("outbox.damaged", path=str(entry.path)))


def _pending(entry: Entry, tables: Mapping[str, Table], time_zone: str) -> Pending | OpslineError | None:
    """Return a save that is to be sent, or why it may not be any more; None if it is gone."""
    try:
        body = _body_of(entry)
        return body.error or body.pending(entry.save, tables, time_zone, late=entry.state.is_late)
    except OpslineError as error:
        return error
    except OSError:
        return None


def _locked(file: int) -> bool:
    """Lock a file, unless somebody else has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _or_raise(result: Saved | OpslineError) -> Saved:
    """Return what was saved, or raise why not."""
    if isinstance(result, OpslineError):
        raise result
    return result
