"""What a person is told of a save that is kept on this machine, and what they may decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.book.entry import Body
from sheets_schema.book.journal import text_of
from sheets_schema.book.queue import is_busy
from sheets_schema.errors import Conflict, OpslineError
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Waiting", "over_theirs", "put_back", "told"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A save that is kept on this machine.

    Args:
        save: Its id.
        who: Whose it is.
        source: The page or command that it comes from.
        now: When it was made.
        rows: Table and id of each of its rows.
        fields: Table, id, field and value, as the journal has values, of all that it writes.
        error: Why a person must decide about it; None where it is only to be sent.
        conflicts: Table, id and field -> the conflict, for the fields that others have changed too.
    """

    save: str
    who: str
    source: str
    now: pd.Timestamp
    rows: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str, str, str]]
    error: OpslineError | None
    conflicts: Mapping[tuple[str, str, str], OpslineError]


def told(book: Book, save: str, body: Body) -> Waiting:
    """Return what a person is told of a save."""
    return Waiting(
        save=save,
        who=body.who,
        source=body.source,
        now=body.now,
        rows=body.rows,
        fields=[
            (draft["table"], draft["id"], name, _text(book.tables.get(draft["table"]), name, cell))
            for draft in body.drafts
            for name, cell in draft["cells"].items()
        ],
        error=body.error,
        conflicts=conflicts_of(body.error),
    )


def over_theirs(book: Book, body: Body) -> list[Mapping[str, object]]:
    """Return a save's drafts as if their writer had seen what others have written."""
    conflicts = conflicts_of(body.error)
    made: list[Mapping[str, object]] = []
    for draft in body.drafts:
        over = {
            name: book.cell_of(draft["table"], name, as_text(conflict.facts["theirs"]))
            for name in draft["cells"]
            if (conflict := conflicts.get((draft["table"], draft["id"], name))) is not None
        }
        made.append({**draft, "before": {**draft["before"], **over}})
    return made


def put_back(body: Body) -> list[Mapping[str, object]]:
    """Return the drafts that give cells back what was typed there just before the save wrote over it."""
    return [
        {
            "table": table,
            "id": id_,
            "new": False,
            "cells": {name: conflict.facts["found"]},
            "before": {name: conflict.facts["stands"]},
            "gone": False,
            "back": True,
            "kept": {},
        }
        for (table, id_, name), conflict in conflicts_of(body.error).items()
        if "stands" in conflict.facts
    ]


def conflicts_of(error: OpslineError | None) -> dict[tuple[str, str, str], OpslineError]:
    """Return the conflicts that an error tells of: table, id and field -> the conflict."""
    if not isinstance(error, Conflict) or is_busy(error):
        return {}
    several = error.facts.get("conflicts")
    found: Sequence[OpslineError] = several if isinstance(several, tuple) else (error,)
    return {
        (str(each.facts["sheet"]), str(each.facts["id"]), str(each.facts["name"])): each for each in found
    }


def _text(table: Table | None, name: str, cell: object) -> str:
    """Return a cell as the journal has it; as it is where the field is not known any more."""
    return as_text(cell) if table is None or name not in table.names else text_of(table.field(name), cell)
