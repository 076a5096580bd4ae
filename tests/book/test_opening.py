"""Opening: every way to a workbook, and one sentence for each way that is barred."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from sheets_schema.book import Change, open_book, server
from sheets_schema.book.open import reach
from sheets_schema.errors import CredentialFault, DamagedFile, NotAWorkbook, OpslineError, Unreachable
from sheets_schema.words import LANGUAGES

GOOGLE = "https://docs.google.com/spreadsheets/d/1a2b3c/edit"


@pytest.fixture
def file(tmp_path):
    """Return the path of a workbook that is not there yet; its server is ended afterwards."""
    path = tmp_path / "folder" / "workbook.sqlite"
    yield path
    noted = (
        json.loads((note := path.with_name(f"{path.name}.server")).read_text()) if note_exists(path) else None
    )
    if noted:
        os.kill(noted["pid"], signal.SIGTERM)
        _wait_until(lambda: not note.exists())


def note_exists(path):
    """Say whether a server has left its note beside a file."""
    return path.with_name(f"{path.name}.server").exists()


def _wait_until(true):
    """Wait until something is so."""
    until = time.monotonic() + 15
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def opened(file):
    """Return a book in a file of the test's own, whose sheets are only the few that it needs."""
    return open_book(str(file))


@pytest.mark.slow
def test_a_path_that_is_not_there_becomes_a_workbook_and_a_server_is_found_again(opened, file, now):
    """Opened, opened again, its server killed in between, saved to: the same rows; then damaged."""
    opened.save([Change("people", {"id": "E1", "name": "A", "role": "agent"})], who="E1", source="t", now=now)
    first = server.find(file)
    assert open_book(str(file)).load("people")["people"]["id"].tolist() == ["E1"]
    assert server.find(file) == first

    os.kill(json.loads(file.with_name("workbook.sqlite.server").read_text())["pid"], signal.SIGKILL)
    opened.save([Change("people", {"name": "B"}, id="E1")], who="E1", source="t", now=now)
    assert opened.load("people")["people"]["name"].tolist() == ["B"]
    assert server.find(file) != first


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", None),
        (b"name,subject\nLi,Lamp\n" * 300, NotAWorkbook),
        (b"SQLite format 3\x00" + b"\xff" * 8000, OpslineError),
    ],
    ids=["empty", "a table of text", "half a database"],
)
def test_a_file_that_is_no_workbook_is_left_as_it_is(tmp_path, content, error):
    """One sentence with the file's name, and not one byte changed."""
    path = tmp_path / "workbook.sqlite"
    path.write_bytes(content)
    if error is None:
        running = server.find_or_start(path)
        assert server.find(path) == running
        os.kill(json.loads((tmp_path / "workbook.sqlite.server").read_text())["pid"], signal.SIGTERM)
        return
    with pytest.raises(error) as caught:
        open_book(str(path))
    assert str(path) in _one_sentence(caught.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_as_it_is(tmp_path):
    """A SQLite file is not yet a workbook."""
    path = tmp_path / "contacts.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE contacts (name TEXT)")
    database.close()
    with pytest.raises(NotAWorkbook) as caught:
        open_book(str(path))
    assert str(path) in _one_sentence(caught.value)


def test_a_damaged_workbook_says_so(local_server, tmp_path):
    """A page in the middle overwritten: the file is named, and what to do."""
    path = tmp_path / "workbook.sqlite"
    source, target = sqlite3.connect(local_server.file), sqlite3.connect(path)
    with target:
        source.backup(target)
    source.close()
    target.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 40_960] = b"\xa5" * 40_960
    path.write_bytes(content)
    with pytest.raises(DamagedFile) as caught:
        open_book(str(path))
    assert str(path) in _one_sentence(caught.value)


def test_a_wrong_token_is_a_credential_fault(local_server, monkeypatch):
    """Somebody else's server does not let us in."""
    monkeypatch.setenv("OPSLINE_TOKEN", "wrong")
    with pytest.raises(CredentialFault) as caught:
        open_book(local_server.address)
    assert "OPSLINE_TOKEN" in _one_sentence(caught.value)


