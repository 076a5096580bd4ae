"""Who may do what: roles against actions, protected ranges against all that could touch them, sessions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import gspread
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SENTENCE = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove"
    " protection if you need to edit."
)
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


@pytest.fixture
def shared(people: Any) -> gspread.Spreadsheet:
    """Return a spreadsheet on which everybody has the role of their name."""
    book: gspread.Spreadsheet = people.shared()
    return book


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


# protected ranges ----------------------------------------------------------------------------------


def grid(top: int | None, bottom: int | None, left: int | None, right: int | None) -> dict[str, Any]:
    """Return a GridRange of the first sheet."""
    sides = {
        "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right,
    }  # fmt: skip
    return {"sheetId": 0} | {name: side for name, side in sides.items() if side is not None}


@pytest.fixture
def guarded(shared: gspread.Spreadsheet) -> gspread.Spreadsheet:
    """Return ten rows of four columns, of which B3:C5 (rows 2..4) is protected."""
    shared.sheet1.update([[f"{letter}{n}" for letter in "abcd"] for n in range(1, 11)], "A1", raw=True)
    protect(shared, {"range": grid(2, 5, 1, 3)})
    return shared


def protect(book: gspread.Spreadsheet, item: dict[str, Any]) -> dict[str, Any]:
    """Protect a range as the owner; return what was answered."""
    answer = book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": item}}]})
    made: dict[str, Any] = answer["replies"][0]["addProtectedRange"]["protectedRange"]
    return made


def attempt(people: Any, book: gspread.Spreadsheet, *requests: Any, name: str = "writer") -> str:
    """Send a batch as somebody; return why it was refused, "" if it was not."""
    answer = people.call(
        name, "POST", f"/v4/spreadsheets/{book.id}:batchUpdate", {"requests": list(requests)}
    )
    assert answer.status_code in (200, 400), answer.text
    return "" if answer.ok else answer.json()["error"]["message"]


def typed(text: str) -> dict[str, Any]:
    """Return a cell with a text."""
    return {"userEnteredValue": {"stringValue": text}}


def rows(start: int, end: int, dimension: str = "ROWS") -> dict[str, Any]:
    """Return a DimensionRange."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


def start(row: int, column: int) -> dict[str, int]:
    """Return a GridCoordinate."""
    return {"sheetId": 0, "rowIndex": row, "columnIndex": column}


BOLD = {"cell": {"userEnteredFormat": {"textFormat": {"bold": True}}}, "fields": "userEnteredFormat"}
SORT = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]

REFUSED: dict[str, dict[str, Any]] = {
    "updateCells": {"start": start(2, 1), "rows": [{"values": [typed("x")]}], "fields": "*"},
    "repeatCell": {"range": grid(4, 9, 2, 3)} | BOLD,
    "setDataValidation": {"range": grid(0, 9, 1, 2), "rule": {"condition": {"type": "BOOLEAN"}}},
    "updateBorders": {"range": grid(2, 3, 1, 2), "top": {"style": "SOLID"}},
    "deleteDimension": {"range": rows(3, 4)},
    "insertDimension": {"range": rows(3, 4)},
    "moveDimension": {"source": rows(3, 4), "destinationIndex": 8},
    "insertRange": {"range": grid(0, 1, 1, 2), "shiftDimension": "ROWS"},
    "deleteRange": {"range": grid(0, 1, 2, 3), "shiftDimension": "ROWS"},
    "sortRange": {"range": grid(1, 10, 0, 4), "sortSpecs": SORT},
    "copyPaste": {"source": grid(0, 1, 0, 1), "destination": grid(4, 5, 2, 3)},
    "cutPaste": {"source": grid(2, 3, 1, 2), "destination": start(8, 3)},
    "pasteData": {"coordinate": start(2, 0), "data": "x,y", "delimiter": ","},
    "findReplace": {"find": "b3", "replacement": "x", "allSheets": True},
    "mergeCells": {"range": grid(1, 3, 0, 2), "mergeType": "MERGE_ALL"},
    "deleteDuplicates": {"range": grid(0, 10, 0, 4), "comparisonColumns": [rows(3, 4, "COLUMNS")]},
    "deleteSheet": {"sheetId": 0},
    "updateProtectedRange": {"protectedRange": {"warningOnly": True}, "fields": "warningOnly"},
    "deleteProtectedRange": {},
}


