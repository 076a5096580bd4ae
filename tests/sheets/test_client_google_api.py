"""google-api-python-client, unchanged: its own `api_endpoint` option points it at the server."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.sheets.clients import authorized_http

TOKEN = "test-token"


@pytest.fixture
def sheets(server: Any) -> Any:
    """Return the Sheets service; what it sends and gets is held against Google's description."""
    service = build("sheets", "v4", http=authorized_http(server.address, TOKEN), static_discovery=True)
    return service.spreadsheets()


@pytest.fixture
def drive(server: Any) -> Any:
    """Return the Drive service."""
    return build("drive", "v3", http=authorized_http(server.address, TOKEN), static_discovery=True)


@pytest.fixture
def key(sheets: Any, drive: Any) -> Iterator[str]:
    """Return a fresh spreadsheet's id."""
    body = {"properties": {"title": "google's own"}, "sheets": [{"properties": {"title": "Data"}}]}
    made = sheets.create(body=body, fields="spreadsheetId").execute()["spreadsheetId"]
    yield made
    drive.files().delete(fileId=made).execute()


def test_its_api_endpoint_option_is_enough(server: Any) -> None:
    """No transport of ours is needed to point it here."""
    service = build(
        "sheets",
        "v4",
        credentials=Credentials(TOKEN),
        client_options={"api_endpoint": server.address},
        static_discovery=True,
    )
    made = service.spreadsheets().create(body={"properties": {"title": "plain"}}).execute()

    assert made["properties"]["title"] == "plain"
    assert service.spreadsheets().get(spreadsheetId=made["spreadsheetId"]).execute()["sheets"]


def test_values_are_written_read_appended_and_cleared(sheets: Any, key: str) -> None:
    """values.update, get, append, clear and their batches."""
    values, told = sheets.values(), {"spreadsheetId": key, "valueInputOption": "USER_ENTERED"}
    rows = {"values": [["id", "n"], ["a", "1"], ["b", "=1+1"]]}
    wrote = values.update(range="Data!A1", body=rows, includeValuesInResponse=True, **told).execute()
    added = values.append(range="Data!A1", body={"values": [["c", 3]]}, **told).execute()
    got = values.batchGet(
        spreadsheetId=key,
        ranges=["Data!A1:B2", "Data!B:B"],
        majorDimension="COLUMNS",
        valueRenderOption="UNFORMATTED_VALUE",
    ).execute()["valueRanges"]

    assert wrote["updatedData"]["values"] == [["id", "n"], ["a", "1"], ["b", "2"]]
    assert (added["tableRange"], added["updates"]["updatedRange"]) == ("Data!A1:B3", "Data!A4:B4")
    assert [part["values"] for part in got] == [[["id", "a"], ["n", 1]], [["n", 1, 2, 3]]]

    body = {"valueInputOption": "RAW", "data": [{"range": "Data!D1", "values": [["x"]]}]}
    assert values.batchUpdate(spreadsheetId=key, body=body).execute()["totalUpdatedCells"] == 1
    values.batchClear(spreadsheetId=key, body={"ranges": ["Data!D:D"]}).execute()
    values.clear(spreadsheetId=key, range="Data!A1:B1").execute()
    assert values.get(spreadsheetId=key, range="Data").execute()["values"][:2] == [[], ["a", "1"]]


