"""The process of its own: `python -m local_sheets`."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from local_sheets.drills.handler import drilled
from local_sheets.live.socket import close_pages
from local_sheets.store import Store
from local_sheets.web.access import by_token
from local_sheets.web.app import handlers
from local_sheets.web.base import MAXIMUM_BODY
from local_sheets.web.faults import Faults
from local_sheets.web.hold import announced, lock


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decides."""

    data: Path
    port: int
    token: str
    host: str = "127.0.0.1"
    people: Mapping[str, str] = field(default_factory=dict)
    idle_exit: float = 0
    forbidden: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    faults: Faults = field(default_factory=Faults)
    without: tuple[str, ...] = ()


def serve(options: Options) -> None:
    """Run until asked to stop.

    Raises:
        StoreError: The file cannot be used, or another server holds it.
        OSError: The port is taken.
    """
    with lock(options.data):
        store = Store(options.data, forbidden=options.forbidden)
        try:
            asyncio.run(_run(store, options))
        finally:
            store.close()


async def _run(store: Store, options: Options) -> None:
    """Listen, say where, wait for the end."""
    ended = asyncio.Event()
    life = [time.monotonic()]

    def seen() -> None:
        life[0] = time.monotonic()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ended.set)
    routes = handlers(
        store,
        by_token(options.token, options.people),
        hosts=options.allowed_hosts,
        faults=options.faults,
        on_request=seen,
        stop=ended.set,
    )
    if options.without:
        routes = drilled(routes, options.without)
    server = HTTPServer(
        Application(routes), max_body_size=2 * MAXIMUM_BODY
    )  # what is larger is cut off, unread
    sockets = bind_sockets(options.port, options.host)
    server.add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    address = f"http://{options.host}:{port}"
    with announced(options.data, address, options.token):
        print(f"Local Sheets answers at {address} (file {options.data}).", flush=True)  # noqa: T201
        await _until_the_end(ended, life, options.idle_exit)
    server.stop()
    await close_pages(store)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.close_all_connections(), 5)


async def _until_the_end(ended: asyncio.Event, life: list[float], idle_exit: float) -> None:
    """Wait until asked to stop, or until nobody asked anything for *idle_exit* seconds."""
    while not ended.is_set():
        left = idle_exit - (time.monotonic() - life[0]) if idle_exit else 3600.0
        if left <= 0:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), left)