def test_protected_cells_stay_as_they_are(people: Any, guarded: gspread.Spreadsheet) -> None:
    """Whatever kind of request would change them, delete them, or move them apart."""
    other = guarded.add_worksheet("other", 5, 5)
    protected = guarded.fetch_sheet_metadata()["sheets"][0]["protectedRanges"][0]
    before = guarded.sheet1.get_all_values()
    for kind, request in REFUSED.items():
        body = dict(request)
        if kind == "updateProtectedRange":
            body["protectedRange"] = body["protectedRange"] | {
                "protectedRangeId": protected["protectedRangeId"]
            }
        if kind == "deleteProtectedRange":
            body = {"protectedRangeId": protected["protectedRangeId"]}
        if kind == "deleteDuplicates":
            guarded.sheet1.update([["d"]] * 10, "D1:D10")
            before = guarded.sheet1.get_all_values()
        refusal = attempt(people, guarded, {kind: body})
        assert refusal == f"Invalid requests[0].{kind}: {SENTENCE}", kind
        assert guarded.sheet1.get_all_values() == before, kind
    assert other.title == "other"


def test_the_request_that_was_refused_is_named(people: Any, guarded: gspread.Spreadsheet) -> None:
    """In a batch whose other requests are fine; nothing of it is applied."""
    fine = {"updateCells": {"start": start(0, 0), "rows": [{"values": [typed("x")]}], "fields": "*"}}
    refused = {"updateCells": {"start": start(3, 1), "rows": [{"values": [typed("x")]}], "fields": "*"}}
    words = attempt(people, guarded, fine, fine, refused, fine)

    assert words == f"Invalid requests[2].updateCells: {SENTENCE}"
    assert guarded.sheet1.acell("A1").value == "a1"


ALLOWED: dict[str, list[dict[str, Any]]] = {
    "cells beside it": [
        {"updateCells": {"start": start(3, 0), "rows": [{"values": [typed("x")]}], "fields": "*"}},
        {"updateCells": {"start": start(3, 3), "rows": [{"values": [typed("x")]}], "fields": "*"}},
    ],
    "rows above it": [
        {"insertDimension": {"range": rows(2, 4)}},
        {"updateCells": {"start": start(6, 0), "rows": [{"values": [typed("x")]}], "fields": "*"}},
        {"deleteDimension": {"range": rows(0, 1)}},
    ],
    "columns before it": [
        {"insertDimension": {"range": rows(1, 3, "COLUMNS")}},
        {"deleteDimension": {"range": rows(0, 1, "COLUMNS")}},
    ],
    "rows below it": [
        {"insertDimension": {"range": rows(5, 6)}},
        {"deleteDimension": {"range": rows(6, 9)}},
        {"appendCells": {"sheetId": 0, "rows": [{"values": [typed("x")]}], "fields": "*"}},
    ],
    "a sort of other columns": [
        {"sortRange": {"range": grid(0, 10, 3, 4), "sortSpecs": [{"dimensionIndex": 3}]}}
    ],
    "a sheet's name": [
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "renamed"}, "fields": "title"}}
    ],
    "the same value again": [
        {
            "updateCells": {
                "start": start(2, 1),
                "rows": [{"values": [typed("b3")]}],
                "fields": "userEnteredValue",
            }
        }
    ],
}


@pytest.mark.parametrize("what", ALLOWED)
def test_what_leaves_protected_cells_alone_is_allowed(
    people: Any, guarded: gspread.Spreadsheet, what: str
) -> None:
    """The range moves along, holds what it held, and is protected where it lies now."""
    assert attempt(people, guarded, *ALLOWED[what]) == ""
    sheet = guarded.fetch_sheet_metadata()["sheets"][0]
    place = sheet["protectedRanges"][0]["range"]
    held = guarded.get_worksheet(0).get_all_values()
    inside = [line[place["startColumnIndex"] : place["endColumnIndex"]] for line in held]
    assert inside[place["startRowIndex"] : place["endRowIndex"]] == [[f"b{n}", f"c{n}"] for n in (3, 4, 5)]
    cell = start(place["startRowIndex"], place["startColumnIndex"])
    refused = {"updateCells": {"start": cell, "rows": [{"values": [typed("x")]}], "fields": "*"}}
    assert SENTENCE in attempt(people, guarded, refused)


