"""The journal moves its oldest months to sheets of their own: no line is lost, doubled or read in vain."""

import sqlite3
import threading
from contextlib import closing, suppress

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sheets_schema.book import Change, open_book
from sheets_schema.book.client import Patience
from sheets_schema.book.history.archive import archives, roll_over
from sheets_schema.errors import BookError

START = pd.Timestamp("2026-11-30 01:00", tz="UTC")
WEEK = pd.Timedelta(days=7)
LIMIT = 100
TOKEN = "test-token"


def twin(book):
    """Return another process's book of the same workbook."""
    return open_book(book.address.removesuffix("/edit"))


def save(book, number, **rest):
    """Save a change in week *number*."""
    changed = Change("tickets", {"subject": f"Subject at {number}", "csat_comment": f"c{number}"}, id="T-1")
    return book.save([changed], who="E02", source="tickets", now=START + number * WEEK, **rest).save


def set_limit(book):
    """Let the journal have few lines."""
    book.save(
        [Change("settings", {"id": "journal_lines", "value": str(LIMIT)})], who="E01", source="t", now=START
    )


@pytest.fixture
def long_book(small_laid_out, small_book):
    """Return a book with ninety lines of the journal, of ten weeks."""
    set_limit(small_book)
    people = [Change("people", {"id": f"P{number:02}", "name": "A", "role": "agent"}) for number in range(80)]
    for start in range(0, 80, 8):
        at = START + (start // 8) * WEEK
        small_book.save(people[start : start + 8], who="E01", source="people", now=at)
    small_book.file = small_laid_out.file
    return small_book


def titles(book):
    """Return the titles of the archives, as another client sees them."""
    return [each.title for each in archives([sheet.title for sheet in book.workbook.worksheets()])]


def ids(book, *names):
    """Return the ids of the lines that stand in sheets, in their order."""
    table = book.tables["journal"]
    place = table.names.index("id")
    values = book.read([f"'{name}'" for name in names])
    return [row[place] for sheet in values for row in sheet[1:] if len(row) > place and row[place]]


def test_whoever_saves_the_line_too_many_moves_the_oldest_months(long_book, calls):
    """Full months, the oldest, until half of the limit is left; the lines are in one sheet each, in order."""
    number = 10
    before = ids(long_book, "journal")
    while not titles(long_book):
        save(long_book, number)
        number += 1
        assert number < 60
    (title,) = titles(long_book)
    kept, moved = ids(long_book, "journal"), ids(long_book, title)
    assert len(moved) + len(kept) > LIMIT
    assert [*moved, *kept][: len(before)] == before
    assert len(set(moved + kept)) == len(moved) + len(kept)
    assert len(kept) <= LIMIT // 2
    lines = long_book.load("journal")["journal"]
    ends = pd.Timestamp(title.removeprefix("journal_until_")).tz_localize("Asia/Shanghai") + pd.Timedelta(
        days=1
    )
    assert ends.day == 1
    assert lines["at"].min() >= ends
    counted = calls(long_book)
    save(long_book, number)
    assert counted.sent == ["GET values:batchGet", "POST :batchUpdate"]


def test_a_page_reads_no_archive_and_the_past_reads_those_that_it_needs(long_book, calls):
    """A moment of today looks into none; one before an archive's end into it."""
    save(long_book, 9)
    early = long_book.load("tickets", "people")
    for number in range(10, 20):
        save(long_book, number)
    assert titles(long_book)
    book = twin(long_book)
    book.load("tickets", "people", "journal")
    save(long_book, 20)
    counted = calls(book)
    book.load("tickets", "people", "journal")
    assert counted.sent == ["GET files", "GET values:batchGet"]
    counted.sent.clear()
    book.as_of(START + 20 * WEEK, "tickets")
    assert counted.sent.count("GET values:batchGet") <= 1
    past = book.as_of(START + 9 * WEEK, "tickets", "people")
    assert past.unknown.empty
    for name in ("tickets", "people"):
        assert_frame_equal(past[name], early[name].reset_index(drop=True))
    told = book.timeline("tickets", "T-1").query("field == 'subject'")["new"]
    assert told.tolist() == ["Subject 1", *(f"Subject at {number}" for number in range(9, 21))]


def test_a_save_in_an_archive_is_undone(long_book):
    """Its lines are looked for in the archives, the newest first."""
    journal = long_book.load("journal")["journal"]
    first = journal.loc[journal["row_id"] == "P00", "save"].item()
    for number in range(10, 20):
        save(long_book, number)
    assert first not in set(long_book.load("journal")["journal"]["save"])
    undone = long_book.undo(first, who="E01", source="people", now=START + 20 * WEEK)
    assert len(undone.rows) == 8
    assert not undone.left


def test_two_who_do_it_at_once_move_the_lines_once(long_book):
    """Both have read the journal before either writes; others append in the same instant."""
    long_book.limit = 10_000
    for number in range(10, 14):
        save(long_book, number)
    books = [twin(long_book) for _ in range(2)]
    for book in books:
        book.load("tickets", "journal")
        book.limit = 60
    before = ids(long_book, "journal")
    barrier = threading.Barrier(2)
    for book in books:
        write = book.write

        def together(*args, write=write, **rest):
            barrier.wait(20)
            return write(*args, **rest)

        book.write = together
    done = []
    threads = [
        threading.Thread(target=lambda book=book: done.append(_rolled(book, START + 14 * WEEK)))
        for book in books
    ]
    for thread in threads:
        thread.start()
    for number in range(14, 17):
        save(long_book, number)
    for thread in threads:
        thread.join()
    (title,) = titles(long_book)
    assert sorted(done, key=str) == [None, title]
    all_of_them = ids(long_book, title, "journal")
    assert all_of_them[: len(before)] == before
    assert len(all_of_them) == len(set(all_of_them)) == len(before) + 6


def _rolled(book, now):
    """Roll over; None where the other one was first."""
    try:
        return roll_over(book, now)
    except BookError:
        return None


def test_an_edit_in_the_sheet_is_found_over_the_end_of_the_journal(long_book):
    """What this machine knows ends at a line that has moved to an archive since."""
    long_book.load("people", "tickets")
    early = long_book.load("tickets")["tickets"]
    for number in range(10, 20):
        save(long_book, number)
    sheet = long_book.workbook.worksheet("people")
    sheet.update_cell(sheet.find("P05").row, sheet.find("name").col, "Typed")
    book = twin(long_book)
    lines = book.load("people").edits
    assert [(line.row_id, line.field, line.old, line.new) for line in lines] == [
        ("P05", "name", "A", "Typed")
    ]
    assert len(early)


@pytest.mark.parametrize("fault", ["--cut-after", "--fail-after", "--fail-before"])
def test_an_answer_that_is_lost_moves_the_lines_once(long_book, failing, tmp_path, fault):
    """The server fails after it has done it, or before; the book asks whether it was done."""
    path = tmp_path / "copy.sqlite"
    with (
        closing(sqlite3.connect(long_book.file)) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
    address, _file = failing(path, "--token", TOKEN, fault, "0.5", "--seed", "3")
    book = open_book(f"{address}/spreadsheets/d/{long_book.workbook.id}")
    book.client.quick = Patience(again=12, first=0.01, longest=0.05)
    book.sleep = lambda _seconds: None
    book.load("tickets")
    book.limit = 60
    before = ids(book, "journal")
    with suppress(BookError):
        roll_over(book, START)
    with suppress(BookError):
        roll_over(book, START)
    (title,) = titles(book)
    assert ids(book, title, "journal") == before
