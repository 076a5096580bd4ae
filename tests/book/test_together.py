"""Saves that wait are sent together: one request, and yet each is a save of its own."""

from sheets_schema.book import Change, Saved, open_book
from sheets_schema.book.save import prepare, save_together
from sheets_schema.errors import Conflict, MissingRow


def pending(book, now, *changes, who="E02"):
    """Return a save that is to be sent."""
    return prepare(book, changes, who=who, source="test", now=now)


def note(text, now):
    """Return a new row."""
    return Change("ticket_events", {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": text})


def test_ten_saves_are_one_read_and_one_write(small_book, now, calls):
    """Each keeps its id, its person, its lines in the journal and its result."""
    saves = [
        *(pending(small_book, now, note(str(number), now), who=f"W{number}") for number in range(5)),
        *(
            pending(small_book, now, Change("tickets", {"subject": f"s{number}"}, id="T-1"), who=f"W{number}")
            for number in range(5, 10)
        ),
    ]
    counted = calls(small_book)
    results = save_together(small_book, saves)
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]
    assert [result.save for result in results] == [save.signature.save for save in saves]
    snapshot = small_book.load("tickets", "ticket_events", "journal")
    assert snapshot["ticket_events"]["text"].tolist() == ["0", "1", "2", "3", "4"]
    row = snapshot["tickets"].set_index("id").loc["T-1"]
    assert (row["subject"], row["version"], row["updated_by"]) == ("s9", 6, "W9")
    lines = snapshot["journal"].set_index("save").loc[[save.signature.save for save in saves]]
    assert lines["who"].tolist() == [f"W{number}" for number in range(10)]
    subjects = lines[lines["field"] == "subject"]
    assert subjects["old"].tolist() == ["Subject 1", "s5", "s6", "s7", "s8"]


def test_one_that_may_not_be_does_not_stand_in_the_others_way(small_book, now):
    """A conflict and a row that is gone are said to those whose saves they are; the others are saved."""
    seen = {"subject": "Subject 1"}
    results = save_together(
        small_book,
        [
            pending(small_book, now, Change("tickets", {"subject": "first"}, id="T-1", before=seen)),
            pending(small_book, now, Change("tickets", {"subject": "second"}, id="T-1", before=seen)),
            pending(small_book, now, Change("tickets", {"subject": "x"}, id="T-404")),
            pending(small_book, now, Change("tickets", {"subject": "other"}, id="T-2")),
        ],
    )
    assert [type(result) for result in results] == [Saved, Conflict, MissingRow, Saved]
    facts = results[1].facts
    assert (facts["before"], facts["yours"], facts["theirs"]) == ("Subject 1", "second", "first")
    subjects = small_book.load("tickets")["tickets"].set_index("id")["subject"]
    assert subjects.loc[["T-1", "T-2"]].tolist() == ["first", "other"]


def test_a_row_is_there_before_it_is_changed(small_book, now):
    """A save that changes a row which an earlier one adds goes with the next request."""
    person = {"id": "E07", "name": "Wu", "role": "agent"}
    saves = [
        pending(small_book, now, Change("people", person)),
        pending(small_book, now, Change("people", {"name": "Wu Jun"}, id="E07")),
        pending(small_book, now, Change("people", {"name": "Li Na"}, id="E02")),
    ]
    assert len(save_together(small_book, saves)) == 1
    assert len(save_together(small_book, saves[1:])) == 2
    names = small_book.load("people")["people"].set_index("id")["name"]
    assert names.loc[["E07", "E02"]].tolist() == ["Wu Jun", "Li Na"]


def test_all_of_them_look_again_where_somebody_else_was_first(small_book, now, monkeypatch):
    """Another machine saves between the look and the write: nothing is lost, nothing done twice."""
    other = open_book(small_book.address)
    write, writes = small_book.write, []

    def late(requests, *shown):
        writes.append(len(requests))
        if len(writes) == 1:
            other.save([Change("tickets", {"need": "theirs"}, id="T-1")], who="E01", source="t", now=now)
        return write(requests, *shown)

    monkeypatch.setattr(small_book, "write", late)
    results = save_together(
        small_book,
        [
            pending(small_book, now, note("mine", now)),
            pending(small_book, now, Change("tickets", {"subject": "mine"}, id="T-1")),
        ],
    )
    assert [type(result) for result in results] == [Saved, Saved]
    assert len(writes) == 2
    snapshot = small_book.load("tickets", "ticket_events")
    row = snapshot["tickets"].set_index("id").loc["T-1"]
    assert (row["subject"], row["need"], row["version"]) == ("mine", "theirs", 3)
    assert snapshot["ticket_events"]["text"].tolist() == ["mine"]
