"""spreadsheets.batchUpdate: all or nothing, and each kind of request."""

import copy
from typing import Any

import gspread
import pytest

from tests.sheets.batching import cells, do, grid, mark, meta, write

APIError = gspread.exceptions.APIError


def test_one_bad_request_and_nothing_is_applied(book: gspread.Spreadsheet) -> None:
    """Cells, new sheets, dimensions and titles of the good requests are rolled back."""
    do(book, write("before"))
    with pytest.raises(APIError, match=r"requests\[4\].deleteSheet"):
        do(
            book,
            write("after"),
            {"addSheet": {"properties": {"title": "new"}}},
            {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}},
            {"updateSpreadsheetProperties": {"properties": {"title": "new"}, "fields": "title"}},
            {"deleteSheet": {"sheetId": 99}},
        )  # fmt: skip

    assert book.sheet1.get_all_values() == [["before"]]
    data = book.fetch_sheet_metadata()
    assert [sheet["properties"]["title"] for sheet in data["sheets"]] == ["Sheet1"]
    assert data["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1000
    assert data["properties"]["title"] == "A test's own"


def test_an_unknown_kind_is_refused_by_its_name(book: gspread.Spreadsheet) -> None:
    """Nothing is pretended."""
    with pytest.raises(APIError, match="addSlicer"):
        do(book, {"addSlicer": {"slicer": {}}})


def test_append_cells_go_under_the_last_row(book: gspread.Spreadsheet) -> None:
    """Formats below do not count as data."""
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    do(
        book,
        write("head"),
        {"repeatCell": {"range": grid(0, 50, 0, 2), "cell": bold, "fields": "userEnteredFormat"}},
        {"appendCells": {"sheetId": 0, "rows": [cells("a", "b")], "fields": "userEnteredValue"}},
    )

    assert book.sheet1.get_all_values() == [["head", ""], ["a", "b"]]


def test_update_cells_clears_what_it_has_no_data_for(book: gspread.Spreadsheet) -> None:
    """A range is written whole; other fields stay."""
    book.sheet1.update([["a", "b"], ["c", "d"]], "A1")
    do(
        book,
        {"updateCells": {"range": grid(0, 2, 0, 1), "rows": [{"values": [{"note": "n"}]}], "fields": "note"}},
    )
    do(book, {"updateCells": {"range": grid(0, 2, 0, 2), "rows": [cells("x")], "fields": "userEnteredValue"}})

    assert book.sheet1.get_all_values() == [["x"]]
    assert book.sheet1.get_note("A1") == "n"


def test_formats_are_merged_by_the_mask(book: gspread.Spreadsheet) -> None:
    """`userEnteredFormat.textFormat.bold` leaves the colour alone."""
    sheet = book.sheet1
    sheet.format("A1", {"backgroundColor": {"red": 1}})
    sheet.format("A1", {"textFormat": {"bold": True}})
    data = book.fetch_sheet_metadata({"ranges": "Sheet1!A1", "includeGridData": "true"})
    look = data["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]

    assert look["backgroundColor"] == {"red": 1}
    assert look["textFormat"] == {"bold": True}


def test_inserted_rows_inherit_rules_and_push_the_rest(book: gspread.Spreadsheet) -> None:
    """A row opened in a table has the dropdown of its neighbours."""
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "P1"}]}, "strict": True}
    book.sheet1.update([["a"], ["b"]], "A1")
    do(book, {"setDataValidation": {"range": grid(0, 2, 0, 1), "rule": rule}})
    book.sheet1.insert_row(["new"], 2, inherit_from_before=True)
    params = {"fields": "sheets.data.rowData.values.dataValidation", "ranges": "Sheet1!A1:A3"}
    rows = book.fetch_sheet_metadata(params)["sheets"][0]["data"][0]["rowData"]

    assert book.sheet1.get_all_values() == [["a"], ["new"], ["b"]]
    assert [row["values"][0]["dataValidation"] for row in rows] == [rule] * 3


