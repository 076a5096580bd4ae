"""People are writers too: what they do in the spreadsheet is found at the next load and journalled."""

import json

import pandas as pd
import pytest

from sheets_schema.book import Book, Change, open_book
from sheets_schema.book.shared import shelf


@pytest.fixture
def sheet(small_book):
    """Return the tickets' sheet as a person has it, through a client of its own."""
    return again(small_book).workbook.worksheet("tickets")


def again(book: Book) -> Book:
    """Open a book's workbook once more."""
    return open_book(book.address.removesuffix("/edit"))


def column(sheet, name):
    """Return the number of a column, from 1."""
    return sheet.row_values(1).index(name) + 1


def type_in(sheet, row, name, cell):
    """Type into a cell, as a person does."""
    sheet.update_cell(row, column(sheet, name), cell)


def edits(book):
    """Load; return what the journal says was edited in the sheet: row, field, old, new."""
    book.load("tickets")
    lines = book.load("journal")["journal"]
    own = lines[lines["source"] == "sheet"]
    return [tuple(row) for row in own[["row_id", "field", "old", "new"]].fillna("").to_numpy().tolist()]


def test_a_cell_that_was_typed_into_is_journalled_with_old_and_new(small_book, sheet):
    """Once, and what is typed later once more."""
    type_in(sheet, 3, "subject", "Typed")
    assert edits(small_book) == [("T-2", "subject", "Subject 2", "Typed")]
    line = small_book.load("journal")["journal"].iloc[-1]
    assert (line["sheet"], line["source"], line["save"].startswith("S-")) == ("tickets", "sheet", True)
    type_in(sheet, 3, "need", "And this")
    assert edits(small_book)[1:] == [("T-2", "need", "To be told", "And this")]


@pytest.mark.parametrize("saved", [False, True])
def test_who_edited_is_said_where_the_file_knows_it(small_book, sheet, now, monkeypatch, saved):
    """Drive names the last one who changed the file: that is not who edited, if somebody has saved since."""
    version = small_book.version

    def asked():
        found = version()
        small_book.last_user = "li@example.com"
        return found

    monkeypatch.setattr(small_book, "version", asked)
    type_in(sheet, 3, "subject", "Typed")
    if saved:
        small_book.save([Change("tickets", {"need": "x"}, id="T-1")], who="E01", source="test", now=now)
    assert len(edits(small_book)) == 1
    line = small_book.load("journal")["journal"].fillna("").iloc[-1]
    assert (line["field"], line["who"]) == ("subject", "" if saved else "li@example.com")


