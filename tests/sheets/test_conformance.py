"""Recorded answers of Google's, replayed; answers held against Google's own description of its API."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import gspread
import pytest

from tests.sheets.discovery import wrong

RECORDED = Path(__file__).parents[3] / "shared/conformance"
SOMEBODY_ELSES = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not on this machine")
@pytest.mark.parametrize("mode", [[], ["--loose"]])
def test_recorded_answers_are_given_again(start: Any, mode: list[str]) -> None:
    """All 1,246 but the two widths in pixels that auto-resize measures with Google's own fonts."""
    server = start("--forbid", SOMEBODY_ELSES)
    command = [sys.executable, str(RECORDED / "replay.py"), str(RECORDED / "google_answers.json.xz")]
    replay = subprocess.run(
        [*command, server.address, *mode],
        capture_output=True,
        text=True,
        env={**os.environ, "SHEETS_TOKEN": "test-token"},
        check=False,
    )
    match = re.search(r"interactions (\d+)/(\d+) equal", replay.stdout)
    assert match, replay.stdout + replay.stderr
    different = int(match[2]) - int(match[1])
    widths = len(
        re.findall(r"^ +2 value +\$\.sheets\[\]\.data\[\]\.columnMetadata", replay.stdout, re.MULTILINE)
    )
    assert different == 2 * widths, replay.stdout


def test_answers_hold_to_the_document(server: Any, book: gspread.Spreadsheet) -> None:
    """Spreadsheets with everything on them, values, files, permissions, metadata."""
    sheet = book.sheet1
    sheet.update([["a", 1, True, "=1/0"], ["2020-01-01"]], "A1", value_input_option="USER_ENTERED")
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 3}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True}
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    data = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": place}}
    colours = {"booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}}
    requests = [
        {"setDataValidation": {"range": grid, "rule": rule}},
        {"addNamedRange": {"namedRange": {"name": "n", "range": grid}}},
        {"addProtectedRange": {"protectedRange": {"range": grid}}},
        {"addConditionalFormatRule": {"rule": colours | {"ranges": [grid]}, "index": 0}},
        {"addBanding": {"bandedRange": {"range": grid, "rowProperties": {"firstBandColor": {"red": 1}}}}},
        {"addFilterView": {"filter": {"title": "f", "range": grid}}},
        {"setBasicFilter": {"filter": {"range": grid}}},
        {"addDimensionGroup": {"range": place}},
        {"createDeveloperMetadata": {"developerMetadata": data}},
        {"mergeCells": {"range": grid | {"startRowIndex": 2}, "mergeType": "MERGE_ALL"}},
        {"updateBorders": {"range": grid, "top": {"style": "SOLID", "width": 1}}},
        {"duplicateSheet": {"sourceSheetId": 0}},
    ]
    sheet.insert_note("A1", "n")
    replies = book.batch_update({"requests": requests, "includeSpreadsheetInResponse": True})
    whole = book.fetch_sheet_metadata({"includeGridData": "true"})
    files = server.call("GET", "/drive/v3/files?fields=*").json()

    assert wrong(replies, "BatchUpdateSpreadsheetResponse") == []
    assert wrong(whole, "Spreadsheet") == []
    assert wrong(book.values_get("Sheet1"), "ValueRange") == []
    assert wrong(book.values_batch_get(["Sheet1!A1", "Sheet1!B:B"]), "BatchGetValuesResponse") == []
    assert wrong(sheet.append_row(["x"]), "AppendValuesResponse") == []
    assert wrong(sheet.batch_update([{"range": "A9", "values": [[1]]}]), "BatchUpdateValuesResponse") == []
    assert wrong(files, "FileList", "drive.v3") == []
    listed = server.call("GET", f"/drive/v3/files/{book.id}/permissions?fields=*").json()
    assert wrong(listed, "PermissionList", "drive.v3") == []
    said = server.call("POST", f"/drive/v3/files/{book.id}/comments?fields=*", {"content": "why"}).json()
    assert wrong(said, "Comment", "drive.v3") == []
