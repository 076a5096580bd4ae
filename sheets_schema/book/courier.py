"""Sending what waits: all of it in one request, in order, and each save once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sheets_schema.book.already import journalled
from sheets_schema.book.changes import Saved
from sheets_schema.book.entry import Entry
from sheets_schema.book.queue import Queue, body_of, is_busy, is_later
from sheets_schema.book.save import Pending, apart, save_together
from sheets_schema.errors import BookError, OpslineError
from sheets_schema.language import Table

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Courier"]

MOST: Final = 50
"""Saves in one request."""

Result = Saved | OpslineError


@dataclass(frozen=True, slots=True)
class Courier:
    """Sends what waits; whoever uses it holds the queue.

    Args:
        book: The workbook.
        queue: What waits for it.
    """

    book: Book
    queue: Queue

    def send_until(self, save: str, pending: Pending) -> Saved:
        """Send what waits, in order, until a save is done; raise why it may not be."""
        while self.queue.of(save):
            for sent, result in self._send_some({save: pending}):
                if sent == save and isinstance(result, OpslineError):
                    raise result
        return pending.saved

    def send_all(self) -> None:
        """Send all that waits."""
        while self.queue.to_send:
            list(self._send_some({}))

    def _send_some(self, own: Mapping[str, Pending]) -> Iterator[tuple[str, Result]]:
        """Send the next saves in one request; yield what became of each.

        Args:
            own: The saves whose callers are waiting here: they are told, and their files go.
        """
        group = self.queue.to_send[:MOST]
        with self.queue.noting_trouble():
            tables, time_zone = self.book.tables, self.book.time_zone
            done = journalled(self.book, {entry.save for entry in group if entry.state.may_be_done})
        ready: list[tuple[Entry, Pending]] = []
        for entry in group:
            made: Pending | Result | None
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
    ) -> Iterator[tuple[str, Result]]:
        """Send saves in one request; one by one where the request is refused as a whole."""
        saves = apart([each for _, each in ready])
        begun = [entry for entry, _ in ready[: len(saves)]]
        for entry in begun:
            with suppress(FileNotFoundError):  # its caller has just been told that it is kept
                entry.to(entry.state.tried)
        results: list[Result]
        try:
            with self.queue.noting_trouble():
                results = save_together(self.book, saves)
        except BookError as error:
            if is_later(error) and not (is_busy(error) and len(saves) > 1):
                raise
            results = [error]
        if len(results) < len(saves):
            for pair in zip(begun, saves, strict=True):
                yield from self._send_group([pair], own)
            return
        for entry, result in zip(begun, results, strict=True):
            yield self._finish(entry, result, own)

    def _finish(self, entry: Entry, result: Result, own: Collection[str]) -> tuple[str, Result]:
        """Take a save that is done from the folder; keep one that may not be for a person."""
        if isinstance(result, Saved) or entry.save in own:
            self.queue.remove(entry.save)
        else:
            self.queue.stick(entry.save, result)
        return entry.save, result


def _pending(entry: Entry, tables: Mapping[str, Table], time_zone: str) -> Pending | OpslineError | None:
    """Return a save that is to be sent, or why it may not be any more; None if it is gone."""
    try:
        body = body_of(entry)
        return body.error or body.pending(entry.save, tables, time_zone, late=entry.state.is_late)
    except OpslineError as error:
        return error
    except OSError:
        return None
