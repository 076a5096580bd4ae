"""A save: one request that changes rows, adds rows, writes the journal and claims what it changes.

Saves that wait are sent together, in one request: each keeps its own id, journal lines and result.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book.changes import Change, Draft, Saved, drafts
from sheets_schema.book.deliver import deliver
from sheets_schema.book.failures import Lost
from sheets_schema.book.left import done_but, left_of
from sheets_schema.book.live import Ask, Live, Seen, look
from sheets_schema.book.plan import Plan, Signature, change_row, merged, new_row, take_row
from sheets_schema.book.putright import put_right
from sheets_schema.book.send import Sender
from sheets_schema.errors import BookError, Conflict, OpslineError
from sheets_schema.workbook import LETTERS

__all__ = ["Pending", "apart", "new_save", "prepare", "remember", "save_together"]

ATTEMPTS: Final = 6
"""How often a save looks again at its rows because somebody else was first."""

Row = tuple[str, str]
"""A table and an id."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A save that is to be sent.

    Args:
        signature: Its id, and whose it is.
        drafts: What its rows are to hold; every row has an id.
        first: What stood in each cell when it first looked: (table, id, field) -> cell.
    """

    signature: Signature
    drafts: Sequence[Draft]
    first: dict[tuple[str, str, str], object] = field(default_factory=dict)

    @property
    def saved(self) -> Saved:
        """What its caller is told when it is done."""
        return Saved(tuple(str(draft.id) for draft in self.drafts), self.signature.save)


def new_save(now: pd.Timestamp) -> str:
    """Return the id of a save, such as S-261123-K7Q4W2MN; *now* is in the workbook's time zone."""
    return f"S-{now:%y%m%d}-{''.join(random.SystemRandom().choices(LETTERS, k=8))}"


def prepare(book: Sender, changes: Sequence[Change], *, who: str, source: str, now: pd.Timestamp) -> Pending:
    """Return a save of some changes; see `Book.save`.

    Raises:
        UnknownTable, UnknownField, CellFault: Something that may not stand in the workbook.
    """
    local = now.tz_convert(book.time_zone)
    signature = Signature(new_save(local), who, source, now, book.time_zone)
    made = [_named(draft, local) for draft in drafts(book.tables, changes, book.time_zone)]
    return Pending(signature, [_free(draft, book.seen, local) for draft in made])


def save_together(book: Sender, saves: Sequence[Pending]) -> list[Saved | OpslineError]:
    """Send saves in one request; return what became of each.

    Args:
        book: Where to.
        saves: The saves, in order; a later one builds on an earlier one.

    Returns:
        The results of the saves that were dealt with, in their order: all of them, or those before
        the first one that changes a row which an earlier one adds. An error means that this save may
        not be, and nothing of it was done; or, where it has a `done`, that all of it is done but for what
        people did to the same cells in that instant (`left.py`).

    Raises:
        BookError: The request was refused or could not be sent: nothing of any of them was done. After
            `Lost` that is not known.
    """
    saves = apart(saves)
    for attempt in range(ATTEMPTS):
        asks = _asks(book, [draft for save in saves for draft in save.drafts])
        lives = look(asks, book.read, afresh=attempt > 0)
        remember(book, lives)
        planned = [_planned(save, lives) for save in saves]
        wrong = _sent(book, saves, planned, lives)
        if wrong is not None:
            left = left_of([each if isinstance(each, Plan) else None for each in planned], wrong)
            return [_result(*each) for each in zip(saves, planned, left, strict=True)]
        book.sleep(random.uniform(0, 0.05 * 2**attempt))
    row = saves[0].drafts[0]
    raise Conflict("book.busy", sheet=row.table.name, id=str(row.id))


def apart(saves: Sequence[Pending]) -> list[Pending]:
    """Return the saves that can go in one request: a row must be there before it is changed."""
    added: set[Row] = set()
    for number, save in enumerate(saves):
        rows = {(draft.table.name, str(draft.id)) for draft in save.drafts}
        if rows & added:
            return list(saves[:number])
        added |= {(draft.table.name, str(draft.id)) for draft in save.drafts if draft.new}
    return list(saves)


def _planned(save: Pending, lives: dict[str, Live]) -> Plan | OpslineError:
    """Return a save's plan, and bring *lives* to what it leaves; or why it may not be."""
    plan = Plan()
    try:
        for draft in _merged(save.drafts).values():
            live = lives[draft.table.name]
            if draft.gone:
                take_row(plan, live, draft, save.first)
            elif draft.new:
                new_row(plan, live, draft, save.signature)
            else:
                change_row(plan, live, draft, save.signature, save.first)
    except OpslineError as error:
        return error
    if plan.conflicts:
        plan.conflicts[0].facts["conflicts"] = tuple(plan.conflicts)
        return plan.conflicts[0]
    for name in plan.writes.keys() | plan.rows.keys():
        lives[name] = _after(lives[name], plan, name, save.drafts)
    return plan


