"""News from the workbook: a page that is open shows what someone typed into the sheet."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from sheets_schema.errors import OpslineError
from widgets.awake import when_awake

if TYPE_CHECKING:
    from sheets_schema.book import Snapshot
    from widgets.desk import Desk

    News = tuple[Snapshot, Snapshot | None, OpslineError | None]

LOCAL_SECONDS, GOOGLE_SECONDS = 2.0, 8.0
PAUSE, LONGEST_PAUSE = 0.2, 4.0
"""Seconds, at least and at most, between news that a page has taken and the next question."""
GOOGLE = "https://docs.google.com"


class Watch:
    """Ask the workbook's version from time to time, and load it when it has changed.

    A local workbook's server answers as soon as it has changed. After news the watch rests for as long as
    they took, so that many pages on a busy machine leave half of it to the people who use them.

    Asking and loading happen in a thread of its own; what follows (taking, redrawing) on the kernel's
    main loop, where widgets may be touched. The watch ends with `stop`, or when nobody
    holds its desk any more.

    Args:
        desk: Whose snapshot is kept fresh.
        told: Called on the main loop after each answer, with None, or with the error that came instead.
        seconds: Between two questions; 2 s for a local workbook and 8 s for Google by default.
    """

    def __init__(
        self, desk: Desk, told: Callable[[OpslineError | None], None], seconds: float | None = None
    ) -> None:
        self._desk = weakref.ref(desk)
        self._told = told
        far = desk.book.address.startswith(GOOGLE)
        self.seconds = seconds or (GOOGLE_SECONDS if far else LOCAL_SECONDS)
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin, calling back on the loop that runs."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(loop,), name="opsline-watch", daemon=True).start()

    def stop(self) -> None:
        """End; the thread leaves within one interval."""
        self._ended.set()

    def look(self) -> None:
        """Ask once, and put what is new in place; all of it on the caller's thread."""
        desk = self._desk()
        if desk is not None:
            self._take(*ask(desk))

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ask until the end."""
        while not self._ended.is_set():
            desk = self._desk()
            if desk is None or loop.is_closed():
                return
            seen, book = desk.snapshot, desk.book
            del desk
            still = book.is_still(seen.version, self.seconds)
            if still is None:
                self._ended.wait(self.seconds)
            desk = self._desk()
            if desk is None or self._ended.is_set():
                return
            is_quiet = still and desk.snapshot is seen and desk.book.outbox.is_empty
            begun = time.monotonic()
            news = (seen, None, None) if is_quiet else ask(desk)
            del desk
            if not self._hand_over(loop, news):
                return
            if not is_quiet:
                self._ended.wait(min(max(PAUSE, time.monotonic() - begun), LONGEST_PAUSE))

    def _hand_over(self, loop: asyncio.AbstractEventLoop, news: News) -> bool:
        """Let the main loop take what came, and wait until it has; say whether it could."""
        taken = threading.Event()

        def take() -> None:
            try:
                self._take(*news)
            finally:
                taken.set()

        try:
            loop.call_soon_threadsafe(take)
        except RuntimeError:
            return False
        while not taken.wait(self.seconds):
            if loop.is_closed() or self._ended.is_set():
                return False
        return True

    def _take(self, seen: Snapshot, found: Snapshot | None, error: OpslineError | None) -> None:
        """Put a newer snapshot in place, unless the page has loaded one meanwhile; and tell."""
        desk = self._desk()
        if desk is None or self._ended.is_set():
            return
        if found is not None and desk.snapshot is seen:
            desk.take(found)
        else:
            desk.look_at_outbox()
        self._told(error)


def ask(desk: Desk) -> News:
    """Send what waits, ask the workbook's version, and load it where it has changed.

    Returns:
        The snapshot that was in place before; the newer one, if there is one; and the error that came
        instead of an answer.
    """
    seen = desk.snapshot
    try:
        version = desk.book.version()
        if not desk.book.outbox.is_empty:
            desk.book.outbox.send()
            version = desk.book.version()
        if version == seen.version:
            return seen, None, None
        return seen, desk.book.load(*desk.tables, version=version), None
    except OpslineError as error:
        return seen, None, error


_OPEN: dict[str, Watch] = {}


def watch(desk: Desk, told: Callable[[OpslineError | None], None]) -> Watch:
    """Watch for *desk*, in place of an earlier run of the same page in this process."""
    if desk.key in _OPEN:
        _OPEN.pop(desk.key).stop()
    begun = Watch(desk, told)
    _OPEN[desk.key] = begun
    when_awake(begun.start)
    return begun


def is_watching() -> bool:
    """Say whether a page of this process follows a workbook."""
    return bool(_OPEN)


def look() -> None:
    """Look once for every page of this process: for one that has no loop to watch on."""
    for each in tuple(_OPEN.values()):
        each.look()
