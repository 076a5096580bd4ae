"""A save: one request that changes rows, adds rows, writes the journal and claims what it changes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book.changes import Change, Draft, Saved, drafts
from sheets_schema.book.failures import Taken
from sheets_schema.book.live import Ask, Live, Seen, look
from sheets_schema.book.plan import Plan, Signature, change_row, new_row
from sheets_schema.book.send import Sender, send
from sheets_schema.errors import Conflict
from sheets_schema.workbook import LETTERS

__all__ = ["new_save", "save"]

ATTEMPTS: Final = 6
"""How often a save looks again at its rows because somebody else was first."""

Row = tuple[str, str]
"""A table and an id."""


def new_save(now: pd.Timestamp) -> str:
    """Return the id of a save, such as S-261123-K7Q4W2MN; *now* is in the workbook's time zone."""
    return f"S-{now:%y%m%d}-{''.join(random.SystemRandom().choices(LETTERS, k=8))}"


def save(book: Sender, changes: Sequence[Change], *, who: str, source: str, now: pd.Timestamp) -> Saved:
    """Save changes; see `Book.save`."""
    local = now.tz_convert(book.time_zone)
    signature = Signature(new_save(local), who, source, now, book.time_zone)
    made = [_named(draft, local) for draft in drafts(book.tables, changes, book.time_zone)]
    first: dict[tuple[str, str, str], object] = {}
    for attempt in range(ATTEMPTS):
        lives = look(_asks(book, made), book.read)
        made = [_free(draft, book.seen, local) for draft in made]
        plan = Plan()
        for draft in _merged(made).values():
            live = lives[draft.table.name]
            if draft.new:
                new_row(plan, live, draft, signature)
            else:
                change_row(plan, live, draft, signature, first)
        if plan.lines and not _sent(book, plan, lives, signature):
            book.sleep(random.uniform(0, 0.05 * 2**attempt))
            continue
        return Saved(tuple(str(draft.id) for draft in made), signature.save)
    raise Conflict("book.busy", sheet=made[0].table.name, id=str(made[0].id))


def _sent(book: Sender, plan: Plan, lives: Mapping[str, Live], signature: Signature) -> bool:
    """Send a plan; say whether it was done, and not forestalled by somebody else."""
    requests = plan.requests_for(book, lives, signature)
    try:
        send(book, requests, plan.claims, signature.save)
    except Taken:
        return False
    return True


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
        if (earlier := rows.get(row)) is None or draft.new:
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
    return [*asks, Ask(book.tables["journal"])]
