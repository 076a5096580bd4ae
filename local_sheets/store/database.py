"""The SQLite file: opening it, making sure it is ours and whole, saying in words when it is not."""

import contextlib
import sqlite3
from pathlib import Path

from local_sheets.errors import StoreError
from local_sheets.store.log import lost_saves
from local_sheets.store.trouble import ADVICE, is_damage, sentence

APPLICATION = 0x0B5115
"""Written into the file's header, so that a file of another program is not taken for ours."""

_SCHEMA = """
CREATE TABLE book (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, modified TEXT NOT NULL,
    version INTEGER NOT NULL, trashed INTEGER NOT NULL DEFAULT 0, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE sheet (
    key INTEGER PRIMARY KEY, book TEXT NOT NULL, place INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE INDEX sheet_book ON sheet (book, place);
CREATE TABLE line (
    key INTEGER PRIMARY KEY AUTOINCREMENT, sheet INTEGER NOT NULL, position INTEGER NOT NULL,
    mask TEXT NOT NULL, vals TEXT NOT NULL, extras TEXT
);
CREATE UNIQUE INDEX line_place ON line (sheet, position);
CREATE TABLE style (key INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);
"""
"""`line` is one row of a sheet: `key` never changes while the row lives, `position` is sparse, `mask`
says in hex which columns hold something, `vals` is the JSON list of its values and `extras` the JSON of
what it has beside them (store/row.py)."""

_LATER = """
CREATE TABLE IF NOT EXISTS step (
    sheet INTEGER NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (sheet, version, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS done (
    session TEXT NOT NULL, op INTEGER NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (session, op)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changer (
    book TEXT PRIMARY KEY, email TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, token TEXT NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
"""
"""Tables that files of earlier versions do not have: `step` says how rows and columns came to lie elsewhere
(store/steps.py), `done` what was answered to the operations of a live page, `changer` who changed a
spreadsheet last, `session` who has logged in at a page (web/sessions.py)."""


def open_file(path: Path) -> sqlite3.Connection:
    """Open or make the file.

    Raises:
        StoreError: It is read-only, damaged, of another program, or cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists() or not path.stat().st_size
        check_log(path, empty=fresh)
        if not fresh:
            check_file(path)
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    except OSError as error:
        raise StoreError(f"The workbook file {path} cannot be opened: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise refused(path, error) from error
    try:
        _prepare(connection, fresh=fresh)
    except sqlite3.Error as error:
        connection.close()
        raise refused(path, error) from error
    return connection


def check_log(path: Path, *, empty: bool = False) -> None:
    """Refuse a file whose log has acknowledged saves that SQLite would drop.

    Raises:
        StoreError: It has.
    """
    log = Path(f"{path}-wal")
    lost = lost_saves(path)
    if lost or (empty and log.exists() and log.stat().st_size):
        what = f"{lost} saves in it cannot be read" if lost else f"{path.name} is empty"
        raise StoreError(
            f"{log}, the log of the workbook, is damaged or is not of this file ({what}); nothing was"
            " changed. Put a backup in its place, or move the log away to go on without what it holds."
        )


def check_file(path: Path, *, thorough: bool = False) -> None:
    """Look into a file, without a change to it: is it ours, is it whole?

    Raises:
        StoreError: It is not.
        sqlite3.Error: SQLite cannot even look.
    """
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reading:
        tables = reading.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        ours = reading.execute("PRAGMA application_id").fetchone()[0]
        if tables and ours != APPLICATION:
            raise StoreError(f"The file {path} is a database of another program; it was left as it is.")
        check = "integrity_check" if thorough else "quick_check"
        for row in reading.execute(f"PRAGMA {check}(1)"):
            if row[0] != "ok":
                reason = " ".join(row[0].replace("*** in database main ***", "").split())
                raise StoreError(
                    f"The workbook file {path} is damaged ({reason}); it was left as it is. {ADVICE}"
                )


def _prepare(connection: sqlite3.Connection, *, fresh: bool) -> None:
    """Set how the file is written; make its tables. A read-only file is found out now."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("BEGIN IMMEDIATE")
    for statement in (_SCHEMA * fresh + _LATER).split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("COMMIT")


def refused(path: Path, error: sqlite3.Error) -> StoreError:
    """Return why the file cannot be used."""
    advice = f" {ADVICE}" if is_damage(error) else ""
    return StoreError(f"{sentence(f'the workbook file {path}', error)}; it was left as it is.{advice}")
