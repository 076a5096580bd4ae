"""The tickets that every page shows: a workbook for ours, a Parquet file of the same rows for the peers.

Both are made once for each number of rows and kept in bench/data/; a server gets a copy of the workbook.
What is more than 10,000 rows is copied within the workbook's file, because that takes seconds: each row with
an id of its own. (A million tickets are 39 million cells; Google allows ten in one spreadsheet.)
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from local_sheets.running import running

HERE = Path(__file__).parents[1]
KEPT = HERE / "data"
FILLED = 10_000
TOKEN = "bench"  # noqa: S105 (of a throw-away server)


def workbook(rows: int) -> Path:
    """Return a workbook's file with so many tickets, and the rules and people of the demo."""
    file = KEPT / str(rows) / "workbook.sqlite"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        print(f"Filling a workbook with {rows:,} tickets (once) ...", file=sys.stderr, flush=True)
        filling = file.with_suffix(".filling.sqlite")
        for left in file.parent.glob(f"{filling.name}*"):
            left.unlink()
        with running(filling, "--token", TOKEN) as server:
            _in_process("fill", server.address, str(min(rows, FILLED)), OPSLINE_TOKEN=TOKEN)
        multiply(filling, rows)
        filling.replace(file)
    return file


def parquet(rows: int) -> Path:
    """Return the same tickets as a Parquet file, as the book reads them."""
    file = KEPT / str(rows) / "tickets.parquet"
    if not file.exists():
        with copied(rows) as folder, running(folder / "workbook.sqlite", "--token", TOKEN) as server:
            _in_process("keep", server.address, str(file), OPSLINE_TOKEN=TOKEN, OPSLINE_DATA=str(folder))
    return file


@contextmanager
def copied(rows: int) -> Iterator[Path]:
    """Give a folder for OPSLINE_DATA with a copy of the workbook; it goes with the block."""
    from tempfile import TemporaryDirectory

    source = workbook(rows)
    with TemporaryDirectory(prefix="opsline-bench-") as folder:
        shutil.copyfile(source, Path(folder) / "workbook.sqlite")
        yield Path(folder)


def _in_process(*words: str, **environment: str) -> None:
    """Run a function of this file in a process of its own, so that its memory and settings end with it."""
    command = [sys.executable, "-m", "bench.visits.data", *words]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def fill(address: str, rows: int) -> None:
    """Fill a new spreadsheet: tickets drawn from the demo's year, each with an id of its own."""
    from opsline.demo import records
    from opsline.demo.company import MANAGER
    from opsline.demo.content import AS_OF
    from opsline.demo.fill import RULES, filled_from
    from sheets_schema.book.open import reach

    demo = filled_from(1, 7, "en")
    drawn = np.sort(np.random.default_rng(7).integers(0, len(demo["tickets"]), rows))
    tickets = demo["tickets"].iloc[drawn].reset_index(drop=True)
    tickets["id"] = [f"T-260101-{number:08}" for number in range(rows)]
    book = reach(address, make=True)
    book.lay_out("Asia/Shanghai")
    saved = {"who": MANAGER, "source": "bench", "now": AS_OF.tz_convert("UTC")}
    for name in ("settings", *(each for each in RULES if each != "settings"), "people"):
        book.append_many(name, records(demo[name]), **saved)
        if name == "settings":
            book.load()
    book.append_many("tickets", records(tickets), **saved)


def multiply(file: Path, rows: int) -> None:
    """Copy the tickets of a workbook's file until there are so many."""
    with closing(sqlite3.connect(file)) as store, store:
        titled = "SELECT key FROM sheet WHERE json_extract(json, '$.properties.title') = 'tickets'"
        (sheet,) = store.execute(titled).fetchone()
        (there,) = store.execute("SELECT count(*) - 1 FROM line WHERE sheet = ?", (sheet,)).fetchone()
        for start in range(there, rows, there):
            store.execute(
                "INSERT INTO line (sheet, position, mask, vals, extras)"
                " SELECT sheet, position + ? * 1048576, mask,"
                " json_set(vals, '$[0]', printf('T-260101-%08d', position / 1048576 - 2 + ?)), extras"
                " FROM line WHERE sheet = ? AND position BETWEEN 2 * 1048576 AND ? * 1048576",
                (start, start, sheet, 1 + min(there, rows - start)),
            )
        store.execute(
            "UPDATE sheet SET json = json_set(json, '$.properties.gridProperties.rowCount', ?) WHERE key = ?",
            (rows + 1, sheet),
        )


def keep(address: str, file: Path) -> None:
    """Write what the book reads to a Parquet file."""
    from sheets_schema.book import open_book

    frame: pd.DataFrame = open_book(address).load("tickets")["tickets"]
    frame.to_parquet(file)


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(sys.argv[2], int(sys.argv[3]))
    else:
        keep(sys.argv[2], Path(sys.argv[3]))
