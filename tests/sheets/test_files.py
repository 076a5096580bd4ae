"""Files out and in over HTTP, with Google's own client: exports, the page's export address, uploads."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import python_calamine
import requests
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaIoBaseUpload
from openpyxl import Workbook, load_workbook

from local_sheets.mime import CSV, OPEN_DOCUMENT, PDF, SHEETS, TSV, XLSX
from tests.sheets.clients import authorized_http

TOKEN = "test-token"
ROWS = [
    ["id", "when", "share", "ok", "text"],
    ["T-1", "2026-01-02", "50%", "TRUE", "'=1+1"],
    ["T-2", "2026-01-03 10:30", "1.5", "FALSE", '套餐 🛋, "quoted"\nline'],
    ["T-3", "", "=1+1", "", "  two  "],
]


@pytest.fixture
def drive(server: Any) -> Any:
    """Return Google's own Drive client."""
    return google_drive(server.address, TOKEN)


def google_drive(address: str, token: str) -> Any:
    """Return Google's own Drive client for a server."""
    http = authorized_http(address, token)
    http.http.redirect_codes = http.http.redirect_codes - {308}  # as Google's own build_http does
    return build("drive", "v3", http=http, static_discovery=True)


@pytest.fixture
def sheets(server: Any) -> Any:
    """Return Google's own Sheets client."""
    return build(
        "sheets", "v4", http=authorized_http(server.address, TOKEN), static_discovery=True
    ).spreadsheets()


@pytest.fixture
def key(sheets: Any, drive: Any) -> Iterator[str]:
    """Return a spreadsheet with two sheets."""
    tabs = [{"properties": {"sheetId": n, "title": title}} for n, title in enumerate(("Data", "Über & mehr"))]
    body = {"properties": {"title": "Files 文件"}, "sheets": tabs}
    made = sheets.create(body=body).execute()["spreadsheetId"]
    told = {"spreadsheetId": made, "valueInputOption": "USER_ENTERED"}
    sheets.values().update(range="Data!A1", body={"values": ROWS}, **told).execute()
    sheets.values().update(range="'Über & mehr'!A1", body={"values": [["second", 2]]}, **told).execute()
    yield made
    drive.files().delete(fileId=made).execute()


def values(sheets: Any, key: str, sheet: str, render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
    """Read a sheet."""
    got = sheets.values().get(spreadsheetId=key, range=sheet, valueRenderOption=render).execute()
    return list(got.get("values", []))


def download(server: Any, key: str, query: str) -> requests.Response:
    """Ask for the page's export address."""
    return server.call("GET", f"/spreadsheets/d/{key}/export?{query}")


def test_csv_and_tsv_hold_what_cells_show(server: Any, drive: Any, key: str) -> None:
    """Drive exports the first sheet, the page's address the one that `gid` names."""
    shown = [
        ["id", "when", "share", "ok", "text"],
        ["T-1", "2026-01-02", "50%", "TRUE", "=1+1"],
        ["T-2", "2026-01-03 10:30", "1.5", "FALSE", '套餐 🛋, "quoted"\nline'],
        ["T-3", "", "2", "", "  two  "],
    ]
    for kind, mark in ((CSV, ","), (TSV, "\t")):
        text = drive.files().export(fileId=key, mimeType=kind).execute().decode()
        assert list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) == shown
    answer = download(server, key, "format=csv&gid=1")
    assert (answer.status_code, answer.content) == (200, b"second,2")
    assert answer.headers["Content-Type"] == CSV
    assert (
        "filename*=UTF-8''Files%20%E6%96%87%E4%BB%B6%20-%20%C3%9Cber%20%26%20mehr.csv"
        in (answer.headers["Content-Disposition"])
    )
    assert download(server, key, "format=tsv&gid=1").content == b"second\t2"


def test_an_open_document_has_values_dates_and_sheets(server: Any, drive: Any, key: str) -> None:
    """Read by calamine, which knows nothing of ours."""
    content = drive.files().export(fileId=key, mimeType=OPEN_DOCUMENT).execute()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist()[0] == "mimetype"
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["Data", "Über & mehr"]
    rows = book.get_sheet_by_name("Data").to_python()
    assert [str(cell) for cell in rows[1]] == ["T-1", "2026-01-02", "0.5", "True", "=1+1"]
    assert str(rows[2][1]) == "2026-01-03 10:30:00"
    assert rows[2][4] == '套餐 🛋, "quoted"\nline'
    assert (rows[3][2], rows[3][4]) == (2.0, "  two  ")
    assert download(server, key, "format=ods").content[:2] == b"PK"


def test_what_cannot_be_exported_is_said(server: Any, drive: Any, key: str) -> None:
    """A PDF, an unknown format, a sheet that is not there."""
    with pytest.raises(HttpError, match="does not export application/pdf") as error:
        drive.files().export(fileId=key, mimeType=PDF).execute()
    assert error.value.status_code == 400
    for query in ("format=pdf", "format=doc", "format=csv&gid=99", "format=csv&gid=x"):
        answer = download(server, key, query)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]
    stranger = requests.get(f"{server.address}/spreadsheets/d/{key}/export", timeout=10)
    assert stranger.status_code == 403


