"""A full disk, a file that cannot be written, a damaged file: one sentence, nothing lost, no traceback."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_sheets import Store, StoreError, api_books, api_values
from local_sheets.errors import ApiError
from local_sheets.store.log import lost_saves

ROW = "x" * 4000


def refused(data: Path) -> str:
    """Start a server that cannot start; return its one line."""
    command = [sys.executable, "-m", "local_sheets", "--data", str(data), "--token", "t"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 1
    assert not run.stdout
    assert run.stderr.endswith(".\n")
    assert run.stderr.count("\n") == 1
    return run.stderr


def made(server: Any) -> str:
    """Make a spreadsheet; return its id."""
    return str(server.call("POST", "/v4/spreadsheets", {}).json()["spreadsheetId"])


def append(server: Any, book: str, number: int, text: str = ROW) -> Any:
    """Append a row."""
    path = f"/v4/spreadsheets/{book}/values/Sheet1:append?valueInputOption=RAW"
    return server.call("POST", path, {"values": [[number, text]]})


def numbers(server: Any, book: str) -> list[int]:
    """Return the first column."""
    path = f"/v4/spreadsheets/{book}/values/Sheet1!A:A?valueRenderOption=UNFORMATTED_VALUE"
    return [row[0] for row in server.call("GET", path).json().get("values", [])]


def until_refused(server: Any, book: str) -> tuple[int, str]:
    """Append rows until one is refused; return how many were acknowledged, and the error's sentence."""
    for number in range(5000):
        answer = append(server, book, number)
        if not answer.ok:
            assert answer.status_code == 500
            assert answer.json()["error"]["status"] == "INTERNAL"
            return number, answer.json()["error"]["message"]
    pytest.fail("the disk did not get full")


def whole(data: Path) -> bool:
    """Say whether the file passes SQLite's own check."""
    with sqlite3.connect(data) as file:
        return file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_said_and_when_there_is_room_again_the_server_works_on(
    small_disk: Path, start: Any
) -> None:
    """A real disk without a free byte: every acknowledged row is there, before and after a restart."""
    data, ballast = small_disk / "book.sqlite", small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)
    server = start(data=data)
    book = made(server)
    done, sentence = until_refused(server, book)
    assert sentence == "The disk is full; nothing was saved."
    assert done > 100
    assert numbers(server, book) == list(range(done))
    assert not append(server, book, done).ok

    ballast.unlink()
    for number in range(done, done + 20):
        assert append(server, book, number).ok
    assert numbers(server, book) == list(range(done + 20))
    server.kill()
    assert numbers(start(data=data), book) == list(range(done + 20))
    assert whole(data)


def test_a_disk_that_is_full_at_the_start_is_said(small_disk: Path) -> None:
    """Not even a first page can be written."""
    store = Store(small_disk / "book.sqlite")
    store.close()
    with (small_disk / "ballast").open("wb", buffering=0) as file:
        while file.writable():
            try:
                file.write(b"x" * 4096)
            except OSError:
                break
    assert "The disk, which may be full" in refused(small_disk / "book.sqlite")


def test_a_limit_on_the_files_size_is_said_and_can_be_lifted(start: Any, tmp_path: Path) -> None:
    """The kernel refuses to let the file grow (ulimit -f, a quota): the same, without a small disk."""
    server = start()
    book = made(server)
    no_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1_500_000, no_limit[1]))
    done, sentence = until_refused(server, book)
    assert sentence.startswith("The disk, which may be full or failing, refuses the workbook file")
    assert sentence.endswith("nothing was saved.")
    assert numbers(server, book) == list(range(done))

    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, no_limit)
    assert append(server, book, done).ok
    server.kill()
    assert numbers(start(), book) == list(range(done + 1))
    assert whole(server.data)


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """Keep a file or folder from being changed; root is not held by modes, so it is made immutable."""
    if os.geteuid():
        mode = path.stat().st_mode
        path.chmod(mode & ~0o222)
        yield
        path.chmod(mode)
        return
    if subprocess.run(["chattr", "+i", str(path)], check=False, capture_output=True).returncode:
        pytest.skip("this file system knows no immutable files")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(path)], check=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a file with a spreadsheet of 5,000 rows, in a folder of its own."""
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / "book.sqlite"
    store = Store(path)
    fill(store, 5000)
    store.close()
    return path


def fill(store: Store, rows: int) -> str:
    """Make a spreadsheet whose first column counts from 0; return its id."""

    def work(store: Store) -> str:
        with store.writing():
            book = api_books.create(store, {})
            values = [[number, f"row {number}"] for number in range(rows)]
            api_values.update(book, "Sheet1!A1", {"values": values}, "RAW", {})
            return book.id

    return store.wait(work)


def test_a_read_only_file_is_said(data: Path) -> None:
    """It is found out at the start, not at the first save."""
    before = data.read_bytes()
    with unwritable(data):
        assert "is read-only; it was left as it is." in refused(data)
    assert data.read_bytes() == before


def test_a_read_only_folder_is_said(data: Path) -> None:
    """SQLite needs room for its log beside the file."""
    with unwritable(data.parent):
        assert "cannot be made" in refused(data)
    Path(f"{data}.lock").touch()
    with unwritable(data.parent):
        assert "does the folder allow writing?" in refused(data)


def overwrite(path: Path, place: int, content: bytes) -> None:
    """Write over a part of a file."""
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


DAMAGE: dict[str, tuple[Callable[[Path, int], None], str]] = {
    "a page in the middle": (
        lambda path, size: overwrite(path, size // 8192 * 4096, b"\xff" * 4096),
        "damaged",
    ),
    "cut in half": (lambda path, size: os.truncate(path, size // 2), "damaged"),
    "cut within a page": (lambda path, size: os.truncate(path, size // 2 + 100), "damaged"),
    "no header": (lambda path, _: overwrite(path, 0, b"\0" * 100), "is not a workbook, or its beginning"),
    "no first page": (
        lambda path, _: overwrite(path, 0, os.urandom(4096)),
        "is not a workbook, or its beginning",
    ),
    "notes": (lambda path, _: (path.write_text("my notes, " * 200), None)[1], "is not a workbook"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_refused_and_left_as_it_is(data: Path, kind: str) -> None:
    """Found at the start, before anything is written."""
    harm, words = DAMAGE[kind]
    harm(data, data.stat().st_size)
    before = data.read_bytes()
    sentence = refused(data)
    assert words in sentence
    assert "Put a backup in its place." in sentence
    assert data.read_bytes() == before


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Its tables are not ours to write to."""
    path = tmp_path / "other.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    before = path.read_bytes()
    assert "another program" in refused(path)
    assert path.read_bytes() == before