def test_cells_are_found_by_data_filters(sheets: Any, key: str) -> None:
    """a1Range, gridRange and developer metadata, in every DataFilter method."""
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    mark = {"metadataKey": "row", "metadataValue": "7", "visibility": "DOCUMENT"}
    create = {
        "createDeveloperMetadata": {"developerMetadata": mark | {"location": {"dimensionRange": place}}}
    }
    reply = sheets.batchUpdate(spreadsheetId=key, body={"requests": [create]}).execute()["replies"][0]
    number = reply["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
    marked = {"developerMetadataLookup": {"metadataKey": "row"}}
    corner = {"gridRange": {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 2}}
    told = {
        "valueInputOption": "RAW",
        "data": [
            {"dataFilter": marked, "values": [["by", "metadata"]]},
            {"dataFilter": corner, "values": [["x"]]},
        ],
    }
    values = sheets.values()
    wrote = values.batchUpdateByDataFilter(spreadsheetId=key, body=told).execute()
    filters = {"dataFilters": [marked, {"a1Range": "Data!A1"}]}
    got = values.batchGetByDataFilter(spreadsheetId=key, body=filters).execute()["valueRanges"]

    assert wrote["totalUpdatedCells"] == 3
    assert [part["valueRange"]["values"] for part in got] == [[["by", "metadata"]], [["x"]]]
    assert got[0]["dataFilters"] == [marked]

    whole = sheets.getByDataFilter(spreadsheetId=key, body=filters | {"includeGridData": True}).execute()
    assert [data.get("startRow", 0) for data in whole["sheets"][0]["data"]] == [1, 0]
    cleared = values.batchClearByDataFilter(spreadsheetId=key, body={"dataFilters": [marked]}).execute()
    assert cleared["clearedRanges"] == ["Data!A2:Z2"]
    metadata = sheets.developerMetadata()
    assert metadata.get(spreadsheetId=key, metadataId=number).execute()["metadataValue"] == "7"
    found = metadata.search(spreadsheetId=key, body={"dataFilters": [marked]}).execute()
    assert [item["developerMetadata"]["metadataId"] for item in found["matchedDeveloperMetadata"]] == [number]


def test_a_batch_answers_each_request_and_the_spreadsheet_if_asked(sheets: Any, key: str) -> None:
    """Formats, notes, merges, rules, protection, names, filters, in one atomic batch."""
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}
    when = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "3"}]}}
    colour = {"format": {"backgroundColor": {"red": 1}}}
    requests = [
        {"repeatCell": {"range": grid, "cell": bold, "fields": "userEnteredFormat.textFormat.bold,note"}},
        {"addNamedRange": {"namedRange": {"name": "spot", "range": grid}}},
        {"addProtectedRange": {"protectedRange": {"range": grid, "warningOnly": True}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [grid], "booleanRule": when | colour}, "index": 0}},
        {"setDataValidation": {"range": grid, "rule": when | {"strict": True}}},
        {"mergeCells": {"range": grid, "mergeType": "MERGE_ROWS"}},
        {"setBasicFilter": {"filter": {"range": grid}}},
        {"addSheet": {"properties": {"title": "More", "index": 0}}},
    ]
    body = {"requests": requests, "includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
    answer = sheets.batchUpdate(spreadsheetId=key, body=body).execute()
    first, second = answer["updatedSpreadsheet"]["sheets"]

    assert [set(reply) for reply in answer["replies"]] == [
        set(), {"addNamedRange"}, {"addProtectedRange"}, set(), set(), set(), set(), {"addSheet"},
    ]  # fmt: skip
    assert (first["properties"]["title"], second["properties"]["title"]) == ("More", "Data")
    assert len(second["merges"]) == 2
    assert second["data"][0]["rowData"][0]["values"][0]["note"] == "n"
    assert second.keys() >= {"conditionalFormats", "protectedRanges", "basicFilter"}


def test_sheets_are_copied_between_spreadsheets(sheets: Any, drive: Any, key: str) -> None:
    """sheets.copyTo answers the properties of the copy."""
    other = sheets.create(body={}).execute()["spreadsheetId"]
    body = {"destinationSpreadsheetId": other}
    copied = sheets.sheets().copyTo(spreadsheetId=key, sheetId=0, body=body).execute()

    assert (copied["title"], copied["index"]) == ("Copy of Data", 1)
    drive.files().delete(fileId=other).execute()


def test_errors_are_googles(sheets: Any, key: str) -> None:
    """HttpError has status, reason and details."""
    with pytest.raises(HttpError) as missing:
        sheets.get(spreadsheetId="nowhere").execute()
    with pytest.raises(HttpError) as outside:
        sheets.values().get(spreadsheetId=key, range="Data!A2000").execute()

    assert (missing.value.status_code, missing.value.reason) == (404, "Requested entity was not found.")
    assert outside.value.reason == "Range (Data!A2000) exceeds grid limits. Max rows: 1000, max columns: 26"


def test_files_are_listed_copied_shared_and_exported(drive: Any, key: str) -> None:
    """Files and permissions of Drive v3."""
    files = drive.files()
    found = files.list(q="name = 'google\\'s own' and trashed = false", fields="files(id,name)").execute()
    assert {"id": key, "name": "google's own"} in found["files"]
    copied = files.copy(fileId=key, body={"name": "twin"}, fields="id,name").execute()
    assert copied["name"] == "twin"
    assert files.export(fileId=copied["id"], mimeType="text/csv").execute() == b""
    one = {"type": "user", "role": "writer", "emailAddress": "ada@example.com"}
    allowed = drive.permissions().create(fileId=key, body=one, fields="id").execute()["id"]
    listed = drive.permissions().list(fileId=key, fields="permissions(emailAddress,role)").execute()
    assert {"emailAddress": "ada@example.com", "role": "writer"} in listed["permissions"]
    drive.permissions().delete(fileId=key, permissionId=allowed).execute()
    assert files.get(fileId=key, fields="version,modifiedTime").execute().keys() == {
        "version",
        "modifiedTime",
    }
    files.delete(fileId=copied["id"]).execute()
