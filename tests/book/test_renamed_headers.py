"""People rename columns: recognised by place and content, asked about, and never guessed in silence."""

import pandas as pd
import pytest

from sheets_schema.book import Book, Change, open_book
from sheets_schema.book.examine import examine
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from sheets_schema.book.treat import treat
from sheets_schema.errors import HeaderFault

MINE = {"who": "E01", "source": "test"}


@pytest.fixture
def sheet(small_book: Book):
    """Return the tickets' sheet as a person has it, after the book has read it with three priorities."""
    at = pd.Timestamp.now("UTC")
    for row, priority in enumerate(("P1", "P2", "P3"), 1):
        small_book.save([Change("tickets", {"priority": priority}, id=f"T-{row}")], **MINE, now=at)
    small_book.load("tickets")
    return again(small_book).workbook.worksheet("tickets")


def again(book: Book) -> Book:
    """Open a book's workbook once more."""
    return open_book(book.address.removesuffix("/edit"))


def place(sheet, name):
    """Return the number of a column, from 1."""
    return sheet.row_values(1).index(name) + 1


def rename(sheet, **names):
    """Write other names above columns, as a person does; return their addresses."""
    cells = {old: sheet.cell(1, place(sheet, old)).address for old in names}
    for old, new in names.items():
        sheet.update_acell(cells[old], new)
    return cells


def questions(snapshot):
    """Return what a reading asks: cell, kind of question, field."""
    faults = snapshot.readings["tickets"].faults
    return [
        (fault.cell, fault.message.key.rpartition(".")[2], fault.field)
        for fault in faults
        if fault.message.key.startswith("language.ask.")
    ]


def edits(book):
    """Load; return what the journal says was edited in the sheet: row, field, old, new."""
    book.load("tickets")
    lines = book.load("journal")["journal"]
    own = lines[lines["source"] == "sheet"]
    return [tuple(row) for row in own[["row_id", "field", "old", "new"]].fillna("").to_numpy().tolist()]


def replayed(book):
    """Return where the replayed journal and the sheet do not agree."""
    lines = in_order([book.load("journal")["journal"]])
    table = book.tables["tickets"]
    return differences(
        replay(lines, book.tables)["tickets"], sheet_texts(table, book.read(["tickets"])[0])
    ).to_dict("records")


def test_a_renamed_column_is_read_on_and_asked_about(small_book, sheet):
    """The page goes on; one line in the journal; the header stays as the person has written it."""
    cell = rename(sheet, priority="Prio")["priority"]
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["priority"].tolist() == ["P1", "P2", "P3"]
    assert "Prio" not in snapshot["tickets"]
    (fault,) = [each for each in snapshot.faults if each.field == "priority"]
    assert str(fault) == (
        f"tickets!{cell}: 'Prio' stands where 'priority' was, and 3 of 3 rows hold the same; "
        "is it the same column? Until that is answered it is read as 'priority'."
    )
    assert "“Prio”位于原来“priority”的位置，3 行中有 3 行内容相同" in fault.text("zh-Hans")
    assert "「Prio」位於原來「priority」的位置，3 行中有 3 行內容相同" in fault.text("zh-Hant")
    assert edits(small_book) == [(cell, "#header", "priority", "Prio")]
    assert replayed(small_book) == []
    assert sheet.acell(cell).value == "Prio"


def test_the_question_stays_as_it_was_asked(small_book, sheet):
    """In later readings, other processes, and after the cells have changed; nothing is journalled twice."""
    cell = rename(sheet, priority="Prio")["priority"]
    sheet.update_cell(3, place(sheet, "Prio"), "P4")
    first = [str(each) for each in small_book.load("tickets").faults]
    assert "2 of 3 rows" in "".join(first)
    sheet.update_cell(2, place(sheet, "Prio"), "P3")
    assert edits(small_book) == [
        (cell, "#header", "priority", "Prio"),
        ("T-2", "priority", "P2", "P4"),
        ("T-1", "priority", "P1", "P3"),
    ]
    assert [str(each) for each in again(small_book).load("tickets").faults] == first
    assert small_book.load("tickets").edits == ()
    assert replayed(small_book) == []