def test_deleted_columns_pull_cells_and_notes(book: gspread.Spreadsheet) -> None:
    """What is right of them moves left."""
    sheet = book.sheet1
    sheet.update([["a", "b", "c"]], "A1")
    sheet.insert_note("C1", "of c")
    sheet.delete_columns(2)

    assert sheet.get_all_values() == [["a", "c"]]
    assert sheet.get_note("B1") == "of c"
    assert sheet.spreadsheet.worksheet("Sheet1").col_count == 25


def test_moving_rows_keeps_what_they_have(book: gspread.Spreadsheet) -> None:
    """The destination is counted before the move."""
    book.sheet1.update([["a"], ["b"], ["c"], ["d"]], "A1")
    source = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    do(book, {"moveDimension": {"source": source, "destinationIndex": 3}})

    assert book.sheet1.get_all_values() == [["c"], ["a"], ["b"], ["d"]]


def test_sorting_a_part_leaves_the_other_columns(book: gspread.Spreadsheet) -> None:
    """Numbers come before text, blanks last in either order."""
    book.sheet1.update([["b", 1], ["", 2], [5, 3], ["A", 4]], "A1")
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    do(book, {"sortRange": {"range": grid(0, 4, 0, 1), "sortSpecs": spec}})
    assert book.sheet1.get_all_values() == [["5", "1"], ["A", "2"], ["b", "3"], ["", "4"]]

    spec[0]["sortOrder"] = "DESCENDING"
    do(book, {"sortRange": {"range": grid(0, 4, 0, 2), "sortSpecs": spec}})
    assert book.sheet1.get_all_values() == [["b", "3"], ["A", "2"], ["5", "1"], ["", "4"]]


