"""A person types into the very cell that a save writes, between its reading and its writing."""

import pandas as pd
import pytest

from sheets_schema.book import Change, Saved, changes_left, settled
from sheets_schema.book.error_json import error_of, json_of
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from sheets_schema.book.save import prepare, save_together
from sheets_schema.errors import BookError, Conflict
from tests.book.instants import between, column, insert_column, rows_of

MINE = {"who": "E02", "source": "page"}


def types(**texts):
    """Return what types texts into fields of T-2."""

    def work(sheet):
        for name, text in texts.items():
            sheet.update_cell(sheet.find("T-2").row, column(sheet, name), text)

    return work


def push_down(sheet):
    """Put a blank row above all others."""
    sheet.insert_rows([[]], 2)


def save(book, now, before=None, **values):
    """Save values of T-2."""
    return book.save([Change("tickets", values, id="T-2", before=before or {})], **MINE, now=now)


def lines_of(book, name="subject"):
    """Return the journal's lines of a field of T-2."""
    lines = book.load("journal")["journal"]
    own = lines[lines["row_id"].eq("T-2") & lines["field"].eq(name)]
    return own[["old", "new", "source"]].fillna("").to_numpy().tolist()


def told(error):
    """Return what an error tells of its conflicts."""
    names = ("id", "name", "before", "yours", "theirs")
    return [tuple(each.facts[name] for name in names) for each in error.facts["conflicts"]]


def not_as_replayed(book):
    """Return where the replayed journal and the sheet differ, in what the journal speaks of."""
    names = ["tickets", "journal"]
    sheet, journal = book.read(names)
    lines = in_order([book.tables["journal"].read(journal, time_zone=book.time_zone).frame])
    spoken = replay(lines, book.tables)["tickets"]
    texts = sheet_texts(book.tables["tickets"], sheet)
    rows = differences(spoken, texts)
    return rows[rows["journal"].notna()].to_numpy().tolist()


@pytest.mark.parametrize("says", [{}, {"subject": "Subject 2"}], ids=["last writer", "what was seen"])
def test_what_was_typed_in_that_instant_is_journalled_and_told(small_book, now, monkeypatch, says):
    """Ours stands, theirs is in the journal and in the error; nothing is found again later."""
    small_book.load("tickets")
    between(small_book, monkeypatch, types(subject="Typed"))
    with pytest.raises(Conflict) as caught:
        save(small_book, now, before=says, subject="Ours", need="n")
    assert caught.value.done
    assert told(caught.value) == [("T-2", "subject", "Subject 2", "Ours", "Typed")]
    assert (rows_of(small_book)["T-2"]["subject"], rows_of(small_book)["T-2"]["need"]) == ("Ours", "n")
    assert lines_of(small_book) == [
        ["Subject 2", "Ours", "page"], ["Subject 2", "Typed", "sheet"], ["Typed", "Ours", "put right"]
    ]  # fmt: skip
    assert small_book.load("tickets").edits == ()
    assert not_as_replayed(small_book) == []
    save(small_book, now, subject="Next")
    assert len(lines_of(small_book)) == 4


@pytest.mark.parametrize("text", ["Ours", "Subject 2"], ids=["as ours", "as it was"])
def test_the_same_typed_once_more_is_nothing(small_book, now, monkeypatch, text):
    """Neither what was saved nor what was seen is somebody's other word."""
    between(small_book, monkeypatch, types(subject=text))
    assert isinstance(save(small_book, now, subject="Ours"), Saved)
    assert lines_of(small_book) == [["Subject 2", "Ours", "page"]]


def test_numbers_and_dates_that_stay_are_no_words(small_book, now, monkeypatch):
    """Cells of all kinds are copied as they are: only what differs is told."""
    at = pd.Timestamp("2026-11-23 01:30:15", tz="UTC")
    save(small_book, now, csat_score=4, first_response_at=at)
    between(small_book, monkeypatch, types(csat_score=4))
    later = at + pd.Timedelta("1h")
    assert isinstance(save(small_book, now, csat_score=5, first_response_at=later), Saved)
    between(small_book, monkeypatch, types(csat_score=2))
    with pytest.raises(Conflict) as caught:
        save(small_book, now, csat_score=3, first_response_at=at)
    assert told(caught.value) == [("T-2", "csat_score", "5", "3", "2")]


