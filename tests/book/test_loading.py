"""Reading a workbook: one request, every row, every fault."""

import pandas as pd
import pytest

from sheets_schema.book import Change
from sheets_schema.book.shared import shelf
from sheets_schema.errors import HeaderFault, MissingSheet, UnknownTable


@pytest.mark.parametrize("names", [("tickets",), ("tickets", "people", "teams", "kpis", "risks", "journal")])
def test_any_number_of_tables_is_one_read(small_book, calls, names):
    """Quotas count requests, not cells: a page reads all it needs at once."""
    shelf(small_book).forget()
    counted = calls(small_book)
    small_book.load(*names)
    assert counted.sent == ["GET files", "GET values:batchGet"]


def test_who_knows_the_version_reads_once(small_book, calls):
    """A page that has just asked for the version does not ask for it again."""
    small_book.workbook.worksheet("people").update_cell(2, 2, "Somebody else")
    version = small_book.version()
    counted = calls(small_book)
    assert small_book.load("tickets", version=version).version == version
    assert counted.sent == ["GET values:batchGet"]


def test_the_version_changes_with_every_save_and_with_nothing_else(small_book, now):
    """Freshness is asked without reading a cell."""
    before = small_book.version()
    small_book.load("tickets")
    assert small_book.version() == before
    small_book.save([Change("tickets", {"subject": "New"}, id="T-1")], who="E01", source="test", now=now)
    assert small_book.version() != before


def test_the_sheet_holds_local_time_and_the_frame_utc(small_book, now):
    """09:00 in Shanghai is what a person reads; 01:00 UTC is what a rule reckons with."""
    tickets = small_book.load("tickets")["tickets"].set_index("id")
    assert tickets.loc["T-1", "opened_at"] == now - pd.Timedelta(hours=1)
    sheet = small_book.workbook.worksheet("tickets")
    column = sheet.row_values(1).index("opened_at") + 1
    assert sheet.cell(2, column).value == "2026-11-23 08:00"


def test_a_wrong_cell_is_a_fault_and_its_row_stays(small_book):
    """A person may type anything; nothing of it hides a row."""
    sheet = small_book.workbook.worksheet("tickets")
    column = sheet.row_values(1).index("opened_at") + 1
    sheet.update_cell(3, column, "soon")
    snapshot = small_book.load("tickets")
    assert [
        fault.cell for fault in snapshot.faults if fault.sheet == "tickets" and fault.field == "opened_at"
    ]
    assert snapshot["tickets"]["id"].tolist() == ["T-1", "T-2", "T-3"]
    assert pd.isna(snapshot["tickets"].set_index("id").loc["T-2", "opened_at"])


def test_an_id_that_no_row_has_is_a_fault_between_sheets(small_book):
    """A ticket of nobody's is found when both sheets are read."""
    sheet = small_book.workbook.worksheet("tickets")
    sheet.update_cell(2, sheet.row_values(1).index("assignee") + 1, "E99")
    faults = small_book.load("tickets", "people").faults
    assert [(fault.field, fault.row) for fault in faults] == [("assignee", 2)]


def test_a_renamed_sheet_is_said_in_one_sentence(small_book, now):
    """Reading and saving name the sheet that is gone, and nothing is written elsewhere."""
    small_book.workbook.worksheet("tickets").update_title("Tickets (old)")
    with pytest.raises(MissingSheet, match="'tickets' is not in the workbook"):
        small_book.load("tickets")
    with pytest.raises(MissingSheet, match="'tickets' is not in the workbook"):
        small_book.save([Change("tickets", {"subject": "x"}, id="T-1")], who="E01", source="test", now=now)


def test_a_deleted_sheet_does_not_take_the_others_along(small_book):
    """The pages that do not need it go on."""
    book = small_book
    book.workbook.del_worksheet(book.workbook.worksheet("risks"))
    with pytest.raises(MissingSheet):
        book.load("tickets", "risks")
    assert len(book.load("tickets")["tickets"]) == 3


def test_a_header_that_is_gone_is_a_fault_when_read_and_an_error_when_written(small_book, now):
    """A value without a column to go to is not saved beside one."""
    sheet = small_book.workbook.worksheet("tickets")
    at = sheet.row_values(1).index("subject") + 1
    sheet.update([["What is it about?"], [1], [2], [3]], f"R1C{at}:R4C{at}")
    snapshot = small_book.load("tickets")
    assert "subject" in {fault.field for fault in snapshot.faults}
    assert "What is it about?" in snapshot["tickets"]
    before = sheet.get_all_values()
    with pytest.raises(HeaderFault, match="subject"):
        small_book.save([Change("tickets", {"subject": "x"}, id="T-1")], who="E01", source="test", now=now)
    assert sheet.get_all_values() == before


def test_a_table_that_is_not_declared_is_named(small_book):
    """A typing error in a notebook says which tables there are."""
    with pytest.raises(UnknownTable, match="tikets"):
        small_book.load("tikets")


def test_links_lead_to_the_row(small_book):
    """From every row a person gets to the same row in the spreadsheet."""
    gid = small_book.workbook.worksheet("tickets").id
    assert small_book.link("tickets", 5) == f"{small_book.address}#gid={gid}&range=A5"
    assert small_book.link() == small_book.address


def test_the_whole_demo_is_read_in_one_request_without_a_fault(read_only_demo, calls):
    """Twenty-one sheets, thousands of rows: what our own generator writes, our reader takes."""
    names = tuple(read_only_demo.tables)
    shelf(read_only_demo).forget()
    counted = calls(read_only_demo)
    snapshot = read_only_demo.load(*names)
    assert counted.sent == ["GET files", "GET values:batchGet"]
    assert [str(fault) for fault in snapshot.faults] == []
    assert len(snapshot["ticket_events"]) > 5_000
