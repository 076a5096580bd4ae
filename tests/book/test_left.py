"""A save is done, but people have typed into its cells in that instant: only that is open."""

import pytest

from sheets_schema.book import Change, Saved, changes_left, settled
from sheets_schema.book.error_json import error_of, json_of
from sheets_schema.book.save import prepare, save_together
from sheets_schema.errors import Conflict, MissingRow
from tests.book.instants import behind, between, column, insert_column, rows_of, sort_it

MINE = {"who": "E02", "source": "page"}


def sort_and_type(sheet):
    """Sort the tickets and type into one of them."""
    sort_it(sheet)
    sheet.update_cell(sheet.find("T-3").row, column(sheet, "subject"), "Typed")


def delete_t2(sheet):
    """Delete a ticket's row."""
    sheet.delete_rows(sheet.find("T-2").row)


def note(now, text="n"):
    """Return a new row."""
    return Change("ticket_events", {"ticket": "T-3", "at": now, "kind": "note", "by": "E02", "text": text})


def events(book):
    """Return the texts of the events."""
    return book.load("ticket_events")["ticket_events"]["text"].tolist()


def subjects(book):
    """Return the subjects of the tickets by id."""
    return {id_: row["subject"] for id_, row in rows_of(book).items()}


@pytest.fixture
def open_save(small_book, now, monkeypatch):
    """Return a save of four rows, one of which somebody has typed into, and its error."""
    changes = [
        Change("tickets", {"subject": "Ours", "need": "mine"}, id="T-3"),
        note(now),
        Change("people", {"post": "Clerk"}, id="E02"),
        Change("tickets", {"subject": "Other"}, id="T-2"),
    ]
    between(small_book, monkeypatch, sort_and_type)
    with pytest.raises(Conflict) as caught:
        small_book.save(changes, **MINE, now=now)
    return changes, caught.value


def test_the_error_tells_what_is_open_and_that_the_rest_is_saved(small_book, open_save):
    """The save's id, the ids of its rows, and all three values of the one field; in each language."""
    _, error = open_save
    lines = small_book.load("journal")["journal"]
    assert set(lines.loc[lines["source"] == "page", "save"]) == {error.done}
    (conflict,) = error.facts["conflicts"]
    told = [conflict.facts[each] for each in ("sheet", "id", "name", "before", "yours", "theirs")]
    assert told == ["tickets", "T-3", "subject", "Subject 3", "Ours", "Typed"]
    assert subjects(small_book) == {"T-1": "Subject 1", "T-2": "Other", "T-3": "Typed"}
    assert rows_of(small_book)["T-3"]["need"] == "mine"
    assert rows_of(small_book, "people")["E02"]["post"] == "Clerk"
    assert events(small_book) == ["n"]
    assert error.text().startswith("Saved, but for one thing: Someone changed this row")
    assert error.text("zh-Hans").startswith("已保存，但有一处例外：")
    assert error.text("zh-Hant").startswith("已保存，但有一處例外：")


def test_only_what_is_open_is_saved_by_the_choice(small_book, open_save, now):
    """Mine over theirs: the event is there once, and the journal has all three words in their order."""
    changes, error = open_save
    left = changes_left(error, changes, small_book.tables, small_book.time_zone)
    assert left == (Change("tickets", {"subject": "Ours"}, id="T-3"),)
    mine = {("tickets", "T-3", "subject")}
    small_book.save(settled(left, error.facts["conflicts"], mine), **MINE, now=now)
    assert subjects(small_book) == {"T-1": "Subject 1", "T-2": "Other", "T-3": "Ours"}
    assert events(small_book) == ["n"]
    lines = small_book.load("journal")["journal"]
    own = lines[lines["row_id"].eq("T-3") & lines["field"].eq("subject")]
    assert own["new"].tolist() == ["Ours", "Typed", "Ours"]
    assert settled(left, error.facts["conflicts"], set()) == []