def test_a_save_goes_into_the_renamed_column(small_book, sheet, now):
    """Changed and added rows alike, journalled as the field's, and the next load finds no edit."""
    rename(sheet, priority="Prio", subject="What")
    small_book.load("tickets")
    small_book.save([Change("tickets", {"priority": "P4", "subject": "x"}, id="T-1")], **MINE, now=now)
    ticket = {"opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "type": "consult"}
    new = Change("tickets", {**ticket, "subject": "New", "need": "n", "status": "new", "priority": "P1"})
    (id_,) = small_book.save([new], **MINE, now=now).ids
    header, first, *_, last = sheet.get_all_values()
    assert [first[header.index(each)] for each in ("Prio", "What")] == ["P4", "x"]
    assert [last[header.index(each)] for each in ("id", "Prio", "What")] == [id_, "P1", "New"]
    lines = small_book.load("journal")["journal"]
    assert ("T-1", "priority", "P1", "P4") in set(
        lines[["row_id", "field", "old", "new"]].fillna("").itertuples(index=False, name=None)
    )
    assert [each[1] for each in edits(small_book)] == ["#header", "#header"]
    assert replayed(small_book) == []


def test_many_rows_are_added_below_the_renamed_column(small_book, sheet, now):
    """A file that is imported, too."""
    rename(sheet, priority="Prio")
    small_book.load("tickets")
    ticket = {"opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "type": "consult"}
    rest = {**ticket, "subject": "New", "need": "n", "status": "new", "priority": "P1"}
    small_book.append_many("tickets", [{**rest, "id": "T-9"}], **MINE, now=now)
    assert small_book.load("tickets")["tickets"]["priority"].tolist() == ["P1", "P2", "P3", "P1"]


def test_a_save_is_refused_where_the_column_cannot_be_told_any_more(small_book, sheet, now):
    """Renamed again since the last reading: nothing is written beside it, and the next reading knows it."""
    rename(sheet, priority="Prio")
    small_book.load("tickets")
    rename(sheet, Prio="P.")
    before = sheet.get_all_values()
    change = [Change("tickets", {"priority": "P4"}, id="T-1")]
    with pytest.raises(HeaderFault, match="priority"):
        small_book.save(change, **MINE, now=now)
    assert sheet.get_all_values() == before
    assert [each[2:] for each in edits(small_book)] == [("priority", "Prio"), ("Prio", "P.")]
    small_book.save(change, **MINE, now=now)
    assert sheet.cell(2, place(sheet, "P.")).value == "P4"
    assert edits(small_book)[2:] == []


def test_a_column_that_was_renamed_and_moved_is_known_by_its_content(small_book, sheet):
    """It stands at the other end."""
    at = place(sheet, "priority") - 1
    rename(sheet, priority="Prio")
    where = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    sheet.spreadsheet.batch_update(
        {"requests": [{"moveDimension": {"source": where, "destinationIndex": 1}}]}
    )
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["priority"].tolist() == ["P1", "P2", "P3"]
    assert questions(snapshot) == [("B1", "moved", "priority")]
    found = edits(small_book)
    assert {each[1] for each in found} == {"#header"}
    assert ("B1", "#header", "priority", "Prio") in found
    assert replayed(small_book) == []


def test_two_columns_that_were_renamed_at_once_are_told_apart(small_book, sheet):
    """Side by side, both texts."""
    cells = rename(sheet, subject="What", need="Why")
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["subject"].tolist() == ["Subject 1", "Subject 2", "Subject 3"]
    assert questions(snapshot) == [
        (cells["subject"], "renamed", "subject"),
        (cells["need"], "renamed", "need"),
    ]
    assert [each[1:] for each in edits(small_book)] == [
        ("#header", "subject", "What"),
        ("#header", "need", "Why"),
    ]


def test_a_header_that_was_emptied_is_asked_about(small_book, sheet, now):
    """The column without a name is read and written on."""
    cell = rename(sheet, priority="")["priority"]
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["priority"].tolist() == ["P1", "P2", "P3"]
    assert questions(snapshot) == [(cell, "renamed", "priority")]
    assert f"tickets!{cell}: a column without a name stands where" in "".join(map(str, snapshot.faults))
    small_book.save([Change("tickets", {"priority": "P4"}, id="T-1")], **MINE, now=now)
    assert sheet.acell(cell.replace("1", "2")).value == "P4"
    assert [each[1:] for each in edits(small_book)] == [("#header", "priority", cell.rstrip("1"))]
    assert replayed(small_book) == []


def test_the_column_of_the_ids_is_known_by_them(small_book, sheet, now):
    """Rows are found by id all the same."""
    cell = rename(sheet, id="Nr.")["id"]
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["id"].tolist() == ["T-1", "T-2", "T-3"]
    assert questions(snapshot) == [(cell, "renamed", "id")]
    small_book.save([Change("tickets", {"priority": "P4"}, id="T-2")], **MINE, now=now)
    assert edits(small_book) == [(cell, "#header", "id", "Nr.")]


def test_names_that_were_exchanged_are_read_as_they_say_and_asked_about(small_book, sheet):
    """What a person has written is not overruled; it is said as long as it stands, and journalled by cell."""
    cells = rename(sheet, subject="need", need="subject")
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["need"].tolist() == ["Subject 1", "Subject 2", "Subject 3"]
    asked = [(cells["subject"], "crossed", "need"), (cells["need"], "crossed", "subject")]
    assert questions(snapshot) == asked
    found = edits(small_book)
    assert ("T-1", "need", "To be told", "Subject 1") in found
    assert ("T-1", "subject", "Subject 1", "To be told") in found
    assert questions(small_book.load("tickets")) == asked
    assert replayed(small_book) == []
    rename(sheet, subject="need", need="subject")
    again_right = small_book.load("tickets")
    assert again_right["tickets"]["subject"].tolist() == ["Subject 1", "Subject 2", "Subject 3"]


def test_who_means_the_other_name_writes_it_otherwise_and_is_asked_no_more(small_book, sheet):
    """Names are read in any case."""
    cells = rename(sheet, subject="need", need="subject")
    assert len(questions(small_book.load("tickets"))) == 2
    sheet.update_acell(cells["subject"], "Need")
    sheet.update_acell(cells["need"], "Subject")
    assert questions(small_book.load("tickets")) == []


@pytest.mark.parametrize("name", ["priority", "requester"])
def test_a_column_that_got_another_ones_name_takes_nothing_from_it(small_book, sheet, now, name):
    """Two are called 'subject', in any order: the one that was it stays it, the other is asked about."""
    before = small_book.load("tickets")["tickets"]
    cell = rename(sheet, **{name: "subject"})[name]
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["subject"].tolist() == ["Subject 1", "Subject 2", "Subject 3"]
    assert snapshot["tickets"][name].tolist() == before[name].tolist()
    assert questions(snapshot) == [(cell, "renamed", name)]
    letters = cell.rstrip("1")
    assert edits(small_book) == [(cell, "#header", name, f"subject ({letters})")]
    small_book.save([Change("tickets", {"subject": "x"}, id="T-1")], **MINE, now=now)
    sheet.update_acell(cell, name)
    assert edits(small_book)[1:] == [(cell, "#header", f"subject ({letters})", name)]
    after = small_book.load("tickets")["tickets"]
    assert after["subject"].tolist() == ["x", "Subject 2", "Subject 3"]
    assert after[name].tolist() == before[name].tolist()
    assert replayed(small_book) == []


def test_a_column_that_got_the_name_of_one_that_is_gone_is_what_it_says(small_book, sheet):
    """Not overruled and not silent: the name is asked about, and the field that it was is missing."""
    sheet.delete_columns(place(sheet, "need"))
    cell = rename(sheet, subject="need")["subject"]
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["need"].tolist() == ["Subject 1", "Subject 2", "Subject 3"]
    assert snapshot["tickets"]["subject"].isna().all()
    assert questions(snapshot) == [(cell, "crossed", "need")]
    assert "the column 'subject' is missing" in "".join(map(str, snapshot.faults))


def test_another_content_under_another_name_is_another_column(small_book, sheet, now):
    """The likeness is weak: what was there is journalled, nothing is asked, and nothing is saved there."""
    at = place(sheet, "priority")
    sheet.update([["Remark"], ["a"], ["b"], ["c"]], f"R1C{at}:R4C{at}")
    snapshot = small_book.load("tickets")
    assert questions(snapshot) == []
    assert snapshot["tickets"]["Remark"].tolist() == ["a", "b", "c"]
    assert snapshot["tickets"]["priority"].isna().all()
    found = edits(small_book)
    assert ("T-1", "priority", "P1", "") in found
    assert [each[2:] for each in found if each[1] == "#header"] == [("", "Remark"), ("priority", "")]
    with pytest.raises(HeaderFault, match="priority"):
        small_book.save([Change("tickets", {"priority": "P4"}, id="T-1")], **MINE, now=now)


def test_what_was_saved_a_moment_ago_tells_nothing_of_a_column(small_book, sheet, now):
    """Two of three rows, in the same instant as the name: the third one tells."""
    for row in ("T-1", "T-2"):
        small_book.save([Change("tickets", {"priority": "P4", "need": "x"}, id=row)], **MINE, now=now)
    cells = rename(sheet, priority="Prio", need="Why")
    snapshot = small_book.load("tickets")
    assert snapshot["tickets"]["priority"].tolist() == ["P4", "P4", "P3"]
    assert {(cell, field) for cell, _, field in questions(snapshot)} == {
        (cells[each], each) for each in cells
    }
    assert {each[1] for each in edits(small_book)} == {"#header"}
    assert replayed(small_book) == []


def test_what_was_saved_into_a_column_that_is_gone_is_journalled_as_gone(small_book, sheet, now):
    """Although nobody has read it there."""
    small_book.save([Change("tickets", {"organisation": "Acme"}, id="T-1")], **MINE, now=now)
    sheet.delete_columns(place(sheet, "organisation"))
    assert ("T-1", "organisation", "Acme", "") in edits(small_book)
    assert replayed(small_book) == []


def test_of_two_that_are_as_likely_none_is_taken(small_book, sheet):
    """The column is deleted, and two copies stand elsewhere."""
    at = place(sheet, "priority")
    copy = [["one", "two"], *([text, text] for text in ("P1", "P2", "P3"))]
    sheet.add_cols(4)
    sheet.update(copy, f"R1C{sheet.col_count - 1}:R4C{sheet.col_count}")
    sheet.delete_columns(at)
    snapshot = small_book.load("tickets")
    assert questions(snapshot) == []
    assert "the column 'priority' is missing" in "".join(map(str, snapshot.faults))
    assert {"one", "two"} <= set(snapshot["tickets"])


def test_a_machine_that_has_never_read_the_sheet_goes_by_what_may_stand_there(
    small_book, sheet, monkeypatch, tmp_path
):
    """Codes of the field, between its neighbours, under a name like it."""
    cell = rename(sheet, priority="Prio")["priority"]
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path))
    snapshot = again(small_book).load("tickets")
    assert questions(snapshot) == [(cell, "fits", "priority")]
    assert snapshot["tickets"]["priority"].tolist() == ["P1", "P2", "P3"]


