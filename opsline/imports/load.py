"""Bring rows into the workbook: in portions, each whole, and never one twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import pandas as pd

from opsline.imports.convert import Batch, Converter, columns_of
from opsline.imports.plan import Plan
from opsline.imports.profile import Row
from opsline.imports.references import References, tables_named
from sheets_schema.book import Book, Change
from sheets_schema.errors import NotProtected
from sheets_schema.language import Fault, Table

__all__ = ["Outcome", "load"]

PORTION: Final = 1000
"""Rows that go in with one request."""
SOURCE: Final = "opsline import"


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do.

    Attributes:
        rows: Rows of the file that were taken.
        written: Rows that went in (or would).
        there: Rows that were in the workbook already.
        refused: Rows that cannot go in.
        faults: Cells that are wrong.
        added: Table -> rows added to it because the file refers to them.
    """

    rows: int = 0
    written: int = 0
    there: int = 0
    refused: int = 0
    faults: int = 0
    added: dict[str, int] = field(default_factory=dict)


def load(
    book: Book,
    plan: Plan,
    *,
    apply: bool,
    who: str,
    now: pd.Timestamp,
    on_fault: Callable[[Fault], None],
    on_rows: Callable[[int], object],
) -> Outcome:
    """Check a file's rows against their table, and write them if asked to.

    A row has the file's own key, or one made of what it holds; what the workbook has already is left
    as it is. So an import that was broken off goes on where it stopped when it is run again.

    Args:
        book: The workbook.
        plan: What is to be done.
        apply: Write; without it nothing is changed.
        who: The person's id, for the journal.
        now: The moment of the import.
        on_fault: Called with each fault.
        on_rows: Called with the number of rows that are done.
    """
    recipe, table = plan.recipe, plan.table
    named = tables_named(table, [each.field for each in columns_of(table, recipe)])
    snapshot = book.load(table.name, *named)
    references = References({name: snapshot[name] for name in {table.name, *named}})
    there = set(snapshot[table.name]["id"].dropna())
    converter = Converter(
        table,
        recipe,
        plan.sheet,
        plan.place,
        plan.orders,
        references,
        book.time_zone,
        quoted=bool(plan.source.encoding),
    )
    outcome = Outcome()
    if apply:
        _add_fields(book, plan, who=who, now=now)
    for fault in converter.header_faults():
        outcome.faults += 1
        on_fault(fault)
    for portion in portions(plan.rows(), PORTION):
        batch = converter.convert(portion)
        fresh = [record for record in batch.records if record["id"] not in there]
        outcome.rows += len(portion)
        outcome.written += len(fresh)
        outcome.there += len(batch.records) - len(fresh)
        outcome.refused += batch.refused
        outcome.faults += len(batch.faults)
        for fault in batch.faults:
            on_fault(fault)
        _refer(book, batch, references, outcome, apply=apply, who=who, now=now)
        if apply and fresh:
            book.append_many(table.name, fresh, who=who, source=SOURCE, now=now)
        on_rows(len(portion))
    return outcome


def portions(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield rows in lists of at most *size*.

    >>> [len(portion) for portion in portions([(1, [])] * 5, 2)]
    [2, 2, 1]
    """
    waiting = iter(rows)
    while portion := list(islice(waiting, size)):
        yield portion


def _refer(
    book: Book,
    batch: Batch,
    references: References,
    outcome: Outcome,
    *,
    apply: bool,
    who: str,
    now: pd.Timestamp,
) -> None:
    """Add the rows that a portion refers to, before the portion."""
    for name, ids in batch.added.items():
        fresh = [each for each in dict.fromkeys(ids) if each not in references.ids(name)]
        if not fresh:
            continue
        references.add(name, fresh)
        outcome.added[name] = outcome.added.get(name, 0) + len(fresh)
        if apply:
            rows = [_named_row(book.tables[name], each) for each in fresh]
            book.append_many(name, rows, who=who, source=SOURCE, now=now)


def _named_row(table: Table, name: str) -> dict[str, object]:
    """Return a row of another table that has only its id, its name and what every row must have."""
    row: dict[str, object] = {
        each.name: each.default for each in table.fields if each.required and each.default is not None
    }
    return {**row, "id": name, **({"name": name} if "name" in table.names else {})}


def _add_fields(book: Book, plan: Plan, *, who: str, now: pd.Timestamp) -> None:
    """Add the recipe's new fields to the team's own, where they are not there yet."""
    have = book.tables[plan.table.name].names
    new = [each for each in plan.recipe.columns if each.new and each.field not in have]
    if not new:
        return
    changes = [
        Change(
            "fields",
            {
                "id": f"{plan.table.name}.{each.field}",
                "table": plan.table.name,
                "name": each.field,
                "type": each.new,
                "label_en": each.label.get("en"),
                "label_zh_hans": each.label.get("zh-Hans"),
                "label_zh_hant": each.label.get("zh-Hant"),
            },
        )
        for each in new
    ]
    book.save(changes, who=who, source=SOURCE, now=now)
    with suppress(NotProtected):
        book.lay_out()
