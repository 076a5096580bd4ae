"""Whatever happens to a spreadsheet, its formulas show what they would show if all were computed anew."""

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from local_sheets import api_books, api_values
from local_sheets.a1 import Box
from local_sheets.batch import batch_update
from local_sheets.errors import ApiError, Json
from local_sheets.store import Book, Store
from local_sheets.store.row import ERROR, FORMULA, SPILLED

pytest.importorskip("formualizer")

ROWS, COLUMNS = 9, 5
FORMULAS = [
    "=SUM(A1:A8)", "=A1+B2", "=SUM(A:A)-SUM(A:A)+C3", '=COUNTIF(B:B,"x")', '=IF(A2>3,"big",A3)',
    "=Other!A1*2", "=SUM(Other!A:B)", "=UNIQUE(B1:B6)", "=ARRAYFORMULA(A1:A4*10)",
    '=VLOOKUP("x",B1:C8,2,FALSE)', "=total+1", "=ROW()", "=A1:A9", "=1/A1", "=FILTER(A1:B5,A1:A5>2)",
    "=Other!C2", '=B3&"-"&A4', "=TRANSPOSE(A1:A3)", "=IFERROR(D2/0,D3)", "=COUNTA(D1:F9)",
    "=SORT(A1:A5,1,TRUE)", "=INDEX(A:C,3,2)", "=D1", "=E2+1", "=COUNTA(D2:D9)", "=D3", "=D2:D4",
    '=SPLIT(B1&",z",",")',
]  # fmt: skip
START = [
    *(("put", 0, (row, 0), row) for row in range(5)),
    *(("put", 0, (row, 1), text) for row, text in enumerate(["x", "y", "z", "x"])),
    ("put", 0, (0, 3), "=UNIQUE(B1:B6)"),
    ("put", 0, (8, 3), "=COUNTA(D1:D8)"),
    ("put", 1, (0, 0), "=SUM(Main!A:A)"),
    ("put", 1, (1, 1), "=Main!D3"),
]
cell = some.tuples(some.integers(0, ROWS - 1), some.integers(0, COLUMNS - 1))
value = some.one_of(
    some.integers(0, 9), some.sampled_from(["x", "y", "", "TRUE"]), some.sampled_from(FORMULAS)
)
line = some.integers(0, ROWS - 1)
side = some.sampled_from(["ROWS", "COLUMNS"])
sheet = some.sampled_from([0, 1])
single = some.one_of(
    some.tuples(some.just("put"), sheet, cell, value),
    some.tuples(some.just("put"), sheet, cell, value),
    some.tuples(some.just("put"), sheet, some.tuples(line, some.integers(0, COLUMNS + 1)), value),
    some.tuples(some.just("insert"), sheet, side, line, some.integers(1, 2)),
    some.tuples(some.just("delete"), sheet, side, line),
    some.tuples(some.just("move"), sheet, side, line, line),
    some.tuples(some.just("sort"), sheet, some.integers(0, 1)),
    some.tuples(some.just("copy"), sheet, cell, cell),
    some.tuples(some.just("cut"), sheet, cell, sheet, cell),
    some.tuples(some.just("rename"), some.sampled_from(["Other", "Else where", "Third"])),
    some.tuples(some.just("name"), cell),
    some.tuples(some.just("clear"), sheet, line),
)
change = some.one_of(
    single,
    single,
    some.tuples(some.just("together"), some.lists(single, min_size=2, max_size=4)),
    some.tuples(some.just("restart")),
    some.tuples(some.just("fail"), cell, value),
)


def request(book: Book, change: tuple[Any, ...]) -> Json:
    """Return a change as a request of batchUpdate."""
    kind, number = change[0], book.sheets[change[1]].id if isinstance(change[1], int) else 0

    def grid(place: tuple[int, int], down: int = 1, right: int = 1) -> Json:
        return {"sheetId": number, "startRowIndex": place[0], "endRowIndex": place[0] + down,
                "startColumnIndex": place[1], "endColumnIndex": place[1] + right}  # fmt: skip

    def lines(start: int, count: int = 1) -> Json:
        return {"sheetId": number, "dimension": change[2], "startIndex": start, "endIndex": start + count}

    def corner(place: tuple[int, int]) -> Json:
        return {"sheetId": book.sheets[change[3]].id, "rowIndex": place[0], "columnIndex": place[1]}

    makers: dict[str, Callable[[], Json]] = {
        "insert": lambda: {"insertDimension": {"range": lines(change[3], change[4])}},
        "delete": lambda: {"deleteDimension": {"range": lines(change[3])}},
        "move": lambda: {"moveDimension": {"source": lines(change[3]), "destinationIndex": change[4]}},
        "sort": lambda: {
            "sortRange": {"range": {"sheetId": number}, "sortSpecs": [{"dimensionIndex": change[2]}]}
        },
        "copy": lambda: {"copyPaste": {"source": grid(change[2], 2, 1), "destination": grid(change[3])}},
        "cut": lambda: {"cutPaste": {"source": grid(change[2]), "destination": corner(change[4])}},
        "rename": lambda: {
            "updateSheetProperties": {
                "properties": {"sheetId": book.sheets[1].id, "title": change[1]}, "fields": "title"}
        },
        "name": lambda: {
            "updateNamedRange": {
                "namedRange": {"namedRangeId": "n", "name": "total", "range": grid(change[1])},
                "fields": "range",
            }
        },
    }  # fmt: skip
    return makers[kind]()


