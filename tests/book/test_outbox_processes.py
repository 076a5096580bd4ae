"""The outbox and processes: several at once, killed in the middle; nothing is lost, nothing comes twice."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.book.kept import texts

CLIENT = """
import sys
import pandas as pd
from sheets_schema.book import Change, open_book
from sheets_schema.book.client import Patience
address, who, count, again = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
now = pd.Timestamp("2026-11-23 01:00", tz="UTC")
book = open_book(address)
book.load("tickets", "ticket_events")
book.client.quick = Patience(again=again, first=0.02, longest=0.1)
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    event = {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": f"{who}-{number}"}
    saved = book.save([Change("ticket_events", event)], who=who, source="test", now=now, keep=True)
    print(saved.ids[0], "sent" if saved.kept is None else "kept", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def client(server):
    """Return a function that starts a process which saves on demand; it is killed at the end."""
    running = []

    def start(who: str, count: int, again: int = 2) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", CLIENT, server.address, who, str(count), str(again)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def go(process: subprocess.Popen[str]) -> None:
    """Let a client begin."""
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_process_that_is_killed_with_a_full_outbox_loses_nothing(server, client, now):
    """Kill -9 after its saves were kept: whoever is there sends them, once."""
    process = client("W1", 5)
    server.kill()
    go(process)
    said = [process.stdout.readline().split() for _ in range(5)]
    assert [state for _, state in said] == ["kept"] * 5
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    server.start()
    book = server.book()
    assert book.outbox.count == 5
    assert book.outbox.send() is None
    assert book.outbox.send() is None
    assert texts(book) == [f"W1-{number}" for number in range(5)]
    assert book.load("ticket_events")["ticket_events"]["id"].tolist() == [id_ for id_, _ in said]


def test_a_process_that_is_killed_while_it_waits_loses_nothing(server, client):
    """Kill -9 between the first try and the last: the save was on disk before the first."""
    process = client("W1", 1, again=1000)
    server.kill()
    go(process)
    book_folder = Path(f"{server.file.parent}/data/outbox")
    until = time.monotonic() + 20
    while not list(book_folder.glob("*/*.sent")) and not list(book_folder.glob("*/trouble")):
        if list(book_folder.glob("*/*.new")):
            break
        assert time.monotonic() < until, "nothing was written"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    server.start()
    book = server.book()
    assert book.outbox.send() is None
    assert texts(book) == ["W1-0"]


@pytest.mark.parametrize("fault", ["--cut-after", "--fail-after"])
def test_a_process_that_is_killed_after_the_commit_doubles_nothing(server, client, fault):
    """Its answer was lost and it died before it could ask: the journal is asked for it."""
    server.kill()
    server.start()
    process = client("W1", 1, again=1000)
    server.kill()
    server.start(fault, "1", "--latency-ms", "900")
    go(process)
    with closing(sqlite3.connect(f"file:{server.file}?mode=ro", uri=True)) as looking:
        until = time.monotonic() + 30
        while not any("W1-0" in cells for (cells,) in looking.execute("SELECT vals FROM line")):
            assert time.monotonic() < until, "the save did not arrive"
            time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    server.kill()
    server.start()
    book = server.book()
    assert len(list(book.outbox.folder.glob("*.sent"))) == 1
    assert book.outbox.send() is None
    assert texts(book) == ["W1-0"]
    assert len(book.load("journal")["journal"].query("sheet == 'ticket_events'")) == 1
    assert not list(book.outbox.folder.glob("*.sent"))


def test_several_processes_find_the_sheet_back_at_once(server, client, now):
    """Each kept 5 and saves one more when it is back: 18 rows, none twice, each one's in order."""
    processes = [client(f"W{number}", 6) for number in range(3)]
    server.kill()
    for process in processes:
        go(process)
        for _ in range(5):
            process.stdout.readline()
    server.start()
    book = server.book()
    book.outbox.send()
    for process in processes:
        process.stdout.readline()
    book.outbox.send()
    found = texts(book)
    assert sorted(found) == sorted(f"W{writer}-{number}" for writer in range(3) for number in range(6))
    for writer in range(3):
        own = [text for text in found if text.startswith(f"W{writer}-")]
        assert own == [f"W{writer}-{number}" for number in range(6)]


def test_a_server_killed_in_between_doubles_and_loses_nothing(server, client, now):
    """2 writers, 30 saves each; the server is killed three times meanwhile."""
    processes = [client(f"W{number}", 30) for number in range(2)]
    for process in processes:
        go(process)
    for _ in range(3):
        for process in processes:
            for _line in range(5):
                process.stdout.readline()
        server.kill()
        server.start()
    for process in processes:
        for _line in range(15):
            process.stdout.readline()
    book = server.book()
    assert book.outbox.send() is None
    found = texts(book)
    assert sorted(found) == sorted(f"W{writer}-{number}" for writer in range(2) for number in range(30))


@pytest.mark.parametrize(
    "faults",
    [("--fail-before", "0.2", "--fail-after", "0.2", "--cut-after", "0.2"), ("--quota-writes", "4")],
    ids=["503 before, 503 after, cut after", "429"],
)
def test_what_was_said_to_be_saved_or_kept_is_there_once(server, client, faults):
    """4 processes, 12 saves each, against a server in trouble, which then recovers."""
    processes = [client(f"W{number}", 12) for number in range(4)]
    server.kill()
    server.start(*faults, "--seed", "11")
    for process in processes:
        go(process)
    said = [process.stdout.readline().split() for process in processes for _ in range(12)]
    assert len(said) == 48
    server.kill()
    server.start()
    book = server.book()
    assert book.outbox.send() is None
    events = book.load("ticket_events")["ticket_events"]
    assert sorted(events["id"]) == sorted(id_ for id_, _ in said)
    assert sorted(events["text"]) == sorted(f"W{w}-{number}" for w in range(4) for number in range(12))
    for writer in range(4):
        own = [text for text in events["text"] if text.startswith(f"W{writer}-")]
        assert own == [f"W{writer}-{number}" for number in range(12)]
    assert book.outbox.waiting() == []


def test_saves_of_several_processes_go_together(server, client, now):
    """While one request is under way the others gather: fewer requests than saves."""
    before = server.book().version()
    processes = [client(f"W{number}", 10) for number in range(4)]
    server.kill()
    server.start("--latency-ms", "60")
    for process in processes:
        go(process)
    for process in processes:
        assert [process.stdout.readline().split()[1] for _ in range(10)] == ["sent"] * 10
    book = server.book()
    assert len(texts(book)) == 40
    requests = int(book.version().partition("@")[0]) - int(before.partition("@")[0])
    assert requests < 40
