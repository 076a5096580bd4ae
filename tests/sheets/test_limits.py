"""Google's limits in Google's words; and nothing that anybody sends is answered with 500 or with silence."""

import json
from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_sheets.schema.table import table

BOOKS = "/v4/spreadsheets"


def refusal(book: gspread.Spreadsheet, *requests: Any) -> str:
    """Send a batch that is refused; return why."""
    with pytest.raises(APIError) as caught:
        book.batch_update({"requests": list(requests)})
    assert caught.value.code == 400
    message: str = caught.value.error["message"]
    return message


def rows(start: int, end: int, dimension: str = "ROWS") -> dict[str, Any]:
    """Return a DimensionRange."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


CELLS = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
COLUMNS = (
    "This action would increase the number of columns in the worksheet above the limit of 18278 columns."
)
LONG = "The sheet name cannot be greater than 100 characters."
SOURCE = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}


@pytest.mark.parametrize(
    ("kind", "request_", "words"),
    [
        ("appendDimension", {"sheetId": 0, "dimension": "ROWS", "length": 384_000}, CELLS),
        ("appendDimension", {"sheetId": 0, "dimension": "COLUMNS", "length": 18_253}, COLUMNS),
        ("insertDimension", {"range": rows(0, 2_000_000_000)}, CELLS),
        ("insertDimension", {"range": rows(0, 2_000_000_000, "COLUMNS")}, COLUMNS),
        ("addSheet", {"properties": {"gridProperties": {"rowCount": 10**7, "columnCount": 1}}}, CELLS),
        (
            "updateSheetProperties",
            {
                "properties": {"gridProperties": {"rowCount": 1, "columnCount": 18_279}},
                "fields": "gridProperties",
            },
            COLUMNS,
        ),
        (
            "autoFill",
            {"sourceAndDestination": {"source": SOURCE, "dimension": "ROWS", "fillLength": 2_000_000_000}},
            CELLS,
        ),
        ("addSheet", {"properties": {"title": "x" * 101}}, LONG),
    ],
)  # fmt: skip
def test_growth_ends_at_googles_limits(
    book: gspread.Spreadsheet, kind: str, request_: Any, words: str
) -> None:
    """Before anything is made: a sheet of 2,000,000,000 rows is refused at once."""
    assert refusal(book, {kind: request_}) == f"Invalid requests[0].{kind}: {words}"
    assert (book.sheet1.row_count, book.sheet1.col_count) == (1000, 26)


def test_what_reaches_the_limits_is_allowed(book: gspread.Spreadsheet) -> None:
    """10,000,000 cells, 18,278 columns, 100 letters, 200 sheets; not one sheet more."""
    book.sheet1.resize(rows=384_615, cols=26)
    book.sheet1.resize(rows=500, cols=18_278)
    book.sheet1.resize(rows=1, cols=1)
    book.sheet1.update_title("x" * 100)
    book.batch_update({"requests": [{"addSheet": {"properties": {"gridProperties": {
        "rowCount": 1, "columnCount": 1}}}}] * 199})  # fmt: skip
    assert refusal(book, {"addSheet": {}}) == (
        "Invalid requests[0].addSheet: This action would increase the number of sheets in the workbook above"
        " the limit of 200 sheets."
    )


def test_a_cell_holds_50000_characters(sheet: gspread.Worksheet) -> None:
    """One more is refused, however it is written."""
    words = "Your input contains more than the maximum of 50000 characters in a single cell."
    sheet.update([["x" * 50_000]], "A1")
    for option in ("RAW", "USER_ENTERED"):
        with pytest.raises(APIError, match=words):
            sheet.update([["x" * 50_001]], "A1", value_input_option=option)
    cell = {"userEnteredValue": {"stringValue": "x" * 50_001}}
    update = {"start": {"sheetId": 0}, "rows": [{"values": [cell]}], "fields": "*"}
    assert refusal(sheet.spreadsheet, {"updateCells": update}) == f"Invalid requests[0].updateCells: {words}"


def test_a_body_ends_at_the_limit(server: Any) -> None:
    """64 MiB, in Google's words; what is twice as large is cut off before it is read."""
    answer = server.call("POST", BOOKS, data=b" " * (64 * 1024 * 1024 + 1))
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": 400,
        "message": "Request payload size exceeds the limit: 67108864 bytes.",
        "status": "INVALID_ARGUMENT",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"null", b'{"a":' * 5000, b"[" * 100_000, b'{"requests":[' + b"[" * 3000,
        b'{"properties":{"title":"\\ud800"}}',
        b"\xff\xfe", b'{"x":1e999}', b'{"x":NaN}', b'{"x":-Infinity}', b'{"a":1,}', b'"x"', b"[]",
        b"0" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [BOOKS, "/drive/v3/files"])
