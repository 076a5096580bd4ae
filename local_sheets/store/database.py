"""The SQLite file: opening it, making sure it is ours and whole, saying in words when it is not."""

import sqlite3
from pathlib import Path

from local_sheets.errors import StoreError

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
"""
"""Tables that files of earlier versions do not have: `step` says how rows and columns came to lie elsewhere
(store/steps.py), `done` what was answered to the operations of a live page."""


def open_file(path: Path) -> sqlite3.Connection:
    """Open or make the file.

    Raises:
        StoreError: It is read-only, damaged, of another program, or cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The workbook file {path} cannot be opened: {error}.") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(_sentence(path, error)) from error
    except StoreError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check the file and set how it is written."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    ours = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and ours != APPLICATION:
        raise StoreError(f"The file {path} is a database of another program; it was left as it is.")
    for row in connection.execute("PRAGMA quick_check(1)"):
        if row[0] != "ok":
            raise StoreError(
                f"The workbook file {path} is damaged ({row[0]}); nothing was changed."
                " Put a backup in its place."
            )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA mmap_size = 268435456")
    if not tables:
        connection.execute("BEGIN IMMEDIATE")
        for statement in (_SCHEMA + _LATER).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("COMMIT")
    else:
        connection.execute("BEGIN IMMEDIATE")  # a read-only file is found out now
        for statement in _LATER.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("UPDATE book SET version = version WHERE 0")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("COMMIT")


def _sentence(path: Path, error: sqlite3.Error) -> str:
    """Return why the file cannot be used, as one sentence."""
    text = str(error)
    if "readonly" in text or "read-only" in text or "attempt to write" in text:
        return f"The workbook file {path} is read-only; it was left as it is."
    if "not a database" in text:
        return f"The file {path} is not a workbook (it is no database); it was left as it is."
    if "malformed" in text:
        return (
            f"The workbook file {path} is damaged ({text}); nothing was changed. Put a backup in its place."
        )
    return f"The workbook file {path} cannot be used: {text}."
