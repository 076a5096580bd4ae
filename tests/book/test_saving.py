"""Saving: one request, only what differs, the right row and never another."""

import pandas as pd
import pytest

from sheets_schema.book import Change, settled
from sheets_schema.errors import CellFault, Conflict, MissingRow, UnknownField, UnknownTable

TRICKY = ["=1+1", "+86 138", "-5%", "@lina", "'quoted", '=HYPERLINK("http://x")', "1-2", "0042", "TRUE"]


def save(book, now, *changes):
    """Save as the tests' person."""
    return book.save(changes, who="E02", source="test", now=now)


def rows_of(book, name="tickets"):
    """Return a sheet's rows by id, as plain gspread reads them."""
    values = book.workbook.worksheet(name).get_all_values(value_render_option="UNFORMATTED_VALUE")
    header = [str(cell) for cell in values[0]]
    rows = [dict(zip(header, row, strict=True)) for row in values[1:] if any(cell != "" for cell in row)]
    return {row["id"]: row for row in rows}


def test_a_save_is_one_read_and_one_write(small_book, now, calls):
    """Rows of several tables, new and changed, and their journal: two requests in all."""
    counted = calls(small_book)
    save(
        small_book,
        now,
        Change("tickets", {"status": "assigned"}, id="T-1"),
        Change("tickets", {"status": "assigned", "subject": "Both"}, id="T-2"),
        Change("people", {"name": "Chen Wei Jr."}, id="E01"),
        Change("ticket_events", {"ticket": "T-1", "at": now, "kind": "status", "by": "E02"}),
    )
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]


def test_only_the_changed_cells_are_written(small_book, now):
    """What a person typed into the same row meanwhile stays."""
    sheet = small_book.workbook.worksheet("tickets")
    sheet.update_cell(2, sheet.row_values(1).index("need") + 1, "typed in the sheet")
    before = rows_of(small_book)
    save(small_book, now, Change("tickets", {"status": "assigned", "subject": "Subject 1"}, id="T-1"))
    after = rows_of(small_book)
    differ = {name for name, cell in after["T-1"].items() if cell != before["T-1"][name]}
    assert "status" in differ
    assert differ <= {"status", "updated_at", "updated_by", "version"}
    assert after["T-1"]["need"] == "typed in the sheet"
    assert {key: row for key, row in after.items() if key != "T-1"} == {
        key: row for key, row in before.items() if key != "T-1"
    }


def sort_it(sheet):
    """Sort by subject, falling."""
    sheet.sort((sheet.row_values(1).index("subject") + 1, "des"), range=f"A2:AZ{sheet.row_count}")


def insert_row(sheet):
    """Put a row above all others."""
    sheet.insert_row(["", "", "a person's own row"], 2)


def insert_column(sheet):
    """Put a column before the first."""
    sheet.insert_cols([["remark", "mine"]], 1)


def move_column(sheet):
    """Move the first column behind the fifth."""
    where = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    sheet.spreadsheet.batch_update(
        {"requests": [{"moveDimension": {"source": where, "destinationIndex": 5}}]}
    )


def delete_row(sheet):
    """Delete the first ticket's row."""
    sheet.delete_rows(2)


@pytest.mark.parametrize("many", [False, True], ids=["few rows", "many rows"])
@pytest.mark.parametrize("disturb", [sort_it, insert_row, insert_column, move_column, delete_row])
def test_a_row_is_found_by_its_id_whatever_was_moved(small_book, now, disturb, many):
    """Between reading and saving a person sorts, inserts, deletes, moves: the save hits its row, no other."""
    if many:
        rows = [ticket(number, now) for number in range(1000, 1300)]
        small_book.append_many("tickets", rows, who="E01", source="test", now=now)
    small_book.load("tickets")
    disturb(small_book.workbook.worksheet("tickets"))
    before = rows_of(small_book)
    save(small_book, now, Change("tickets", {"subject": "Changed", "csat_score": 4}, id="T-3"))
    after = rows_of(small_book)
    assert (after["T-3"]["subject"], after["T-3"]["csat_score"]) == ("Changed", 4)
    for key in before:
        expected = {**before[key]}
        if key == "T-3":
            names = ("subject", "csat_score", "updated_at", "updated_by", "version")
            expected |= {name: after[key][name] for name in names}
        assert after[key] == expected
    assert after.keys() == before.keys()