def test_the_right_name_is_put_back_when_that_is_ticked(small_book, sheet):
    """By the doctor, journalled once; before, between and after, each moment is as it was read."""
    start = pd.Timestamp.now("UTC")
    cell = rename(sheet, priority="Prio")["priority"]
    small_book.load("tickets")
    small_book.save([Change("tickets", {"priority": "P4"}, id="T-2")], **MINE, now=pd.Timestamp.now("UTC"))
    between = pd.Timestamp.now("UTC")
    found = [each for each in examine(small_book, ["tickets"]).findings if each.kind == "renamed_header"]
    assert [(each.fault.cell, each.fix.value, each.confidence) for each in found] == [
        (cell, "priority", "likely")
    ]
    assert "3 of 3 rows hold the same" in found[0].what()
    treat(small_book, found, **MINE, now=pd.Timestamp.now("UTC"))
    assert sheet.acell(cell).value == "priority"
    assert questions(small_book.load("tickets")) == []
    assert edits(small_book) == [(cell, "#header", "priority", "Prio")]
    lines = small_book.load("journal")["journal"]
    assert lines.iloc[-1][["row_id", "field", "old", "new"]].tolist() == [cell, "#header", "Prio", "priority"]
    assert replayed(small_book) == []
    for moment, second in ((start, "P2"), (between, "P4"), (pd.Timestamp.now("UTC"), "P4")):
        past = small_book.as_of(moment, "tickets")
        assert past["tickets"].sort_values("id")["priority"].tolist() == ["P1", second, "P3"]
        assert len(past.unknown) == 0


