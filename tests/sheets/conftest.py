"""A real local_sheets process, and a real gspread whose host is swapped."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests

from tests.sheets.clients import gspread_client

TOKEN = "test-token"


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    address: str
    data: Path

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as it likes to be ended."""
        self.process.terminate()
        self.process.wait(10)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """Send one request with the token."""
        headers = {"Authorization": f"Bearer {TOKEN}"} | options.pop("headers", {})
        return requests.request(
            method, self.address + path, json=body, headers=headers, timeout=30, **options
        )

    def gspread(self, token: str = TOKEN) -> gspread.Client:
        """Return a gspread client of this server; what is said is held against Google's description."""
        return gspread_client(self.address, token)


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a server; all are ended with the test."""
    running: list[Server] = []

    def begin(*options: str, data: Path | None = None, without: str | None = None) -> Server:
        server = launch(data or tmp_path / "book.sqlite", *options, without=without)
        running.append(server)
        return server

    yield begin
    for server in running:
        if server.process.poll() is None:
            server.stop()


_WITHOUT = (
    "import runpy, sys; sys.modules[{0!r}] = None; runpy.run_module('local_sheets', run_name='__main__')"
)


def launch(data: Path, *options: str, without: str | None = None) -> Server:
    """Start a server and wait until it says where it answers; *without*: a package that it must not find."""
    how = ["-m", "local_sheets"] if without is None else ["-c", _WITHOUT.format(without)]
    process = subprocess.Popen(
        [sys.executable, *how, "--data", str(data), "--token", TOKEN, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.search(r"http://\S+", line)
    assert match, line + process.stdout.read()
    server = Server(process, match[0], data)
    for _attempt in range(100):
        try:
            requests.get(f"{server.address}/healthz", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.05)
    return server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that the tests of a session share."""
    server = launch(tmp_path_factory.mktemp("sheets") / "shared.sqlite")
    yield server
    server.stop()


@pytest.fixture
def book(server: Server) -> Iterator[gspread.Spreadsheet]:
    """Return a fresh spreadsheet on the shared server."""
    client = server.gspread()
    book = client.create("A test's own")
    yield book
    client.del_spreadsheet(book.id)


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Return the first sheet of a fresh spreadsheet."""
    return book.sheet1


@dataclass
class People:
    """Everybody that a server knows: its owner, and four others who are named for what they may do."""

    server: Server

    NAMES = ("owner", "writer", "commenter", "reader", "stranger")

    @staticmethod
    def email(name: str) -> str:
        """Return somebody's address."""
        return "owner@localhost" if name == "owner" else f"{name}@example.com"

    @staticmethod
    def token(name: str) -> str:
        """Return somebody's token."""
        return TOKEN if name == "owner" else f"{name}-token"

    @classmethod
    def options(cls) -> list[str]:
        """Return what makes them known on the command line."""
        return [
            part for name in cls.NAMES[1:] for part in ("--person", f"{cls.email(name)}={cls.token(name)}")
        ]

    def call(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Send a request as somebody."""
        headers = {"Authorization": f"Bearer {self.token(name)}"} | more.pop("headers", {})
        return self.server.call(method, path, body, headers=headers, **more)

    def client(self, name: str) -> gspread.Client:
        """Return somebody's gspread."""
        return self.server.gspread(self.token(name))

    def shared(self, title: str = "Shared") -> gspread.Spreadsheet:
        """Return a spreadsheet of the owner's, on which everybody has the role of their name."""
        book = self.client("owner").create(title)
        for name in ("writer", "commenter", "reader"):
            book.share(self.email(name), perm_type="user", role=name, notify=False)
        return book


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """Return the people of a server that the tests of a session share."""
    server = launch(tmp_path_factory.mktemp("people") / "shared.sqlite", *People.options())
    yield People(server)
    server.stop()


@pytest.fixture
def shared(people: Any) -> gspread.Spreadsheet:
    """Return a spreadsheet on which everybody has the role of their name."""
    book: gspread.Spreadsheet = people.shared()
    return book