def test_what_the_app_saves_is_no_edit_in_the_sheet(small_book, sheet, now):
    """Changed, added, several times over, by two books; and an edit beside it is still found."""
    other = again(small_book)
    for text in ("a", "b"):
        other.save([Change("tickets", {"subject": text}, id="T-1")], who="E01", source="test", now=now)
        small_book.save([Change("tickets", {"need": text}, id="T-1")], who="E02", source="test", now=now)
    ticket = {"opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "type": "consult"}
    new = Change("tickets", {**ticket, "subject": "New", "need": "n" * 9000, "status": "new"})
    (id_,) = other.save([new], who="E01", source="test", now=now).ids
    other.save([Change("tickets", {"subject": "Newer"}, id=id_)], who="E01", source="test", now=now)
    assert edits(small_book) == []
    small_book.save([Change("tickets", {"organisation": "O"}, id=id_)], who="E01", source="test", now=now)
    type_in(sheet, 5, "subject", "Typed")
    assert edits(small_book) == [(id_, "subject", "Newer", "Typed")]


def test_a_dash_that_stands_for_nothing_is_no_edit(small_book, now):
    """It is read as a missing value, whoever wrote it."""
    small_book.save([Change("tickets", {"organisation": "-"}, id="T-1")], who="E01", source="test", now=now)
    assert edits(small_book) == []


def test_sorted_and_moved_rows_and_columns_are_no_edit_of_any_cell(small_book, sheet):
    """Rows are matched by id; a column that stands elsewhere is said once."""
    sheet.sort((column(sheet, "subject"), "des"), range=f"A2:AZ{sheet.row_count}")
    sheet.insert_rows([[], []], 2)
    assert edits(small_book) == []
    where = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    sheet.spreadsheet.batch_update(
        {"requests": [{"moveDimension": {"source": where, "destinationIndex": 5}}]}
    )
    found = edits(small_book)
    assert {field for _, field, *_ in found} == {"#header"}
    assert ("E1", "#header", "A1 id", "E1 id") in found


def test_a_row_that_was_deleted_is_journalled_whole(small_book, sheet):
    """All its cells, so that it can be brought back."""
    sheet.delete_rows(3)
    ((id_, field, old, new),) = edits(small_book)
    assert (id_, field, new) == ("T-2", "*", "")
    cells = json.loads(old)
    assert (cells["subject"], cells["opened_at"], cells["version"]) == ("Subject 2", "2026-11-23 07:00", "1")


def test_a_row_that_was_added_is_journalled_whole(small_book, sheet):
    """And from then on like any other; a row without an id is a fault until it has one."""
    row = ["" for _ in sheet.row_values(1)]
    row[column(sheet, "subject") - 1] = "Added"
    sheet.append_row(row)
    assert edits(small_book) == []
    type_in(sheet, 5, "id", "T-9")
    ((id_, field, old, new),) = edits(small_book)
    assert (id_, field, old, json.loads(new)) == ("T-9", "*", "", {"id": "T-9", "subject": "Added"})
    type_in(sheet, 5, "subject", "Changed")
    assert edits(small_book)[1:] == [("T-9", "subject", "Added", "Changed")]


def test_a_pasted_block_is_a_line_for_each_cell(small_book, sheet):
    """Text, a number, a date that is none: as they stand there, and not as a fault."""
    left = column(sheet, "subject")
    sheet.update([["One"], ["Two"], ["Three"]], f"R2C{left}:R4C{left}")
    type_in(sheet, 3, "opened_at", "soon")
    type_in(sheet, 4, "csat_score", 5)
    assert sorted(edits(small_book)) == [
        ("T-1", "subject", "Subject 1", "One"),
        ("T-2", "opened_at", "2026-11-23 07:00", "soon"),
        ("T-2", "subject", "Subject 2", "Two"),
        ("T-3", "csat_score", "", "5"),
        ("T-3", "subject", "Subject 3", "Three"),
    ]
    type_in(sheet, 3, "opened_at", "2026-11-23 07:00:00")
    assert edits(small_book)[5:] == [("T-2", "opened_at", "soon", "2026-11-23 07:00")]


def test_a_changed_and_an_emptied_id_are_said_as_such(small_book, sheet):
    """The row is the same one; its other cells tell."""
    type_in(sheet, 2, "id", "T-100")
    type_in(sheet, 3, "id", "")
    assert sorted(edits(small_book)) == [("T-1", "id", "T-1", "T-100"), ("T-2", "id", "T-2", "")]
    assert edits(small_book)[2:] == []
    type_in(sheet, 2, "subject", "Renamed")
    assert edits(small_book)[2:] == [("T-100", "subject", "Subject 1", "Renamed")]


def test_a_row_that_was_copied_is_a_fault_and_loses_nothing(small_book, sheet):
    """The first row keeps the id; the copy waits for one of its own."""
    sheet.append_row(sheet.row_values(2))
    snapshot = small_book.load("tickets")
    assert edits(small_book) == []
    assert [fault.cell for fault in snapshot.faults if fault.field == "id"] == ["A5"]
    assert len(snapshot["tickets"]) == 4


def test_columns_that_were_added_renamed_and_deleted_are_journalled(small_book, sheet):
    """With the header's texts, and with what stood in a column that is gone."""
    type_in(sheet, 2, "organisation", "Acme")
    edits(small_book)
    sheet.add_cols(1)
    sheet.update([["remark"], ["mine"]], f"R1C{sheet.col_count}:R2C{sheet.col_count}")
    found = edits(small_book)[1:]
    assert [each[1:] for each in found] == [("#header", "", "remark")]
    sheet.update_cell(2, sheet.col_count, "yours")
    assert edits(small_book)[2:] == [("T-1", "remark", "mine", "yours")]
    sheet.delete_columns(column(sheet, "organisation"))
    found = edits(small_book)[3:]
    assert ("T-1", "organisation", "Acme", "") in found
    assert [each[1:] for each in found if each[1] == "#header"] == [("#header", "organisation", "")]


def test_two_machines_that_find_the_same_edit_write_it_once(small_book, sheet, monkeypatch, tmp_path):
    """Each has its own files; both load at the same version."""
    other = again(small_book)
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "other"))
    other.load("tickets")
    monkeypatch.undo()
    monkeypatch.setenv("OPSLINE_TOKEN", "test-token")
    type_in(sheet, 2, "subject", "Typed")
    version = small_book.version()
    write = small_book.write

    def late(*args, **rest):
        """Let the other machine find it, too, before we write."""
        monkeypatch.setattr(small_book, "write", write)
        with pytest.MonkeyPatch.context() as elsewhere:
            elsewhere.setenv("OPSLINE_DATA", str(tmp_path / "other"))
            assert [line.new for line in other.load("tickets", version=version).edits] == ["Typed"]
        return write(*args, **rest)

    monkeypatch.setattr(small_book, "write", late)
    assert [line.new for line in small_book.load("tickets", version=version).edits] == ["Typed"]
    assert edits(small_book) == [("T-1", "subject", "Subject 1", "Typed")]


