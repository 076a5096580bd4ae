"""Somebody moves rows in the instant between our reading and our writing: it is put right at once."""

import itertools

import pytest

from sheets_schema.book import Change, before, deliver, open_book
from sheets_schema.errors import Conflict, MissingRow
from tests.book.instants import between, column, insert_column, rows_of, sort_it

KEPT = ("updated_at", "updated_by", "version")


def ticket(now):
    """Return a new ticket."""
    return {
        "opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "type": "consult",
        "subject": "New", "need": "n", "status": "new",
    }  # fmt: skip


def insert_row(sheet):
    """Put a row above all others."""
    sheet.insert_row(["T-0", "", "a person's own row"], 2)


def insert_blank_rows(sheet):
    """Put blank rows above all others."""
    sheet.insert_rows([[], []], 2)


def delete_above(sheet):
    """Delete the row of the first ticket."""
    sheet.delete_rows(2)


def move_key(sheet):
    """Move the first column behind the fifth."""
    where = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    sheet.spreadsheet.batch_update(
        {"requests": [{"moveDimension": {"source": where, "destinationIndex": 5}}]}
    )


DISTURBED = [sort_it, insert_row, insert_blank_rows, delete_above, insert_column, move_key]


@pytest.mark.parametrize("disturb", DISTURBED)
@pytest.mark.parametrize("key", ["T-2", "T-3"])
def test_if_rows_move_in_the_instant_of_writing_both_rows_are_put_right(
    small_book, now, monkeypatch, disturb, key
):
    """The right row has what was saved, every other one what it had but for a later version; saves go on."""
    twin = open_book(small_book.address.removesuffix("/edit"))
    between(small_book, monkeypatch, disturb)
    before = rows_of(small_book)
    small_book.save(
        [Change("tickets", {"subject": "Changed", "csat_score": 4}, id=key)],
        who="E02", source="test", now=now,
    )  # fmt: skip
    after = rows_of(small_book)
    assert (after[key]["subject"], after[key]["csat_score"], after[key]["version"]) == ("Changed", 4, 2)
    for id_, row in before.items():
        if id_ == "T-1" and disturb is delete_above:
            continue
        own = {name: after[id_][name] for name in ("subject", "csat_score", *KEPT)} if id_ == key else {}
        own |= {"version": after[id_]["version"]}
        assert {name: after[id_][name] for name in row} == row | own
        assert after[id_]["version"] >= row["version"]
    again = [Change("tickets", {"subject": "Again"}, id=id_) for id_ in ("T-2", "T-3")]
    twin.save(again, who="E01", source="test", now=now)
    assert [rows_of(twin)[id_]["subject"] for id_ in ("T-2", "T-3")] == ["Again", "Again"]


@pytest.mark.parametrize("name", ["subject", "csat_score", "version"])
@pytest.mark.parametrize("sorts", [False, True], ids=["same rows", "rows sorted"])
def test_an_id_that_was_written_over_comes_back(small_book, now, monkeypatch, name, sorts):
    """The column of the ids was moved to where a cell was to be written."""

    def move_key_there(sheet):
        where = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
        move = {"source": where, "destinationIndex": column(sheet, name)}
        sheet.spreadsheet.batch_update({"requests": [{"moveDimension": move}]})
        if sorts:
            sort_it(sheet)

    before = rows_of(small_book)
    between(small_book, monkeypatch, move_key_there)
    change = Change("tickets", {"subject": "Changed", "csat_score": 4}, id="T-1")
    small_book.save([change], who="E02", source="test", now=now)
    after = rows_of(small_book)
    assert (after["T-1"]["subject"], after["T-1"]["csat_score"]) == ("Changed", 4)
    for id_, row in before.items():
        mine = (*KEPT, "subject", "csat_score") if id_ == "T-1" else ("version",)
        own = {each: after[id_][each] for each in mine}
        assert {each: after[id_][each] for each in row} == row | own
    small_book.load("tickets")
    again = [Change("tickets", {"need": "n"}, id=id_) for id_ in before]
    small_book.save(again, who="E02", source="test", now=now)
    assert {row["need"] for row in rows_of(small_book).values()} == {"n"}


