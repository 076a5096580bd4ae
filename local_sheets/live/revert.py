"""Taking back what one operation did: by row, cell by cell, leaving alone what others changed since."""

import copy
from collections.abc import Sequence
from dataclasses import replace

from local_sheets import a1
from local_sheets.errors import Json
from local_sheets.live.record import DeletedSheet, Record, Recorder, SheetRecord, fingerprint
from local_sheets.page.words import say
from local_sheets.requests import blocks
from local_sheets.requests.dimensions import COLUMNS, ROWS, open_columns, remove, reorder
from local_sheets.requests.shifting import shift
from local_sheets.store import Book, Row, Sheet, Store
from local_sheets.store.lines import Kept, row_of
from local_sheets.store.row import AUTOMATIC, ERROR, FORMAT, FORMULA, MORE, NOTE, PROPERTIES, RULE
from local_sheets.store.steps import DELETE, INSERT, ORDER, Step, carried

_KINDS = ((blocks.VALUE, FORMULA, ERROR, AUTOMATIC), (FORMAT,), (RULE,), (NOTE,), (MORE,))
"""What of a cell is taken back together."""


def revert(store: Store, book: Book, record: Record, recorder: Recorder, language: str) -> list[Json]:
    """Undo an operation inside a transaction; return what was left as it is, as problems in sentences."""
    problems: list[Json] = []
    still = {sheet.id: _still(store, book, sheet, record) for sheet in book.sheets}
    for number, mark in record.made.items():
        problems += _unmake(book, number, mark, recorder, language)
    for gone in record.deleted:
        _bring_back(book, gone)
    for number, sheet_record in record.sheets.items():
        sheet = next((one for one in book.sheets if one.id == number), None)
        if sheet is None:
            problems.append({"gid": number, "reason": say("undo.sheet", language)})
        else:
            undo = _SheetUndo(store, book, sheet, record, sheet_record, language)
            problems += undo.run(still[number])
    _fields(book.about, record.about_before, record.about_after, copy.deepcopy(book.about))
    _sheets_order(book, record)
    book.touch()
    return problems


def _still(store: Store, book: Book, sheet: Sheet, record: Record) -> dict[tuple[int, int], bool]:
    """Say of each formula that followed what an operation moved whether it reads as it did right after."""
    done = record.sheets.get(sheet.id)
    if done is None:
        return {}
    since = [step for step in store.steps(book, sheet, record.version) or () if step.dimension == COLUMNS]
    back = [step.inverse() for step in reversed(done.steps) if step.dimension == COLUMNS]
    found = {}
    for (key, column), text in done.followed.items():
        index, here = sheet.lines.index(key), carried(column, COLUMNS, since)
        was = carried(column, COLUMNS, [step for step in back if step is not None])
        if was is not None:
            same = index is not None and here is not None
            found[key, was] = same and sheet.lines.row(index or 0).extra(FORMULA, here or 0) == text
    return found


def _unmake(book: Book, number: int, mark: str, recorder: Recorder, language: str) -> list[Json]:
    """Take away a sheet that was made, unless somebody wrote in it or it is the last one."""
    sheet = next((one for one in book.sheets if one.id == number), None)
    if sheet is None:
        return []
    visible = [one for one in book.sheets if not one.properties.get("hidden") and one is not sheet]
    if fingerprint(sheet) != mark or not visible:
        return [{"gid": number, "reason": say("undo.used", language, title=sheet.title)}]
    recorder.expect_deletion(sheet)
    book.remove(sheet)
    return []


def _bring_back(book: Book, gone: DeletedSheet) -> None:
    """Make a sheet again that was deleted; its rows get new keys."""
    about = copy.deepcopy(gone.about)
    taken = {sheet.id for sheet in book.sheets}
    title = about["properties"]["title"]
    if about["properties"]["sheetId"] in taken or book.titled(title) is not None:
        return
    sheet = book.add(about, min(gone.place, len(book.sheets)))
    sheet.lines.extend([row_of(0, *kept) for kept in gone.rows])


def _sheets_order(book: Book, record: Record) -> None:
    """Put the sheets back in order, if the operation had changed it and nobody did since."""
    now = [sheet.id for sheet in book.sheets]
    if record.order_before != record.order_after and sorted(now) == sorted(record.order_before):
        place = {number: index for index, number in enumerate(record.order_before)}
        book.sheets.sort(key=lambda sheet: place[sheet.id])


