"""What was, from the journal of a real workbook: timelines, undo, tables as they were."""

import random

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sheets_schema.book import Change, open_book
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from sheets_schema.errors import Conflict, MissingRow

MINUTE = pd.Timedelta(minutes=1)


def change(book, key, values, now, who="E02", **rest):
    """Save some fields of a ticket."""
    return book.save([Change("tickets", values, id=key, **rest)], who=who, source="tickets", now=now).save


def undo(book, save, now):
    """Undo a save as the manager."""
    return book.undo(save, who="E01", source="tickets", now=now)


def ticket(book, key):
    """Return a ticket as it is loaded."""
    frame = book.load("tickets")["tickets"]
    return frame.set_index("id").loc[key]


def facts(error):
    """Return the three sides of a conflict."""
    return error.facts["name"], error.facts["before"], error.facts["yours"], error.facts["theirs"]


def test_undo_puts_back_what_a_save_changed_and_is_undone_itself(small_book, now):
    """Text, number, moment and a blank; the versions go on, and who undid it is in the journal."""
    values = {"subject": "=1+1", "csat_score": 4, "closed_at": now, "need": None, "vip": True}
    first = ticket(small_book, "T-1")
    save = change(small_book, "T-1", values, now)
    changed = ticket(small_book, "T-1")
    undone = undo(small_book, save, now + MINUTE)
    assert (undone.rows, undone.left) == ((("tickets", "T-1"),), ())
    kept = ["version", "updated_at", "updated_by"]
    assert ticket(small_book, "T-1").drop(kept).equals(first.drop(kept))
    undo(small_book, undone.saves[0], now + 2 * MINUTE)
    assert ticket(small_book, "T-1").drop(kept).equals(changed.drop(kept))
    assert ticket(small_book, "T-1")["version"] == 4
    line = small_book.timeline("tickets", "T-1").query("field == 'subject'")
    assert line[["old", "new", "who", "source"]].fillna("").values.tolist() == [
        ["", "Subject 1", "E01", "test"],
        ["Subject 1", "=1+1", "E02", "tickets"],
        ["=1+1", "Subject 1", "E01", "tickets"],
        ["Subject 1", "=1+1", "E01", "tickets"],
    ]
    assert line["undoes"].fillna("").tolist() == ["", "", save, undone.saves[0]]


def test_a_field_that_somebody_changed_since_is_left_and_shown(small_book, now):
    """The rest of the save is undone."""
    save = change(small_book, "T-1", {"subject": "Ours", "priority": "P1"}, now)
    other = open_book(small_book.address.removesuffix("/edit"))
    change(other, "T-1", {"subject": "Theirs"}, now, who="E01")
    undone = undo(small_book, save, now)
    (left,) = undone.left
    assert isinstance(left, Conflict)
    assert facts(left) == ("subject", "Ours", "Subject 1", "Theirs")
    row = ticket(small_book, "T-1")
    assert (row["subject"], row["priority"]) == ("Theirs", "P3")


def test_somebody_who_changes_the_field_in_the_instant_of_the_undo_is_not_written_over(
    small_book, now, monkeypatch
):
    """What was decided is looked at again by the save, and then decided anew."""
    save = change(small_book, "T-1", {"subject": "Ours", "priority": "P1"}, now)
    other = open_book(small_book.address.removesuffix("/edit"))
    whole = small_book.save

    def late(*args, **rest):
        monkeypatch.setattr(small_book, "save", whole)
        change(other, "T-1", {"subject": "Theirs"}, now, who="E01")
        return whole(*args, **rest)

    monkeypatch.setattr(small_book, "save", late)
    undone = undo(small_book, save, now)
    assert [facts(left) for left in undone.left] == [("subject", "Ours", "Subject 1", "Theirs")]
    assert ticket(small_book, "T-1")[["subject", "priority"]].tolist() == ["Theirs", "P3"]


def test_undoing_twice_does_nothing_the_second_time(small_book, now):
    """And nothing is written."""
    save = change(small_book, "T-1", {"subject": "Ours"}, now)
    undo(small_book, save, now)
    again = undo(small_book, save, now)
    assert (again.saves, again.rows, again.left) == ((), (), ())


