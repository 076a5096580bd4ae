"""A row is taken away, and comes back: journalled, claimed, and never another row's."""

import json

import pandas as pd
import pytest

from sheets_schema.book import Change, open_book
from sheets_schema.book.entry import write_entry
from sheets_schema.book.save import prepare
from sheets_schema.errors import Conflict, MissingRow
from tests.book.instants import between, rows_of, sort_it
from tests.book.test_put_right import delete_above, insert_blank_rows, insert_row


def take(book, key, now, **rest):
    """Take a ticket away."""
    return book.save([Change("tickets", {}, id=key, gone=True, **rest)], who="E01", source="test", now=now)


def lines_of(book, save):
    """Return the journal's lines of one save."""
    journal = book.load("journal")["journal"]
    return journal[journal["save"] == save].fillna("").to_dict("records")


def test_a_row_that_is_taken_away_is_in_the_journal_whole(small_book, now, calls):
    """One line with all that stood in it, in two requests, and nothing of it is left in the sheet."""
    sheet = small_book.workbook.worksheet("tickets")
    sheet.add_cols(4)
    sheet.update_acell("AQ3", "a note without a header")
    counted = calls(small_book)
    before = rows_of(small_book)["T-2"]
    counted.sent.clear()
    saved = take(small_book, "T-2", now)
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]
    (line,) = lines_of(small_book, saved.save)
    assert (line["sheet"], line["row_id"], line["field"], line["new"]) == ("tickets", "T-2", "*", "")
    told = json.loads(line["old"])
    assert told["subject"] == before["subject"]
    assert told["opened_at"] == "2026-11-23 07:00"
    assert told["version"] == "1"
    assert told["AQ"] == "a note without a header"
    assert rows_of(small_book).keys() == {"T-1", "T-3"}
    assert small_book.load("tickets")["tickets"]["id"].tolist() == ["T-1", "T-3"]


def test_a_row_that_comes_back_is_as_it_was_and_its_version_goes_on(small_book, now):
    """Its values, who made it and when; taken away and brought back at once, again and again."""
    first = rows_of(small_book)["T-2"]
    for turn in range(3):
        saved = take(small_book, "T-2", now)
        (line,) = lines_of(small_book, saved.save)
        change = Change("tickets", json.loads(line["old"]), back=True)
        small_book.save([change], who="E02", source="test", now=now + pd.Timedelta(minutes=1))
        row = rows_of(small_book)["T-2"]
        changed = {name for name in row if row[name] != first[name]}
        assert changed == {"version", "updated_at", "updated_by"}
        assert row["version"] == 2 + turn
    small_book.save([Change("tickets", {"subject": "On"}, id="T-2")], who="E02", source="test", now=now)
    assert rows_of(small_book)["T-2"]["version"] == 5


def test_what_may_not_stand_in_its_field_comes_back_as_it_was(small_book, now):
    """A person's odd cells and a column of their own are part of the row."""
    sheet = small_book.workbook.worksheet("tickets")
    names = sheet.row_values(1)
    sheet.add_cols(1)
    sheet.update_cell(1, len(names) + 1, "shelf")
    row = sheet.find("T-3").row
    for name, odd in {"csat_score": "five", "priority": "urgent"}.items():
        sheet.update_cell(row, names.index(name) + 1, odd)
    sheet.update_cell(row, len(names) + 1, "B 7")
    sheet.update_cell(row, names.index("subject") + 1, "'=1+1")
    small_book.load("tickets")
    first = rows_of(small_book)["T-3"]
    (line,) = lines_of(small_book, take(small_book, "T-3", now).save)
    change = Change("tickets", json.loads(line["old"]), back=True)
    small_book.save([change], who="E02", source="test", now=now)
    row = rows_of(small_book)["T-3"]
    for name in ("csat_score", "priority", "subject", "shelf", "opened_at", "vip"):
        assert row[name] == first[name], name


@pytest.mark.parametrize("disturb", [sort_it, insert_row, insert_blank_rows, delete_above])
@pytest.mark.parametrize("key", ["T-2", "T-3"])
def test_if_rows_move_in_the_instant_the_right_row_is_gone_and_the_other_is_whole(
    small_book, now, monkeypatch, disturb, key
):
    """The number that was read is another row's by the time it arrives."""
    before = rows_of(small_book)
    between(small_book, monkeypatch, disturb)
    take(small_book, key, now)
    gone = {key} | ({"T-1"} if disturb is delete_above else set())
    after = rows_of(small_book)
    for row in (*before.values(), *after.values()):
        row.pop("version")  # of a row that was given back it counts on
    assert {id_: row for id_, row in after.items() if id_ != "T-0"} == {
        id_: row for id_, row in before.items() if id_ not in gone
    }


def test_a_row_that_somebody_changed_meanwhile_stays(small_book, now):
    """The writer saw something else: all three are shown, and nothing is taken away."""
    other = open_book(small_book.address.removesuffix("/edit"))
    other.save([Change("tickets", {"subject": "Theirs"}, id="T-1")], who="E02", source="test", now=now)
    with pytest.raises(Conflict) as caught:
        take(small_book, "T-1", now, before={"subject": "Subject 1"})
    facts = caught.value.facts
    assert (facts["before"], facts["yours"], facts["theirs"]) == ("Subject 1", "", "Theirs")
    assert rows_of(small_book)["T-1"]["subject"] == "Theirs"


def test_what_waits_in_the_outbox_takes_rows_away_and_brings_them_back(small_book, now):
    """A file of the outbox has all of it, odd cells too, when it is sent by somebody else."""
    book = small_book
    (line,) = lines_of(book, take(book, "T-3", now).save)
    odd = {**json.loads(line["old"]), "csat_score": "five"}
    changes = [Change("tickets", {}, id="T-2", gone=True), Change("tickets", odd, back=True)]
    pending = prepare(book, changes, who="E01", source="test", now=now)
    write_entry(book.outbox.folder, pending.signature.save, book.outbox._body(pending))
    assert book.outbox.send() is None
    rows = rows_of(book)
    assert rows.keys() == {"T-1", "T-3"}
    assert (rows["T-3"]["csat_score"], rows["T-3"]["version"]) == ("five", 2)


def test_a_row_is_taken_away_once(small_book, now):
    """A second time it is not there."""
    take(small_book, "T-1", now)
    with pytest.raises(MissingRow):
        take(small_book, "T-1", now)
