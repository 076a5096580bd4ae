"""What tests of several rooms need: a real local server, and books in it."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

from sheets_schema.book import Book, Change, open_book
from sheets_schema.book.open import reach

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [  # without them Chromium asks for Google's hosts, which a machine without a network refuses
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# No deadline, since how long a busy machine takes proves nothing; and the same examples in each run, so
# that a change is blamed for what it did. `--hypothesis-profile=default` looks for new ones.
settings.load_profile("ci")

TOKEN = "test-token"
NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")
"""Monday morning, nine o'clock in Shanghai: the sample's as-of date."""


@dataclass(frozen=True)
class LocalServer:
    """A local_sheets process that serves one file, and a spreadsheet in it that is laid out."""

    address: str
    token: str
    file: Path
    laid_out: str

    def copy(self) -> Book:
        """Return a laid-out book of one's own, copied in the server."""
        made = _client(self).copy(self.laid_out, title="Opsline", copy_comments=False)
        return open_book(f"{self.address}/spreadsheets/d/{made.id}", person="E01")

    def with_rows(self, rows: Sequence[Change]) -> "LocalServer":
        """Return the server with a spreadsheet that has these rows, for `copy` to copy."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPSLINE_TOKEN", self.token)
            filled = self.copy()
            filled.save(rows, who="E01", source="test", now=NOW)
        return replace(self, laid_out=filled.workbook.id)


def _client(server: LocalServer) -> "gspread.Client":  # noqa: F821 - imported where it is used
    """Return a plain gspread client for a server, as an analyst would have one."""
    import gspread

    from sheets_schema.book.client import BookClient
    from sheets_schema.book.doors import ServerDoor
    from sheets_schema.book.open import _local_session

    door = ServerDoor(server.address, server.token)
    return gspread.Client(auth=None, session=_local_session(), http_client=lambda _, s: BookClient(s, door))


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start a local_sheets process on a file of its own; say where it answers."""
    file = tmp_path_factory.mktemp("sheets") / "workbook.sqlite"
    command = [sys.executable, "-m", "local_sheets", "--data", str(file), "--port", "0", "--token", TOKEN]
    process = subprocess.Popen(command)
    note = Path(f"{file}.server")
    until = time.monotonic() + 30
    while not note.exists():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
    yield json.loads(note.read_text())["address"], file
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def local_server(started: tuple[str, Path]) -> LocalServer:
    """Return the server, with one spreadsheet laid out in the time zone of Shanghai."""
    address, file = started
    import requests

    answer = requests.post(
        f"{address}/v4/spreadsheets",
        json={"properties": {"title": "Opsline", "timeZone": "Asia/Shanghai"}},
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=30,
    )
    key = answer.json()["spreadsheetId"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSLINE_TOKEN", TOKEN)
        reach(f"{address}/spreadsheets/d/{key}").lay_out()
    return LocalServer(address, TOKEN, file, key)


@pytest.fixture(scope="session", autouse=True)
def _our_own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests' local workbooks and snapshots out of the user's folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSLINE_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _our_own_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Keep a test away from the workbook, key and clock of who runs it."""
    for name in (
        "OPSLINE_BOOK",
        "OPSLINE_NOW",
        "OPSLINE_PERSON",
        "OPSLINE_PAGES",
        "OPSLINE_DESK",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)


@pytest.fixture
def now() -> pd.Timestamp:
    """Return the moment at which tests save."""
    return NOW


@pytest.fixture
def book(local_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return a book of the test's own: laid out, in a real server, without a row."""
    monkeypatch.setenv("OPSLINE_TOKEN", TOKEN)
    return local_server.copy()


def _small_rows() -> list[Change]:
    """Return a few people, a team, the rules of tickets, and three tickets."""
    return [
        Change("settings", {"id": "time_zone", "value": "Asia/Shanghai"}),
        Change("people", {"id": "E01", "name": "Chen Wei", "email": "chen@example.com", "role": "manager"}),
        Change("people", {"id": "E02", "name": "李娜", "email": "li@example.com", "role": "agent"}),
        Change("teams", {"id": "G1", "name": "Pre-sales", "kind": "team", "lead": "E01"}),
        Change(
            "categories",
            {"id": "PRE", "name": "Pre-sales", "type": "consult", "priority": "P3", "team": "G1"},
        ),
        *(
            Change("statuses", {"id": id_, "name": id_, "category": category, "position": place})
            for place, (id_, category) in enumerate(
                {"new": "open", "assigned": "open", "in_progress": "open", "resolved": "resolved"}.items()
            )
        ),
        *(
            Change(
                "tickets",
                {
                    "id": f"T-{number}",
                    "opened_at": NOW - pd.Timedelta(hours=number),
                    "channel": "phone",
                    "requester": f"Requester {number}",
                    "category": "PRE",
                    "type": "consult",
                    "subject": f"Subject {number}",
                    "need": "To be told",
                    "priority": "P3",
                    "team": "G1",
                    "assignee": "E02",
                    "status": "new",
                },
            )
            for number in (1, 2, 3)
        ),
    ]


@pytest.fixture(scope="session")
def small_laid_out(local_server: LocalServer) -> LocalServer:
    """Return the server with a spreadsheet that has the small rows, to be copied."""
    return local_server.with_rows(_small_rows())


@pytest.fixture
def small_book(small_laid_out: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return a book of the test's own, with the small rows, loaded once."""
    monkeypatch.setenv("OPSLINE_TOKEN", TOKEN)
    book = small_laid_out.copy()
    book.load("tickets", "people", "teams", "categories", "statuses")
    return book


class MortalServer:
    """A local server on a copy of the small book; it can be killed and started again at its address."""

    def __init__(self, file: Path, spreadsheet: str, token: str) -> None:
        self.file, self.spreadsheet, self.token = file, spreadsheet, token
        self.process: subprocess.Popen[bytes] | None = None
        self.port = "0"

    def start(self, *options: str) -> "MortalServer":
        """Start it, at the address that it had before, and wait until it answers."""
        note = Path(f"{self.file}.server")
        note.unlink(missing_ok=True)
        command = [sys.executable, "-m", "local_sheets", "--data", str(self.file), "--port", self.port]
        self.process = subprocess.Popen([*command, "--token", self.token, *options])
        until = time.monotonic() + 30
        while not note.exists():
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.02)
        self.port = json.loads(note.read_text())["address"].rpartition(":")[2]
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
            self.process = None

    @property
    def address(self) -> str:
        """Where the workbook is."""
        return f"http://127.0.0.1:{self.port}/spreadsheets/d/{self.spreadsheet}"

    def book(self, again: int = 3) -> Book:
        """Return a book of its own, loaded, which gives up soon."""
        from sheets_schema.book.client import Patience

        opened = open_book(self.address, person="E01")
        opened.load("tickets", "ticket_events", "people")
        opened.client.quick = Patience(again=again, first=0.01, longest=0.05)
        opened.sleep = lambda _seconds: None
        return opened


@pytest.fixture
def server(
    small_laid_out: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MortalServer]:
    """Return a server of the test's own that runs."""
    monkeypatch.setenv("OPSLINE_TOKEN", small_laid_out.token)
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "data"))
    path = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(small_laid_out.file)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    made = MortalServer(path, small_laid_out.laid_out, small_laid_out.token).start()
    yield made
    made.kill()


@pytest.fixture(scope="session")
def demo_laid_out(local_server: LocalServer) -> LocalServer:
    """Return the server with a spreadsheet that holds the small demo, to be copied or read."""
    from opsline.demo.fill import fill, filled_from

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSLINE_TOKEN", TOKEN)
        filled = local_server.copy()
        fill(filled, filled_from(0.1, 7, "en"))
    return replace(local_server, laid_out=filled.workbook.id)


@pytest.fixture
def demo_book(demo_laid_out: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return a book of the test's own with the small demo."""
    monkeypatch.setenv("OPSLINE_TOKEN", TOKEN)
    return demo_laid_out.copy()


@pytest.fixture
def read_only_demo(demo_laid_out: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return the one book with the small demo that tests share; they do not write to it."""
    monkeypatch.setenv("OPSLINE_TOKEN", TOKEN)
    return open_book(f"{demo_laid_out.address}/spreadsheets/d/{demo_laid_out.laid_out}", person="E01")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; one for a whole run, because Playwright's loop does not start twice in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