def test_rows_that_a_save_added_are_taken_away_unless_somebody_has_changed_them(small_book, now):
    """One of two new people has got a department meanwhile."""
    new = [Change("people", {"id": key, "name": key, "role": "agent"}) for key in ("E08", "E09")]
    saved = small_book.save(new, who="E01", source="people", now=now)
    small_book.save(
        [Change("people", {"department": "Sales"}, id="E09")], who="E02", source="people", now=now
    )
    undone = undo(small_book, saved.save, now)
    assert undone.rows == (("people", "E08"),)
    assert [facts(left) for left in undone.left] == [("department", "", "", "Sales")]
    assert small_book.load("people")["people"]["id"].tolist() == ["E01", "E02", "E09"]
    undo(small_book, undone.saves[0], now)
    assert set(small_book.load("people")["people"]["id"]) == {"E01", "E02", "E08", "E09"}


def test_a_bulk_of_rows_is_undone_but_for_those_that_live_on(small_book, now):
    """Of 250 imported people the one who was changed stays; one whose change was undone goes."""
    people = [{"id": f"B{number:03}", "name": f"N {number}", "role": "agent"} for number in range(250)]
    (save,) = small_book.append_many("people", people, who="E01", source="opsline import", now=now).saves
    keep = [Change("people", {"name": "Kept"}, id="B007"), Change("people", {"name": "No"}, id="B008")]
    saves = [small_book.save([each], who="E02", source="people", now=now).save for each in keep]
    undo(small_book, saves[1], now)
    undone = undo(small_book, save, now)
    assert [left.said_by for left in undone.left] == ["history.left.changed"]
    assert (len(undone.saves), len(undone.rows)) == (2, 249)
    assert small_book.load("people")["people"]["id"].tolist() == ["E01", "E02", "B007"]
    for each in reversed(undone.saves):
        undo(small_book, each, now)
    frame = small_book.load("people")["people"]
    assert len(frame) == 252
    assert frame.set_index("id").loc["B100", "name"] == "N 100"


def test_a_row_that_was_deleted_comes_back_and_is_said_to_be_back(small_book, now):
    """By its id; what never went cannot come back."""
    small_book.save([Change("tickets", {}, id="T-2", gone=True)], who="E02", source="tickets", now=now)
    undone = small_book.restore("tickets", "T-2", who="E01", source="tickets", now=now + MINUTE)
    assert undone.rows == (("tickets", "T-2"),)
    assert ticket(small_book, "T-2")["subject"] == "Subject 2"
    told = small_book.timeline("tickets", "T-2")
    assert told["kind"].drop_duplicates().tolist() == ["added", "taken", "back"]
    again = small_book.restore("tickets", "T-2", who="E01", source="tickets", now=now)
    assert (again.saves, again.left) == ((), ())
    with pytest.raises(MissingRow, match="ever deleted"):
        small_book.restore("tickets", "T-1", who="E01", source="tickets", now=now)


def test_a_save_that_the_journal_does_not_have_is_not_undone(small_book, now):
    """It says so in a sentence."""
    with pytest.raises(MissingRow, match="has no save 'S-0'"):
        undo(small_book, "S-0", now)


def test_an_undo_costs_few_requests(small_book, now, calls):
    """Version, journal and rows, the rows again, the save: five, and two where the journal was just read."""
    save = change(small_book, "T-1", {"subject": "Ours"}, now)
    counted = calls(small_book)
    undo(small_book, save, now)
    assert counted.sent == [
        "GET files",
        "GET values:batchGet",
        "GET values:batchGet",
        "GET values:batchGet",
        "POST :batchUpdate",
    ]


def state(book):
    """Return two tables as they are loaded, in one order."""
    snapshot = book.load("tickets", "people")
    return {name: plain(snapshot[name]) for name in ("tickets", "people")}


def plain(frame):
    """Return a table in one order."""
    return frame.sort_values("id").reset_index(drop=True)


