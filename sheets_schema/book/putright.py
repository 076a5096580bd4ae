"""Cells that landed in another row go where they should, and the other row gets its own back.

What a person typed into a cell that was written over is journalled, and left to the save's writer.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sheets_schema.book import journal
from sheets_schema.book.before import NUMBER
from sheets_schema.book.cells import same_cell
from sheets_schema.book.changes import KEPT
from sheets_schema.book.checking import Astray, value_of
from sheets_schema.book.deliver import Landed, deliver
from sheets_schema.book.journal import RIGHT
from sheets_schema.book.live import Ask, Live, look
from sheets_schema.book.plan import Plan, Signature, conflict, merged, version_of
from sheets_schema.book.send import Sender
from sheets_schema.book.typed_over import Over
from sheets_schema.errors import BookError, Conflict, HeaderFault, MissingRow
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text, blank

__all__ = ["put_right"]

ATTEMPTS: Final = 6

FORMULA: Final = {"pasteType": "PASTE_FORMULA"}

Json = dict[str, Any]


def put_right(book: Sender, landed: Landed, sent: Plan, signature: Signature) -> list[BookError]:
    """Put right what landed elsewhere, in one atomic request, journalled and checked like any other.

    The other row's cells are given back where they still hold what was written by mistake; what was
    meant is written where it was meant to stand. The row that it was meant for is still claimed, so
    that no other writer of ours has come in between.

    Args:
        book: The book.
        landed: What landed elsewhere, and what was typed where it landed.
        sent: The plan that was sent.
        signature: Whose save it was.

    Returns:
        What could not be: a `Conflict` where a person has typed into the same cell meanwhile (theirs stays,
        and the journal has both); a `MissingRow` where a person has deleted the row, a `HeaderFault` where
        the column is gone (the journal has what was to be saved). And a `Conflict` with `facts["stands"]`
        where a person had typed into the very cell just before it was written: ours stands, and the
        journal has theirs.
    """
    wrong: list[BookError] = []
    over = list(landed.over)
    _journal_over(book, landed.over, signature)
    gone = landed.astray
    stale: set[tuple[object, ...]] = set()
    for attempt in range(ATTEMPTS if gone else 0):
        repair = _repair(book, gone, sent)
        plan = repair.plan
        plan.claims = [each for each in plan.claims if each not in stale]
        signed = replace(signature, save=f"{signature.save}-R{attempt}", source=RIGHT)
        left = deliver(book, [(signed, plan)], repair.lives) if plan.does_anything else Landed()
        if left is None:
            stale |= set(plan.claims)
            book.sleep(random.uniform(0, 0.05 * 2**attempt))
            continue
        wrong += repair.wrong
        over += left.over
        _journal_over(book, left.over, signed)
        gone, sent = left.astray, plan
        if not gone:
            break
    if gone:
        raise Conflict("book.busy", sheet=gone[0].table, id=gone[0].id)
    told = {_cell_of(error) for error in wrong}
    return [*wrong, *(each for each in _last(over) if _cell_of(each) not in told)]


def _last(over: Sequence[Over]) -> list[Conflict]:
    """Return the conflicts of cells that were typed into, the last one of each cell."""
    return list({(each.table.name, each.id, each.name): each.conflict for each in over}.values())


def _cell_of(error: BookError) -> tuple[object, ...]:
    """Return which cell an error is about."""
    return error.facts.get("sheet"), error.facts.get("id"), error.facts.get("name")


def _journal_over(book: Sender, over: Sequence[Over], signature: Signature) -> None:
    """Journal what was typed into cells as an edit in the sheet, and that it was written over."""
    if not over:
        return
    typed, back = zip(*(each.lines for each in over), strict=True)
    edit = replace(signature, save=f"{signature.save}-T0", who="", source=journal.SHEET)
    ours = replace(signature, save=f"{signature.save}-T1", source=RIGHT)
    plans = [(edit, Plan(lines=list(typed))), (ours, Plan(lines=list(back)))]
    with suppress(BookError):  # the save's writer is told in any case, and of what was typed
        for _ in range(ATTEMPTS):
            landed = deliver(book, plans, look([Ask(book.tables["journal"])], book.read))
            if landed is not None:
                put_right(book, landed, merged([plan for _, plan in plans]), edit)
                return


@dataclass(frozen=True, slots=True)
class _Whole:
    """A sheet as it stands now, all of it."""

    table: Table
    live: Live
    values: Sequence[Sequence[object]]

    def cell(self, row: int, place: int) -> object:
        """Return a cell; None where the row ends before it."""
        cells = self.values[row - 1] if row <= len(self.values) else ()
        return cells[place] if place < len(cells) else None

    def find(self, wanted: Mapping[int, object], but: Collection[int] = ()) -> int | None:
        """Return the first row without an id that holds certain cells, none of some others."""
        for row in range(2, len(self.values) + 1):
            if (
                row not in but
                and blank(self.cell(row, self.live.key_place))
                and all(same_cell(self.cell(row, place), cell) for place, cell in wanted.items())
            ):
                return row
        return None

    def holding(self, place: int, id_: str) -> int | None:
        """Return the row that has an id in some column."""
        rows = range(2, len(self.values) + 1)
        return next((row for row in rows if as_text(self.cell(row, place)) == id_), None)

    def name_at(self, place: int) -> str:
        """Return the field of a column, what stands above it where it is none."""
        header = self.live.header.cells
        return self.name_of(header[place] if place < len(header) else "")

    def name_of(self, shown: str) -> str:
        """Return the field that has a name above it; the name where none has."""
        header = self.live.header
        own = header.cells.index(shown) if shown and header.cells.count(shown) == 1 else None
        taken = (name for name, place in header.taken.items() if place == own)
        return next(taken, None) or self.table.name_of(shown) or shown


def _repair(book: Sender, gone: Sequence[Astray], sent: Plan) -> _Repair:
    """Return what puts rows right, as the sheets stand now."""
    wholes = _wholes(book, tuple(dict.fromkeys(each.table for each in gone)))
    repair = _Repair(sent, wholes, {name: book.grid(name).id for name in wholes})
    for each in gone:
        repair.add(each)
    return repair


def _wholes(book: Sender, names: Sequence[str]) -> dict[str, _Whole]:
    """Read sheets, and the journal's header."""
    asks = [Ask(book.tables[name], seen=book.seen.get(name), whole=True) for name in names]
    if "journal" not in names:
        asks.append(Ask(book.tables["journal"]))
    values = book.read([each for ask in asks for each in ask.ranges()])
    found = {}
    for ask, held in zip(asks, values, strict=True):
        live = ask.live([held])
        if live is not None:
            found[ask.table.name] = _Whole(ask.table, live, held)
    return found


