"""What things cost in requests: few to load and save, no more for a hundred open pages than for one."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

import pytest

from sheets_schema.book import Change

PROCESSES, DESKS, ROUNDS = 4, 25, 5
DESKS_OF_A_PROCESS = """
import json, sys
from sheets_schema.book import open_book
from widgets.desk import Desk
from widgets.live import Watch
person = {"OPSLINE_PERSON": "E01", "OPSLINE_NOW": "2026-11-23T01:00Z"}
books = [open_book(sys.argv[1]) for _ in range(int(sys.argv[2]))]
desks = [Desk(book, "tickets", ("tickets", "people"), person) for book in books]
watches = [Watch(desk, lambda _: None) for desk in desks]
print("ready", flush=True)
for _line in sys.stdin:
    for watch in watches:
        watch.look()
    print(json.dumps([desk.frame("tickets")["subject"].iloc[0] for desk in desks]), flush=True)
"""


class Gate(ThreadingHTTPServer):
    """Stands before a server, passes every request on, and counts what arrives."""

    def __init__(self, address: str) -> None:
        super().__init__(("127.0.0.1", 0), _Pass)
        self.behind, self.seen, self.lock = urlsplit(address).netloc, Counter(), Lock()

    @property
    def reads(self) -> int:
        """How often cells were read."""
        return self.seen["GET values"]


class _Pass(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Gate

    def _pass(self) -> None:
        """Count a request, and answer as the server behind does."""
        kind = "values" if "/values" in self.path else "file" if "/drive/" in self.path else "other"
        with self.server.lock:
            self.server.seen[f"{self.command} {kind}"] += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: text for name, text in self.headers.items() if name.lower() != "host"}
        behind = HTTPConnection(self.server.behind)
        behind.request(self.command, self.path, body or None, headers)
        answer = behind.getresponse()
        content = answer.read()
        behind.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _pass  # noqa: N815 - the names of http.server

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def gate(small_book, local_server, tmp_path, monkeypatch) -> Iterator[Gate]:
    """Return a gate before the server; nothing has been read on this machine yet."""
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "data"))
    made = Gate(local_server.address)
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def looking(small_book, gate) -> Iterator[object]:
    """Return a function that opens desks in processes; it returns one that lets all of them look."""
    running: list[subprocess.Popen[str]] = []

    def opened(processes: int, desks: int):
        address = f"http://127.0.0.1:{gate.server_port}/spreadsheets/d/{small_book.workbook.id}"
        command = [sys.executable, "-c", DESKS_OF_A_PROCESS, address, str(desks)]
        pipe = subprocess.PIPE
        mine = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
        running.extend(mine)
        assert [process.stdout.readline() for process in mine] == ["ready\n"] * processes

        def look() -> set[str]:
            for process in mine:
                process.stdin.write("\n")
                process.stdin.flush()
            return {text for process in mine for text in json.loads(process.stdout.readline())}

        return look

    yield opened
    for process in running:
        process.kill()
        process.communicate()


def test_a_hundred_open_pages_read_the_sheet_as_often_as_one(small_book, gate, looking):
    """Somebody types, all look, again and again: one read of cells a change, and none without one."""
    sheet = small_book.workbook.worksheet("tickets")
    column = sheet.row_values(1).index("subject") + 1
    reads = []
    for processes, desks in ((1, 1), (PROCESSES, DESKS)):
        look = looking(processes, desks)
        gate.seen.clear()
        for number in range(ROUNDS):
            sheet.update_cell(2, column, f"{processes} {number}")
            assert look() == {f"{processes} {number}"}
            look()  # what was found is journalled, which is a change of the workbook
            before = gate.reads
            look()
            assert gate.reads == before
        reads.append(gate.reads)
    assert reads[0] == reads[1] >= ROUNDS


def test_any_number_of_rows_is_changed_in_two_requests(small_book, now, calls):
    """Rows of two tables: one request finds them where they stand now, one writes."""
    counted = calls(small_book)
    tickets = [Change("tickets", {"subject": "a"}, id=f"T-{number}") for number in (1, 2, 3)]
    people = [Change("people", {"post": "b"}, id=id_) for id_ in ("E01", "E02")]
    small_book.save([*tickets, *people], who="E02", source="test", now=now)
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]


def test_reading_when_nothing_has_changed_reads_no_cell(small_book, calls):
    """The workbook's version is asked for, and that is all."""
    small_book.load("tickets", "people", "journal")
    small_book.load("tickets", "people", "journal")
    counted = calls(small_book)
    for _ in range(3):
        small_book.load("tickets", "people", "journal")
    assert counted.sent == ["GET files"] * 3