def test_a_missing_token_says_how_to_give_one(local_server, monkeypatch, tmp_path):
    """Without a note of our own the token cannot be known."""
    monkeypatch.delenv("OPSLINE_TOKEN", raising=False)
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path))
    with pytest.raises(CredentialFault) as caught:
        open_book(local_server.address)
    assert "OPSLINE_TOKEN" in _one_sentence(caught.value)


def test_the_token_of_ones_own_server_is_found_beside_its_file(local_server, monkeypatch):
    """On one's own machine an address is enough."""
    monkeypatch.delenv("OPSLINE_TOKEN", raising=False)
    monkeypatch.setenv("OPSLINE_DATA", str(local_server.file.parent))
    assert open_book(f"{local_server.address}/spreadsheets/d/{local_server.laid_out}").title == "Opsline"


def test_an_address_where_nothing_answers_is_unreachable(monkeypatch):
    """A port that nobody holds: told within the bound, with the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("OPSLINE_TOKEN", "t")
    began = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        open_book(f"http://127.0.0.1:{port}")
    assert time.monotonic() - began < 20
    assert f"127.0.0.1:{port}" in _one_sentence(caught.value)


def test_a_spreadsheet_that_is_not_there_or_not_ours_is_said(local_server, book, monkeypatch):
    """An id that nobody has, and a spreadsheet with other people's sheets."""
    with pytest.raises(NotAWorkbook) as caught:
        open_book(f"{local_server.address}/spreadsheets/d/1nowhere")
    _one_sentence(caught.value)
    made = book.client.request(
        "post", "https://sheets.googleapis.com/v4/spreadsheets", json={"properties": {"title": "Lunch"}}
    )
    with pytest.raises(NotAWorkbook) as caught:
        open_book(f"{local_server.address}/spreadsheets/d/{made.json()['spreadsheetId']}")
    assert "opsline init" in _one_sentence(caught.value)


@pytest.mark.parametrize(
    "address", ["https://docs.google.com/document/d/1a", "ftp://example.com/x", "https://"]
)
def test_an_address_of_something_else_is_refused(address):
    """No request is sent to it."""
    with pytest.raises(NotAWorkbook):
        open_book(address)


def test_google_without_a_key_says_where_to_get_one(monkeypatch, tmp_path):
    """Neither a service account nor a sign-in."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(CredentialFault) as caught:
        open_book(GOOGLE)
    assert "GOOGLE_APPLICATION_CREDENTIALS" in _one_sentence(caught.value)


@pytest.mark.parametrize("content", [None, "not json", "{}", '{"type": "authorized_user"}', "[]"])
def test_a_key_file_that_is_none_is_named(monkeypatch, tmp_path, content):
    """Missing, no JSON, or another kind of JSON."""
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises(CredentialFault) as caught:
        open_book(GOOGLE)
    assert str(path) in _one_sentence(caught.value)


def test_a_half_written_oauth_file_is_named(monkeypatch, tmp_path):
    """The file that gspread leaves, cut short."""
    folder = tmp_path / ".config" / "gspread"
    folder.mkdir(parents=True)
    (folder / "authorized_user.json").write_text('{"refresh_token": ')
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(CredentialFault) as caught:
        open_book(GOOGLE)
    assert "authorized_user.json" in _one_sentence(caught.value)


def test_opening_a_room_imports_no_client():
    """A page that shows an error needs no gspread; it is imported when a book is opened."""
    code = (
        "import sys; import sheets_schema.book; print(any(m in sys.modules for m in ('gspread', 'google')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_empty_server_says_how_to_make_a_workbook(failing, tmp_path, monkeypatch):
    """An address was given, so that nothing is made unasked."""
    address, _file = failing(tmp_path / "empty.sqlite", "--token", "t")
    monkeypatch.setenv("OPSLINE_TOKEN", "t")
    with pytest.raises(NotAWorkbook) as caught:
        reach(address)
    assert "opsline init" in _one_sentence(caught.value)


def _one_sentence(error):
    """Return an error's English words; it has them in all three languages, on one line."""
    for language in LANGUAGES:
        said = error.text(language)
        assert said
        assert "\n" not in said
        assert "Traceback" not in said
        assert "{" not in said
    return str(error)
