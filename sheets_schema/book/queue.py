"""The outbox's folder: the saves in their order, the lock of who sends, and why the last attempt failed."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from sheets_schema.book.entry import BROKEN, Body, Entry, State, entries_in
from sheets_schema.book.error_json import error_of, json_of
from sheets_schema.book.left import body_left
from sheets_schema.errors import CredentialFault, DamagedFile, OpslineError, QuotaFault, Unreachable

__all__ = ["Queue", "body_of", "is_busy", "is_kept", "is_later"]

DEAD: Final = 300.0
"""Seconds after which a save's caller is taken for dead."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The saves that are not done.

    Args:
        folder: Where they are.
    """

    folder: Path

    @property
    def entries(self) -> list[Entry]:
        """All of them, in order."""
        return entries_in(self.folder)

    @property
    def to_send(self) -> list[Entry]:
        """Those that no person must decide about."""
        return [entry for entry in self.entries if entry.state is not State.STUCK]

    @property
    def kept(self) -> list[Entry]:
        """Those whose callers do not wait any more."""
        return list(filter(is_kept, self.entries))

    def bodies(self) -> list[tuple[Entry, Body]]:
        """Return those that are kept, with what they hold."""
        found = []
        for entry in self.kept:
            with suppress(OSError):  # it was sent a moment ago
                found.append((entry, body_of(entry)))
        return found

    def of(self, save: str) -> list[Entry]:
        """Return a save's entry, in a list; none if it is done."""
        return [entry for entry in self.entries if entry.save == save]

    def remove(self, save: str) -> None:
        """Take a save away."""
        for entry in self.of(save):
            entry.path.unlink(missing_ok=True)

    def stick(self, save: str, error: OpslineError) -> None:
        """Keep a save, or what is open of it, for a person, with why; an unreadable file stays as it is."""
        for entry in self.of(save):
            with suppress(FileNotFoundError):
                try:
                    entry.rewritten(body_left(entry.body(), error), State.STUCK)
                except BROKEN:
                    entry.to(State.STUCK)

    @property
    def trouble(self) -> OpslineError | None:
        """Why the last attempt to send failed; None if it did not."""
        try:
            return error_of(json.loads(self._trouble.read_text(encoding="utf-8")))
        except (OSError, *BROKEN):
            return None

    @contextmanager
    def noting_trouble(self) -> Iterator[None]:
        """Note why the workbook does not take what is sent in the block, or that it does."""
        try:
            yield
        except OpslineError as error:
            if is_later(error):
                with suppress(OSError):
                    self._trouble.write_text(json.dumps(json_of(error)), encoding="utf-8")
            raise
        with suppress(OSError):
            self._trouble.unlink(missing_ok=True)

    def failed_since(self, moment: float) -> OpslineError | None:
        """Return why an attempt failed that began after a moment, None if there was none."""
        try:
            failed = self._trouble.stat().st_mtime >= moment
        except OSError:
            return None
        return self.trouble if failed else None

    @contextmanager
    def alone(self, seconds: float) -> Iterator[bool]:
        """Hold the outbox, so that one process sends for all; say whether that came about in time."""
        until = time.monotonic() + seconds
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            while not (is_ours := _locked(lock.fileno())) and time.monotonic() < until:
                time.sleep(0.01)
            yield is_ours

    @property
    def _trouble(self) -> Path:
        """The file that says why the last attempt failed."""
        return self.folder / "trouble"


def is_later(error: OpslineError) -> bool:
    """Say whether a save that met an error may be sent again as it is."""
    return isinstance(error, Unreachable | QuotaFault | CredentialFault) or is_busy(error)


def is_busy(error: OpslineError) -> bool:
    """Say whether others were first again and again."""
    return error.said_by == "book.busy"


def is_kept(entry: Entry) -> bool:
    """Say whether a save waits without its caller: that one was told, or has died."""
    if entry.state.is_late or entry.state is State.STUCK:
        return True
    try:
        return time.time() - entry.path.stat().st_mtime > DEAD
    except OSError:
        return False


def body_of(entry: Entry) -> Body:
    """Return what a save's file holds; where it cannot be understood, only that. Raise OSError."""
    try:
        return entry.body()
    except BROKEN:
        moment = pd.Timestamp(entry.path.stat().st_mtime, unit="s", tz="UTC")
        return Body("", "", "", moment, (), (), DamagedFile("outbox.damaged", path=str(entry.path)))


def _locked(file: int) -> bool:
    """Lock a file, unless somebody else has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
