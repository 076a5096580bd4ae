"""How long the live page takes: from the click to the grid, and from Enter to the other's screen.

    python bench/live_page.py [--rows 1000x20 25000x30 100000x20] [--edits 20]

Needs the grid (make frontend) and /usr/bin/chromium. Figures are medians of what one machine did.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import gspread
from google.oauth2.credentials import Credentials
from gspread.http_client import HTTPClient
from playwright.sync_api import Browser, Page, sync_playwright

TOKEN = "bench"  # noqa: S105 (of a throw-away server)
PATIENCE = 60_000
SHOWN = """([gid, row, text]) => univer._univerInstanceService.getCurrentUnitOfType(2)
    .getSheetBySheetId(String(gid)).getCellRaw(row, 2)?.v === text"""


def client(address: str) -> gspread.Client:
    """Return gspread, pointed at a local server."""

    class Local(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> Any:
            return super().request(method, re.sub(r"^https://[^/]+", address, endpoint), *args, **kwargs)

    return gspread.Client(Credentials(TOKEN), http_client=Local)


def filled(sheets: gspread.Client, rows: int, columns: int) -> gspread.Worksheet:
    """Return a sheet of texts, numbers and repeated words."""
    sheet = sheets.create(f"{rows} rows").sheet1
    sheet.resize(rows, columns)
    for start in range(0, rows, 20_000):
        block = [
            [f"T-{n}", f"P{n % 3}", n, n / 7, f"a text of some length {n}", *[f"c{n % 50}"] * (columns - 5)]
            for n in range(start, min(start + 20_000, rows))
        ]
        sheet.update(block, f"A{start + 1}", value_input_option=gspread.utils.ValueInputOption.raw)
    return sheet


def opened(browser: Browser, address: str, sheet: gspread.Worksheet) -> tuple[Page, float, float]:
    """Return a page, and the seconds until its first and its last row were there; scripts are cached."""
    page = browser.new_context(viewport={"width": 1400, "height": 850}).new_page()
    url = f"{address}/spreadsheets/d/{sheet.spreadsheet.id}/edit"
    page.goto(f"{url}?token={TOKEN}")
    page.wait_for_selector("body[data-grid=whole]", timeout=PATIENCE)
    begun = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("body[data-grid]", timeout=PATIENCE)
    first = time.perf_counter() - begun
    page.wait_for_selector("body[data-grid=whole]", timeout=PATIENCE)
    return page, first, time.perf_counter() - begun


def seen_after(one: Page, two: Page, gid: int, number: int) -> float:
    """Return the seconds from Enter in one browser to the text in the other's grid."""
    text = f"edit {number}"
    one.evaluate("([gid, row]) => { location.hash = `gid=${gid}&range=C${row}`; }", [gid, number + 2])
    one.wait_for_function(
        "(row) => document.querySelector('#table-view').href.includes(`C${row}`)", arg=number + 2
    )
    one.keyboard.type(text)
    begun = time.perf_counter()
    one.keyboard.press("Enter")
    two.wait_for_function(SHOWN, arg=[gid, number + 1, text], polling=5)
    return time.perf_counter() - begun


def measure(address: str, sizes: list[str], edits: int) -> None:
    """Print the figures."""
    sheets = client(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size in sizes:
            rows, columns = (int(part) for part in size.split("x"))
            page, first, whole = opened(browser, address, filled(sheets, rows, columns))
            heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
            print(
                f"{rows:>7} x {columns}: first rows {first:.2f} s, all {whole:.2f} s, {heap:.0f} MB of heap"
            )
            page.context.close()
        sheet = filled(sheets, 1000, 20)
        one, two = (opened(browser, address, sheet)[0] for _ in range(2))
        took = [seen_after(one, two, sheet.id, number) for number in range(edits)]
        print(f"an edit is seen by the other after {statistics.median(took):.2f} s (worst {max(took):.2f} s)")
        browser.close()


def main() -> None:
    """Start a server on a new file, and measure."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("--rows", nargs="+", default=["1000x20", "25000x30", "100000x20"])
    given.add_argument("--edits", type=int, default=20)
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "local_sheets",
            "--token",
            TOKEN,
            "--data",
            str(Path(folder) / "bench.sqlite"),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                found = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
                if found is None:
                    sys.exit("The server did not start.")
                measure(found[0], options.rows, options.edits)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
