"""Whether what was written stands where it should: asked in the answer of the same request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheets_schema.book.before import NUMBER, Copies, Json, Row
from sheets_schema.book.cells import same_cell
from sheets_schema.book.live import Live
from sheets_schema.book.plan import Plan
from sheets_schema.book.titles import quoted
from sheets_schema.language.cells import as_text, column_letters

__all__ = ["Astray", "astray", "former_cells", "key_place", "name_at", "to_show", "value_of"]

Cells = Mapping[int, object]
"""Position of the column -> cell."""


@dataclass(frozen=True, slots=True)
class Astray:
    """A row whose cells landed elsewhere.

    Args:
        table: Its table.
        id: The row that they were meant for; a new one where *row* is None.
        row: The number of the row where they landed; None for a new row, which is somewhere below.
        key: The position at which the key's column was planned.
        planned: The header that they were laid out by.
        header: The header that they met.
        cells: What was written.
        victim: The id of the row that they landed in, blank if it has none.
        before: What stood there, as the API has cells; None where that is not known.
        copy: The number of the hidden sheet's row that holds it.
    """

    table: str
    id: str
    row: int | None
    key: int
    planned: Sequence[str]
    header: Sequence[str]
    cells: Cells
    victim: str = ""
    before: Mapping[int, Json] | None = None
    copy: int | None = None

    @property
    def takes_away(self) -> bool:
        """Whether a row was to be taken away: all of it is cleared, the id too."""
        return self.row is not None and self.cells.get(self.key) == ""

    @property
    def over_key(self) -> int | None:
        """The position at which a cell was written over the other row's id; None if none was."""
        name = name_at(self.planned, self.key)
        place = self.header.index(name) if name in self.header else None
        place = self.key if name_at(self.header, self.key) == name else place
        return place if place in self.cells else None

    @property
    def columns_moved(self) -> bool:
        """Whether columns had been moved."""
        return _moved(self.cells, self.planned, self.header)


def to_show(plan: Plan, lives: Mapping[str, Live], copies: Copies) -> list[str]:
    """Return the ranges that show where a plan's cells landed: headers, keys of rows, copies."""
    headers = [f"{quoted(name)}!1:1" for name in (*_tables(plan), "journal")]
    keys = [
        f"{quoted(name)}!{column_letters(lives[name].key_place)}{row}"
        for name, rows in plan.writes.items()
        for row in rows
    ]
    return [*headers, *keys, *copies.shown]


def astray(
    plan: Plan,
    lives: Mapping[str, Live],
    copies: Copies,
    numbers: Mapping[str, int],
    sheets: Sequence[Json],
) -> list[Astray]:
    """Return the rows of a plan that did not land where they should.

    Args:
        plan: What was sent.
        lives: The sheets as they were when it was made.
        copies: Where the rows' former cells are.
        numbers: Table -> number of its sheet.
        sheets: The answer.
    """
    shown, aside = _by_corner(sheets), former_cells(copies, sheets)
    found: list[Astray] = []
    for name in (*_tables(plan), "journal"):
        live = lives[name]
        head = aside.get((name, 1)) or _first(shown.get((numbers[name], 0, 0), []))
        header = [as_text(value_of(cell)) for cell in head]
        for row, cells in plan.writes.get(name, {}).items():
            before, id_ = aside.get((name, row), []), plan.ids[name, row]
            direct = _first(shown.get((numbers[name], row - 1, live.key_place), []))
            key = key_place(live, header)
            seen = [value_of(each) for each in (*before[key : key + 1], *direct)]
            if key in cells and cells[key] != "" and before:  # laid out anew: its id stood elsewhere
                stood = {id_, as_text(plan.old.get((name, id_), {}).get(_key_name(live), id_))}
                seen = [id_ for each in map(value_of, before) if as_text(each) in stood]
            victim = next((as_text(each) for each in seen if each is not None), "")
            was = dict(enumerate(before)) if before else None
            place = live.key_place
            planned, at = live.header.cells, copies.place((name, row))
            each = Astray(name, id_, row, place, planned, header, cells, victim, was, at)
            if victim != id_ or each.columns_moved or _is_other(plan.nameless.get((name, row), {}), was):
                found.append(each)
        found += _new_rows(plan, name, live, header)
    return found


def former_cells(copies: Copies, sheets: Sequence[Json]) -> dict[Row, list[Json]]:
    """Return the rows' former cells, headers among them, from what an answer shows of their copies."""
    return copies.found(_by_corner(sheets).get((NUMBER, copies.start - 1, 0), []))


def _is_other(stood: Cells, was: Mapping[int, Json] | None) -> bool:
    """Say whether a row without an id is another one than that in which certain cells stood."""
    held = was or {}
    return any(not same_cell(value_of(held.get(place, {})), cell) for place, cell in stood.items())


def _new_rows(plan: Plan, name: str, live: Live, header: Sequence[str]) -> Iterator[Astray]:
    """Yield the new rows whose cells met other columns."""
    for row in plan.rows.get(name, ()):
        cells = {place: cell for place, cell in enumerate(row) if cell is not None and cell != ""}
        if _moved(cells, live.header.cells, header):
            id_, planned = as_text(row[live.key_place]), live.header.cells
            yield Astray(name, id_, None, live.key_place, planned, header, cells)


def _tables(plan: Plan) -> list[str]:
    """Return the tables that a plan writes to, but for the journal."""
    return [name for name in dict.fromkeys((*plan.writes, *plan.rows)) if name != "journal"]


def _moved(cells: Cells, planned: Sequence[str], header: Sequence[str]) -> bool:
    """Say whether a cell's column is named otherwise than was planned."""
    return any(name_at(header, place) != name_at(planned, place) for place in cells)


def name_at(header: Sequence[str], place: int) -> str:
    """Return what stands above a column, blank beyond the header."""
    return header[place] if place < len(header) else ""


def key_place(live: Live, header: Sequence[str]) -> int:
    """Return where the key's column was when the cells landed."""
    name = name_at(live.header.cells, live.key_place)
    stays = name_at(header, live.key_place) == name or name not in header
    return live.key_place if stays else header.index(name)


def _key_name(live: Live) -> str:
    """Return the name of the key's field."""
    return next(name for name, place in live.header.places.items() if place == live.key_place)


def value_of(cell: Json) -> object:
    """Return a cell's value, None if it has none."""
    held = cell.get("effectiveValue") or cell.get("userEnteredValue") or {}
    return next(iter(held.values()), None)


def _first(rows: Sequence[list[Json]]) -> list[Json]:
    """Return the first of some rows, empty if there is none."""
    return rows[0] if rows else []


def _by_corner(sheets: Sequence[Json]) -> dict[tuple[int, int, int], list[list[Json]]]:
    """Return an answer's rows by sheet, first row and first column of their range, counted from 0."""
    return {
        (
            sheet.get("properties", {}).get("sheetId", 0),
            data.get("startRow", 0),
            data.get("startColumn", 0),
        ): [row.get("values", []) for row in data.get("rowData", [])]
        for sheet in sheets
        for data in sheet.get("data", [])
    }
