"""The journal says what changed, and nothing else."""

import json

import pandas as pd

from sheets_schema.book import Change


def lines_of(book, save):
    """Return the journal's lines of one save."""
    journal = book.load("journal")["journal"]
    return journal[journal["save"] == save].reset_index(drop=True)


def test_the_journal_has_who_when_where_and_both_values(small_book, now):
    """One line for each field that changed; what stayed the same has none."""
    changes = {"status": "assigned", "subject": "Subject 1", "first_response_at": now, "csat_score": 4}
    saved = small_book.save([Change("tickets", changes, id="T-1")], who="E02", source="tickets", now=now)
    lines = lines_of(small_book, saved.save)
    common = lines[["who", "at", "sheet", "row_id", "source"]].drop_duplicates().to_dict("records")
    assert common == [{"who": "E02", "at": now, "sheet": "tickets", "row_id": "T-1", "source": "tickets"}]
    assert lines.fillna("").set_index("field")[["old", "new"]].to_dict("index") == {
        "status": {"old": "new", "new": "assigned"},
        "first_response_at": {"old": "", "new": "2026-11-23 09:00"},
        "csat_score": {"old": "", "new": "4"},
    }
    assert lines["id"].is_unique


def test_a_new_row_is_one_line_with_all_its_values(small_book, now):
    """Thirty lines for each new ticket would fill the sheet; one is as good, and can be undone."""
    new = {"id": "E08", "name": "Ma Li", "role": "agent", "active_from": pd.Timestamp("2026-01-05")}
    saved = small_book.save([Change("people", new)], who="E01", source="people", now=now)
    (line,) = lines_of(small_book, saved.save).to_dict("records")
    assert (line["row_id"], line["field"]) == ("E08", "*")
    assert json.loads(line["new"]) == {
        "id": "E08",
        "name": "Ma Li",
        "role": "agent",
        "active_from": "2026-01-05",
    }


def test_long_texts_of_a_new_row_have_lines_of_their_own(small_book, now):
    """A cell takes 50,000 characters, and three long texts would be too much for one line."""
    longs = {"need": "n" * 30_000, "resolution": "r" * 30_000, "csat_comment": "c" * 20_000}
    row = {"opened_at": now, "channel": "email", "requester": "R", "category": "PRE", "subject": "S", **longs}
    saved = small_book.save([Change("tickets", row)], who="E01", source="intake", now=now)
    lines = lines_of(small_book, saved.save).set_index("field")["new"]
    assert {name: lines[name] for name in longs} == longs
    assert json.loads(lines["*"])["subject"] == "S"


def test_the_journal_replayed_gives_the_sheet(small_book, now):
    """Every value of every row that came by saves follows from the lines, in their order."""
    save = small_book.save
    save([Change("people", {"id": "E09", "name": "A", "role": "agent"})], who="E01", source="t", now=now)
    save([Change("people", {"name": "B", "department": "Sales"}, id="E09")], who="E01", source="t", now=now)
    save([Change("people", {"department": None, "role": "lead"}, id="E09")], who="E01", source="t", now=now)
    snapshot = small_book.load("journal", "people")
    state: dict[str, str] = {}
    for line in snapshot["journal"].fillna("").to_dict("records"):
        if line["row_id"] == "E09":
            state |= json.loads(line["new"]) if line["field"] == "*" else {line["field"]: line["new"]}
    row = snapshot["people"].set_index("id", drop=False).loc["E09"].dropna()
    kept = {name: value for name, value in row.items() if name not in _kept()}
    assert {name: text for name, text in state.items() if text} == kept


def _kept():
    """Return the columns that the book fills."""
    return {"created_at", "created_by", "updated_at", "updated_by", "version"}