def test_what_is_no_json_is_said_to_be_none(server: Any, path: str, body: bytes) -> None:
    """Cut off, nested without end, no text, no number."""
    answer = server.call("POST", path, data=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid JSON payload received")


@pytest.mark.parametrize(
    "path", ["?fields=%ff", "/%ff", "/x/values/%ff", "/x/values/A1?valueRenderOption=%c3"]
)
def test_an_address_that_is_no_text_is_refused(server: Any, path: str) -> None:
    """Bytes that are no UTF-8."""
    assert server.call("GET", BOOKS + path).status_code in (400, 404, 405)


# anything at all ----------------------------------------------------------------------------------------

TABLE = table()
JUNK = st.sampled_from(
    [
        None, True, 0, -1, 2.5, 1e308, 10**30, "", "x", "A1", "=A1", "*", "\x00", "Sheet1", [], {}, [[]],
        [{}], {"a": 1}, ["x"], "2024-01-01T00:00:00Z",
    ]
)  # fmt: skip
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "s": st.sampled_from(
        ["", "x", "A1:B2", "=A1+1", "=SUM(A:A)", "Sheet1", "2020-01-01", "0.5", "(", "[a-z", "=A1:A", "="]
    ),
    "m": st.sampled_from(["*", "", "a", "userEnteredValue", "note,userEnteredFormat", "title", "range"]),
    "b": st.booleans(),
    "i": st.sampled_from([0, 0, 0, 1, 2, 3, 7, 26, 1000, 2**31 - 1, -1]),
    "d": st.sampled_from([0, 1, 0.5, 43831.5, -3, 1e15]),
    "f": st.sampled_from([0, 1, 0.5, 2]),
    "a": JUNK,
}  # fmt: skip


@st.composite
def values(draw: Any, code: str, depth: int = 0) -> Any:
    """Return something like what a field of the description takes, and now and then something else."""
    if draw(st.integers(0, 24)) == 0:
        return draw(JUNK)
    kind = code[0]
    if kind == "[":
        count = draw(st.integers(0, 2))
        return [draw(values(code[1:], depth + 1)) for _ in range(count)]
    if kind == "{":
        return {"a": draw(values(code[1:], depth + 1))}
    if kind == "@":
        return draw(messages(code[1:], depth + 1))
    if kind == "#":
        return draw(st.sampled_from(sorted(TABLE.enums[int(code[1:])])))
    return draw(SCALARS[kind])


@st.composite
def messages(draw: Any, schema: str, depth: int = 0) -> Any:
    """Return something like a message of the description."""
    fields = TABLE.schemas[schema]
    names = sorted({name for name, _code in fields.values()})
    if depth > 6 or not names:
        return {}
    chosen = draw(st.lists(st.sampled_from(names), max_size=4, unique=True))
    return {name: draw(values(fields[name][1], depth)) for name in chosen}


@st.composite
def requests_(draw: Any) -> tuple[str, str, Any]:
    """Return a method, a path and a body; {} in the path stands for a spreadsheet."""
    schema, method, path = draw(
        st.sampled_from(
            [
                ("BatchUpdateSpreadsheetRequest", "POST", BOOKS + "/{}:batchUpdate"),
                ("Spreadsheet", "POST", BOOKS),
                ("ValueRange", "PUT", BOOKS + "/{}/values/A1?valueInputOption=USER_ENTERED"),
                ("ValueRange", "POST", BOOKS + "/{}/values/A1:append?valueInputOption=RAW"),
                ("BatchUpdateValuesRequest", "POST", BOOKS + "/{}/values:batchUpdate"),
                ("BatchClearValuesRequest", "POST", BOOKS + "/{}/values:batchClear"),
                ("BatchGetValuesByDataFilterRequest", "POST", BOOKS + "/{}/values:batchGetByDataFilter"),
                (
                    "BatchUpdateValuesByDataFilterRequest",
                    "POST",
                    BOOKS + "/{}/values:batchUpdateByDataFilter",
                ),
                ("GetSpreadsheetByDataFilterRequest", "POST", BOOKS + "/{}:getByDataFilter"),
                ("SearchDeveloperMetadataRequest", "POST", BOOKS + "/{}/developerMetadata:search"),
                ("CopySheetToAnotherSpreadsheetRequest", "POST", BOOKS + "/{}/sheets/0:copyTo"),
                ("", "POST", "/drive/v3/files"),
                ("", "PATCH", "/drive/v3/files/{}"),
                ("", "POST", "/drive/v3/files/{}/copy"),
                ("", "POST", "/drive/v3/files/{}/permissions"),
                ("", "POST", "/drive/v3/files/{}/comments?fields=*"),
                ("", "POST", "/drive/v3/files/{}/comments/x/replies?fields=*"),
            ]
        )
    )
    if schema == "BatchUpdateSpreadsheetRequest":
        kinds = sorted({name for name, _code in TABLE.schemas["Request"].values()})
        kind = draw(st.sampled_from(kinds))
        body = {"requests": [{kind: draw(messages(TABLE.schemas["Request"][kind][1][1:]))}]}
    elif schema:
        body = draw(messages(schema))
    else:
        names = (
            "name", "mimeType", "parents", "trashed", "starred", "type", "role", "emailAddress", "content",
            "action", "expirationTime", "properties", "description",
        )  # fmt: skip
        likely = st.sampled_from(["writer", "user", "owner", "a@b.c", "resolve", ["root"], "anyone"])
        body = draw(st.dictionaries(st.sampled_from(names), JUNK | likely, max_size=4))
    return method, path, body


@settings(
    max_examples=400, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(sent=requests_())
def test_nothing_is_answered_with_500(
    server: Any, book: gspread.Spreadsheet, sent: tuple[str, str, Any]
) -> None:
    """Any body to any address: 200, or an error in Google's shape; the book can be read afterwards."""
    method, path, body = sent
    answer = server.call(method, path.format(book.id), body)
    assert answer.status_code < 500, answer.text
    if not answer.ok:
        error = answer.json()["error"]
        assert error["code"] == answer.status_code
        assert isinstance(error["message"], str)
    whole = server.call("GET", f"{BOOKS}/{book.id}?includeGridData=true&ranges=A1:C5")
    assert whole.ok, (json.dumps(body), whole.text)
