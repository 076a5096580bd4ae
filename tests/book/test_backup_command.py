"""`opsline backup` while others write, and `opsline restore` with nothing thrown away."""

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

import local_sheets
from local_sheets.backup import back_up
from opsline.cli import main
from sheets_schema.book.server import Running, find, find_or_start

SHEETS = "/v4/spreadsheets"


def ask(server: Running, method: str, path: str, body: object = None) -> requests.Response:
    """Send one request."""
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.request(method, server.address + path, json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer


def append(server: Running, key: str, number: int) -> None:
    """Append a row."""
    path = f"{SHEETS}/{key}/values/Sheet1:append?valueInputOption=RAW"
    ask(server, "POST", path, {"values": [[number, "x" * 200]]})


def numbers(server: Running, key: str) -> list[int]:
    """Return the first column."""
    path = f"{SHEETS}/{key}/values/Sheet1!A:A?valueRenderOption=UNFORMATTED_VALUE"
    return [row[0] for row in ask(server, "GET", path).json().get("values", [])]


def version(server: Running, key: str) -> int:
    """Return Drive's version."""
    return int(ask(server, "GET", f"/drive/v3/files/{key}?fields=version").json()["version"])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of the user's own workbook; a server that runs on it is ended with the test."""
    path = tmp_path / "desk" / "workbook.sqlite"
    monkeypatch.setenv("OPSLINE_BOOK", str(path))
    yield path
    running = find(path)
    if running:
        ask(running, "POST", "/shutdown")


@pytest.fixture
def served(file: Path) -> tuple[Running, str]:
    """Return the file's server and a spreadsheet in it."""
    server = find_or_start(file)
    return server, ask(server, "POST", SHEETS, {}).json()["spreadsheetId"]


@contextmanager
def writers(server: Running, key: str, count: int) -> Iterator[list[int]]:
    """Let so many clients append while the block runs; yield the list of what was acknowledged."""
    done: list[int] = []
    ended = threading.Event()

    def write(first: int) -> None:
        number = first
        while not ended.is_set():
            append(server, key, number)
            done.append(number)
            number += count

    threads = [threading.Thread(target=write, args=(first,)) for first in range(count)]
    for thread in threads:
        thread.start()
    yield done
    ended.set()
    for thread in threads:
        thread.join()


def until(true: Callable[[], bool]) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_backup_holds_every_row_that_was_acknowledged_before_it(
    served: tuple[Running, str], file: Path, tmp_path: Path
) -> None:
    """Four clients write all the time; each of five copies is whole, and none waits for another."""
    server, key = served
    with writers(server, key, 4) as done:
        for number in range(5):
            until(lambda number=number: len(done) > 50 * (number + 1))
            before = set(done)
            copy = tmp_path / f"copy{number}.sqlite"
            assert main(["backup", str(copy)]) == 0
            after = set(done)
            assert not list(tmp_path.glob(".*"))
            with sqlite3.connect(copy) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                there = {row[0] for row in database.execute("SELECT vals ->> '$[0]' FROM line")}
            assert before <= there
            assert len(there - after) <= 4, "more than what was under way at the end"


def test_restore_brings_back_the_rows_and_keeps_what_it_replaces(
    served: tuple[Running, str], file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server that ran is asked to end; the version goes on: no reader takes the old for the new."""
    server, key = served
    for number in range(5):
        append(server, key, number)
    assert main(["backup", str(tmp_path / "copy.sqlite")]) == 0
    for number in range(5, 9):
        append(server, key, number)
    newest = version(server, key)

    assert main(["restore", str(tmp_path / "copy.sqlite")]) == 0
    said = capsys.readouterr().out.splitlines()
    kept = Path(said[-1].rpartition(" ")[2].rstrip("."))
    again = find_or_start(file)
    assert numbers(again, key) == [0, 1, 2, 3, 4]
    assert version(again, key) > newest
    assert kept.parent == file.parent
    assert kept.name.startswith("workbook.replaced-")

    assert main(["restore", str(kept)]) == 0
    assert numbers(find_or_start(file), key) == list(range(9))


def test_a_killed_workbook_is_kept_with_its_log(
    served: tuple[Running, str], file: Path, tmp_path: Path
) -> None:
    """What was only in the log when the server was killed is in the file that restore keeps."""
    server, key = served
    append(server, key, 1)
    assert main(["backup", str(tmp_path / "copy.sqlite")]) == 0
    append(server, key, 2)
    shutil.copytree(file.parent, tmp_path / "killed")
    killed = tmp_path / "killed" / file.name
    for name in ("lock", "server"):
        Path(f"{killed}.{name}").unlink()

    assert main(["restore", str(tmp_path / "copy.sqlite"), "--to", str(killed)]) == 0
    kept = next(path for path in killed.parent.glob("workbook.replaced-*") if path.suffix == ".sqlite")
    store = local_sheets.Store(kept)
    assert store.wait(lambda store: len(store.book(key).sheets[0].lines)) == 2
    store.close()
    store = local_sheets.Store(killed)
    assert store.wait(lambda store: len(store.book(key).sheets[0].lines)) == 1
    store.close()


def test_restore_refuses_a_damaged_backup_and_leaves_the_workbook_alone(
    served: tuple[Running, str], file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The backup is checked page by page before anything is moved."""
    server, key = served
    for number in range(200):
        append(server, key, number)
    copy = tmp_path / "copy.sqlite"
    assert main(["backup", str(copy)]) == 0
    with copy.open("r+b") as stream:
        stream.seek(copy.stat().st_size // 8192 * 4096)
        stream.write(b"\xff" * 4096)

    assert main(["restore", str(copy)]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert not list(file.parent.glob("*replaced*"))
    assert not list(file.parent.glob(".*"))
    assert numbers(find_or_start(file), key) == list(range(200))


def test_restore_replaces_a_damaged_workbook_and_keeps_it(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is what a backup is for."""
    store = local_sheets.Store(file)
    store.close()
    back_up(file, tmp_path / "copy.sqlite")
    file.write_bytes(b"\xff" * 5000)

    assert main(["backup", str(tmp_path / "again.sqlite")]) == 1
    assert "is not a workbook, or its beginning was damaged" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "copy.sqlite")]) == 0
    (kept,) = file.parent.glob("workbook.replaced-*")
    assert kept.read_bytes() == b"\xff" * 5000
    local_sheets.Store(file).close()


def test_restore_refuses_while_a_desk_serves_the_file(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A desk does not end because somebody asks; the sentence says where it is."""
    local_sheets.Store(file).close()
    back_up(file, tmp_path / "copy.sqlite")
    code = (
        "import sys, tornado.web, tornado.httpserver, tornado.ioloop, tornado.netutil, local_sheets\n"
        "sockets = tornado.netutil.bind_sockets(0, '127.0.0.1')\n"
        "address = f'http://127.0.0.1:{sockets[0].getsockname()[1]}'\n"
        "store = local_sheets.Store(sys.argv[1])\n"
        "routes = local_sheets.handlers(store, local_sheets.by_token('t'))\n"
        "with local_sheets.hold(sys.argv[1], address, 't'):\n"
        "    server = tornado.httpserver.HTTPServer(tornado.web.Application(routes))\n"
        "    server.add_sockets(sockets)\n"
        "    print(address, flush=True)\n"
        "    tornado.ioloop.IOLoop.current().start()\n"
    )
    desk = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True)
    assert desk.stdout is not None
    address = desk.stdout.readline().strip()
    try:
        assert main(["restore", str(tmp_path / "copy.sqlite")]) == 1
        assert f"is already served at {address}" in capsys.readouterr().err
        assert main(["backup", str(tmp_path / "while served.sqlite")]) == 0
    finally:
        desk.kill()
        desk.wait()


def test_a_backup_is_dated_where_it_has_no_name_and_overwrites_nothing(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the workbook, or in the folder that was named."""
    local_sheets.Store(file).close()
    assert main(["backup"]) == 0
    assert main(["backup", "--language", "zh-Hans"]) == 0
    assert "已备份到" in capsys.readouterr().out
    assert len(list(file.parent.glob("workbook.backup-*.sqlite"))) == 2
    assert main(["backup", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "x.sqlite"), "--from", str(tmp_path / "none.sqlite")]) == 1
    assert "There is no file" in capsys.readouterr().err
    monkeypatch.setenv("OPSLINE_BOOK", "https://docs.google.com/spreadsheets/d/x")
    assert main(["backup"]) == 1
    assert "only a workbook on this machine" in capsys.readouterr().err