@dataclass(slots=True)
class _Repair:
    """What puts some rows right."""

    sent: Plan
    wholes: Mapping[str, _Whole]
    numbers: Mapping[str, int]
    plan: Plan = field(default_factory=Plan)
    wrong: list[BookError] = field(default_factory=list)

    @property
    def lives(self) -> dict[str, Live]:
        """The sheets, as a plan is delivered to them."""
        return {name: whole.live for name, whole in self.wholes.items()}

    def add(self, each: Astray) -> None:
        """Add what one row needs."""
        whole = self.wholes[each.table]
        landed = self._landed(each, whole)
        if landed is not None:
            self._give_back(each, whole, landed)
        if not each.id:
            self._clear(each, whole)
            return
        is_own = each.row is None or each.victim == each.id
        row = landed if is_own and landed is not None else whole.live.rows.get(each.id)
        if row is not None:
            self._write(each, whole, row)
        elif not each.takes_away:
            self.wrong.append(MissingRow(sheet=each.table, id=each.id))

    def _clear(self, each: Astray, whole: _Whole) -> None:
        """Give the right row without an id what it was to get back, if it is still as it was."""
        stood = self.sent.nameless.get((each.table, each.row or 0), {})
        wanted = {_carried(each, whole, place): cell for place, cell in stood.items()}
        row = whole.find(wanted, self.plan.writes.get(each.table, {})) if wanted else None
        if row is not None:
            for place, cell in each.cells.items():
                self._put(whole, "", row, _carried(each, whole, place), cell)

    def _landed(self, each: Astray, whole: _Whole) -> int | None:
        """Return the row in which the cells stand now."""
        if each.row is None:
            return whole.holding(_carried(each, whole, each.key), each.id)
        over = None if each.takes_away else each.over_key
        if over is not None and each.cells[over] != "":
            return whole.holding(_carried(each, whole, over), as_text(each.cells[over]))
        if each.victim and not each.takes_away and over is None:
            return whole.live.rows.get(each.victim)
        wanted = {_carried(each, whole, place): cell for place, cell in each.cells.items()}
        rest = {} if each.before is None or each.takes_away else each.before
        exact = {_carried(each, whole, place): value_of(cell) for place, cell in rest.items()} | wanted
        taken = self.plan.writes.get(each.table, {})
        return whole.find(exact, taken) or whole.find(wanted, taken) or self._below(each, whole)

    def _below(self, each: Astray, whole: _Whole) -> int | None:
        """Return the row below all that hold something, for a row that was cleared by mistake."""
        if not each.takes_away:
            return None
        return max([len(whole.values), *self.plan.writes.get(each.table, {})]) + 1

    def _give_back(self, each: Astray, whole: _Whole, row: int) -> None:
        """Give a row back what stood in it."""
        victim = each.victim if each.row is not None else each.id
        for place, cell in each.cells.items():
            at = _carried(each, whole, place)
            name, now = whole.name_at(at), whole.cell(row, at)
            if victim == each.id and name == _meant(each, whole, place):
                continue  # other columns had moved, not this one
            before = {} if each.row is None or each.before is None else each.before.get(place, {})
            if not same_cell(now, cell):
                self._ahead(each, whole, row, at, now, before)
                continue
            if each.before is None and each.row is not None and victim:
                continue  # what stood there is not known; a row without an id was blank
            old = value_of(before)
            if "formulaValue" in before.get("userEnteredValue", {}):
                source = _cell(NUMBER, each.copy or 1, place + 1)
                here = _cell(self.numbers[each.table], row, at)
                self.plan.more.append({"copyPaste": {**FORMULA, "source": source, "destination": here}})
            elif name == "version" and victim not in {"", each.id}:
                self._count_on(whole, victim, row, at, {version_of(old), version_of(now)})
            else:
                self._put(whole, victim, row, at, "" if old is None else old)
            if name not in KEPT and victim and each.row is not None and not same_cell(cell, old):
                self.plan.lines.append(journal.changed(whole.table, victim, name, cell, old))

    def _count_on(self, whole: _Whole, victim: str, row: int, at: int, versions: set[int]) -> None:
        """Give a row a version that it never had, claiming those that others may have read meanwhile.

        Its own one again would come to the claimed ones later, and every save be refused there.
        """
        self._put(whole, victim, row, at, max(versions) + 1)
        self.plan.claims += [("row", whole.table.name, victim, each) for each in sorted(versions)]

    def _ahead(self, each: Astray, whole: _Whole, row: int, at: int, now: object, before: Json) -> None:
        """Keep a row's version ahead of what it was, where somebody has saved to it meanwhile."""
        was = version_of(value_of(before))
        if whole.name_at(at) == "version" and each.victim != each.id and version_of(now) <= was:
            self._count_on(whole, each.victim, row, at, {was, version_of(now)})

    def _write(self, each: Astray, whole: _Whole, row: int) -> None:
        """Write what was meant, where it was meant to stand."""
        old = self.sent.old.get((each.table, each.id), {})
        for place, cell in each.cells.items():
            name = _meant(each, whole, place)
            at = whole.live.place(name)
            if at is None and name in whole.table.names:
                facts = {"sheet": each.table, "id": each.id, "name": name, "missing": name}
                self.wrong.append(HeaderFault("book.done.no_column", **facts))
                continue
            at = _carried(each, whole, place) if at is None else at
            now = self.plan.writes.get(each.table, {}).get(row, {}).get(at, whole.cell(row, at))
            if same_cell(now, cell) and not self._is_restored(each.table, row, at):
                continue
            is_ahead = each.row is not None and version_of(now) > version_of(cell)
            if name == "version" and is_ahead and not each.takes_away:
                continue
            is_own = name in KEPT or (each.row is None and name == whole.table.key)
            if is_own or same_cell(now, old.get(name)):
                self._put(whole, each.id, row, at, cell)
            elif not same_cell(now, cell):
                three = {"before": old.get(name), "yours": cell, "theirs": now}
                self.wrong.append(conflict(whole.table, each.id, name, **three))
                self.plan.lines.append(journal.changed(whole.table, each.id, name, cell, now))

    def _is_restored(self, table: str, row: int, at: int) -> bool:
        """Say whether a cell is given back by this repair."""
        return at in self.plan.writes.get(table, {}).get(row, {})

    def _put(self, whole: _Whole, id_: str, row: int, at: int, cell: object) -> None:
        """Add one cell, and what stands there until then: by it the next check knows whose cell it is."""
        self.plan.writes.setdefault(whole.table.name, {}).setdefault(row, {})[at] = cell
        self.plan.ids[whole.table.name, row] = id_
        held = self.plan.old.setdefault((whole.table.name, id_), {})
        held.setdefault(whole.name_at(at), whole.cell(row, at))
        if not id_:
            self.plan.nameless.setdefault((whole.table.name, row), {})[at] = whole.cell(row, at)


def _meant(each: Astray, whole: _Whole, place: int) -> str:
    """Return the field for which a cell was meant."""
    return whole.name_of(each.planned[place] if place < len(each.planned) else "")


def _carried(each: Astray, whole: _Whole, place: int) -> int:
    """Return where the column is now that was at a place when the cells landed."""
    shown = each.header[place] if place < len(each.header) else ""
    header = whole.live.header.cells
    return header.index(shown) if shown and shown in header else place


def _cell(sheet: int, row: int, place: int) -> Json:
    """Return the range of one cell."""
    rows = {"startRowIndex": row - 1, "endRowIndex": row}
    return {"sheetId": sheet, **rows, "startColumnIndex": place, "endColumnIndex": place + 1}
