"""Many rows at once: quick, and never one twice."""

import json

import pandas as pd
import pytest

from sheets_schema.book import Change
from sheets_schema.errors import CellFault

PEOPLE = [{"id": f"P{number:04}", "name": f"Person {number}", "role": "agent"} for number in range(250)]


def add(book, records, now, **rest):
    """Add people in chunks of 100."""
    return book.append_many("people", records, who="E01", source="import", now=now, chunk=100, **rest)


def test_a_chunk_is_one_request(book, now, calls):
    """250 rows in chunks of 100: one read, three writes."""
    book.load()
    counted = calls(book)
    assert len(add(book, PEOPLE, now).ids) == 250
    assert counted.sent == ["GET values:batchGet", *["POST :batchUpdate"] * 3]
    assert book.load("people")["people"]["id"].tolist() == [row["id"] for row in PEOPLE]


def test_an_interrupted_import_goes_on_and_doubles_nothing(book, now):
    """The second chunk never comes; begun again, only what is missing is added."""

    def stop(_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(book, PEOPLE, now, progress=stop)
    assert len(book.load("people")["people"]) == 100
    again = add(book, PEOPLE, now)
    assert (len(again.ids), again.skipped) == (150, 100)
    assert book.load("people")["people"]["id"].tolist() == [row["id"] for row in PEOPLE]


def test_an_id_that_comes_twice_is_added_once(book, now):
    """The first of two rows with one id is the one."""
    added = add(book, [PEOPLE[0], {**PEOPLE[0], "name": "Another"}], now)
    assert (added.ids, added.skipped) == (("P0000",), 1)


def test_a_wrong_value_keeps_its_chunk_out(book, now):
    """All of a chunk's faults are named, and none of its rows is written."""
    wrong = [*PEOPLE[:3], {"id": "X1", "name": None, "role": "king"}]
    with pytest.raises(CellFault) as caught:
        add(book, wrong, now)
    assert {fault.facts["name"] for fault in caught.value.facts["faults"]} == {"name", "role"}
    assert len(book.load("people")["people"]) == 0


def test_rows_bring_their_own_history_or_get_one(book, now):
    """The demo's rows were made in the past; an import's are made now."""
    old = now - pd.Timedelta(days=200)
    add(book, [{**PEOPLE[0], "created_at": old, "created_by": "E05"}, PEOPLE[1]], now)
    people = book.load("people")["people"].set_index("id")
    assert people.loc["P0000", ["created_at", "created_by", "version"]].tolist() == [old, "E05", 1]
    assert people.loc["P0001", ["created_at", "created_by", "version"]].tolist() == [now, "E01", 1]


def test_the_journal_has_a_line_for_each_request_with_its_ids(book, now):
    """The values are the rows themselves, until a later line changes them."""
    added = add(book, PEOPLE, now)
    lines = book.load("journal")["journal"]
    assert lines["save"].tolist() == list(added.saves)
    assert [id_ for text in lines["new"] for id_ in json.loads(text)] == list(added.ids)


def test_rows_beyond_the_laid_out_ones_look_like_them(book, now):
    """A day stays a day below the last prepared row, and a save finds rows there."""
    rows = [{**row, "active_from": now.tz_localize(None).normalize()} for row in PEOPLE]
    add(book, rows, now)
    sheet = book.workbook.worksheet("people")
    column = sheet.row_values(1).index("active_from") + 1
    assert sheet.cell(251, column).value == "2026-11-23"
    book.save([Change("people", {"name": "Last"}, id="P0249")], who="E01", source="test", now=now)
    assert book.load("people")["people"].set_index("id").loc["P0249", "name"] == "Last"
