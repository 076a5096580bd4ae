"""What a live page asks for, carried out: in one transaction, exactly once, so that it can be taken back."""

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from local_sheets import a1, rights
from local_sheets.api_values import grow
from local_sheets.batch import guarded
from local_sheets.errors import ApiError, BadRequest, Forbidden, Json, NotFound
from local_sheets.guard import Guard, writing
from local_sheets.live.carry import COLUMNS, ROWS, Late, StepsOf, carry_request
from local_sheets.live.record import Record, Recorder
from local_sheets.live.revert import revert
from local_sheets.page import edits, view
from local_sheets.page.words import say
from local_sheets.protection import Protected
from local_sheets.rights import Person
from local_sheets.schema import reader as bodies
from local_sheets.store import Book, Row, Sheet, Store
from local_sheets.store.row import FORMAT, RULE, dumps
from local_sheets.store.steps import Step, carried
from local_sheets.values import cells
from local_sheets.values.locales import locale

MOST_UNDONE = 100
ANSWERS_KEPT_DAYS = 30
_DAY = 86_400


@dataclass(slots=True)
class History:
    """What one tab of a browser can take back, and what it has taken back."""

    undo: list[Record] = field(default_factory=list)
    redo: list[Record] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks for an operation: a person, the tab of their browser, its language, its history."""

    who: Person
    session: str
    language: str
    history: History


class Refused(Exception):
    """Nothing of an operation was done; the text is a sentence."""


def carry_out(store: Store, key: str, author: Author, message: Json) -> Json:
    """Carry out `do`, `undo` or `redo`; return the answer `done` or `refused`.

    An operation that was carried out already is not done again: its answer is.
    """
    number = message.get("op")
    if not isinstance(number, int):
        raise BadRequest("An operation needs a number.")
    name = f"{key}:{author.session}"
    known = store.database.execute(
        "SELECT answer FROM done WHERE session = ? AND op = ?", (name, number)
    ).fetchone()
    if known:
        return _finished(store, key, author, json.loads(known[0]))
    try:
        return _finished(store, key, author, _once(store, key, author, message, name))
    except (Refused, ApiError) as error:
        return {"type": "refused", "op": number, "reason": _sentence(error, author.language)}


_WORDS = {NotFound: "live.deleted", Forbidden: "live.read_only", Protected: "protected"}


def _sentence(error: Refused | ApiError, language: str) -> str:
    """Return why nothing was done."""
    for kind, word in _WORDS.items():
        if isinstance(error, kind):
            return say(word, language)
    return _plain(error.message) if isinstance(error, ApiError) else str(error)


def _plain(message: str) -> str:
    """Return Google's words without the place in a request that no person has seen.

    >>> _plain("Invalid requests[0].mergeCells: You can't merge.")
    "You can't merge."
    """
    head, colon, rest = message.partition(": ")
    return rest if colon and head.startswith("Invalid requests[") else message


def _finished(store: Store, key: str, author: Author, answer: Json) -> Json:
    """Add to an answer what is true at the moment that it is sent."""
    history = author.history
    return answer | {
        "version": store.book(key).version,
        "undo": len(history.undo),
        "redo": len(history.redo),
    }


def _once(store: Store, key: str, author: Author, message: Json, name: str) -> Json:
    """Do it in one transaction that also keeps the answer."""
    book = store.book(key)
    rights.check_write(book, author.who)
    kind, history = message["type"], author.history
    with writing(store, book, author.who) as guard:
        recorder = Recorder(book)
        work = _Work(store, book, author, _base(message), guard)
        if kind == "do":
            for step in _steps(message):
                work.step(step, recorder)
        else:
            stack = history.undo if kind == "undo" else history.redo
            if not stack:
                raise Refused(say(f"{kind}.nothing", author.language))
            work.problems += revert(store, book, stack[-1], recorder, author.language)
        record = recorder.finish()
        book.recalculate()
        work.warn_of_formulas()
        answer = work.answer(message["op"])
        _keep_answer(store, name, message["op"], answer)
    _remember(history, kind, record)
    return answer


def _base(message: Json) -> int:
    """Return the version that addresses are given as of."""
    base = message.get("base")
    return base if isinstance(base, int) else 0


def _steps(message: Json) -> Sequence[Json]:
    """Return the steps of a `do`."""
    steps = message.get("do")
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        raise BadRequest("An operation needs a list of steps.")
    return steps


def _keep_answer(store: Store, name: str, number: int, answer: Json) -> None:
    """Keep an answer for a page that did not hear it; forget the old ones."""
    now = int(time.time())
    store.database.execute(
        "INSERT INTO done (session, op, at, answer) VALUES (?, ?, ?, ?)", (name, number, now, dumps(answer))
    )
    store.database.execute("DELETE FROM done WHERE session = ? AND op < ?", (name, number - 1000))
    if number == 1:
        store.database.execute("DELETE FROM done WHERE at < ?", (now - ANSWERS_KEPT_DAYS * _DAY,))


def _remember(history: History, kind: str, record: Record | None) -> None:
    """Put what was done where the next undo or redo finds it."""
    if kind == "do":
        if record is not None:
            history.undo.append(record)
            history.redo.clear()
            del history.undo[:-MOST_UNDONE]
        return
    taken, given = (history.undo, history.redo) if kind == "undo" else (history.redo, history.undo)
    taken.pop()
    if record is not None:
        given.append(record)


class _Work:
    """The steps of one operation, and what came of them."""

    def __init__(self, store: Store, book: Book, author: Author, base: int, guard: Guard) -> None:
        self._store = store
        self._guard = guard
        self._book = book
        self._author = author
        self._base = base
        self._since: dict[int, list[Step]] = {}
        self.problems: list[Json] = []
        self._warnings: list[Json] = []
        self._replies: list[Json] = []
        self._formulas: list[tuple[Sheet, Json, int, str, str]] = []

    def warn_of_formulas(self) -> None:
        """Warn of each formula that was typed and is not computed here."""
        for sheet, cell, column, text, address in self._formulas:
            row = _index(sheet, cell, self._steps_of(sheet.id))
            if row is not None and not edits.computed(sheet.lines.row(row), column):
                reason = say("formula", self._author.language)
                self._warnings.append(self._said(sheet, cell, text, reason, address))

    def answer(self, number: int) -> Json:
        """Return the answer."""
        return {
            "type": "done",
            "op": number,
            "problems": self.problems,
            "warnings": self._warnings,
            "replies": self._replies,
        }

    def _steps_of(self, number: int) -> list[Step]:
        """Return how rows and columns of a sheet came to lie elsewhere since the page's version."""
        if number not in self._since:
            sheet = next((one for one in self._book.sheets if one.id == number), None)
            steps = self._store.steps(self._book, sheet, self._base) if sheet is not None else []
            if steps is None:
                raise Refused(say("live.late", self._author.language))
            self._since[number] = steps
        return self._since[number]

    def step(self, step: Json, recorder: Recorder) -> None:
        """Do one step."""
        if step.get("kind") == "cells":
            self._cells(step)
        elif step.get("kind") == "request":
            self._request(step.get("request"), recorder)
        else:
            raise BadRequest(f"A step of the kind {step.get('kind')!r} is not known.")

    def _request(self, request: Any, recorder: Recorder) -> None:
        """Do one request of batchUpdate."""
        if not isinstance(request, dict):
            raise BadRequest("A step needs a request.")
        steps_of: StepsOf = self._steps_of
        try:
            carried_over = carry_request(bodies.read(request, "Request", "request"), steps_of)
        except Late:
            raise Refused(say("live.late", self._author.language)) from None
        doomed = carried_over.get("deleteSheet")
        if isinstance(doomed, dict):
            recorder.expect_deletion(self._book.sheet(doomed.get("sheetId"), "sheet"))
        self._replies.append(guarded(self._book, len(self._replies), carried_over, self._guard))

    # cells -------------------------------------------------------------------------------------

    def _cells(self, step: Json) -> None:
        """Write what was typed into cells, each by itself: one that is refused leaves the others alone."""
        try:
            sheet = self._book.only_sheet(int(step["gid"]))
            given = [(cell, int(cell["column"]), str(cell["text"])) for cell in step["cells"]]
        except (KeyError, TypeError, ValueError) as error:
            raise BadRequest("A step of cells needs gid, and cells with column and text.") from error
        except NotFound:
            raise Refused(say("undo.sheet", self._author.language)) from None
        for cell, column, text in given:
            self._cell(sheet, cell, column, text)

    def _cell(self, sheet: Sheet, cell: Json, column: int, text: str) -> None:
        """Write one cell, or say why not."""
        steps = self._steps_of(sheet.id)
        index, here = _index(sheet, cell, steps), carried(column, COLUMNS, steps)
        if index is None or here is None or here < 0:
            self._problem(sheet, cell, text, say("gone", self._author.language))
            return
        grow(self._book, sheet, index + 1, here + 1)
        address = f"{a1.letters(here)}{index + 1}"
        row = _row_for(sheet, index)
        if self._is_late(row, here, cell, text, sheet, address):
            return
        try:
            edits.check_protection(self._book, sheet, index, here, self._author.language)
            warning = edits.check(self._book, row, here, text, address, self._author.language)
        except edits.Refused as refused:
            self._problem(sheet, cell, text, refused.problems[here], address)
            return
        kept = sheet.lines.edit(index)
        if kept is not row and row.extras and not kept.extras:
            kept.extras = copy.deepcopy(row.extras)
        cells.put(self._book, kept, here, text, "USER_ENTERED")
        if text.startswith("="):
            self._formulas.append((sheet, cell, here, text, address))
        if warning:
            self._warnings.append(self._said(sheet, cell, text, warning, address))

    def _is_late(self, row: Row, column: int, cell: Json, text: str, sheet: Sheet, address: str) -> bool:
        """Say whether somebody changed the cell since the page saw it, and note that."""
        before = cell.get("before")
        if not isinstance(before, str) or cell.get("force"):
            return False
        now = view.shown(self._book, row, column, locale(self._book.locale), set()).text
        if now in (before, text):
            return False
        late = say("late", self._author.language, cell=address, theirs=now)
        self.problems.append(self._said(sheet, cell, text, late, address) | {"late": True, "theirs": now})
        return True

    def _problem(self, sheet: Sheet, cell: Json, text: str, reason: str, address: str = "") -> None:
        """Note why a cell was not written."""
        self.problems.append(self._said(sheet, cell, text, reason, address))

    def _said(self, sheet: Sheet, cell: Json, text: str, reason: str, address: str) -> Json:
        """Return a sentence about a cell, with what the page called it."""
        return {
            "gid": sheet.id,
            "key": cell.get("key", 0),
            "row": cell.get("row"),
            "column": cell["column"],
            "cell": address,
            "text": text,
            "reason": reason,
            "late": False,
            "theirs": None,
        }


def _index(sheet: Sheet, cell: Json, steps: Sequence[Step]) -> int | None:
    """Return where the row of a cell lies now; None when it is gone."""
    key = cell.get("key")
    if isinstance(key, int) and key > 0:
        return sheet.lines.index(key)
    row = cell.get("row")
    if not isinstance(row, int) or row < 0:
        return None
    return carried(row, ROWS, steps)


def _row_for(sheet: Sheet, index: int) -> Row:
    """Return the row of an index; a new one right under the last looks and is checked like that one."""
    row = sheet.lines.row(index)
    if row.key or row.extras or index != view.filled_rows(sheet):
        return row
    if index <= sheet.grid.get("frozenRowCount", 0):
        return row
    above = sheet.lines.row(index - 1).extras
    return Row(0, [], {kind: dict(above[kind]) for kind in (FORMAT, RULE) if kind in above})
