"""Many rows at once, for the demo and for imports: one request for each chunk, and never a row twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book import journal
from sheets_schema.book.changes import fault_of
from sheets_schema.book.columns import spread
from sheets_schema.book.deliver import deliver
from sheets_schema.book.live import Ask, Live, look
from sheets_schema.book.plan import Plan, Signature
from sheets_schema.book.putright import put_right
from sheets_schema.book.save import new_save, remember
from sheets_schema.book.send import Sender
from sheets_schema.errors import CellFault, Conflict, HeaderFault, UnknownTable
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text

__all__ = ["Appended", "append_many"]

CELLS: Final = 60_000
"""Cells in a request: some 4 MB, well below what Google takes."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Appended:
    """What was added.

    Args:
        ids: The ids of the rows that are new.
        skipped: How many were in the sheet already.
        saves: The ids of the saves, one for each request.
    """

    ids: tuple[str, ...]
    skipped: int
    saves: tuple[str, ...]


def append_many(
    book: Sender,
    name: str,
    records: Sequence[Record],
    *,
    who: str,
    source: str,
    now: pd.Timestamp,
    chunk: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Appended:
    """Add many rows; see `Book.append_many`."""
    if name not in book.tables:
        raise UnknownTable(table=name, tables=", ".join(book.tables))
    table = book.tables[name]
    brings_ids = any(as_text(record.get(table.key)) for record in records) or name not in book.seen
    ids = Ask(table, (), book.seen.get(name), every_id=brings_ids)
    lives = look([ids, Ask(book.tables["journal"], seen=book.seen.get("journal"))], book.read)
    remember(book, lives)
    live = lives[name]
    fresh, skipped = _fresh(table, records, live, now.tz_convert(book.time_zone))
    if progress is not None and skipped:
        progress(skipped)
    saves: list[str] = []
    last = live.last
    for some in _chunks(fresh, chunk or max(1, CELLS // max(1, len(live.header.cells)))):
        signature = Signature(new_save(now.tz_convert(book.time_zone)), who, source, now, book.time_zone)
        rows = _rows(table, some, live, signature)
        lines = journal.bulk(table, [str(record[table.key]) for record in some])
        plan = Plan(rows={name: rows}, lines=lines, bulk=brings_ids)
        if brings_ids:
            sheet, places = book.grid(name).id, tuple(live.header.places.values())
            plan.more = spread(sheet, places, max(last, 2), last + len(rows))
        landed = deliver(book, [(signature, plan)], lives)
        if landed is None:
            raise Conflict("book.busy", sheet=name, id=str(some[0][table.key]))
        if wrong := put_right(book, landed, plan, signature):
            raise wrong[0]
        last += len(rows)
        saves.append(signature.save)
        if progress is not None:
            progress(len(rows))
    return Appended(tuple(str(record[table.key]) for record in fresh), skipped, tuple(saves))


def _fresh(
    table: Table, records: Sequence[Record], live: Live, now: pd.Timestamp
) -> tuple[list[Record], int]:
    """Return the records whose ids are not in the sheet yet, each once, and how many were left out."""
    known = set(live.rows)
    fresh: list[Record] = []
    for record in records:
        id_ = as_text(record.get(table.key)) or _new_id(table, known, now)
        if id_ not in known:
            known.add(id_)
            fresh.append({**record, table.key: id_})
    return fresh, len(records) - len(fresh)


def _new_id(table: Table, known: set[str], now: pd.Timestamp) -> str:
    """Return an id that is not known yet."""
    while (made := workbook.new_id(table, now)) in known:
        pass
    return made


def _chunks(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    """Return the records in runs."""
    for start in range(0, len(records), size):
        yield records[start : start + size]


def _rows(table: Table, records: Sequence[Record], live: Live, signature: Signature) -> list[list[object]]:
    """Return records as rows, with the columns that the book fills where they do not bring their own.

    Raises:
        CellFault: A value that may not stand in its field; `facts["faults"]` has all of them.
        HeaderFault: A field has no column.
    """
    kept: dict[str, object] = {
        "created_at": signature.now,
        "created_by": signature.who,
        "updated_at": signature.now,
        "updated_by": signature.who,
        "version": 1,
    }
    kept = {name: value for name, value in kept.items() if name in table.names}
    full = [{**kept, **record} for record in records]
    header, time_zone = live.header, signature.time_zone
    lost = [name for name in (table.key, *kept) if name not in header.places]
    if lost:
        raise HeaderFault(sheet=table.name, missing=", ".join(lost))
    try:
        rows = table.write(full, header.named, time_zone=time_zone)
    except CellFault as refused:
        raise _refused(table, full, time_zone, refused) from None
    faults = table.read([list(header.named), *rows], time_zone=time_zone).faults
    own = [fault for fault in faults if fault.row > 1]
    if own:
        said = CellFault(field=own[0].field, found=as_text(own[0].found)[:60], must=own[0].message)
        raise _refused(table, full, time_zone, said)
    return rows


def _refused(table: Table, records: Sequence[Record], time_zone: str, said: CellFault) -> CellFault:
    """Return the error for records that may not stand in the sheet: the first fault, with all of them.

    *said* is the fault where each value by itself may stand there, such as a value that comes twice.
    """
    names = [each.name for each in table.fields if each.required]
    faults = tuple(
        fault
        for record in records
        for name in dict.fromkeys((*record, *names))
        if (fault := fault_of(table, name, record.get(name), time_zone)) is not None
    )
    first = faults[0] if faults else said
    first.facts["faults"] = faults or (said,)
    return first
