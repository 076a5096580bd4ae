"""A server in trouble: a save happens once or not at all, and the person is told which."""

import json
import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession

from sheets_schema.book import Book, Change, failures, open_book
from sheets_schema.book.client import BookClient, Patience
from sheets_schema.book.doors import ServerDoor
from sheets_schema.book.failures import Lost
from sheets_schema.book.grids import Workbook
from sheets_schema.errors import QuotaFault, Unreachable

COUNT = 25


@pytest.fixture
def troubled(failing, small_laid_out, tmp_path, monkeypatch):
    """Return a function that opens a copy of the small book on a server with faults."""
    monkeypatch.setenv("OPSLINE_TOKEN", small_laid_out.token)

    def start(*options):
        path = tmp_path / "copy.sqlite"
        with (
            closing(sqlite3.connect(small_laid_out.file)) as source,
            closing(sqlite3.connect(path)) as target,
        ):
            source.backup(target)
        address, _file = failing(path, "--token", small_laid_out.token, *options)
        book = _opened(f"{address}/spreadsheets/d/{small_laid_out.laid_out}")
        book.client.quick = Patience(again=8, first=0.01, longest=0.05)
        book.client.quota = Patience(again=3, first=0.01, longest=0.02)
        book.sleep = lambda _seconds: None
        return book

    return start


def _opened(address):
    """Return a book, opened through a server that fails now and then."""
    for _attempt in range(20):
        with suppress(Unreachable):
            book = open_book(address)
            book.load("tickets", "people")
            return book
    raise AssertionError(address)


