"""Telling who waits that a spreadsheet has changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from local_sheets.store import Store
from local_sheets.store.changes import Changes


class News:
    """Who waits for a change of which spreadsheet.

    Args:
        store: The store whose commits are news.
    """

    def __init__(self, store: Store) -> None:
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        store.watch(self._changed)

    @contextmanager
    def of(self, key: str) -> Iterator[asyncio.Event]:
        """Give an event that is set as soon as a spreadsheet changes; begin before its version is asked."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.setdefault(key, set()).add(waiter)
        try:
            yield waiter[1]
        finally:
            self._waiting[key].discard(waiter)
            if not self._waiting[key]:
                del self._waiting[key]

    def _changed(self, changes: Changes) -> None:
        """Wake who waits; called in the store's thread after a commit."""
        for loop, event in tuple(self._waiting.get(changes.book.id, ())):
            loop.call_soon_threadsafe(event.set)
