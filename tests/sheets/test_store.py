"""The store: order under inserts, what survives a kill, what a bad file does."""

from pathlib import Path
from typing import Any

import pytest

from local_sheets import Store, api_books, api_values, places
from local_sheets.errors import ApiError
from local_sheets.requests.dimensions import open_rows
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