def test_a_row_that_was_given_back_takes_as_many_saves_as_before(small_book, now, monkeypatch):
    """It counts on from the version that landed in it: that one was claimed when it was put right."""

    def save(id_, subject):
        small_book.save([Change("tickets", {"subject": subject}, id=id_)], who="E02", source="t", now=now)

    for subject in ("x", "y"):
        save("T-3", subject)
    between(small_book, monkeypatch, sort_it)
    save("T-3", "c")
    for subject in "efghi":
        save("T-2", subject)
        save("T-1", subject)
    rows = rows_of(small_book)
    assert [rows[id_]["subject"] for id_ in ("T-1", "T-2", "T-3")] == ["i", "i", "c"]


def test_what_was_put_right_is_journalled(small_book, now, monkeypatch):
    """The other row's cell: what stood there by mistake, and what it got back."""
    between(small_book, monkeypatch, sort_it)
    small_book.save([Change("tickets", {"subject": "Changed"}, id="T-3")], who="E02", source="test", now=now)
    lines = small_book.load("journal")["journal"]
    put = lines[lines["source"] == "put right"]
    assert put[["row_id", "field", "old", "new", "who"]].values.tolist() == [
        ["T-1", "subject", "Changed", "Subject 1", "E02"]
    ]


def test_an_edit_in_the_sheet_is_still_found_after_its_cell_was_put_right(small_book, now, monkeypatch):
    """The cell got back what a person had typed, which nobody had read yet; it is journalled once."""
    small_book.load("tickets")
    twin = open_book(small_book.address.removesuffix("/edit"))
    sheet = twin.workbook.worksheet("tickets")
    sheet.update_cell(2, column(sheet, "subject"), "A typed word")
    between(small_book, monkeypatch, sort_it)
    small_book.save([Change("tickets", {"subject": "Changed"}, id="T-3")], who="E02", source="test", now=now)
    assert rows_of(small_book)["T-1"]["subject"] == "A typed word"
    for _ in range(2):
        small_book.load("tickets")
    lines = small_book.load("journal")["journal"]
    mine = lines[(lines["row_id"] == "T-1") & (lines["field"] == "subject")]
    assert mine[["old", "new", "source"]].to_numpy().tolist()[-1] == ["Subject 1", "A typed word", "sheet"]
    assert mine["source"].tolist().count("sheet") == 1


def test_a_save_that_landed_well_costs_no_further_request(small_book, now, calls):
    """It is checked in the answer of the same request."""
    counted = calls(small_book)
    small_book.save([Change("tickets", {"subject": "a"}, id="T-1")], who="E02", source="test", now=now)
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]


def events(now, *numbers):
    """Return new rows whose ids the book makes."""
    return [{"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": f"{n}"} for n in numbers]


def test_rows_are_added_in_one_request(small_book, now, calls):
    """One or a hundred, in one table or two: where the headers were seen nothing is read before."""
    small_book.load("tickets", "ticket_events", "journal")
    counted = calls(small_book)
    two = [Change("ticket_events", events(now, 0)[0]), Change("tickets", ticket(now))]
    small_book.save(two, who="E02", source="test", now=now)
    assert counted.sent == ["POST :batchUpdate"]
    small_book.append_many("ticket_events", events(now, *range(1, 101)), who="E02", source="t", now=now)
    assert counted.sent == ["POST :batchUpdate"] * 2
    snapshot = small_book.load("tickets", "ticket_events")
    assert snapshot["ticket_events"]["text"].tolist() == [str(n) for n in range(101)]
    assert len(snapshot["tickets"]) == 4
    assert not snapshot.faults


def test_rows_that_are_added_by_an_old_header_are_laid_out_anew(small_book, now):
    """A column was put in since the headers were seen: the answer shows it, and the cells move over."""
    small_book.load("tickets", "ticket_events", "journal")
    for name in ("ticket_events", "journal"):
        sheet = open_book(small_book.address.removesuffix("/edit")).workbook.worksheet(name)
        sheet.insert_cols([["remark"]], 1)
    small_book.append_many("ticket_events", events(now, 1, 2), who="E02", source="t", now=now)
    snapshot = small_book.load("ticket_events", "journal")
    assert snapshot["ticket_events"][["ticket", "text"]].values.tolist() == [["T-1", "1"], ["T-1", "2"]]
    lines = snapshot["journal"]
    assert lines["id"].notna().all()
    assert lines["sheet"].iloc[-1] == "ticket_events"
    assert not [fault for fault in snapshot.faults if fault.row > 1]


