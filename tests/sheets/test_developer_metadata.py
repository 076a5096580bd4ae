"""Developer metadata: numbers that are taken once, where it hangs, how it is found, how it moves."""

from typing import Any

import gspread
import pytest

from tests.sheets.batching import do, mark, write

APIError = gspread.exceptions.APIError


def claim(number: int) -> dict[str, Any]:
    """Return the request that claims a metadata id."""
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": number,
                "metadataKey": "version",
                "metadataValue": "7",
                "visibility": "DOCUMENT",
                "location": {"spreadsheet": True},
            }
        }
    }


def test_a_chosen_metadata_id_is_taken_once(book: gspread.Spreadsheet) -> None:
    """Of two writers that claim one version, one gets through; the other writes nothing."""
    do(book, claim(42), write("first"))
    with pytest.raises(APIError, match="400"):
        do(book, write("second"), claim(42))

    assert book.sheet1.get_all_values() == [["first"]]
    found = book.client.request(
        "get", f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/developerMetadata/42"
    ).json()
    assert found["metadataValue"] == "7"
    assert found["location"] == {"locationType": "SPREADSHEET", "spreadsheet": True}


def test_metadata_is_found_moved_and_deleted_with_its_row(book: gspread.Spreadsheet) -> None:
    """It hangs on a row, moves with an insert above, and goes with the row."""
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    request = claim(5)
    request["createDeveloperMetadata"]["developerMetadata"]["location"] = {"dimensionRange": place}
    do(book, request)
    do(book, {"insertDimension": {"range": place | {"startIndex": 0, "endIndex": 2}}})
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/developerMetadata:search"
    ask = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "version"}}]}

    found = book.client.request("post", url, json=ask).json()["matchedDeveloperMetadata"]
    assert found[0]["developerMetadata"]["location"]["dimensionRange"]["startIndex"] == 5

    do(book, {"deleteDimension": {"range": place | {"startIndex": 5, "endIndex": 6}}})
    assert book.client.request("post", url, json=ask).json() == {}


def test_metadata_is_answered_where_it_hangs(book: gspread.Spreadsheet) -> None:
    """The spreadsheet's own at the top, a sheet's in the sheet, a row's in the row."""
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    for key, location in (
        ("book", {"spreadsheet": True}),
        ("sheet", {"sheetId": 0}),
        ("row", {"dimensionRange": place}),
    ):
        do(book, {"createDeveloperMetadata": {"developerMetadata": mark(key, location)}})
    data = book.fetch_sheet_metadata(
        {"fields": "developerMetadata,sheets(developerMetadata,data.rowMetadata.developerMetadata)"}
    )

    def keys(items: list[dict[str, Any]]) -> list[str]:
        return [item["metadataKey"] for item in items]

    assert keys(data["developerMetadata"]) == ["book"]
    assert keys(data["sheets"][0]["developerMetadata"]) == ["sheet"]
    rows = data["sheets"][0]["data"][0]["rowMetadata"]
    assert [keys(row.get("developerMetadata", [])) for row in rows[:3]] == [[], ["row"], []]


def test_metadata_is_found_by_the_places_it_meets(book: gspread.Spreadsheet) -> None:
    """Row 3 meets column B and its sheet, not row 5 nor the spreadsheet; exactly asked, only itself."""

    def line(dimension: str, index: int) -> dict[str, Any]:
        return {
            "dimensionRange": {
                "sheetId": 0,
                "dimension": dimension,
                "startIndex": index,
                "endIndex": index + 1,
            }
        }

    places = {
        "row3": line("ROWS", 2), "row5": line("ROWS", 4), "b": line("COLUMNS", 1),
        "sheet": {"sheetId": 0}, "book": {"spreadsheet": True},
    }  # fmt: skip
    for key, location in places.items():
        do(book, {"createDeveloperMetadata": {"developerMetadata": mark(key, location)}})
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/developerMetadata:search"

    def found(data_filter: dict[str, Any]) -> list[str]:
        answer = book.client.request("post", url, json={"dataFilters": [data_filter]}).json()
        return [one["developerMetadata"]["metadataKey"] for one in answer.get("matchedDeveloperMetadata", ())]

    here = {"metadataLocation": places["row3"]}
    exactly = here | {"locationMatchingStrategy": "EXACT_LOCATION"}
    assert found({"developerMetadataLookup": here}) == ["row3", "b", "sheet"]
    assert found({"developerMetadataLookup": exactly}) == ["row3"]
    assert found({"developerMetadataLookup": here | {"locationType": "COLUMN"}}) == ["b"]
    assert found({"a1Range": "Sheet1!C5:D6"}) == ["row5", "sheet"]

    do(book, {"moveDimension": {"source": places["row5"]["dimensionRange"], "destinationIndex": 0}})
    assert found({"a1Range": "Sheet1!C1"}) == ["row5", "sheet"]