def test_find_and_replace_counts_what_it_did(book: gspread.Spreadsheet) -> None:
    """Values, rows, sheets and occurrences."""
    book.sheet1.update([["lamp lamp", "x"], ["LAMP", ""]], "A1")
    reply = do(book, {"findReplace": {"find": "lamp", "replacement": "bulb", "allSheets": True}})

    counts = {"valuesChanged": 2, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert reply == [{"findReplace": counts}]
    assert book.sheet1.get_all_values() == [["bulb bulb", "x"], ["bulb", ""]]


def test_copy_and_cut_paste(book: gspread.Spreadsheet) -> None:
    """A copy fills its destination; a cut leaves nothing."""
    book.sheet1.update([["a", "b"]], "A1")
    do(
        book,
        {
            "copyPaste": {
                "source": grid(0, 1, 0, 2),
                "destination": grid(1, 3, 0, 2),
                "pasteType": "PASTE_NORMAL",
            }
        },
    )
    do(
        book,
        {
            "cutPaste": {
                "source": grid(0, 1, 0, 1),
                "destination": {"sheetId": 0, "rowIndex": 4, "columnIndex": 1},
            }
        },
    )

    assert book.sheet1.get_all_values() == [["", "b"], ["a", "b"], ["a", "b"], ["", ""], ["", "a"]]


def test_ranges_beside_the_cells_move_with_rows(book: gspread.Spreadsheet) -> None:
    """Merges, named and protected ranges, colour rules and filters follow an insert, and go with a delete."""
    rule = {
        "ranges": [grid(4, 6, 0, 2)],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    do(
        book,
        {"mergeCells": {"range": grid(4, 6, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addNamedRange": {"namedRange": {"name": "here", "range": grid(4, 6, 0, 2)}}},
        {"addProtectedRange": {"protectedRange": {"range": grid(4, 6, 0, 2), "description": "d"}}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"setBasicFilter": {"filter": {"range": grid(3, 9, 0, 2)}}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}}},
    )
    data = book.fetch_sheet_metadata()
    sheet, moved = data["sheets"][0], grid(7, 9, 0, 2)
    del moved["sheetId"]
    assert sheet["merges"] == [moved]
    assert data["namedRanges"][0]["range"] == moved
    assert sheet["protectedRanges"][0]["range"] == moved
    assert sheet["conditionalFormats"][0]["ranges"] == [moved]
    assert sheet["basicFilter"]["range"]["startRowIndex"] == 6

    do(
        book,
        {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 5, "endIndex": 20}}},
    )
    sheet = meta(book)
    assert not sheet.keys() & {"merges", "protectedRanges", "conditionalFormats", "basicFilter"}


def test_merging_over_a_part_of_a_merge_is_refused(book: gspread.Spreadsheet) -> None:
    """Google's sentence."""
    book.sheet1.merge_cells("A1:B2")
    with pytest.raises(APIError, match="You must select all cells in a merged range"):
        book.sheet1.merge_cells("B2:C3")


def test_duplicate_and_copy_keep_cells_formats_and_notes(book: gspread.Spreadsheet) -> None:
    """Both are whole copies with a sheet id of their own."""
    book.sheet1.update([["a"]], "A1")
    book.sheet1.insert_note("A1", "n")
    twin = book.duplicate_sheet(0, new_sheet_name="twin")
    twin.update([["b"]], "A1")
    first = book.worksheet("Sheet1")
    copied = first.copy_to(book.id)

    assert first.get_all_values() == [["a"]]
    assert twin.get_note("A1") == "n"
    assert copied["title"] == "Copy of Sheet1"


def test_sheet_titles_and_ids_are_unique(book: gspread.Spreadsheet) -> None:
    """In whatever case; the last visible sheet cannot go."""
    for properties in ({"title": "SHEET1"}, {"title": "x", "sheetId": 0}):
        with pytest.raises(APIError, match="already exists"):
            do(book, {"addSheet": {"properties": properties}})
    with pytest.raises(APIError, match="can't remove all"):
        do(book, {"deleteSheet": {"sheetId": 0}})
    with pytest.raises(APIError, match="can't hide all"):
        book.sheet1.hide()


def test_limits_are_googles(book: gspread.Spreadsheet) -> None:
    """10,000,000 cells, 50,000 characters in a cell."""
    with pytest.raises(APIError, match="above the limit of 10000000 cells"):
        book.sheet1.resize(rows=400_000)
    with pytest.raises(APIError, match="50000 characters"):
        book.sheet1.update([["x" * 50_001]], "A1")
    assert book.sheet1.get_all_values() == [[]]


def test_the_spreadsheet_comes_with_the_answer_when_asked(book: gspread.Spreadsheet) -> None:
    """IncludeSpreadsheetInResponse with responseRanges and grid data."""
    body = {
        "requests": [write("x")],
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["Sheet1!A1"],
        "responseIncludeGridData": True,
    }
    updated = book.batch_update(copy.deepcopy(body))["updatedSpreadsheet"]

    value = updated["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert value["effectiveValue"] == {"stringValue": "x"}


def test_charts_follow_the_cells_they_show(book: gspread.Spreadsheet) -> None:
    """Rows opened above move sources and anchor; sources that are deleted go; a copy shows its own cells."""
    source = {"sourceRange": {"sources": [grid(4, 8, 0, 1)]}}
    spec = {"title": "t", "basicChart": {"chartType": "LINE", "series": [{"series": source}]}}
    place = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 5, "columnIndex": 3}}}
    reply = do(book, {"addChart": {"chart": {"spec": spec, "position": place}}})[0]["addChart"]["chart"]
    rows = {"sheetId": 0, "dimension": "ROWS"}
    do(book, {"insertDimension": {"range": rows | {"startIndex": 0, "endIndex": 2}}})
    chart = meta(book)["charts"][0]

    assert chart["chartId"] == reply["chartId"]
    assert chart["position"]["overlayPosition"] == {
        "anchorCell": {"rowIndex": 7, "columnIndex": 3}, "widthPixels": 600, "heightPixels": 371,
    }  # fmt: skip
    shown = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    assert [(one["startRowIndex"], one["endRowIndex"]) for one in shown] == [(6, 10)]

    twin = book.duplicate_sheet(0)
    copied = book.fetch_sheet_metadata()["sheets"][0]["charts"][0]
    assert copied["chartId"] != chart["chartId"]
    assert copied["position"]["overlayPosition"]["anchorCell"]["sheetId"] == twin.id
    do(book, {"deleteDimension": {"range": rows | {"startIndex": 5, "endIndex": 20}}})
    left = book.fetch_sheet_metadata()["sheets"][1]["charts"][0]
    assert left["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"] == []

    do(book, {"deleteEmbeddedObject": {"objectId": chart["chartId"]}})
    with pytest.raises(APIError, match="No embedded object with id"):
        do(book, {"deleteEmbeddedObject": {"objectId": chart["chartId"]}})


