"""What keeping protected cells costs: one cell written, a row appended, a row inserted, in 100,000 rows.

`python bench/protected.py` prints medians in milliseconds over HTTP, for the owner, who is not watched, and
for a writer who may not edit the ids in column A.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

ROWS, TIMES = 100_000, 60


def main() -> None:
    """Fill a sheet, protect its first column, write as both."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "local_sheets", "--data", str(Path(folder) / "book.sqlite")]
        command += ["--token", "owner", "--person", "ada@example.com=writer"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            said = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
            try:
                if said:
                    measure(said[0])
            finally:
                server.terminate()


def measure(address: str) -> None:
    """Print the medians."""

    def call(who: str, method: str, path: str, body: object) -> None:
        answer = requests.request(
            method, address + path, json=body, headers={"Authorization": f"Bearer {who}"}, timeout=60
        )
        answer.raise_for_status()

    made = requests.post(
        f"{address}/v4/spreadsheets", json={}, headers={"Authorization": "Bearer owner"}, timeout=9
    )
    key = made.json()["spreadsheetId"]
    values = f"/v4/spreadsheets/{key}/values"
    rows = [[f"T-{n}", *(f"value {n} {c}" for c in range(19))] for n in range(ROWS)]
    call("owner", "PUT", f"{values}/A1?valueInputOption=RAW", {"values": rows})
    share = {"type": "user", "role": "writer", "emailAddress": "ada@example.com"}
    call("owner", "POST", f"/drive/v3/files/{key}/permissions", share)
    ids = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    header = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}
    protect = [{"addProtectedRange": {"protectedRange": {"range": one}}} for one in (ids, header)]
    call("owner", "POST", f"/v4/spreadsheets/{key}:batchUpdate", {"requests": protect})

    def cell(who: str, n: int) -> None:
        call(who, "PUT", f"{values}/C{50_000 + n}?valueInputOption=RAW", {"values": [[f"{who} {n}"]]})

    def append(who: str, n: int) -> None:
        body = {"values": [[None, f"{who} {n}"]]}
        call(who, "POST", f"{values}/A1:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS", body)

    def batch(who: str, n: int) -> None:
        text = {"userEnteredValue": {"stringValue": f"{who} {n}"}}
        requests_ = [
            {"updateCells": {"start": {"sheetId": 0, "rowIndex": 100 * n + k, "columnIndex": 4},
                             "rows": [{"values": [text]}], "fields": "userEnteredValue"}}
            for k in range(1, 21)
        ]  # fmt: skip
        call(who, "POST", f"/v4/spreadsheets/{key}:batchUpdate", {"requests": requests_})

    works: list[tuple[str, Callable[[str, int], None]]] = [
        ("one cell", cell), ("append a row", append), ("20 cells in a batch", batch),
    ]  # fmt: skip
    for what, work in works:
        for who in ("owner", "writer"):
            times = []
            for n in range(TIMES):
                begun = time.perf_counter()
                work(who, n)
                times.append((time.perf_counter() - begun) * 1000)
            print(f"{what:22} {who:7} {statistics.median(times):7.2f} ms")


if __name__ == "__main__":
    main()
