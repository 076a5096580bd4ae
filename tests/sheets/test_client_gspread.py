"""gspread, unchanged: its own `session` argument points it at the server."""

from typing import Any

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    ExportFormat,
    InsertDataOption,
    MergeType,
    PasteOrientation,
    PasteType,
    ValidationConditionType,
    ValueInputOption,
    ValueRenderOption,
)

TABLE = [["id", "n", "when"], ["b", 2, "2020-01-02"], ["a", 1, "2020-01-01"]]


@pytest.fixture
def table(sheet: gspread.Worksheet) -> gspread.Worksheet:
    """Return a sheet with a small table."""
    sheet.update(TABLE, "A1", value_input_option=ValueInputOption.user_entered)
    return sheet


def test_spreadsheets_are_created_listed_opened_and_deleted(server: Any) -> None:
    """By title, key and address; what is gone is SpreadsheetNotFound."""
    client = server.gspread()
    book = client.create("of gspread's own")
    assert client.open("of gspread's own").id == book.id
    assert client.open_by_key(book.id).title == book.title
    assert client.open_by_url(book.url.replace(server.address, "https://docs.google.com")).id == book.id
    assert book.id in [file["id"] for file in client.list_spreadsheet_files()]
    assert book.id in [one.id for one in client.openall()]
    assert (book.locale, book.timezone) == ("en_US", "Etc/GMT")
    assert book.get_lastUpdateTime() >= book.creationTime
    client.del_spreadsheet(book.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(book.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("of gspread's own")


def test_records_columns_rows_and_cells_are_read(table: gspread.Worksheet) -> None:
    """Formatted, unformatted, as formulas; found by text."""
    assert table.get_all_records() == [
        {"id": "b", "n": 2, "when": "2020-01-02"}, {"id": "a", "n": 1, "when": "2020-01-01"},
    ]  # fmt: skip
    assert table.row_values(2) == ["b", "2", "2020-01-02"]
    assert table.col_values(2, value_render_option=ValueRenderOption.unformatted) == ["n", 2, 1]
    assert table.acell("C2", value_render_option=ValueRenderOption.unformatted).value == 43832
    assert table.get("C2:C3", date_time_render_option=DateTimeOption.formatted_string) == [
        ["2020-01-02"], ["2020-01-01"],
    ]  # fmt: skip
    assert (table.find("a").address, len(table.findall("2020-01-01"))) == ("A3", 1)
    assert [part.first() for part in table.batch_get(["A1", "B2:B3"])] == ["id", "2"]
    assert table.get("A1:B2", maintain_size=True, pad_values=True) == [["id", "n"], ["b", "2"]]


def test_rows_are_appended_inserted_and_deleted(table: gspread.Worksheet) -> None:
    """Each call of its own, columns too."""
    table.append_row(["c", 3], table_range="A1", insert_data_option=InsertDataOption.insert_rows)
    table.append_rows([["d", 4], ["e", 5]])
    table.insert_row(["first"], 2)
    table.insert_rows([["x"], ["y"]], 3, inherit_from_before=True)
    table.insert_cols([["left", "of"]], 1)
    assert table.col_values(2) == ["id", "first", "x", "y", "b", "a", "c", "d", "e"]
    assert table.col_values(1) == ["left", "of"]
    table.delete_columns(1)
    table.delete_rows(2, 4)
    assert table.col_values(1) == ["id", "b", "a", "c", "d", "e"]
    table.resize(20, 5)
    table.add_rows(1)
    table.add_cols(1)
    assert (table.spreadsheet.sheet1.row_count, table.spreadsheet.sheet1.col_count) == (21, 6)


def test_cells_are_updated_in_batches_and_cleared(table: gspread.Worksheet) -> None:
    """update_cells, batch_update, batch_clear, clear."""
    table.update_acell("A2", "B")
    cells = table.range("B2:B3")
    for cell in cells:
        cell.value = int(cell.value) * 10
    table.update_cells(cells)
    table.batch_update([{"range": "C2", "values": [["x"]]}, {"range": "C3", "values": [["y"]]}])
    assert table.get("A2:C3") == [["B", "20", "x"], ["a", "10", "y"]]
    table.batch_clear(["C1:C3", "A2"])
    assert table.get_all_values() == [["id", "n"], ["", "20"], ["a", "10"]]
    table.clear()
    assert table.get_all_values() == [[]]


def test_formats_notes_and_sizes(table: gspread.Worksheet) -> None:
    """Format, batch_format, notes, tab colour, hidden lines, frozen ones, gridlines."""
    table.format("A1:C1", {"textFormat": {"bold": True}})
    table.batch_format([{"range": "B:B", "format": {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}}])
    assert table.get("B2:B3") == [["2.00"], ["1.00"]]
    table.insert_notes({"A1": "one", "B2": "two"})
    assert (table.get_note("A1"), table.get_notes()) == ("one", [["one"], ["", "two"]])
    table.clear_notes(["A1"])
    assert table.get_note("A1") == ""
    table.update_tab_color("#ff0000")
    assert table.spreadsheet.sheet1.get_tab_color() == "#FF0000"
    table.clear_tab_color()
    table.freeze(rows=1, cols=1)
    table.hide_rows(5, 6)
    table.hide_columns(3, 4)
    table.unhide_rows(5, 6)
    table.hide_gridlines()
    table.columns_auto_resize(0, 2)
    again = table.spreadsheet.sheet1
    assert (again.frozen_row_count, again.frozen_col_count, again.is_gridlines_hidden) == (1, 1, True)


def test_rows_are_sorted_filtered_merged_copied_and_grouped(table: gspread.Worksheet) -> None:
    """With their own calls, ranges in letters."""
    table.sort((1, "asc"), range="A2:C3")
    assert table.col_values(1) == ["id", "a", "b"]
    table.set_basic_filter("A1:C3")
    table.clear_basic_filter()
    table.merge_cells("E1:F2", merge_type=MergeType.merge_all)
    table.update([["m"], [], [None, "x"]], "E1")
    assert table.get_values("E1:F3", combine_merged_cells=True) == [["m", "m"], ["m", "m"], ["", "x"]]
    table.unmerge_cells("E1:F2")
    table.copy_range("A1:C1", "A10", PasteType.normal, PasteOrientation.normal)
    table.cut_range("A2:C2", "A11")
    assert table.col_values(1) == ["id", "", "b", "", "", "", "", "", "", "id", "a"]
    table.add_dimension_group_rows(1, 3)
    assert table.list_dimension_group_rows()[0]["range"]["endIndex"] == 3
    table.delete_dimension_group_rows(1, 3)


def test_rules_protection_and_names(table: gspread.Worksheet) -> None:
    """add_validation, protected and named ranges."""
    table.add_validation("B2:B9", ValidationConditionType.number_greater, ["0"], strict=True)
    params = {"ranges": "Sheet1!B2", "fields": "sheets.data.rowData.values.dataValidation"}
    data = table.spreadsheet.fetch_sheet_metadata(params)["sheets"][0]["data"][0]
    assert data["rowData"][0]["values"][0]["dataValidation"] == {
        "condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]},
        "strict": True,
    }
    table.add_protected_range("A1:C1", ["ada@example.com"], description="head")
    kept = table.spreadsheet.list_protected_ranges(table.id)
    assert [(one["description"], one["range"]["endRowIndex"]) for one in kept] == [("head", 1)]
    table.delete_protected_range(kept[0]["protectedRangeId"])
    named = table.define_named_range("A1:C3", "things")["replies"][0]["addNamedRange"]["namedRange"]
    assert table.spreadsheet.values_get("things")["range"] == "Sheet1!A1:C3"
    assert [one["name"] for one in table.spreadsheet.list_named_ranges()] == ["things"]
    table.delete_named_range(named["namedRangeId"])
    assert table.spreadsheet.list_named_ranges() == []


def test_sheets_are_added_copied_ordered_hidden_and_deleted(book: gspread.Spreadsheet) -> None:
    """Worksheet by worksheet."""
    second = book.add_worksheet("second", rows=5, cols=3, index=0)
    book.duplicate_sheet(second.id, new_sheet_name="third")
    book.sheet1.copy_to(book.id)
    book.reorder_worksheets(reversed(book.worksheets()))
    assert [one.title for one in book] == ["Copy of third", "Sheet1", "second", "third"]
    book.worksheet("second").hide()
    assert len(book.worksheets(exclude_hidden=True)) == 3
    book.worksheet("second").show()
    book.del_worksheet(book.worksheet("third"))
    book.worksheet("second").update_title("renamed")
    book.worksheet("renamed").update_index(0)
    assert [one.title for one in book] == ["renamed", "Copy of third", "Sheet1"]


def test_sharing_export_copy_and_import(server: Any, book: gspread.Spreadsheet) -> None:
    """Drive's part."""
    client = server.gspread()
    book.share("ada@example.com", perm_type="user", role="reader", notify=False)
    assert "ada@example.com" in [one.get("emailAddress") for one in book.list_permissions()]
    book.remove_permissions("ada@example.com")
    book.sheet1.update([["a", "b"]], "A1")
    assert book.export(ExportFormat.CSV) == b"a,b"
    assert book.export(ExportFormat.EXCEL)[:2] == b"PK"
    twin = client.copy(book.id, "twin", copy_permissions=True)
    assert twin.sheet1.get_all_values() == [["a", "b"]]
    client.import_csv(twin.id, "1,2\n3,4")
    assert client.open_by_key(twin.id).sheet1.get_all_values() == [["1", "2"], ["3", "4"]]
    client.del_spreadsheet(twin.id)
