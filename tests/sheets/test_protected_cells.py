"""Protected cells stay as they are, whatever a person who may not edit them tries."""

import re
from typing import Any

import gspread
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SENTENCE = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove"
    " protection if you need to edit."
)
CELLS = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}


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
    max_examples=80, derandomize=True,
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
