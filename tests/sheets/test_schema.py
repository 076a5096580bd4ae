"""Bodies and queries hold to Google's description of its API; what does not is refused in its words."""

import json
from typing import Any

import gspread
import pytest

from local_sheets.errors import BadRequest
from local_sheets.requests import KINDS
from local_sheets.schema.reader import read
from local_sheets.schema.table import table
from tests.sheets.discovery import COMPACT, described, text

BATCH = "BatchUpdateSpreadsheetRequest"


def test_the_compact_form_is_googles_description() -> None:
    """`python tests/sheets/discovery.py` writes it again when the document is newer."""
    assert COMPACT.read_text() == text()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"requests": [{"addSheet": {"foo": 1}}]},
            (
                "Invalid JSON payload received. Unknown name \"foo\" at 'requests[0].add_sheet':"
                " Cannot find field."
            ),
        ),
        ({"foo": 1}, 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'),
        (
            {"requests": [{"addSheet": {"properties": {"title": 5}}}]},
            "Invalid value at 'requests[0].add_sheet.properties.title' (TYPE_STRING), 5",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"index": "x"}}}]},
            "Invalid value at 'requests[0].add_sheet.properties.index' (TYPE_INT32), \"x\"",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"hidden": 1}}}]},
            "Invalid value at 'requests[0].add_sheet.properties.hidden' (TYPE_BOOL), 1",
        ),
        (
            {"requests": [{"addSheet": {"properties": []}}]},
            (
                "Invalid JSON payload received. Unknown name \"properties\" at 'requests[0].add_sheet':"
                " Proto field is not repeating, cannot start list."
            ),
        ),
        (
            {"requests": [{"insertDimension": {"range": {"dimension": "LINES"}}}]},
            (
                "Invalid value at 'requests[0].insert_dimension.range.dimension'"
                ' (type.googleapis.com/google.apps.sheets.v4.Dimension), "LINES"'
            ),
        ),
        (
            {"requests": [{"addSheet": {"properties": {"title": {}}}}]},
            (
                "Invalid value at 'requests[0].add_sheet.properties.title' (TYPE_STRING),"
                " Starting an object on a scalar field"
            ),
        ),
    ],
)
def test_what_is_unknown_or_of_a_wrong_type_is_refused_with_its_place(body: Any, message: str) -> None:
    """The message, and the same in the details."""
    with pytest.raises(BadRequest) as caught:
        read(body, BATCH)

    assert caught.value.message == message
    assert caught.value.details is not None
    assert caught.value.details[0]["fieldViolations"][0]["description"] == message


def test_all_that_is_wrong_is_said_at_once() -> None:
    """A line each."""
    with pytest.raises(BadRequest) as caught:
        read({"values": ["A", ["b"], 3]}, "ValueRange", "data")

    kind = "type.googleapis.com/google.protobuf.ListValue"
    assert caught.value.message.splitlines() == [
        f"Invalid value at 'data.values[0]' ({kind}), \"A\"",
        f"Invalid value at 'data.values[2]' ({kind}), 3",
    ]


def test_bodies_are_read_as_googles_parser_reads_them() -> None:
    """Nulls are absent, numbers may be text, names may have underscores, colours have 32 bits."""
    grid = {"sheet_id": "26", "startRowIndex": 1.0, "endRowIndex": None}
    colour = {"red": 0.5, "green": 0, "blue": 1.0}
    sent = {"requests": [{"repeatCell": {"range": grid}}, {"addSheet": {"properties": {"tabColor": colour}}}]}

    assert read(sent, BATCH) == {
        "requests": [
            {"repeatCell": {"range": {"sheetId": 26, "startRowIndex": 1}}},
            {"addSheet": {"properties": {"tabColor": {"red": 0.5, "blue": 1}}}},
        ]
    }


def test_every_kind_of_request_is_done_or_refused_by_its_name(book: gspread.Spreadsheet) -> None:
    """Nothing is pretended: of Google's kinds, those that are not supported answer 400 and are named."""
    known = described("sheets.v4")["Request"]["properties"]
    assert KINDS.keys() <= known.keys()
    for kind in known.keys() - KINDS.keys():
        with pytest.raises(gspread.exceptions.APIError, match="400") as caught:
            book.batch_update({"requests": [{kind: {}}]})
        assert caught.value.error["message"] == (
            f"Invalid requests[0].{kind}: This kind of request is not supported by this server."
        )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "?foo=1", None),
        ("GET", "/values/A1?valueRenderOption=PLAIN", None),
        ("GET", "?includeGridData=perhaps", None),
        ("GET", "?fields=sheets.colour", None),
        ("GET", "?fields=properties,%20sheets.properties", None),
        ("GET", "/values/A1?fields=rows", None),
        ("PUT", "/values/A1?valueInputOption=TYPED", {"values": [[1]]}),
        ("PUT", "/values/A1?valueInputOption=RAW", {"rows": [[1]]}),
        ("PUT", "/values/A1?valueInputOption=RAW", {"values": {"0": 1}}),
        ("PUT", "/values/A1?valueInputOption=RAW", {"values": [[{"a": 1}]]}),
        ("POST", "/values/A1:append?valueInputOption=RAW&insertDataOption=PUSH", {"values": [[1]]}),
        ("POST", "/values/A1:clear", {"foo": 1}),
        ("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": [{"cells": [[1]]}]}),
        ("POST", "/values:batchGetByDataFilter", {"dataFilters": [{"a1": "A1"}]}),
        ("POST", "/developerMetadata:search", {"filters": []}),
        ("POST", "/sheets/0:copyTo", {"destination": "x"}),
        ("POST", ":batchUpdate", {"requests": "repeatCell"}),
    ],
)
def test_every_method_refuses_what_it_does_not_know(
    server: Any, book: gspread.Spreadsheet, method: str, path: str, body: Any
) -> None:
    """400 INVALID_ARGUMENT; nothing is written."""
    answer = server.call(method, f"/v4/spreadsheets/{book.id}{path}", body)

    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert book.sheet1.get_all_values() == [[]]


def test_a_list_where_a_value_belongs_is_refused_as_recorded(server: Any, book: gspread.Spreadsheet) -> None:
    """Protobuf's text form of what was sent."""
    answer = server.call(
        "PUT", f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW", {"values": [["a", ["b"]]]}
    )
    message = answer.json()["error"]["message"]
    assert message == 'Invalid values[0][1]: list_value {\n  values {\n    string_value: "b"\n  }\n}\n'


def test_every_code_of_the_compact_form_can_be_read() -> None:
    """No schema names one that is not there, no list of values is missing."""
    known = table()
    codes = {code for fields in known.schemas.values() for _name, code in fields.values()}
    ends = {code.lstrip("[{") for code in codes}

    assert {end[1:] for end in ends if end[0] == "@"} <= known.schemas.keys()
    assert {int(end[1:]) for end in ends if end[0] == "#"} <= set(range(len(known.enums)))
    assert {end for end in ends if end[0] not in "@#"} <= set("sidfbma")
    assert json.loads(COMPACT.read_text())["revision"]
