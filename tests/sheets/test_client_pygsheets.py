"""pygsheets, unchanged: its own `http` argument points it at the server."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pygsheets
import pytest
from google.oauth2.credentials import Credentials

from tests.sheets.clients import CheckedHttp

TOKEN = "test-token"


@pytest.fixture
def client(server: Any) -> pygsheets.client.Client:
    """Return a client; what it sends and gets is held against Google's description."""
    return pygsheets.authorize(custom_credentials=Credentials(TOKEN), http=CheckedHttp(server.address))


@pytest.fixture
def book(client: pygsheets.client.Client) -> Iterator[pygsheets.Spreadsheet]:
    """Return a fresh spreadsheet."""
    made = client.create("of pygsheets")
    yield made
    made.delete()


@pytest.fixture
def sheet(book: pygsheets.Spreadsheet) -> pygsheets.Worksheet:
    """Return its first sheet, with a small table."""
    sheet = book.sheet1
    sheet.update_values("A1", [["id", "n"], ["b", 2], ["a", 1]])
    return sheet


def test_spreadsheets_are_created_listed_and_opened(client: Any, book: Any) -> None:
    """By title, key and address; all of them."""
    assert client.open("of pygsheets").id == book.id
    assert client.open_by_key(book.id).title == "of pygsheets"
    assert client.open_by_url(f"https://docs.google.com/spreadsheets/d/{book.id}/edit").id == book.id
    assert book.id in client.spreadsheet_ids()
    assert "of pygsheets" in client.spreadsheet_titles()
    twin = client.create("twin", template=book.id)
    assert twin.sheet1.title == "Sheet1"
    twin.delete()
    assert book.updated
    book.title = "renamed"
    assert client.open_by_key(book.id).title == "renamed"


def test_values_are_read_written_appended_and_cleared(sheet: Any) -> None:
    """Cell by cell, rows, columns, ranges, batches."""
    sheet.update_value("C1", "=1+1")
    sheet.update_row(4, ["c", 3])
    sheet.append_table(["d", "4"])
    sheet.update_values_batch(["E1:E2", "F1"], [[["x"], ["y"]], [["z"]]])

    assert sheet.get_value("C1") == "2"
    assert sheet.get_row(5, include_tailing_empty=False) == ["d", "4"]
    assert sheet.get_col(5, include_tailing_empty=False) == ["x", "y"]
    assert sheet.get_values("A1", "B3") == [["id", "n"], ["b", "2"], ["a", "1"]]
    assert sheet.get_values_batch(["E1:E2", "F1"]) == [[["x"], ["y"]], [["z"]]]
    sheet.clear("C1", "F9")
    assert sheet.get_all_records() == [
        {"id": "b", "n": 2}, {"id": "a", "n": 1}, {"id": "c", "n": 3}, {"id": "d", "n": 4},
    ]  # fmt: skip


def test_frames_go_in_and_come_out(sheet: Any) -> None:
    """set_dataframe and get_as_df."""
    frame = pd.DataFrame({"id": ["x", "y"], "n": [1.5, 2.5]})
    sheet.set_dataframe(frame, "A1", fit=True)

    assert sheet.get_as_df().to_dict("list") == {"id": ["x", "y"], "n": [1.5, 2.5]}
    assert (sheet.rows, sheet.cols) == (3, 2)


def test_rows_and_columns_come_and_go(sheet: Any) -> None:
    """Insert, delete, resize, hide, widths, freeze."""
    sheet.insert_rows(1, number=1, values=["new", 9])
    assert sheet.get_row(2, include_tailing_empty=False) == ["new", "9"]
    sheet.delete_rows(2)
    sheet.insert_cols(1, number=2)
    sheet.delete_cols(2, number=2)
    assert sheet.get_row(1, include_tailing_empty=False) == ["id", "n"]
    sheet.resize(50, 5)
    sheet.frozen_rows = 1
    sheet.hide_dimensions(2, 3)
    sheet.show_dimensions(2, 3)
    sheet.adjust_column_width(1, 2, 200)
    sheet.adjust_row_height(1, 2, 40)
    sheet.refresh()
    assert (sheet.rows, sheet.cols, sheet.frozen_rows) == (50, 5, 1)


def test_cells_have_formats_notes_and_formulas(sheet: Any) -> None:
    """Through Cell and DataRange, with their own setters."""
    cell = sheet.cell("A1")
    cell.set_text_format("bold", True).set_number_format(pygsheets.FormatType.TEXT)
    cell.color, cell.note = (1.0, 0.5, 0.0), "why"
    cell.set_horizontal_alignment(pygsheets.custom_types.HorizontalAlignment.CENTER)
    sheet.cell("D1").formula = "=2*3"
    found = sheet.cell("A1")

    assert (found.note, found.color[:3], found.text_format["bold"]) == ("why", (1, 0.5, 0), True)
    assert (sheet.cell("D1").value, sheet.cell("D1").formula) == ("6", "=2*3")
    area = sheet.range("A1:B3", returnas="range")
    area.update_borders(top=True, bottom=True, style="SOLID")
    look = {"userEnteredFormat": {"textFormat": {"italic": True}}}
    area.apply_format(cell_json=look, fields="userEnteredFormat.textFormat.italic")
    slanted = sheet.cell("B2")
    slanted.fetch()
    assert slanted.text_format["italic"] is True
    area.merge_cells("MERGE_ROWS")
    sheet.refresh()
    assert len(sheet.merged_ranges) == 3


