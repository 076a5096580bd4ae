"""Who may do what: roles against actions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import gspread
import pytest

NAMES = ("owner", "writer", "commenter", "reader", "stranger")
CELLS = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}

READ = ("owner", "writer", "commenter", "reader")
COMMENT = ("owner", "writer", "commenter")
WRITE = ("owner", "writer")
OWNER = ("owner",)

ACTIONS: dict[str, tuple[tuple[str, ...], str, str, Any]] = {
    "get": (READ, "GET", "/v4/spreadsheets/{}", None),
    "get by filter": (READ, "POST", "/v4/spreadsheets/{}:getByDataFilter", {"dataFilters": []}),
    "values get": (READ, "GET", "/v4/spreadsheets/{}/values/A1", None),
    "values batch get": (READ, "GET", "/v4/spreadsheets/{}/values:batchGet?ranges=A1", None),
    "metadata search": (READ, "POST", "/v4/spreadsheets/{}/developerMetadata:search", {"dataFilters": []}),
    "values update": (
        WRITE, "PUT", "/v4/spreadsheets/{}/values/A1?valueInputOption=RAW", {"values": [["x"]]},
    ),
    "values append": (
        WRITE, "POST", "/v4/spreadsheets/{}/values/A1:append?valueInputOption=RAW", {"values": [["x"]]},
    ),
    "values clear": (WRITE, "POST", "/v4/spreadsheets/{}/values/A1:clear", {}),
    "values batch": (
        WRITE, "POST", "/v4/spreadsheets/{}/values:batchUpdate",
        {"valueInputOption": "RAW", "data": [{"range": "A1", "values": [["x"]]}]},
    ),
    "batch": (WRITE, "POST", "/v4/spreadsheets/{}:batchUpdate", {"requests": [{"addSheet": {}}]}),
    "file": (READ, "GET", "/drive/v3/files/{}", None),
    "export": (READ, "GET", "/drive/v3/files/{}/export?mimeType=text/csv", None),
    "copy": (READ, "POST", "/drive/v3/files/{}/copy", {"name": "copied"}),
    "rename": (WRITE, "PATCH", "/drive/v3/files/{}", {"name": "renamed"}),
    "list comments": (READ, "GET", "/drive/v3/files/{}/comments?fields=comments(id)", None),
    "comment": (COMMENT, "POST", "/drive/v3/files/{}/comments?fields=id", {"content": "why?"}),
    "list permissions": (WRITE, "GET", "/drive/v3/files/{}/permissions", None),
    "share": (
        WRITE, "POST", "/drive/v3/files/{}/permissions",
        {"type": "user", "role": "reader", "emailAddress": "otto@example.com"},
    ),
    "bin": (OWNER, "PATCH", "/drive/v3/files/{}", {"trashed": True}),
    "delete": (OWNER, "DELETE", "/drive/v3/files/{}", None),
    "page": (READ, "GET", "/spreadsheets/d/{}/edit", None),
    "table": (READ, "GET", "/spreadsheets/d/{}/htmlview", None),
    "page state": (READ, "GET", "/spreadsheets/d/{}/state", None),
    "page row": (WRITE, "POST", "/spreadsheets/d/{}/rows", {"gid": 0, "cells": {"0": "x"}}),
}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_a_role_may_do_what_it_says(people: Any, shared: gspread.Spreadsheet, action: str) -> None:
    """From the least to the most: whoever may not is told so as Google does, and nothing has happened."""
    allowed, method, path, body = ACTIONS[action]
    version = f"/drive/v3/files/{shared.id}?fields=version"
    for name in reversed(NAMES):
        before = people.call("owner", "GET", version).json()
        answer = people.call(name, method, path.format(shared.id), body)
        if name in allowed:
            assert answer.ok, (name, answer.text)
            continue
        unseen = name == "stranger" and path.startswith("/drive")
        assert answer.status_code == (404 if unseen else 403), (name, answer.text)
        if unseen:
            assert answer.json()["error"]["message"] == f"File not found: {shared.id}."
        elif path.startswith("/v4"):
            assert answer.json()["error"] == {
                "code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED",
            }  # fmt: skip
        assert people.call("owner", "GET", version).json() == before


def test_what_somebody_creates_is_theirs(people: Any) -> None:
    """Through either API; others do not see it, the server's owner may."""
    for path, body in (("/v4/spreadsheets", {}), ("/drive/v3/files", {"name": "mine"})):
        made = people.call("writer", "POST", path, body).json()
        key = made.get("spreadsheetId") or made["id"]
        file = people.call("writer", "GET", f"/drive/v3/files/{key}?fields=*").json()
        assert file["owners"][0]["emailAddress"] == "writer@example.com"
        assert file["ownedByMe"]
        assert people.call("reader", "GET", f"/v4/spreadsheets/{key}").status_code == 403
        seen = people.call("owner", "GET", f"/drive/v3/files/{key}?fields=ownedByMe").json()
        assert seen == {"ownedByMe": False}


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        ({"type": "anyone"}, True),
        ({"type": "domain", "domain": "Example.com"}, True),
        ({"type": "domain", "domain": "example.org"}, False),
        ({"type": "user", "emailAddress": "Stranger@Example.com"}, True),
        ({"type": "group", "emailAddress": "stranger@example.com"}, False),
    ],
)
def test_domains_and_anyone_count(people: Any, permission: dict[str, str], who: bool) -> None:
    """An address is compared without its case; a group has nobody in it here."""
    book = people.client("owner").create("for some")
    path = f"/drive/v3/files/{book.id}/permissions"
    assert people.call("owner", "POST", path, permission | {"role": "reader"}).ok
    found = people.call("stranger", "GET", f"/v4/spreadsheets/{book.id}/values/A1").ok
    assert found == who
    assert people.call("stranger", "POST", f"/v4/spreadsheets/{book.id}/values/A1:clear").status_code == 403


