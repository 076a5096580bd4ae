"""The book against other ways into a spreadsheet: `python bench/book.py [--times 3] [--sizes 1000,10000]`.

In one run on one local server that waits 200 ms before each answer: what it costs to load a typed table, to
append and to update rows by id (requests, bytes, the median time and its ratio to ours), and how many rows
are lost or doubled when eight write at once, or when answers are lost. The floor of a load is the same
request, its body parsed by orjson and nothing more. Beside the time on the clock stands that of the processor
in this process, which says more on a busy machine.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import gspread
import gspread_dataframe
import gspread_pandas
import httplib2
import orjson
import pandas as pd
import pygsheets
import requests
from google.oauth2.credentials import Credentials

from local_sheets.running import running
from sheets_schema.book import Book, Change, open_book
from sheets_schema.book.open import reach
from sheets_schema.errors import OpslineError

TOKEN: Final = "bench"  # noqa: S105 - of a throw-away server
LATENCY: Final = 200
TABLE: Final = "ticket_events"
NOW: Final = pd.Timestamp("2026-11-23 01:00", tz="UTC")
SAVED: Final[dict[str, Any]] = {"who": "bench", "source": "bench", "now": NOW}
WRITERS, APPENDS = 8, 5
EDITED: Final = 10_000
"""Rows of the sheet in which rows are appended and updated."""
GOOGLES: Final = ("https://sheets.googleapis.com", "https://www.googleapis.com")


@dataclass
class Meter:
    """Counts what goes over the line."""

    requests: int = 0
    size: int = 0

    def note(self, sent: object, got: bytes) -> None:
        """Count a request and its answer."""
        self.requests += 1
        self.size += len(sent if isinstance(sent, str | bytes) else b"") + len(got)


class Adapter(requests.adapters.HTTPAdapter):
    """Sends what goes to Google to the local server."""

    def __init__(self, address: str, meter: Meter) -> None:
        super().__init__()
        self.address, self.meter = address, meter

    def send(self, request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
        """Send a request."""
        request.url = _here(str(request.url), self.address)
        answer = super().send(request, *rest, **options)
        self.meter.note(request.body, answer.content)
        return answer


class Http(httplib2.Http):  # type: ignore[misc]
    """The same for pygsheets."""

    def __init__(self, address: str, meter: Meter) -> None:
        super().__init__()
        self.address, self.meter = address, meter

    def request(self, uri: str, method: str = "GET", body: Any = None, **options: Any) -> Any:
        """Send a request."""
        answer, content = super().request(_here(uri, self.address), method, body, **options)
        self.meter.note(body, content)
        return answer, content


def _here(address: str, local: str) -> str:
    """Return the local address of one of Google's."""
    for host in GOOGLES:
        address = address.replace(host, local, 1)
    return address


@dataclass
class Way:
    """One way into a sheet: opened, so that only what each call costs is counted.

    Args:
        name: What it is called.
        load: Returns the typed table.
        append: Adds rows, each a dict by field.
        update: Sets the texts of rows by id.
    """

    name: str
    meter: Meter
    load: Callable[[], pd.DataFrame]
    append: Callable[[Sequence[dict[str, Any]]], object]
    update: Callable[[dict[str, str]], object]


@dataclass
class Server:
    """The local server and its spreadsheets."""

    address: str
    keys: dict[int, str] = field(default_factory=dict)

    def let(self, **faults: float) -> None:
        """Let things go wrong from now on."""
        calm = {"latency_ms": 0, "fail_after": 0}
        self.ask("/faults", {**calm, **faults})

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post something as the owner."""
        key = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.post(self.address + path, json=body, headers=key, timeout=120)
        answer.raise_for_status()
        return dict(answer.json())

    def make(self, rows: int) -> str:
        """Return the key of a workbook whose table has so many rows."""
        about = {"properties": {"title": str(rows), "timeZone": "UTC"}}
        key = str(self.ask("/v4/spreadsheets", about)["spreadsheetId"])
        book = reach(f"{self.address}/spreadsheets/d/{key}")
        book.lay_out()
        if rows:
            book.append_many(TABLE, [event(number) for number in range(rows)], **SAVED)
        return key


def event(number: int, word: str = "E") -> dict[str, Any]:
    """Return an event."""
    at = NOW + pd.Timedelta(minutes=number % 400_000)
    own = {"id": f"{word}-{number:06}", "ticket": f"T-{number % 977:04}", "at": at, "kind": "note"}
    return {**own, "by": f"P{number % 40:02}", "public": number % 3 == 0, "text": f"What was said, {number}"}


def cells_of(row: dict[str, Any], header: Sequence[str]) -> list[Any]:
    """Return a row as a person writes it by hand."""
    made = {**row, "at": row["at"].strftime("%Y-%m-%d %H:%M")} if "at" in row else row
    return [made.get(name, "") for name in header]


def typed_by_hand(values: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Return unformatted values as a typed table, as an analyst does it."""
    frame = pd.DataFrame(values[1:], columns=list(values[0]))
    for name in ("at", "created_at", "updated_at"):
        days = pd.to_numeric(frame[name], errors="coerce")
        frame[name] = pd.to_datetime(days, unit="D", origin="1899-12-30", utc=True)
    frame["version"] = pd.to_numeric(frame["version"], errors="coerce")
    return frame