@pytest.mark.parametrize(
    "options",
    [("--fail-before", "0.3"), ("--fail-after", "0.3"), ("--cut-after", "0.3"),
     ("--fail-before", "0.1", "--fail-after", "0.1", "--cut-after", "0.1")],
    ids=["503 before", "503 after the commit", "cut after the commit", "all"],
)  # fmt: skip
def test_every_save_that_returns_is_in_the_sheet_once(troubled, now, options):
    """A backoff client writes such rows twice; ours claims each save and looks before it sends again."""
    book = troubled(*options, "--seed", "7")
    saved, unknown = [], []
    for number in range(COUNT):
        event = {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": str(number)}
        try:
            book.save([Change("ticket_events", event)], who="E02", source="test", now=now)
            saved.append(str(number))
        except Lost:
            unknown.append(str(number))
    texts = book.load("ticket_events")["ticket_events"]["text"].tolist()
    assert len(texts) == len(set(texts))
    assert set(saved) <= set(texts) <= set(saved) | set(unknown)
    assert len(saved) >= COUNT - 3


def test_a_version_is_counted_once_however_often_it_is_sent(troubled, now):
    """25 changes of one row under cut connections: version 26, 25 lines of journal."""
    book = troubled("--cut-after", "0.4", "--seed", "3")
    for number in range(COUNT):
        book.save([Change("tickets", {"subject": f"s{number}"}, id="T-1")], who="E02", source="t", now=now)
    snapshot = book.load("tickets", "journal")
    row = snapshot["tickets"].set_index("id").loc["T-1"]
    lines = snapshot["journal"]
    assert (row["subject"], row["version"]) == (f"s{COUNT - 1}", 1 + COUNT)
    assert (lines["field"].eq("subject") & lines["row_id"].eq("T-1")).sum() == COUNT


def test_bulk_rows_are_not_doubled_by_lost_answers(troubled, now):
    """A chunk whose answer was lost is not added again."""
    book = troubled("--cut-after", "0.4", "--seed", "5")
    people = [{"id": f"P{number}", "name": "N", "role": "agent"} for number in range(200)]
    added = book.append_many("people", people, who="E01", source="import", now=now, chunk=20)
    assert len(added.ids) == 200
    ids = book.load("people")["people"]["id"].tolist()
    assert len(ids) == len(set(ids)) == 202


def test_a_quota_is_waited_for_and_then_said(troubled, now):
    """Writes above the quota were surely not done: they are sent again, up to the bound."""
    book = troubled("--quota-writes", "3")

    def save(number):
        change = Change("tickets", {"subject": f"s{number}"}, id="T-1")
        book.save([change], who="E02", source="t", now=now)

    for number in range(3):
        save(number)
    with pytest.raises(QuotaFault, match="asks for a pause"):
        save(3)
    subject = book.load("tickets")["tickets"].set_index("id").loc["T-1", "subject"]
    assert subject == "s2"


class Expiring(Credentials):
    """A key whose first token is no longer good; a fresh one is to be had."""

    def __init__(self, token):
        super().__init__()
        self.token, self.fresh, self.times = "expired", token, 0

    def refresh(self, request):  # noqa: ARG002 - its name is google-auth's
        """Get a fresh token."""
        self.times += 1
        self.token = self.fresh


def test_a_token_that_expires_is_renewed_and_the_save_is_done_once(small_book, small_laid_out, now, calls):
    """The server answers 401 in the middle of the day: nothing was done, and nobody is told."""
    credentials = Expiring(small_laid_out.token)
    session = AuthorizedSession(credentials)
    session.trust_env = False
    client = BookClient(session, ServerDoor(small_laid_out.address, None))
    book = Book(client, Workbook(client, {"id": small_book.workbook.id}))
    book.load("tickets", "ticket_events")
    credentials.token = "expired again"
    event = {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": "once"}
    book.save([Change("ticket_events", event)], who="E02", source="test", now=now)
    credentials.token = "expired once more"
    book.save([Change("tickets", {"subject": "x"}, id="T-1")], who="E02", source="test", now=now)
    assert credentials.times == 3
    snapshot = small_book.load("tickets", "ticket_events")
    assert snapshot["ticket_events"]["text"].tolist() == ["once"]
    assert snapshot["tickets"].set_index("id").loc["T-1", "version"] == 2


def test_a_server_that_was_killed_is_started_again_with_another_token(tmp_path, now):
    """The workbook of this machine: kill -9 of its server between two saves; the book finds the next one."""
    file = tmp_path / "own.sqlite"
    book = open_book(str(file))
    book.load("people")
    for number in range(3):
        noted = json.loads(Path(f"{file}.server").read_text())
        os.kill(noted["pid"], signal.SIGKILL)
        person = {"id": f"E{number}", "name": "N", "role": "agent"}
        book.save([Change("people", person)], who="E1", source="test", now=now)
        assert json.loads(Path(f"{file}.server").read_text())["token"] != noted["token"]
    assert book.load("people")["people"]["id"].tolist() == ["E0", "E1", "E2"]
    noted = json.loads(Path(f"{file}.server").read_text())
    requests.post(
        f"{noted['address']}/shutdown", headers={"Authorization": f"Bearer {noted['token']}"}, timeout=5
    )


def test_waits_are_random_grow_and_end():
    """Full jitter: any wait from 0 to a limit that doubles, so that waiting writers do not march in step."""
    patience = Patience(again=6, first=1, longest=8)
    rounds = [list(patience.waits()) for _ in range(200)]
    limits = [1, 2, 4, 8, 8, 8]
    assert all(len(waits) == 6 for waits in rounds)
    assert all(0 <= wait <= limit for waits in rounds for wait, limit in zip(waits, limits, strict=True))
    assert max(waits[0] for waits in rounds) - min(waits[0] for waits in rounds) > 0.8


@pytest.mark.parametrize(
    ("message", "is_taken"),
    [
        (
            "Invalid requests[0].createDeveloperMetadata: developerMetadata.metadataId[5] is already in use.",
            True,
        ),
        ("Invalid requests[1].createDeveloperMetadata: Metadata with id 5 already exists.", True),
        ("Invalid requests[0].createDeveloperMetadata: Duplicate ID: 5", True),
        ("Invalid requests[0].createDeveloperMetadata: The sheet does not exist.", False),
        ('Invalid requests[2].addSheet: A sheet with the name "a" already exists.', False),
    ],
)
def test_a_claim_that_is_taken_is_known_by_the_request_and_its_words(message, is_taken):
    """However Google puts it; nothing else is taken for it."""
    answer = requests.Response()
    answer.status_code = 400
    answer._content = json.dumps({"error": {"code": 400, "message": message}}).encode()
    assert isinstance(failures.of_answer(answer, "here").error, failures.Taken) is is_taken