def test_a_name_that_was_put_back_can_be_taken_back(small_book, sheet, now):
    """Undo writes what the person had written, and the question is there again."""
    cells = rename(sheet, priority="Prio", subject="")
    found = [each for each in examine(small_book, ["tickets"]).findings if each.kind == "renamed_header"]
    (save,) = treat(small_book, found, **MINE, now=now).saves
    assert [sheet.acell(each).value for each in cells.values()] == ["priority", "subject"]
    undone = small_book.undo(save, **MINE, now=now)
    assert (len(undone.saves), undone.left) == (1, ())
    assert [sheet.acell(each).value for each in cells.values()] == ["Prio", None]
    assert [each[2] for each in questions(small_book.load("tickets"))] == ["subject", "priority"]
    assert len(edits(small_book)) == 2
    assert replayed(small_book) == []
    again_undone = small_book.undo(save, **MINE, now=now)
    assert (again_undone.saves, len(again_undone.left)) == ((), 2)


def test_a_column_that_nobody_recognised_and_that_is_named_at_last_tells_its_cells(small_book, sheet):
    """It was taken for another one, and its field for empty: journal and sheet agree again."""
    at = place(sheet, "priority")
    sheet.update([["Remark"], ["a"], ["b"], ["c"]], f"R1C{at}:R4C{at}")
    edits(small_book)
    sheet.update([["P1"], ["P2"], ["P4"]], f"R2C{at}:R4C{at}")
    small_book.load("tickets")
    before = pd.Timestamp.now("UTC")
    sheet.update_cell(1, at, "priority")
    found = edits(small_book)
    assert [each for each in found if each[1] == "priority" and each[3]] == [
        ("T-1", "priority", "", "P1"),
        ("T-2", "priority", "", "P2"),
        ("T-3", "priority", "", "P4"),
    ]
    assert found[-1][1:] == ("#header", "Remark", "priority")
    assert replayed(small_book) == []
    past = small_book.as_of(before, "tickets")["tickets"].sort_values("id")
    assert past["Remark"].tolist() == ["P1", "P2", "P4"]
    assert past["priority"].isna().all()