# The ways


def ours(server: Server, key: str) -> Way:
    """Return the book."""
    meter, book = Meter(), open_book(f"{server.address}/spreadsheets/d/{key}")
    _count(book, meter)
    book.load(TABLE)

    def load() -> pd.DataFrame:
        from sheets_schema.book.shared import shelf

        shelf(book).forget()
        return book.load(TABLE)[TABLE]

    def append(rows: Sequence[dict[str, Any]]) -> object:
        return book.save([Change(TABLE, row) for row in rows], **SAVED)

    def update(texts: dict[str, str]) -> object:
        return book.save([Change(TABLE, {"text": text}, id=id_) for id_, text in texts.items()], **SAVED)

    return Way("the book", meter, load, append, update)


def ours_again(server: Server, key: str) -> Way:
    """Return the book where some process of the machine has read that version already."""
    way, book = ours(server, key), open_book(f"{server.address}/spreadsheets/d/{key}")
    _count(book, way.meter)
    return Way(
        "the book, nothing changed", way.meter, lambda: book.load(TABLE)[TABLE], way.append, way.update
    )


def parsed(server: Server, key: str) -> Way:
    """Return the floor of a load: the book's own request, parsed by orjson and left as it is."""
    way, book = ours(server, key), open_book(f"{server.address}/spreadsheets/d/{key}")
    _count(book, way.meter)

    def load() -> pd.DataFrame:
        address = f"https://sheets.googleapis.com/v4/spreadsheets/{book.workbook.id}/values:batchGet"
        asked = {"ranges": [TABLE], "valueRenderOption": "UNFORMATTED_VALUE"}
        orjson.loads(book.client.request("get", address, params=asked).content)
        return pd.DataFrame()

    return Way("the request, parsed by orjson", way.meter, load, way.append, way.update)


def _count(book: Book, meter: Meter) -> None:
    """Count what a book sends."""
    session = book.client.session
    session.hooks["response"].append(lambda answer, **_: meter.note(answer.request.body, answer.content))


def _sheet(server: Server, key: str, client: type[gspread.HTTPClient]) -> tuple[Meter, gspread.Worksheet]:
    """Return a worksheet of gspread's, opened."""
    meter = Meter()
    session = _session(server, meter)
    opened = gspread.Client(Credentials(TOKEN), session=session, http_client=client)
    return meter, opened.open_by_key(key).worksheet(TABLE)


def _session(server: Server, meter: Meter) -> requests.Session:
    """Return an authorized session that goes to the local server."""
    from google.auth.transport.requests import AuthorizedSession

    session = AuthorizedSession(Credentials(TOKEN))
    session.mount("https://", Adapter(server.address, meter))
    return session


def by_hand(server: Server, key: str, client: type[gspread.HTTPClient] = gspread.HTTPClient) -> Way:
    """Return gspread as its documentation shows it."""
    meter, sheet = _sheet(server, key, client)
    header = sheet.row_values(1)
    text = gspread.utils.rowcol_to_a1(1, header.index("text") + 1).rstrip("1")

    def load() -> pd.DataFrame:
        return typed_by_hand(sheet.get_values(value_render_option="UNFORMATTED_VALUE"))

    def append(rows: Sequence[dict[str, Any]]) -> object:
        return sheet.append_rows([cells_of(row, header) for row in rows])

    def update(texts: dict[str, str]) -> object:
        rows = {id_: number for number, id_ in enumerate(sheet.col_values(1), 1)}
        return sheet.batch_update(
            [{"range": f"{text}{rows[id_]}", "values": [[new]]} for id_, new in texts.items()]
        )

    return Way("gspread by hand", meter, load, append, update)


def next_row(server: Server, key: str) -> Way:
    """Return gspread with the usual search for the next empty row."""
    way = by_hand(server, key)
    meter, sheet = _sheet(server, key, gspread.HTTPClient)
    header = sheet.row_values(1)

    def append(rows: Sequence[dict[str, Any]]) -> object:
        start = len(sheet.col_values(1)) + 1
        return sheet.update([cells_of(row, header) for row in rows], f"A{start}")

    return Way("gspread, next empty row", meter, way.load, append, way.update)


