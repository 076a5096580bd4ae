"""Start everything on one port, and end it all together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

import local_sheets
from opsline.server.settings import ServerSettings
from opsline.server.visitors import anyone, login_of, visitors_secret
from opsline.server.workbook import LocalBook, held, local_file
from sheets_schema.errors import OpslineError
from sheets_schema.words import say

if TYPE_CHECKING:
    from opsline.server.desk import Desk
from opsline.server.first_start import fill_demo

STUBS: Final = Path(__file__).parents[1] / "stubs"
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
GRACE_SECONDS: Final = 5
LARGEST_BODY: Final = 64 * 1024 * 1024
FILES: Final = 16_384


def serve(settings: ServerSettings, *, demo: bool, browser: bool) -> int:
    """Serve until a signal says to stop.

    Args:
        settings: What the server is asked to be, checked.
        demo: Fill the demo workbook first, if the workbook is local and there is none.
        browser: Open a browser where there is a screen.

    Raises:
        OpslineError: The port is taken, the front end is not built, or the workbook cannot be held.
    """
    frontend = built_frontend()
    file = local_file(os.environ)
    sockets = bound(settings)
    port = sockets[0].getsockname()[1]
    if demo and file is not None and not file.exists():
        fill_demo(file)
    address = settings.address(port)
    token = os.environ.get("OPSLINE_TOKEN") or secrets.token_urlsafe(32)
    with contextlib.ExitStack() as stack:
        book = stack.enter_context(held(file, address, token)) if file is not None else None
        secret = visitors_secret(settings)
        routes = book.routes(login_of(secret) if settings.password else anyone) if book else ()
        allow_many_files()
        prepare_environment(settings, address, token if book else None)
        from opsline.server.desk import Desk  # two seconds of imports: after what can be refused

        desk = Desk(settings, secret, frontend, routes)
        asyncio.run(run_until_stopped(desk, sockets, address, book, browser=browser))
    return 0


def allow_many_files() -> None:
    """Let the server have more files and sockets open than a shell allows at first: a kernel takes 25."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def run_until_stopped(
    desk: Desk, sockets: list[socket], address: str, book: LocalBook | None, *, browser: bool
) -> None:
    """Answer requests until a signal comes; then end every kernel and live sheet before returning."""
    server = HTTPServer(desk.build(sockets[0].getsockname()[1]), max_body_size=LARGEST_BODY)
    server.add_sockets(sockets)
    desk.start()
    if book is not None:
        tell_news(desk, book)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        if hasattr(signal, name):
            loop.add_signal_handler(getattr(signal, name), stopped.set)
    print(say("serve.ready", address=address), flush=True)
    if browser and has_screen():
        webbrowser.open(f"{address}/desk/home")
    try:
        await stopped.wait()
    finally:
        server.stop()
        if book is not None:
            await local_sheets.close_pages(book.store)
        await desk.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), GRACE_SECONDS)


def tell_news(desk: Desk, book: LocalBook) -> None:
    """Let pages look at the workbook as soon as it has changed."""
    loop = asyncio.get_running_loop()
    desk.views.stirred = True

    def told(_: object) -> None:
        loop.call_soon_threadsafe(desk.views.stir)

    book.store.watch(told)


def bound(settings: ServerSettings) -> list[socket]:
    """Return sockets that listen on the port, before anything that takes long is done.

    Raises:
        OpslineError: Another program has the port, or this user may not have it.
    """
    try:
        return bind_sockets(settings.port, settings.ip, reuse_port=False)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OpslineError("serve.port", port=settings.port, reason=reason) from error


def built_frontend() -> Path:
    """Return the folder of the built front end.

    Raises:
        OpslineError: It was never built.
    """
    import widgets

    folder = Path(widgets.__file__).parent / "static" / "opsline"
    if not (folder / ".built").exists():
        raise OpslineError("serve.no_frontend")
    return folder


def prepare_environment(settings: ServerSettings, address: str, token: str | None) -> None:
    """Tell the kernels, which inherit this process's environment, where they are.

    Args:
        settings: What the server is asked to be.
        address: The server's own address.
        token: The token of the workbook's server; None where the workbook is somewhere else.
    """
    os.environ["OPSLINE_DESK"] = address
    os.environ["OPSLINE_PAGES"] = str(settings.pages)
    if token is not None:
        os.environ["OPSLINE_BOOK"], os.environ["OPSLINE_TOKEN"] = address, token
    os.environ["PYTHONPATH"] = with_stubs(os.environ)


def with_stubs(environment: Mapping[str, str]) -> str:
    """Return the PYTHONPATH that puts opsline/stubs before what is installed."""
    paths = [str(STUBS), environment.get("PYTHONPATH", "")]
    return os.pathsep.join(path for path in paths if path)


def has_screen() -> bool:
    """Say whether a browser would have a screen to open on."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