def ticket(number, now):
    """Return a ticket."""
    return {
        "id": f"T-{number}", "opened_at": now, "channel": "email", "requester": "R", "category": "PRE",
        "type": "consult", "subject": f"Subject {number}", "need": "n", "impact": "low", "urgency": "low",
        "priority": "P4", "complexity": "simple", "status": "new",
    }  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_text_is_text(small_book, now, text):
    """A subject that begins like a formula, a number or a date stays a subject, new or changed."""
    made = save(
        small_book,
        now,
        Change("tickets", {"need": text}, id="T-1"),
        Change("tickets", {**ticket(77, now), "need": text}),
    )
    rows = rows_of(small_book)
    assert (rows["T-1"]["need"], rows[made.ids[0]]["need"]) == (text, text)
    sheet = small_book.workbook.worksheet("tickets")
    place = sheet.row_values(1).index("need")
    typed = [row[place] for row in sheet.get_all_values(value_render_option="FORMULA")[1:]]
    assert typed.count(text) == 2


def test_a_new_row_gets_an_id_and_the_columns_of_every_record(small_book, now):
    """Nobody counts: T-261123-K7Q4 has the kind, the day in the company's time zone, four letters."""
    late = pd.Timestamp("2026-11-23 18:00", tz="UTC")
    made = {name: value for name, value in ticket(1, now).items() if name != "id"}
    saved = save(small_book, late, Change("tickets", made), Change("tickets", made))
    assert len(set(saved.ids)) == 2
    assert all(id_.startswith("T-261124-") and len(id_) == 13 for id_ in saved.ids)
    row = small_book.load("tickets")["tickets"].set_index("id").loc[saved.ids[0]]
    assert (row["created_at"], row["updated_at"], row["created_by"], row["version"]) == (late, late, "E02", 1)


def test_each_save_counts_the_version_up(small_book, now):
    """1, 2, 3: and updated_at and updated_by say who was last."""
    later = now + pd.Timedelta(hours=1)
    save(small_book, now, Change("tickets", {"subject": "a"}, id="T-1"))
    save(small_book, later, Change("tickets", {"subject": "b"}, id="T-1"))
    row = small_book.load("tickets")["tickets"].set_index("id").loc["T-1"]
    assert (row["version"], row["updated_at"], row["updated_by"]) == (3, later, "E02")


def test_what_does_not_change_is_not_written(small_book, now, calls):
    """The same values again: no write, no version, no journal."""
    counted = calls(small_book)
    save(
        small_book,
        now,
        Change("tickets", {"subject": "Subject 1", "opened_at": now - pd.Timedelta(hours=1)}, id="T-1"),
    )
    assert counted.sent == ["GET values:batchGet"]


def test_a_cell_is_cleared_by_none(small_book, now):
    """None and a missing value both empty the cell."""
    save(small_book, now, Change("tickets", {"assignee": None, "team": pd.NA}, id="T-1"))
    row = rows_of(small_book)["T-1"]
    assert (row["assignee"], row["team"]) == ("", "")


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (Change("tickets", {"subject": "x"}, id="T-404"), MissingRow, "T-404"),
        (Change("tickets", {"priority": "P9"}, id="T-1"), CellFault, "P1, P2, P3, P4"),
        (Change("tickets", {"csat_score": 9}, id="T-1"), CellFault, "5 or less"),
        (Change("tickets", {"subject": None}, id="T-1"), CellFault, "filled in"),
        (Change("tickets", {"subjekt": "x"}, id="T-1"), UnknownField, "subjekt"),
        (Change("tikets", {"subject": "x"}, id="T-1"), UnknownTable, "tikets"),
        (Change("tickets", {"subject": "x"}), CellFault, "filled in"),
        (Change("people", {"id": "E01", "name": "Twice", "role": "agent"}), CellFault, "must be unique"),
    ],
)
def test_what_may_not_stand_there_is_refused_and_nothing_is_written(small_book, now, change, error, said):
    """Half a save is no save: the good change beside it is not written either."""
    before = small_book.version()
    good = Change("tickets", {"subject": "good"}, id="T-2")
    with pytest.raises(error, match=said):
        save(small_book, now, good, change)
    assert small_book.version() == before


