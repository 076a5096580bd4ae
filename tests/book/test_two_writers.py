"""Several writers at once: every save arrives, none writes over another."""

import threading
from collections import Counter

from sheets_schema.book import Change, open_book
from sheets_schema.errors import Conflict

WRITERS, TIMES = 6, 8


def together(work):
    """Run a function in several threads that start as one; return what went wrong."""
    wrong: list[BaseException] = []
    begin = threading.Barrier(WRITERS)

    def run(number):
        begin.wait()
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_rows_of_several_writers_all_arrive(small_book, now):
    """6 writers add 8 rows each, each through a book of its own: 48 rows, 48 ids, none over another."""
    books = [open_book(small_book.address) for _ in range(WRITERS)]

    def work(number):
        for time in range(TIMES):
            event = {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": f"{number}-{time}"}
            books[number].save([Change("ticket_events", event)], who=f"W{number}", source="test", now=now)

    assert together(work) == []
    events = small_book.load("ticket_events")["ticket_events"]
    assert sorted(events["text"]) == sorted(f"{w}-{t}" for w in range(WRITERS) for t in range(TIMES))
    assert events["id"].is_unique


def test_writers_of_one_row_lose_no_version(small_book, now):
    """Each changes a field of its own in one row: all values arrive, and each version is one save."""
    fields = ("subject", "need", "organisation", "requester", "resolution", "csat_comment")
    books = [open_book(small_book.address) for _ in range(WRITERS)]
    saves = Counter()

    def work(number):
        for time in range(TIMES):
            change = Change("tickets", {fields[number]: f"{number}-{time}"}, id="T-1")
            for _attempt in range(50):
                try:
                    books[number].save([change], who=f"W{number}", source="test", now=now)
                except Conflict as error:
                    assert error.said_by == "book.busy"
                else:
                    saves[number] += 1
                    break

    assert together(work) == []
    snapshot = small_book.load("tickets", "journal")
    row = snapshot["tickets"].set_index("id").loc["T-1"]
    assert [row[name] for name in fields] == [f"{number}-{TIMES - 1}" for number in range(WRITERS)]
    assert row["version"] == 1 + WRITERS * TIMES == 1 + saves.total()
    lines = snapshot["journal"]
    own = lines[lines["row_id"].eq("T-1") & lines["field"].isin(fields)]
    for name in fields:
        chain = own[own["field"] == name]
        assert chain["old"].iloc[1:].tolist() == chain["new"].iloc[:-1].tolist()


def test_of_two_who_change_one_field_at_once_one_is_told(small_book, now):
    """Both saw the same subject; one passes, the other sees what the first has written."""
    other = open_book(small_book.address)
    seen = {"subject": "Subject 2"}
    told: list[Conflict] = []

    def work(number):
        book = small_book if number % 2 else other
        if number > 1:
            return
        change = Change("tickets", {"subject": f"from {number}"}, id="T-2", before=seen)
        try:
            book.save([change], who=f"W{number}", source="test", now=now)
        except Conflict as error:
            told.append(error)

    assert together(work) == []
    (conflict,) = told
    kept = small_book.load("tickets")["tickets"].set_index("id").loc["T-2", "subject"]
    assert conflict.facts["theirs"] == kept
    assert {kept, conflict.facts["yours"]} == {"from 0", "from 1"}
