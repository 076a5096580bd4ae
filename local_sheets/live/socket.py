"""The WebSocket of a live page: who may open it, its messages, the others' cursors."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from local_sheets import rights
from local_sheets.errors import ApiError, BadRequest, Json
from local_sheets.live.hub import Hub, Viewer
from local_sheets.live.people import People
from local_sheets.page.words import LANGUAGES
from local_sheets.store import Store
from local_sheets.store.row import dumps
from local_sheets.web.base import Desk

_SESSION_LENGTHS = range(8, 101)
_PING_SECONDS = 25
_GOING_AWAY = 1001
_MOST_WAITING = 100_000_000
"""Characters that may wait for a page that does not take them; then it is cut off, and comes back anew."""


_OPEN: set["Live"] = set()
"""The sockets that are open."""


async def close_pages(store: Store) -> None:
    """Close every live page of a store, and wait until nothing is done for any of them: a server's end."""
    for socket in list(_OPEN):
        if socket.desk.store is store:
            socket.close(_GOING_AWAY)
            socket.on_close()
    await store.run(lambda _store: None)
    await asyncio.sleep(0)


class Live(WebSocketHandler):
    """/spreadsheets/d/ID/live."""

    def initialize(self, desk: Desk, hub: Hub, people: People) -> None:
        """Take what the sockets of a server share."""
        self.desk = desk
        self.hub = hub
        self.people = people
        self.viewer: Viewer | None = None

    @property
    def ping_interval(self) -> float:
        """How often the other end is asked whether it is there."""
        return _PING_SECONDS

    async def prepare(self) -> None:
        """Refuse strangers before the connection is taken up, as any other address does."""
        self.desk.on_request()
        try:
            self.who = self.desk.gate.check_socket(self.request)
            key = self.path_args[0]
            await self.desk.store.run(lambda store: rights.opened(store, key, self.who))
        except ApiError as error:
            self.set_status(error.code)
            self.finish(error.body())

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 (tornado's)
        """Leave the origin to the gate, which has checked it."""
        return True

    def open(self, *args: str, **_kwargs: str) -> None:
        """Wait for the page's hello."""
        self.key = args[0]
        self.set_nodelay(True)
        self.loop = asyncio.get_running_loop()
        self.waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self.size = 0
        self.sending = self.loop.create_task(self._send_all())
        _OPEN.add(self)

    async def on_message(self, message: str | bytes) -> None:
        """Do what a page asks, one after the other."""
        self.desk.on_request()
        try:
            given = json.loads(message)
            if not isinstance(given, dict):
                raise BadRequest("A message is an object.")
            await self._do(given)
        except ValueError:
            self._problem("A message is JSON.", final=False)
        except ApiError as error:
            self._problem(error.message, final=False)

    async def _do(self, given: Json) -> None:
        """Do what one message says."""
        kind = given.get("type")
        if kind == "ping":
            self._post(dumps({"type": "pong"}))
        elif kind == "hello":
            await self._enter(given)
        elif self.viewer is None:
            raise BadRequest("The first message is hello.")
        elif kind == "here":
            self.people.move(self.viewer, given)
        elif kind == "open":
            await self._run(lambda viewer: self.hub.open(viewer, _number(given, "gid")))
        elif kind in ("do", "undo", "redo"):
            await self._run(lambda viewer: self.hub.carry_out(viewer, given))
        else:
            raise BadRequest(f"A message of the type {kind!r} is not known.")

    async def _enter(self, given: Json) -> None:
        """Let the page in."""
        if self.viewer is not None:
            raise BadRequest("The page has said hello already.")
        session, language = given.get("session"), given.get("lang")
        if not isinstance(session, str) or len(session) not in _SESSION_LENGTHS:
            raise BadRequest("A session's name has 8 to 100 characters.")
        viewer = Viewer(
            post=self._from_thread(self._post),
            close=self._from_thread(self._end),
            book=self.key,
            who=self.who,
            session=session,
            language=language if language in LANGUAGES else "en",
        )
        self.viewer = viewer
        await self._run(self.hub.enter)
        self.people.enter(viewer)

    async def _run(self, work: Callable[[Viewer], None]) -> None:
        """Do something for this page in the store's thread."""
        viewer = self.viewer

        def whole(_store: Store) -> None:
            if viewer is not None:
                work(viewer)

        await self.desk.store.run(whole)

    def _from_thread(self, work: Callable[..., Any]) -> Callable[..., None]:
        """Return a function that has *work* done in the event loop, in the order of the calls."""
        loop = self.loop

        def later(*given: Any) -> None:
            loop.call_soon_threadsafe(work, *given)

        return later

    def _post(self, text: str) -> None:
        """Send a text after those that wait already; cut a page off that takes none."""
        self.size += len(text)
        self.waiting.put_nowait(text)
        if self.size > _MOST_WAITING:
            self.close()

    def _end(self) -> None:
        """End the connection after what waits is sent."""
        self.waiting.put_nowait(None)

    async def _send_all(self) -> None:
        """Send what waits, each text when the page has taken the one before; None ends the connection."""
        with contextlib.suppress(WebSocketClosedError):
            while (text := await self.waiting.get()) is not None:
                await self.write_message(text)
                self.size -= len(text)
        self.close()

    def _problem(self, reason: str, *, final: bool) -> None:
        """Say what is wrong with a message."""
        self._post(dumps({"type": "problem", "reason": reason, "final": final}))

    def on_close(self) -> None:
        """Forget the page."""
        viewer, self.viewer = self.viewer, None
        _OPEN.discard(self)
        self.sending.cancel()
        if viewer is not None:
            self.people.leave(viewer)
            self.leaving = asyncio.ensure_future(self.desk.store.run(lambda _store: self.hub.leave(viewer)))


def _number(given: Json, name: str) -> int:
    """Return a number of a message."""
    found = given.get(name)
    if not isinstance(found, int):
        raise BadRequest(f"The message needs the number {name}.")
    return found