def test_the_error_outlives_a_file(open_save):
    """Another process tells the same."""
    _, error = open_save
    again = error_of(json_of(error))
    assert (again.done, again.text("zh-Hans")) == (error.done, error.text("zh-Hans"))
    assert [each.facts["yours"] for each in again.facts["conflicts"]] == ["Ours"]
    assert again.facts["ids"] == error.facts["ids"]


def test_a_row_that_was_deleted_in_that_instant_is_told_and_the_rest_is_saved(small_book, now, monkeypatch):
    """Who is told so does not file the event again."""
    between(small_book, monkeypatch, delete_t2)
    with pytest.raises(MissingRow) as caught:
        small_book.save([Change("tickets", {"subject": "x"}, id="T-2"), note(now)], **MINE, now=now)
    assert caught.value.done
    assert "T-2" in caught.value.text("zh-Hant")
    assert events(small_book) == ["n"]
    assert changes_left(caught.value, [Change("tickets", {}), note(now)], small_book.tables, "UTC") == ()


def test_a_person_who_types_into_a_row_that_is_being_added_is_not_written_over(small_book, now, monkeypatch):
    """It was laid out anew, because columns had moved; what is open is a change of the row that is there."""

    def type_in(sheet):
        sheet.update_cell(5, column(sheet, "requester"), "Typed")

    between(small_book, monkeypatch, insert_column)
    behind(small_book, monkeypatch, type_in)
    values = {
        "opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "type": "consult",
        "subject": "New", "status": "new",
    }  # fmt: skip
    changes = [Change("tickets", values), note(now)]
    with pytest.raises(Conflict) as caught:
        small_book.save(changes, **MINE, now=now)
    error = caught.value
    (conflict,) = error.facts["conflicts"]
    id_ = error.facts["ids"][0]
    told = [conflict.facts[each] for each in ("id", "name", "before", "yours", "theirs")]
    assert told == [id_, "requester", "", "R", "Typed"]
    row = rows_of(small_book)[id_]
    assert (row["requester"], row["subject"], row["category"], row["remark"]) == ("Typed", "New", "PRE", "")
    left = changes_left(error, changes, small_book.tables, small_book.time_zone)
    mine = {("tickets", id_, "requester")}
    small_book.save(settled(left, error.facts["conflicts"], mine), **MINE, now=now)
    found = rows_of(small_book)
    assert (len(found), found[id_]["requester"]) == (4, "R")
    assert events(small_book) == ["n"]
    journal = small_book.load("journal")["journal"]
    own = journal[journal["row_id"].eq(id_) & journal["field"].eq("requester")]
    assert own[["old", "new"]].values.tolist() == [["R", "Typed"], ["Typed", "R"]]


def test_of_saves_that_go_together_the_one_is_told_whose_word_it_was(small_book, now, monkeypatch):
    """An earlier one was written over in any case, and one of other rows has nothing to do with it."""
    between(small_book, monkeypatch, sort_and_type)
    saves = [
        prepare(small_book, [change], **MINE, now=now)
        for change in (
            Change("tickets", {"subject": "first"}, id="T-3"),
            Change("tickets", {"subject": "second"}, id="T-3"),
            note(now),
        )
    ]
    first, second, third = save_together(small_book, saves)
    assert isinstance(first, Saved)
    assert isinstance(third, Saved)
    assert isinstance(second, Conflict)
    assert (second.done, second.facts["yours"]) == (saves[1].signature.save, "second")


def test_an_undo_that_is_done_but_for_a_part_says_which(small_book, now, monkeypatch):
    """It is not tried again: what was done is done."""
    change = Change("tickets", {"subject": "The ours", "need": "mine"}, id="T-3")
    saved = small_book.save([change, note(now)], **MINE, now=now)
    between(small_book, monkeypatch, sort_and_type)
    undone = small_book.undo(saved.save, **MINE, now=now)
    assert len(undone.saves) == 1
    assert [(each.facts["name"], each.facts["theirs"]) for each in undone.left] == [("subject", "Typed")]
    assert subjects(small_book)["T-3"] == "Typed"
    assert rows_of(small_book)["T-3"]["need"] == "To be told"
    assert events(small_book) == []