class Desk:
    """A store with one spreadsheet of two sheets."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.sqlite"
        self.store = Store(self.path)
        self.key = self.store.wait(self._make)

    @staticmethod
    def _make(store: Store) -> str:
        """Make the spreadsheet."""
        small = {"rowCount": ROWS, "columnCount": COLUMNS}
        sheets = [{"properties": {"title": t, "gridProperties": dict(small)}} for t in ("Main", "Other")]
        with store.writing():
            place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0}
            named = {"namedRangeId": "n", "name": "total", "range": place | {"endColumnIndex": 1}}
            book = api_books.create(store, {"sheets": sheets, "namedRanges": [named]})
        return book.id

    def do(self, change: tuple[Any, ...]) -> None:
        """Make one change; what the server refuses is left."""
        if change[0] == "restart":
            self.store.close()
            self.store = Store(self.path)
            return

        def work(store: Store) -> None:
            book = store.book(self.key)
            try:
                with store.writing(book):
                    self._apply(book, change)
            except ApiError:
                pass

        self.store.wait(work)

    @staticmethod
    def _apply(book: Book, change: tuple[Any, ...]) -> None:
        """Make one change inside a transaction."""
        if change[0] in ("put", "fail"):
            number, (row, column), text = change[1:] if change[0] == "put" else (0, *change[1:])
            api_values.write(book, book.sheets[number], row, column, [[text]], "USER_ENTERED", {})
            if change[0] == "fail":
                book.recalculate()
                raise ApiError("never mind")
        elif change[0] == "together":
            for one in change[1]:
                Desk._apply(book, one)
        elif change[0] == "clear":
            found = book.sheets[change[1]]
            if change[2] < found.rows:
                api_values.clear(book, found, Box(change[2], change[2] + 1, 0, found.columns))
        else:
            made = request(book, change)
            batch_update(book, {"requests": [made]}, "")

    def shown(self) -> list[list[list[tuple[Any, ...]]]]:
        """Return every cell of every sheet: value, formula, error, whether it is part of an array."""

        def work(store: Store) -> list[list[list[tuple[Any, ...]]]]:
            return [
                [
                    [
                        (type(row.get(c)), row.get(c), row.extra(FORMULA, c), row.extra(ERROR, c),
                         row.extra(SPILLED, c))
                        for c in range(row.width())
                    ]
                    for row in one.lines.rows(0, len(one.lines))
                ]
                for one in store.book(self.key).sheets
            ]  # fmt: skip

        return self.store.wait(work)

    def compute_anew(self) -> None:
        """Compute everything again with a new engine, then go on with the old one."""

        def work(store: Store) -> None:
            book = store.book(self.key)
            old, book.engine = book.engine, None
            with store.writing(book):
                book.touch()
            book.engine = old

        self.store.wait(work)


@settings(max_examples=60)
@given(some.lists(change, min_size=1, max_size=14))
@example([("insert", 0, "COLUMNS", 0, 1), ("sort", 1, 1), ("clear", 0, 1)])  # nothing reads the sorted sheet
@example(  # a column that no formula knows moves before those that some know
    [
        ("delete", 0, "ROWS", 0),
        ("move", 0, "COLUMNS", 3, 0),
        ("put", 0, (0, 2), "=SUM(A1:A8)"),
        ("move", 0, "COLUMNS", 3, 0),
    ]
)
@example(  # a formula is overwritten in the transaction in which its row moved
    [("put", 0, (0, 4), "=D9+0"), ("together", [("insert", 0, "ROWS", 0, 1), ("put", 0, (9, 3), 50)])]
)
@example([("clear", 0, 4), ("put", 0, (3, 2), "=FILTER(A1:B5,A1:A5>2)")])  # another array makes room
@example(  # an array reaches into what it reads, and no longer
    [
        ("put", 0, (0, 3), 1),
        ("put", 0, (0, 2), "=FILTER(D1:E3,D1:D3>2)"),
        ("put", 0, (1, 3), 5),
        ("put", 0, (1, 3), 1),
    ]
)
@example([("put", 0, (0, 1), "=COUNTA(D1:F9)"), ("put", 0, (0, 5), 0)])  # the sheet becomes wider
@example([("put", 0, (8, 0), "=COUNTA(D1:F9)"), ("put", 0, (0, 4), "=TRANSPOSE(A1:A3)")])  # by an array
def test_results_are_those_of_a_fresh_computation(changes: list[tuple[Any, ...]]) -> None:
    """Step by step, each cell is what an engine that starts from the rows would make of it."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        try:
            for one in START:
                desk.do(one)
            for one in changes:
                desk.do(one)
                before = desk.shown()
                desk.compute_anew()
                assert desk.shown() == before, one
        finally:
            desk.store.close()


def test_a_long_life(tmp_path: Path) -> None:
    """400 changes with one engine, compared at the end and now and then."""
    dice = random.Random(5)
    desk = Desk(tmp_path)
    for one in START:
        desk.do(one)
    for number in range(400):
        place = (dice.randrange(ROWS), dice.randrange(COLUMNS))
        text = dice.choice([dice.randrange(9), "x", "", dice.choice(FORMULAS)])
        kind = dice.random()
        if kind < 0.8:
            desk.do(("put", dice.randrange(2), place, text))
        elif kind < 0.9:
            desk.do(("insert", dice.randrange(2), "ROWS", place[0], 1))
        else:
            desk.do(("delete", dice.randrange(2), "ROWS", place[0]))
        if number % 10 == 9:
            before = desk.shown()
            desk.compute_anew()
            assert desk.shown() == before, number
    desk.store.close()