def test_a_range_that_moved_within_the_batch_is_still_protected(
    people: Any, guarded: gspread.Spreadsheet
) -> None:
    """First rows and columns are inserted before it, then it is written where it lies now."""
    inserts = [
        {"insertDimension": {"range": rows(0, 2)}},
        {"insertDimension": {"range": rows(0, 1, "COLUMNS")}},
    ]
    cell = {"rows": [{"values": [typed("x")]}], "fields": "*"}
    words = attempt(people, guarded, *inserts, {"updateCells": {"start": start(4, 2)} | cell})
    assert words == f"Invalid requests[2].updateCells: {SENTENCE}"
    assert attempt(people, guarded, *inserts, {"updateCells": {"start": start(2, 1)} | cell}) == ""


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/values/B4?valueInputOption=RAW", {"values": [["x"]]}),
        ("PUT", "/values/A1?valueInputOption=USER_ENTERED", {"values": [["x"] * 4] * 4}),
        ("POST", "/values/A2:D4:clear", {}),
        ("POST", "/values:batchClear", {"ranges": ["A1", "C5"]}),
        (
            "POST", "/values:batchUpdate",
            {"valueInputOption": "RAW", "data": [{"range": "C3", "values": [[1]]}]},
        ),
        (
            "POST", "/values/A1:B3:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS",
            {"values": [["x"]]},
        ),
    ],
)  # fmt: skip
def test_values_are_refused_in_googles_words(
    people: Any, guarded: gspread.Spreadsheet, method: str, path: str, body: Any
) -> None:
    """update, append, clear and their batches."""
    if "append" in path:
        guarded.sheet1.batch_clear(["A4:D4"])  # the table ends above the protected rows 3 to 5
    answer = people.call("writer", method, f"/v4/spreadsheets/{guarded.id}{path}", body)
    assert answer.status_code == 400
    assert answer.json()["error"] == {"code": 400, "message": SENTENCE, "status": "INVALID_ARGUMENT"}


def test_a_protected_column_may_be_appended_beside(people: Any, shared: gspread.Spreadsheet) -> None:
    """The ids in A belong to the owner; others add rows with nothing in A, and insert none between."""
    shared.sheet1.update([["id", "title"], ["T-1", "one"], ["T-2", "two"]], "A1")
    protect(shared, {"range": grid(None, None, 0, 1)})
    path = f"/v4/spreadsheets/{shared.id}/values/A1:append?valueInputOption=RAW"

    assert people.call("writer", "POST", path, {"values": [[None, "three"]]}).ok
    assert people.call("writer", "POST", path, {"values": [["T-4", "four"]]}).status_code == 400
    assert SENTENCE in attempt(people, shared, {"insertDimension": {"range": rows(1, 2)}})
    assert (
        attempt(people, shared, {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}}) == ""
    )
    assert shared.sheet1.get_all_values()[2:] == [["T-2", "two"], ["", "three"]]


def test_a_protected_sheet_is_open_where_it_says(people: Any, shared: gspread.Spreadsheet) -> None:
    """The unprotectedRanges of a whole sheet; its rows, its name and its tab are the owner's."""
    shared.add_worksheet("other", 5, 5)
    shared.sheet1.update([["a", "b"], ["c", "d"]], "A1")
    protect(shared, {"range": {"sheetId": 0}, "unprotectedRanges": [grid(1, 9, 1, 2)]})
    sheet = people.client("writer").open_by_key(shared.id).sheet1

    sheet.update([["x"]], "B2")
    for refused in (
        lambda: sheet.update([["x"]], "A2"),
        lambda: sheet.update([["x"]], "B10"),
        lambda: sheet.update_title("y"),
        lambda: sheet.add_rows(3),
        lambda: sheet.insert_rows([["z"]], 9),
        sheet.hide,
        lambda: people.client("writer").open_by_key(shared.id).del_worksheet(sheet),
    ):
        with pytest.raises(gspread.exceptions.APIError, match="protected cell or object"):
            refused()
    assert shared.sheet1.get_all_values() == [["a", "b"], ["c", "x"]]