def test_auto_fill_goes_on_with_what_is_there(book: gspread.Spreadsheet) -> None:
    """Even steps of numbers go on, text repeats, a formula's references move along; backwards too."""
    sheet = book.sheet1
    sheet.update([[2, "a", "=A1*2"], [4, "b", "=A2*2"]], "A1", value_input_option="USER_ENTERED")
    do(book, {"autoFill": {"range": grid(0, 5, 0, 3)}})
    formulas = sheet.get("A1:C5", value_render_option="FORMULA")

    assert formulas == [
        [2, "a", "=A1*2"], [4, "b", "=A2*2"], [6, "a", "=A3*2"], [8, "b", "=A4*2"], [10, "a", "=A5*2"],
    ]  # fmt: skip
    source = {"source": grid(4, 6, 5, 6), "dimension": "ROWS", "fillLength": -3}
    sheet.update([[10], [20]], "F5")
    do(book, {"autoFill": {"sourceAndDestination": source}})
    assert sheet.col_values(6) == ["", "-20", "-10", "0", "10", "20"]


def test_a_copied_sheet_has_ids_and_ranges_of_its_own(book: gspread.Spreadsheet) -> None:
    """Protection, banding, filter and colours of the copy are on the copy, the whole-sheet ones too."""
    bands = {"firstBandColor": {"red": 1}}
    rule = {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}
    do(
        book,
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "description": "all"}}},
        {"addBanding": {"bandedRange": {"range": grid(0, 4, 0, 2), "rowProperties": bands}}},
        {"setBasicFilter": {"filter": {"range": grid(0, 4, 0, 2)}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [grid(0, 4, 0, 2)], "booleanRule": rule}}},
    )
    twin = book.duplicate_sheet(0, insert_sheet_index=1)
    first, second = book.fetch_sheet_metadata()["sheets"]

    assert second["protectedRanges"][0]["range"] == {"sheetId": twin.id}
    assert second["basicFilter"]["range"]["sheetId"] == twin.id
    assert second["conditionalFormats"][0]["ranges"][0]["sheetId"] == twin.id
    assert first["protectedRanges"][0]["protectedRangeId"] != second["protectedRanges"][0]["protectedRangeId"]
    assert first["bandedRanges"][0]["bandedRangeId"] != second["bandedRanges"][0]["bandedRangeId"]
    assert "sheetId" not in first["basicFilter"]["range"]