def dataframe(server: Server, key: str) -> Way:
    """Return gspread-dataframe: it reads and writes tables, and appends by a row's number."""
    meter, sheet = _sheet(server, key, gspread.HTTPClient)
    header = sheet.row_values(1)

    def load() -> pd.DataFrame:
        frame = gspread_dataframe.get_as_dataframe(sheet, parse_dates=["at", "created_at", "updated_at"])
        return frame.dropna(how="all")

    def append(rows: Sequence[dict[str, Any]]) -> object:
        start = len(sheet.col_values(1)) + 1
        frame = pd.DataFrame([cells_of(row, header) for row in rows], columns=header)
        return gspread_dataframe.set_with_dataframe(sheet, frame, row=start, include_column_header=False)

    def update(texts: dict[str, str]) -> object:
        frame = gspread_dataframe.get_as_dataframe(sheet, dtype=str).dropna(how="all")
        frame["text"] = frame["id"].map(texts).fillna(frame["text"])
        return gspread_dataframe.set_with_dataframe(sheet, frame)

    return Way("gspread-dataframe", meter, load, append, update)


def pandas(server: Server, key: str) -> Way:
    """Return gspread-pandas: it reads and writes tables, and appends by a cell's address."""
    meter = Meter()
    spread = gspread_pandas.Spread(key, TABLE, client=gspread_pandas.Client(session=_session(server, meter)))
    header = spread.sheet.row_values(1)

    def load() -> pd.DataFrame:
        frame = spread.sheet_to_df(index=0)
        for name in ("at", "created_at", "updated_at"):
            frame[name] = pd.to_datetime(frame[name], errors="coerce", utc=True)
        return frame

    def append(rows: Sequence[dict[str, Any]]) -> object:
        start = len(spread.sheet.col_values(1)) + 1
        frame = pd.DataFrame([cells_of(row, header) for row in rows], columns=header)
        return spread.df_to_sheet(frame, index=False, headers=False, start=(start, 1))

    def update(texts: dict[str, str]) -> object:
        frame = spread.sheet_to_df(index=0)
        frame["text"] = frame["id"].map(texts).fillna(frame["text"])
        return spread.df_to_sheet(frame, index=False)

    return Way("gspread-pandas", meter, load, append, update)


def sheets(server: Server, key: str) -> Way:
    """Return pygsheets."""
    meter = Meter()
    client = pygsheets.authorize(custom_credentials=Credentials(TOKEN), http=Http(server.address, meter))
    sheet = client.open_by_key(key).worksheet_by_title(TABLE)
    header = sheet.get_row(1, include_tailing_empty=False)
    text = pygsheets.Address((1, header.index("text") + 1)).label.rstrip("1")

    def load() -> pd.DataFrame:
        return typed_by_hand(
            sheet.get_all_values(
                value_render=pygsheets.ValueRenderOption.UNFORMATTED_VALUE,
                include_tailing_empty_rows=False,
            )
        )

    def append(rows: Sequence[dict[str, Any]]) -> object:
        return sheet.append_table([cells_of(row, header) for row in rows])

    def update(texts: dict[str, str]) -> object:
        rows = {id_: number for number, id_ in enumerate(sheet.get_col(1), 1)}
        ranges = [f"{text}{rows[id_]}" for id_ in texts]
        return sheet.update_values_batch(ranges, [[[new]] for new in texts.values()])

    return Way("pygsheets", meter, load, append, update)


WAYS: Final = (ours, by_hand, dataframe, pandas, sheets)


# Measuring


def measure(title: str, ways: Sequence[Way], work: Callable[[Way, int], object], times: int) -> None:
    """Do some work in each way, in turn, and print what it cost."""
    taken: dict[str, list[tuple[float, float]]] = {way.name: [] for way in ways}
    cost: dict[str, tuple[int, int]] = {}
    for number in range(times):
        for way in ways:
            way.meter.requests = way.meter.size = 0
            begun, busy = time.perf_counter(), time.process_time()
            work(way, number)
            taken[way.name].append((time.perf_counter() - begun, time.process_time() - busy))
            cost[way.name] = (way.meter.requests, way.meter.size)
    first, first_cpu = _medians(taken[ways[0].name])
    heads = ("requests", "kB", "seconds", "ours = 1", "of CPU", "ours = 1")
    print(f"\n{title:32} " + " ".join(f"{head:>9}" for head in heads))
    for way in ways:
        (count, size), (seconds, cpu) = cost[way.name], _medians(taken[way.name])
        print(f"{way.name:32} {count:9} {size / 1000:9.1f} {seconds:9.2f} {seconds / first:9.2f}", end="")
        print(f" {cpu:9.2f} {cpu / first_cpu:9.2f}", flush=True)


