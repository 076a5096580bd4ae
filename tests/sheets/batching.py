"""Requests of batchUpdate, written shortly."""

from typing import Any

import gspread


def cells(*texts: str) -> dict[str, Any]:
    """Return RowData of texts."""
    return {"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}


def grid(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, int]:
    """Return a GridRange."""
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def do(book: gspread.Spreadsheet, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Send requests; return the replies."""
    return book.batch_update({"requests": list(requests)})["replies"]


def meta(book: gspread.Spreadsheet) -> dict[str, Any]:
    """Return the first sheet's JSON."""
    return book.fetch_sheet_metadata()["sheets"][0]


def write(text: str) -> dict[str, Any]:
    """Return the request that writes A1."""
    return {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": 0, "columnIndex": 0},
            "rows": [cells(text)],
            "fields": "userEnteredValue",
        }
    }


def mark(key: str, location: dict[str, Any]) -> dict[str, Any]:
    """Return DeveloperMetadata."""
    return {"metadataKey": key, "visibility": "DOCUMENT", "location": location}