@pytest.mark.parametrize("row", [1, 2])
def test_a_formula_in_the_other_row_is_given_back_as_it_was(small_book, now, monkeypatch, row):
    """A person's formula comes back as a formula, and refers to what it referred to, above it too."""
    chances = itertools.count(0, 50)  # the first copy lies as high as one may
    monkeypatch.setattr(deliver, "copies", lambda save, rows, width, _: before.copies(save, rows, width, 0.0))
    monkeypatch.setattr("random.randint", lambda *_: next(chances))
    sheet = small_book.workbook.worksheet("tickets")
    letter = chr(64 + column(sheet, "subject"))
    start = {"sheetId": sheet.id, "rowIndex": 1, "columnIndex": column(sheet, "organisation") - 1}
    formula = [{"values": [{"userEnteredValue": {"formulaValue": f"={letter}{row}"}}]}]
    update = {"start": start, "rows": formula, "fields": "userEnteredValue"}  # typed there, it would be text
    sheet.spreadsheet.batch_update({"requests": [{"updateCells": update}]})
    stood = []

    def push_down(other):
        where = {"sheetId": other.id, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
        other.spreadsheet.batch_update(
            {"requests": [{"moveDimension": {"source": where, "destinationIndex": 1}}]}
        )
        stood.append(other.cell(3, column(other, "organisation"), value_render_option="FORMULA").value)

    between(small_book, monkeypatch, push_down)
    change = Change("tickets", {"organisation": "Ours"}, id="T-2")
    small_book.save([change], who="E02", source="test", now=now)
    rows = rows_of(small_book)
    assert rows["T-2"]["organisation"] == "Ours"
    assert [rows["T-1"]["organisation"]] == stood
    assert stood[0].startswith("=")


def test_a_new_row_that_meets_moved_columns_is_laid_out_anew(small_book, now, monkeypatch):
    """Its cells stand under their own headers, and nothing stands under the wrong ones."""
    between(small_book, monkeypatch, insert_column)
    saved = small_book.save([Change("tickets", ticket(now))], who="E02", source="test", now=now)
    row = rows_of(small_book)[saved.ids[0]]
    assert {name: row[name] for name in ("channel", "requester", "subject", "need", "version")} == {
        "channel": "email", "requester": "R", "subject": "New", "need": "n", "version": 1
    }  # fmt: skip
    assert row["remark"] == ""
    reading = small_book.load("tickets").readings["tickets"]
    assert not [fault for fault in reading.faults if fault.row > 1]


def test_of_a_row_that_was_deleted_in_that_instant_no_other_row_keeps_the_cells(small_book, now, monkeypatch):
    """The row is gone, which is said; the row that came into its place has what it had."""

    def delete_it(sheet):
        sheet.delete_rows(3)

    before = rows_of(small_book)
    between(small_book, monkeypatch, delete_it)
    with pytest.raises(MissingRow, match="T-2"):
        small_book.save([Change("tickets", {"subject": "x"}, id="T-2")], who="E02", source="test", now=now)
    after = rows_of(small_book)
    assert after["T-3"].pop("version") >= before["T-3"].pop("version")
    assert after == {"T-1": before["T-1"], "T-3": before["T-3"]}


def test_a_person_who_moves_rows_and_types_into_the_same_cell_is_not_written_over(
    small_book, now, monkeypatch
):
    """Theirs stays, ours is in the journal, and the writer is shown all three."""

    def sort_and_type(sheet):
        sort_it(sheet)
        sheet.update_cell(sheet.find("T-3").row, column(sheet, "subject"), "Typed")

    between(small_book, monkeypatch, sort_and_type)
    with pytest.raises(Conflict) as caught:
        small_book.save([Change("tickets", {"subject": "Ours"}, id="T-3")], who="E02", source="t", now=now)
    facts = caught.value.facts
    assert caught.value.done
    assert (facts["before"], facts["yours"], facts["theirs"]) == ("Subject 3", "Ours", "Typed")
    rows = rows_of(small_book)
    assert [rows[f"T-{n}"]["subject"] for n in (1, 2, 3)] == ["Subject 1", "Subject 2", "Typed"]
    lines = small_book.load("journal")["journal"]
    own = lines[lines["row_id"].eq("T-3") & lines["field"].eq("subject")]
    assert own[["old", "new"]].values.tolist() == [["Subject 3", "Ours"], ["Ours", "Typed"]]


def test_what_is_put_right_is_put_right_again_where_rows_move_once_more(small_book, now, monkeypatch):
    """The other row gets its own word back, though it has moved between our looking again and our writing."""
    between(small_book, monkeypatch, sort_it, insert_row)
    small_book.save([Change("tickets", {"subject": "Ours"}, id="T-3")], who="E02", source="t", now=now)
    after = {id_: row["subject"] for id_, row in rows_of(small_book).items()}
    assert after == {"T-0": "", "T-1": "Subject 1", "T-2": "Subject 2", "T-3": "Ours"}


def test_a_row_without_an_id_keeps_none_of_what_landed_in_it(small_book, now, monkeypatch):
    """Nor does another one that came to its place lose what a person has written there."""

    def insert_more(sheet):
        sheet.insert_row(["", "", "a remark"], 3)

    between(small_book, monkeypatch, insert_blank_rows, insert_more)
    before = rows_of(small_book)
    place = list(before["T-2"]).index("subject")
    small_book.save([Change("tickets", {"subject": "Ours"}, id="T-2")], who="E02", source="t", now=now)
    after = rows_of(small_book)
    nameless = after.pop("")
    assert [cell for cell in nameless.values() if cell != ""] == ["a remark"]
    assert {id_: list(row.values())[place] for id_, row in after.items()} == {
        "T-1": "Subject 1", "T-2": "Ours", "T-3": "Subject 3"
    }  # fmt: skip


def test_a_cell_that_landed_well_is_left_alone_where_other_columns_moved(small_book, now, monkeypatch):
    """The journal has its change once, and nothing is taken for an edit in the sheet."""

    def insert_column_behind(sheet):
        sheet.insert_cols([["remark"]], column(sheet, "subject") + 1)

    small_book.load("tickets")
    between(small_book, monkeypatch, insert_column_behind)
    small_book.save([Change("tickets", {"subject": "Ours"}, id="T-2")], who="E02", source="t", now=now)
    assert (
        rows_of(small_book)["T-2"] | {"subject": "Ours", "version": 2, "remark": ""}
        == rows_of(small_book)["T-2"]
    )
    snapshot = small_book.load("tickets", "journal")
    lines = snapshot["journal"]
    own = lines[lines["row_id"].eq("T-2") & lines["field"].eq("subject")]
    assert own[["old", "new", "source"]].values.tolist() == [["Subject 2", "Ours", "t"]]
    assert [line.field for line in snapshot.edits if line.field != "#header"] == []


def test_if_the_hidden_sheet_was_deleted_it_is_made_again(small_book, now):
    """A person who tidies up does not stop the next save."""
    other = open_book(small_book.address.removesuffix("/edit")).workbook
    other.del_worksheet(other.worksheet("_before"))
    small_book.save([Change("tickets", {"subject": "x"}, id="T-2")], who="E02", source="test", now=now)
    assert rows_of(small_book)["T-2"]["subject"] == "x"
    assert other.worksheet("_before").isSheetHidden


def test_a_hidden_sheet_that_is_too_short_becomes_longer(small_book, now):
    """One that an earlier version has made, or that a person has cut."""
    address = small_book.address.removesuffix("/edit")
    open_book(address).workbook.worksheet("_before").resize(rows=300)
    for subject in ("x", "y"):
        change = Change("tickets", {"subject": subject}, id="T-2")
        open_book(address).save([change], who="E02", source="test", now=now)
        small_book.save([Change("tickets", {"need": subject}, id="T-2")], who="E02", source="test", now=now)
    row = rows_of(small_book)["T-2"]
    assert (row["subject"], row["need"], row["version"]) == ("y", "y", 5)
    assert open_book(address).workbook.worksheet("_before").row_count == before.ROWS