def _fields(now: Json, before: Json, after: Json, start: Json) -> None:
    """Put back each field that the operation changed and nobody did since."""
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name) and start.get(name) == after.get(name):
            if name in before:
                now[name] = copy.deepcopy(before[name])
            else:
                now.pop(name, None)


class _SheetUndo:
    """Takes back what was done to one sheet."""

    def __init__(
        self, store: Store, book: Book, sheet: Sheet, record: Record, done: SheetRecord, language: str
    ) -> None:
        self._book = book
        self._sheet = sheet
        self._done = done
        self._language = language
        self._own = [step for step in done.steps if step.dimension == COLUMNS]
        self._since = [
            step for step in store.steps(book, sheet, record.version) or () if step.dimension == COLUMNS
        ]
        self._forgotten = store.steps(book, sheet, record.version) is None
        self._closed: set[int] = set()
        self._still: dict[tuple[int, int], bool] = {}
        self.problems: list[Json] = []

    def run(self, still: dict[tuple[int, int], bool]) -> list[Json]:
        """Do it; return what was left as it is.

        A formula that only followed moved cells follows them back; where nobody changed it since (*still*) it
        is put back as it was, also what it had lost.
        """
        self._still = still
        if self._forgotten or (self._own and self._since):
            return [{"gid": self._sheet.id, "reason": say("undo.columns", self._language)}]
        start = copy.deepcopy(self._sheet.about)
        for step in reversed(self._own):
            self._uncolumn(step)
        if self._done.order_before is not None:
            self._close_rows()
            self._reopen_rows(self._done.order_before)
            self._reorder(self._done.order_before)
        for key, before in self._done.before.items():
            self._cells(key, before)
        _fields(self._sheet.about, self._done.about_before, self._done.about_after, start)
        self._sheet.steps = [replace(step, undoes=True) for step in self._sheet.steps]
        self._sheet.touch()
        return self.problems

    # columns -----------------------------------------------------------------------------------

    def _uncolumn(self, step: Step) -> None:
        """Take back one step of columns."""
        book, sheet = self._book, self._sheet
        if step.kind == INSERT:
            remove(book, sheet, COLUMNS, step.start, step.end)
        elif step.kind == DELETE:
            open_columns(book, sheet, step.start, step.end - step.start, inherit=False)
        else:
            low, order = _back(step)
            for row in sheet.lines.edits(0, len(sheet.lines)):
                reorder(row, low, order)
            back = step.inverse()
            if back is not None:
                sheet.steps.append(back)

    def _expected(self, after: Kept) -> Row:
        """Return what a row would be, had nobody else changed it, once the columns are back."""
        row = row_of(0, *after)
        for step in reversed(self._own):
            if step.kind == INSERT:
                row.shift(step.start, step.end, step.start - step.end)
            elif step.kind == DELETE:
                row.shift(step.start, step.start, step.end - step.start)
            else:
                reorder(row, *_back(step))
        return row

    # rows --------------------------------------------------------------------------------------

    def _opened(self) -> list[int]:
        """Return the keys of the rows that the operation inserted (not those that typing made)."""
        after, before = self._done.order_after, set(self._done.order_before or ())
        opened = [s for s in self._done.steps if s.dimension == ROWS and s.kind == INSERT]
        if not opened:
            return []
        last = len(after) - 1
        while last >= 0 and after[last] not in before and not any(s.start <= last < s.end for s in opened):
            last -= 1
        return [key for key in after[: last + 1] if key not in before]

    def _close_rows(self) -> None:
        """Delete the rows that were inserted, unless somebody wrote into them."""
        lines = self._sheet.lines
        for key in self._opened():
            index = lines.index(key)
            if index is None:
                continue
            found = lines.by_key([key])[0]
            if (found[2], found[3]) != self._done.after.get(key):
                self._problem(index, None, "undo.row")
                continue
            remove(self._book, self._sheet, ROWS, index, index + 1)
            self._closed.add(key)

    def _reopen_rows(self, before: list[int]) -> None:
        """Bring back the rows that were deleted, each run of them behind the row it stood behind."""
        lines, here = self._sheet.lines, set(self._sheet.lines.keys)
        after = set(self._done.order_after)
        run: list[Row] = []
        anchor: int | None = None
        for key in [*before, 0]:
            if key and key not in after and key not in here:
                kept = self._done.before.get(key)
                if kept is not None:
                    run.append(row_of(key, *kept))
                continue
            if run:
                index = 0 if anchor is None else (lines.index(anchor) or 0) + 1
                lines.restore(index, run)
                self._sheet.grid["rowCount"] = self._sheet.rows + len(run)
                shift(self._book, self._sheet, ROWS, index, opens=len(run))
                run = []
            if key in here:
                anchor = key

    def _reorder(self, before: list[int]) -> None:
        """Put rows that were sorted or moved back in order, unless somebody moved them since."""
        lines = self._sheet.lines
        was, opened = set(self._done.order_after), set(self._opened())
        known = opened.union(before)
        grown = [key for key in self._done.order_after if key not in known]
        had, here = {*before, *grown}, set(lines.keys)
        old = [key for key in [*before, *grown] if key in was and key in here]
        new = [key for key in self._done.order_after if key in had and key in here]
        if old == new:
            return
        first = next(n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
        last = next(n for n in range(len(old) - 1, -1, -1) if old[n] != new[n]) + 1
        moved = set(old[first:last])
        slots = [index for index, key in enumerate(lines.keys) if key in moved]
        if [lines.keys[slot] for slot in slots] != new[first:last]:
            self._problem(slots[0], None, "undo.order")
            return
        place = {lines.keys[slot]: slot for slot in slots}
        order = list(range(slots[0], slots[-1] + 1))
        for slot, key in zip(slots, old[first:last], strict=True):
            order[slot - slots[0]] = place[key]
        lines.arrange(slots[0], order)
        self._sheet.steps.append(Step(ORDER, ROWS, slots[0], slots[-1] + 1))

    # cells -------------------------------------------------------------------------------------

    def _cells(self, key: int, before: Kept | None) -> None:
        """Put back each cell of a row that the operation changed and nobody did since."""
        after = self._done.after.get(key)
        index = self._sheet.lines.index(key)
        if after is None or index is None or before == after:
            if after is not None and index is None and key not in self._closed:
                self._problem(None, None, "undo.gone")
            return
        old = row_of(0, *before) if before is not None else Row(0)
        new = self._expected(after)
        row = self._sheet.lines.edit(index)
        for column in range(max(old.width(), new.width())):
            here = carried(column, COLUMNS, self._since)
            if here is not None:
                one, other = blocks.take(old, column), blocks.take(new, column)
                followed = self._still.get((key, column))
                if followed:
                    blocks.put(row, here, one, _KINDS[0])
                self._cell(row, index, here, one, other, _KINDS if followed is None else _KINDS[1:])
        if old.extras.get(PROPERTIES) != new.extras.get(PROPERTIES) == row.extras.get(PROPERTIES):
            row.extras.pop(PROPERTIES, None)
            if PROPERTIES in old.extras:
                row.extras[PROPERTIES] = copy.deepcopy(old.extras[PROPERTIES])

    def _cell(
        self,
        row: Row,
        index: int,
        column: int,
        old: blocks.Cell,
        new: blocks.Cell,
        groups: Sequence[tuple[str, ...]],
    ) -> None:
        """Put back what of a cell was changed."""
        now = blocks.take(row, column)
        for kinds in groups:
            if _same(old, new, kinds):
                continue
            if _same(now, new, kinds):
                blocks.put(row, column, old, kinds)
            elif not _same(now, old, kinds):
                self._problem(index, column, "undo.cell")

    def _problem(self, index: int | None, column: int | None, word: str) -> None:
        """Say what was left as it is."""
        cell = "" if index is None else str(index + 1)
        if column is not None:
            cell = f"{a1.letters(column)}{cell}"
        self.problems.append(
            {
                "gid": self._sheet.id,
                "row": index,
                "column": column,
                "cell": cell,
                "reason": say(word, self._language, cell=cell),
            }
        )


def _same(one: blocks.Cell, other: blocks.Cell, kinds: Sequence[str]) -> bool:
    """Say whether two cells agree; a formula's value is not compared, it follows from the formula."""
    if FORMULA in kinds and one.get(FORMULA) is not None and one.get(FORMULA) == other.get(FORMULA):
        return True
    return all(_typed(one.get(kind)) == _typed(other.get(kind)) for kind in kinds)


def _typed(value: object) -> tuple[bool, object]:
    """Return a value that tells True from 1."""
    return isinstance(value, bool), value


def _back(step: Step) -> tuple[int, list[int]]:
    """Return from where on columns go into which order when a move is taken back."""
    low, high = min(step.start, step.to), max(step.end, step.to)
    return low, [step.carry(column) or 0 for column in range(low, high)]