def test_an_edit_that_is_done_again_is_journalled_again_at_once(small_book, sheet, calls):
    """There, back, there again, within the minutes for which the claim of the first time stands."""
    there, back = ("T-1", "subject", "Subject 1", "x"), ("T-1", "subject", "x", "Subject 1")
    done = []
    for _ in range(3):
        for id_, name, old, new in (there, back):
            type_in(sheet, 2, name, new)
            done.append((id_, name, old, new))
            assert edits(small_book) == done
    type_in(sheet, 2, "subject", "y")
    counted = calls(small_book)
    small_book.load("tickets")
    assert counted.sent == ["GET files", "GET values:batchGet", "POST :batchUpdate"]


def test_an_edit_that_is_done_again_is_written_once_by_two_machines(small_book, sheet, monkeypatch, tmp_path):
    """Both find the claim of the first time, and one of them the other's of the second."""
    other = again(small_book)

    def elsewhere():
        loaded = pytest.MonkeyPatch()
        with loaded.context() as there:
            there.setenv("OPSLINE_DATA", str(tmp_path / "other"))
            return [(line.old, line.new) for line in other.load("tickets").edits]

    elsewhere()
    for text in ("x", "Subject 1"):
        type_in(sheet, 2, "subject", text)
        edits(small_book)
        assert elsewhere() == []
    type_in(sheet, 2, "subject", "x")
    claimants = small_book.claimants

    def late(numbers):
        """Let the other machine write it after we have seen the claim of the first time."""
        monkeypatch.setattr(small_book, "claimants", claimants)
        found = claimants(numbers)
        assert elsewhere() == [("Subject 1", "x")]
        return found

    monkeypatch.setattr(small_book, "claimants", late)
    small_book.load("tickets")
    assert small_book.claimants == claimants
    assert [(old, new) for _, _, old, new in edits(small_book)] == [
        ("Subject 1", "x"),
        ("x", "Subject 1"),
        ("Subject 1", "x"),
    ]


