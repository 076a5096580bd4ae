"""Laying out: all sheets with their words, and a second time nothing."""

import pytest

from sheets_schema import workbook
from sheets_schema.book import Change, open_book
from sheets_schema.errors import BookError


def header_of(book, name):
    """Return a sheet's first row with notes, dropdowns and formats of the row below it."""
    params = {"ranges": [f"'{name}'!1:2"], "includeGridData": "true"}
    (sheet,) = book.workbook.fetch_sheet_metadata(params)["sheets"]
    rows = [row.get("values", []) for row in sheet["data"][0]["rowData"]]
    return sheet["properties"], rows[0], rows[1]


def test_every_table_has_its_sheet_in_order(book):
    """The sheets are the tables; the blank one of a new spreadsheet is gone."""
    shown = [sheet.title for sheet in book.workbook.worksheets() if not sheet.isSheetHidden]
    assert shown == list(workbook.tables())


@pytest.mark.parametrize("name", ["tickets", "people", "journal", "risk_levels"])
def test_a_sheet_says_what_its_columns_are(book, name):
    """Names in the first row, which stays in sight; why a column exists stands in its note."""
    about, header, _ = header_of(book, name)
    table = book.tables[name]
    assert [cell["formattedValue"] for cell in header] == list(table.names)
    assert about["gridProperties"]["frozenRowCount"] == 1
    for field, cell in zip(table.fields, header, strict=True):
        assert field.description in cell["note"]
        assert field.label("zh-Hans") in cell["note"]
        assert cell["userEnteredFormat"]["textFormat"]["bold"]


def test_columns_offer_their_codes_and_write_days_as_days(book):
    """A dropdown for a code, a range of ids for a person, plain text for text, a pattern for a day."""
    _, _, below = header_of(book, "tickets")
    names = list(book.tables["tickets"].names)
    cell = {name: below[names.index(name)] for name in ("priority", "assignee", "subject", "opened_at")}
    codes = cell["priority"]["dataValidation"]["condition"]["values"]
    assert [value["userEnteredValue"] for value in codes] == ["P1", "P2", "P3", "P4"]
    assert cell["assignee"]["dataValidation"]["condition"]["type"] == "ONE_OF_RANGE"
    assert cell["subject"]["userEnteredFormat"]["numberFormat"]["type"] == "TEXT"
    assert cell["opened_at"]["userEnteredFormat"]["numberFormat"]["pattern"] == "yyyy-mm-dd hh:mm"


def test_a_second_time_nothing_changes(small_book, calls):
    """No request that writes is sent, so that not even the version moves."""
    before = small_book.version()
    counted = calls(small_book)
    assert small_book.lay_out() == ()
    assert {call.partition(" ")[0] for call in counted.sent} == {"GET"}
    assert small_book.version() == before


def test_what_was_taken_away_comes_back_and_rows_are_not_touched(small_book):
    """A header cell overwritten, a sheet deleted, a column deleted: put back at the end; rows stay."""
    sheet = small_book.workbook.worksheet("tickets")
    before = [row[:20] for row in sheet.get_all_values()]
    small_book.workbook.del_worksheet(small_book.workbook.worksheet("risks"))
    place = sheet.row_values(1).index("csat_comment") + 1
    sheet.delete_columns(place)
    assert set(small_book.lay_out()) == {"tickets", "risks"}
    header = sheet.row_values(1)
    assert header[-1] == "csat_comment"
    assert [row[:20] for row in sheet.get_all_values()] == before
    assert small_book.load("tickets", "risks").faults == ()
    assert small_book.lay_out() == ()


def test_what_people_did_to_the_looks_stays(small_book):
    """Their own note on a header, their own sheet, their own column and its place."""
    sheet = small_book.workbook.worksheet("tickets")
    sheet.update_note("B1", "Ask Lina before you change this.")
    sheet.insert_cols([["remark", "mine"]], 1)
    small_book.workbook.add_worksheet("My notes", 10, 5).update_acell("A1", "mine")
    assert small_book.lay_out() == ()
    assert sheet.get_note("C1") == "Ask Lina before you change this."
    assert sheet.acell("A2").value == "mine"
    assert small_book.workbook.worksheet("My notes").acell("A1").value == "mine"


def test_the_setting_is_the_time_zone_and_the_spreadsheet_follows(small_book, now):
    """One clock: what the company has set is what the sheet's times are read by."""
    change = Change("settings", {"value": "Europe/Paris"}, id="time_zone")
    small_book.save([change], who="E01", source="test", now=now)
    assert small_book.time_zone == "Europe/Paris"
    small_book.lay_out()
    assert open_book(small_book.address).workbook.timezone == "Europe/Paris"


def test_the_command_lays_out_an_empty_spreadsheet(failing, tmp_path, monkeypatch, capsys):
    """`opsline init` makes a workbook; again, it says that there is nothing to do."""
    from opsline.cli import main

    address, _file = failing(tmp_path / "new.sqlite", "--token", "t")
    monkeypatch.setenv("OPSLINE_TOKEN", "t")
    assert main(["init", address, "--time-zone", "Asia/Shanghai"]) == 0
    assert open_book(address).time_zone == "Asia/Shanghai"
    capsys.readouterr()
    assert main(["init", address]) == 0
    assert "Nothing to change" in capsys.readouterr().out


def test_a_time_zone_that_does_not_exist_is_refused(book):
    """A sentence, and the spreadsheet keeps its own."""
    with pytest.raises(BookError, match="Mars/Olympus"):
        book.lay_out("Mars/Olympus")
    assert open_book(book.address).workbook.timezone == "Asia/Shanghai"