def test_a_permission_that_has_expired_counts_no_more(people: Any) -> None:
    """As Drive's expirationTime says."""
    book = people.client("owner").create("for a while")
    path = f"/drive/v3/files/{book.id}/permissions"
    soon = datetime.now(UTC) + timedelta(seconds=2)
    given = {"type": "user", "emailAddress": "stranger@example.com", "role": "reader"}
    made = people.call("owner", "POST", path, given | {"expirationTime": soon.isoformat()})
    assert made.ok, made.text
    assert people.call("stranger", "GET", f"/v4/spreadsheets/{book.id}").ok
    while people.call("stranger", "GET", f"/v4/spreadsheets/{book.id}").ok:
        assert datetime.now(UTC) < soon + timedelta(seconds=5)
    past = {"role": "reader", "expirationTime": "2020-01-01T00:00:00.000Z"}
    assert people.call("owner", "PATCH", f"{path}/{made.json()['id']}", past).status_code == 400


def test_copying_a_sheet_needs_rights_on_both_sides(people: Any, shared: gspread.Spreadsheet) -> None:
    """Read the source, write the target."""
    own = people.client("reader").create("own")
    other = people.client("owner").create("other")
    path = f"/v4/spreadsheets/{shared.id}/sheets/0:copyTo"

    assert people.call("reader", "POST", path, {"destinationSpreadsheetId": own.id}).ok
    assert people.call("reader", "POST", path, {"destinationSpreadsheetId": other.id}).status_code == 403
    assert people.call("stranger", "POST", path, {"destinationSpreadsheetId": own.id}).status_code == 403


def test_a_reader_sees_a_page_that_does_not_edit(people: Any, shared: gspread.Spreadsheet) -> None:
    """The page says that it is for reading; somebody without rights is told whom to ask."""
    path = f"/spreadsheets/d/{shared.id}/htmlview?lang=en"
    assert "You may read this spreadsheet, but not change it." in people.call("reader", "GET", path).text
    assert 'aria-readonly="true"' not in people.call("writer", "GET", path).text
    assert "Ask its owner to share it" in people.call("stranger", "GET", path).text
