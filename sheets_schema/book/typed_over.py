"""What a person typed into the very cell that a save wrote, between the save's reading and its writing.

The copies that the request made of its rows (`before.py`) hold it. What stands in a formula's copy is not
its value: it refers to other cells there. So a formula is not compared; else every save over one would be
told of as somebody's typing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheets_schema.book.before import Json, Row
from sheets_schema.book.cells import same_cell
from sheets_schema.book.changes import KEPT
from sheets_schema.book.checking import key_place, name_at, value_of
from sheets_schema.book.journal import Line, cell_text, changed
from sheets_schema.book.live import Live
from sheets_schema.book.plan import Plan, conflict
from sheets_schema.errors import Conflict
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text

__all__ = ["Over", "typed_over"]


@dataclass(frozen=True, slots=True)
class Over:
    """A cell that was typed into and written over in one instant.

    Args:
        table: Its table.
        id: Its row.
        name: Its field.
        seen: What stood there when the save looked.
        typed: What was typed.
        ours: What was written over it, and stands there now.
    """

    table: Table
    id: str
    name: str
    seen: object
    typed: object
    ours: object

    @property
    def conflict(self) -> Conflict:
        """The choice that it leaves; `facts["stands"]` is what stands in the sheet, which is yours."""
        made = conflict(self.table, self.id, self.name, before=self.seen, yours=self.ours, theirs=self.typed)
        made.facts["stands"] = self.ours
        return made

    @property
    def lines(self) -> tuple[Line, Line]:
        """What was typed, and that it was written over.

        They come to the journal after the save's own line. Who replays it goes by what stands there
        then (`journal.holds`), and neither of the two changes that, or both in turn.
        """
        table, id_, name = self.table, self.id, self.name
        return changed(table, id_, name, self.seen, self.typed), changed(
            table, id_, name, self.typed, self.ours
        )


def typed_over(
    plan: Plan, lives: Mapping[str, Live], tables: Mapping[str, Table], former: Mapping[Row, Sequence[Json]]
) -> list[Over]:
    """Return the cells of a plan in which something else stood than was seen, in the row where it was meant.

    Args:
        plan: What was sent.
        lives: The sheets as they were when it was made.
        tables: The tables.
        former: The rows' former cells, of that very instant.
    """
    return [
        over
        for name, rows in plan.writes.items()
        for row, written in rows.items()
        for over in _in_row(plan, tables[name], lives[name], written, row, former)
    ]


def _in_row(
    plan: Plan,
    table: Table,
    live: Live,
    written: Mapping[int, object],
    row: int,
    former: Mapping[Row, Sequence[Json]],
) -> Iterator[Over]:
    """Yield the cells of one row."""
    before, id_ = former.get((table.name, row), ()), plan.ids[table.name, row]
    header = [as_text(value_of(cell)) for cell in former.get((table.name, 1), ())]
    key = key_place(live, header)
    if not id_ or key >= len(before) or as_text(value_of(before[key])) != id_:
        return
    for name, seen in plan.old.get((table.name, id_), {}).items():
        place = live.place(name)
        if place is None or place not in written or name in {*KEPT, table.key}:
            continue
        cell = before[place] if place < len(before) else {}
        is_elsewhere = name_at(header, place) != name_at(live.header.cells, place)
        if is_elsewhere or "formulaValue" in cell.get("userEnteredValue", {}):
            continue
        typed, ours = value_of(cell), written[place]
        if not _same(table, name, typed, seen) and not _same(table, name, typed, ours):
            yield Over(table, id_, name, seen, typed, ours)


def _same(table: Table, name: str, one: object, other: object) -> bool:
    """Say whether two cells hold the same, or the same as text: then the journal would show no change."""
    return same_cell(one, other) or cell_text(table, name, one) == cell_text(table, name, other)
