"""Who looks at which spreadsheet, and what each is told when something changes.

Everything here runs in the store's thread, where all changes are made one after the other, so that every
page is told of them in the same order.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from local_sheets import rights
from local_sheets.errors import Json, NotFound
from local_sheets.formulas.recalculation import refresh
from local_sheets.live import looks, snapshot
from local_sheets.live.operations import Author, History, carry_out
from local_sheets.page.words import say
from local_sheets.rights import Person
from local_sheets.row_links import Links
from local_sheets.store import Book, Sheet, Store
from local_sheets.store.changes import Changes, SheetChanges
from local_sheets.store.row import dumps
from local_sheets.store.steps import DELETE, INSERT, Step

MOST_ROWS_TOLD = 2000
"""If more rows of a sheet are changed at once, the page reads the sheet anew."""

_HISTORIES = 500


@dataclass(eq=False, slots=True)
class Viewer:
    """One page that is open: how it is told something, who looks, which sheets it has opened."""

    post: Callable[[str], None]
    close: Callable[[], None]
    book: str
    who: Person
    session: str
    language: str
    role: str | None = None
    opened: set[int] = field(default_factory=set)
    known: looks.Known = field(default_factory=looks.Known)

    @property
    def public(self) -> str:
        """The name of the session for others, who must not act in its place."""
        return hashlib.sha256(self.session.encode()).hexdigest()[:16]

    def tell(self, message: Json) -> None:
        """Send a message."""
        self.post(dumps(message))


class Hub:
    """The open pages of a store.

    Args:
        store: The store that they show.
        links: Where rows have a page of their own, by the sheet's title.
    """

    def __init__(self, store: Store, links: Links) -> None:
        self._store = store
        self._links = links
        self._viewers: dict[str, list[Viewer]] = {}
        self._histories: OrderedDict[tuple[str, str, str], History] = OrderedDict()
        self._author: tuple[Viewer, int] | None = None
        store.watch(self._changed)

    # what pages do -----------------------------------------------------------------------------

    def enter(self, viewer: Viewer) -> None:
        """Let a page in and tell it what there is.

        Raises:
            NotFound: There is no such spreadsheet.
            Forbidden: The person may not open it.
        """
        book = self._store.book(viewer.book)
        rights.check_read(book, viewer.who)
        refresh(self._store, book)
        viewer.role = rights.role_of(book, viewer.who)
        self._viewers.setdefault(viewer.book, []).append(viewer)
        done = self._store.database.execute(
            "SELECT max(op) FROM done WHERE session = ?", (f"{viewer.book}:{viewer.session}",)
        ).fetchone()[0]
        message = snapshot.book_message(book, viewer.who)
        viewer.tell(message | {"session": viewer.session, "done": done or 0, "changed": False})

    def leave(self, viewer: Viewer) -> None:
        """Forget a page that was closed."""
        viewers = self._viewers.get(viewer.book, [])
        if viewer in viewers:
            viewers.remove(viewer)
        if not viewers:
            self._viewers.pop(viewer.book, None)

    def open(self, viewer: Viewer, number: int) -> None:
        """Send a sheet whole, and its changes from now on.

        Raises:
            NotFound: There is no such sheet.
        """
        book = self._store.book(viewer.book)
        rights.check_read(book, viewer.who)
        sheet = book.only_sheet(number)
        viewer.opened.add(number)
        self._send_sheet(viewer, book, sheet)

    def _send_sheet(self, viewer: Viewer, book: Book, sheet: Sheet) -> None:
        """Send a sheet whole, the looks that it uses first."""
        messages, extras = snapshot.whole_sheet(book, sheet, viewer.who, self._links)
        self._send_looks(viewer, looks.news(book, viewer.known, extras))
        for message in messages:
            viewer.post(message)

    @staticmethod
    def _send_looks(viewer: Viewer, message: str | None) -> None:
        """Send looks if there are news."""
        if message is not None:
            viewer.post(message)

    def carry_out(self, viewer: Viewer, message: Json) -> None:
        """Carry out an operation of a page: all are told what it changed, then the page what came of it."""
        history = self._history(viewer)
        author = Author(viewer.who, viewer.session, viewer.language, history)
        self._author = (viewer, message["op"]) if isinstance(message.get("op"), int) else None
        try:
            answer = carry_out(self._store, viewer.book, author, message)
        finally:
            self._author = None
        viewer.tell(answer)

    def _history(self, viewer: Viewer) -> History:
        """Return what a tab can undo; those of tabs long unused are forgotten."""
        name = (viewer.book, viewer.who.key, viewer.session)
        history = self._histories.setdefault(name, History())
        self._histories.move_to_end(name)
        while len(self._histories) > _HISTORIES:
            self._histories.popitem(last=False)
        return history

    # what pages are told -----------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        """Tell every page that shows a spreadsheet what a transaction changed of it."""
        viewers = list(self._viewers.get(changes.book.id, ()))
        if not viewers:
            return
        if changes.whole or any(found.about for found in changes.sheets):
            viewers = [viewer for viewer in viewers if self._tell_book(viewer, changes.book)]
        for found in changes.sheets:
            opened = [viewer for viewer in viewers if found.sheet.id in viewer.opened]
            if opened:
                self._tell_sheet(opened, changes, found)
            for viewer in viewers:
                self._send_looks(viewer, looks.renewed(changes.book, viewer.known, found.sheet.id))

    def _tell_book(self, viewer: Viewer, book: Book) -> bool:
        """Send the list of sheets; turn away who may not read any more. Return whether the page stays."""
        try:
            self._store.book(book.id)
            viewer.role = rights.role_of(book, viewer.who)
        except NotFound:
            viewer.role = None
        if viewer.role is None:
            viewer.tell({"type": "problem", "reason": say("live.deleted", viewer.language), "final": True})
            self.leave(viewer)
            viewer.close()
            return False
        message = snapshot.book_message(book, viewer.who)
        viewer.tell(message | {"session": viewer.session, "changed": True})
        return True

    def _tell_sheet(self, viewers: list[Viewer], changes: Changes, found: SheetChanges) -> None:
        """Send what was changed of a sheet."""
        book, sheet = changes.book, found.sheet
        if len(found.keys) > MOST_ROWS_TOLD:
            for viewer in viewers:
                self._send_change(viewer, changes, sheet, ['{"kind":"reload"}'])
                self._send_sheet(viewer, book, sheet)
            return
        rows = snapshot.rows_by_key(sheet.lines, found.keys)
        extras = {row[3] for row in rows if row[3]}
        moves = [
            dumps({"kind": step.kind, "dimension": step.dimension, "start": step.start} | _extent(step))
            for step in found.steps
            if step.kind in (INSERT, DELETE)
        ]
        for viewer in viewers:
            self._send_looks(viewer, looks.news(book, viewer.known, extras))
            steps = list(moves)
            if found.about:
                whole = snapshot.about(book, sheet, viewer.who, self._links)
                steps.append(dumps({"kind": "about", "about": whole}))
            if rows:
                steps.append(snapshot.rows_step(rows))
            self._send_change(viewer, changes, sheet, steps)

    def _send_change(self, viewer: Viewer, changes: Changes, sheet: Sheet, steps: list[str]) -> None:
        """Send the steps of a change; its author knows it by the operation's number."""
        by, number = None, None
        if self._author is not None:
            by = viewer.session if self._author[0] is viewer else self._author[0].public
            number = self._author[1]
        head = dumps({"version": changes.version, "session": by, "op": number, "gid": sheet.id})
        viewer.post(f'{{"type":"change",{head[1:-1]},"steps":[{",".join(steps)}]}}')


def _extent(step: Step) -> Json:
    """Return how far a step reaches."""
    return {"count": step.end - step.start} if step.kind == INSERT else {"end": step.end}
