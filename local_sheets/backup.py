"""A copy of a workbook's file while it is written to, and putting one in its place."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_sheets.errors import InUse, StoreError
from local_sheets.store.database import check_file, check_log, refused
from local_sheets.store.store import STEPS_KEPT, moment
from local_sheets.web.hold import lock

_BEYOND = 10 * STEPS_KEPT


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: spreadsheets, rows, bytes."""

    spreadsheets: int
    rows: int
    size: int


def back_up(file: Path, target: Path) -> Content:
    """Copy a workbook's file as it is at one moment, while a server may write to it; say what it holds.

    The copy is checked page by page, and appears under its name when it is whole and on the disk.

    Raises:
        StoreError: There is no such file, it is damaged, *target* is there already or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} is there already; it was left as it is.")
    if file.is_file() and not _is_served(file):
        check_log(file, empty=not file.stat().st_size)
    with _part_of(target) as part:
        _copy(file, part)
        content = _content(part)
        os.link(part, target)
        _sync(target.parent)
    return content


def put_back(backup: Path, file: Path) -> tuple[Content, Path | None]:
    """Put a copy of a backup in a workbook's place, whose lock the caller holds; say where the old one is.

    What was in the place, damaged or not, is kept beside it with its log. The spreadsheets' versions go
    beyond those of the old file by so much that whoever remembers something of it reads anew.

    Raises:
        StoreError: The backup is damaged or is none; the place was left as it is.
    """
    check_log(backup)
    with _part_of(file) as part:
        _copy(backup, part)
        _go_beyond(part, _versions(file))
        content = _content(part)
        kept = _set_aside(file)
        part.replace(file)
        _sync(file.parent)
    return content, kept


def _is_served(file: Path) -> bool:
    """Say whether a server holds the file: then its log changes while one looks at it."""
    try:
        with lock(file):
            return False
    except InUse:
        return True


@contextlib.contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """Name a file beside the target to write to first; it is gone afterwards, and errors are worded."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        for name in (part, Path(f"{part}-journal")):
            name.unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> None:
    """Copy the pages of one moment: SQLite keeps them apart from what is written meanwhile."""
    if not source.is_file():
        raise StoreError(f"There is no file {source}.")
    try:
        check_file(source)
        with _opened(source, "ro") as reading, _opened(part, "rwc") as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        check_file(part, thorough=True)
    except sqlite3.Error as error:
        raise refused(source, error) from error
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _opened(file: Path, mode: str) -> contextlib.closing[sqlite3.Connection]:
    """Open a database; it is closed when the block ends."""
    address = f"{file.absolute().as_uri()}?mode={mode}"
    return contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None))


def _content(file: Path) -> Content:
    """Count what a file holds."""
    with _opened(file, "ro") as reading:
        books, rows = reading.execute(
            "SELECT (SELECT count(*) FROM book), (SELECT count(*) FROM line)"
        ).fetchone()
    return Content(books, rows, file.stat().st_size)


def _versions(file: Path) -> int:
    """Return the highest version of a spreadsheet in a file; 0 where it cannot be read."""
    try:
        with _opened(file, "ro") as reading:
            return int(reading.execute("SELECT coalesce(max(version), 0) FROM book").fetchone()[0])
    except sqlite3.Error:
        return 0  # nothing can be known of a damaged file; `_BEYOND` is far enough


def _go_beyond(part: Path, version: int) -> None:
    """Give each spreadsheet a version that nobody has seen, and forget what led to the old ones."""
    with _opened(part, "rw") as writing:
        writing.execute(
            "UPDATE book SET version = max(version, ?) + ?, modified = ?", (version, _BEYOND, moment())
        )


def _set_aside(file: Path) -> Path | None:
    """Rename what is in the place, its log with it; return its new name."""
    if not file.exists():
        return None
    kept = free_name(file, "replaced")
    log = Path(f"{file}-wal")
    if log.exists() and log.stat().st_size:  # first: a log must never stand beside a file not its own
        log.rename(f"{kept}-wal")
    for name in (log, Path(f"{file}-shm")):
        name.unlink(missing_ok=True)
    os.link(file, kept)
    return kept


def free_name(file: Path, word: str) -> Path:
    """Return a name beside a file with a word and the moment in it, that no file has.

    >>> free_name(Path("/tmp/workbook.sqlite"), "backup").name[:16]
    'workbook.backup-'
    """
    stamp = moment()[:19].replace("-", "").replace(":", "")
    names = (
        f"{file.stem}.{word}-{stamp}{more}{file.suffix}" for more in ("", *(f"-{n}" for n in range(2, 100)))
    )
    return next(path for path in map(file.with_name, names) if not path.exists())


def _sync(folder: Path) -> None:
    """Make sure that a folder's names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