def random_step(book, chance, saves, at):
    """Do something to the workbook, if it can be done."""
    ids = {name: book.load(name)[name]["id"].tolist() for name in ("tickets", "people")}
    kind = chance.choice(["change", "change", "add", "bulk", "take", "undo", "both"])
    who = chance.choice(["E01", "E02"])
    if kind == "undo":
        book.undo(chance.choice(saves), who=who, source="test", now=at)
        return
    changes = []
    if kind in {"change", "both"} and ids["tickets"]:
        values = {
            "subject": chance.choice(["a", "=b", "  c", None, "é"]),
            "csat_score": chance.choice([None, 1, 5]),
            "closed_at": chance.choice([None, at]),
        }
        changes.append(
            Change(
                "tickets", {**values, "subject": values["subject"] or "s"}, id=chance.choice(ids["tickets"])
            )
        )
    if kind in {"add", "both"}:
        changes.append(Change("people", {"name": chance.choice("ABC"), "role": "agent"}))
    if kind == "take" and len(ids["tickets"]) > 1:
        changes.append(Change("tickets", {}, id=chance.choice(ids["tickets"]), gone=True))
    if kind == "bulk":
        rows = [{"name": f"Bulk {number}", "role": "agent"} for number in range(3)]
        saves += book.append_many("people", rows, who=who, source="import", now=at).saves
    elif changes:
        saves.append(book.save(changes, who=who, source="test", now=at).save)


def by_hand(book, chance):
    """Do something in the spreadsheet, as a person with another client."""
    sheet = book.workbook.worksheet("tickets")
    ids = [id_ for id_ in sheet.col_values(1)[1:] if id_]
    row = sheet.find(chance.choice(ids)).row
    column = sheet.row_values(1).index
    kind = chance.choice(["type", "type", "delete", "sort"])
    if kind == "type":
        sheet.update_cell(row, column("need") + 1, chance.choice([f"typed {moment()}", ""]))
        sheet.update_cell(
            row, column("csat_score") + 1, chance.choice([chance.random(), f"many {moment()}", ""])
        )
    elif kind == "delete" and len(ids) > 2:
        sheet.delete_rows(row)
    else:
        sheet.sort((column("subject") + 1, chance.choice(["asc", "des"])), range=f"A2:AZ{sheet.row_count}")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_state_comes_back_and_undone_from_the_end_the_first_one_is_left(small_book, seed):
    """Saves, bulk, edits in the sheet, undos: as_of is what was loaded, the journal replayed is the sheet."""
    chance, saves, first = random.Random(seed), [], state(small_book)
    saves.append(change(small_book, "T-1", {"subject": "first"}, moment()))
    states = [(moment(), state(small_book))]
    for _turn in range(18):
        if chance.random() < 0.3:
            by_hand(small_book, chance)
        else:
            random_step(small_book, chance, saves, moment())
        loaded = state(small_book)
        states.append((moment(), loaded))
    for at, then in states:
        past = small_book.as_of(at, "tickets", "people")
        assert set(past.unknown["why"]) == set()
        for name, frame in then.items():
            assert_frame_equal(plain(past[name]), frame)
    lines = small_book.journal()
    replayed = replay(lines, small_book.tables)
    for name in ("tickets", "people"):
        values = small_book.read([f"'{name}'"])[0]
        assert differences(replayed[name], sheet_texts(small_book.tables[name], values)).empty
    order = lines["save"].drop_duplicates().tolist()
    for save in reversed(order[order.index(saves[0]) :]):
        undone = small_book.undo(save, who="E01", source="test", now=moment())
        assert undone.left == ()
    audit = ["version", "updated_at", "updated_by"]
    for name, frame in state(small_book).items():
        assert_frame_equal(frame.drop(columns=audit), first[name].drop(columns=audit))


LAST = [pd.Timestamp(0, tz="UTC")]


def moment():
    """Return the moment that it is, as fine as the sheet has it, and later than any before."""
    LAST[0] = max(pd.Timestamp.now("UTC").ceil("ms"), LAST[0] + pd.Timedelta(milliseconds=2))
    return LAST[0]
