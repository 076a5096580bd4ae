"""Every save goes through the outbox: a folder of this machine with one file for each save that is not done.

A save's file is written before the first request, so that a process that is killed loses none. One
process at a time sends, holding the folder's lock, and it sends all that waits, in order and in one
request; the others find their own save gone from the folder: that is how they know it is done. What
cannot be sent within the bound is kept and sent later by whichever process is there. A save is never
sent twice: one that may have been done already is looked up in the journal first.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.book.ahead import with_waiting
from sheets_schema.book.changes import Change, Draft, Saved
from sheets_schema.book.courier import Courier
from sheets_schema.book.entry import Body, Entry, State, write_entry
from sheets_schema.book.failures import Lost
from sheets_schema.book.queue import Queue, body_of, is_busy, is_later
from sheets_schema.book.save import Pending, new_save, prepare, save_together
from sheets_schema.book.waiting import Waiting, over_theirs, put_back, told
from sheets_schema.errors import BookError, Conflict, CredentialFault, OpslineError
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.snapshot import Snapshot

__all__ = ["Outbox"]

BOUND: Final = 10.0
"""Seconds that a page waits for a save before it is kept."""
LONG: Final = 180.0
"""Seconds that a command waits for other processes' saves."""
IN_BACKGROUND: Final = 5.0
"""Seconds that whoever sends what waits may wait for a quota."""
FOREVER: Final = 3600.0
"""Seconds that a command waits for the workbook; its client gives up long before."""


class Outbox:
    """The saves of a workbook that are not done yet, of all processes of this machine.

    Args:
        book: The workbook.
        folder: Where they are kept.
    """

    def __init__(self, book: Book, folder: Path) -> None:
        self._book, self._queue = book, Queue(folder)
        self._courier = Courier(book, self._queue)

    # What waits

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self._queue.folder

    @property
    def count(self) -> int:
        """How many saves wait to be sent."""
        return sum(entry.state is not State.STUCK for entry in self._queue.kept)

    @property
    def mark(self) -> tuple[str, ...]:
        """A value that changes whenever something is kept, sent, or needs a person."""
        return tuple(f"{entry.save}.{entry.state}" for entry in self._queue.kept)

    def waiting(self) -> list[Waiting]:
        """Return the saves that are kept, in order: those to be sent, and those that need a person."""
        return [told(self._book, entry.save, body) for entry, body in self._queue.bodies()]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be sent; what needs a person does not count."""
        return not self._queue.to_send

    def over(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot as it will be once what waits is sent; `Snapshot.waiting` says which rows."""
        bodies = [body for entry, body in self._queue.bodies() if entry.state is not State.STUCK]
        return with_waiting(snapshot, bodies, self._book.tables, self._book.time_zone) if bodies else snapshot

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
                self._queue.remove(entry.save)

    def send(self) -> OpslineError | None:
        """Send what waits, unless another process is at it; say what stood in the way."""
        if self.is_empty:
            return None
        with self._queue.alone(0) as is_ours:
            if not is_ours:
                return None
            try:
                with self._book.client.within(IN_BACKGROUND):
                    self._courier.send_all()
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
        with self._queue.alone(BOUND) as is_ours:
            self._refuse_unless(is_ours, save)
            for entry in self._queue.of(save):
                body = body_of(entry)
                drafts = over_theirs(self._book, body) if mine else body.drafts
                is_rest = body.error is not None and bool(body.error.done)
                again = replace(body, drafts=drafts, error=None)
                if is_rest:  # under its own id it would be taken for done
                    entry.rewritten(again, State.KEPT, new_save(body.now.tz_convert(self._book.time_zone)))
                else:
                    entry.rewritten(again, State.LOST)
        self.send()

    def discard(self, save: str) -> None:
        """Take a save that needs a person away: what others have written holds.

        That is what stands in the sheet, but for a cell that they typed into in the instant of writing: it
        gets back what they typed.

        Raises:
            BookError: Others are sending all the time.
        """
        with self._queue.alone(BOUND) as is_ours:
            self._refuse_unless(is_ours, save)
            kept = [(entry, body_of(entry)) for entry in self._queue.of(save)]
            theirs = [(entry, body, drafts) for entry, body in kept if (drafts := put_back(body))]
            for entry, body, drafts in theirs:
                again = replace(body, drafts=drafts, seen=[{} for _ in drafts], error=None)
                entry.rewritten(again, State.KEPT, new_save(body.now.tz_convert(self._book.time_zone)))
            self._queue.remove(save)
        if theirs:
            self.send()

    # Its own

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
        ahead = [draft for _, body in self._queue.bodies() for draft in body.drafts]
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
        began, is_down = time.time(), self._queue.trouble is not None
        with self._queue.alone(BOUND if keep else LONG) as is_ours:
            if (told := self._told(pending)) is not None:
                return told
            if not is_ours:
                return self._give_up(pending, _busy(pending), keep=keep)
            in_doubt = any(each.state.was_tried for each in self._queue.of(entry.save))
            try:
                if (failed := self._queue.failed_since(began)) is not None:
                    raise failed
                with self._book.client.within((0 if is_down else BOUND) if keep else FOREVER):
                    return self._courier.send_until(entry.save, pending)
            except OpslineError as error:
                if not is_later(error):
                    self._queue.remove(entry.save)
                    raise
                return self._give_up(pending, self._lost() if in_doubt else error, keep=keep)

    def _lost(self) -> Lost:
        """Return the error of a save that another process has tried, and of which it learned no end."""
        return Lost(address=self._book.client.door.name)

    def _told(self, pending: Pending) -> Saved | None:
        """Return what somebody else has made of a save; None if nothing yet. Raise what they found wrong."""
        mine = self._queue.of(pending.signature.save)
        if not mine:
            return pending.saved
        if mine[0].state is State.STUCK:
            error = body_of(mine[0]).error
            self._queue.remove(pending.signature.save)
            raise error or _busy(pending)
        return None

    def _give_up(self, pending: Pending, error: OpslineError, *, keep: bool) -> Saved:
        """Keep a save, safe on disk, or raise *error*; somebody else may send it in the meantime."""
        while (told := self._told(pending)) is None:
            mine = self._queue.of(pending.signature.save)
            if not keep:
                was_tried = any(entry.state.was_tried for entry in mine)
                raise self._lost() if was_tried and is_busy(error) else error
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

    def _refuse_unless(self, is_ours: bool, save: str) -> None:
        """Raise BookError where the outbox could not be held."""
        if not is_ours:
            raise BookError("outbox.busy", save=save)


def _busy(pending: Pending) -> Conflict:
    """Return the error of a save that others did not let through."""
    row = pending.drafts[0]
    return Conflict("book.busy", sheet=row.table.name, id=str(row.id))


def _or_raise(result: Saved | OpslineError) -> Saved:
    """Return what was saved, or raise why not."""
    if isinstance(result, OpslineError):
        raise result
    return result
