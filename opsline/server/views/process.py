"""What a view's process does: run the page, tell its state, follow the workbook, fork kernels."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from opsline.server.views.nursery import call_this, threads
from opsline.server.views.page import SAID, Page
from opsline.server.views.wire import Message, receive, send

BEAT_SECONDS: Final = 5.0


class ViewProcess:
    """Serve one line: `run` until it closes.

    Args:
        line: The socket to the server.
        lifeline: A pipe's reading end; kernels end when it closes.
        notebook: The page.
    """

    def __init__(self, line: socket.socket, lifeline: int, notebook: Path) -> None:
        """Begin with a page that was not run yet."""
        self.line, self.lifeline, self.notebook = line, lifeline, notebook
        self.version = 0

    def run(self) -> None:
        """Run the page, say so, and do what the server asks until it is gone or needs the page no more."""
        self.page = Page(self.notebook)
        gc.collect()
        about = {"pid": os.getpid(), "threads": threads(), "follows": follows()}
        with suppress(BrokenPipeError):
            send(self.line, {"say": "ready", **about, **self.shown()})
            self.serve()

    def serve(self) -> None:
        """Do what the server asks until it closes the line."""
        while True:
            if select.select([self.line], [], [], BEAT_SECONDS)[0]:
                asked = receive(self.line)
                if asked is None:
                    return
                self.answer(asked)
            self.reap()
            self.beat()
            self.publish()

    def answer(self, asked: Message) -> None:
        """Do one thing that the server asks for."""
        match asked["ask"]:
            case "state":
                self.publish()
                send(self.line, {"say": "state", **self.shown()})
            case "look":
                self.look()
                self.publish()
                send(self.line, {"say": "looked"})
            case "fork":
                self.publish()
                self.fork(asked["kernel"], asked["connection_file"])

    def shown(self) -> Message:
        """Return what the page shows now, and which version that is."""
        return {"version": self.version, "cells": self.page.cells, "state": self.page.state()}

    def publish(self) -> None:
        """Send what the widgets have said."""
        if SAID:
            self.version += 1
            send(self.line, {"say": "patch", "version": self.version, "messages": list(SAID)})
            SAID.clear()

    def look(self) -> None:
        """Let the page take what is new in the workbook."""
        if "widgets.live" in sys.modules:
            sys.modules["widgets.live"].look()

    def beat(self) -> None:
        """Let the page do what it does now and then."""
        if "widgets.awake" in sys.modules:
            sys.modules["widgets.awake"].beat()

    def fork(self, kernel: str, connection_file: str) -> None:
        """Make a kernel of the page as it is now, and say so; in the child, never return."""
        pid = os.fork()
        if pid:
            send(self.line, {"say": "forked", "kernel": kernel, "pid": pid})
            return
        gc.freeze()  # shared for as long as may be; not in the view, which would keep its garbage for ever
        status = 1
        try:
            os.setsid()
            call_this("opsline-kernel")
            self.line.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            threading.Thread(target=end_with, args=(self.lifeline,), daemon=True, name="lifeline").start()
            from opsline.server.views.kernel import serve

            serve(connection_file)
            status = 0
        finally:
            os._exit(status)

    @staticmethod
    def reap() -> None:
        """Let kernels go that have ended."""
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def follows() -> bool:
    """Say whether the page follows a workbook, so that it is never older than it says."""
    return "widgets.live" in sys.modules and bool(sys.modules["widgets.live"].is_watching())


def end_with(lifeline: int) -> None:
    """End this process when the server has gone, however it went."""
    os.read(lifeline, 1)
    os._exit(0)
