"""After a change only the sheets that changed are read again, and the other tables stay what they are."""

import json
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from sheets_schema.book import Change, known, open_book, unchanged
from sheets_schema.book.doors import GoogleDoor
from sheets_schema.book.known import Position
from sheets_schema.book.shared import shelf

NAMES = ("tickets", "people", "teams", "categories", "statuses")
SAVED = {"who": "E01", "source": "test"}


def again(book):
    """Return the workbook, opened by somebody else."""
    return open_book(book.address.removesuffix("/edit"))


def type_in(book, table, row, field, cell):
    """Type something into the sheet, as a person does."""
    sheet = book.workbook.worksheet(table)
    sheet.update_cell(row, sheet.row_values(1).index(field) + 1, cell)


def reads(book):
    """Return a list that grows with the tables of each read of values."""
    asked = []

    def note(answer, *_, **__):
        address = urlsplit(answer.url)
        if address.path.endswith("values:batchGet"):
            asked.append([name.strip("'") for name in parse_qs(address.query)["ranges"] if "!" not in name])

    book.client.session.hooks["response"].append(note)
    return asked


@pytest.fixture
def loaded(small_book, monkeypatch, tmp_path):
    """Return a book whose tables were read, with what each later read asks for."""
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(unchanged, "SMALL", 0)
    small_book.load(*NAMES)
    return small_book, small_book.load(*NAMES), reads(small_book)


def test_only_the_sheet_that_somebody_typed_into_is_read(loaded):
    """The frames of the others are the same objects: whoever has worked them out need not do so again."""
    book, before, asked = loaded
    type_in(book, "people", 2, "name", "Typed")
    after = book.load(*NAMES)
    assert asked == [["people"]]
    assert after["people"]["name"].iloc[0] == "Typed"
    assert after.edits[0].new == "Typed"
    assert [name for name in before.readings if after[name] is not before[name]] == ["people"]


def test_small_tables_are_read_rather_than_asked_after(loaded, calls, monkeypatch):
    """Two more questions take longer than a few rows; what shows the same stays the same frame."""
    book, before, asked = loaded
    monkeypatch.setattr(unchanged, "SMALL", 500_000)
    type_in(book, "people", 2, "name", "Typed")
    counted = calls(book)
    after = book.load(*NAMES)
    assert counted.sent == ["GET files", "GET values:batchGet", "POST :batchUpdate"]
    assert len(asked[0]) == len(NAMES) + 2
    assert [name for name in before.readings if after[name] is not before[name]] == ["people"]


def test_a_save_of_our_own_has_its_own_tables_read(loaded, now):
    """A save writes its row and the journal; the categories are as they were."""
    book, before, asked = loaded
    book.save([Change("tickets", {"subject": "New"}, id="T-1")], now=now, **SAVED)
    asked.clear()
    after = again(book).load(*NAMES, "journal")
    assert after["tickets"].set_index("id").loc["T-1", "subject"] == "New"
    assert book.load(*NAMES)["teams"] is before["teams"]
    assert asked == []


def test_a_sheet_that_shows_the_result_of_a_change_elsewhere_is_read(loaded):
    """A formula's result is a cell of its own sheet."""
    book, _, asked = loaded
    sheet = book.workbook.worksheet("teams")
    width = len(sheet.row_values(1))
    sheet.add_cols(1)
    sheet.update(
        [["more"], ["=people!B2"]], f"R1C{width + 1}:R2C{width + 1}", value_input_option="USER_ENTERED"
    )
    was = book.load(*NAMES)["teams"]["more"].iloc[0]
    type_in(book, "people", 2, book.tables["people"].names[1], "Result")
    asked.clear()
    now = book.load(*NAMES)["teams"]["more"].iloc[0]
    assert (was, now) == ("Chen Wei", "Result")
    assert sorted(asked[0]) == ["people", "teams"]


@pytest.mark.parametrize("table", ["settings", "fields"])
def test_where_what_decides_the_reading_has_changed_all_is_read(loaded, table):
    """Another time zone is another moment in every table."""
    book, _, asked = loaded
    book.workbook.worksheet(table).append_row(["time_zone" if table == "settings" else "F-1"])
    book.load(*NAMES)
    assert set(asked[0]) == {*NAMES, "settings", "fields"}