@pytest.mark.parametrize(
    ("item", "allowed"),
    [
        ({"editors": {"users": ["Writer@example.com"]}}, True),
        ({"editors": {"users": ["otto@example.com"]}}, False),
        ({"editors": {"groups": ["writer@example.com"]}}, False),
        ({"warningOnly": True}, True),
        ({}, False),
    ],
)
def test_editors_may_edit(
    people: Any, shared: gspread.Spreadsheet, item: dict[str, Any], allowed: bool
) -> None:
    """And take the protection away; a reader among the editors is still a reader."""
    made = protect(shared, {"range": grid(0, 1, 0, 1)} | item)
    assert made["requestingUserCanEdit"] is True
    seen = people.client("writer").open_by_key(shared.id).fetch_sheet_metadata()
    shown = seen["sheets"][0]["protectedRanges"][0]
    assert shown.get("requestingUserCanEdit", False) == allowed
    assert ("editors" in shown) == (allowed and not item.get("warningOnly"))
    path = f"/v4/spreadsheets/{shared.id}/values/A1?valueInputOption=RAW"
    assert people.call("writer", "PUT", path, {"values": [["x"]]}).ok == allowed
    assert people.call("reader", "PUT", path, {"values": [["x"]]}).status_code == 403
    gone = {"deleteProtectedRange": {"protectedRangeId": made["protectedRangeId"]}}
    assert (attempt(people, shared, gone) == "") == allowed


def test_a_domain_may_edit_where_it_says(people: Any) -> None:
    """domainUsersCanEdit: those of the owner's domain."""
    book = people.client("reader").create("of example.com")
    book.share("writer@example.com", perm_type="user", role="writer", notify=False)
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW"
    made = protect(book, {"range": grid(0, 1, 0, 1), "editors": {"users": []}})
    assert people.call("writer", "PUT", path, {"values": [["x"]]}).status_code == 400
    change = {
        "protectedRange": {
            "protectedRangeId": made["protectedRangeId"], "editors": {"domainUsersCanEdit": True},
        },
        "fields": "editors.domainUsersCanEdit",
    }  # fmt: skip
    book.batch_update({"requests": [{"updateProtectedRange": change}]})
    assert people.call("writer", "PUT", path, {"values": [["x"]]}).ok


def test_a_protected_name_is_protected_where_it_lies(people: Any, guarded: gspread.Spreadsheet) -> None:
    """namedRangeId; the name cannot be carried off to other cells either."""
    named = {"addNamedRange": {"namedRange": {"name": "top", "range": grid(0, 1, 0, 1)}}}
    answer = guarded.batch_update({"requests": [named]})
    key = answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"]
    protect(guarded, {"namedRangeId": key})
    path = f"/v4/spreadsheets/{guarded.id}/values/top?valueInputOption=RAW"
    assert people.call("writer", "PUT", path, {"values": [["x"]]}).status_code == 400
    moved = {"namedRange": {"namedRangeId": key, "range": grid(8, 9, 0, 1)}, "fields": "range"}
    assert SENTENCE in attempt(people, guarded, {"updateNamedRange": moved})


def test_a_formula_in_a_protected_cell_follows_its_sources(people: Any, shared: gspread.Spreadsheet) -> None:
    """Its value is worked out anew; that is no edit of the cell."""
    shared.sheet1.update([["=SUM(A2:A3)"], [1], [2]], "A1", raw=False)
    protect(shared, {"range": grid(0, 1, 0, 1)})
    path = f"/v4/spreadsheets/{shared.id}/values/A2?valueInputOption=USER_ENTERED"
    assert people.call("writer", "PUT", path, {"values": [[5]]}).ok
    assert attempt(people, shared, {"insertDimension": {"range": rows(1, 2)}}) == ""
    assert shared.sheet1.acell("A1", value_render_option="FORMULA").value.startswith("=SUM(")