@pytest.mark.parametrize("resumable", [False, True])
def test_an_excel_file_is_uploaded_and_converted(
    sheets: Any, drive: Any, key: str, tmp_path: Any, *, resumable: bool
) -> None:
    """MediaFileUpload in one piece and in pieces of 256 KiB, as Google's documentation has it."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(drive.files().export(fileId=key, mimeType=XLSX).execute())
    media = MediaFileUpload(str(path), mimetype=XLSX, resumable=resumable, chunksize=4096)
    body = {"name": "Converted", "mimeType": SHEETS}
    made = drive.files().create(body=body, media_body=media, fields="id,name,mimeType").execute()

    assert (made["name"], made["mimeType"]) == ("Converted", SHEETS)
    for sheet in ("Data", "'Über & mehr'"):
        for render in ("UNFORMATTED_VALUE", "FORMULA", "FORMATTED_VALUE"):
            assert values(sheets, made["id"], sheet, render) == values(sheets, key, sheet, render)
    drive.files().delete(fileId=made["id"]).execute()


def test_a_file_takes_the_place_of_a_spreadsheets_content(sheets: Any, drive: Any, key: str) -> None:
    """files.update with media: id and name stay, the sheets are those of the file."""
    book = Workbook()
    book.active.title = "Fresh"
    book.active.append(["a", 1])
    content = io.BytesIO()
    book.save(content)
    media = MediaIoBaseUpload(content, mimetype=XLSX)
    drive.files().update(fileId=key, media_body=media).execute()
    assert values(sheets, key, "Fresh") == [["a", 1]]

    media = MediaIoBaseUpload(io.BytesIO("Ä;b,1/2/2026\r\n=1+1,x".encode()), mimetype=CSV)
    drive.files().update(fileId=key, media_body=media, body={"name": "Renamed"}).execute()
    assert values(sheets, key, "Renamed", "FORMATTED_VALUE") == [["Ä;b", "1/2/2026"], ["2", "x"]]
    assert drive.files().get(fileId=key).execute()["name"] == "Renamed"


BAD = {
    "a text": (b"my notes", XLSX, "not an Excel workbook"),
    "no text": (b"\xff\xfe\x00", CSV, "not UTF-8"),
    "a picture": (b"\x89PNG", "image/png", "cannot be converted"),
    "an endless cell": (b'"' + b"x" * 200_000, CSV, "line 1"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_upload_is_refused_and_changes_nothing(sheets: Any, drive: Any, key: str, kind: str) -> None:
    """400 with a sentence; the spreadsheet is as it was, and no new one was made."""
    content, mime, words = BAD[kind]
    before, files = values(sheets, key, "Data"), drive.files().list().execute()["files"]
    media = MediaIoBaseUpload(io.BytesIO(content), mimetype=mime)
    with pytest.raises(HttpError, match=words) as error:
        drive.files().update(fileId=key, media_body=media).execute()
    assert error.value.status_code == 400
    with pytest.raises(HttpError, match=words):
        drive.files().create(media_body=media, body={"name": "x", "mimeType": SHEETS}).execute()
    assert values(sheets, key, "Data") == before
    assert drive.files().list().execute()["files"] == files


def test_an_unknown_upload_is_not_found(server: Any) -> None:
    """A session that never began, or belongs to another person."""
    answer = server.call("PUT", "/upload/drive/v3/files?upload_id=none")
    assert answer.status_code == 404
    answer = server.call("POST", "/upload/drive/v3/files?uploadType=other")
    assert answer.status_code == 400


def whole(server: Any, key: str) -> Any:
    """Return all that is seen of a spreadsheet; effective formats follow from those that were entered."""
    cell = "userEnteredValue,effectiveValue,formattedValue,userEnteredFormat,note,dataValidation"
    data = f"data(rowMetadata,columnMetadata,rowData(values({cell})))"
    beside = "properties,merges,conditionalFormats,protectedRanges,basicFilter,bandedRanges"
    mask = f"properties(locale,timeZone),namedRanges,developerMetadata,sheets({beside},{data})"
    headers = {"Authorization": f"Bearer {server.token}"}
    address = f"{server.address}/v4/spreadsheets/{key}"
    return requests.get(address, {"fields": mask}, headers=headers, timeout=120).json()


def test_the_desks_workbook_comes_back_whole(small_laid_out: Any, tmp_path: Any) -> None:
    """A workbook laid out by `opsline init`, with rows: every cell, note, dropdown and colour."""
    drive = google_drive(small_laid_out.address, small_laid_out.token)
    content = drive.files().export(fileId=small_laid_out.laid_out, mimeType=XLSX).execute()
    (tmp_path / "desk.xlsx").write_bytes(content)
    names = load_workbook(tmp_path / "desk.xlsx", read_only=True).sheetnames
    media = MediaFileUpload(str(tmp_path / "desk.xlsx"), mimetype=XLSX)
    made = drive.files().create(body={"name": "Back", "mimeType": SHEETS}, media_body=media).execute()

    before, after = (whole(small_laid_out, key) for key in (small_laid_out.laid_out, made["id"]))
    drive.files().delete(fileId=made["id"]).execute()
    assert len(before["sheets"]) > 10
    assert set(names) >= {sheet["properties"]["title"] for sheet in before["sheets"]}
    assert after["properties"] == before["properties"]
    for one, other in zip(before["sheets"], after["sheets"], strict=True):
        assert other.pop("data") == one.pop("data"), one["properties"]["title"]
        assert other == one