def test_all_faults_of_a_save_are_found_at_once(small_book, now):
    """A form shows every one of them beside its field."""
    with pytest.raises(CellFault) as caught:
        save(small_book, now, Change("tickets", {"priority": "P9", "csat_score": 0}, id="T-1"))
    assert {fault.facts["name"] for fault in caught.value.facts["faults"]} == {"priority", "csat_score"}


def test_a_field_that_both_changed_is_a_conflict_that_shows_all_three(small_book, now):
    """Yours, theirs, before: and theirs stays."""
    save(small_book, now, Change("tickets", {"subject": "theirs"}, id="T-1"))
    with pytest.raises(Conflict) as caught:
        save(
            small_book,
            now,
            Change("tickets", {"subject": "yours"}, id="T-1", before={"subject": "Subject 1"}),
        )
    facts = caught.value.facts
    assert (facts["before"], facts["yours"], facts["theirs"]) == ("Subject 1", "yours", "theirs")
    assert rows_of(small_book)["T-1"]["subject"] == "theirs"


def test_different_fields_of_one_row_are_merged(small_book, now):
    """Who changed the status does not stand in the way of who changes the subject."""
    seen = {"subject": "Subject 1", "status": "new"}
    save(small_book, now, Change("tickets", {"status": "assigned"}, id="T-1", before=seen))
    save(small_book, now, Change("tickets", {"subject": "mine"}, id="T-1", before=seen))
    row = rows_of(small_book)["T-1"]
    assert (row["status"], row["subject"], row["version"]) == ("assigned", "mine", 3)


def test_all_conflicts_of_a_save_are_shown_at_once(small_book, now):
    """Two fields of one row and one of another: a form shows every one of them."""
    seen = {"subject": "Subject 1", "need": "To be told"}
    theirs = [
        Change("tickets", {"subject": "a", "need": "b"}, id="T-1"),
        Change("tickets", {"resolution_due": now}, id="T-2"),
    ]
    save(small_book, now, *theirs)
    later = now + pd.Timedelta(hours=1)
    mine = [
        Change("tickets", {"subject": "x", "need": "y", "organisation": "z"}, id="T-1", before=seen),
        Change("tickets", {"resolution_due": later}, id="T-2", before={"resolution_due": None}),
    ]
    with pytest.raises(Conflict) as caught:
        save(small_book, now, *mine)
    conflicts = caught.value.facts["conflicts"]
    assert {(each.facts["id"], each.facts["name"]) for each in conflicts} == {
        ("T-1", "subject"), ("T-1", "need"), ("T-2", "resolution_due")
    }  # fmt: skip
    assert rows_of(small_book)["T-1"]["organisation"] == ""
    save(
        small_book,
        now,
        *settled(mine, conflicts, {("tickets", "T-1", "subject"), ("tickets", "T-2", "resolution_due")}),
    )
    frame = small_book.load("tickets")["tickets"].set_index("id")
    assert frame.loc["T-1", ["subject", "need", "organisation"]].tolist() == ["x", "b", "z"]
    assert frame.loc["T-2", "resolution_due"] == later


def test_changes_to_one_row_in_one_save_are_one_write(small_book, now):
    """A new row and a later change of it: one row, one version."""
    saved = save(
        small_book,
        now,
        Change("people", {"id": "E07", "name": "Wu", "role": "agent"}),
        Change("people", {"name": "Wu Jun"}, id="E07"),
    )
    assert saved.ids == ("E07", "E07")
    row = rows_of(small_book, "people")["E07"]
    assert (row["name"], row["version"]) == ("Wu Jun", 1)


def test_a_change_reads_the_row_and_not_the_column_of_ids(small_book, now, monkeypatch):
    """In a sheet of many rows a save reads the header and its row: it costs the same at any length."""
    rows = [ticket(number, now) for number in range(1000, 1300)]
    small_book.append_many("tickets", rows, who="E01", source="test", now=now)
    small_book.load("tickets")
    asked: list[str] = []
    read = small_book.read
    monkeypatch.setattr(small_book, "read", lambda ranges: asked.extend(ranges) or read(ranges))
    save(small_book, now, Change("tickets", {"subject": "x"}, id="T-1100"))
    assert asked == ["'tickets'!1:1", "'tickets'!105:105", "'journal'!1:1"]
