"""Measure the store: `python bench/sheets.py [--rows 100000] [--columns 20]`.

Prints the median, the fastest and the slowest of each call in milliseconds, within the process ("store") and
over HTTP. Ratios travel, milliseconds do not: the first line says how busy the machine was.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from local_sheets import Store, api_books, api_values, places
from local_sheets.batch import batch_update
from local_sheets.store import Book
from local_sheets.web.base import encode

TOKEN: Final = "bench"  # noqa: S105  (of a throw-away server)
READS: Final = 7
WRITES: Final = 300


def main(rows: int, columns: int) -> None:
    """Fill a file, measure it in this process, then behind a server."""
    load = ", ".join(f"{figure:.2f}" for figure in os.getloadavg())
    print(f"{rows:,} x {columns}, load {load} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'milliseconds':34} {'median':>9} {'fastest':>9} {'slowest':>9}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bench.sqlite")
        key = _fill(file, rows, columns)
        _in_process(file, key, rows, columns)
        with _served(file) as address:
            _over_http(address, key, rows, columns)


def _row(number: int, columns: int) -> list[Any]:
    """Return a row as an operations table has it: an id, texts, dates, numbers."""
    cells = [f"T-{number:06}", 46_000 + number % 365, number, number / 7, f"Subject of {number}"]
    return [cells[column % 5] for column in range(columns)]


def _fill(file: Path, rows: int, columns: int) -> str:
    """Make a spreadsheet with *rows* rows; return its id."""
    store = Store(file)

    def work(store: Store) -> str:
        with store.writing():
            grid = {"rowCount": rows + 1000, "columnCount": columns}
            book = api_books.create(store, {"sheets": [{"properties": {"gridProperties": grid}}]})
        for start in range(0, rows, 20_000):
            values = [_row(number, columns) for number in range(start, min(start + 20_000, rows))]
            with store.writing(book):
                api_values.update(book, f"Sheet1!A{start + 1}", {"values": values}, "RAW", {})
        return book.id

    key = store.wait(work)
    store.close()
    return key


def _in_process(file: Path, key: str, rows: int, columns: int) -> None:
    """Measure the store's thread from the request's facts to the encoded bytes."""
    store = Store(file)

    def cold(_number: int) -> None:
        fresh = Store(file)
        fresh.wait(
            lambda store: api_values.read(store.book(key), *places.box(store.book(key), "A1"), *_AS_IS)
        )
        fresh.close()

    def reading(query: dict[str, str], address: str) -> Callable[[int], None]:
        def work(store: Store) -> bytes:
            book = store.book(key)
            text = api_values.get(book, *places.box(book, address), query)
            return encode(api_values.Raw(text)).encode()

        return lambda _number: _ignore(store.wait(work))

    def writing(work: Callable[[Book, int], Any]) -> Callable[[int], None]:
        def whole(store: Store, number: int) -> bytes:
            book = store.book(key)
            with store.writing(book):
                answer = work(book, number)
            return encode(answer).encode()

        return lambda number: _ignore(store.wait(lambda store: whole(store, number)))

    show("store: open a cold file", cold, READS)
    show("store: read all, unformatted", reading({"valueRenderOption": "UNFORMATTED_VALUE"}, "Sheet1"), READS)
    show("store: read all, formatted, first", reading({}, "Sheet1"), 1)
    show("store: read all, formatted, again", reading({}, "Sheet1"), READS)
    show("store: append a row", writing(lambda book, number: _append(book, number, columns)), WRITES)
    show("store: insert a row in the middle", writing(lambda book, _: _insert(book, rows // 2)), WRITES)
    show("store: insert at random", writing(lambda book, number: _insert(book, number * 7919 % rows)), WRITES)
    show(
        "store: batchUpdate of one cell", writing(lambda book, n: batch_update(book, one_cell(n), "")), WRITES
    )
    show("store: sort all", writing(lambda book, number: batch_update(book, sort(number), "")), 3)
    store.close()


_AS_IS = ("UNFORMATTED_VALUE", "SERIAL_NUMBER")


def _ignore(_answer: object) -> None:
    """Drop an answer."""


def _append(book: Book, number: int, columns: int) -> Any:
    """Append a row through values.append."""
    return api_values.append(book, "Sheet1", {"values": [_row(number, columns)]}, "RAW", {})


def _insert(book: Book, index: int) -> Any:
    """Open a row before *index*."""
    return batch_update(book, insert(index), "")


def insert(index: int) -> dict[str, Any]:
    """Return a request that opens a row before *index*."""
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
    return {"requests": [{"insertDimension": {"range": place}}]}


def one_cell(number: int) -> dict[str, Any]:
    """Return a request that writes one cell."""
    rows = [{"values": [{"userEnteredValue": {"numberValue": number}}]}]
    start = {"sheetId": 0, "rowIndex": number * 97 % 5000, "columnIndex": 2}
    return {"requests": [{"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}]}


def sort(number: int) -> dict[str, Any]:
    """Return a request that sorts the sheet, now up, now down."""
    order = "DESCENDING" if number % 2 == 0 else "ASCENDING"
    return {
        "requests": [
            {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": order}]}}
        ]
    }


@contextmanager
def _served(file: Path) -> Iterator[str]:
    """Serve the file in a process of its own."""
    command = [sys.executable, "-m", "local_sheets", "--data", str(file), "--token", TOKEN]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline() if process.stdout else ""
    yield re.findall(r"http://\S+", line)[0]
    process.terminate()
    process.wait(30)


def _over_http(address: str, key: str, rows: int, columns: int) -> None:
    """Measure calls over one kept connection."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))

    def ask(method: str, path: str, body: str | None) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        connection.request(method, f"/v4/spreadsheets/{key}{path}", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(content.decode())

    def get(query: str) -> Callable[[int], None]:
        return lambda _number: ask("GET", f"/values/Sheet1{query}", None)

    def post(path: str, body: Callable[[int], Any]) -> Callable[[int], None]:
        return lambda number: ask("POST", path, json.dumps(body(number)))

    append = "/values/Sheet1:append?valueInputOption=RAW"
    show("HTTP: read all, unformatted", get("?valueRenderOption=UNFORMATTED_VALUE"), READS)
    show("HTTP: append a row", post(append, lambda n: {"values": [_row(n, columns)]}), WRITES)
    show("HTTP: insert a row in the middle", post(":batchUpdate", lambda _: insert(rows // 2)), WRITES)
    show("HTTP: batchUpdate of one cell", post(":batchUpdate", one_cell), WRITES)


def show(name: str, call: Callable[[int], None], times: int) -> None:
    """Call so many times and print how long it took."""
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - begun) * 1000)
    print(f"{name:34} {statistics.median(taken):9.2f} {min(taken):9.2f} {max(taken):9.2f}", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--columns", type=int, default=20)
    main(**vars(options.parse_args()))