def test_the_first_load_of_a_machine_takes_the_sheet_as_it_is(
    small_book, sheet, monkeypatch, tmp_path, calls
):
    """Nothing is known yet, so nothing is journalled; what comes later is."""
    type_in(sheet, 2, "subject", "Before")
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "new"))
    counted = calls(small_book)
    assert edits(small_book) == []
    assert "POST :batchUpdate" not in counted.sent
    type_in(sheet, 2, "subject", "After")
    assert edits(small_book) == [("T-1", "subject", "Before", "After")]


def test_loading_is_one_request_and_one_for_freshness(small_book, sheet, calls):
    """However many tables; edits that were found are one more."""
    names = ("tickets", "people", "teams", "categories", "statuses")
    type_in(sheet, 2, "subject", "Typed")
    type_in(sheet.spreadsheet.worksheet("teams"), 2, "name", "Typed")
    counted = calls(small_book)
    small_book.load(*names)
    assert counted.sent == ["GET files", "GET values:batchGet", "POST :batchUpdate"]
    small_book.load(*names)
    small_book.load(*names)
    assert counted.sent[3:] == ["GET files", "GET values:batchGet", "GET files"]


def test_a_reader_who_may_not_write_is_shown_the_edits(small_book, sheet, monkeypatch):
    """Nothing is written, nothing fails, and whoever may write finds them."""
    type_in(sheet, 2, "subject", "Typed")
    monkeypatch.setattr(small_book, "may_write", False)
    assert [line.new for line in small_book.load("tickets").edits] == ["Typed"]
    type_in(sheet, 2, "subject", "Typed again")
    assert edits(again(small_book)) == [("T-1", "subject", "Subject 1", "Typed again")]


def test_a_journal_that_was_sorted_or_cut_makes_no_false_edits(small_book, sheet, now):
    """What is known cannot be brought forward then; the sheet is taken as it is."""
    small_book.save([Change("tickets", {"subject": "a"}, id="T-1")], who="E01", source="test", now=now)
    small_book.load("tickets")
    small_book.save([Change("tickets", {"subject": "b"}, id="T-1")], who="E01", source="test", now=now)
    journal = again(small_book).workbook.worksheet("journal")
    journal.sort((1, "des"), range=f"A2:J{journal.row_count}")
    journal.delete_rows(2, 4)
    assert edits(small_book) == []
    type_in(sheet, 2, "subject", "c")
    assert edits(small_book) == [("T-1", "subject", "b", "c")]


def test_a_save_that_waited_in_the_outbox_hides_no_edit(small_book, sheet, now):
    """Its line is older than the one above it: the journal has not been sorted for that."""
    for subject in ("a", "c"):
        type_in(sheet, 2, "subject", subject)
        edits(small_book)
    edits(small_book)
    late = now - pd.Timedelta(days=1000)
    small_book.save([Change("tickets", {"need": "late"}, id="T-2")], who="E01", source="test", now=late)
    type_in(sheet, 3, "subject", "d")
    assert edits(small_book)[2:] == [("T-2", "subject", "Subject 2", "d")]


def test_reading_and_writing_any_table_changes_nothing(demo_book, calls):
    """Every row of every table, saved as it was read: not a cell is written, and no edit is found."""
    names = [name for name in demo_book.tables if name != "journal"]
    snapshot = demo_book.load(*names)
    before = demo_book.version()
    changes = [
        Change(
            name, {key: value for key, value in row.items() if key in demo_book.tables[name].names}, row["id"]
        )
        for name in names
        for row in snapshot[name].head(60).to_dict("records")
        if isinstance(row["id"], str)
    ]
    counted = calls(demo_book)
    demo_book.save(changes, who="E01", source="test", now=snapshot.taken_at)
    assert "POST :batchUpdate" not in counted.sent
    assert demo_book.version() == before
    shelf(demo_book).forget()
    assert demo_book.load(*names).edits == ()
