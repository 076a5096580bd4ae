"""Who may be served, and under which name."""

import re
from pathlib import Path

import pytest
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import create_signed_value

from local_sheets import Person
from opsline.server.language import language_of, theme_of
from opsline.server.settings import ServerSettings
from opsline.server.visitors import kept_bytes, login_of
from opsline.server.workbook import local_file
from sheets_schema.errors import OpslineError


def asked(address: str, wishes: str = "", host: str = "localhost", **more: str) -> HTTPServerRequest:
    """Return a browser's request."""
    return HTTPServerRequest(
        start_line=RequestStartLine("GET", address, "HTTP/1.1"),
        headers=HTTPHeaders({"Host": host, "Accept-Language": wishes} | more),
    )


@pytest.mark.parametrize("ip", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_no_password(ip: str, tmp_path: Path) -> None:
    """Loopback is reached from here alone."""
    assert ServerSettings(ip=ip, pages=tmp_path).checked().is_loopback


@pytest.mark.parametrize("ip", ["0.0.0.0", "", "192.0.2.7", "::", "desk.example"])  # noqa: S104
def test_other_machines_need_one(ip: str, tmp_path: Path) -> None:
    """Refused before anything listens; with a password it is allowed."""
    with pytest.raises(OpslineError, match="password"):
        ServerSettings(ip=ip, pages=tmp_path).checked()

    assert ServerSettings(ip=ip, pages=tmp_path, password="x").checked()


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        *(("localhost", True), ("127.0.0.1", True), ("::1", True), ("[::1]", True)),
        *(("desk.example", False), ("127.0.0.1.example", False), ("localhost.example", False)),
    ],
)
def test_only_this_machines_names_are_answered(host: str, is_ours: bool) -> None:
    """Tornado matches the whole host name against the pattern, with `$` added."""
    pattern = ServerSettings().host_pattern + "$"

    assert bool(re.match(pattern, host)) is is_ours


def test_no_folder_of_pages_is_a_sentence(tmp_path: Path) -> None:
    """It names the folder, and the variable that changes it."""
    with pytest.raises(OpslineError, match="OPSLINE_PAGES"):
        ServerSettings(pages=tmp_path / "nowhere").checked()


@pytest.mark.parametrize(
    ("query", "wishes", "language"),
    [
        *(("", "", "en"), ("", "fr-FR,zh-TW;q=0.9", "zh-Hant"), ("", "zh-CN", "zh-Hans")),
        *(("lang=zh-Hans", "en", "zh-Hans"), ("lang=xx", "zh-HK", "zh-Hant"), ("", "de,en;q=0.5", "en")),
    ],
)
def test_the_frame_speaks_the_visitors_language(query: str, wishes: str, language: str) -> None:
    """The address bar comes before the browser."""
    assert language_of(asked(f"/desk/home?{query}", wishes)) == language


def test_a_theme_is_one_of_two_words() -> None:
    """What the address bar says goes into the page's markup only if it is known."""
    addresses = ("/?theme=dark", "/?theme=light", '/?theme="><script>', "/")

    assert [theme_of(asked(address)) for address in addresses] == ["dark", "light", "", ""]


def test_the_cookies_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    """A visitor stays the same one when the server is started again."""
    file = tmp_path / "deep" / "secret"

    assert kept_bytes(file) == kept_bytes(file)
    assert len(kept_bytes(file)) == 32
    assert file.stat().st_mode & 0o077 == 0


def test_where_the_workbook_is(tmp_path: Path) -> None:
    """An address is not a file; a file may be named; else it stands in the data folder."""
    data = {"OPSLINE_DATA": str(tmp_path)}

    assert local_file(data) == tmp_path / "workbook.sqlite"
    assert local_file({**data, "OPSLINE_BOOK": str(tmp_path / "b.sqlite")}) == tmp_path / "b.sqlite"
    assert local_file({**data, "OPSLINE_BOOK": "https://docs.google.com/spreadsheets/d/x"}) is None


def test_a_visitor_with_the_password_writes_in_the_sheet() -> None:
    """As the cookie that jupyter_server sets says; another secret, or no cookie, is nobody's."""
    secret, other = b"a" * 64, b"b" * 64
    cookie = IdentityProvider().user_to_cookie(User("ada", display_name="Ada"))
    name = "username-desk-example-8866"
    signed = create_signed_value(secret, name, cookie).decode()
    request = asked("/spreadsheets/d/x/edit", host="desk.example:8866", Cookie=f"{name}={signed}")
    stranger = asked("/spreadsheets/d/x/edit", host="desk.example:8866")

    assert login_of(secret)(request) == Person("ada@localhost", "Ada", "writer")
    assert login_of(other)(request) is None
    assert login_of(secret)(stranger) is None
