"""The store: order under inserts, what survives a kill, what a bad file does."""

import random
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from local_sheets import Store, StoreError, api_books, api_values, places
from local_sheets.errors import ApiError
from local_sheets.requests.dimensions import open_rows, remove
from local_sheets.store import Book


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """Return an open store."""
    store = Store(tmp_path / "book.sqlite")
    yield store
    store.close()


def new_book(store: Store, rows: int = 10) -> Book:
    """Return a spreadsheet whose first column counts from 0."""

    def work(store: Store) -> Book:
        with store.writing():
            book = api_books.create(store, {})
            values = [[str(n)] for n in range(rows)]
            api_values.update(book, "Sheet1!A1", {"values": values}, "RAW", {})
            return book

    return store.wait(work)


def column(store: Store, key: str) -> list[str]:
    """Return the first column as the store reads it."""

    def work(store: Store) -> list[str]:
        book = store.book(key)
        sheet, box = places.box(book, "Sheet1!A:A")
        return ["".join(row) for row in api_values.read(book, sheet, box, "UNFORMATTED_VALUE", "")]

    return store.wait(work)


def put(store: Store, book: Book, index: int, text: str) -> None:
    """Open a row before *index* and write into it."""

    def work(store: Store) -> None:
        with store.writing(book):
            open_rows(book, book.sheets[0], index, 1)
            row = [[text]]
            api_values.update(book, f"Sheet1!A{index + 1}", {"values": row}, "RAW", {})

    store.wait(work)


def test_two_hundred_inserts_at_one_spot_stay_in_order(store: Store) -> None:
    """The gap of 2**20 is used up after 20 inserts; rows around it are renumbered, none is lost."""
    book, expected = new_book(store), [str(n) for n in range(10)]
    for number in range(200):
        put(store, book, 5, f"i{number}")
        expected.insert(5, f"i{number}")

    assert column(store, book.id) == expected
    store.wait(lambda store: store._books.clear())
    assert column(store, book.id) == expected


def test_random_inserts_deletes_and_moves_agree_with_a_list(store: Store) -> None:
    """300 random changes; the file, read anew, says what a plain list says."""
    book, expected, dice = new_book(store, 40), [str(n) for n in range(40)], random.Random(7)
    for number in range(300):
        index = dice.randrange(len(expected) - 2)
        if dice.random() < 0.6 or len(expected) < 10:
            put(store, book, index, f"r{number}")
            expected.insert(index, f"r{number}")
        else:

            def work(store: Store, index: int = index) -> None:
                with store.writing(book):
                    remove(book, book.sheets[0], "ROWS", index, index + 2)

            store.wait(work)
            del expected[index : index + 2]
    store.wait(lambda s: s._books.clear())

    assert column(store, book.id) == expected


def test_a_row_keeps_its_key_when_rows_move(store: Store) -> None:
    """Whoever addresses a row by its key finds it after an insert above."""
    book = new_book(store)
    key = book.sheets[0].lines.keys[7]
    put(store, book, 2, "new")

    assert book.sheets[0].lines.keys[8] == key


def test_a_failed_change_leaves_file_and_memory_as_they_were(store: Store) -> None:
    """The memory of the order is dropped with the transaction."""
    book = new_book(store)

    def work(store: Store) -> None:
        with store.writing(book):
            open_rows(book, book.sheets[0], 3, 5)
            raise KeyError

    with pytest.raises(KeyError):
        store.wait(work)
    assert column(store, book.id) == [str(n) for n in range(10)]


def test_every_acknowledged_write_survives_a_kill(start: Any, tmp_path: Path) -> None:
    """Kill -9 in mid-stream: what was answered is there, nothing is half there, the file is whole."""
    data = tmp_path / "killed.sqlite"
    server = start(data=data)
    book = server.call("POST", "/v4/spreadsheets", {}).json()["spreadsheetId"]
    path = f"/v4/spreadsheets/{book}/values/Sheet1:append?valueInputOption=RAW"
    acknowledged: list[int] = []

    def stream() -> None:
        number = 0
        while True:
            try:
                answer = server.call("POST", path, {"values": [[number, number * 2, "x" * 50]]})
            except requests.RequestException:
                return
            if answer.ok:
                acknowledged.append(number)
            number += 1

    thread = threading.Thread(target=stream)
    thread.start()
    while len(acknowledged) < 150 and thread.is_alive():
        pass
    server.kill()
    thread.join()

    assert sqlite3.connect(data).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again = start(data=data)
    query = "valueRenderOption=UNFORMATTED_VALUE"
    rows = again.call("GET", f"/v4/spreadsheets/{book}/values/Sheet1?{query}").json()["values"]
    assert [row[0] for row in rows][: len(acknowledged)] == acknowledged
    assert all(row[1] == row[0] * 2 for row in rows)
    assert len(rows) - len(acknowledged) <= 1


def test_a_full_disk_is_said_and_loses_nothing(store: Store) -> None:
    """The write is refused whole; what was there can be read, and smaller writes go on later."""
    book = new_book(store)

    def pages(store: Store, limit: int) -> None:
        store.database.execute(f"PRAGMA max_page_count = {limit}")

    def fill(store: Store) -> None:
        with store.writing(book):
            rows = [["x" * 1000] for _row in range(3000)]
            api_values.update(book, "Sheet1!A1", {"values": rows}, "RAW", {})

    used = store.wait(lambda store: store.database.execute("PRAGMA page_count").fetchone()[0])
    store.wait(lambda store: pages(store, used + 2))
    with pytest.raises(ApiError, match="disk is full; nothing was saved"):
        store.wait(fill)
    assert column(store, book.id) == [str(n) for n in range(10)]
    store.wait(lambda store: pages(store, 1_000_000))
    put(store, store.wait(lambda store: store.book(book.id)), 3, "new")
    assert len(column(store, book.id)) == 11


def test_not_a_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    """One sentence; the file is not touched."""
    path = tmp_path / "notes.sqlite"
    path.write_text("my notes, " * 200)
    with pytest.raises(StoreError, match="is not a workbook"):
        Store(path)
    assert path.read_text() == "my notes, " * 200


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """Its tables are not ours to write to."""
    path = tmp_path / "other.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Store(path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Pages overwritten in the middle are found at the start, before anything is written."""
    path = tmp_path / "book.sqlite"
    store = Store(path)
    new_book(store, 5000)
    store.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Store(path)
    assert path.read_bytes() == bytes(content)
