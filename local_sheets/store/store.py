"""The store: one file, one thread, one transaction for each request that writes."""

import asyncio
import json
import random
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from local_sheets.errors import ApiError, Forbidden, Json, NotFound, StoreError
from local_sheets.store.book import Book, Sheet
from local_sheets.store.changes import Changes, SheetChanges
from local_sheets.store.database import open_file
from local_sheets.store.row import dumps
from local_sheets.store.steps import Step, reduced
from local_sheets.store.styles import Styles
from local_sheets.store.trouble import ADVICE, is_damage, sentence

T = TypeVar("T")

STEPS_KEPT = 100_000
"""For so many versions it is known where a row or a column came to lie."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Store:
    """The spreadsheets of one file.

    Everything that touches SQLite runs in the store's one thread: `await store.run(work)` from the
    event loop, `store.wait(work)` from anywhere else. `work(store)` may read; what it changes goes
    inside `with store.writing(book)`.

    Raises:
        StoreError: The file is read-only, damaged or not ours.
    """

    def __init__(self, path: Path | str, *, forbidden: tuple[str, ...] = ()) -> None:
        self.path = Path(path)
        self.forbidden = frozenset(forbidden)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="local-sheets")
        self._books: dict[str, Book] = {}
        self._gone: list[Book] = []
        self._watchers: list[Callable[[Changes], None]] = []
        self._before: sqlite3.Connection | None = None
        try:
            self._thread.submit(self._open).result()
        except StoreError:
            self._thread.shutdown()
            raise

    def _open(self) -> None:
        """Open the file in the store's thread."""
        self.database = open_file(self.path)
        self.styles = Styles(self.database)

    def _close(self) -> None:
        """Close the file in the store's thread."""
        if self._before is not None:
            self._before.close()
        self.database.close()

    async def run(self, work: Callable[["Store"], T]) -> T:
        """Do *work* in the store's thread and wait for it without blocking the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._done, work)

    def wait(self, work: Callable[["Store"], T]) -> T:
        """Do *work* in the store's thread and block until it is done."""
        return self._thread.submit(self._done, work).result()

    def _done(self, work: Callable[["Store"], T]) -> T:
        """Do *work* in the store's thread; word what SQLite complains of."""
        try:
            return work(self)
        except sqlite3.Error as error:
            advice = f" {ADVICE}" if is_damage(error) else ""
            raise ApiError(f"{sentence('the workbook file', error)}.{advice}") from error

    def close(self) -> None:
        """Finish what runs, then close the file."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def watch(self, callback: Callable[[Changes], None]) -> None:
        """Call *callback* with what a transaction changed after each commit, in the store's thread."""
        self._watchers.append(callback)

    # in the store's thread ---------------------------------------------------------------------

    @property
    def before(self) -> sqlite3.Connection:
        """A connection that sees what was committed: inside `writing`, the file as it was before."""
        if self._before is None:
            self._before = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
        return self._before

    def all_books(self) -> list[Book]:
        """Return all spreadsheets that may be opened, those in the bin too, newest change first."""
        rows = self.database.execute("SELECT id FROM book ORDER BY modified DESC").fetchall()
        return [self.book(key) for (key,) in rows if key not in self.forbidden]

    def book(self, key: str) -> Book:
        """Return a spreadsheet by its id.

        Raises:
            NotFound: There is none.
            Forbidden: It is one of those the server was told to refuse.
        """
        if key in self.forbidden:
            raise Forbidden
        found = self._books.get(key)
        if found is None:
            found = self._books[key] = self._load(key)
        return found

    def _load(self, key: str) -> Book:
        """Read a spreadsheet, without its rows."""
        row = self.database.execute(
            "SELECT created, modified, version, trashed, json FROM book WHERE id = ?", (key,)
        ).fetchone()
        if row is None:
            raise NotFound
        book = Book(self.database, self.styles, key, json.loads(row[4]), row[0])
        book.modified, book.version, book.trashed = row[1], row[2], bool(row[3])
        changer = self.database.execute("SELECT email FROM changer WHERE book = ?", (key,)).fetchone()
        book.changer = changer[0] if changer else ""
        for number, about in self.database.execute(
            "SELECT key, json FROM sheet WHERE book = ? ORDER BY place, key", (key,)
        ):
            sheet = Sheet(self.database, number, json.loads(about))
            sheet.version = book.version
            book.sheets.append(sheet)
        return book

    def create(self, about: Json, sheets: list[Json], key: str | None = None) -> Book:
        """Make a spreadsheet with these sheets; call it inside `writing()`."""
        now = moment()
        key = key or "1" + "".join(secrets.choice(_LETTERS) for _ in range(43))
        self.database.execute(
            "INSERT INTO book (id, created, modified, version, json) VALUES (?, ?, ?, 0, '')",
            (key, now, now),
        )
        book = Book(self.database, self.styles, key, about, now)
        book.version = 0
        book.touch()
        self._books[key] = book
        for sheet in sheets:
            book.add(sheet)
        return book

    def delete(self, book: Book) -> None:
        """Take a spreadsheet away for good; call it inside `writing()`."""
        for sheet in list(book.sheets):
            book.remove(sheet)
        self._gone.append(book)
        self.database.execute("DELETE FROM changer WHERE book = ?", (book.id,))
        self.database.execute("DELETE FROM book WHERE id = ?", (book.id,))
        del self._books[book.id]

    @contextmanager
    def writing(self, *books: Book) -> Iterator[None]:
        """Make what happens inside one transaction: all of it is kept, or nothing."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
            written = self._save()
            self.database.execute("COMMIT")
            for changes in written:
                if changes.book.engine is not None:
                    changes.book.engine.open = False
        except BaseException as error:
            self._undo(books)
            if isinstance(error, sqlite3.Error):
                advice = f" {ADVICE}" if is_damage(error) else ""
                reason = sentence("the workbook file", error)
                raise ApiError(f"{reason}; nothing was saved.{advice}") from error
            raise
        for changes in written:
            for callback in self._watchers:
                callback(changes)

    def _save(self) -> list[Changes]:
        """Write every spreadsheet that was changed; return what was changed of each."""
        written = [Changes(book, book.version, (), whole=True) for book in self._gone]
        self._gone = []
        for book in list(self._books.values()):
            if book.changed or any(s.changed or (s.loaded and s.loaded.touched) for s in book.sheets):
                book.recalculate()
            whole, found = book.changed, []
            for place, sheet in enumerate(book.sheets):
                changes = self._save_sheet(book, sheet, place)
                if changes is not None:
                    found.append(changes)
            if whole or found:
                self._stamp(book)
                for changes in found:
                    changes.sheet.version = book.version
                self._keep_steps(book, found)
                written.append(Changes(book, book.version, tuple(found), whole=whole))
        return written

    def _save_sheet(self, book: Book, sheet: Sheet, place: int) -> SheetChanges | None:
        """Write a sheet; return what was changed of it, None for nothing."""
        lines, about = sheet.loaded, sheet.changed
        keys = frozenset(lines.changed) if lines is not None else frozenset()
        touched = lines is not None and lines.settle()
        steps, sheet.steps, sheet.followed = tuple(sheet.steps), [], {}
        if about or book.changed:
            self.database.execute(
                "UPDATE sheet SET place = ?, json = ? WHERE key = ?", (place, dumps(sheet.about), sheet.key)
            )
            sheet.changed = False
        return SheetChanges(sheet, keys, steps, about) if touched or about else None

    def _keep_steps(self, book: Book, found: list[SheetChanges]) -> None:
        """Write how rows and columns came to lie elsewhere; forget what is long past."""
        for changes in found:
            rows = [
                (changes.sheet.key, book.version, number, dumps(step.about()))
                for number, step in enumerate(changes.steps)
            ]
            if rows:
                self.database.executemany(
                    "INSERT INTO step (sheet, version, number, json) VALUES (?, ?, ?, ?)", rows
                )
                self.database.execute(
                    "DELETE FROM step WHERE sheet = ? AND version <= ?",
                    (changes.sheet.key, book.version - STEPS_KEPT),
                )

    def steps(self, book: Book, sheet: Sheet, since: int) -> list[Step] | None:
        """Return how rows and columns of a sheet came to lie elsewhere since a version; None if forgotten."""
        if since < book.version - STEPS_KEPT:
            return None
        found = self.database.execute(
            "SELECT json FROM step WHERE sheet = ? AND version > ? ORDER BY version, number",
            (sheet.key, since),
        )
        return reduced(Step(**json.loads(text)) for (text,) in found)

    def _stamp(self, book: Book) -> None:
        """Write a spreadsheet's own row, with the next version and the time."""
        book.version += 1
        book.modified = max(moment(), book.modified)
        self.database.execute(
            "UPDATE book SET modified = ?, version = ?, trashed = ? WHERE id = ?",
            (book.modified, book.version, book.trashed, book.id),
        )
        if book.actor and book.actor != book.changer:
            self.database.execute("REPLACE INTO changer (book, email) VALUES (?, ?)", (book.id, book.actor))
            book.changer = book.actor
        if book.changed:
            self.database.execute("UPDATE book SET json = ? WHERE id = ?", (dumps(book.about), book.id))
            book.changed = False

    def _undo(self, books: tuple[Book, ...]) -> None:
        """Roll back, and forget the memory of what the transaction had changed."""
        if self.database.in_transaction:
            self.database.execute("ROLLBACK")
        self.styles.forget()
        self._gone = []
        stale = {book.id for book in books}
        for key, book in list(self._books.items()):
            if key in stale or book.changed or any(sheet.changed for sheet in book.sheets):
                stale.add(key)
        for old in [self._books.pop(key) for key in stale if key in self._books]:
            self._adopt(old)

    def _adopt(self, old: Book) -> None:
        """Read a spreadsheet anew, keeping the order of rows that the transaction left alone."""
        kept = {
            sheet.key: sheet.loaded
            for sheet in old.sheets
            if sheet.loaded is not None and not sheet.loaded.touched
        }
        try:
            fresh = self.book(old.id)
        except NotFound:
            return
        if old.engine is not None and not old.engine.open:
            fresh.engine = old.engine
        for sheet in fresh.sheets:
            lines = kept.get(sheet.key)
            if lines is not None:
                lines.clear()
                sheet.adopt(lines)


def moment() -> str:
    """Return the time now as Drive writes it, such as 2026-11-23T09:00:00.123Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_number(taken: set[int]) -> int:
    """Return a random id such as Google gives its sheets, other than those taken."""
    while True:
        number = random.randrange(1, 2**31 - 1)
        if number not in taken:
            return number
