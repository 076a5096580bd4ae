"""What one process has read of a workbook, the others of this machine need not read again."""

import fcntl
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pandas as pd
import pytest

from sheets_schema.book import Book, Change, Snapshot, open_book, shared
from sheets_schema.book.shared import shelf
from widgets.desk import Desk
from widgets.live import Watch, ask

NAMES = ("tickets", "people", "teams", "categories", "statuses")
READER = """
import json, sys
from sheets_schema.book import open_book
book = open_book(sys.argv[1])
sent = []
book.client.session.hooks["response"].append(lambda answer, *_, **__: sent.append(answer.request.path_url))
print("ready", flush=True)
sys.stdin.readline()
snapshot = book.load(*sys.argv[2:])
reads = sum("/values:batchGet" in path for path in sent)
print(json.dumps([reads, len(sent), snapshot["people"]["name"].tolist()]), flush=True)
"""


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the snapshots of each test apart."""
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def small_book(small_book: Book) -> Book:
    """Return the book with the small rows, of which nothing has been read yet."""
    shelf(small_book).forget()
    return small_book


@pytest.fixture
def readers() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts a process which has opened a book, and loads at a line of input."""
    running: list[subprocess.Popen[str]] = []

    def start(book: Book, *names: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", READER, book.address.removesuffix("/edit"), *names]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait(20)


def lines(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """Return where a process reads and writes."""
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def answers(processes: list[subprocess.Popen[str]]) -> list[tuple[int, int, list[str]]]:
    """Let processes load at once; return how often each has read, all it has sent, and the names."""
    for process in processes:
        assert lines(process)[1].readline() == "ready\n"
    for process in processes:
        into, _ = lines(process)
        into.write("\n")
        into.flush()
    return [tuple(json.loads(lines(process)[1].readline())) for process in processes]


def again(book: Book) -> Book:
    """Open a book's workbook once more."""
    return open_book(book.address.removesuffix("/edit"))


def type_in(book: Book, table: str, row: int, field: str, cell: object) -> None:
    """Type something into the sheet, as a person does."""
    sheet = book.workbook.worksheet(table)
    sheet.update_cell(row, sheet.row_values(1).index(field) + 1, cell)


def same(one: Snapshot, other: Snapshot) -> None:
    """Assert that two snapshots hold the same, to the type."""
    assert one.faults == other.faults
    assert list(one.readings) == list(other.readings)
    for name, reading in one.readings.items():
        found = other.readings[name]
        pd.testing.assert_frame_equal(found.frame, reading.frame, check_index_type="exact")
        assert (found.frame.dtypes == reading.frame.dtypes).all()
        assert found.frame.index.name == "row"
        assert (found.faults, found.header, found.unknown) == (
            reading.faults,
            reading.header,
            reading.unknown,
        )


def files(data: Path, kind: str = "arrow") -> list[Path]:
    """Return the files of the snapshots."""
    return sorted(path for path in data.rglob(f"*.{kind}") if not path.name.startswith("known-"))


def test_another_process_asks_for_the_version_and_reads_no_cell(small_book, readers):
    """Ten viewers of one page are one read of the workbook."""
    small_book.load(*NAMES)
    ((reads, sent, names),) = answers([readers(small_book, *NAMES)])
    assert (reads, sent) == (0, 1)
    assert names == ["Chen Wei", "李娜"]


def test_of_four_processes_one_reads_what_somebody_has_edited(small_book, readers):
    """A popular page does not read the sheet once for each viewer, and nobody sees the old name."""
    small_book.load(*NAMES)
    waiting = [readers(small_book, *NAMES) for _ in range(4)]
    type_in(small_book, "people", 2, "name", "Wang Fang")
    found = answers(waiting)
    assert sum(reads for reads, _, _ in found) == 1
    assert {tuple(names) for _, _, names in found} == {("Wang Fang", "李娜")}


def test_who_waits_while_the_sheet_is_typed_in_reads_once_for_all(small_book, calls, monkeypatch, now):
    """Three wait for a fourth, each with a version of its own that is past then: one reads what is there."""

    def save(name: str) -> str:
        small_book.save([Change("people", {"name": name}, id="E01")], who="E01", source="test", now=now)
        return str(small_book.version())

    books = {save(name): again(small_book) for name in ("Wang", "Li", "Zhao")}
    counted = [calls(book) for book in books.values()]
    waiting, lock = threading.Semaphore(0), fcntl.flock

    def told(file: IO[str], how: int) -> None:
        if how == fcntl.LOCK_EX:
            waiting.release()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", told)
    with ThreadPoolExecutor() as pool:
        with shelf(small_book, "17").alone():
            found = [pool.submit(book.load, *NAMES, version=old) for old, book in books.items()]
            assert all(waiting.acquire(timeout=20) for _ in books)
            version = save("Zhou")
        snapshots = [each.result(20) for each in found]
    assert {each["people"]["name"].iloc[0] for each in snapshots} == {"Zhou"}
    assert {each.version for each in snapshots} == {version}
    assert sum(each.sent.count("GET values:batchGet") for each in counted) == 1


def test_only_what_is_lacking_is_read(small_book, calls):
    """The second page has other tables; the version is asked again, so that all are of one moment."""
    small_book.load("tickets")
    counted = calls(small_book)
    small_book.load("tickets", "people", "teams")
    assert counted.sent == ["GET files", "GET values:batchGet", "GET files"]
    small_book.load("people", "teams")
    assert counted.sent[3:] == ["GET files"]


def test_what_is_read_of_two_moments_is_read_again(small_book):
    """A ticket of a person who was added a moment ago is no fault."""
    before = small_book.version()
    small_book.load("tickets", version=before)
    sheet = small_book.workbook.worksheet("people")
    sheet.append_row(["E09", "New"])
    type_in(small_book, "tickets", 2, "assignee", "E09")
    late = small_book.load("tickets", "people", version=before)
    assert late["tickets"]["assignee"].iloc[0] == "E09"
    assert late.version != before
    assert not [fault for fault in late.faults if fault.field == "assignee"]


def test_every_table_of_the_demo_comes_back_as_it_was(read_only_demo, calls):
    """Types, order, row numbers: a page cannot tell whether the sheet was read."""
    names = tuple(read_only_demo.tables)
    fresh = read_only_demo.load(*names)
    other = again(read_only_demo)
    counted = calls(other)
    same(fresh, other.load(*names))
    assert counted.sent == ["GET files"]


def test_faults_and_foreign_columns_come_back_as_they_were(small_book):
    """What is wrong in a sheet is as wrong when it is read from the machine's own files."""
    sheet = small_book.workbook.worksheet("tickets")
    type_in(small_book, "tickets", 2, "opened_at", "soon")
    type_in(small_book, "tickets", 3, "id", "T-1")
    type_in(small_book, "tickets", 3, "assignee", "E99")
    type_in(small_book, "tickets", 4, "csat_score", 7.5)
    type_in(small_book, "teams", 2, "parent", "G1")
    width = len(sheet.row_values(1))
    sheet.add_cols(4)
    cells = [["row", "self", "Größe", ""], [1, "a", True, "x"], ["", 2.5, "", ""], ["z", "", -3, ""]]
    sheet.update(cells, f"R1C{width + 1}:R4C{width + 4}")
    fresh = small_book.load(*NAMES)
    assert {"opened_at", "id", "assignee", "csat_score", "parent", ""} <= {
        each.field for each in fresh.faults
    }
    assert {"row", "self", "Größe"} <= set(fresh.readings["tickets"].unknown)
    same(fresh, again(small_book).load(*NAMES, version=fresh.version))
    assert len(files(shelf(small_book).folder)) == len(NAMES) + 2


def test_a_page_that_assigns_changes_its_own_copy(small_book, data):
    """The files are the same for everybody; what a page works out is its own."""
    fresh = small_book.load(*NAMES)
    kept = {path: path.read_bytes() for path in files(data)}
    mine = again(small_book).load(*NAMES)["tickets"]
    mine.loc[2, "subject"] = "Mine"
    mine.loc[2, ["opened_at", "version"]] = [pd.Timestamp("2020-01-01", tz="UTC"), 99]
    mine["vip"] = True
    mine.iloc[:, 0] = "T-0"
    assert mine.loc[2, "subject"] == "Mine"
    assert {path: path.read_bytes() for path in files(data)} == kept
    same(fresh, again(small_book).load(*NAMES))


@pytest.mark.parametrize("damage", ["empty", "half", "other", "zeros", "gone"])
def test_a_damaged_file_is_read_anew(small_book, calls, data, damage):
    """A full disk or a lost power supply costs one read, never a page."""
    fresh = small_book.load(*NAMES)
    (file,) = data.rglob("tickets.arrow")
    whole = file.read_bytes()
    file.unlink()
    harm = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "other": b"not a table",
        "zeros": whole[:200] + bytes(len(whole) - 200),
    }
    if damage in harm:
        file.write_bytes(harm[damage])
    for between in files(data, "json"):
        between.write_text("{", encoding="utf-8")
    other = again(small_book)
    counted = calls(other)
    same(fresh, other.load(*NAMES))
    same(fresh, other.load(*NAMES))
    assert counted.sent.count("GET values:batchGet") == 1


def test_another_version_of_our_code_reads_for_itself(small_book, calls, monkeypatch):
    """An update that reads a column otherwise must not show what the old one read."""
    small_book.load(*NAMES)
    monkeypatch.setattr(shared, "_code", lambda: "the next release")
    counted = calls(small_book)
    small_book.load(*NAMES)
    assert counted.sent == ["GET files", "GET values:batchGet"]


def test_two_versions_are_kept_and_only_for_their_user(small_book, data):
    """People's addresses are in there: nobody else may read them, and they do not pile up."""
    for name in ("A", "B", "C", "D"):
        type_in(small_book, "people", 2, "name", name)
        small_book.load(*NAMES)
    folder = shelf(small_book).folder
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2
    for path in (data / "snapshots", folder, *(each for each in folder.iterdir() if each.is_dir())):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_that_others_may_enter_is_closed_to_them(small_book, data):
    """A folder from elsewhere, such as a restored one, becomes the user's own."""
    (data / "snapshots").chmod(0o777)
    small_book.load(*NAMES)
    assert stat.S_IMODE((data / "snapshots").stat().st_mode) == 0o700


def test_without_a_folder_the_sheet_is_read(small_book, calls, data, monkeypatch):
    """A place that cannot be written costs time, and nothing else."""
    data.mkdir(exist_ok=True)
    (data / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("OPSLINE_DATA", str(data / "file"))
    counted = calls(small_book)
    assert len(small_book.load(*NAMES)["tickets"]) == 3
    assert len(small_book.load(*NAMES)["tickets"]) == 3
    assert counted.sent == ["GET files", "GET values:batchGet"] * 2


def test_who_has_saved_is_not_shown_what_stood_there_before(small_book, now):
    """Google's version may lag behind its cells: under the old version, too, the new cells are read."""
    version = small_book.version()
    small_book.load(*NAMES, version=version)
    small_book.save([Change("people", {"name": "Zhou"}, id="E01")], who="E01", source="test", now=now)
    assert again(small_book).load(*NAMES, version=version)["people"]["name"].iloc[0] == "Zhou"


def test_a_version_that_was_read_before_a_save_is_not_kept_after_it(small_book):
    """Whoever was reading while somebody saved keeps nothing for others."""
    before = shelf(small_book, small_book.version())
    readings = small_book.load(*NAMES).readings
    with before.alone():
        before.begin()
        before.forget()
        before.put(readings)
    assert before.take(NAMES) == {}


def test_what_was_saved_is_read_alone(small_book, calls, now):
    """A save costs the read of what it changed; the version says that the rest may be newer, too."""
    snapshot = small_book.load(*NAMES)
    small_book.save([Change("people", {"name": "Zhou"}, id="E01")], who="E01", source="test", now=now)
    counted = calls(small_book)
    newer = small_book.load_again(snapshot, {"people": ["E01"]})
    assert counted.sent == ["GET values:batchGet"]
    assert newer["people"]["name"].tolist() == ["Zhou", "李娜"]
    assert newer["tickets"] is snapshot["tickets"]
    assert newer.version == snapshot.version != small_book.version()
    assert small_book.load_again(snapshot, {}) is not snapshot


NEW = {"ticket": "T-1", "at": pd.Timestamp("2026-11-23", tz="UTC"), "kind": "note", "by": "E01", "text": "x"}
SAVES = {
    "one row": [Change("tickets", {"subject": "New"}, id="T-2")],
    "first event": [Change("ticket_events", NEW)],
    "rows and events": [
        Change("tickets", {"subject": "New", "resolved_at": pd.Timestamp("2026-11-23", tz="UTC")}, id="T-3"),
        Change("tickets", {"subject": "Newer"}, id="T-1"),
        Change("ticket_events", NEW),
        Change("ticket_events", NEW),
    ],
    "a new person": [Change("people", {"id": "E03", "name": "New", "role": "agent"})],
}


@pytest.mark.parametrize("saved", SAVES)
@pytest.mark.parametrize(
    "meanwhile", ["nothing", "a row above is gone", "a column more", "sorted", "a wrong cell", "one below"]
)
def test_after_a_save_the_tables_are_what_a_whole_read_shows(small_book, now, saved, meanwhile):
    """Rows are patched where they stand; where one of them has moved, its sheet is read whole.

    That other rows have changed places meanwhile is the news that the watch brings.
    """
    names = (*NAMES, "ticket_events", "journal")
    small_book.save([Change("ticket_events", NEW)], who="E01", source="test", now=now)
    before = small_book.load(*names)
    tickets = small_book.workbook.worksheet("tickets")
    if meanwhile == "a row above is gone":
        small_book.workbook.worksheet("ticket_events").delete_rows(2)
    elif meanwhile == "a column more":
        tickets.insert_cols([["more", 1]], 2)
    elif meanwhile == "sorted":
        tickets.sort((1, "des"), range="A2:AZ4")
    elif meanwhile == "a wrong cell":
        for row in (2, 3, 4):
            type_in(small_book, "tickets", row, "opened_at", "soon")
    elif meanwhile == "one below":
        small_book.save(SAVES["first event"], who="E01", source="test", now=now)
    done = small_book.save(SAVES[saved], who="E01", source="test", now=now)
    written: dict[str, list[str]] = {"journal": []}
    for change, id_ in zip(SAVES[saved], done.ids, strict=True):
        written.setdefault(change.table, []).append(id_)
    patched = small_book.load_again(before, written)
    shelf(small_book).forget()
    whole = small_book.load(*names)
    for name in written:
        one, other = patched[name], whole[name]
        if meanwhile == "sorted":
            one, other = one.sort_values("id", ignore_index=True), other.sort_values("id", ignore_index=True)
        pd.testing.assert_frame_equal(one, other, check_index_type="exact")
        assert (patched[name].dtypes == whole[name].dtypes).all()
        assert patched.readings[name].faults == whole.readings[name].faults


def test_faults_between_sheets_stay_until_all_is_read(small_book, now):
    """One sheet newer than another proves nothing about what lies between them."""
    type_in(small_book, "tickets", 2, "assignee", "E99")
    type_in(small_book, "tickets", 3, "opened_at", "soon")
    snapshot = small_book.load(*NAMES)
    change = Change("tickets", {"subject": "New", "opened_at": now}, id="T-2")
    small_book.save([change], who="E01", source="test", now=now)
    newer = small_book.load_again(snapshot, {"tickets": ["T-2"]})
    assert [fault.field for fault in snapshot.faults] == ["opened_at", "assignee"]
    assert [fault.field for fault in newer.faults] == ["assignee"]
    assert [fault.field for fault in small_book.load_again(newer, {"people": ["E01"]}).faults] == ["assignee"]


def test_nothing_is_kept_outside_the_folder(small_book, data):
    """The data folder's user knows where people's data lies."""
    small_book.load(*NAMES)
    assert files(data)
    assert all(path.stat().st_uid == os.getuid() for path in files(data))
    assert {path.relative_to(data).parts[0] for path in files(data)} == {"snapshots"}


def test_a_page_that_has_saved_reads_its_rows_and_the_watch_brings_the_rest(small_book, calls):
    """The page answers at once; what others did is there with the next question, and nothing goes back."""
    desk = Desk(small_book, "tickets", NAMES, {"OPSLINE_PERSON": "E01", "OPSLINE_NOW": "2026-11-23T01:00Z"})
    type_in(small_book, "teams", 2, "name", "Others were here")
    before = desk.snapshot
    stale = ask(desk)
    counted = calls(small_book)
    desk.save([Change("tickets", {"subject": "Mine"}, id="T-2")], "test")
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate", "GET values:batchGet"]
    Watch(desk, lambda _: None)._take(*stale)  # what its thread had on its way
    assert desk.frame("tickets")["subject"].tolist() == ["Subject 1", "Mine", "Subject 3"]
    assert (desk.snapshot.version, desk.frame("teams")["name"].iloc[0]) == (before.version, "Pre-sales")
    Watch(desk, lambda _: None).look()
    assert desk.snapshot.version == small_book.version()
    assert desk.frame("tickets")["subject"].tolist() == ["Subject 1", "Mine", "Subject 3"]
    assert desk.frame("teams")["name"].iloc[0] == "Others were here"


def test_a_save_of_settings_reads_everything(small_book, now):
    """The company's time zone and the team's fields decide how all other sheets are read."""
    desk = Desk(small_book, "tickets", NAMES, {"OPSLINE_PERSON": "E01", "OPSLINE_NOW": "2026-11-23T01:00Z"})
    small_book.save([Change("people", {"role": "admin"}, id="E01")], who="E01", source="test", now=now)
    desk.reload()
    desk.save([Change("settings", {"value": "UTC"}, id="time_zone")], "test")
    assert desk.frame("tickets")["opened_at"].iloc[0] == pd.Timestamp("2026-11-23 08:00", tz="UTC")
    assert desk.snapshot.version == small_book.version()