def test_the_page_does_not_write_protected_cells(people: Any, guarded: gspread.Spreadsheet) -> None:
    """It keeps what was typed and says why."""
    page = people.call("writer", "GET", f"/spreadsheets/d/{guarded.id}/htmlview").text
    key = re.search(r'data-key="(\d+)"[^>]*id="r3"', page)
    assert key
    body = {"gid": 0, "key": key[1], "column": 1, "text": "x", "before": None}
    answer = people.call("writer", "POST", f"/spreadsheets/d/{guarded.id}/cell?lang=en", body)
    assert answer.status_code == 422
    assert "protected" in answer.json()["problems"]["1"]
    beside = people.call("writer", "POST", f"/spreadsheets/d/{guarded.id}/cell", body | {"column": 0})
    assert beside.ok, beside.text


def anything() -> st.SearchStrategy[dict[str, Any]]:
    """Return requests of many kinds that fall on and around the protected range."""
    low, high = st.integers(0, 12), st.integers(0, 5)
    box = st.builds(
        lambda top, down, left, right: grid(top, top + down, left, left + right),
        low, high, st.integers(0, 5), high,
    )  # fmt: skip
    place = st.builds(start, low, st.integers(0, 5))
    lines = st.builds(
        lambda dimension, at, count: rows(at, at + count, dimension),
        st.sampled_from(["ROWS", "COLUMNS"]), st.integers(0, 9), st.integers(1, 3),
    )  # fmt: skip
    cells = {"rows": [{"values": [typed("x"), typed("b3")]}, {"values": [typed("y")]}], "fields": "*"}
    return st.one_of(
        place.map(lambda at: {"updateCells": {"start": at} | cells}),
        box.map(lambda at: {"repeatCell": {"range": at} | BOLD}),
        lines.map(lambda at: {"insertDimension": {"range": at}}),
        lines.map(lambda at: {"deleteDimension": {"range": at}}),
        st.builds(lambda at, to: {"moveDimension": {"source": at, "destinationIndex": to}}, lines, low),
        st.builds(
            lambda at, way: {"insertRange": {"range": at, "shiftDimension": way}},
            box, st.sampled_from(["ROWS", "COLUMNS"]),
        ),
        st.builds(
            lambda at, way: {"deleteRange": {"range": at, "shiftDimension": way}},
            box, st.sampled_from(["ROWS", "COLUMNS"]),
        ),
        box.map(lambda at: {"sortRange": {"range": at, "sortSpecs": SORT}}),
        box.map(lambda at: {"randomizeRange": {"range": at}}),
        st.builds(lambda at, to: {"cutPaste": {"source": at, "destination": to}}, box, place),
        st.builds(lambda at, to: {"copyPaste": {"source": at, "destination": to}}, box, box),
        box.map(lambda at: {"mergeCells": {"range": at, "mergeType": "MERGE_ALL"}}),
        box.map(lambda at: {"deleteDuplicates": {"range": at}}),
        box.map(lambda at: {"trimWhitespace": {"range": at}}),
        st.just({"findReplace": {"find": "b", "replacement": "x", "allSheets": True}}),
    )  # fmt: skip


@settings(
    max_examples=80, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(sent=st.lists(anything(), min_size=1, max_size=4))
def test_no_sequence_of_requests_gets_at_protected_cells(
    people: Any, guarded: gspread.Spreadsheet, sent: list[dict[str, Any]]
) -> None:
    """Whatever a writer sends, done or refused: the range holds what it held, where it lies now."""
    attempt(people, guarded, *sent)
    sheet = guarded.fetch_sheet_metadata({"includeGridData": "true"})["sheets"][0]
    (item,) = sheet["protectedRanges"]
    place, lines = item["range"], sheet["data"][0]["rowData"]
    inside = [
        (line.get("values", []) + [{}] * 9)[place["startColumnIndex"] : place["endColumnIndex"]]
        for line in lines[place["startRowIndex"] : place["endRowIndex"]]
    ]
    held = [[(cell.get("formattedValue"), "userEnteredFormat" in cell) for cell in line] for line in inside]
    assert held == [[(f"b{n}", False), (f"c{n}", False)] for n in (3, 4, 5)]


# sessions ------------------------------------------------------------------------------------------


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