def killed_with_a_log(start: Any, tmp_path: Path) -> tuple[Path, Path, str]:
    """Return a file and its log as a kill left them, and the id of a spreadsheet with 30 rows."""
    server = start(data=tmp_path / "logged.sqlite")
    book = made(server)
    for number in range(30):
        append(server, book, number)
    server.kill()
    return server.data, Path(f"{server.data}-wal"), book


@pytest.mark.parametrize("harm", ["flipped", "no header", "file emptied"])
def test_a_damaged_log_is_refused_because_saves_in_it_would_be_dropped(
    start: Any, tmp_path: Path, harm: str
) -> None:
    """SQLite itself takes what stands before the damage and says nothing of the rest."""
    data, log, _book = killed_with_a_log(start, tmp_path)
    if harm == "file emptied":
        os.truncate(data, 0)
    else:
        overwrite(log, 0 if harm == "no header" else log.stat().st_size // 2, b"\x55" * 16)
    before = data.read_bytes(), log.read_bytes()
    assert "the log of the workbook, is damaged" in refused(data)
    assert (data.read_bytes(), log.read_bytes()) == before


def test_a_log_whose_last_save_was_cut_off_is_taken_over(start: Any, tmp_path: Path) -> None:
    """That save was never acknowledged: the others are there."""
    data, log, book = killed_with_a_log(start, tmp_path)
    assert lost_saves(data) == 0
    os.truncate(log, log.stat().st_size - 2000)
    assert lost_saves(data) == 0
    assert numbers(start(data=data), book) == list(range(29))
    assert whole(data)


def test_a_page_that_is_damaged_while_the_server_runs_is_said_by_the_read(data: Path, start: Any) -> None:
    """No check at the start can know of it; what lies elsewhere can still be read."""
    server = start(data=data)
    files = server.call("GET", "/drive/v3/files").json()["files"]
    other = made(server)
    for number in range(3):
        append(server, other, number, "kept")
    size = data.stat().st_size
    overwrite(data, size // 8192 * 4096, b"\xff" * 4096)
    path = f"/v4/spreadsheets/{files[0]['id']}/values/Sheet1"
    answer = server.call("GET", path)
    assert answer.status_code == 500
    assert answer.json()["error"]["message"].startswith("The workbook file is damaged")
    assert answer.json()["error"]["message"].endswith("Put a backup in its place.")
    assert numbers(server, other) == [0, 1, 2]
    server.stop()
    assert "Traceback" not in server.process.stdout.read()


def test_a_row_that_is_no_json_any_more_is_said(data: Path) -> None:
    """A flipped byte inside a row's text is no fault of SQLite's."""
    file = sqlite3.connect(data)
    file.execute("UPDATE line SET vals = '[17, \"ro' WHERE key = 17")
    file.commit()
    file.close()
    store = Store(data)
    with pytest.raises(ApiError, match="is damaged"):
        store.wait(lambda store: store.all_books()[0].sheets[0].lines.row(16))
    store.close()


def test_what_is_opened_within_a_process_is_refused_alike(tmp_path: Path) -> None:
    """The desk words it for its page: `StoreError`, one sentence."""
    path = tmp_path / "notes.sqlite"
    path.write_text("my notes, " * 200)
    with pytest.raises(StoreError, match=r"is not a workbook.*Put a backup in its place\.$"):
        Store(path)
