"""Who is let in: sessions for browsers, tokens, sockets, hosts."""

from typing import Any

import gspread
import pytest
import requests


def enter(server: Any, token: str, key: str = "none") -> requests.Session:
    """Log in at the page of a spreadsheet."""
    session = requests.Session()
    answer = session.post(
        f"{server.address}/spreadsheets/d/{key}/edit", {"token": token}, timeout=5, allow_redirects=False
    )
    assert answer.status_code in (303, 403, 429)
    return session


def test_a_session_is_no_token(start: Any, tmp_path: Any) -> None:
    """The cookie is not the token, is nowhere in the file, and is good for nobody's program."""
    server = start()
    session = enter(server, "test-token")
    kept = session.cookies["local_sheets_session"]
    assert "test-token" not in kept
    assert session.get(f"{server.address}/drive/v3/files", timeout=5).ok
    as_token = requests.get(
        f"{server.address}/drive/v3/files", headers={"Authorization": f"Bearer {kept}"}, timeout=5
    )
    assert as_token.status_code == 401
    server.stop()
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert kept.encode() not in content
        assert b"test-token" not in content


def test_a_session_outlives_the_server_but_not_its_token(start: Any, tmp_path: Any) -> None:
    """A restart with the same person keeps it; without them it is over."""
    data = tmp_path / "book.sqlite"
    person = ("--person", "ada@example.com=hers")
    server = start(*person, data=data)
    session = enter(server, "hers")
    server.stop()

    again = start(*person, data=data)
    session.cookies.set("local_sheets_session", session.cookies["local_sheets_session"], domain="127.0.0.1")
    assert session.get(f"{again.address}/drive/v3/files", timeout=5).ok
    again.stop()

    without = start("--person", "ada@example.com=another", data=data)
    assert session.get(f"{without.address}/drive/v3/files", timeout=5).status_code == 403


def test_signing_out_ends_the_session(start: Any) -> None:
    """On the server, not in the browser alone."""
    server = start()
    session = enter(server, "test-token")
    kept = session.cookies["local_sheets_session"]
    assert session.post(f"{server.address}/spreadsheets/leave", timeout=5).ok
    assert "local_sheets_session" not in session.cookies
    stolen = requests.get(
        f"{server.address}/drive/v3/files", cookies={"local_sheets_session": kept}, timeout=5
    )
    assert stolen.status_code == 403


def test_wrong_tokens_are_tried_ten_times_a_minute(start: Any) -> None:
    """Then even the right one has to wait; programs with the token go on."""
    server = start()
    url = f"{server.address}/spreadsheets/d/none/edit"
    answers = [requests.post(url, {"token": "guess"}, timeout=5).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    late = requests.post(url, {"token": "test-token"}, timeout=5, allow_redirects=False)
    assert late.status_code == 429
    assert server.call("GET", "/drive/v3/files").ok


def test_people_are_read_from_a_file(start: Any, tmp_path: Any) -> None:
    """So that no token stands in the list of processes."""
    listed = tmp_path / "people"
    listed.write_text("# everybody\n\nada@example.com = hers\n")
    server = start("--people", str(listed))
    answer = requests.get(
        f"{server.address}/drive/v3/about?fields=user(emailAddress)",
        headers={"Authorization": "Bearer hers"},
        timeout=5,
    )
    assert answer.json() == {"user": {"emailAddress": "ada@example.com"}}


def knock(server: Any, key: str, **headers: str) -> int:
    """Try to open the socket of a live page; return the status of the answer."""
    asked = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    url = f"{server.address}/spreadsheets/d/{key}/live"
    with requests.get(url, headers=asked | headers, timeout=5, stream=True) as answer:
        return answer.status_code


def test_a_socket_is_opened_for_those_who_may_read(people: Any, shared: gspread.Spreadsheet) -> None:
    """By a session from the same origin, or by a token; not by what a foreign page could send."""
    server, key = people.server, shared.id
    session = enter(server, people.token("reader"))
    cookie = {"Cookie": f"local_sheets_session={session.cookies['local_sheets_session']}"}
    stranger = enter(server, people.token("stranger"))
    strangers = {"Cookie": f"local_sheets_session={stranger.cookies['local_sheets_session']}"}

    assert knock(server, key, Origin=server.address) == 403
    assert knock(server, key) == 403
    assert knock(server, key, **cookie) == 403
    assert knock(server, key, Origin="https://evil.example", **cookie) == 403
    assert knock(server, key, Host="evil.example", Origin="http://evil.example", **cookie) == 403
    assert knock(server, key, Origin=server.address, **strangers) == 403
    assert knock(server, key, Authorization="Bearer wrong", Origin=server.address) == 401
    assert knock(server, key, Authorization="Bearer reader-token", Origin="https://evil.example") == 403
    assert knock(server, key, Origin=server.address, **cookie) == 101
    assert knock(server, key, Authorization="Bearer reader-token") == 101


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 403), ({"Origin": "https://evil.example"}, 403), ({}, 200)],
)
def test_every_address_asks_for_its_host(start: Any, headers: dict[str, str], status: int) -> None:
    """The style and the sign of life, too, which anybody may read."""
    server = start()
    for path in ("/healthz", "/spreadsheets/static/sheet.css"):
        assert requests.get(server.address + path, headers=headers, timeout=5).status_code == status