def _medians(taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the median of the clock's seconds, and of the processor's."""
    clock, cpu = zip(*taken, strict=True)
    return statistics.median(clock), statistics.median(cpu)


def together(way: Callable[[Server, str], Way], server: Server, key: str) -> tuple[int, int, int]:
    """Let eight append at once; return rows that came, rows that are doubled, and appends that failed."""
    writers = [way(server, key) for _ in range(WRITERS)]
    failed: list[int] = []
    begin = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        begin.wait()
        for place in range(APPENDS):
            try:
                writers[number].append([event(number * 100 + place, "W")])
            except (OpslineError, gspread.exceptions.GSpreadException, pygsheets.PyGsheetsException):
                failed.append(number)
            except Exception as error:  # noqa: BLE001 - whatever the others raise is a failed append
                failed.append(number)
                del error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book = open_book(f"{server.address}/spreadsheets/d/{key}")
    values = book.read([f"{TABLE}!A2:A"])[0]
    rows = Counter(row[0] for row in values if row and str(row[0]).startswith("W-"))
    return len(rows), sum(rows.values()) - len(rows), len(failed)


def backing_off(server: Server, key: str) -> Way:
    """Return gspread with its own client that sends again."""
    way = by_hand(server, key, gspread.BackOffHTTPClient)
    return Way("gspread, BackOffHTTPClient", way.meter, way.load, way.append, way.update)


def losses(server: Server, title: str, ways: Sequence[Callable[[Server, str], Way]], **faults: float) -> None:
    """Print what becomes of the rows of eight writers."""
    print(f"\n{title:32} {'there':>9} {'lost':>9} {'doubled':>9} {'said':>9}")
    for way in ways:
        server.let()
        key = server.make(0)
        name = way(server, key).name
        server.let(**faults)
        there, doubled, failed = together(way, server, key)
        server.let()
        lost = max(0, WRITERS * APPENDS - there - failed)
        print(f"{name:32} {there:9} {lost:9} {doubled:9} {failed:9}", flush=True)
    print(f"of {WRITERS * APPENDS} rows; lost: neither there nor said to have failed")


def main(sizes: Sequence[int], times: int) -> None:
    """Measure all."""
    load = ", ".join(f"{figure:.2f}" for figure in os.getloadavg())
    print(f"{LATENCY} ms latency; load {load} on {os.cpu_count()} cores; median of {times}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"OPSLINE_DATA": folder, "OPSLINE_TOKEN": TOKEN}
        with running(Path(folder, "bench.sqlite"), "--token", TOKEN) as served:
            server = Server(served.address)
            server.keys = {rows: server.make(rows) for rows in {*sizes, min(EDITED, max(sizes))}}
            loads(server, sizes, times)
            writes(server, min(EDITED, max(sizes)), times)
            both = (ours, by_hand, next_row, dataframe, pandas, sheets)
            losses(server, "8 writers x 5 appends", both, latency_ms=20)
            losses(server, "and 503 after the commit", (ours, backing_off, by_hand, sheets), fail_after=0.3)


def loads(server: Server, sizes: Sequence[int], times: int) -> None:
    """Measure loading."""
    for rows in sizes:
        ways = [make(server, server.keys[rows]) for make in (*WAYS, ours_again, parsed)]
        server.let(latency_ms=LATENCY)
        measure(f"load {rows:,} rows, typed", ways, lambda way, _: way.load(), times)
        server.let()


def writes(server: Server, rows: int, times: int) -> None:
    """Measure appending and updating."""
    for many in (1, 100):
        ways = [make(server, server.keys[rows]) for make in WAYS]

        def append(way: Way, number: int, many: int = many) -> object:
            word = f"A{many}{way.name[-3:]}{number}"
            return way.append([event(each, word) for each in range(many)])

        def update(way: Way, number: int, many: int = many) -> object:
            return way.update({f"E-{each * 7:06}": f"{way.name} {number}" for each in range(many)})

        server.let(latency_ms=LATENCY)
        measure(f"append {many} to {rows:,} rows", ways, append, times)
        measure(f"update {many} of {rows:,} rows", ways, update, times)
        server.let()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,10000,100000", help="rows, by commas")
    options.add_argument("--times", type=int, default=3)
    given = options.parse_args()
    with suppress(KeyboardInterrupt):
        main([int(size) for size in given.sizes.split(",")], given.times)