def test_what_is_found_is_replaced_and_sorted(sheet: Any) -> None:
    """Find, replace, sort_range."""
    assert [cell.label for cell in sheet.find("b")] == ["A2"]
    sheet.replace("b", "beta", matchEntireCell=True)
    sheet.sort_range("A2", "B3", basecolumnindex=1)
    assert sheet.get_values("A1", "B3") == [["id", "n"], ["a", "1"], ["beta", "2"]]


def test_ranges_are_named_and_protected(book: Any, sheet: Any) -> None:
    """create_named_range, create_protected_range, and their ends."""
    sheet.create_named_range("table", "A1", "B3", returnas="json")  # its other answer is broken in 2.0.6
    assert sheet.get_named_range("table").cells[0][0].value == "id"
    sheet.delete_named_range("table")
    assert book.named_ranges == []
    sheet.create_protected_range("A1", "B3")
    kept = sheet.get_protected_ranges()
    assert [one.range for one in kept] == ["A1:B3"]
    sheet.remove_protected_range(kept[0].protect_id)
    book.fetch_properties()
    assert sheet.get_protected_ranges() == []


def test_rules_filters_and_colours(server: Any, book: Any, sheet: Any) -> None:
    """set_data_validation, set_basic_filter, add_conditional_formatting."""
    sheet.set_data_validation("B2", "B9", condition_type="NUMBER_GREATER", condition_values=[0], strict=True)
    sheet.set_basic_filter(start="A1", end="B3")
    sheet.add_conditional_formatting(
        "A1", "B9", "NUMBER_GREATER", {"backgroundColor": {"red": 1}}, condition_values=["1"]
    )
    said = server.call("GET", f"/v4/spreadsheets/{book.id}?includeGridData=true").json()["sheets"][0]

    rule = said["data"][0]["rowData"][1]["values"][1]["dataValidation"]["condition"]
    assert rule == {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}
    assert said["basicFilter"]["range"]["endRowIndex"] == 3
    assert said["conditionalFormats"][0]["booleanRule"]["format"]["backgroundColor"] == {"red": 1}
    sheet.clear_basic_filter()


def test_sheets_are_added_copied_moved_and_deleted(book: Any, sheet: Any) -> None:
    """From scratch, from another sheet, to another spreadsheet."""
    twin = book.add_worksheet("twin", src_worksheet=sheet)
    assert twin.get_value("A2") == "b"
    sheet.copy_to(book.id)
    twin.index = 0
    book.fetch_properties()
    assert [one.title for one in book.worksheets()] == ["twin", "Sheet1", "Copy of Sheet1"]
    book.del_worksheet(twin)
    assert len(book.worksheets()) == 2


def test_developer_metadata(book: Any, sheet: Any) -> None:
    """Of the spreadsheet and of a sheet."""
    book.create_developer_metadata("whole", "1")
    sheet.create_developer_metadata("part", "2")
    assert [item.value for item in book.get_developer_metadata("whole")] == ["1"]
    found = sheet.get_developer_metadata("part")[0]
    found.value = "3"
    found.update()
    assert [item.value for item in sheet.get_developer_metadata()] == ["3"]
    found.delete()
    assert sheet.get_developer_metadata() == []


def test_charts_are_kept_changed_and_deleted(sheet: Any) -> None:
    """add_chart, its setters, get_charts, delete."""
    chart = sheet.add_chart(("A2", "A3"), [("B2", "B3")], "numbers", pygsheets.ChartType.BAR, "D2")
    chart.title = "renamed"
    chart.anchor_cell = "F5"
    found = sheet.get_charts("renamed")

    assert [(one.title, one.anchor_cell, one.chart_type) for one in found] == [
        ("renamed", (5, 6), pygsheets.ChartType.BAR)
    ]
    found[0].delete()
    assert sheet.get_charts() == []


def test_a_batch_is_sent_as_one(client: Any, book: Any, sheet: Any) -> None:
    """set_batch_mode and run_batch."""
    client.set_batch_mode(True)
    sheet.frozen_cols = 1
    sheet.merge_cells("A5", "B6")
    client.run_batch()
    client.set_batch_mode(False)
    sheet.refresh()

    assert (sheet.frozen_cols, len(sheet.merged_ranges)) == (1, 1)


def test_sharing_and_export(book: Any, sheet: Any, tmp_path: Any) -> None:
    """Permissions come and go; a CSV file lies where it was asked for."""
    book.share("ada@example.com", role="writer", type="user")
    assert "ada@example.com" in [person["emailAddress"] for person in book.permissions]
    book.remove_permission("ada@example.com")
    assert "ada@example.com" not in [person["emailAddress"] for person in book.permissions]
    sheet.export(pygsheets.ExportType.CSV, filename="out", path=f"{tmp_path}/")
    assert (tmp_path / "out.csv").read_text().splitlines() == ["id,n", "b,2", "a,1"]


def test_dates_are_typed(sheet: Any) -> None:
    """USER_ENTERED is its default."""
    sheet.update_value("D1", str(dt.date(2020, 1, 1)))
    assert sheet.get_value("D1", pygsheets.ValueRenderOption.UNFORMATTED_VALUE) == 43831