def _after(live: Live, plan: Plan, name: str, made: Sequence[Draft]) -> Live:
    """Return a sheet as a plan leaves it, for the saves that go with it."""
    added = [str(draft.id) for draft in made if draft.new and draft.table.name == name]
    gone = {str(draft.id) for draft in made if draft.gone and draft.table.name == name}
    there = {id_: row for id_, row in live.rows.items() if id_ not in gone}
    rows = {**there, **{id_: live.last + 1 + place for place, id_ in enumerate(added)}}
    held = {id_: row for id_, row in live.cells.items() if id_ not in gone}
    written = plan.writes.get(name, {})
    for id_ in held.keys() & live.rows.keys():
        if (changed := written.get(live.rows[id_])) is not None:
            width = max(len(held[id_]), max(changed) + 1)
            old = [*held[id_], *([None] * (width - len(held[id_])))]
            held[id_] = [changed.get(place, cell) for place, cell in enumerate(old)]
    return replace(live, rows=rows, cells=held, last=live.last + len(added))


def remember(book: Sender, lives: Mapping[str, Live]) -> None:
    """Keep the headers that were just seen, so that a row can be added without looking again."""
    for name, live in lives.items():
        seen = book.seen.get(name)
        if seen is None and name == "journal":
            seen = Seen(live.key_place, {})
        if seen is not None:
            book.seen[name] = replace(seen, place=live.key_place, header=live.header.cells)


def _sent(
    book: Sender, saves: Sequence[Pending], planned: Sequence[Plan | OpslineError], lives: Mapping[str, Live]
) -> list[BookError] | None:
    """Send plans; return what could not be put right of them, None if they were forestalled."""
    pairs = zip(saves, planned, strict=True)
    plans = [(save.signature, plan) for save, plan in pairs if isinstance(plan, Plan) and plan.lines]
    if not plans:
        return []
    landed = deliver(book, plans, lives)
    if landed is None or landed.is_well:
        return None if landed is None else []
    for name in {each.table for each in landed.astray} & book.seen.keys():
        book.seen[name] = replace(book.seen[name], header=())
    try:
        return put_right(book, landed, merged([plan for _, plan in plans]), plans[0][0])
    except BookError as error:  # the save itself is done: nobody may take it for refused
        raise Lost(address=error.facts.get("address", plans[0][0].save)) from None


def _result(save: Pending, planned: Plan | OpslineError, left: Sequence[BookError]) -> Saved | OpslineError:
    """Return what became of a save that was sent."""
    if isinstance(planned, OpslineError):
        return planned
    taken = [(draft.table.name, str(draft.id)) for draft in save.drafts if draft.gone]
    return done_but(save.saved, left, taken) if left else save.saved


def _named(draft: Draft, now: pd.Timestamp) -> Draft:
    """Return a draft whose row has an id."""
    if draft.id is not None:
        return draft
    own = workbook.new_id(draft.table, now)
    return replace(draft, id=own, own_id=True, cells={**draft.cells, draft.table.key: own})


def _free(draft: Draft, seen: Mapping[str, Seen], now: pd.Timestamp) -> Draft:
    """Return a draft with another id, if the one that the book made was seen already.

    What others have added since, with the same four letters on the same day, is left to the claim.
    """
    while draft.own_id and draft.table.name in seen and draft.id in seen[draft.table.name].rows:
        draft = _named(replace(draft, id=None), now)
    return draft


def _merged(made: Sequence[Draft]) -> dict[Row, Draft]:
    """Return one draft for each row; of two that set one field, the later one holds."""
    rows: dict[Row, Draft] = {}
    for draft in made:
        row = (draft.table.name, str(draft.id))
        if (earlier := rows.get(row)) is None or draft.new or draft.gone:
            rows[row] = draft
        else:
            cells = {**earlier.cells, **draft.cells}
            rows[row] = replace(earlier, cells=cells, before={**draft.before, **earlier.before})
    return rows


def _asks(book: Sender, made: Sequence[Draft]) -> list[Ask]:
    """Return what to look at before writing: the rows to change, the ids, the journal's header."""
    rows: dict[str, list[str]] = {}
    new = [draft for draft in made if draft.new]
    to_compare = {each.table.name for each in new if not each.own_id or each.table.name not in book.seen}
    added = {(draft.table.name, draft.id) for draft in new}
    for draft in made:
        wanted = rows.setdefault(draft.table.name, [])
        if not draft.new and (draft.table.name, draft.id) not in added:
            wanted.append(str(draft.id))
    asks = [
        Ask(book.tables[name], tuple(dict.fromkeys(wanted)), book.seen.get(name), name in to_compare)
        for name, wanted in rows.items()
    ]
    return [*asks, Ask(book.tables["journal"], seen=book.seen.get("journal"))]
