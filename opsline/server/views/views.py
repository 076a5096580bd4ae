"""All views of a desk: made when they are asked for, kept while they are looked at, ended when not."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from opsline.server.views.nursery import FRUGAL
from opsline.server.views.rendering import unshowable
from opsline.server.views.view import Asked, View, asked_of
from widgets.navigation import kept

LOG: Final = logging.getLogger("opsline.views")
MOST: Final = 24
"""Views that are kept although nobody looks at them."""
MOST_OF_ALL: Final = 64
"""Views that there are at all: then one that nobody looks at makes room for the next."""
MAKING: Final = 4
"""Views that are made at the same time; who asks for a fifth waits."""
UNUSED_SECONDS: Final = 900.0
UNSHARED_SECONDS: Final = 30.0
"""For a view that is shown to one visitor only, who has left."""
GLANCE_SECONDS: Final = 8.0
"""Between two looks at a workbook that does not tell its news (Google)."""
TRIED_SECONDS: Final = 600.0
"""How long a page that cannot be shown is served with a kernel before it is tried again."""
CROWDED_SECONDS: Final = 10.0
"""The same for a page that could not be shown just now."""
LONGEST_QUERY: Final = 1000
LOOKING: Final = 2
"""Views that may look for news at the same time: the first one reads the sheet for all."""
PAUSE_SECONDS: Final = 1.5


class Views:
    """Keep the nursery and the views.

    Args:
        environment: What every page's process inherits.
        wanted: Whether to have views at all; only where a process can fork.
    """

    def __init__(self, environment: Mapping[str, str], *, wanted: bool) -> None:
        """Begin with none; `start` begins the nursery."""
        self.environment = dict(environment)
        self.wanted = wanted and hasattr(os, "pidfd_open")
        self._views: dict[Asked, View] = {}
        self._by_id: dict[str, View] = {}
        self._making: dict[Asked, asyncio.Task[View | None]] = {}
        self._unshowable: dict[Asked, float] = {}
        self._places = asyncio.Semaphore(MAKING)
        self._gate = asyncio.Semaphore(LOOKING)
        self._unshared: set[tuple[Path, int]] = set()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket
        self._minding: asyncio.Task[None] | None = None
        self._expecting: asyncio.Task[None] | None = None
        self.stirred = self.closing = False

    def start(self) -> None:
        """Begin the nursery, and mind the views from now on."""
        if self.wanted:
            self._begin_nursery()
            self._minding = asyncio.create_task(self._mind())

    async def close(self) -> None:
        """End all views and the nursery. Pages hear nothing: they see the server go, and wait for it."""
        self.wanted, self.closing = False, True
        for task in (self._minding, self._expecting):
            if task is not None:
                task.cancel()
        for view in tuple(self._by_id.values()):
            view.followers.clear()
            view.end()
        if self._nursery is not None:
            self._control.close()
            os.close(self._lifeline)
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._nursery.wait, 5)
            self._nursery.kill()
            self._nursery.wait()
            self._nursery = None

    def is_showable(self, asked: Asked) -> bool:
        """Say whether a page may be shown by a view, as far as is known before it is tried."""
        until = self._unshowable.get(asked, 0.0)
        return self.wanted and until < time.monotonic() and len(asked.query) <= LONGEST_QUERY

    def there(self, asked: Asked) -> View | None:
        """Return the view, where it is there already."""
        view = self._views.get(asked)
        return view if view is not None and not view.ended else None

    async def of(self, asked: Asked) -> View | None:
        """Return the view of what is asked for; None where it has to be served with a kernel."""
        found = self.there(asked)
        if found is not None or not self.is_showable(asked):
            return found
        making = self._making.get(asked)
        if making is None:
            making = self._making[asked] = asyncio.create_task(self._make_in_turn(asked))
            making.add_done_callback(lambda _: self._making.pop(asked, None))
        return await asyncio.shield(making)

    def expect(self, asked: Asked, folder: Path) -> None:
        """Make the views that a visitor of this one is likely to ask for next, one after the other."""
        query = urlencode(kept(dict(parse_qsl(asked.query))))
        wished = [asked_of(page, query, asked.language) for page in sorted(folder.glob("[!.]*.ipynb"))]
        missing = [each for each in wished if self._is_missing(each)]
        if missing and (self._expecting is None or self._expecting.done()):
            self._expecting = asyncio.create_task(self._make_all(missing))

    def _is_missing(self, asked: Asked) -> bool:
        is_shared = (asked.notebook, asked.changed) not in self._unshared
        return is_shared and asked not in self._views and self.is_showable(asked)

    async def _make_all(self, wished: list[Asked]) -> None:
        for each in wished:
            await asyncio.sleep(PAUSE_SECONDS)  # the page that was just sent needs the processor first
            if len(self._by_id) >= MOST:  # what somebody has asked for is worth more
                return
            await self.of(each)

    def by_id(self, view: str) -> View | None:
        """Return a view by its id; None where there is none (any more)."""
        return self._by_id.get(view)

    def stir(self) -> None:
        """Let every view that somebody looks at look for news; the others will when there is time."""
        for view in tuple(self._by_id.values()):
            view.is_behind = True
            if view.followers:
                view.stir()

    async def _make_in_turn(self, asked: Asked) -> View | None:
        async with self._places:
            return await self._make(asked) if self.wanted else None

    async def _make(self, asked: Asked) -> View | None:
        if not self._has_room():
            self._serve_with_kernel(asked, "all views are looked at", CROWDED_SECONDS)
            return None
        ours, theirs = socket.socketpair()
        try:
            self._send(asked, theirs)
        except OSError:  # the nursery has died: a new one is made, and asked
            self._begin_nursery()
            self._send(asked, theirs)
        finally:
            theirs.close()
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        view = View(asked, reader, writer, self._gate)
        if not await view.begin():
            self._serve_with_kernel(asked, "its view has ended", CROWDED_SECONDS)
            return None
        if why := unshowable(view):
            view.end()
            self._serve_with_kernel(asked, why, TRIED_SECONDS)
            return None
        self._by_id[view.id] = view
        if view.ready.follows:
            self._views[asked] = view
        else:  # nobody else would learn how old it is: it is shown to this visitor only
            self._unshared.add((asked.notebook, asked.changed))
        return view

    def _has_room(self) -> bool:
        """Say whether there may be one more view, after the one unused for longest was ended for it."""
        for view in [view for view in self._by_id.values() if view.ended]:
            self._forget(view)
        for view in self._idle()[: max(0, len(self._by_id) + 1 - MOST_OF_ALL)]:
            self._forget(view)
        return len(self._by_id) < MOST_OF_ALL

    def _serve_with_kernel(self, asked: Asked, why: str, seconds: float) -> None:
        """Serve what is asked for with a kernel for a while; other queries of the page may yet be shown."""
        LOG.info("%s is served with a kernel: %s", asked.notebook.name, why)
        self._unshowable[asked] = time.monotonic() + seconds

    def _send(self, asked: Asked, line: socket.socket) -> None:
        message = {
            "notebook": str(asked.notebook),
            "folder": str(asked.notebook.parent),
            "environment": asked.environment,
        }
        socket.send_fds(self._control, [json.dumps(message).encode()], [line.fileno()])

    def _begin_nursery(self) -> None:
        """Begin the process that views are forked from; an earlier one's views go on."""
        if self._nursery is not None:
            self._control.close()
            self._nursery.kill()
            self._nursery.wait()
        else:
            self._reading, self._lifeline = os.pipe()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._nursery = subprocess.Popen(  # noqa: S603 - this Python, and numbers
            [sys.executable, "-m", "opsline.server.views.nursery", str(theirs.fileno()), str(self._reading)],
            env={**self.environment, **FRUGAL},
            pass_fds=(theirs.fileno(), self._reading),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is the server's
        )
        theirs.close()

    async def _mind(self) -> None:
        """Look at what does not tell its news, and end what nobody has used for long."""
        while True:
            await asyncio.sleep(GLANCE_SECONDS)
            if not self.stirred:
                self.stir()
            for view in tuple(self._by_id.values()):
                if view.is_behind:
                    view.stir()
            self._sweep()

    def _idle(self) -> list[View]:
        """Return the views that nobody looks at, the one unused for longest first."""
        return sorted(
            (view for view in self._by_id.values() if not view.followers), key=lambda view: view.used
        )

    def _sweep(self) -> None:
        idle, now = self._idle(), time.monotonic()
        self._unshowable = {what: until for what, until in self._unshowable.items() if until > now}
        for number, view in enumerate(idle):
            kept = UNUSED_SECONDS if view.ready.follows else UNSHARED_SECONDS
            if now - view.used > kept or len(idle) - number > MOST:
                self._forget(view)
        for view in [view for view in self._by_id.values() if view.ended]:
            self._forget(view)

    def _forget(self, view: View) -> None:
        view.end()
        self._by_id.pop(view.id, None)
        if self._views.get(view.asked) is view:
            del self._views[view.asked]
