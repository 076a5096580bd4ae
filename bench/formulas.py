"""What formulas cost a large workbook: 10 formulas over 100,000 x 20, one cell edited again and again.

python bench/formulas.py [rows]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from local_sheets import api_books, api_values
from local_sheets.batch import batch_update
from local_sheets.store import Store
from local_sheets.store.lines import Row

COLUMNS = 20
FORMULAS = [
    "=SUM(Data!C:C)",
    '=COUNTIF(Data!D:D,"open")',
    '=SUMIFS(Data!C:C,Data!D:D,"open",Data!B:B,"name7")',
    "=AVERAGE(Data!E2:E)",
    '=VLOOKUP("name49",Data!B:C,2,FALSE)',
    "=MAX(Data!C:C)",
    "=COUNTA(Data!B:B)",
    '=COUNTIFS(Data!C:C,">5",Data!E:E,"<1000")',
    "=A1/A2",
    '=IF(A1>100,"much","little")',
]


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "book.sqlite")
        key = store.wait(lambda s: _make(s, count))
        print(f"{count:,} x {COLUMNS} cells, {len(FORMULAS)} formulas")
        plain = _edits(store, key, count)
        print(f"one cell edited, no formulas in the workbook:     {plain:8.2f} ms (median of 50)")
        print(f"first write of the formulas (builds the engine):  {_formulas(store, key):8.0f} ms")
        print(f"one cell edited, with formulas:                   {_edits(store, key, count):8.2f} ms")
        print(f"row appended (values.append):                     {_appends(store, key):8.2f} ms")
        print(f"row inserted in the middle (median of 5):         {_inserts(store, key, count):8.0f} ms")
        store.close()
        store = Store(Path(folder) / "book.sqlite")
        start = time.perf_counter()
        _write(store, key, "Data!C5", [[1]])
        took = 1000 * (time.perf_counter() - start)
        print(f"first write after a start (reads, builds):        {took:8.0f} ms")
        store.close()


def _make(store: Store, count: int) -> str:
    """Make the workbook."""
    with store.writing():
        size = {"rowCount": count + 1000, "columnCount": COLUMNS}
        data = {"title": "Data", "gridProperties": size}
        about = {"sheets": [{"properties": {"title": "Summary"}}, {"properties": data}]}
        book = api_books.create(store, about)
        rows = [
            Row(0, [f"id{n}", f"name{n % 50}", n % 97, "open" if n % 3 else "done", n * 1.5,
                    *(f"text {n} {column}" for column in range(COLUMNS - 5))])
            for n in range(count)
        ]  # fmt: skip
        book.sheets[1].lines.extend(rows)
    return book.id


def _write(store: Store, key: str, address: str, values: list[list[Any]]) -> None:
    """Write values as typed."""

    def work(inside: Store) -> None:
        book = inside.book(key)
        with inside.writing(book):
            api_values.update(book, address, {"values": values}, "USER_ENTERED", {})

    store.wait(work)


def _median(times: list[float]) -> float:
    """Return the median in milliseconds."""
    return statistics.median(times) * 1000


def _edits(store: Store, key: str, count: int) -> float:
    """Edit one cell of a column that formulas read, 50 times."""
    times = []
    for n in range(50):
        start = time.perf_counter()
        _write(store, key, f"Data!C{(n * 7919) % count + 2}", [[n + 1000]])
        times.append(time.perf_counter() - start)
    return _median(times)


def _formulas(store: Store, key: str) -> float:
    """Write the formulas."""
    start = time.perf_counter()
    _write(store, key, "Summary!A1", [[text] for text in FORMULAS])
    return 1000 * (time.perf_counter() - start)


def _appends(store: Store, key: str) -> float:
    """Append rows."""
    times = []
    for n in range(20):

        def work(inside: Store, n: int = n) -> None:
            book = inside.book(key)
            with inside.writing(book):
                api_values.append(book, "Data!A1", {"values": [[f"new{n}", "name7", n]]}, "USER_ENTERED", {})

        start = time.perf_counter()
        store.wait(work)
        times.append(time.perf_counter() - start)
    return _median(times)


def _inserts(store: Store, key: str, count: int) -> float:
    """Insert rows in the middle."""
    times = []
    for _n in range(5):

        def work(inside: Store) -> None:
            book = inside.book(key)
            place = {"sheetId": book.sheets[1].id, "dimension": "ROWS", "startIndex": count // 2}
            with inside.writing(book):
                request = {"insertDimension": {"range": place | {"endIndex": count // 2 + 1}}}
                batch_update(book, {"requests": [request]}, "")

        start = time.perf_counter()
        store.wait(work)
        times.append(time.perf_counter() - start)
    return _median(times)


if __name__ == "__main__":
    main()
