"""The order of rows: whatever is inserted, moved and deleted, memory, file and a plain list agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_sheets import Store, api_books, api_values
from local_sheets.batch import batch_update
from local_sheets.store import Book


class Desk:
    """A sheet in a file, and the plain list that it must agree with."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        self.store = Store(path)
        self.expected: list[str] = []
        self.keys: dict[str, int] = {}
        self.written = 0

        def work(store: Store) -> str:
            with store.writing():
                return api_books.create(store, {}).id

        self.id = self.store.wait(work)
        self.append(rows)

    def change(self, *requests: dict[str, object]) -> None:
        """Apply requests in one transaction."""

        def work(store: Store) -> None:
            book = store.book(self.id)
            with store.writing(book):
                batch_update(book, {"requests": list(requests)}, "")

        self.store.wait(work)

    def text(self) -> str:
        """Return a text that no row has yet."""
        self.written += 1
        return f"row {self.written}"

    def append(self, count: int) -> None:
        """Append rows through values.append."""
        texts = [self.text() for _ in range(count)]

        def work(store: Store) -> None:
            book = store.book(self.id)
            with store.writing(book):
                api_values.append(book, "Sheet1", {"values": [[text] for text in texts]}, "RAW", {})

        self.store.wait(work)
        self.expected += texts

    def insert(self, index: int, count: int = 1) -> None:
        """Open rows before *index* and write into them, in one batch."""
        texts = [self.text() for _ in range(count)]
        rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in texts]
        start = {"sheetId": 0, "rowIndex": index, "columnIndex": 0}
        self.change(
            {"insertDimension": {"range": side(index, index + count)}},
            {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}},
        )
        self.expected[index:index] = texts

    def delete(self, start: int, end: int) -> None:
        """Take rows away."""
        self.change({"deleteDimension": {"range": side(start, end)}})
        del self.expected[start:end]

    def move(self, start: int, end: int, target: int) -> None:
        """Move rows before row *target*."""
        self.change({"moveDimension": {"source": side(start, end), "destinationIndex": target}})
        if not start <= target <= end:
            moved = self.expected[start:end]
            rest = [*self.expected[:start], *[""] * (end - start), *self.expected[end:]]
            rest[target:target] = moved
            self.expected = [text for text in rest if text]

    def check(self) -> None:
        """Compare memory, file and list; every row has kept the key it was given."""
        keys, positions, texts = self.store.wait(lambda store: in_memory(store.book(self.id)))
        assert texts == self.expected
        assert len(set(keys)) == len(keys)
        assert all(before < after for before, after in pairwise(positions))
        for text, key in zip(texts, keys, strict=True):
            assert self.keys.setdefault(text, key) == key
        assert len(set(self.keys.values())) == len(self.keys), "a key was given twice"

    def reopen(self) -> None:
        """Close the file and open it again."""
        self.store.close()
        self.store = Store(self.path)


def side(start: int, end: int) -> dict[str, object]:
    """Return a DimensionRange of rows."""
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def in_memory(book: Book) -> tuple[list[int], list[int], list[str]]:
    """Return keys, positions and texts of the first sheet."""
    lines = book.sheets[0].lines
    texts = [str(row.get(0)) for row in lines.rows(0, len(lines))]
    return list(lines.keys), list(lines.positions), texts


@contextmanager
def desk(rows: int = 10) -> Iterator[Desk]:
    """Open a sheet of so many rows in a file of its own."""
    with TemporaryDirectory() as folder:
        made = Desk(Path(folder, "order.sqlite"), rows)
        try:
            yield made
            made.check()
            made.reopen()
            made.check()
        finally:
            made.store.close()


def test_20_inserts_at_one_spot() -> None:
    """The gap between two rows is 2**20: the twentieth insert used it up in an earlier sketch."""
    with desk() as book:
        for _ in range(20):
            book.insert(5)
            book.check()


@pytest.mark.parametrize("spot", ["one spot", "top", "end", "in turn"])
def test_2000_inserts(spot: str) -> None:
    """Wherever rows are opened, for as long as one likes."""
    with desk() as book:
        for number in range(2000):
            turn = {"one spot": 0, "top": 1, "end": 2}.get(spot, number % 3)
            book.insert((5, 0, len(book.expected))[turn])


def test_many_rows_in_a_gap_of_one() -> None:
    """A block of 500 rows goes where a single one has no room left."""
    with desk(3) as book:
        for number in range(25):
            book.insert(1 + number % 2, 1)
        book.insert(2, 500)
        book.insert(2, 1)


KINDS = st.sampled_from(["insert", "spot", "append", "delete", "move"])
STEPS = st.lists(st.tuples(KINDS, st.floats(0, 1), st.floats(0, 1), st.integers(1, 6)), max_size=40)


@settings(max_examples=60)
@given(STEPS)
def test_any_sequence_of_changes_agrees_with_a_list(steps: list[tuple[str, float, float, int]]) -> None:
    """Insert, append, delete and move in any order; then the file is opened again."""
    with desk() as book:
        for kind, one, other, count in steps:
            size = len(book.expected)
            index = int(one * size)
            if kind == "insert":
                book.insert(index, count)
            elif kind == "spot":
                for _ in range(25):
                    book.insert(min(3, size))
            elif kind == "append":
                book.append(count)
            elif kind == "delete" and size:
                start = min(index, size - 1)
                book.delete(start, min(start + count, size))
            elif kind == "move" and size:
                start = min(index, size - 1)
                book.move(start, min(start + count, size), int(other * size))
            book.check()