def test_a_spreadsheet_is_made_with_all_that_its_resource_holds(
    server: Any, book: gspread.Spreadsheet
) -> None:
    """What `get` answers can be given to `create`; what cannot be made is refused, not dropped."""
    rule = {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}
    rows, bands = {"sheetId": 0, "dimension": "ROWS"}, {"firstBandColor": {"red": 1}}
    at_row = {"dimensionRange": rows | {"startIndex": 1, "endIndex": 2}}
    book.sheet1.update([["a", "b"], ["1", "2"]], "A1")
    do(
        book,
        {"mergeCells": {"range": grid(4, 6, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": grid(0, 1, 0, 2), "warningOnly": True}}},
        {"addBanding": {"bandedRange": {"range": grid(0, 4, 0, 2), "rowProperties": bands}}},
        {"setBasicFilter": {"filter": {"range": grid(0, 4, 0, 2)}}},
        {"addFilterView": {"filter": {"title": "view", "range": grid(0, 4, 0, 2)}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [grid(0, 4, 0, 2)], "booleanRule": rule}}},
        {"addNamedRange": {"namedRange": {"name": "head", "range": grid(0, 1, 0, 2)}}},
        {"addDimensionGroup": {"range": rows | {"startIndex": 1, "endIndex": 3}}},
        {"createDeveloperMetadata": {"developerMetadata": mark("row", at_row)}},
        {"createDeveloperMetadata": {"developerMetadata": mark("book", {"spreadsheet": True})}},
        {"createDeveloperMetadata": {"developerMetadata": mark("sheet", {"sheetId": 0})}},
        {
            "updateDimensionProperties": {
                "range": rows | {"startIndex": 2, "endIndex": 3},
                "properties": {"pixelSize": 40, "hiddenByUser": True},
                "fields": "pixelSize,hiddenByUser",
            }
        },
    )  # fmt: skip
    params = {"includeGridData": "true", "ranges": "Sheet1!A1:C9"}
    first = book.fetch_sheet_metadata(params)
    sent = {name: part for name, part in first.items() if name not in ("spreadsheetId", "spreadsheetUrl")}
    made = server.call("POST", "/v4/spreadsheets", sent).json()
    second = server.gspread().open_by_key(made["spreadsheetId"]).fetch_sheet_metadata(params)

    assert first["sheets"][0].keys() >= {
        "merges",
        "protectedRanges",
        "rowGroups",
        "developerMetadata",
        "data",
    }
    assert second["sheets"] == first["sheets"]
    assert (second["namedRanges"], second["developerMetadata"]) == (
        first["namedRanges"],
        first["developerMetadata"],
    )
    refused = server.call("POST", "/v4/spreadsheets", {"sheets": [{"slicers": [{"slicerId": 1}]}]})
    assert "spreadsheet.sheets[0].slicers" in refused.json()["error"]["message"]
    assert refused.status_code == 400


@pytest.mark.parametrize("name", ["A1", "R1C1", "true", "1st", "two words", "x" * 251, ""])
def test_a_named_range_has_a_name(book: gspread.Spreadsheet, name: str) -> None:
    """Letters, digits and underscores; no address, no truth, at most 250 characters."""
    with pytest.raises(APIError, match="is not a valid name"):
        do(book, {"addNamedRange": {"namedRange": {"name": name, "range": grid(0, 1, 0, 1)}}})


def test_a_filter_hides_rows_by_value_and_by_condition(book: gspread.Spreadsheet) -> None:
    """Both spellings of the criteria are answered; the header is never hidden."""
    book.sheet1.update([["id", "n"], ["a", 1], ["b", 2], ["c", 3], ["b", 4]], "A1")
    above = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}
    criteria = {"0": {"hiddenValues": ["c"]}, "1": {"condition": above}}
    do(book, {"setBasicFilter": {"filter": {"range": grid(0, 5, 0, 2), "criteria": criteria}}})
    data = book.fetch_sheet_metadata({"fields": "sheets(basicFilter,data.rowMetadata.hiddenByFilter)"})[
        "sheets"
    ][0]

    assert data["basicFilter"]["criteria"] == criteria
    assert data["basicFilter"]["filterSpecs"] == [
        {"columnIndex": 0, "filterCriteria": criteria["0"]},
        {"columnIndex": 1, "filterCriteria": criteria["1"]},
    ]
    hidden = [row.get("hiddenByFilter", False) for row in data["data"][0]["rowMetadata"][:6]]
    assert hidden == [False, True, False, True, False, False]


def test_ranges_and_filters_follow_rows_and_columns_that_move(book: gspread.Spreadsheet) -> None:
    """A merge and a name go where their lines go; a filter's criteria follow their column, or go with it."""
    sheet = book.sheet1
    sheet.merge_cells("B2:C2")
    sheet.define_named_range("B2:C2", "here")
    rules = {"filter": {"range": {"endRowIndex": 9}, "criteria": {"1": {"hiddenValues": ["x"]}}}}
    column = {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    row = {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    requests = [
        {"setBasicFilter": rules},
        {"insertDimension": {"range": column}},
        {"moveDimension": {"source": row, "destinationIndex": 5}},
        {"moveDimension": {"source": column, "destinationIndex": 5}},
    ]
    book.batch_update({"requests": requests})
    about = book.fetch_sheet_metadata()

    merge = about["sheets"][0]["merges"][0]
    assert [merge[side] for side in ("startRowIndex", "endRowIndex", "startColumnIndex")] == [4, 5, 1]
    assert about["namedRanges"][0]["range"]["startRowIndex"] == 4
    assert list(about["sheets"][0]["basicFilter"]["criteria"]) == ["1"]
    book.batch_update(
        {"requests": [{"deleteDimension": {"range": column | {"startIndex": 1, "endIndex": 2}}}]}
    )
    assert not book.fetch_sheet_metadata()["sheets"][0]["basicFilter"].get("criteria")
