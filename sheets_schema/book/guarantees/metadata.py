"""Metadata on a row: where it goes when rows move. The book finds rows by their ids and does without it."""

from __future__ import annotations

from uuid import uuid4

from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import KEY, Scratch

__all__ = ["metadata_follows"]


def metadata_follows(scratch: Scratch) -> Seen:
    """Hang metadata on row 5; insert two rows above it, delete one, sort the rows, and delete the row.

    A sort moves what rows hold; whether metadata goes along is told, and either is well.
    """
    grid = scratch.sheet()
    number = uuid4().int % 0x7FFFFFFE + 1
    scratch.numbers.append(number)
    rows = {"sheetId": grid.id, "dimension": "ROWS"}
    about = {
        "metadataId": number,
        "metadataKey": KEY,
        "location": {"dimensionRange": {**rows, "startIndex": 4, "endIndex": 5}},
        "visibility": "DOCUMENT",
    }
    scratch.book.write([{"createDeveloperMetadata": {"developerMetadata": about}}])
    seen = [_row(scratch, number)]
    for kind, start, end in (("insertDimension", 1, 3), ("deleteDimension", 1, 2)):
        scratch.book.write([{kind: {"range": {**rows, "startIndex": start, "endIndex": end}}}])
        seen.append(_row(scratch, number))
    words = ("last", "last", "last", "last", "first")
    lines = [request for row, word in enumerate(words, 2) for request in scratch.put(grid, row, word)]
    block = {"sheetId": grid.id, "startRowIndex": 1, "endRowIndex": 6}
    sort = {"range": block, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    scratch.book.write([*lines, {"sortRange": sort}])
    sorted_ = _row(scratch, number)
    last = {**rows, "startIndex": sorted_ - 1, "endIndex": sorted_}
    scratch.book.write([{"deleteDimension": {"range": last}}])
    seen += [sorted_, _row(scratch, number)]
    wanted = [5, 7, 6, sorted_ if sorted_ in {2, 6} else 2, 0]
    return Seen(" → ".join(map(str, seen)), " → ".join(map(str, wanted)))


def _row(scratch: Scratch, number: int) -> int:
    """Return the number of the row that metadata hangs on, 0 where it is gone."""
    places = [each.get("location", {}).get("dimensionRange", {}) for each in scratch.metadata(number)]
    return int(places[0].get("startIndex", 0)) + 1 if places else 0