def test_an_edit_that_was_not_journalled_is_looked_for_again(loaded, monkeypatch):
    """Whoever may not write leaves it to the next; what somebody types elsewhere meanwhile hides nothing."""
    book, _, _ = loaded
    type_in(book, "people", 2, "name", "Typed")
    with monkeypatch.context() as patch:
        patch.setattr(book, "may_write", False)
        assert [line.new for line in book.load(*NAMES).edits] == ["Typed"]
    type_in(book, "teams", 2, "name", "Typed, too")
    assert {line.new for line in again(book).load(*NAMES).edits} == {"Typed", "Typed, too"}
    assert again(book).load(*NAMES).edits == ()


def test_what_has_not_changed_is_known_up_to_the_end_of_a_long_journal(loaded, now, monkeypatch):
    """Else the next to change it would go through all that was journalled of others."""
    book, _, _ = loaded
    monkeypatch.setattr("sheets_schema.book.finding.FAR", 3)
    held = shelf(book, book.version())
    before = known.position_of(held, "teams")
    for number in range(5):
        book.save([Change("tickets", {"subject": f"New {number}"}, id="T-1")], now=now, **SAVED)
        book.load(*NAMES)
    assert known.position_of(held, "teams").row > before.row + 3
    type_in(book, "teams", 2, "name", "Typed")
    assert [line.new for line in book.load(*NAMES).edits] == ["Typed"]
    assert book.load(*NAMES).edits == ()


def test_where_nobody_tells_all_is_read_and_what_shows_the_same_stays(loaded, monkeypatch):
    """Google says that something has changed, not what."""
    book, before, asked = loaded
    monkeypatch.setattr(type(book.client.door), "state", GoogleDoor.state)
    type_in(book, "people", 2, "name", "Typed")
    after = book.load(*NAMES)
    assert len(asked[0]) == len(NAMES) + 2
    assert [name for name in before.readings if after[name] is not before[name]] == ["people"]


def test_a_cell_that_only_equals_the_one_before_is_another(loaded):
    """TRUE under a header of a person's own is not the 1 that stood there."""
    book, _, _ = loaded
    sheet = book.workbook.worksheet("teams")
    width = len(sheet.row_values(1))
    sheet.add_cols(1)
    sheet.update([["more"], [1]], f"R1C{width + 1}:R2C{width + 1}")
    assert type(book.load(*NAMES)["teams"]["more"].iloc[0]) is not bool
    sheet.update([[True]], f"R2C{width + 1}")
    assert book.load(*NAMES)["teams"]["more"].iloc[0] is True


def test_a_state_of_another_moment_is_not_used(loaded, monkeypatch):
    """Somebody has typed between the question after the version and the one after the sheets."""
    book, _, asked = loaded
    type_in(book, "people", 2, "name", "Typed")
    version = book.version()
    type_in(book, "people", 2, "name", "Typed again")
    assert book.load(*NAMES, version=version)["people"]["name"].iloc[0] == "Typed again"
    assert set(asked[0]) == {*NAMES, "settings", "fields"}
    broken = {"version": int(version.partition("@")[0])}
    monkeypatch.setattr(
        book.client.session, "get", lambda *_, **__: type("A", (), {"ok": True, "json": lambda _: broken})()
    )
    assert unchanged.state_of(book) is None


def test_what_is_known_says_up_to_where_without_the_table(loaded):
    """A damaged note is as good as none."""
    book, _, _ = loaded
    held = shelf(book, book.version())
    assert isinstance(known.position_of(held, "people"), Position)
    note = held.folder / "known-people.json"
    about = json.loads(note.read_text())
    note.write_text(json.dumps({**about, "position": 3}))
    assert known.position_of(held, "people") is None
    assert known.take(held, "people") is None
    note.write_text("[]")
    assert known.file_of(held, "people") is None
    pd.testing.assert_frame_equal(book.load("people")["people"], again(book).load("people")["people"])