def test_a_formula_that_is_written_over_is_nobodys_typing(small_book, now, monkeypatch):
    """Its copy refers to other cells than it does."""
    sheet = small_book.workbook.worksheet("tickets")
    sheet.update_cell(3, column(sheet, "csat_score"), "=ROW()")
    between(small_book, monkeypatch)
    assert isinstance(save(small_book, now, csat_score=5), Saved)


def test_what_is_typed_into_another_cell_of_the_row_stays(small_book, now, monkeypatch):
    """Only what the save writes is written."""
    between(small_book, monkeypatch, types(resolution="Typed"))
    assert isinstance(save(small_book, now, subject="Ours"), Saved)
    row = rows_of(small_book)["T-2"]
    assert (row["subject"], row["resolution"]) == ("Ours", "Typed")


def test_theirs_is_put_back_by_choice_and_yours_stays_without_a_save(small_book, now, monkeypatch):
    """Of two fields each by itself; the choice outlives a file."""
    between(small_book, monkeypatch, types(subject="Typed", need=""))
    changes = [Change("tickets", {"subject": "Ours", "need": "mine"}, id="T-2")]
    with pytest.raises(Conflict) as caught:
        small_book.save(changes, **MINE, now=now)
    error = error_of(json_of(caught.value))
    assert [each[1:] for each in told(error)] == [
        ("subject", "Subject 2", "Ours", "Typed"), ("need", "To be told", "mine", "")
    ]  # fmt: skip
    left = changes_left(error, changes, small_book.tables, small_book.time_zone)
    conflicts = error.facts["conflicts"]
    both = {("tickets", "T-2", "subject"), ("tickets", "T-2", "need")}
    assert settled(left, conflicts, both) == []
    chosen = settled(left, conflicts, {("tickets", "T-2", "need")})
    small_book.save(chosen, **MINE, now=now)
    row = rows_of(small_book)["T-2"]
    assert (row["subject"], row["need"]) == ("Typed", "mine")
    assert not_as_replayed(small_book) == []
    save(small_book, now, subject="Later")
    with pytest.raises(Conflict, match="Later"):
        small_book.save(chosen, **MINE, now=now)


@pytest.mark.parametrize("last", ["second", "Subject 2"], ids=["another", "as it was"])
def test_of_two_saves_that_go_together_the_later_one_is_told(small_book, now, monkeypatch, last):
    """What the earlier one wrote is no person's word; the replayed journal is the sheet in any case."""
    small_book.load("tickets")
    between(small_book, monkeypatch, types(subject="Typed"))
    made = [Change("tickets", {"subject": text}, id="T-2") for text in ("first", last)]
    saves = [prepare(small_book, [change], **MINE, now=now) for change in made]
    first, second = save_together(small_book, saves)
    assert isinstance(first, Saved)
    assert isinstance(second, Conflict)
    assert second.done == saves[1].signature.save
    assert told(second) == [("T-2", "subject", "Subject 2", last, "Typed")]
    assert rows_of(small_book)["T-2"]["subject"] == last
    assert small_book.load("tickets").edits == ()
    assert not_as_replayed(small_book) == []


def test_of_a_row_that_is_taken_away_what_was_typed_is_told(small_book, now, monkeypatch):
    """No choice is left, and the row does not come back by it."""
    small_book.load("tickets")
    between(small_book, monkeypatch, types(subject="Typed"))
    with pytest.raises(BookError, match="Typed") as caught:
        small_book.save([Change("tickets", {}, id="T-2", gone=True)], **MINE, now=now)
    assert caught.value.done
    assert "conflicts" not in caught.value.facts
    assert ["Subject 2", "Typed", "sheet"] in lines_of(small_book)
    assert small_book.load("tickets").edits == ()
    assert "T-2" not in rows_of(small_book)
    assert not_as_replayed(small_book) == []


@pytest.mark.parametrize("moves", [push_down, insert_column])
def test_it_is_seen_in_what_is_put_right_too(small_book, now, monkeypatch, moves):
    """Rows or columns move, and while that is put right somebody types."""
    between(small_book, monkeypatch, moves, types(subject="Typed"))
    with pytest.raises(Conflict) as caught:
        small_book.save([Change("tickets", {"subject": "Ours"}, id="T-2")], **MINE, now=now)
    assert [each[1:] for each in told(caught.value)] == [("subject", "Subject 2", "Ours", "Typed")]
    assert not_as_replayed(small_book) == []
