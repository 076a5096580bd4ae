"""`kill -9` in mid-stream, again and again: what was answered is there, once and whole."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROUNDS = 4
WRITERS = 6
BLOCK = 3


@dataclass
class Writer:
    """One client that writes until the server is gone."""

    number: int
    send: Callable[["Writer", Any, str, int], requests.Response]
    count: int = 0
    acknowledged: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)

    def stream(self, server: Any, book: str) -> None:
        """Write one after the other; what was under way when the server died is in doubt."""
        while True:
            self.count += 1
            try:
                answer = self.send(self, server, book, self.count)
            except requests.RequestException:
                self.doubtful.add(self.count)
                return
            assert answer.ok, answer.text
            self.acknowledged.add(self.count)


def append(writer: Writer, server: Any, book: str, number: int) -> requests.Response:
    """Append a row."""
    path = f"/v4/spreadsheets/{book}/values/Sheet1:append?valueInputOption=RAW"
    return server.call("POST", path, {"values": [[writer.number, number, number * 2, "x" * 50]]})


def block(writer: Writer, server: Any, book: str, number: int) -> requests.Response:
    """Open three rows at the top, fill them, and claim a metadata id: one request, all or nothing."""
    rows = [
        {"values": [{"userEnteredValue": {"numberValue": cell}} for cell in (writer.number, number, part)]}
        for part in range(BLOCK)
    ]
    claimed = {"metadataId": writer.number * 1_000_000 + number, "metadataKey": "block", "metadataValue": "1"}
    claimed |= {"visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    requests_ = [
        {"insertDimension": {"range": {"sheetId": 1, "dimension": "ROWS", "startIndex": 1, "endIndex": 4}}},
        {
            "updateCells": {
                "start": {"sheetId": 1, "rowIndex": 1, "columnIndex": 0},
                "rows": rows,
                "fields": "userEnteredValue",
            }
        },
        {"createDeveloperMetadata": {"developerMetadata": claimed}},
    ]
    return server.call("POST", f"/v4/spreadsheets/{book}:batchUpdate", {"requests": requests_})


def made(server: Any) -> str:
    """Make a spreadsheet with two sheets; return its id."""
    sheets = [{"properties": {"sheetId": n, "title": f"Sheet{n + 1}"}} for n in range(2)]
    return str(server.call("POST", "/v4/spreadsheets", {"sheets": sheets}).json()["spreadsheetId"])


def values(server: Any, book: str, sheet: str) -> list[list[Any]]:
    """Read a sheet."""
    path = f"/v4/spreadsheets/{book}/values/{sheet}?valueRenderOption=UNFORMATTED_VALUE"
    return server.call("GET", path).json().get("values", [])


def one_round(server: Any, book: str, writers: list[Writer], wanted: int) -> None:
    """Let all write until *wanted* more are acknowledged, then kill the server in mid-stream."""

    def done() -> int:
        return sum(len(writer.acknowledged) for writer in writers)

    threads = [threading.Thread(target=writer.stream, args=(server, book)) for writer in writers]
    goal = done() + wanted
    for thread in threads:
        thread.start()
    while done() < goal and any(thread.is_alive() for thread in threads):
        time.sleep(0)
    server.kill()
    for thread in threads:
        thread.join()


def check(server: Any, book: str, writers: list[Writer], data: Path) -> None:
    """Compare what is there with what was acknowledged."""
    with sqlite3.connect(data) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = values(server, book, "Sheet1")
    assert all(row[2:] == [row[1] * 2, "x" * 50] for row in rows)
    appended = Counter((row[0], row[1]) for row in rows)
    parts = Counter(tuple(row) for row in values(server, book, "Sheet2") if row)
    claims = server.call("GET", f"/v4/spreadsheets/{book}?fields=developerMetadata.metadataId").json()
    claimed = {item["metadataId"] for item in claims.get("developerMetadata", ())}
    for writer in writers:
        for number in range(1, writer.count + 1):
            must, may = number in writer.acknowledged, number in writer.doubtful
            if writer.send is append:
                times = {appended[writer.number, number]}
            else:
                times = {parts[writer.number, number, part] for part in range(BLOCK)}
                times.add(int(writer.number * 1_000_000 + number in claimed))
            assert times == {1} if must else may and times in ({0}, {1})
    assert set(appended.values()) | set(parts.values()) == {1}


def test_every_acknowledged_write_survives_every_kill(start: Any, tmp_path: Path) -> None:
    """Six writers, four kills at random moments, the same file: acknowledged once, doubtful whole or not."""
    rounds(start, tmp_path / "killed.sqlite", ROUNDS, random.Random(3))


def rounds(start: Any, data: Path, count: int, dice: random.Random) -> list[Writer]:
    """Kill a server *count* times; return the writers."""
    writers = [Writer(number, append if number % 2 else block) for number in range(1, WRITERS + 1)]
    server = start(data=data)
    book = made(server)
    for _ in range(count):
        one_round(server, book, writers, dice.randrange(20, 120))
        server = start(data=data)
        check(server, book, writers, data)
    return writers
