"""What things cost in requests: few to load and save, no more for a hundred open pages than for one."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.visits.gate import Gate, gate_before
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


@pytest.fixture
def gate(small_book, local_server, tmp_path, monkeypatch) -> Iterator[Gate]:
    """Return a gate before the server; nothing has been read on this machine yet."""
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "data"))
    with gate_before(local_server.address) as made:
        yield made


@pytest.fixture
def looking(small_book, gate) -> Iterator[object]:
    """Return a function that opens desks in processes; it returns one that lets all of them look."""
    running: list[subprocess.Popen[str]] = []

    def opened(processes: int, desks: int):
        address = f"{gate.address}/spreadsheets/d/{small_book.workbook.id}"
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
            before = gate.seen["cells"]
            look()
            assert gate.seen["cells"] == before
        reads.append(gate.seen["cells"])
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
