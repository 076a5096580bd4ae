"""The journal's lines: who changed which field of which row from what to what, when, and where from.

* A changed field is a line with `field`, `old` and `new`.
* A new row is one line with the field `*` and all its values in `new`, as JSON (several lines, if
  they are long). A row that is taken away has them in `old`.
* Rows that come in bulk (demo, import) are one line for each request, with the field `*` and the ids
  in `new`, as a JSON list: their values are the rows themselves, until a later line changes them.

What people edit in the spreadsheet itself has the source `sheet`: a cell is a line like any other, a row
that appeared or vanished is one with the field `*`, a changed id one of the key's field, and a column
that was renamed, added, taken away or moved is one with the field `#header`. An edit is journalled a
moment after it was read: who replays the lines asks `holds`, since a save may have come in between.

Values stand as a person reads them: days and moments by the workbook's clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sheets_schema.language import Field, Table
from sheets_schema.language.cells import as_text

__all__ = [
    "ALL",
    "HEADER",
    "LAYOUT",
    "OTHERS",
    "RIGHT",
    "SHEET",
    "Line",
    "added",
    "appeared",
    "bulk",
    "cell_text",
    "changed",
    "holds",
    "records",
    "taken",
    "text_of",
    "vanished",
]

ALL: Final = "*"
HEADER: Final = "#header"
"""The field of a line about a column itself: its name, or its place."""
LAYOUT: Final = "#layout"
"""The field of a line about how a sheet is laid out; it says nothing of any row."""
SHEET: Final = "sheet"
"""The source of what people have edited in the spreadsheet."""
RIGHT: Final = "put right"
"""The source of what was put right after a save: what a cell got back, and whose text stays in a conflict."""
OTHERS: Final = frozenset({SHEET, RIGHT})
"""Sources whose lines are no save of the row, and leave its version as it is."""
LONGEST: Final = 40_000
"""Characters in a line of several texts."""
CELL: Final = 50_000
"""Characters in a cell: Google takes no more, and so no text is ever too long for its line."""
EPOCH: Final = pd.Timestamp("1899-12-30")
DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without what all lines of a save have in common."""

    sheet: str
    row_id: str
    field: str
    old: str
    new: str


def text_of(field: Field, cell: object) -> str:
    """Return a cell as the journal has it.

    >>> text_of(Field("due", "datetime"), 46349.375), text_of(Field("due", "date"), 46349)
    ('2026-11-23 09:00', '2026-11-23')
    """
    is_serial = isinstance(cell, int | float) and not isinstance(cell, bool)
    if field.type not in {"date", "datetime"} or not is_serial:
        return as_text(cell)
    moment = EPOCH + pd.Timedelta(round(float(cell) * DAY), "ms")  # type: ignore[arg-type]
    if field.type == "date":
        return f"{moment:%Y-%m-%d}"
    seconds = f"{moment:%S.%f}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M}" + ("" if moment.second == moment.microsecond == 0 else f":{seconds}")


def cell_text(table: Table, name: str, cell: object) -> str:
    """Return a cell of a table as the journal has it; its column may be one that is not declared."""
    return text_of(table.field(name), cell) if name in table.names else as_text(cell)


def changed(table: Table, id: str, name: str, old: object, new: object) -> Line:  # noqa: A002
    """Return the line of one changed field."""
    texts = (cell_text(table, name, cell)[:CELL] for cell in (old, new))
    return Line(table.name, id, name, *texts)


def holds(line: Line, source: str, now: str) -> bool:
    """Say whether a line of one field is to be replayed where a text stands now.

    A save always is: it was written together with its cell. An edit in the sheet is if it begins with
    what stands there; else somebody has saved to that cell before it was journalled. So is what was put
    right: else a cell got back what stood in it, which may be an edit that nobody has found yet.

    >>> line = Line("tickets", "T-1", "subject", "a", "b")
    >>> holds(line, "tickets", "c"), holds(line, "sheet", "c"), holds(line, "sheet", "a")
    (True, False, True)
    """
    return source not in OTHERS or line.old == now[:CELL]


def added(table: Table, id: str, cells: Mapping[str, object]) -> list[Line]:  # noqa: A002
    """Return the lines of a new row; its long texts have a line of their own."""
    return appeared(table.name, id, {name: cell_text(table, name, cell) for name, cell in cells.items()})


def appeared(sheet: str, id: str, texts: Mapping[str, str]) -> list[Line]:  # noqa: A002
    """Return the lines of a row that is new, of its cells' texts."""
    short, long = _by_length(texts)
    lines = [Line(sheet, id, ALL, "", part) for part in _parts(short)]
    return [*lines, *(Line(sheet, id, name, "", text[:CELL]) for name, text in long.items())]


def taken(table: Table, id: str, cells: Mapping[str, object]) -> list[Line]:  # noqa: A002
    """Return the lines of a row that is taken away, with all that stood in it.

    Args:
        table: The row's table.
        id: The row.
        cells: Field, or what stands above a column that is none -> cell.
    """
    return vanished(table.name, id, {name: cell_text(table, name, cell) for name, cell in cells.items()})


def vanished(sheet: str, id: str, texts: Mapping[str, str]) -> list[Line]:  # noqa: A002
    """Return the lines of a row that is gone, of its cells' texts."""
    short, long = _by_length(texts)
    lines = [Line(sheet, id, ALL, part, "") for part in _parts(short)]
    return [*lines, *(Line(sheet, id, name, text[:CELL], "") for name, text in long.items())]


def _by_length(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts that go into one line together, and those that are too long for that."""
    short = {name: text for name, text in texts.items() if 0 < len(text) <= LONGEST // 10}
    return short, {name: text for name, text in texts.items() if text and name not in short}


def _parts(texts: Mapping[str, str]) -> Iterator[str]:
    """Return texts as JSON objects, none of them too long for a cell."""
    part: dict[str, str] = {}
    for name, text in texts.items():
        if part and len(_json({**part, name: text})) > LONGEST:
            yield _json(part)
            part = {}
        part[name] = text
    yield _json(part)


def bulk(table: Table, ids: Sequence[str]) -> list[Line]:
    """Return the lines of rows that came in one request: their ids, as many to a line as it takes."""
    lines, start = [], 0
    longest = max(map(len, ids), default=0) + 4
    step = max(1, LONGEST // longest)
    while start < len(ids):
        some = ids[start : start + step]
        lines.append(Line(table.name, f"{some[0]}..{some[-1]}", ALL, "", _json(list(some))))
        start += step
    return lines


def records(
    lines: Sequence[Line], *, save: str, who: str, source: str, now: pd.Timestamp
) -> list[dict[str, object]]:
    """Return lines as records of the journal; the number of a line in its save makes its id."""
    return [
        {
            "id": f"{save}-{number}",
            "at": now,
            "who": who,
            "sheet": line.sheet,
            "row_id": line.row_id,
            "field": line.field,
            "old": line.old,
            "new": line.new,
            "source": source,
            "save": save,
        }
        for number, line in enumerate(lines, start=1)
    ]


def _json(value: object) -> str:
    """Return JSON on one line, readable."""
    return json.dumps(value, ensure_ascii=False)
