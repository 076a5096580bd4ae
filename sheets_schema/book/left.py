"""What of a save is still open although it is done: people were in the sheet in the instant of writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sheets_schema.book.changes import Change, Saved
from sheets_schema.book.journal import ALL
from sheets_schema.errors import BookError, Conflict, OpslineError
from sheets_schema.language import Table

if TYPE_CHECKING:
    from sheets_schema.book.entry import Body
    from sheets_schema.book.plan import Plan

__all__ = ["body_left", "changes_left", "done_but", "left_of", "open_parts"]

Row = tuple[str, str]
"""A table and an id."""


def left_of(plans: Sequence[Plan | None], wrong: Sequence[BookError]) -> list[list[BookError]]:
    """Return which errors are whose, of saves that were sent together.

    Args:
        plans: The saves' plans, in order; None for one that was not sent.
        wrong: What could not be put right.

    Returns:
        The errors of each save. A field is open for the save that wrote it last: what earlier ones wrote
        there was written over in any case. A row that is gone is told to all that wrote to it.
    """
    left: list[list[BookError]] = [[] for _ in plans]
    for error in wrong:
        owners = [place for place, plan in enumerate(plans) if plan is not None and _wrote(plan, error)]
        for place in owners if "name" not in error.facts else owners[-1:]:
            left[place].append(error)
    return left


def _wrote(plan: Plan, error: BookError) -> bool:
    """Say whether a plan wrote what an error is about."""
    fields = [line.field for line in plan.lines if (line.sheet, line.row_id) == _row(error)]
    return bool(fields) and ("name" not in error.facts or not {error.facts["name"], ALL}.isdisjoint(fields))


def done_but(saved: Saved, left: Sequence[BookError], taken: Sequence[Row] = ()) -> BookError:
    """Return the error of a save that is done, but for what is left.

    Args:
        saved: What it did.
        left: What could not be put right of it, one at least.
        taken: The rows that it took away.

    Returns:
        An error with `facts["done"]`, the save's id, and `facts["ids"]`, the id of each change's row:
        all but what it tells of is saved. Where people have typed into fields that were written, it is a
        `Conflict`, and `facts["conflicts"]` has one for each of these fields; `facts["left"]` has the rest.
        Theirs stands in the sheet; yours does where the field's conflict has a `facts["stands"]`, since
        it was written just after they had typed. That holds for a change that did not say what it had
        seen, too: its writer has not seen their word either.
    """
    gone = {_row(error) for error in left if "name" not in error.facts}
    there = [error for error in left if "name" not in error.facts or _row(error) not in gone]
    told = [_typed_after(error) if _row(error) in taken else error for error in there]
    conflicts = tuple(error for error in told if isinstance(error, Conflict))
    others = tuple(error for error in told if not isinstance(error, Conflict))
    first = (*conflicts, *others)[0]
    key = "book.done_but" if len(told) == 1 else "book.done_but_several"
    said = {"done": saved.save, "ids": saved.ids, "count": len(told), "first": first.message, "left": others}
    made = type(first)(key, **first.facts, **said)
    if conflicts:
        made.facts["conflicts"] = conflicts
    return made


def _typed_after(error: BookError) -> BookError:
    """Return the error of a cell that somebody typed into a row that was taken away; no choice is left."""
    key = "book.done.typed_over" if "stands" in error.facts else "book.done.typed"
    return BookError(key, **error.facts) if isinstance(error, Conflict) else error


def changes_left(
    error: OpslineError, changes: Sequence[Change], tables: Mapping[str, Table], time_zone: str
) -> tuple[Change, ...]:
    """Return what is still open of the changes of a save that is done: the fields that may be chosen.

    A row that the save has added is there: what is open in it is a change of that row.

    Args:
        error: What `done_but` returned.
        changes: What was to be saved.
        tables: The tables, with the team's fields.
        time_zone: The workbook's time zone.
    """
    ids: Sequence[str] = error.facts.get("ids") or ()  # type: ignore[assignment]
    given = {
        (change.table, id_, name): value
        for change, id_ in zip(changes, ids, strict=True)
        for name, value in change.values.items()
    }
    rows: dict[Row, dict[str, object]] = {}
    for each in _conflicts(error):
        (table, id_), name = _row(each), str(each.facts["name"])
        field = tables[table].field(name)
        value = given.get((table, id_, name), field.parse(str(each.facts["yours"]), time_zone))
        rows.setdefault((table, id_), {})[name] = value
    return tuple(Change(table, values, id=id_) for (table, id_), values in rows.items())


def body_left(body: Body, error: OpslineError) -> Body:
    """Return what a save's file keeps for a person: all of it, or what is open of one that is done."""
    if not error.done:
        return replace(body, error=error)
    fields: dict[Row, set[str]] = {}
    for each in open_parts(error):
        named = {str(each.facts["name"])} if "name" in each.facts else set()
        fields.setdefault(_row(each), set()).update(named)
    drafts, seen = [], []
    for draft, was in zip(body.drafts, body.seen, strict=True):
        wanted = fields.get((draft["table"], draft["id"]))
        if wanted is None:
            continue
        cells = {name: cell for name, cell in draft["cells"].items() if not wanted or name in wanted}
        before = {name: cell for name, cell in draft["before"].items() if name in cells}
        drafts.append({**draft, "cells": cells, "before": before, "new": draft["new"] and not wanted})
        seen.append({name: cell for name, cell in was.items() if name in cells})
    return replace(body, drafts=drafts, seen=seen, error=error)


def open_parts(error: OpslineError) -> tuple[OpslineError, ...]:
    """Return what is open of a save that is done: a conflict for each field, and whatever else there is."""
    return (*_conflicts(error), *error.facts["left"])  # type: ignore[misc]


def _conflicts(error: OpslineError) -> Sequence[OpslineError]:
    """Return an error's fields that may be chosen."""
    return error.facts.get("conflicts") or ()  # type: ignore[return-value]


def _row(error: OpslineError) -> Row:
    """Return which row an error is about."""
    return str(error.facts["sheet"]), str(error.facts["id"])
