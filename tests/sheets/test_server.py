"""The process: one at a time, who may ask, how it ends, what goes wrong on demand."""

import json
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from gspread.utils import ExportFormat

BOOKS = "/v4/spreadsheets"


def run(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it ends."""
    command = [sys.executable, "-m", "local_sheets", "--data", str(data), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_it_says_where_it_answers_beside_its_file(start: Any) -> None:
    """Address, token and pid, readable by the owner only; gone with the server."""
    server = start()
    note = Path(f"{server.data}.server")
    said = json.loads(note.read_text())

    assert (said["address"], said["pid"]) == (server.address, server.process.pid)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    server.stop()
    assert not note.exists()


def test_a_second_server_on_one_file_gives_up(start: Any) -> None:
    """Exit status 3 and one sentence; the first goes on."""
    server = start()
    second = run(server.data)

    assert second.returncode == 3
    assert second.stderr.strip().count("\n") == 0
    assert "in use" in second.stderr
    assert server.call("GET", "/healthz").ok


@pytest.mark.parametrize(("content", "words"), [(b"no database at all" * 99, "is not a workbook")])
def test_a_bad_file_ends_it_with_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    """Exit status 1, no traceback, nothing lost."""
    path = tmp_path / "bad.sqlite"
    path.write_bytes(content)
    ended = run(path)

    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert path.read_bytes() == content


def test_it_ends_when_nobody_asks(start: Any) -> None:
    """--idle-exit; a request starts the time anew."""
    server = start("--idle-exit", "0.6")
    for _time in range(4):
        time.sleep(0.3)
        assert server.call("GET", f"{BOOKS}/none").status_code == 404
    assert server.process.wait(5) == 0


def test_it_ends_when_asked_with_the_token(start: Any) -> None:
    """POST /shutdown; without the token it is refused."""
    server = start()
    assert requests.post(f"{server.address}/shutdown", timeout=5).status_code == 403
    assert server.call("POST", "/shutdown").ok
    assert server.process.wait(5) == 0


def test_strangers_are_refused_in_googles_words(start: Any) -> None:
    """No authorization 403, a bad bearer 401; a forbidden spreadsheet 403."""
    server = start("--forbid", "secret")
    without = requests.get(f"{server.address}{BOOKS}/any", timeout=5)
    wrong = server.call("GET", f"{BOOKS}/any", headers={"Authorization": "Bearer wrong"})
    forbidden = server.call("GET", f"{BOOKS}/secret")

    assert (without.status_code, without.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert (wrong.status_code, wrong.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert forbidden.json()["error"]["message"] == "The caller does not have permission"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_foreign_hosts_and_origins_are_refused(start: Any, headers: dict[str, str]) -> None:
    """Even with the token: a page of another site must not use it, nor a name that was rebound."""
    server = start()
    for path in (f"{BOOKS}/any", "/spreadsheets/d/any/edit", "/spreadsheets/d/any/state"):
        assert server.call("GET", path, headers=headers).status_code == 403
    assert server.call("POST", "/spreadsheets/d/any/cell", {}, headers=headers).status_code == 403


def test_a_body_that_is_too_large_is_refused(start: Any) -> None:
    """The limit is checked before the body is read into memory."""
    server = start()
    try:
        answer = server.call("POST", BOOKS, headers={"Content-Length": str(1 << 30)})
    except requests.RequestException:
        return  # the connection was closed at once
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_a_body_that_is_no_object_is_400(start: Any, body: str) -> None:
    """Google's `Invalid JSON payload received`."""
    server = start()
    answer = server.call("POST", BOOKS, data=body)

    assert answer.status_code == 400
    assert "Invalid JSON payload" in answer.json()["error"]["message"]


def test_drive_finds_lists_and_renames(start: Any) -> None:
    """The q language, orderBy, and a version that grows with each change."""
    server = start()
    first = server.call("POST", "/drive/v3/files", {"name": "it's one"}).json()["id"]
    server.call("POST", "/drive/v3/files", {"name": "two"})

    def names(query: str, **more: str) -> list[str]:
        answer = server.call("GET", "/drive/v3/files", params={"q": query} | more)
        return [file["name"] for file in answer.json()["files"]]

    assert names("name = 'it\\'s one' and trashed = false") == ["it's one"]
    assert names("name contains 'TW' or name = 'x'") == ["two"]
    assert names("not name contains 'two'") == ["it's one"]
    assert names("", orderBy="createdTime") == ["it's one", "two"]
    assert server.call("GET", "/drive/v3/files", params={"q": "colour = 'red'"}).status_code == 400

    fields = {"fields": "version,modifiedTime"}
    before = server.call("GET", f"/drive/v3/files/{first}", params=fields).json()
    server.call("PATCH", f"/drive/v3/files/{first}", {"name": "renamed"})
    after = server.call("GET", f"/drive/v3/files/{first}", params=fields).json()
    assert int(after["version"]) > int(before["version"])
    assert names("name = 'renamed'") == ["renamed"]


def test_drive_copies_exports_shares_and_comments(start: Any) -> None:
    """What gspread's copy, export, share and the comments API use."""
    server = start()
    client = server.gspread()
    book = client.create("one")
    book.sheet1.update([["a", "b"], ["1"]], "A1")
    copied = client.copy(book.id, "two", copy_permissions=False)

    assert copied.sheet1.get_all_values() == [["a", "b"], ["1", ""]]
    assert book.export(ExportFormat.CSV) == b"a,b\r\n1,"
    assert server.call("GET", f"/drive/v3/files/{book.id}/export?mimeType=application/pdf").status_code == 400

    book.share("otto@example.com", perm_type="user", role="reader", notify=False)
    assert [p["role"] for p in book.list_permissions()] == ["owner", "reader"]
    book.remove_permissions("otto@example.com")
    assert [p["role"] for p in book.list_permissions()] == ["owner"]

    path = f"/drive/v3/files/{book.id}/comments?fields=*"
    made = server.call("POST", path, {"content": "<b>why?</b>"}).json()
    assert made["htmlContent"] == "&lt;b&gt;why?&lt;/b&gt;"
    assert server.call("GET", path).json()["comments"][0]["id"] == made["id"]