def test_who_declines_names_another_column(small_book, sheet):
    """Then the question is answered: the field is that column, and the other one is of one's own."""
    rename(sheet, priority="Prio")
    small_book.load("tickets")
    sheet.add_cols(1)
    sheet.update_cell(1, sheet.col_count, "priority")
    snapshot = small_book.load("tickets")
    assert questions(snapshot) == []
    assert snapshot["tickets"]["Prio"].tolist() == ["P1", "P2", "P3"]
    assert snapshot["tickets"]["priority"].isna().all()
    assert ("T-1", "priority", "P1", "") in edits(small_book)


def test_ones_own_column_that_is_renamed_is_one_line(small_book, sheet):
    """No table declares it; no cell of it is journalled."""
    sheet.add_cols(1)
    at = sheet.col_count
    sheet.update([["remark"], ["a"], ["b"]], f"R1C{at}:R3C{at}")
    edits(small_book)
    sheet.update_cell(1, at, "remarks")
    assert [each[1:] for each in edits(small_book)] == [
        ("#header", "", "remark"),
        ("#header", "remark", "remarks"),
    ]
    assert replayed(small_book) == []


def test_a_sheet_that_is_laid_out_again_gets_no_second_column(small_book, sheet):
    """The question stays a person's."""
    rename(sheet, priority="Prio")
    before = sheet.row_values(1)
    small_book.lay_out()
    assert sheet.row_values(1) == before
    assert len(questions(small_book.load("tickets"))) == 1


def test_what_another_machine_has_recognised_is_not_told_otherwise(
    small_book, sheet, now, monkeypatch, tmp_path
):
    """Its own reading is too old, for every row was saved since: it goes by the journal."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("OPSLINE_DATA", str(tmp_path / "elsewhere"))
        again(small_book).load("tickets")
    ids = small_book.load("tickets")["tickets"]["id"]
    small_book.save([Change("tickets", {"priority": "P4"}, id=each) for each in ids], **MINE, now=now)
    small_book.load("tickets")
    cell = rename(sheet, priority="Prio")["priority"]
    assert edits(small_book) == [(cell, "#header", "priority", "Prio")]

    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("OPSLINE_DATA", str(tmp_path / "elsewhere"))
        other = again(small_book)
        assert other.load("tickets")["tickets"]["priority"].tolist() == ["P4", "P4", "P4"]
        assert [kind for _, kind, _ in questions(other.load("tickets"))] == ["renamed"]
        assert edits(other) == [(cell, "#header", "priority", "Prio")]
        assert replayed(other) == []
