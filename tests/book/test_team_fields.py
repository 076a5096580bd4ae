"""A row in `fields` is a column: in the sheet, when read, when saved."""

import pytest

from sheets_schema.book import Change, open_book
from sheets_schema.errors import CellFault


@pytest.fixture
def widened(small_book, now):
    """Return the small book, to whose tickets a team has added a field."""
    field = {"id": "F1", "table": "tickets", "name": "region", "type": "string", "choices": "north|south"}
    words = {"label_en": "Region", "label_zh_hans": "地区", "hint": "Where the customer is."}
    small_book.save([Change("fields", {**field, **words})], who="E01", source="test", now=now)
    return small_book


def test_the_column_is_in_the_sheet_with_note_and_dropdown(widened):
    """It comes after all others, so that nothing that was there moves."""
    sheet = widened.workbook.worksheet("tickets")
    header = sheet.row_values(1)
    assert header[-1] == "region"
    assert "Where the customer is." in sheet.get_note(f"{_letters(len(header))}1")


def test_it_is_read_saved_and_checked_like_any_other(widened, now):
    """No line of code knows of it."""
    widened.save([Change("tickets", {"region": "north"}, id="T-1")], who="E01", source="test", now=now)
    tickets = widened.load("tickets")["tickets"].set_index("id")
    assert tickets.loc["T-1", "region"] == "north"
    with pytest.raises(CellFault, match="north, south"):
        widened.save([Change("tickets", {"region": "west"}, id="T-1")], who="E01", source="test", now=now)


def test_a_row_typed_into_the_sheet_does_the_same(small_book, now):
    """A person adds the field in the spreadsheet; the next load adds the column, once."""
    small_book.workbook.worksheet("fields").append_row(
        ["F2", "tickets", "shelf", "integer", "Shelf"], value_input_option="RAW"
    )
    other = open_book(small_book.address)
    assert "shelf" in small_book.load("tickets")["tickets"]
    assert "shelf" in other.load("tickets")["tickets"]
    assert small_book.workbook.worksheet("tickets").row_values(1).count("shelf") == 1
    other.save([Change("tickets", {"shelf": 12}, id="T-2")], who="E01", source="test", now=now)
    assert small_book.load("tickets")["tickets"].set_index("id")["shelf"].dropna().to_dict() == {"T-2": 12}


def test_a_field_whose_column_was_renamed_gets_no_second_one(widened, now):
    """It is read there, and asked about."""
    widened.save([Change("tickets", {"region": "north"}, id="T-1")], who="E01", source="test", now=now)
    widened.load("tickets")
    sheet = widened.workbook.worksheet("tickets")
    header = sheet.row_values(1)
    sheet.update_cell(1, len(header), "Where")
    snapshot = open_book(widened.address).load("tickets")
    assert snapshot["tickets"].set_index("id").loc["T-1", "region"] == "north"
    assert "'Where' stands where 'region' was" in " ".join(map(str, snapshot.faults))
    assert sheet.row_values(1) == [*header[:-1], "Where"]


def _letters(count):
    """Return the letters of the last of so many columns."""
    from sheets_schema.language.cells import column_letters

    return column_letters(count - 1)
